"""Frames of a web archive: where each record begins and ends, those of broken ones too.

Conventions: offsets of bytes, half-open. A record is sound where its header names its length and that many bytes on a
blank line, the next record or the end follows. One that is not ends where the next begins, and costs no other. Zeros between
records, as a disk leaves them, are a broken one: others may have stood there.
Source: ISO 28500, WARC 1.1.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from allegedly.builders.sources.limits import Refused

_VERSION = re.compile(rb"WARC/\d\.\d+\r?\n")
_NEXT = re.compile(rb"WARC/\d\.\d+\r?\n[\w-]+:")
_BLANK = re.compile(rb"\n\r?\n")
_AFTER = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
#: What may lie between two records; and what is no record either, but of which it is told.
_GAP, _HOLE = re.compile(rb"[\r\n ]*"), re.compile(rb"[\r\n\0 ]*")
#: Bytes of the longest header: of one that is longer nothing is looked at.
LONGEST = 1 << 18
#: So many broken records are told of; behind them nothing is read.
MOST_BROKEN = 1000


class Frame(NamedTuple):
    """A record's bytes, and why they are none where they are not."""

    start: int
    end: int
    trouble: Refused | None = None


class _Body(NamedTuple):
    """Where a record's body begins, and how long its header says that it is."""

    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


def frames(data: bytes) -> Iterator[Frame]:
    """The records of an archive, in order; together they cover all but what lies between two of them."""
    headers = _Headers(data)
    start, number, broken = _after_gap(data, 0), 0, 0
    while start < len(data):
        body = headers.body(start)
        if body is not None and body.end <= len(data) and _ends(data, body.end):
            end = body.end
            yield Frame(start, end)
        elif broken == MOST_BROKEN:
            reason = f"more than {MOST_BROKEN} of its records are broken; from record {number} on nothing is read"
            yield Frame(start, len(data), Refused("broken-archive", reason, limit=MOST_BROKEN))
            return
        else:
            broken += 1
            following = _NEXT.search(data, start + 1)
            end = following.start() if following else len(data)
            yield Frame(start, end, _trouble(data, start, body, number, last=following is None))
        start, number = _after_gap(data, end), number + 1


def _after_gap(data: bytes, offset: int, gaps: re.Pattern[bytes] = _GAP) -> int:
    gap = gaps.match(data, offset)
    return gap.end() if gap else offset


def _ends(data: bytes, end: int) -> bool:
    """Whether a record may end here."""
    after = _after_gap(data, end, _HOLE)
    return after == len(data) or bool(_AFTER.match(data, end) or _VERSION.match(data, after))


class _Headers:
    """Reads headers from front to back: the blank line that ends one is looked for once, however many begin before it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._blank = (-1, -1)

    def body(self, start: int) -> _Body | None:
        """The body of the record that begins at an offset; None without a header that tells where it ends."""
        if not _VERSION.match(self._data, start):
            return None
        if self._blank[0] < start:
            blank = _BLANK.search(self._data, start)
            self._blank = blank.span() if blank else (len(self._data), -1)
        first, end = self._blank
        if end < 0 or end - start > LONGEST:
            return None
        length = _LENGTH.search(self._data, start, first + 1)
        return _Body(end, int(length[1])) if length else None


def _trouble(data: bytes, start: int, body: _Body | None, number: int, *, last: bool) -> Refused:
    if body is None and last and (_VERSION.match(data, start) or b"WARC/1.0\r\n".startswith(data[start : start + 10])):
        return Refused("truncated", f"record {number} ends in the middle of its header; fetch the file again")
    if body is None:
        return Refused("broken-archive", f"record {number} has no header that can be read; what follows it is read")
    if last and body.end > len(data):
        have = len(data) - body.start
        reason = f"record {number} ends after {have} of {body.length} bytes; fetch the file again"
        return Refused("truncated", reason, bytes=have, expected=body.length)
    reason = f"record {number} is not as long as its header says ({body.length} bytes); what follows it is read"
    return Refused("broken-archive", reason, expected=body.length)
