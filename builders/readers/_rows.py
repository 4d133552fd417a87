"""The rows of a table of text, whatever its writer made of quotation marks.

Conventions: rows are read as RFC 4180 has them; a row that is none so, or has not as many cells as the first row, is read
anew in other ways (``_cells``), and the first that gives as many cells is taken. Where none does, it is one broken line, and
the next line is read again. Cells behind the last column that are empty are left out.
Source: RFC 4180; what spreadsheets, databases, pandas and R write.
"""

import csv
import io
import re
from collections.abc import Iterator

from allegedly.builders.readers import _values
from allegedly.builders.readers._cells import Cells, Row
from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import first_line

#: What Excel may write before the first row: the delimiter.
_SEP = re.compile(r"\s*sep=([^\w\s\"']|\t)[ \t]*(?:\r\n|\r|\n)", re.I)
_LINE_END = re.compile(r"\r\n|\r|\n")
#: What PostgreSQL and MySQL write for NULL: the table has no quotation marks.
_COPIED_NULL = re.compile(r"(?:^|\t)\\N(?=[\t\r\n]|\Z)", re.M)
_BLANK_MARK = re.compile(r" +[\"']")
#: So many lines are looked at to tell a cell that is not closed from a mark that is a letter.
LOOKED_AT = 20


def head(source: str) -> str:
    """The first row of a table in its beginning, behind a line that names the delimiter."""
    sep = _SEP.match(source)
    return first_line(source[sep.end() :] if sep else source)


class Rows:
    """The rows of a table: ``columns`` is the first, an iterator gives the others. A row that no way understands comes with
    as many cells as it has.

    The csv module knows one limit for the whole process: it is ours while a row is read, and no longer."""

    def __init__(self, source: str, delimiters: str, longest: int) -> None:
        sep = _SEP.match(source)
        first = head(source[: 1 << 16].lstrip("\r\n"))
        self._source, self._longest = source, longest
        self.delimiter = sep[1] if sep else _delimiter(first, delimiters)
        self._mark = _mark(first, self.delimiter)
        self._cells = Cells(source, self.delimiter, self._mark)
        self._file = io.StringIO(source, newline="")
        self._file.seek(sep.end() if sep else 0)
        self._reader = csv.reader(self._file, delimiter=self.delimiter, quotechar=self._mark, strict=True)
        self._counted, self._lines = 0, 0
        #: The number of the column that holds days: a way to tell rows from lines of a text.
        self.dates: int | None = None
        self.columns: Row = []
        self._is_copied = self.delimiter == "\t" and _COPIED_NULL.search(source) is not None
        self._read_columns()

    def _read_columns(self) -> None:
        start = self._file.tell()
        row: Row = []
        for row in self:
            if any(row):
                break
            start = self._file.tell()
        if any(_BLANK_MARK.match(cell) for cell in row) and (read := self._cells.strict(start, len(row))):
            row, end = read
            self._file.seek(end)
        self.columns = [column.strip() for column in row]
        while len(self.columns) > 1 and not self.columns[-1]:
            self.columns.pop()

    def number_rows(self) -> None:
        """Puts a column without a name before the first where rows have a number more than there are columns, as R
        writes them."""
        start = self._file.tell()
        try:
            row = self._strictly()
        except (csv.Error, StopIteration):
            row = []
        self._file.seek(start)
        if row and len(row) == len(self.columns) + 1 and row[0] in ("0", "1") and row[-1].strip():
            self.columns = ["", *self.columns]

    @property
    def line(self) -> int:
        """The line in which the last row ends."""
        end = self._file.tell()
        if end > self._counted:
            self._lines += len(_LINE_END.findall(self._source, self._counted, end))
            self._counted = end
        return self._lines + (end > 0 and self._source[end - 1] not in "\r\n")

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        start = self._file.tell()
        if self._is_copied and self.columns and start < len(self._source):
            row, end = self._cells.copied(start, len(self.columns)) or (None, start)
            return self._after(row, end) if row else self._mended(start, None)
        try:
            row = self._strictly()
        except csv.Error as error:
            if "limit" in str(error):
                raise
            return self._mended(start, None, unclosed="unexpected end" in str(error))
        if not row or not self.columns or self._is_sound(row, start):
            return row
        return self._mended(start, row)

    def _strictly(self) -> Row:
        before = csv.field_size_limit(self._longest)
        try:
            return next(self._reader)
        finally:
            csv.field_size_limit(before)

    def _is_sound(self, row: Row, start: int) -> bool:
        """Whether a row has as many cells as there are columns, and no marks that could be understood otherwise."""
        if len(row) != len(self.columns):
            return False
        raw = self._source[start : self._file.tell()]
        if self._cells.escaping and "\\" in raw:
            return False
        if self._mark not in raw:
            return True
        return not self._stand_alone(raw) and not any(map(_BLANK_MARK.match, row))

    def _stand_alone(self, raw: str) -> bool:
        """Whether each line of a row of several is a row itself: what opened the cell was a letter."""
        lines = [line for line in _LINE_END.split(raw) if line]
        rows = [line.split(self.delimiter) for line in lines]
        if len(rows) < 2 or any(len(row) != len(self.columns) for row in rows):
            return False
        dates = self.dates
        return self.delimiter == "\t" or (dates is not None and all(_values.date(row[dates]) for row in rows))

    def _mended(self, start: int, row: Row | None, *, unclosed: bool = False) -> Row:
        """The row that begins at an offset, by the first way that gives as many cells as there are columns."""
        if unclosed and not self._rows_follow(start):
            opened = 1 + len(_LINE_END.findall(self._source, 0, start))
            reason = f"has a cell that opens in line {opened} and is not closed before the end of the file"
            raise Refused("broken-row", reason, line=self.line)
        several = row is not None and self._stand_alone(self._source[start : self._file.tell()])
        for way in ("loose", "letters") if several else self._cells.ordered():
            read = getattr(self._cells, way)(start, len(self.columns) + 1)
            if read and (cells := self._shaped(read[0])) is not None:
                return self._after(cells, read[1])
        if row is not None:
            return row
        end = self._cells.line(start)
        return self._after(self._source[start:end].rstrip("\r\n").split(self.delimiter), end)

    def _after(self, row: Row, end: int) -> Row:
        """A row; the next begins at an offset."""
        self._file.seek(end)
        return row

    def _rows_follow(self, start: int) -> bool:
        """Whether the lines behind the one that begins at an offset are rows, rather than the text of a cell."""
        first = self._cells.line(start)
        lines = self._source[first : first + (1 << 16)].splitlines()[:LOOKED_AT]
        rows = sum(self._shaped(line.split(self.delimiter)) is not None for line in lines)
        return 2 * rows >= len(lines)

    def _shaped(self, row: Row) -> Row | None:
        """A row with as many cells as there are columns, empty ones behind the last left out; else None."""
        columns = len(self.columns)
        if len(row) > columns and not any(cell.strip() for cell in row[columns:]):
            return row[:columns]
        return row if len(row) == columns else None


def _delimiter(first: str, delimiters: str) -> str:
    """The delimiter that gives the first row the most columns."""
    return max(
        delimiters, key=lambda mark: (len(next(csv.reader([first], delimiter=mark), [])), -delimiters.index(mark))
    )


def _mark(first: str, delimiter: str) -> str:
    """The quotation mark: a single one where all columns of the first row are in such."""
    cells = [cell.strip() for cell in first.split(delimiter)]
    return "'" if all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells) else '"'
