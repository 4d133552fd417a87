"""What a process that we start says aside: its standard error, passed on to ours as it comes, line by line.

Conventions: it goes through ``sys.stderr``, as our own words do, so that what a command guards there holds for a model too.
A line is passed on when it ends; one that is longer than ``LONGEST`` bytes in pieces. Bytes that are no UTF-8 are shown as
``\\xff``. It is read whether anybody waits for the process or not, so that nobody hangs who says much.
"""

import os
import selectors
import sys
import threading
import weakref
from contextlib import suppress
from typing import TextIO

#: Bytes of a line, and of a read.
LONGEST = 1 << 16
#: Bytes that are still passed on once the process has ended: what it started may go on for ever.
LAST = 1 << 20
#: Seconds between looks whether it has ended, and those that whoever ends it waits for what it said last.
_LOOK, _GRACE = 0.05, 2.0


class Overheard:
    """A pipe to give to one process as its standard error, and who listens at the other end."""

    def __init__(self) -> None:
        listening, self.descriptor = os.pipe()
        over = threading.Event()
        self._thread = threading.Thread(target=_listen, args=(listening, sys.stderr, over), daemon=True)
        self._thread.start()
        self._closing = weakref.finalize(self, os.close, self.descriptor)
        # at the end of Python too: a thread must not write while its stream goes away
        self._ending = weakref.finalize(self, _end, over, self._thread)

    def given(self) -> None:
        """The process has it: from here on the pipe ends with the process."""
        self._closing()

    def end(self) -> None:
        """Pass on what is still there, and listen no more."""
        self._closing()
        self._ending()


def _end(over: threading.Event, thread: threading.Thread) -> None:
    over.set()
    if thread is not threading.current_thread():  # which may be the one that clears away what nobody needs any more
        thread.join(_GRACE)


def _listen(listening: int, stream: TextIO | None, over: threading.Event) -> None:
    line, left = bytearray(), LAST
    with os.fdopen(listening, "rb", buffering=0) as pipe, selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while left > 0:
            ended = over.is_set()
            if not selector.select(0.0 if ended else _LOOK):
                if ended:
                    break
                continue
            data = pipe.read(LONGEST)
            if not data:
                break
            left -= len(data) if ended else 0
            line += data
            whole = max(line.rfind(b"\n"), line.rfind(b"\r")) + 1 or (len(line) if len(line) > LONGEST else 0)
            _pass_on(line[:whole], stream)
            del line[:whole]
    # our next word does not go on with its last
    _pass_on(line + b"\n" if line else line, stream)


def _pass_on(said: bytearray, stream: TextIO | None) -> None:
    if said and stream is not None:
        with suppress(OSError, ValueError):  # nobody reads it
            stream.write(said.decode("utf-8", "backslashreplace"))
            stream.flush()
