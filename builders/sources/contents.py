"""Contents: the bytes of one file, and their hash, whatever has taken the file's place meanwhile."""

# ruff: noqa: PTH123
# names are bytes to the system: os keeps those that are no UTF-8

import os
import stat
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from allegedly.builders.sources.find import Source, unreadable
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.workers import Failed
from allegedly.schemas.hashes import file_sha256
from allegedly.schemas.records import Origin, Rejected

DEFAULT = Limits()


def contents(source: Source, *, limits: Limits = DEFAULT) -> bytes:
    """The bytes of a file. Refused where it cannot be read, is no file, or is over the limit of bytes."""
    try:
        # a pipe that took the file's place meanwhile must not hold us up
        fd = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with open(fd, "rb", buffering=0) as file:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise Refused("not-a-file", "is no regular file; only files are read")
            if status.st_size > limits.bytes:
                raise over("bytes-limit", "the number of its bytes", limits.bytes, status.st_size)
            data = _read(file, limits.bytes + 1) if status.st_size else b""
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > limits.bytes:
        raise over("bytes-limit", "the number of its bytes", limits.bytes)
    return data


def _read(file: RawIOBase, most: int) -> bytes:
    """Up to so many bytes: the system gives as many at a time as it likes, on Linux never more than 2 GiB."""
    pieces: list[bytes] = []
    while most > 0 and (piece := file.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def size_and_sha256(source: Source, *, hashed: bool = True) -> tuple[int | None, str | None]:
    """The size of a source's file in bytes and, unless it is not wanted, its SHA-256 in hex; None for what the system
    does not tell."""
    path = Path(source.path)
    try:
        return path.stat().st_size, file_sha256(path) if hashed else None
    except OSError:
        return None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A file that ended its worker: its line of the ledger, and its size where the system tells it."""

    line: Rejected
    bytes: int | None


def lost(source: Source, failed: Failed) -> Lost:
    """What is said of a file that ended its worker. Its hash is taken here, where nothing parses it."""
    size, sha256 = size_and_sha256(source)
    origin = Origin(file_name=source.file_name, sha256=sha256)
    line = Rejected(origin=origin, stage="read", rule=failed.rule, reason=failed.reason, detail=failed.detail)
    return Lost(line=line, bytes=size)
