"""Files of predictions, read line by line: JSON Lines, JSON, CSV, TSV, Parquet; all but the last packed by gzip too.

Conventions: contract, section 7. A line has its number in the file (from 1; rows of Parquet from 0) and either the JSON
value that it holds or the fault that keeps it from holding one. Of a JSON document that is an array each element is a
line; so is each row of one that holds columns, as pandas writes a table. What the values say is checked elsewhere.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from allegedly.schemas import unpacking
from allegedly.schemas.check import Finding
from allegedly.schemas.errors import UsageError
from allegedly.schemas.prediction_tables import COLUMNS, Line, parquet, separated

_EXPECTED = "expected predictions as .jsonl, .json, .csv, .tsv or .parquet"


def lines(path: Path, *, needs_task: bool = True) -> Iterator[Line]:
    """The lines of a file, one by one. UsageError where there is none, or none that holds predictions by its ending.

    Behind a fault that concerns the whole file nothing follows. ``needs_task``: whether a table must have a column task.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; {_EXPECTED}")
    return _whole(reader(path, needs_task), path)


def _whole(read: Callable[[Path], Iterator[Line]], path: Path) -> Iterator[Line]:
    try:
        yield from read(path)
    except unpacking.Broken as broken:
        yield Line(None, None, broken.finding)


def reader(path: Path, needs_task: bool = True) -> Callable[[Path], Iterator[Line]]:
    """What reads a file, by its ending; one of another ending is read as JSON Lines if its first line is an object."""
    packed = path.suffix.lower() == ".gz"
    ending = Path(path.stem).suffix.lower() if packed else path.suffix.lower()
    if ending == ".parquet":
        if packed:
            raise UsageError(f"{path}: Parquet is packed by itself; unpack the file")
        return partial(parquet, needs_task=needs_task)
    if ending in _MARKS:
        return partial(separated, mark=_MARKS[ending], needs_task=needs_task)
    if ending not in _JSON and not isinstance(parsed(_first_line(path))[0], dict):
        raise UsageError(f"{path}: no predictions; {_EXPECTED}")
    return _document if ending == ".json" and not holds_lines(path) else _json_lines


def parsed(data: bytes) -> tuple[Any, str | None]:
    """A JSON value, or None and what is wrong with it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, "UTF-16 in place of UTF-8"
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once), None
    except UnicodeDecodeError as error:
        return None, f"bytes that are no UTF-8 at {error.start}"
    except RecursionError:
        return None, "JSON nested too deeply"
    except ValueError as error:
        return None, f"broken JSON: {error}"


def holds_lines(path: Path) -> bool:
    """Whether the first line of a JSON file is a whole value, with others behind it."""
    try:
        with unpacking.stream(path) as file:
            filled = (line for line in unpacking.lines(file) if line.strip())
            return parsed(next(filled, b""))[1] is None and next(filled, None) is not None
    except unpacking.Broken:
        return False


def _first_line(path: Path) -> bytes:
    try:
        with unpacking.stream(path) as file:
            return next((line for line in unpacking.lines(file) if line.strip()), b"")
    except unpacking.Broken:
        return b""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; which of two values of one key is meant nobody knows."""
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return value


def _document(path: Path) -> Iterator[Line]:
    value, broken = parsed(unpacking.whole(path))
    if broken is not None:
        yield Line(None, None, Finding("", broken, "a JSON document"))
    elif isinstance(value, list):
        yield from (Line(number, element) for number, element in enumerate(value, 1))
    elif is_table(value):
        rows = list(value["id"])
        yield from (
            Line(number, {name: column.get(row) for name, column in value.items()})
            for number, row in enumerate(rows, 1)
        )
    else:
        yield Line(None, value)


def is_table(value: Any) -> bool:
    """Whether a document holds columns, each an object from the row to the cell."""
    return (
        isinstance(value, dict)
        and "id" in value
        and set(value) <= set(COLUMNS)
        and all(isinstance(column, dict) and column.keys() == value["id"].keys() for column in value.values())
    )


def _json_lines(path: Path) -> Iterator[Line]:
    with unpacking.stream(path) as file:
        for number, line in enumerate(unpacking.lines(file), 1):
            if line.strip():
                value, broken = parsed(line)
                yield Line(number, value, None if broken is None else Finding("", broken, "one JSON object a line"))


_JSON = (".json", ".jsonl", ".ndjson")
_MARKS = {".csv": ",", ".tsv": "\t"}

__all__ = ["COLUMNS", "Line", "holds_lines", "is_table", "lines", "parsed", "reader"]
