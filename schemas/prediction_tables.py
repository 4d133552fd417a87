"""Predictions as tables: CSV, TSV, Parquet, also as pandas writes them.

Conventions: columns are ``task`` (perhaps), ``id``, ``label``, ``score``; a column without a name in front is an index,
which says nothing. What divides cells (comma, semicolon, tab) is told by the header. Null and an empty cell are the same.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from allegedly.schemas import unpacking
from allegedly.schemas.check import Finding
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import shortened

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

COLUMNS = ("task", "id", "label", "score")
#: What a Parquet file may hold instead: objects as the lines of JSON Lines are.
_OBJECTS = ("article", "labels", "sentences")
#: Names under which pandas writes an index, and reads back one that it wrote.
_INDEX = re.compile(r"|Unnamed: [0-9.]+|__index_level_[0-9]+__")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
#: Characters of a line of a table at most: its cells are short.
_LONGEST_ROW = 2**20
#: Rows of Parquet that are unpacked at a time, and bytes and values of a row group at most.
_ROWS, _LARGEST_GROUP, _MOST_VALUES = 256, 2**30, 10**8
#: Bytes of a cell of Parquet at most.
_LARGEST_CELL = 2**16


class Line(NamedTuple):
    """One line: its number (None where the whole file is meant), what it holds, what is wrong with it (None: nothing)."""

    number: int | None
    value: Any
    fault: Finding | None = None


def separated(path: Path, mark: str, needs_task: bool) -> Iterator[Line]:
    """The rows of a CSV or TSV file; ``mark`` divides cells where the header does not say."""
    with unpacking.stream(path) as data:
        # bytes that are no UTF-8 become lone surrogates, so that they are told with their line
        file = io.TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="")
        lines = _short(file)
        blank, header = 0, ""
        for header in lines:
            if header.strip():
                break
            blank += 1
        if header.startswith(("\udcff\udcfe", "\udcfe\udcff")):
            yield Line(1, None, Finding("", "UTF-16", "text in UTF-8"))
            return
        mark = next((each for each in (mark, ",", ";", "\t") if "id" in _header(header, each)), mark)
        # strict: a quotation mark that is never closed is told
        rows = csv.reader(chain(repeat("\n", blank), [header], lines), delimiter=mark, strict=True)
        yield from _rows(rows, mark, needs_task)


def _short(file: io.TextIOWrapper) -> Iterator[str]:
    while line := file.readline(_LONGEST_ROW):
        if len(line) == _LONGEST_ROW:
            raise csv.Error(f"a line of {_LONGEST_ROW} characters or more")
        yield line


def _header(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark, strict=True), [])
    except csv.Error:
        return []


def _rows(rows: Any, mark: str, needs_task: bool) -> Iterator[Line]:
    names: list[str] | None = None
    try:
        for row in filter(None, rows):
            if names is not None:
                yield Line(rows.line_num, *_cells(names, row, mark))
                continue
            names, wrong = row, _columns(row, needs_task)
            if wrong is not None:
                yield Line(rows.line_num, None, wrong)
                return
    except csv.Error as error:
        yield Line(rows.line_num, None, Finding("", str(error), "rows of short cells, every quotation mark closed"))
        return
    if names is None:
        yield Line(1, None, _columns([], needs_task))


def _cells(names: Sequence[str], row: Sequence[str], mark: str) -> tuple[Any, Finding | None]:
    """A row as an object, its score as a number."""
    if len(row) != len(names):
        many = f"{abs(len(row) - len(names))} fields too {'many' if len(row) > len(names) else 'few'}"
        return None, Finding("", many, str(len(names)))
    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return None, Finding("", "bytes that are no UTF-8", "text in UTF-8")
    value: dict[str, Any] = {
        name: cell or None for name, cell in zip(names, row, strict=True) if not _INDEX.fullmatch(name)
    }
    score = value.get("score")
    if score is not None:
        # where semicolons divide cells, a comma may stand in numbers
        number = score.replace(",", ".") if mark == ";" else score
        if not _NUMBER.fullmatch(number) and number.lower() != "nan":
            return None, Finding("/score", f"score {score[:80]!r}", "a number from 0 to 1")
        value["score"] = float(number)
    return value, None


def _columns(names: Sequence[str], needs_task: bool) -> Finding | None:
    """What is wrong with the columns of a table."""
    first = next((place for place, name in enumerate(names) if not _INDEX.fullmatch(name)), len(names))
    named = [*names[first:]]
    strange = [name for name in named if name not in COLUMNS]
    needed = {"task", "id"} if needs_task else {"id"}
    missing = not needed <= set(named) or not {"label", "score"} & set(named)
    if not strange and not missing and len(set(named)) == len(named):
        return None
    hint = f": {unknown('column', strange[0][:80], list(COLUMNS))}" if strange else ""
    listed = ", ".join(name[:40] for name in names[:20]) or "none"
    return Finding("", f"columns {listed}", f"{', '.join(COLUMNS)}, each once{hint}")


def parquet(path: Path, needs_task: bool) -> Iterator[Line]:
    """The rows of a Parquet file, of four columns or of objects."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            objects = "article" in schema.names
            wrong = _object_columns(schema.names) if objects else _columns(_outer(schema), needs_task) or _typed(schema)
            wrong = wrong or _too_large(file)
            if wrong is not None:
                yield Line(None, None, wrong)
                return
            for number, row in enumerate(_parquet_rows(file, objects)):
                yield _object(number, row) if objects else Line(number, row)
    except (pa.ArrowException, OSError, MemoryError) as error:
        yield Line(None, None, Finding("", f"no Parquet: {str(error)[:200]}", "a Parquet file of predictions"))


