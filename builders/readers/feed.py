"""Feeds: RSS 0.9 to 2.0, RDF (RSS 1.0) and Atom, an article an entry.

Conventions: the text is composed: title, then the full content (``content:encoded``, Atom's ``content``), else the
description. An entry whose text is only a teaser is still what the feed published. Elements of other namespaces are never
taken for the feed's own: ``media:title`` is a picture's. Relative links are resolved.
Source: RSS 2.0; RFC 4287; RSS 1.0 content module; Dublin Core.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from allegedly.builders.readers import _fields, _furniture, _values
from allegedly.builders.readers._credits import Credit, credit
from allegedly.builders.readers._feed_names import name, own
from allegedly.builders.readers._feed_source import parsed
from allegedly.builders.readers._record import either
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text import articles, pieces
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml")
ENDINGS = ("rss", "atom", "rdf", "xml")
DEFAULT = Limits()
_ROOTS = dict(zip(("rss", "feed", "rdf"), MEDIA_TYPES, strict=False))
#: Where an entry has its text, when it was published, what it is about and how it may be used: best first.
CONTENTS = ("content:encoded", "atom:content", "content", "description", "summary", "atom:summary", "dc:description")
DATES = (
    "pubdate", "published", "dc:date", "dcterms:issued", "issued", "dcterms:created", "created", "atom:published", "updated",
    "atom:updated", "modified",
)  # fmt: skip
CATEGORIES = ("category", "dc:subject", "atom:category")
#: ``a@b.example (Ann Example)``, as RSS has authors.
_ADDRESSED = re.compile(r"\s*+[^\s@]++@[^\s(]++\s*+\((.*)\)\s*")
LICENCES = ("rights", "copyright", "license", "dc:rights", "cc:license", "atom:rights")
#: Relations of links that lead to no article.
_BESIDE = ("enclosure", "replies", "edit", "edit-media", "license", "hub", "self", "first", "next", "previous", "last")
#: The children of an element by their names.
Children: TypeAlias = "dict[str, list[etree._Element]]"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def recognise(raw: RawFile) -> Claim | None:
    """A root element of a feed; or XML of which the first 64 KiB are declarations, which the reader will refuse."""
    if media_type := _ROOTS.get(raw.root):
        return Claim(Strength.SIGNATURE, media_type)
    xml = raw.markup.startswith("<?xml") or raw.ending in ENDINGS
    declarations = not raw.root and ("<!DOCTYPE" in raw.markup or "<!ENTITY" in raw.markup)
    return Claim(Strength.STRUCTURE, "application/xml") if xml and declarations else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a feed."""
    try:
        root, origin = parsed(data, origin, limits)
        entries = [element for element in root.iter() if name(element) in ("item", "atom:entry", "entry")]
        if not entries:
            raise Refused("no-article", f"is a feed <{_local(root)}> without entries")
    except Refused as refused:
        yield refused.rejected(origin)
        return
    channel = _channel(next((element for element in root.iter() if name(element) == "channel"), root))
    for number, entry in enumerate(entries):
        here = replace(origin, record=number)
        yield either(partial(_article, entry, channel, here, limits), here, limits)


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a feed says of all its entries. ``base``: what a link is relative to where nothing else says so."""

    title: str | None
    licence: str | None
    language: str | None
    authors: tuple[str, ...]
    base: str | None


def _channel(element: "etree._Element") -> _Channel:
    children = _inside(element)
    return _Channel(
        title=_text(children, "title", "dc:title"),
        licence=_text(children, *LICENCES),
        language=_text(children, "language", "dc:language"),
        authors=_credit(children).people if name(element) == "atom:feed" else (),
        base=_address(element, children),
    )


def _local(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _inside(element: "etree._Element") -> Children:
    """The children of an element by their names."""
    children: Children = {}
    for child in element:
        children.setdefault(own(element, child), []).append(child)
    return children


def _of(children: Children, *names: str) -> "Iterator[etree._Element]":
    """The children of these names, those of the first name first."""
    return (child for wanted in names for child in children.get(wanted, ()))


def _text(children: Children, *names: str) -> str | None:
    """The first line of text that a child of these names holds."""
    lines = (_line("".join(child.itertext())) for child in _of(children, *names))
    return next(filter(None, lines), None)


def _line(markup: str) -> str | None:
    return _values.line(re.sub(r"<[^<>]{0,500}>", "", markup)) or None


def _markup(element: "etree._Element") -> str:
    """The content of an element as HTML: escaped, or as elements (Atom's xhtml)."""
    from lxml import etree

    if element.get("type") == "xhtml" or (len(element) and not (element.text or "").strip()):
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(element.itertext())


def _article(entry: "etree._Element", channel: _Channel, origin: Origin, limits: Limits) -> Article:
    children = _inside(entry)
    outlet = _source(children) or channel.title
    title = _text(children, "title", "dc:title", "atom:title")
    title = _values.without_outlet(title, outlet) if title else None
    content = next(filter(str.strip, map(_markup, _of(children, *CONTENTS))), "")
    if not content:
        raise Refused("no-article", f"entry {origin.record} has no content")
    _fields.checked(content)
    body = _furniture.marked(_body(content, limits))
    if not body:
        raise Refused("no-article", f"entry {origin.record} has content without words")
    words, blocks = articles.compose([("title", title or ""), *body])
    told = _credit(children)
    return articles.article(
        words,
        origin,
        blocks=blocks,
        title=title,
        source_id=_text(children, "guid", "id", "atom:id") or entry.get(f"{{{_RDF}}}about"),
        authors=told.people or channel.authors,
        agencies=told.agencies,
        published=next(filter(None, (_values.date(_text(children, wanted)) for wanted in DATES)), None),
        outlet=outlet,
        url=_link(children, channel.base),
        themes=tuple(dict.fromkeys(filter(None, (_category(child) for child in _of(children, *CATEGORIES))))),
        licence=_text(children, *LICENCES) or channel.licence,
        language=_values.language(_xml_language(entry) or _text(children, "dc:language") or channel.language),
    )


def _body(content: str, limits: Limits) -> list[articles.Piece]:
    """The pieces of a content: HTML, words, or HTML that was escaped once too often."""
    if pieces.holds_html(content):
        return pieces.pieces(content, limits)
    words = html.unescape(content)
    return pieces.pieces(words, limits) if pieces.holds_html(words) else pieces.of_paragraphs(words)


def _source(children: Children) -> str | None:
    """The name of the feed that an entry was taken from."""
    source = next(_of(children, "source"), None)
    return None if source is None else _text(_inside(source), "title", "atom:title") or _line(source.text or "")


def _credit(children: Children) -> Credit:
    names = []
    for child in _of(children, "author", "dc:creator", "atom:author"):
        called = _text(_inside(child), "name", "atom:name") or "".join(child.itertext())
        addressed = _ADDRESSED.fullmatch(called)
        names.append(addressed[1] if addressed else called)
    return credit(names)


def _category(child: "etree._Element") -> str | None:
    return _values.line(child.get("label") or child.get("term") or child.text or "") or None


def _link(children: Children, base: str | None) -> str | None:
    links = [link for link in _of(children, "link", "atom:link") if link.get("rel") not in _BESIDE]
    links.sort(key=lambda link: (link.get("rel") or "alternate") != "alternate")
    for link in links:
        address = link.get("href") or link.text or ""
        if address.strip() and (url := _values.web_address(address, _base(link, base))):
            return url
    guid = next(_of(children, "guid"), None)
    return _values.web_address(guid.text or "", None) if guid is not None else None


def _base(link: "etree._Element", base: str | None) -> str | None:
    """What a link is relative to: the ``xml:base`` of the elements around it, else the feed's base."""
    for element in [*reversed(list(link.iterancestors())), link]:
        if step := element.get("{http://www.w3.org/XML/1998/namespace}base"):
            base = _values.web_address(step, base) or base
    return base


def _address(channel: "etree._Element", children: Children) -> str | None:
    """The address of a feed, which its relative links are relative to; that of its site in RSS, and where it has none."""
    links = list(_of(children, "link", "atom:link"))
    links.sort(key=lambda link: (link.get("rel") != "self", link.get("rel") not in (None, "alternate")))
    if name(channel) == "channel":
        links.sort(key=lambda link: name(link) != "link")
    addresses = (_values.web_address(link.get("href") or link.text or "", None) for link in links)
    return next(filter(None, addresses), None)


def _xml_language(element: "etree._Element | None") -> str | None:
    while element is not None:
        if language := element.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return str(language)
        element = element.getparent()
    return None
