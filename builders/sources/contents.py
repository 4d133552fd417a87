"""Contents: the bytes of one file, and their hash, whatever has taken the file's place meanwhile."""

# ruff: noqa: PTH123
# names are bytes to the system: os keeps those that are no UTF-8

import hashlib
import os
import stat
from pathlib import Path

from allegedly.builders.sources.find import Source, unreadable
from allegedly.builders.sources.limits import Limits, Refused, over

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
            data = file.read(limits.bytes + 1) if status.st_size else b""
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > limits.bytes:
        raise over("bytes-limit", "the number of its bytes", limits.bytes)
    return data


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
