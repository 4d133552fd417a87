"""Files of predictions, read line by line: JSON Lines, CSV, TSV, Parquet.

Conventions: contract, section 7. A line has its number in the file (from 1; rows of Parquet from 0) and either the JSON
value that it holds or the fault that keeps it from holding one. Null, an empty cell and a missing key are the same. What
the values say is checked elsewhere.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from allegedly.schemas.check import Finding
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import shortened

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("task", "id", "label", "score")
#: What a Parquet file may hold instead: objects as the lines of JSON Lines are.
_OBJECTS = ("article", "labels", "sentences")


class Line(NamedTuple):
    """One line: its number (None where the whole file is meant), what it holds, what is wrong with it (None: nothing)."""

    number: int | None
    value: Any
    fault: Finding | None = None


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file, one by one. UsageError where there is none, or none that holds predictions by its ending.

    Behind a fault that concerns the whole file nothing follows.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; expected predictions as .jsonl, .csv, .tsv or .parquet")
    return reader(path)(path)


def reader(path: Path) -> Callable[[Path], Iterator[Line]]:
    """What reads a file, by its ending; one of another ending is read as JSON Lines if its first line is an object."""
    ending = path.suffix.lower()
    if ending in _READERS:
        return _READERS[ending]
    if ending not in _JSON and not isinstance(parsed(_first_line(path))[0], dict):
        raise UsageError(f"{path}: no predictions; expected them as .jsonl, .csv, .tsv or .parquet")
    return _document if ending == ".json" and not holds_lines(path) else _json_lines


def parsed(data: bytes) -> tuple[Any, str | None]:
    """A JSON value, or None and what is wrong with it."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant), None
    except UnicodeDecodeError as error:
        return None, f"bytes that are no UTF-8 at {error.start}"
    except RecursionError:
        return None, "JSON nested too deeply"
    except ValueError as error:
        return None, f"broken JSON: {error}"


def holds_lines(path: Path) -> bool:
    """Whether the first line of a JSON file is a whole value, with others behind it."""
    with path.open("rb") as file:
        filled = (line for line in file if line.strip())
        return parsed(next(filled, b""))[1] is None and next(filled, None) is not None


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return next((line for line in file if line.strip()), b"")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _broken(fault: str | None, expected: str) -> Finding | None:
    return None if fault is None else Finding("", fault, expected)


def _document(path: Path) -> Iterator[Line]:
    value, broken = parsed(path.read_bytes())
    yield Line(None, value, _broken(broken, "a JSON document"))


def _json_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                value, broken = parsed(line)
                yield Line(number, value, _broken(broken, "one JSON object a line"))


def _comma(path: Path) -> Iterator[Line]:
    return _table(path, ",")


def _tab(path: Path) -> Iterator[Line]:
    return _table(path, "\t")


def _table(path: Path, delimiter: str) -> Iterator[Line]:
    # bytes that are no UTF-8 become lone surrogates, so that they are told with their line
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = csv.reader(file, delimiter=delimiter)
        names: list[str] | None = None
        try:
            for row in filter(None, rows):
                if names is not None:
                    yield Line(rows.line_num, *_cells(names, row))
                    continue
                names, wrong = row, _columns(row)
                if wrong is not None:
                    yield Line(rows.line_num, None, wrong)
                    return
        except csv.Error as error:
            yield Line(rows.line_num, None, Finding("", str(error), "rows of short cells, every quotation mark closed"))
            return
        if names is None:
            yield Line(1, None, _columns([]))


def _cells(names: Sequence[str], row: Sequence[str]) -> tuple[Any, Finding | None]:
    """A row as an object, its score as a number."""
    if len(row) > len(names):
        return None, Finding("", f"{len(row) - len(names)} fields too many", str(len(names)))
    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return None, Finding("", "bytes that are no UTF-8", "text in UTF-8")
    value: dict[str, Any] = {
        name: cell or None for name, cell in zip(names, chain(row, [""] * len(names)), strict=False)
    }
    try:
        value["score"] = None if value.get("score") is None else float(value["score"])
    except ValueError:
        return None, Finding("/score", f"score {value['score']!r}", "a number from 0 to 1")
    return value, None


def _columns(names: Sequence[str]) -> Finding | None:
    """What is wrong with the columns of a table."""
    strange = [name for name in names if name not in COLUMNS]
    missing = not {"task", "id"} <= set(names) or not {"label", "score"} & set(names)
    if not strange and not missing and len(set(names)) == len(names):
        return None
    hint = f": {unknown('column', strange[0], list(COLUMNS))}" if strange else ""
    return Finding("", f"columns {', '.join(names) or 'none'}", f"{', '.join(COLUMNS)}, each once{hint}")


def _parquet(path: Path) -> Iterator[Line]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            objects = "article" in schema.names
            wrong = _object_columns(schema.names) if objects else _columns(schema.names) or _typed(schema)
            if wrong is not None:
                yield Line(None, None, wrong)
                return
            rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
            for number, row in enumerate(rows):
                yield _object(number, row) if objects else Line(number, row)
    except (pa.ArrowException, OSError) as error:
        yield Line(None, None, Finding("", f"no Parquet: {error}", "a Parquet file of predictions"))


def _object_columns(names: Sequence[str]) -> Finding | None:
    if set(names) <= set(_OBJECTS):
        return None
    return Finding(
        "", f"columns {', '.join(names)}", f"{', '.join(_OBJECTS)} beside each other, or {', '.join(COLUMNS)}"
    )


def _typed(schema: "pa.Schema") -> Finding | None:
    """A column whose type cannot hold what it should."""
    import pyarrow.types as kinds

    for field in schema:
        kind = field.type.value_type if kinds.is_dictionary(field.type) else field.type
        fitting = [kinds.is_floating, kinds.is_integer] if field.name == "score" else [_is_text]
        if not any(fits(kind) for fits in (*fitting, kinds.is_null)):
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


_JSON = (".json", ".jsonl", ".ndjson")
_READERS: dict[str, Callable[[Path], Iterator[Line]]] = {".csv": _comma, ".tsv": _tab, ".parquet": _parquet}
