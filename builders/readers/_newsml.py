"""NewsML-G2: the content of an item and what its item and content metadata say.

Source: IPTC, NewsML-G2 2.33.
"""

import html
from collections.abc import Iterator
from typing import Any

from lxml import etree

from allegedly.builders.readers import _nitf, _values, _xml, _xml_story
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import pieces as plain_pieces
from allegedly.builders.text.articles import Piece

#: States of publication in which an item is to be taken back.
_WITHDRAWN = ("canceled", "cancelled", "withheld")
#: Kinds of subjects that are no themes.
_NO_THEMES = ("geoarea", "person", "organisation", "poi", "event")
#: Parts of names of code lists that hold houses, no people.
_HOUSES = ("prov", "org", "source", "agency", "company")
_NO_TEXT = ("picture", "video", "audio", "graphic", "animation", "icon")


def pieces(item: etree._Element, limits: Limits) -> list[Piece]:
    """The pieces of an item's content. Refused for one that holds none, or is taken back."""
    state = _code(_xml.child(_xml.child(item, "itemMeta"), "pubStatus"))
    if state in _WITHDRAWN:
        raise Refused("withdrawn", f"is an item that its provider took back ({state})", status=state)
    content = _xml.child(item, "contentSet")
    found = next(filter(None, _contents(content, limits)), None)
    if found is not None:
        place = _xml.line(_xml.child(_xml.child(item, "contentMeta"), "dateline"))
        return [("dateline", place or ""), *found]
    kind = _code(_xml.child(_xml.child(item, "itemMeta"), "itemClass"))
    if kind in _NO_TEXT:
        raise Refused("no-article", f"is a {kind}, no text", found=kind)
    if _xml.first(content, "remoteContent") is not None:
        raise Refused(
            "no-article",
            "holds its text in another file (remoteContent); links are not followed, read that file instead",
        )
    raise Refused("no-article", "is an item without a text", found=kind or "item")


def _contents(content: etree._Element | None, limits: Limits) -> Iterator[list[Piece]]:
    """The pieces of each rendition of the content, those with elements first."""
    for inline in _xml.children(content, "inlineXML"):
        for root in inline:
            nitf = _xml.first(inline, "nitf") if _xml.name(root) != "nitf" else root
            yield _nitf.pieces(nitf) if nitf is not None else _page(root)
    for inline in _xml.children(content, "inlineData"):
        source = "".join(inline.itertext())
        if "html" in (inline.get("contenttype") or "") or plain_pieces.holds_html(source):
            yield [_unled(piece) for piece in plain_pieces.pieces(source, limits)]
        else:
            yield [_unled(piece) for piece in plain_pieces.of_paragraphs(html.unescape(source))]


def _page(root: etree._Element) -> list[Piece]:
    body = _xml.first(root, "body")
    return _xml_story.pieces(root if body is None else body, {})


def _unled(piece: Piece) -> Piece:
    return ("paragraph" if piece[0] == "lead" else piece[0]), piece[1]


def _code(element: etree._Element | None) -> str:
    """The code of a property, without the scheme in front: ``stat:usable`` is ``usable``."""
    return (
        ""
        if element is None
        else (element.get("qcode") or element.get("uri") or "").rpartition(":")[2].rpartition("/")[2].lower()
    )


def _name(element: etree._Element | None) -> str | None:
    """The name of a party or concept; else what it is called literally."""
    if element is None:
        return None
    return _xml.line(_xml.child(element, "name")) or _values.line(element.get("literal") or "") or None


def _type(element: etree._Element) -> str:
    return (element.get("type") or "").rpartition(":")[2].lower()


