"""NewsML 1: the stories of an item, their content, and what item and components say of them.

Conventions: a component inherits what those around it say.
Source: IPTC, NewsML 1.2.
"""

import html
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from lxml import etree

from allegedly.builders.readers import _nitf, _values, _xml, _xml_story
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import pieces as plain_pieces
from allegedly.builders.text.articles import Piece

#: States in which an item is to be taken back, and roles of components that are no stories.
_WITHDRAWN = ("canceled", "cancelled", "withheld")
_NO_STORIES = ("caption", "abstract", "summary", "thumbnail", "preview", "advisory")


def stories(item: etree._Element) -> list[etree._Element]:
    """The components of an item that have a headline of their own and a text below it; where none has, the item itself,
    unless it holds others."""
    titled = [
        component
        for component in _xml.every(item, "NewsComponent")
        if _owner(component, "NewsItem") is item
        and _own_line(component, "HeadLine")
        and next(_contents(component), None) is not None
    ]
    return titled or ([item] if _xml.first(item, "NewsItem") is None else [])


def _owner(element: etree._Element, name: str) -> etree._Element | None:
    return next((around for around in element.iterancestors() if _xml.name(around) == name), None)


def _own_line(component: etree._Element, name: str) -> str | None:
    return _xml.line(_xml.child(_xml.child(component, "NewsLines"), name))


def _contents(story: etree._Element) -> Iterator[etree._Element]:
    """The contents with words below a story, not those of another story in it, nor captions and abstracts."""
    for content in _xml.every(story, "DataContent"):
        between = takewhile(lambda around: around is not story, content.iterancestors())
        components = [around for around in between if _xml.name(around) in ("NewsComponent", "NewsItem")]
        inner = any(_xml.name(around) == "NewsItem" or _own_line(around, "HeadLine") for around in components)
        roles = (_named(_xml.child(around, "Role")) for around in (*components, story))
        aside = any(part in role for role in roles for part in _NO_STORIES)
        if not inner and not aside and "".join(content.itertext()).strip():
            yield content


def _named(element: etree._Element | None) -> str:
    """The formal name of a property, in lower case."""
    return (_xml.said(element, "FormalName") or "").lower()


def pieces(item: etree._Element, story: etree._Element, limits: Limits) -> list[Piece]:
    """The pieces of a story. Refused for one without words, or that was taken back."""
    state = _named(_xml.child(_xml.child(item, "NewsManagement"), "Status"))
    if state in _WITHDRAWN:
        raise Refused("withdrawn", f"is an item that its provider took back ({state})", status=state)
    found = next(filter(None, (_pieces(content, limits) for content in _contents(story))), None)
    if found is not None:
        return [("dateline", _line(story, "DateLine") or ""), *found]
    links = (each for each in _xml.every(story, "ContentItem", "NewsItemRef", "NewsComponentRef") if each.get("Href"))
    if any(_named(_xml.child(each, "MediaType")) in ("", "text") for each in links):
        raise Refused(
            "no-article", "holds its text in another file (Href); links are not followed, read that file instead"
        )
    kinds = filter(None, (_named(each) for each in _xml.every(story, "MediaType")))
    if (kind := next((kind for kind in kinds if kind != "text"), None)) is not None:
        raise Refused("no-article", f"is a {kind}, no text", found=kind)
    raise Refused("no-article", "is an item without a text")


def _pieces(content: etree._Element, limits: Limits) -> list[Piece]:
    """The pieces of a content: NITF, a page or paragraphs as elements; else words, which may be HTML."""
    if (nitf := _xml.first(content, "nitf")) is not None:
        return _nitf.pieces(nitf)
    if len(content):
        body = _xml.first(content, "body.content", "body")
        return _xml_story.pieces(content if body is None else body, {})
    source = "".join(content.itertext())
    if not plain_pieces.holds_html(source):
        source = html.unescape(source)
    return [(kind if kind != "lead" else "paragraph", words) for kind, words in plain_pieces.pieces(source, limits)]


def metadata(root: etree._Element, item: etree._Element, story: etree._Element) -> dict[str, Any]:
    """What the components around a story, its item and the document say about its article."""
    about, management = _xml.child(item, "Identification"), _xml.child(item, "NewsManagement")
    nitf = _xml.first(next(_contents(story), None), "nitf")
    inner = _nitf.metadata(nitf) if nitf is not None else {}
    told = _credits(story, nitf)
    dates = [_xml.line(_xml.child(management, name)) for name in ("FirstCreated", "ThisRevisionCreated")]
    identifier = _xml.first(about, "PublicIdentifier")
    outlets = [_party(story, "Provider"), _party(story, "Source"), inner.get("outlet"), _party(root, "SentFrom")]
    subjects = _xml.first(story, "DescriptiveMetadata")
    said = {
        "title": _line(story, "HeadLine") or _xml.line(_xml.child(about, "NameLabel")),
        "subtitle": _line(story, "SubHeadLine"),
        "authors": told.people,
        "agencies": told.agencies,
        "published": next(filter(None, map(_values.date, dates)), None),
        "outlet": next(filter(None, outlets), None),
        "source_id": _xml.line(identifier),
        "series": _line(story, "SeriesLine"),
        "themes": tuple(dict.fromkeys(filter(None, map(_xml.line, _lines(story, "KeywordLine"))))),
        "licence": _line(story, "RightsLine") or _line(story, "CopyrightLine"),
        "language": _values.language(_language(story, subjects)),
    }
    return inner | {name: value for name, value in said.items() if value}


def _around(story: etree._Element) -> Iterator[etree._Element]:
    """The story, then the components around it; those of the item's first component where the story is the item."""
    yield story
    yield from (around for around in story.iterancestors() if _xml.name(around) == "NewsComponent")
    if _xml.name(story) == "NewsItem":
        yield from _xml.children(story, "NewsComponent")


def _lines(story: etree._Element, name: str) -> list[etree._Element]:
    lines = (_xml.children(_xml.child(component, "NewsLines"), name) for component in _around(story))
    return next(filter(None, lines), [])


def _line(story: etree._Element, name: str) -> str | None:
    return next(filter(None, map(_xml.line, _lines(story, name))), None)


def _party(story: etree._Element, name: str) -> str | None:
    """The name of a party: of the nearest component that names one. Codes with a scheme in front are none."""
    for component in _around(story):
        holders = [*_xml.children(component, "AdministrativeMetadata"), *_xml.children(component, "NewsEnvelope")]
        for holder in holders:
            party = _xml.said(_xml.first(_xml.child(holder, name), "Party"), "FormalName")
            if party and ":" not in party:
                return party
    return None


def _credits(story: etree._Element, nitf: etree._Element | None) -> Credit:
    """Who stands in the byline, else in that of the content; an agency in the credit line too."""
    bylines = credit([_xml.line(each) for each in _lines(story, "ByLine")])
    inner = _nitf.credits(nitf) if nitf is not None else credit(None)
    beside = credit([_xml.line(each) for each in _lines(story, "CreditLine")])
    return Credit(bylines.people or inner.people, together([bylines, inner, beside]).agencies)


def _language(story: etree._Element, subjects: etree._Element | None) -> str | None:
    return _xml.said(_xml.child(subjects, "Language"), "FormalName") or _xml.language(story)
