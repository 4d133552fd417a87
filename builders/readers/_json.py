"""JSON in general: what looks like it, and its value within bounds.

Conventions: a file is told from its first 64 KiB, but for one that begins with a bracket, which is parsed, once.
``Shape``: ``value`` is one value in one piece, ``lines`` is a value a line.
"""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any, Literal, TypeAlias

from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import RawFile
from allegedly.schemas.records import Origin

Shape: TypeAlias = Literal["value", "lines"]
_START = re.compile(r'\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d]|-\d|true|false|null|$)')
_MARK = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'(?:[^"\\]++|\\.)*+"?', re.S)


def shape(raw: RawFile) -> Shape | None:
    """How a file that begins like JSON is built; None for one that does not, or only begins like it."""
    return raw.once(_shape)


def _shape(raw: RawFile) -> Shape | None:
    head = raw.text
    if head is None or not _START.match(head):
        return None
    first, *rest = head.split("\n" if "\n" in head else "\r", 2)
    if rest and rest[0].strip() and is_value(first):
        return "lines"
    # "[1] A note" begins like a list; an object's brace and quotation mark begin nothing else
    return "value" if head.startswith("{") or is_value(raw.data.decode("utf-8", "replace")) else None


def is_value(source: str | bytes) -> bool:
    """Whether a text is an object or a list in JSON."""
    source = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    try:
        return isinstance(json.loads(source.strip("\ufeff \t\r\n\0")), dict | list)
    except (ValueError, RecursionError):
        return False


def loaded(data: bytes, origin: Origin, limits: Limits) -> tuple[Any, Origin]:
    """The value in a JSON file. Refused with line and column where it is broken."""
    source, encoding = encodings.decode(data)
    return parsed(source, limits), replace(origin, encoding=encoding)


def parsed(source: str, limits: Limits, *, line: int = 1) -> Any:
    """The value in a text. ``line``: the number of its first line."""
    deepest(source, limits)
    try:
        # a byte order mark is refused in words of its own
        return json.loads(source) if source.startswith("\ufeff") else _decoder().decode(source)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno + line - 1, "column": error.colno}
        reason = f"is broken JSON: {error.msg} in line {where['line']}, column {where['column']}"
        raise Refused("broken-json", reason, **where) from error
    except RecursionError as error:
        raise over("nesting-limit", "the depth of nested objects and lists", limits.nesting) from error


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)


def _no_constant(name: str) -> float | None:
    """NaN and Infinity are no JSON, but common in it, and say nothing that an article needs."""
    return None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 400 else digits


def deepest(source: str, limits: Limits) -> int:
    """How deep brackets nest. Refused, before anything is parsed, where that passes the limit."""
    level = deepest = offset = 0
    if source.count("[") + source.count("{") <= limits.nesting:
        return 0
    while offset < len(source):
        letter = source[offset]
        if letter == '"':
            offset = _string_end(source, offset + 1)
            continue
        if letter in "[{":
            level += 1
            deepest = max(deepest, level)
            if deepest > limits.nesting:
                raise over("nesting-limit", "the depth of nested objects and lists", limits.nesting)
        elif letter in "]}":
            level -= 1
        offset = _next_mark(source, offset + 1)
    return deepest


def _next_mark(source: str, start: int) -> int:
    mark = _MARK.search(source, start)
    return mark.start() if mark else len(source)


def _string_end(source: str, start: int) -> int:
    string = _STRING_END.match(source, start)
    assert string is not None, "it matches everywhere"
    return _next_mark(source, string.end())


def kind(value: Any) -> str:
    """The name that JSON has for a value."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
