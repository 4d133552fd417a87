"""A program that is written to and read from at once, line by line, within a time.

Conventions: it runs in a session of its own, so that what it started ends with it. Its output is not buffered where it is
Python; its standard error comes by way of `allegedly.eval.overheard`. Lines are read one at a time, none above ``LARGEST``
bytes; empty ones are no answers.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator

from allegedly.eval.overheard import Overheard

#: Bytes of one line at most.
LARGEST = 64 * 2**20
_PIECE = 1 << 16
#: Seconds between looks at whether the program still runs: what it started may hold its output open.
_LOOK = 0.2


class Quiet(Exception):
    """The time is over."""


class Ended(Exception):
    """The program says no more: it ended, closed its output, or wrote without end."""


class Program:
    """A program under way. OSError where it cannot be started."""

    def __init__(self, argv: list[str]) -> None:
        self.aside = Overheard()
        try:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.aside.descriptor,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        finally:
            self.aside.given()
        assert self.process.stdin and self.process.stdout
        self.inbox, self.outbox = self.process.stdin, self.process.stdout
        for pipe in (self.inbox, self.outbox):
            os.set_blocking(pipe.fileno(), False)
        self.waiting = bytearray()
        self.read = bytearray()
        self.searched = 0

    def exchange(self, data: bytes, deadline: float) -> Iterator[bytes]:
        """Write, and give lines as they come, for as long as they are taken: a program may answer before it has read
        everything. Quiet at the deadline, Ended where no more can come."""
        self.waiting += data
        while True:
            while (line := self._line()) is not None:
                yield line
            if time.monotonic() >= deadline:
                raise Quiet
            if not self._step(min(_LOOK, max(0.0, deadline - time.monotonic()))):
                raise Ended(self._how())

    def left(self) -> list[bytes]:
        """Lines that are there without waiting for them."""
        with contextlib.suppress(Ended):
            self._step(0.0)
        return list(iter(self._line, None))

    def finish(self, seconds: float) -> Iterator[bytes]:
        """End its input, and give what it still says, for some seconds at most."""
        self.waiting.clear()
        with contextlib.suppress(OSError):
            self.inbox.close()
        with contextlib.suppress(Quiet, Ended):
            yield from self.exchange(b"", time.monotonic() + seconds)

    def _line(self) -> bytes | None:
        """The next line that is not empty; None where none is whole yet."""
        while (end := self.read.find(b"\n", self.searched)) >= 0:
            line = bytes(self.read[:end])
            del self.read[: end + 1]
            self.searched = 0
            if line.strip():
                return line
        self.searched = len(self.read)
        return None

    def _step(self, seconds: float) -> bool:
        """Write and read what goes without waiting longer than that. False where nothing more can come."""
        if self.outbox.closed:
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self.outbox, selectors.EVENT_READ)
            if self.waiting and not self.inbox.closed:
                selector.register(self.inbox, selectors.EVENT_WRITE)
            ready = [key.fileobj for key, _ in selector.select(seconds)]
        if self.inbox in ready:
            self._write()
        if self.outbox in ready:
            return self._take()
        # its output may be held open by what it started
        return self.process.poll() is None or seconds == 0.0

    def _write(self) -> None:
        try:
            del self.waiting[: os.write(self.inbox.fileno(), self.waiting[:_PIECE])]
        except OSError:  # it reads no more, and may still have something to say
            self.waiting.clear()
            with contextlib.suppress(OSError):
                self.inbox.close()

    def _take(self) -> bool:
        data = os.read(self.outbox.fileno(), _PIECE)
        self.read += data
        if len(self.read) > LARGEST:
            raise Ended(f"a line of more than {LARGEST >> 20} MiB")
        return bool(data)

    def _how(self) -> str:
        """How it ended."""
        try:
            code = self.process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            return "closed its output, and answered no more"
        return f"died with exit code {code}"

    def close(self) -> None:
        """End it, and what it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        for pipe in (self.inbox, self.outbox):
            with contextlib.suppress(OSError):
                pipe.close()
        self.aside.end()
