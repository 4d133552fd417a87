"""Frames: JSON as pandas writes a table, column by column or as columns and data.

Conventions: rows come in the order of the first column. What is no such table is None.
Source: pandas, ``DataFrame.to_json``: ``orient`` columns (its default) and split; index and records need no more than a
look for objects.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from allegedly.builders.readers import _fields

Row = dict[str, Any]


def rows(value: Any, fields: Mapping[str, str] | None) -> Iterator[Row] | None:
    """The rows of a table; None where a value is none, or has no column of texts."""
    if not isinstance(value, dict):
        return None
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list) and _texts(columns, fields):
        return (_row(columns, row) for row in data)
    if value and all(isinstance(column, dict) for column in value.values()) and _texts(list(value), fields):
        return _by_columns(value) if _aligned(value, fields) else None
    return None


def _texts(columns: list[Any], fields: Mapping[str, str] | None) -> bool:
    return "text" in _fields.known([column for column in columns if isinstance(column, str)], fields)


def _row(columns: list[Any], row: Any) -> Any:
    return dict(zip(columns, row, strict=True)) if isinstance(row, list) and len(row) == len(columns) else row


def _aligned(value: Mapping[str, Mapping[str, Any]], fields: Mapping[str, str] | None) -> bool:
    """Whether columns have the same rows, and that of the texts holds words."""
    first, *others = value.values()
    texts = value[_fields.known(list(value), fields)["text"]]
    words = all(cell is None or isinstance(cell, str) for cell in texts.values())
    return words and bool(first) and all(other.keys() == first.keys() for other in others)


def _by_columns(value: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    for row in next(iter(value.values())):
        yield {name: column[row] for name, column in value.items()}
