"""Trafilatura's XML and TEI: pages that were crawled and cut with it, metadata beside the text.

Conventions: the text is composed of title and body; comments are no text. A site that has no name but an address gives no
outlet. Any TEI whose text has a body is read so.
Source: Barbaresi 2021, "Trafilatura"; TEI P5.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPES = ("application/xml", "application/tei+xml")
ENDINGS = ("tei",)
DEFAULT = Limits()
_MAIN = re.compile(r"<doc\b[^<>]*>\s*<main\b")
#: Elements of both, and what HTML calls such.
_NAMES = {
    "head": "h2",
    "ab": "h2",
    "quote": "blockquote",
    "list": "ul",
    "item": "li",
    "lb": "br",
    "code": "pre",
    "note": "address",
    "byline": "address",
    "graphic": "",
}
_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.I)


def recognise(raw: RawFile) -> Claim | None:
    """The root element with what only trafilatura puts below; TEI by its root."""
    if raw.root == "doc" and _MAIN.search(raw.markup):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[1]) if raw.root in ("tei", "teicorpus") else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a file: one, or those of a corpus in TEI."""
    from allegedly.builders.readers import _xml  # loads lxml

    root, encoding = _xml.tree(data, limits)
    origin = replace(origin, encoding=encoding)
    if _xml.name(root) != "teiCorpus":
        yield _article(root, origin)
        return
    for number, text in enumerate(_xml.children(root, "TEI")):
        here = replace(origin, record=number)
        try:
            yield _article(text, here)
        except Refused as refused:
            yield refused.rejected(here)


def _article(root: "etree._Element", origin: Origin) -> Article:
    from allegedly.builders.readers import _xml, _xml_story

    tei = _xml.name(root) == "TEI"
    body = _xml.first(_xml.child(root, "text"), "body") if tei else _xml.first(root, "main")
    # TEI has the comments beside the story
    for part in _xml.children(body, "div"):
        if part.get("type") == "comments":
            part.clear()
    pieces = [] if body is None else _xml_story.pieces(body, _NAMES)
    metadata = _of_tei(root) if tei else _of_doc(root)
    return _xml_story.article(pieces, origin, what="a document of trafilatura's", **metadata)


def _of_doc(root: "etree._Element") -> dict[str, Any]:
    """What the attributes of the root say."""
    from allegedly.builders.readers import _fields, _values, _xml
    from allegedly.builders.readers._credits import credit

    said = partial(_xml.said, root)
    told = credit(said("author"))

    return {
        "title": said("title"),
        "authors": told.people,
        "agencies": told.agencies,
        "published": _values.date(said("date")),
        "outlet": _outlet(said("sitename")),
        "url": _values.web_address(said("url") or said("source") or "", None),
        "source_id": said("id"),
        "section": next(iter(_fields.several(said("categories") or "")), None),
        "themes": _fields.several(said("tags") or ""),
        "licence": said("license"),
        "language": _values.language(said("language")),
    }


def _of_tei(root: "etree._Element") -> dict[str, Any]:
    """What the header says: of the source where it tells that apart."""
    from allegedly.builders.readers import _fields, _values, _xml
    from allegedly.builders.readers._credits import credit

    header = _xml.child(root, "teiHeader")
    source = _xml.first(header, "biblFull")
    source = _xml.first(header, "fileDesc") if source is None else source
    statement = _xml.first(source, "publicationStmt")
    date = _xml.first(statement, "date")
    told = credit([_xml.line(item) for item in _xml.every(source, "author")])
    terms = {item.get("type"): _xml.line(item) or "" for item in _xml.every(header, "term")}
    numbers = [_xml.line(item) for item in _xml.every(header, "note", "idno") if item.get("type") == "id"]
    return {
        "title": _xml.line(_xml.first(source, "title")),
        "authors": told.people,
        "agencies": told.agencies,
        "published": _values.date(_xml.said(date, "when") or _xml.line(date)),
        "outlet": _outlet(_xml.line(_xml.first(statement, "publisher"))),
        "url": _values.web_address(_xml.said(_xml.first(statement, "ptr"), "target") or "", None),
        "source_id": next(filter(None, numbers), None),
        "section": next(iter(_fields.several(terms.get("categories", ""))), None),
        "themes": _fields.several(terms.get("tags", "")),
        "licence": _xml.line(_xml.first(_xml.first(header, "fileDesc"), "availability")),
        "language": _values.language(_xml.language(root)),
    }


def _outlet(name: str | None) -> str | None:
    """A site's name, without the address after it; None for what is an address alone."""
    name = re.sub(r"\s*\((?:[\w-]+\.)+[a-z]{2,}\)$", "", name or "", flags=re.I)
    return None if not name or _ADDRESS.fullmatch(name) else name
