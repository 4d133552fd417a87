"""Tables in binary containers (Parquet, Arrow, SQLite): which of their columns are read, and their rows as articles.

Conventions: columns have the names that fields of JSON have; others are not decoded. ``origin.record`` counts rows from 0.
Rows without a text are one line of the ledger. What rows expand to is weighed before any is read: a dictionary, or a run,
says the same words a million times in a few bytes.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allegedly.builders.readers import _bodies, _fields, _makers
from allegedly.builders.sources.limits import Limits, Refused, expands, over
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    import pyarrow as pa

#: So many rows are made Python's own at a time; and so many bytes one counts beside its text.
ROWS, ROW_BYTES = 16, 64
#: What tables of our own releases have.
_OURS = ({"origin", "blocks", "sentences", "markup"}, {"article_id", "extent"}, {"article_id", "cue"},
         {"article_id", "block", "speculation", "attribution"}, {"article_id", "layer", "by", "labels"})  # fmt: skip
OWN = Refused(
    "own-release",
    "is part of a release, no raw news; name the release with --previous to keep its splits, "
    "and bring labels in with `allegedly import`",
)


def wanted(
    names: Collection[str], fields: Mapping[str, str] | None, limits: Limits, structs: Collection[str] = ()
) -> list[str]:
    """The columns that are read. Refused where none holds the text, where a named column is not there, and for tables
    of our own releases. ``structs``: columns that hold records with a text, which are read where no column is a text."""
    if any(own <= set(names) for own in _OURS):
        raise OWN
    if len(names) > limits.members:
        raise over("members-limit", "the number of its columns", limits.members, len(names))
    first = {ours: name.removeprefix("/").split("/")[0] for ours, name in (fields or {}).items()}
    shown = ", ".join(list(names)[:20])[:200] or "none"
    if (text := first.get("text")) is not None and text not in names:
        raise Refused("no-article", f"has no column {text!r}; its columns are: {shown}")
    known = _fields.known(names, fields)
    made = [name for name in names if name in _makers.names()] if _makers.of_table(names) else []
    if "text" in known or "text" in first:
        structs = ()
    elif not made and not structs:
        raise Refused(
            "no-article",
            f"has no column of texts (text, body, content, article, ...); its columns are: {shown}; "
            "name it with `text = ...` in [fields]",
        )
    return [name for name in names if name in {*first.values(), *made, *structs} or _fields.is_known(name)]


def structs(schema: "pa.Schema") -> list[str]:
    """The columns that hold records with a text in them, however deep."""
    return [field.name for field in schema if _holds_text(field.type)]


def _holds_text(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    inner = list(kind) if pa.types.is_struct(kind) else []
    named = "text" in _fields.known([field.name for field in inner])
    return named or any(_holds_text(field.type) for field in inner)


def of_batches(
    batches: "Iterable[pa.RecordBatch]", origin: Origin, fields: Mapping[str, str] | None, limits: Limits
) -> Iterator[Article | Rejected]:
    """The articles of the rows of record batches."""
    yield from of_rows(_rows(batches, limits), origin, fields, limits)


def weigh(batches: "Iterable[pa.RecordBatch]", size: int, limits: Limits) -> None:
    """Refused where what record batches expand to is over the limit for a file of so many bytes. What is broken in them is
    for whoever reads them to tell."""
    from allegedly.builders.readers import _weights

    total = 0.0
    with suppress(OSError, ValueError):
        for batch in batches:
            few(batch.num_rows, limits)
            total += ROW_BYTES * batch.num_rows + sum(float(_weights.of(column).sum()) for column in batch.columns)
            if total > limits.expansion(size):
                raise expands("what its rows expand to", size, limits)


def few(rows: int, limits: Limits) -> None:
    """Refused for more rows than could be read, whatever is in them."""
    if rows > (most := limits.expanded_bytes // ROW_BYTES):
        raise over("expanded-bytes-limit", f"the number of its rows, {ROW_BYTES} bytes each,", most * ROW_BYTES, rows)


def _rows(batches: "Iterable[pa.RecordBatch]", limits: Limits) -> Iterator[dict[str, Any]]:
    for batch in batches:
        few(batch.num_rows, limits)
        batch = _readable(batch)
        for start in range(0, batch.num_rows, ROWS):
            yield from batch.slice(start, ROWS).to_pylist()


def _readable(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """Times to the microsecond, for Python has none that are finer."""
    for number, column in enumerate(batch.schema):
        if (coarse := _coarse(column.type)) != column.type:
            batch = batch.set_column(number, column.name, batch.column(number).cast(coarse, safe=False))
    return batch


def _coarse(kind: "pa.DataType") -> "pa.DataType":
    import pyarrow as pa

    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    return pa.struct([field.with_type(_coarse(field.type)) for field in kind]) if pa.types.is_struct(kind) else kind


def of_rows(
    rows: Iterable[Mapping[str, Any]], origin: Origin, fields: Mapping[str, str] | None, limits: Limits
) -> Iterator[Article | Rejected]:
    """The articles of rows, and a line of the ledger for all that have no text, and for all that are something else."""
    expanded = blank = 0
    others = Counter[str]()
    first = None
    number = -1
    for number, row in enumerate(rows):
        here = replace(origin, record=number)
        record = {name: plain for name, cell in row.items() if (plain := _plain(cell)) not in (None, "", [], {})}
        expanded += ROW_BYTES + _letters(record)
        if expanded > limits.expanded_bytes:
            yield over("expanded-bytes-limit", "what its rows expand to", limits.expanded_bytes).rejected(here)
            return
        if (maker := _makers.of(record)) and (kind := maker.otherwise(record)):
            others[kind] += 1
            continue
        try:
            story = _innermost(record, fields)
            if story is None and (short := _fields.teaser(record, row)):
                story = {"text": record.pop(short), **record}
            if story is not None:
                yield _fields.article(story, here, fields=fields, limits=limits)
            else:
                blank += 1
                first = number if first is None else first
        except Refused as refused:
            yield refused.rejected(here)
    if blank:
        reason = f"has no text in {blank} of its {number + 1} rows, the first is row {first}"
        yield Refused("no-article", reason, rows=blank).rejected(replace(origin, record=first))
    if others:
        kinds = ", ".join(f"{kind}: {count}" for kind, count in others.most_common(8))
        reason = f"has no article in {others.total()} of its {number + 1} rows: {kinds}"
        yield Refused("no-article", reason[:400], rows=others.total()).rejected(origin)
    if number < 0:
        yield Refused("no-article", "is a table without rows").rejected(origin)


def _letters(cell: Any) -> int:
    """How many letters stand in a cell, wherever in it."""
    if isinstance(cell, str):
        return len(cell)
    inner = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list) else ()
    return sum(map(_letters, inner))


def _innermost(record: dict[str, Any], fields: Mapping[str, str] | None) -> dict[str, Any] | None:
    """The record with a text that a row is or holds, with what stands around it; None where there is none."""
    if _has_text(record, fields):
        return record
    around = {name: cell for name, cell in record.items() if not isinstance(cell, dict)}
    inner = (_innermost(cell, fields) for cell in record.values() if isinstance(cell, dict))
    return next(({**around, **found} for found in inner if found is not None), None)


def _has_text(record: Mapping[str, Any], fields: Mapping[str, str] | None) -> bool:
    return _bodies.is_text(_fields.values(record, fields).get("text"))


def _plain(cell: Any) -> Any:
    """A cell as JSON would hold it: bytes are text, times are ISO 8601, what is no number is nothing."""
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).decode("utf-8", "replace")
    if isinstance(cell, datetime.datetime):
        # a column of days, as data frames keep it
        midnight = cell.tzinfo is None and cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, float) and cell != cell:
        return None
    if isinstance(cell, list):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {name: _plain(item) for name, item in cell.items()}
    return cell if cell is None or isinstance(cell, str | int | float | bool) else str(cell)
