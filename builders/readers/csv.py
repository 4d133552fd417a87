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
from allegedly.builders.readers._record import either
from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength, first_line
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/csv",)
ENDINGS = ("csv",)
DEFAULT = Limits()
DELIMITERS = ",;\t|"
#: A first line that is longer names no columns.
LONGEST_HEAD = 2000


def recognise(raw: RawFile) -> Claim | None:
    """What its name calls so; or a text whose first line names columns that we know, without tabs."""
    if raw.text is None:
        return None
    if raw.ending in ENDINGS:
        return Claim(Strength.NAME, MEDIA_TYPES[0])
    table = "\t" not in raw.first_line and names_columns(raw)
    return Claim(Strength.POSSIBLE, MEDIA_TYPES[0]) if table else None


def names_columns(raw: RawFile) -> bool:
    """Whether the first line of a text names a column of texts and another that we know."""
    first = raw.first_line
    if len(first) > LONGEST_HEAD or not any(mark in first for mark in DELIMITERS):
        return False
    for delimiter in DELIMITERS:
        known = _fields.known(next(csv.reader([first], delimiter=delimiter), []), raw.fields)
        if len(known) > 1 and "text" in known:
            return True
    return False


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    yield from rows(data, origin, fields, limits, DELIMITERS)


def rows(
    data: bytes, origin: Origin, fields: Mapping[str, str] | None, limits: Limits, delimiters: str
) -> Iterator[Article | Rejected]:
    """The articles of a table's rows, its columns told apart by one of the delimiters."""
    try:
        source, encoding = encodings.decode(data)
        origin = replace(origin, encoding=encoding)
        table = _Rows(source, _delimiter(source, delimiters), limits.expanded_bytes)
        columns = [column.strip() for column in next(table, [])]
        known = _columns(columns, fields)
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
            yield _row(row, columns, known, replace(origin, record=number), table.line, limits)
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
    first = first_line(source[: 1 << 16].lstrip("\r\n"))
    return max(
        delimiters, key=lambda mark: (len(next(csv.reader([first], delimiter=mark), [])), -delimiters.index(mark))
    )


def _columns(columns: list[str], fields: Mapping[str, str] | None) -> dict[str, str]:
    """Our fields to the table's columns. Refused where none holds the text, or a named column is not there."""
    known = _fields.known(columns, fields)
    for ours, theirs in (fields or {}).items():
        if ours == "text" and theirs.removeprefix("/") not in columns:
            raise Refused("no-article", f"has no column {theirs!r}; its columns are: {_named(columns)}")
    if "text" not in known:
        raise Refused(
            "no-article",
            f"has no column of texts (text, body, content, article, ...); its columns are: {_named(columns)}; "
            "name it with `text = ...` in [fields]",
        )
    return known


def _named(columns: list[str]) -> str:
    return (", ".join(columns[:20]) or "none")[:200]


def _row(
    row: list[str], columns: list[str], known: Mapping[str, str], origin: Origin, line: int, limits: Limits
) -> Article | Rejected:
    def article() -> Article:
        if len(row) != len(columns):
            reason = f"row {origin.record} has {len(row)} cells where the table has {len(columns)} columns"
            raise Refused("broken-row", reason, line=line, cells=len(row), columns=len(columns))
        cells = dict(zip(columns, row, strict=True))
        record = {ours: cells[theirs] for ours, theirs in known.items() if cells[theirs].strip()}
        if "text" not in record:
            raise Refused("no-article", f"row {origin.record} has an empty text", line=line)
        return _fields.article(record, origin, limits=limits)

    return either(article, origin, limits)


def _broken(error: csv.Error, line: int) -> Refused:
    return Refused("broken-row", f"is no valid table in line {line}: {error}", line=line)
