"""NITF: the body of a document and what its head says, for NITF files and for those that hold NITF.

Source: IPTC, News Industry Text Format 3.6; Sandhaus 2008, The New York Times Annotated Corpus (LDC2008T19).
"""

import copy
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from lxml import etree

from allegedly.builders.readers import _values, _xml, _xml_story
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.text.articles import Piece

#: Elements of NITF, and what HTML calls such.
_NAMES = {
    "block": "div",
    "hl1": "h2",
    "hl2": "h3",
    "bq": "blockquote",
    "credit": "address",
    "copyrite": "address",
    "note": "address",
    "fn": "address",
    "media": "figure",
    "media-caption": "figcaption",
    **dict.fromkeys(
        ("media-producer", "media-metadata", "media-reference", "media-object", "datasource", "byline", "byttl"), ""
    ),
}


def pieces(root: etree._Element) -> list[Piece]:
    """The pieces of a document: dateline, what the byline says where it names nobody, body, author note."""
    head, body, end = (_xml.first(root, name) for name in ("body.head", "body.content", "body.end"))
    found: list[Piece] = []
    if not credits(root).people:
        found += [("byline", words) for item in _bylines(head) if (words := _xml.line(item))]
    if (place := _xml.line(_xml.first(head, "dateline"))) is not None:
        found.append(("dateline", place))
    for part in _parts(body):
        kinds = {"paragraph": "boilerplate"} if "correction" in (part.get("class") or "") else {}
        found += [(kinds.get(kind, kind), words) for kind, words in _xml_story.pieces(part, _NAMES)]
    found += [("author_note", words) for item in _xml.children(end, "tagline") if (words := _xml.line(item))]
    return found


def _parts(body: etree._Element | None) -> Iterator[etree._Element]:
    """The body, or its blocks where one says again what another holds, such as the first paragraph beside the full text."""
    if body is None:
        return
    blocks = list(body)
    words = [_values.letters("".join(block.itertext())) for block in blocks]
    if len(blocks) > 50 or not any(_xml.name(block) == "block" for block in blocks):
        yield body
        return
    for number, (block, own) in enumerate(zip(blocks, words, strict=True)):
        held = any(
            own in other and (len(own), -number) < (len(other), -place)
            for place, other in enumerate(words)
            if place != number
        )
        if own and not (held and _xml.name(block) == "block"):
            wrapped = etree.Element("div")
            wrapped.set("class", block.get("class") or "")
            wrapped.append(copy.deepcopy(block))
            yield wrapped


def _bylines(head: etree._Element | None) -> list[etree._Element]:
    """The bylines; where one is written for indexes (``Reed, Jane``), that alone."""
    found = _xml.children(head, "byline")
    return [item for item in found if "normalized" in (item.get("class") or "")] or found


def credits(root: etree._Element) -> Credit:
    """The people and the agencies in the bylines."""
    return together(map(_credit, _bylines(_xml.first(root, "body.head"))))


def _credit(byline: etree._Element) -> Credit:
    """Who stands in a byline: the people that its elements name, or its words without jobs, organisations and places."""
    people = [name for person in _xml.every(byline, "person") if (name := _xml.line(person))]
    apart = {inner for name in ("byttl", "org", "location", "virtloc") for inner in _xml.every(byline, name)}
    agencies = credit([_xml.line(org) for org in _xml.every(byline, "org")]).agencies
    told = credit(people or _values.line("".join(_own_words(byline, apart))))
    return together([told, Credit((), agencies)])


def _own_words(element: etree._Element, apart: set[etree._Element]) -> Iterator[str]:
    """The words of an element without those of some inside it."""
    yield element.text or ""
    for child in element:
        yield from () if child in apart else _own_words(child, apart)
        yield ("\n" if child in apart else "") + (child.tail or "")


def metadata(root: etree._Element) -> dict[str, Any]:
    """What the head of a document says about its article."""
    headline = _xml.first(root, "hedline")
    published = _xml.first(root, "pubdata")
    copyright_ = _xml.first(root, "doc.copyright")
    distributor = _xml.line(_xml.first(root, "distributor"))
    outlet = _xml.said(published, "name") or _xml.said(copyright_, "holder") or distributor
    told = credits(root)
    title = _xml.line(_xml.first(headline, "hl1"))
    return {
        "title": title or _xml.line(next((item for item in root.iter() if _xml.name(item) == "title"), None)),
        "subtitle": _xml.line(_xml.first(headline, "hl2")),
        "authors": told.people,
        "agencies": together([told, credit(distributor)]).agencies,
        "published": _published(root),
        "outlet": outlet,
        "url": _values.web_address(_xml.said(published, "ex-ref") or "", None),
        "source_id": _xml.said(_xml.first(root, "doc-id"), "id-string"),
        "section": _meta(root, "online_sections") or _meta(root, "dsk"),
        "series": _xml.said(_xml.first(root, "series"), "series.name") or _meta(root, "series_name"),
        "themes": _themes(root),
        "regions": _unique(map(_xml.line, _xml.every(_xml.first(root, "identified-content"), "location"))),
        "licence": _xml.line(_xml.first(root, "copyrite", "rights")),
        "language": _values.language(_xml.language(_xml.first(root, "body.content")) or _xml.language(root)),
    }


def _meta(root: etree._Element, name: str) -> str | None:
    return next((_xml.said(item, "content") for item in _xml.every(root, "meta") if item.get("name") == name), None)


def _unique(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


def _themes(root: etree._Element) -> tuple[str, ...]:
    keys = (_xml.said(item, "key") for item in _xml.every(root, "keyword"))
    subjects = (
        next(filter(None, (_xml.said(item, f"tobject.subject.{part}") for part in ("detail", "matter", "type"))), None)
        for item in _xml.every(root, "tobject.subject")
    )
    return _unique(chain(keys, subjects))


def _published(root: etree._Element) -> str | None:
    """The day or moment of publication, of issue or release, or of the story's own date."""
    for name, key in (
        ("pubdata", "date.publication"),
        ("date.issue", "norm"),
        ("date.release", "norm"),
        ("story.date", "norm"),
    ):
        if date := _xml_story.day(_values.date(_xml.said(_xml.first(root, name), key))):
            return date
    parts = [_meta(root, f"publication_{part}") or "" for part in ("year", "month", "day_of_month")]
    return _values.date("-".join(part.zfill(2) for part in parts)) if all(part.isdigit() for part in parts) else None
