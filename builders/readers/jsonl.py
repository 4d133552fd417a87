"""JSON Lines: an article a line.

Conventions: as in JSON, a line at a time. ``origin.record`` counts the lines that hold something, from 0; a broken
line is a line of the ledger, the others stand. Blank lines are nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _json, hub, json
from allegedly.builders.readers._day_order import DayOrder
from allegedly.builders.readers._record import either
from allegedly.builders.sources import encodings, foreign
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import HEAD, Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/jsonl",)
ENDINGS = ("jsonl", "ndjson")
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """A JSON value a line; or, by its name, what is meant to be that."""
    if raw.text is None:
        # a line of NULs, as a crash leaves it, makes binary data of no more than that line
        known = raw.ending in ENDINGS and _json.is_value(raw.data[:HEAD].lstrip(b"\0\r\n").partition(b"\n")[0])
        return Claim(Strength.NAME, MEDIA_TYPES[0]) if known else None
    form = _json.shape(raw)
    if hub.is_ledger(raw):
        return None
    if raw.ending in ENDINGS:
        # a single line of JSON could be a file of JSON too: here the name tells
        return Claim(Strength.SIGNATURE if form else Strength.NAME, MEDIA_TYPES[0])
    return Claim(Strength.STRUCTURE, MEDIA_TYPES[0]) if form == "lines" else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the lines."""
    number = -1
    kinds = Counter[foreign.Kind]()
    order = DayOrder(lambda: _dates(data, fields, limits))
    for line, raw in enumerate(_lines(data), 1):
        if not raw.strip():
            continue
        for value in _line(raw, origin, number + 1, line, fields, order, limits, kinds):
            number += 1
            yield value
    if kinds:
        yield foreign.not_read(kinds).rejected(origin)


def _lines(data: bytes) -> Iterator[bytes | str]:
    """The lines: of bytes, so that one line that does not decode costs no other; of text where a letter is wider."""
    if encodings.marked(data) or encodings.wide(data[:4096]):
        yield from encodings.decode(data)[0].split("\n")
        return
    start, line_end = 0, b"\n" if b"\n" in data else b"\r"
    while start < len(data):
        end = data.find(line_end, start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _dates(data: bytes, fields: Mapping[str, str] | None, limits: Limits) -> Iterator[Any]:
    """The dates of the lines; of those that can be read."""
    for raw in _lines(data):
        try:
            source = raw if isinstance(raw, str) else encodings.decode(raw)[0]
            yield json.dated(_json.parsed(source, limits), fields)[1]
        except Refused:
            continue  # it is told in the ledger when its turn comes


def _line(
    raw: bytes | str,
    origin: Origin,
    number: int,
    line: int,
    fields: Mapping[str, str] | None,
    order: DayOrder,
    limits: Limits,
    kinds: Counter[foreign.Kind],
) -> Iterator[Article | Rejected]:
    """What a line gives: its article; several where it is the answer of an interface. Counts labels beside the text."""
    origin = replace(origin, record=number)

    def records() -> Iterator[Article | Rejected]:
        nonlocal origin
        source, encoding = (raw, "utf-16") if isinstance(raw, str) else encodings.decode(raw)
        origin = replace(origin, encoding=encoding)
        value = _json.parsed(source, limits, line=line)
        kinds.update(filter(None, [foreign.labelled(value)]))
        for more, item in enumerate(json.articles(value, fields).records if isinstance(value, dict) else [value]):
            if more:
                origin = replace(origin, record=number + more)
            yield json.record(order.in_record(item, json.dated(item, fields)[0]), origin, fields, limits)

    values = records()
    while (value := either(lambda: next(values, None), origin, limits)) is not None:
        yield replace(value, detail={**value.detail, "line": line}) if isinstance(value, Rejected) else value
