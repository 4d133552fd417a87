"""Files read as streams, packed by gzip or not, within limits: what unpacks to far more than it takes on disk is a fault.

Conventions: sizes in bytes. A fault that concerns the whole file is `Broken`, wherever in reading it shows.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from allegedly.schemas.check import Finding

#: What a packed file may unpack to in any case, and how many times its size beyond.
FREE, TIMES = 4 * 2**20, 100
#: The longest line, and the largest document that has to be read whole.
LONGEST_LINE, LARGEST_DOCUMENT = 64 * 2**20, 256 * 2**20


class Broken(Exception):
    """The file as a whole cannot be read: what was found, what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found}; expected {expected}")
        self.finding = Finding("", found, expected)


class _Unpacked(io.RawIOBase):
    """The bytes of a gzip file, counted."""

    def __init__(self, path: Path) -> None:
        self.limit = max(FREE, TIMES * path.stat().st_size)
        self.inner = gzip.open(path)  # noqa: SIM115 -- closed with this stream
        self.count = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes. Broken where they are no gzip, or too many."""
        try:
            data = self.inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise Broken(f"no gzip, or cut: {error}", "a whole gzip file") from error
        self.count += len(data)
        if self.count > self.limit:
            raise Broken(f"more than {self.limit} bytes when unpacked", f"at most {TIMES} times the packed size")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self.inner.close()
        super().close()


def stream(path: Path) -> BinaryIO:
    """The bytes of a file; those of one that ends in ``.gz`` are unpacked. Reading raises Broken."""
    return io.BufferedReader(_Unpacked(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream. Broken for one that is too long."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Broken(f"a line of more than {LONGEST_LINE} bytes", "shorter lines")
        yield line


def whole(path: Path) -> bytes:
    """All bytes of a file. Broken where they are too many."""
    with stream(path) as file:
        data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise Broken(f"a document of more than {LARGEST_DOCUMENT} bytes", "one object a line, as .jsonl")
    return data
