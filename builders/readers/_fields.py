"""Records of other people: their field names to ours, and a record with a text to an article.

Conventions: names are compared as ``_field_names`` says. ``fields`` maps our names to theirs: a JSON
pointer (``/body``, ``/meta/by/0``) or a plain name. The text is taken verbatim, and the title is a field only; a
text that holds HTML is read as HTML. What a maker that we know writes is found where it puts it.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from allegedly.builders.readers import _bodies, _json_ld, _makers, _nodes, _teasers, _values
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.readers._field_names import ASIDE, TEASERS, is_of_outlet, ours, plain
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import articles
from allegedly.schemas.records import Article, Origin

#: Objects of metadata that stand beside a text, and names in them that say something of the object or the crawl.
_META = frozenset(("meta", "metadata", "articlemeta", "articlemetadata", "metadaten"))
_OF_META = frozenset(("name", "by", "time", "timestamp", "created", "createdat", "provider", "media", "site", "source"))

#: Of use to every reader that takes words from a record.
checked = _bodies.checked


def known(names: Collection[Any], fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which of our fields a record's names give: ours to theirs."""
    theirs: dict[str, tuple[int, str]] = {}
    for name in names:
        if isinstance(name, str) and (ranked := ours(name)) and not is_of_outlet(name, names):
            field, rank = ranked
            if field not in theirs or rank < theirs[field][0]:
                theirs[field] = (rank, name)
    columns = {field: name for field, (_, name) in theirs.items()}
    if "text" not in columns and (short := _teasers.among(names)):
        columns["text"] = short
    for field, name in (fields or {}).items():
        if name.removeprefix("/") in names:
            columns[field] = name.removeprefix("/")
    return columns


def is_known(name: str) -> bool:
    """Whether a name is one of those that fields of ours have, or short descriptions."""
    return ours(name) is not None or plain(name) in TEASERS


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer, or a plain name, points at; None where there is nothing."""
    steps = [pointer] if not pointer.startswith("/") else pointer[1:].split("/")
    for step in steps:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def values(record: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Our fields of a record: those that ``fields`` names from there, the others from where its maker puts them, or by
    their common names. A common name that holds nothing gives way to the next."""
    maker = _makers.of(record)
    if maker is None:
        ours_to_values = _commonly_named(record)
    elif maker.record:
        inner = _makers.at(record, maker.record)
        ours_to_values = (values(inner) if isinstance(inner, dict) else {}) | maker.values(record)
    elif maker.names:
        plainly = {name: _makers.unwrapped(value) for name, value in record.items()}
        ours_to_values = _commonly_named(plainly) | maker.values(record)
    else:
        ours_to_values = maker.values(record)
    for field, pointer in (fields or {}).items():
        ours_to_values[field] = pointed(record, pointer)
    return ours_to_values


def _commonly_named(record: Mapping[str, Any]) -> dict[str, Any]:
    ranked: dict[str, list[tuple[int, Any]]] = {}
    for name, value in record.items():
        named = ours(name) if isinstance(name, str) else None
        if named is None or value in (None, "", [], {}):
            continue
        field, rank = named
        if field == "source_id" and is_of_outlet(name, record):
            continue
        if (field != "text" or _bodies.is_text(value)) and (field != "outlet" or outlet(value)):
            ranked.setdefault(field, []).append((rank, value))
    told = {field: min(pairs, key=lambda pair: pair[0])[1] for field, pairs in ranked.items()}
    if "text" not in told and (body := _unnamed_body(record)) is not None:
        told["text"] = body
    return _beside(record) | told if "text" in told else told


def _unnamed_body(record: Mapping[str, Any]) -> Any:
    """What has the paragraphs of a text, whatever it is called; None where nothing has, or only what stands beside one."""
    bodies = (
        value for name, value in record.items() if isinstance(value, dict | list) and plain(str(name)) not in ASIDE
    )
    return next((value for value in bodies if _nodes.is_prose(value)), None)


def _beside(record: Mapping[str, Any]) -> dict[str, Any]:
    """Our fields that lie in an object of metadata beside the text; not by names that such an object has for itself."""
    for name, inner in record.items():
        if isinstance(inner, dict) and isinstance(name, str) and plain(name) in _META:
            named = {key: value for key, value in inner.items() if plain(str(key)) not in _OF_META}
            told = _commonly_named(named)
            return {field: value for field, value in told.items() if field not in ("text", "source_id")}
    return {}


def teaser(record: Mapping[str, Any], columns: Collection[Any] = ()) -> str | None:
    """The name of the short description that is the text of a record: it has a title, no place for a text, and is of news,
    by itself or by the columns of its table."""
    if other_thing(record) or any(isinstance(name, str) and (ours(name) or ("",))[0] == "text" for name in record):
        return None
    if _json_ld.is_article(record):
        name = next((name for name in record if plain(str(name)) in TEASERS), None)
    else:
        name = _teasers.among(columns) if columns else _teasers.of(record)
    return name if name and isinstance(record.get(name), str) and single(values(record).get("title")) else None


