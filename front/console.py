"""What a command says: lines on standard error, tables on standard output, and what stands in for both streams.

Conventions: results are shown, always. ``alert`` is for errors and for what decides the exit code, ``say`` for the rest,
which ``-q`` leaves out. Whatever reaches standard error, of ours or of a library, is shown and never obeyed: a guard
stands in its place while a command runs. A message is one line. Standard error that is gone is no reason to end
anything; standard output that does not take what is printed is one, and is told with the cause.
"""

import os
import sys
from _thread import RLock
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import Any, NamedTuple, TextIO

from allegedly.schemas import escape
from allegedly.schemas.errors import DataError

#: Characters of an unfinished line that the guard looks back at.
KEPT = 200
COLORS = ("auto", "always", "never")


class Manner(NamedTuple):
    """How much a command says, and whether in colour: what the flags of every command chose."""

    quiet: bool = False
    verbose: bool = False
    color: str = "auto"


#: Held by who writes through the guard, a thread that passes on what a model says among them; over a fork too, so that no
#: worker begins with a lock that nobody gives back.
_turn = RLock()
os.register_at_fork(before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_turn.release)

#: That of the command that runs.
manner = Manner()


def say(message: object) -> None:
    """One line on standard error, unless told to be quiet."""
    if not manner.quiet:
        alert(message)


def alert(message: object) -> None:
    """One line on standard error, also where told to be quiet."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # nobody is left to tell
            print(escape.line(_masked(str(message))), file=sys.stderr, flush=True)


def show(lines: Iterable[str], *, beside: bool = False) -> None:
    """Lines for a person: on standard output, or on standard error ``beside`` what programs read."""
    for line in lines:
        say(line) if beside else print(escape.line(_masked(line)))


def coloured() -> bool:
    """Whether text for a person on standard output is coloured: as ``--color`` says, else as the variables NO_COLOR and
    FORCE_COLOR say (not empty, the first before the second), else on a terminal that is not dumb."""
    if manner.color != "auto":
        return manner.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (os.environ.get("TERM") != "dumb" and sys.stdout.isatty())


def _masked(text: str) -> str:
    """Without what was sent in a header or an address. Nothing was sent where nobody has loaded what remembers it."""
    secrets = sys.modules.get("allegedly.schemas.secrets")
    return text if secrets is None else str(secrets.masked(text))


def dump(value: object, indent: int | None = 2) -> None:
    """A value as JSON on standard output."""
    import json

    as_data()
    print(json.dumps(value, indent=indent, ensure_ascii=False))


@contextmanager
def guarded() -> Iterator[None]:
    """Both streams under guard. Characters that standard output cannot encode are printed as their numbers."""
    global manner
    before, manner_before = (sys.stdout, sys.stderr), manner
    _fill()
    sys.stderr = Guard(before[1])
    if before[0] is not None:
        sys.stdout = Output(before[0])
        _configure(errors="backslashreplace")
    try:
        yield
    finally:
        (sys.stdout, sys.stderr), manner = before, manner_before


def check() -> None:
    """DataError where standard output is closed: nothing that a command finds could be told."""
    if sys.stdout is None:
        raise DataError("standard output is closed; send it to a file, or to /dev/null")


def as_data() -> None:
    """JSON, and what else is for programs, is UTF-8 wherever it goes; a lone surrogate is escaped as JSON does."""
    _configure(encoding="utf-8", errors="backslashreplace")


def write(chunks: Iterable[bytes]) -> None:
    """Bytes on standard output. DataError where it does not take them."""
    sys.stdout.flush()
    with _taken(sys.stdout):
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()


def _configure(**how: str) -> None:
    with suppress(AttributeError):  # a stream that stands in for it in somebody's program
        sys.stdout.reconfigure(**how)  # type: ignore[union-attr]


@contextmanager
def _taken(stream: TextIO) -> Iterator[None]:
    """DataError where standard output takes no more; the rest goes nowhere, so that the end of Python is quiet."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise  # not of the stream: a file that what is printed was read from
        with suppress(OSError, ValueError):
            _to_nowhere(stream.fileno())
        gone = isinstance(error, BrokenPipeError)
        reason = "was closed by its reader" if gone else f"takes no more: {error.strerror or error}"
        raise DataError(f"standard output {reason}; what was printed is not whole") from error


def _to_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _fill() -> None:
    """A file that is opened while descriptors 0 to 2 are closed would get their number, and what is printed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


class Output(TextIOBase):
    """Standard output, whose refusals are told as its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """DataError where it takes no more."""
        with _taken(self._stream):
            return self._stream.write(text)

    def flush(self) -> None:
        """DataError where it takes no more."""
        with _taken(self._stream):
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Its descriptor. OSError where it has none."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Its encoding."""
        return self._stream.encoding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Guard(TextIOBase):
    """Standard error for everybody: what would act on a terminal, or on the log of continuous integration, is shown."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._line = ""

    def write(self, text: str) -> int:
        """Takes all of it, also where nobody reads."""
        with _turn:
            shown = escape.lines(_masked(text), self._line)
            self._line = _unfinished(self._line + shown)
            if self._stream is not None:
                with suppress(OSError, ValueError):
                    self._stream.write(shown)
        return len(text)

    def flush(self) -> None:
        """What is behind it, where it is there."""
        if self._stream is not None:
            with _turn, suppress(OSError, ValueError):
                self._stream.flush()

    def isatty(self) -> bool:
        """Whether a terminal is behind it."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor behind it. OSError where there is none."""
        return 2 if self._stream is None else self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of what is behind it."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _unfinished(text: str) -> str:
    """What stands on the last line of a text: enough of it to tell what begins there."""
    line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
    return line if len(line) <= KEPT else f".{line[-KEPT:]}"
