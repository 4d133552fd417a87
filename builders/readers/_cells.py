"""The cells of one row, read in several ways: what a quotation mark is, differs from writer to writer.

Conventions: a way takes an offset in the source and gives the cells of the row that begins there, and the offset behind it.
``strict``: marks inside are doubled. ``escaped``: they stand behind backslashes. ``loose``: they stand as they are, and a cell
ends with a mark before a delimiter. A mark that opens no cell is a letter. Each way is linear in what it reads.
``copied``: there are no marks, and backslashes stand before what a line cannot hold.
Source: RFC 4180; MySQL, ``SELECT ... INTO OUTFILE``; PostgreSQL, ``COPY``, text format.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TypeAlias

Row: TypeAlias = list[str]
#: The longest cell over several lines that is taken for one though its marks are neither doubled nor escaped.
LONGEST_LOOSE = 1 << 16
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NEVER = re.compile(r"(?!)")
_COPIED = re.compile(r"\\(.)", re.S)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": ""}


def _copied(match: re.Match[str]) -> str:
    return _CONTROLS.get(match[1], match[1])


class Cells:
    """The ways to read a row of a source whose delimiter and quotation mark are known."""

    def __init__(self, source: str, delimiter: str, mark: str) -> None:
        self.source, self.delimiter, self.mark = source, delimiter, mark
        d, q, blank = re.escape(delimiter), re.escape(mark), " *+"
        ends = rf"{blank}(?={d}|[\r\n]|\Z)"
        self._strict = re.compile(rf"{blank}{q}((?:[^{q}]++|{q}{q})*+){q}{ends}")
        self._escaped = re.compile(rf"{blank}{q}((?:[^{q}\\]++|\\.|{q}{q})*+){q}{ends}", re.S)
        self._loose_end = re.compile(rf"{q}(?=(?:{d}(?! )|[\r\n]|\Z))")
        self._opening = re.compile(rf"{blank}{q}")
        self._letters = re.compile(rf"[^{d}\r\n]*+")
        self._letters_escaped = re.compile(rf"(?:[^{d}\r\n\\]++|\\.|\\)*+", re.S)
        self._escape = re.compile(rf"\\([\\\"'{d}\r\n])")
        #: Whether marks stand behind backslashes in this table: before a letter, where a cell cannot end.
        self.escaping = re.search(rf"(?<![\\{q}])\\{q}(?!{q}|{ends})", source) is not None
        self._closings: list[int] = []
        self._searched = self._loose_end.finditer(source)

    def line(self, start: int) -> int:
        """Where the line that begins at an offset ends, its end included."""
        match = _LINE.match(self.source, start)
        return match.end() if match else start

    def strict(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row with doubled marks; None where a mark opens a cell that is not closed so."""
        return self._row(start, most, self._strict, pure=True)

    def mixed(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row with doubled marks, and marks that open no cell."""
        return self._row(start, most, self._strict)

    def escaped(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row with marks, delimiters and line ends behind backslashes."""
        return self._row(start, most, self._escaped, escaped=True)

    def loose(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row in one line, with marks that are neither."""
        return self._row(start, most, None, end=self.line(start))

    def loose_lines(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row in several lines, with marks that are neither, but come in pairs inside a cell."""
        # where no mark follows, the end of the source stands for one, and closes nothing
        return self._row(start, most, None, end=min(start + LONGEST_LOOSE, len(self.source)))

    def copied(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row as databases copy it: no marks, and what a line cannot hold is behind a backslash."""
        if (row := self._row(start, most, _NEVER, escaped=True)) is None:
            return None
        return [cell if cell == "\\N" else _COPIED.sub(_copied, cell) for cell in row[0]], row[1]

    def letters(self, start: int, most: int) -> tuple[Row, int] | None:
        """The row in one line, all marks letters."""
        end = self.line(start)
        return self.source[start:end].rstrip("\r\n").split(self.delimiter), end

    def _row(
        self,
        start: int,
        most: int,
        quoted: re.Pattern[str] | None,
        *,
        escaped: bool = False,
        pure: bool = False,
        end: int = 0,
    ) -> tuple[Row, int] | None:
        """The cells of a row; None for more than ``most``, and for a mark that opens no cell in a ``pure`` one."""
        cells: Row = []
        position = start
        while len(cells) <= most:
            if pure and self._opening.match(self.source, position) and not self._strict.match(self.source, position):
                return None
            cell, position = self._cell(position, quoted, escaped, end)
            cells.append(cell)
            if self.source[position : position + 1] != self.delimiter:
                line_end = _LINE_END.match(self.source, position)
                return cells, line_end.end() if line_end else position
            position += 1
        return None

    def _cell(self, position: int, quoted: re.Pattern[str] | None, escaped: bool, end: int) -> tuple[str, int]:
        if quoted is None:
            if cell := self._loosely(position, end):
                return cell
        elif match := quoted.match(self.source, position):
            inner = self._escape.sub(r"\1", match[1]) if escaped else match[1]
            return inner.replace(2 * self.mark, self.mark), match.end()
        match = (self._letters_escaped if escaped else self._letters).match(self.source, position)
        assert match is not None
        return self._escape.sub(r"\1", match[0]) if escaped and quoted is not _NEVER else match[0], match.end()

    def _loosely(self, position: int, end: int) -> tuple[str, int] | None:
        opening = self._opening.match(self.source, position, end)
        if opening is None:
            return None
        closing = self._closing(opening.end())
        if closing >= min(end, opening.end() + LONGEST_LOOSE):
            return None
        inner = self.source[opening.end() : closing]
        if inner.count(self.mark) % 2:
            return None
        return inner.replace(2 * self.mark, self.mark), closing + 1

    def _closing(self, start: int) -> int:
        """Where the next mark is that may close a cell; the source's length where there is none. All are looked for once."""
        while not self._closings or self._closings[-1] < start:
            match = next(self._searched, None)
            self._closings.append(len(self.source) if match is None else match.start())
        return self._closings[bisect_left(self._closings, start)]

    def ordered(self) -> Iterator[str]:
        """The names of the ways, in the order in which they are tried."""
        yield from ("escaped", "strict") if self.escaping else ("strict",)
        yield from ("loose", "letters", "mixed", "loose_lines", "escaped")
