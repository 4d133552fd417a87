"""Quiet: programs that an engine starts write to a file instead of the user's terminal.

Conventions: the streams of this process are turned at the level of file descriptors, since that is what children get.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: How much of a log an error shows.
TAIL = 2_000


@contextmanager
def quiet(log: Path) -> Iterator[None]:
    """Standard output and error of this process, and of what it starts meanwhile, go to the file ``log``."""
    kept = {stream: os.dup(stream) for stream in (1, 2)}
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        for stream in kept:
            os.dup2(file, stream)
        yield
    finally:
        for stream, copy in kept.items():
            os.dup2(copy, stream)
            os.close(copy)
        os.close(file)


def tail(log: Path) -> str:
    """The end of a log, for a message; empty where there is none."""
    return log.read_text(encoding="utf-8", errors="replace")[-TAIL:].strip() if log.exists() else ""


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    """Environment variables for what is started meanwhile; those of the user win."""
    added = {name: setting for name, setting in settings.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
