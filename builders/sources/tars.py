"""Tar archives: their members, those behind a damaged header too.

Conventions: offsets of bytes. Where no header can be read the next is looked for, wherever it stands. Zeros are no damage:
they end an archive, and others may follow (``cat a.tar b.tar``). Nor is an end without zeros, right behind a member: some
programs write none, and an archive that was cut off just there cannot be told from theirs.
Source: POSIX.1-2017, pax, ustar Interchange Format; GNU tar, Basic Tar Format.
"""

import io
import re
import tarfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import NamedTuple

from allegedly.builders.sources.limits import Refused

#: What may go wrong in a header, or where something it points to should be.
ERRORS = (tarfile.TarError, EOFError, ValueError, OSError, OverflowError)
#: What stands in every header, and where: of POSIX, of GNU.
_MARK, _MARK_AT = re.compile(rb"ustar(?:\x0000|  \x00)"), 257
#: So many times the mark may stand where no header is, before one gives up.
MOST_FALSE = 1000
#: Names may be of any bytes.
_ENCODING, _ERRORS = "utf-8", "surrogateescape"


class Member(NamedTuple):
    """A member, and the archive to read it from, before the next is asked for."""

    archive: tarfile.TarFile
    info: tarfile.TarInfo


class Damage(NamedTuple):
    """How many bytes belong to no member, in how many places, and where the first is; ``cut``: they are no more than the
    beginning of a header at the end."""

    bytes: int
    places: int
    first: int
    cut: bool

    def verdict(self) -> Refused:
        """What is said of it in the ledger."""
        if self.cut:
            return Refused(
                "truncated", "ends in the middle of a header of its tar data; fetch the file again", found="tar"
            )
        where = f"at byte {self.first}" if self.places == 1 else f"in {self.places} places from byte {self.first} on"
        reason = (
            f"is a damaged tar file: {self.bytes} bytes {where} belong to no member; what was found beside them is read"
        )
        return Refused("broken-archive", reason, found="tar", bytes=self.bytes, position=self.first)


def members(data: bytes) -> Iterator[Member | Damage]:
    """The members that can be found, in order; then the damage, where there is any."""
    gaps: list[tuple[int, int]] = []
    start = 0
    while start < len(data):
        end = yield from _stretch(data, start)
        start = _following(data, end)
        if data[end:start].strip(b"\0"):
            gaps.append((end, start))
    if gaps:
        count = sum(end - start for start, end in gaps)
        cut = gaps[0][1] == len(data) and count < tarfile.BLOCKSIZE
        yield Damage(count, len(gaps), gaps[0][0], cut)


def _stretch(data: bytes, start: int) -> Generator[Member, None, int]:
    """The members from an offset on, as long as one follows the other; returns where none does."""
    file = io.BytesIO(data)
    file.seek(start)
    with suppress(*ERRORS):
        archive = tarfile.TarFile(fileobj=file, encoding=_ENCODING, errors=_ERRORS)
        while (info := archive.next()) is not None and archive.offset > start:
            start = archive.offset
            yield Member(archive, info)
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every member it has seen
    return start


def _following(data: bytes, start: int) -> int:
    """Where the next header begins behind an offset at which none does; the end of the data where there is none."""
    for false, mark in enumerate(_MARK.finditer(data, start + 1 + _MARK_AT)):
        at = mark.start() - _MARK_AT
        with suppress(*ERRORS):
            tarfile.TarInfo.frombuf(data[at : at + tarfile.BLOCKSIZE], _ENCODING, _ERRORS)
            return at
        if false == MOST_FALSE:
            break
    return len(data)
