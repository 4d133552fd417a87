"""Feeds: RSS 0.9 to 2.0, RDF (RSS 1.0) and Atom, an article an entry.

Conventions: the text is composed: title, then the full content (``content:encoded``, Atom's ``content``), else the
description. An entry whose text is only a teaser is still what the feed published. XML is parsed without entities,
document types, network or huge trees; a feed that needs them is refused.
Source: RSS 2.0; RFC 4287; RSS 1.0 content module; Dublin Core.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from allegedly.builders.readers import _fields, _values
from allegedly.builders.readers._names import authors
from allegedly.builders.readers._record import either
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text import articles, pieces
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml")
ENDINGS = ("rss", "atom", "rdf", "xml")
DEFAULT = Limits()
_ROOTS = dict(zip(("rss", "feed", "rdf"), MEDIA_TYPES, strict=False))
_ENTITY = re.compile(rb"<!ENTITY\b", re.I)


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
        root, origin = _parsed(data, origin, limits)
        entries = [element for element in root.iter() if _name(element) in ("item", "entry")]
        if not entries:
            raise Refused("no-article", f"is a feed <{_name(root)}> without entries")
    except Refused as refused:
        yield refused.rejected(origin)
        return
    channel = next((element for element in root.iter() if _name(element) == "channel"), root)
    for number, entry in enumerate(entries):
        here = replace(origin, record=number)
        yield either(partial(_article, entry, channel, here, limits), here, limits)


def _parsed(data: bytes, origin: Origin, limits: Limits) -> "tuple[etree._Element, Origin]":
    from lxml import etree

    from allegedly.builders.text import html_tree

    if _ENTITY.search(data[: 1 << 20]) or _ENTITY.search(data.replace(b"\0", b"")[: 1 << 20]):
        raise Refused("xml-entities", "declares XML entities, which are not read, for they can stand for other files")
    # attributes and depth are counted as in HTML; the text serves for counting only. What stands in CDATA is no element
    # of the feed: it is counted when its entry is read
    html_tree.scan(_without_cdata(data.decode("utf-8", "replace")), limits)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Refused("broken-xml", f"is broken XML: {_message(error)}", line=line, column=column) from error
    except (ValueError, LookupError) as error:
        raise Refused("broken-xml", f"is broken XML: {error}") from error
    if (deepest := html_tree.depth(root)) > limits.nesting:
        raise over("nesting-limit", "the depth of nested elements", limits.nesting, deepest)
    return root, replace(origin, encoding=(root.getroottree().docinfo.encoding or "utf-8").lower())


def _without_cdata(source: str) -> str:
    pieces, start = [], 0
    while (opening := source.find("<![CDATA[", start)) >= 0 and (closing := source.find("]]>", opening)) >= 0:
        pieces.append(source[start:opening])
        start = closing + 3
    return "".join((*pieces, source[start:])) if pieces else source


def _message(error: Exception) -> str:
    return re.sub(r"\s*\(<string>,.*\)$", "", str(getattr(error, "msg", error)))


def _name(element: "etree._Element") -> str:
    """The name of an element without its namespace, in lower case; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _child(element: "etree._Element", *names: str) -> "etree._Element | None":
    """The first child of the first of these names that there is."""
    for name in names:
        for child in element:
            if _name(child) == name:
                return child
    return None


def _text(element: "etree._Element", *names: str) -> str | None:
    child = _child(element, *names)
    if child is None:
        return None
    return _values.line(re.sub(r"<[^<>]{0,500}>", "", "".join(child.itertext()))) or None


def _markup(element: "etree._Element | None") -> str:
    """The content of an element as HTML: escaped, or as elements (Atom's xhtml)."""
    if element is None:
        return ""
    from lxml import etree

    if element.get("type") == "xhtml" or (len(element) and not (element.text or "").strip()):
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(element.itertext())


def _article(entry: "etree._Element", channel: "etree._Element", origin: Origin, limits: Limits) -> Article:
    title = _text(entry, "title")
    content = next(
        filter(
            str.strip, map(_markup, (_child(entry, name) for name in ("encoded", "content", "description", "summary")))
        ),
        "",
    )
    if not content:
        raise Refused("no-article", f"entry {origin.record} has no content")
    _fields.checked(content)
    plain = not pieces.holds_html(content)
    body = pieces.of_paragraphs(html.unescape(content)) if plain else pieces.pieces(content, limits)
    if not body:
        raise Refused("no-article", f"entry {origin.record} has content without words")
    words, blocks = articles.compose([("title", title or ""), *body])
    source = _child(entry, "source")
    return articles.article(
        words,
        origin,
        blocks=blocks,
        title=title,
        source_id=_text(entry, "guid", "id") or entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"),
        authors=_authors(entry) or (_authors(channel) if _name(channel) == "feed" else ()),
        published=_values.date(_text(entry, "pubdate", "published", "date", "issued", "created", "updated")),
        outlet=(_text(source, "title") or _values.line(source.text or "") if source is not None else None)
        or _text(channel, "title"),
        url=_link(entry),
        themes=tuple(dict.fromkeys(filter(None, map(_category, entry)))),
        licence=_text(entry, "rights", "license", "copyright") or _text(channel, "rights", "copyright", "license"),
        language=_values.language(_xml_language(entry) or _text(channel, "language")),
    )


def _authors(element: "etree._Element") -> tuple[str, ...]:
    names = []
    for child in element:
        if _name(child) in ("author", "creator"):
            name = _text(child, "name") or "".join(child.itertext())
            names.append(re.sub(r"^\s*\S+@\S+\s*\((.*)\)\s*$", r"\1", name))
    return authors(names)


def _category(child: "etree._Element") -> str | None:
    if _name(child) not in ("category", "subject"):
        return None
    return _values.line(child.get("label") or child.get("term") or child.text or "") or None


def _link(entry: "etree._Element") -> str | None:
    links = [child for child in entry if _name(child) == "link"]
    links.sort(key=lambda link: (link.get("rel") or "alternate") != "alternate")
    for link in links:
        if address := _values.web_address(link.get("href") or link.text or "", None):
            return address
    guid = _child(entry, "guid")
    return _values.web_address(guid.text or "", None) if guid is not None else None


def _xml_language(element: "etree._Element | None") -> str | None:
    while element is not None:
        if language := element.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return str(language)
        element = element.getparent()
    return None