def other_thing(record: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> str | None:
    """What a record is by its type in JSON-LD, if that is no article; not where somebody says where the text is."""
    return None if (fields or {}).get("text") else _json_ld.other(record)


def article(
    record: Mapping[str, Any], origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits
) -> Article:
    """The article of a record. Refused where it has no text, or is no article by what its maker says."""
    maker = _makers.of(record)
    if not fields and maker and maker.none:
        reason = (
            f"is {maker.none}, not an article; to read it all the same, name its text with `text = ...` in [fields]"
        )
        raise Refused("comments", reason)
    if kind := other_thing(record, fields):
        raise Refused("no-article", f"is of type {kind} in JSON-LD, no article", found=kind)
    if maker and (kind := maker.otherwise(record)):
        raise Refused("no-article", f"is no article but a {kind}", found=kind)
    named = values(record, fields)
    words = named.pop("text", None)
    if words is None and not (fields or {}).get("text") and (short := teaser(record)):
        words = record[short]
    if not _bodies.is_text(words):
        raise _no_text(record, (fields or {}).get("text"))
    told = metadata(named)
    words, blocks = _bodies.body(words, told.get("title"), limits)
    return articles.article(words, origin, blocks=blocks, **told)


def _no_text(record: Mapping[str, Any], where: str | None) -> Refused:
    maker = _makers.of(record)
    inner = _makers.at(record, maker.record) if maker else None
    names = ", ".join(sorted(str(name) for name in (inner if isinstance(inner, dict) else record))[:12]) or "none"
    wanted = f"no text at {where!r}" if where else "no field with a text (text, body, content, article, ...)"
    reason = f"has {wanted}; its fields are: {names[:200]}; name it with `text = ...` in [fields]"
    return Refused("no-article", reason)


def metadata(named: Mapping[str, Any]) -> dict[str, Any]:
    """Values of our fields in the form that an article wants; what is not understood is left out."""
    out: dict[str, Any] = {}
    for field in ("title", "subtitle", "url", "section", "series", "licence", "source_id"):
        if value := single(named.get(field)):
            out[field] = _values.first_line(value) if field in ("title", "subtitle") and "<" in value else value
    if str(out.get("url")).startswith("/"):
        del out["url"]  # an address on a site that is not named
    if outlet_ := outlet(named.get("outlet")):
        out["outlet"] = outlet_
        if "title" in out:
            out["title"] = _values.without_outlet(out["title"], outlet_)
    byline = _byline(named.get("authors"))
    out["authors"] = byline.people
    if byline.agencies:
        out["agencies"] = byline.agencies
    for field in ("themes", "regions"):
        out[field] = several(named.get(field))
    if published := _values.date(named.get("published")):
        out["published"] = published
    if language := _values.language(single(named.get("language"))):
        out["language"] = language
    return out


_ADDRESS = re.compile(r"(?:[a-z][a-z+.-]*://|//|www\.)\S*|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,18}(?:[:/]\S*)?", re.I)


def outlet(value: Any) -> str | None:
    """The name of an outlet; None for what is an address."""
    name = single(value)
    # "Salon.com" and "tagesschau.de" are names, written as such; a host's name is not
    return None if name is None or (_ADDRESS.fullmatch(name) and name.lower() == name) else name


def _byline(value: Any) -> Credit:
    """The people and the agencies who wrote an article; a record may say of a name that it is an agency's."""
    if value is None:
        return Credit((), ())
    items = value if isinstance(value, list) else [value]
    said = [isinstance(item, dict) and item.get("isAgency") is True for item in items]
    named = credit([item for item, agency in zip(items, said, strict=True) if not agency])
    agencies = filter(None, (single(item) for item, agency in zip(items, said, strict=True) if agency))
    return together([named, Credit((), tuple(agencies))])


def single(value: Any) -> str | None:
    """One line of text: of an object its name, of a list its first."""
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("name", "title", "webTitle", "@id", "url", "id", "#text", "value")
                if value.get(key)
            ),
            None,
        )
    if isinstance(value, list):
        return next(filter(None, map(single, value[:20])), None) if value else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str | int | float):
        return _values.line(str(value)) or None
    return None


def several(value: Any) -> tuple[str, ...]:
    """Several lines of text: a list, or one text with commas or semicolons."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = re.split("[;|]" if ";" in value or "|" in value else ",", value)
    if not isinstance(value, list | tuple):
        value = [value]
    return tuple(dict.fromkeys(filter(None, map(single, value[:200]))))