def _parquet_rows(file: "pq.ParquetFile", objects: bool) -> Iterator[dict[str, Any]]:
    kept = [name for name in file.schema_arrow.names if not _INDEX.fullmatch(name)]
    for batch in file.iter_batches(batch_size=_ROWS, columns=kept):
        if not objects and batch.nbytes > _ROWS * _LARGEST_CELL:
            raise OSError(f"cells of more than {_LARGEST_CELL} bytes")
        yield from batch.to_pylist()


def _outer(schema: "pa.Schema") -> list[str]:
    """Columns in the order of a table: pandas puts an index behind the others."""
    return sorted(schema.names, key=lambda name: not _INDEX.fullmatch(name))


def _too_large(file: "pq.ParquetFile") -> Finding | None:
    """A row group that would not fit once it is unpacked."""
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        values = max((group.column(place).num_values for place in range(group.num_columns)), default=0)
        if group.total_byte_size > _LARGEST_GROUP or values > _MOST_VALUES:
            found = f"row group {number} of {group.total_byte_size} bytes and {values} values"
            return Finding(
                "", found, f"at most {_LARGEST_GROUP} bytes and {_MOST_VALUES} values: write smaller row groups"
            )
    return None


def _object_columns(names: Sequence[str]) -> Finding | None:
    if {name for name in names if not _INDEX.fullmatch(name)} <= set(_OBJECTS):
        return None
    return Finding(
        "", f"columns {', '.join(names)}", f"{', '.join(_OBJECTS)} beside each other, or {', '.join(COLUMNS)}"
    )


def _typed(schema: "pa.Schema") -> Finding | None:
    """A column whose type cannot hold what it should: strings, of labels their numbers too, of scores numbers."""
    import pyarrow.types as kinds

    numbers = [kinds.is_floating, kinds.is_integer]
    fitting = {"score": numbers, "label": [_is_text, kinds.is_integer, kinds.is_floating, kinds.is_boolean]}
    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        if _INDEX.fullmatch(field.name):
            continue
        if not any(fits(kind) for fits in (*fitting.get(field.name, [_is_text]), kinds.is_null)):
            expected = "numbers" if field.name == "score" else "strings"
            return Finding(f"/{field.name}", f"a column of {field.type}", expected)
    return None


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _object(number: int, row: Mapping[str, Any]) -> Line:
    """A row that is an object: a struct has all its keys in every row, so those without a value are left out."""
    value = _filled(row)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        return Line(number, None, Finding("", f"{shortened(value)} ({error})", "what JSON can hold"))
    return Line(number, value)


def _filled(value: Any) -> Any:
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item) for name, item in value.items() if item is not None}
    return value
