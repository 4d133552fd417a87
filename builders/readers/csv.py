"""CSV: a table of articles, a row each.

Conventions: the first row names the columns; delimiter and quotes are found (comma, semicolon, tab, bar). The text is
the text column, verbatim. ``origin.record`` counts the rows after the first, from 0. A table without a column of
texts is one line of the ledger that names its columns.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace

from allegedly.builders.readers import _fields
from allegedly.builders.sources import encodings as encoding
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.schemas.records import Article, Origin, Rejected

DEFAULT = Limits()


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    yield from rows(data, origin, fields, limits, ",;\t|")


def rows(
    data: bytes, origin: Origin, fields: Mapping[str, str] | None, limits: Limits, delimiters: str
) -> Iterator[Article | Rejected]:
    """The articles of a table's rows, its columns told apart by one of the delimiters."""
    try:
        source, name = encoding.decode(data)
        origin = replace(origin, encoding=name)
        delimiter = _delimiter(source, delimiters)
        table = _Rows(source, delimiter, limits.expanded_bytes)
        columns = [column.strip() for column in next(table, [])]
        found = _columns(columns, fields)
    except (Refused, csv.Error) as error:
        yield (error if isinstance(error, Refused) else _broken(error, 1)).rejected(origin)
        return
    number = -1
    while True:
        number += 1
        try:
            row = next(table)
        except StopIteration:
            break
        except csv.Error as error:
            yield _broken(error, table.line).rejected(replace(origin, record=number))
            continue
        if any(cell.strip() for cell in row):
            yield _row(row, columns, found, replace(origin, record=number), table.line, limits)
        else:
            number -= 1


class _Rows:
    """The rows of a table, cells of up to ``longest`` characters among them.

    The csv module knows one limit for the whole process: it is ours while a row is read, and no longer."""

    def __init__(self, source: str, delimiter: str, longest: int) -> None:
        self._rows = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter)
        self._longest = longest

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        before = csv.field_size_limit(self._longest)
        try:
            return next(self._rows)
        finally:
            csv.field_size_limit(before)

    @property
    def line(self) -> int:
        """The line in which the last row ends."""
        return self._rows.line_num


def _delimiter(source: str, delimiters: str) -> str:
    """The delimiter that gives the first row the most columns."""
    first = source[: 1 << 16].lstrip("\r\n").split("\n", 1)[0]
    return max(
        delimiters, key=lambda mark: (len(next(csv.reader([first], delimiter=mark), [])), -delimiters.index(mark))
    )


def _columns(columns: list[str], fields: Mapping[str, str] | None) -> dict[str, str]:
    """Our fields to the table's columns. Refused where none holds the text, or a named column is not there."""
    found = _fields.known(columns, fields)
    for ours, theirs in (fields or {}).items():
        if ours == "text" and theirs.removeprefix("/") not in columns:
            raise Refused("no-article", f"has no column {theirs!r}; its columns are: {_named(columns)}")
    if "text" not in found:
        raise Refused(
            "no-article",
            f"has no column of texts (text, body, content, article, ...); its columns are: {_named(columns)}; "
            "name it with `text = ...` in [fields]",
        )
    return found


def _named(columns: list[str]) -> str:
    return (", ".join(columns[:20]) or "none")[:200]


def _row(
    row: list[str], columns: list[str], found: Mapping[str, str], origin: Origin, line: int, limits: Limits
) -> Article | Rejected:
    try:
        if len(row) != len(columns):
            reason = f"row {origin.record} has {len(row)} cells where the table has {len(columns)} columns"
            raise Refused("broken-row", reason, line=line, cells=len(row), columns=len(columns))
        cells = dict(zip(columns, row, strict=True))
        record = {ours: cells[theirs] for ours, theirs in found.items() if cells[theirs].strip()}
        if "text" not in record:
            raise Refused("no-article", f"row {origin.record} has an empty text", line=line)
        return _fields.article(record, origin, limits=limits)
    except Refused as refused:
        return refused.rejected(origin)


def _broken(error: csv.Error, line: int) -> Refused:
    return Refused("broken-row", f"is no valid table in line {line}: {error}", line=line)
