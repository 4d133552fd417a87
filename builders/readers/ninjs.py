"""ninjs: the IPTC's JSON for news, versions 1 and 2 (and 3, which only moves names).

Conventions: the text is composed of headline, subtitle and body, a blank line between blocks. Of several bodies the
HTML is read before the text, for it tells paragraphs from headings.
Source: IPTC, ninjs 1.4 and 2.1, "News in JSON".
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _blocks, _fields, _metadata
from allegedly.builders.readers._blocks import Piece
from allegedly.builders.readers._names import authors
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import articles
from allegedly.schemas.records import Article, Origin, Rejected

DEFAULT = Limits()
_BODIES = ("body_html", "body_xhtml", "body_text")


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a ninjs file: one item, or a list of them."""
    from allegedly.builders.readers import json

    try:
        value, origin = json.loaded(data, origin, limits)
    except Refused as refused:
        yield refused.rejected(origin)
        return
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict) and not is_item(value):
        inner = json.records(value)
        items = inner if isinstance(inner, list) else [inner]
    for number, item in enumerate(items):
        yield json.record(item, replace(origin, record=number) if len(items) > 1 else origin, None, limits)


def is_item(value: Any) -> bool:
    """Whether an object is a ninjs item: it has a uri, and a body or headline under the names of ninjs."""
    if not isinstance(value, dict) or not isinstance(value.get("uri"), str):
        return False
    return any(name.startswith("body_") or name in ("bodies", "headlines") for name in value) or (
        "headline" in value
        and any(name in value for name in ("versioncreated", "byline", "usageterms", "pubstatus", "type"))
    )


def article(item: Mapping[str, Any], origin: Origin, limits: Limits = DEFAULT) -> Article:
    """The article of an item. Refused for one without a body: pictures, videos, packages."""
    body = _body(item, limits)
    if not body:
        what = item.get("type") or "an item"
        raise Refused("no-article", f"is a ninjs item ({what}) without a body of text", found=str(what)[:40])
    title = _one(item, "headline", "headlines", "main") or _fields.single(item.get("title"))
    subtitle = _one(item, "subheadline", "subheadlines", "") or _role(
        item.get("headlines"), "sub", "subtitle", "secondary"
    )
    pieces: list[Piece] = [("title", title or ""), ("subtitle", subtitle or "")]
    plain = _metadata.letters(title or "")
    pieces += [(kind, words) for kind, words in body if not (kind == "heading" and _metadata.letters(words) == plain)]
    words, blocks = articles.compose(_blocks.led(pieces))
    _fields.checked(words)
    published = item.get("firstcreated") or item.get("versioncreated") or item.get("contentcreated")
    return articles.article(
        words,
        origin,
        blocks=blocks,
        source_id=_fields.single(item.get("uri")),
        title=title,
        subtitle=subtitle,
        authors=_authors(item),
        published=_metadata.date(item.get("publishedtime") or item.get("versioncreated") or published),
        outlet=_outlet(item),
        url=next(
            filter(None, (_metadata.web_address(_said(item.get(key)), None) for key in ("link", "url", "uri"))), None
        ),
        section=_fields.single(item.get("section") or item.get("genres") or item.get("genre")),
        themes=_fields.several([*_list(item.get("subject")), *_list(item.get("subjects"))]),
        regions=_fields.several([*_places(item), *_list(item.get("located"))]),
        licence=_fields.single(item.get("usageterms")) or _rights(item),
        language=_metadata.language(_fields.single(item.get("language"))),
    )


def _said(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _body(item: Mapping[str, Any], limits: Limits) -> list[Piece]:
    bodies = [(name, item[name]) for name in _BODIES if isinstance(item.get(name), str)]
    bodies += [(name, value) for name, value in item.items() if name.startswith("body_") and isinstance(value, str)]
    for body in _list(item.get("bodies")):
        if isinstance(body, dict):
            value = body.get("value") or body.get("body")
            if isinstance(value, str):
                bodies.append(
                    (str(body.get("contenttype") or body.get("contentType") or body.get("mediatype") or ""), value)
                )
    bodies.sort(key=lambda body: "html" not in body[0])
    for _, value in bodies:
        if not value.strip():
            continue
        _fields.checked(value)
        if _fields.holds_html(value):
            pieces = _blocks.fragment(value, limits)
        else:
            pieces = [(block.kind, value[block.start : block.end]) for block in _fields.paragraphs(value)]
        if pieces:
            return [("paragraph" if kind == "lead" else kind, words) for kind, words in pieces]
    return []


def _one(item: Mapping[str, Any], name: str, plural: str, role: str) -> str | None:
    return (
        _fields.single(item.get(name))
        or _role(item.get(plural), role)
        or (_fields.single(item.get(plural)) if role == "main" else None)
    )


def _role(values: Any, *roles: str) -> str | None:
    for value in _list(values):
        if isinstance(value, dict) and value.get("role") in roles:
            return _fields.single(value.get("value"))
    return None


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = authors(item.get("byline") or item.get("by"))
    if named:
        return named
    people = [
        person
        for key in ("person", "people", "contributors", "creator")
        for person in _list(item.get(key))
        if isinstance(person, dict)
        and str(person.get("rel") or person.get("role") or "").lower() in ("author", "writer", "creator")
    ]
    return authors(people)


def _outlet(item: Mapping[str, Any]) -> str | None:
    for key in ("infosource", "infosources", "provider", "source"):
        for value in _list(item.get(key)):
            if name := _fields.single(value):
                return name
    for holder in _list(item.get("organisation")) + _list(item.get("organisations")):
        if isinstance(holder, dict) and "publisher" in str(holder.get("rel") or holder.get("role")).lower():
            return _fields.single(holder)
    return _fields.single(item.get("copyrightholder"))


def _places(item: Mapping[str, Any]) -> list:
    return _list(item.get("place")) + _list(item.get("places"))


def _rights(item: Mapping[str, Any]) -> str | None:
    info = item.get("rightsinfo")
    found = _fields.single(item.get("copyrightnotice"))
    if not found and isinstance(info, dict):
        found = _fields.single(info.get("langid") or info.get("linkedrights") or info.get("encodedrights"))
    return found
