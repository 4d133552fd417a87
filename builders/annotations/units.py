"""Units of offsets: code points, in which we count, and UTF-16 code units, in which browsers and Java do.

Conventions: a character above U+FFFF is two units of UTF-16; all others are one of both.
"""

from bisect import bisect_left
from typing import Any

CODE_POINTS, UTF_16 = "code points", "UTF-16 code units"


class Utf16:
    """The offsets of one text in UTF-16."""

    def __init__(self, text: str) -> None:
        """Notes where the text has characters of two units."""
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"]
        self._units = [at + number for number, at in enumerate(self._wide)]
        self._length = len(text)

    def of(self, at: int) -> int:
        """The offset in UTF-16 of an offset in code points."""
        return at + bisect_left(self._wide, at)

    def back(self, at: Any) -> int | None:
        """The offset in code points of what a file gives as one in UTF-16; None for one that is no whole number, lies
        outside the text, or splits a character."""
        if type(at) is not int or not 0 <= at <= self.of(self._length):
            return None
        before = bisect_left(self._units, at)
        split = before > 0 and self._units[before - 1] == at - 1
        return None if split else at - before