def metadata(item: etree._Element) -> dict[str, Any]:
    """What an item says about its article."""
    about, meta, rights = (_xml.child(item, name) for name in ("contentMeta", "itemMeta", "rightsInfo"))
    headlines = _headlines(about)
    subjects = _xml.children(about, "subject")
    outlets = [
        _name(_xml.child(meta, "provider")),
        _name(_xml.child(about, "infoSource")),
        _name(_xml.child(rights, "copyrightHolder")),
    ]
    guid = item.get("guid")
    inside = _xml.child(item, "contentSet")
    told = _credits(about, inside, frozenset(_values.letters(name) for name in outlets if name))
    titles = [headlines.get(""), _xml.line(_xml.child(meta, "title")), _xml.line(_xml.first(inside, "title", "hl1"))]
    return {
        "title": next(filter(None, titles), None),
        "subtitle": headlines.get("sub"),
        "authors": told.people,
        "agencies": told.agencies,
        "published": _published(meta, about),
        "outlet": next(filter(None, outlets), None) or _xml.line(_xml.child(about, "creditline")),
        "url": _values.web_address(guid or "", None),
        "source_id": guid,
        "themes": _names([each for each in subjects if _type(each) not in _NO_THEMES]),
        "regions": _names([each for each in subjects if _type(each) == "geoarea"]),
        "licence": _xml.line(_xml.child(rights, "usageTerms")) or _xml.line(_xml.child(rights, "copyrightNotice")),
        "language": _language(item, about),
    }


def _headlines(about: etree._Element | None) -> dict[str, str]:
    """The headline, and the one below it (``sub``), by the roles that providers give them."""
    found: dict[str, str] = {}
    for headline in _xml.children(about, "headline"):
        role = (headline.get("role") or "").lower()
        if words := _xml.line(headline):
            found.setdefault("sub" if "sub" in role or "deck" in role or "secondary" in role else "", words)
    return found


def _credits(about: etree._Element | None, content: etree._Element | None, houses: frozenset[str]) -> Credit:
    """Who stands in the byline; else those who the item says made it; else those of a byline in the content. What its
    credit line and its source name is an agency where it has the name of one. ``houses``: the letters of their names."""
    nitf = _xml.first(content, "nitf")
    makers = [_name(each) for each in _xml.children(about, "creator", "contributor") if _writes(each, houses)]
    told = [
        credit([_xml.line(each) for each in _xml.children(about, "by")]),
        credit(makers),
        _nitf.credits(nitf) if nitf is not None else credit(None),
    ]
    people = next((each.people for each in told if each.people), ())
    sources = [*_xml.children(about, "creditline"), *_xml.children(about, "infoSource")]
    beside = credit([_name(each) or _xml.line(each) for each in sources])
    return Credit(people, together([*told, beside]).agencies)


def _writes(maker: etree._Element, houses: frozenset[str]) -> bool:
    """Whether who made an item is a person, has the role of one who writes, or is its creator without another word about
    who that is, and no house that the item names elsewhere, nor known by the code of one."""
    role, kind = (maker.get("role") or "").lower(), _type(maker)
    if kind or role:
        return kind == "person" or (not kind and any(word in role for word in ("writer", "author", "reporter")))
    scheme = (maker.get("qcode") or "").partition(":")[0].lower()
    house = any(word in scheme for word in _HOUSES) or _values.letters(_name(maker) or "") in houses
    return _xml.name(maker) == "creator" and not house


def _published(meta: etree._Element | None, about: etree._Element | None) -> str | None:
    """When the item was first published; else when this version was."""
    for holder, name in ((meta, "firstCreated"), (meta, "versionCreated"), (about, "contentCreated")):
        if date := _values.date(_xml.line(_xml.child(holder, name))):
            return date
    return None


def _names(subjects: list[etree._Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_name, subjects))))


def _language(item: etree._Element, about: etree._Element | None) -> str | None:
    told = _xml.child(about, "language")
    inner = _xml.first(_xml.child(item, "contentSet"), "html", "nitf")
    tags = [
        inner.get(_xml.LANG) if inner is not None else None,
        told.get("tag") if told is not None else None,
        _xml.language(item),
    ]
    return next(filter(None, map(_values.language, filter(None, tags))), None)
