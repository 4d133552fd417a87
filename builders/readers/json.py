"""JSON: one article, a list of them, or an object that holds a list (as news APIs answer).

Conventions: the text is the text field, verbatim; the title is a field only. ``fields`` maps our names to theirs
(``text = "/body"``). A record without a text, or that is no object, is a line of the ledger with its number.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _fields, ninjs
from allegedly.builders.sources import encodings as encoding
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.schemas.records import Article, Origin, Rejected

DEFAULT = Limits()


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of a JSON file."""
    try:
        value, origin = loaded(data, origin, limits)
        found = records(value, fields)
    except Refused as refused:
        yield refused.rejected(origin)
        return
    if isinstance(found, dict):
        yield record(found, origin, fields, limits)
        return
    for number, item in enumerate(found):
        yield record(item, replace(origin, record=number), fields, limits)


def record(value: Any, origin: Origin, fields: Mapping[str, str] | None, limits: Limits) -> Article | Rejected:
    """The article of one record, or why there is none."""
    try:
        if not isinstance(value, dict):
            raise Refused("no-article", f"is a JSON {kind(value)}, where an object with a text was expected")
        if not fields and ninjs.is_item(value):
            return ninjs.article(value, replace(origin, reader="ninjs"), limits)
        return _fields.article(value, origin, fields=fields, limits=limits)
    except Refused as refused:
        return refused.rejected(origin)


def loaded(data: bytes, origin: Origin, limits: Limits) -> tuple[Any, Origin]:
    """The value in a JSON file. Refused with line and column where it is broken."""
    source, name = encoding.decode(data)
    return parsed(source, limits), replace(origin, encoding=name)


def parsed(source: str, limits: Limits, *, line: int = 1) -> Any:
    """The value in a text. ``line``: the number of its first line."""
    deepest(source, limits)
    try:
        return json.loads(source, parse_constant=_no_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno + line - 1, "column": error.colno}
        reason = f"is broken JSON: {error.msg} in line {where['line']}, column {where['column']}"
        raise Refused("broken-json", reason, **where) from error
    except RecursionError as error:
        raise over("nesting-limit", "the depth of nested objects and lists", limits.nesting) from error


def _no_constant(name: str) -> float | None:
    """NaN and Infinity are no JSON, but common in it, and say nothing that an article needs."""
    return None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 400 else digits


def deepest(source: str, limits: Limits) -> int:
    """How deep brackets nest. Refused, before anything is parsed, where that passes the limit."""
    level = deepest = at = 0
    if source.count("[") + source.count("{") <= limits.nesting:
        return 0
    while at < len(source):
        letter = source[at]
        if letter == '"':
            at = _string_end(source, at + 1)
            continue
        if letter in "[{":
            level += 1
            deepest = max(deepest, level)
            if deepest > limits.nesting:
                raise over("nesting-limit", "the depth of nested objects and lists", limits.nesting)
        elif letter in "]}":
            level -= 1
        at = _next_mark(source, at + 1)
    return deepest


def _next_mark(source: str, at: int) -> int:
    match = _MARK.search(source, at)
    return match.start() if match else len(source)


def _string_end(source: str, at: int) -> int:
    match = _END.match(source, at)
    assert match is not None, "it matches everywhere"
    return _next_mark(source, match.end())


_MARK = re.compile(r'["\[\]{}]')
_END = re.compile(r'(?:[^"\\]++|\\.)*+"?', re.S)


def records(value: Any, fields: Mapping[str, str] | None = None) -> dict | list:
    """The record, or the list of them, in a value: itself, or the first list of records or record that it holds."""
    found = _records(value, fields, 0)
    if found is None:
        if isinstance(value, dict):
            return value  # to be told which fields it has
        raise Refused("no-article", f"is a JSON {kind(value)} without an article in it")
    return found


def _records(value: Any, fields: Mapping[str, str] | None, level: int) -> dict | list | None:
    if isinstance(value, list):
        return value if any(isinstance(item, dict) for item in value) else None
    if not isinstance(value, dict) or level > 3:
        return None
    if ninjs.is_item(value) or _fields.is_text(_fields.values(value, fields).get("text")):
        return value
    inner = [item for item in value.values() if isinstance(item, dict | list)]
    for item in sorted(inner, key=lambda item: isinstance(item, dict)):  # lists first
        if isinstance(item, list) and not any(_has_text(entry, fields) for entry in item[:50]):
            continue
        if (found := _records(item, fields, level + 1)) is not None:
            return found
    return None


def _has_text(value: Any, fields: Mapping[str, str] | None) -> bool:
    return isinstance(value, dict) and (
        ninjs.is_item(value) or _fields.is_text(_fields.values(value, fields).get("text"))
    )


def kind(value: Any) -> str:
    """The name that JSON has for a value."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
