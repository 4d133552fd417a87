"""JSON: one article, a list of them, or an object that holds some (as news APIs answer and crawlers write).

Conventions: the text is the text field, verbatim; the title is a field only. ``fields`` maps our names to theirs
(``text = "/body"``). A record without a text, or that is no object, is a line of the ledger with its number; so is what
could be an article and stands inside or beside one (comments, related stories), and so are labels that a tool of
annotation put beside the text. Items of ninjs among the records are read as such.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _bodies, _fields, _frames, _json, _json_feeds, _records, ninjs
from allegedly.builders.readers._day_order import DayOrder
from allegedly.builders.readers._record import either
from allegedly.builders.readers._records import Records
from allegedly.builders.sources import foreign
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/json",)
ENDINGS = ("json",)
DEFAULT = Limits()
#: What data frames write as text for what is not there; JSON has ``null`` for what people call NULL or NA.
_NOTHING = frozenset(("nan", "NaN", "<NA>", "NaT"))


def recognise(raw: RawFile) -> Claim | None:
    """One JSON value in one piece; or, by its name, what is meant to be one, that the reader may say where it breaks."""
    if raw.text is None:
        return None
    form = _json.shape(raw)
    if form == "value":
        return Claim(Strength.STRUCTURE, MEDIA_TYPES[0])
    return Claim(Strength.NAME, MEDIA_TYPES[0]) if raw.ending in ENDINGS and form is None else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of a JSON file."""
    try:
        value, origin = _json.loaded(data, origin, limits)
        met = articles(value, fields)
    except Refused as refused:
        yield refused.rejected(origin)
        return
    several = met.listed or len(met.records) > 1
    order = DayOrder(lambda: (dated(item, fields)[1] for item in met.records))
    for number, item in enumerate(met.records):
        item = order.in_record(item, dated(item, fields)[0])
        yield record(item, replace(origin, record=number) if several else origin, fields, limits)
    if met.passed:
        yield met.verdict().rejected(origin)
    kinds = Counter(filter(None, map(foreign.labelled, value if isinstance(value, list) else [value])))
    if kinds:
        yield foreign.not_read(kinds).rejected(origin)


def articles(value: Any, fields: Mapping[str, str] | None) -> Records:
    """The records of a value: those that can be articles, wherever they lie; else all items of a list, or the object
    itself, to be told which fields it has. Refused where there is no object."""
    if rows := _frames.rows(value, fields):
        return Records(list(rows), listed=True)
    return _records.records(_json_feeds.spread(value), lambda item: ninjs.is_item(item) or _has_text(item, fields))


def record(value: Any, origin: Origin, fields: Mapping[str, str] | None, limits: Limits) -> Article | Rejected:
    """The article of one record, or why there is none."""

    def article() -> Article:
        if not isinstance(value, dict):
            raise Refused("no-article", f"is a JSON {_json.kind(value)}, where an object with a text was expected")
        if not fields and ninjs.is_item(value):
            return ninjs.article(value, replace(origin, reader="ninjs"), limits)
        told = {name: item for name, item in value.items() if not (isinstance(item, str) and item in _NOTHING)}
        return _fields.article(told, origin, fields=fields, limits=limits)

    return either(article, origin, limits)


def dated(item: Any, fields: Mapping[str, str] | None) -> tuple[str | None, Any]:
    """The name of the field with a record's date, and what it holds."""
    name = _fields.known(item, fields).get("published") if isinstance(item, dict) else None
    return name, item.get(name) if name else None


def _has_text(item: Mapping[str, Any], fields: Mapping[str, str] | None) -> bool:
    return not _fields.other_thing(item, fields) and _bodies.is_text(_fields.values(item, fields).get("text"))
