"""CSV: a table of articles, a row each.

Conventions: the first row names the columns; delimiter and quotes are found (comma, semicolon, tab, bar). The text is
the text column, verbatim. Cells that say that nothing is there (``nan``, ``NULL``) are empty. ``origin.record`` counts the
rows after the first, from 0. A row with NUL characters, as a crash leaves them, is a broken one. A table without a column of
texts is one line of the ledger that names its columns.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace

from allegedly.builders.readers import _fields, _rows, _values
from allegedly.builders.readers._day_order import DayOrder
from allegedly.builders.readers._record import either
from allegedly.builders.readers._rows import Rows
from allegedly.builders.sources import binary, encodings
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import HEAD, Claim, RawFile, Strength, decoded
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
        return Claim(Strength.NAME, MEDIA_TYPES[0]) if raw.ending in ENDINGS and is_holed(raw) else None
    if raw.ending in ENDINGS:
        return Claim(Strength.NAME, MEDIA_TYPES[0])
    table = "\t" not in raw.first_line and names_columns(raw)
    return Claim(Strength.POSSIBLE, MEDIA_TYPES[0]) if table else None


def names_columns(raw: RawFile) -> bool:
    """Whether the first line of a text names a column of texts and another that we know."""
    return _names_columns(raw.text or "", raw.fields)


def is_holed(raw: RawFile) -> bool:
    """Whether what looks binary is a table with NULs in it: by its first line, and by the rest without them."""
    head = raw.data[:HEAD]
    return not binary.controls(head.replace(b"\0", b"")) and _names_columns(decoded(head), raw.fields)


def _names_columns(text: str, fields: Mapping[str, str]) -> bool:
    first = _rows.head(text)
    if len(first) > LONGEST_HEAD or not any(mark in first for mark in DELIMITERS):
        return False
    for delimiter in DELIMITERS:
        known = _fields.known(next(csv.reader([first], delimiter=delimiter), []), fields)
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
        source, encoding = encodings.decode(data, nuls=True)
        origin = replace(origin, encoding=encoding)
        table, known = _table(source, fields, limits, delimiters)
    except (Refused, csv.Error) as error:
        yield (error if isinstance(error, Refused) else _broken(error, 1)).rejected(origin)
        return
    order = DayOrder(lambda: _dates(_table(source, fields, limits, delimiters)[0]))
    number = -1
    while True:
        number += 1
        try:
            row = next(table)
        except StopIteration:
            break
        except (Refused, csv.Error) as error:
            refused = error if isinstance(error, Refused) else _broken(error, table.line)
            yield refused.rejected(replace(origin, record=number))
            continue
        if any(cell.strip() for cell in row):
            yield _row(row, table.columns, known, order, replace(origin, record=number), table.line, limits)
        else:
            number -= 1


def _table(
    source: str, fields: Mapping[str, str] | None, limits: Limits, delimiters: str
) -> tuple[Rows, dict[str, str]]:
    """The rows of a table, and our fields to its columns."""
    table = Rows(source, delimiters, limits.expanded_bytes)
    known = _columns(table.columns, fields)
    if known.get("source_id") != table.columns[0]:
        table.number_rows()
    if "published" in known:
        table.dates = table.columns.index(known["published"])
    return table, known


def _dates(table: Rows) -> Iterator[str]:
    """The cells of the column of dates; of rows that can be read."""
    while table.dates is not None:
        try:
            row = next(table)
        except StopIteration:
            return
        except (Refused, csv.Error):
            continue  # it is told in the ledger when its turn comes
        if len(row) == len(table.columns):
            yield row[table.dates]


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
    row: list[str],
    columns: list[str],
    known: Mapping[str, str],
    order: DayOrder,
    origin: Origin,
    line: int,
    limits: Limits,
) -> Article | Rejected:
    def article() -> Article:
        if any("\0" in cell for cell in row):
            reason = f"row {origin.record} holds NUL characters, which no text has; it is damaged"
            raise Refused("broken-row", reason, line=line)
        if len(row) != len(columns):
            reason = f"row {origin.record} has {len(row)} cells where the table has {len(columns)} columns"
            raise Refused("broken-row", reason, line=line, cells=len(row), columns=len(columns))
        cells = dict(zip(columns, row, strict=True))
        record = {ours: cells[theirs] for ours, theirs in known.items() if cells[theirs].strip() not in _values.MISSING}
        if "text" not in record:
            raise Refused("no-article", f"row {origin.record} has an empty text", line=line)
        return _fields.article(order.in_record(record, "published"), origin, limits=limits)

    return either(article, origin, limits)


def _broken(error: csv.Error, line: int) -> Refused:
    return Refused("broken-row", f"is no valid table in line {line}: {error}", line=line)
