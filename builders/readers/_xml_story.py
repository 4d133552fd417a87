"""A story in XML of the news trade: the elements of its body as pieces, framed by what the file says of it.

Conventions: pieces are ``(kind, words)``. Names of elements are mapped to those of HTML, ``""`` takes an element away.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from allegedly.builders.readers import _fields, _values, _xml
from allegedly.builders.sources.limits import Refused
from allegedly.builders.text import articles, html_blocks
from allegedly.builders.text.articles import Piece
from allegedly.schemas.records import Article, Origin

_NOTICE = re.compile(r"(?:©|\(c\)\s|copyright\b.{0,60}\d{4}|all rights reserved)", re.I)
_FRAME = frozenset(("title", "subtitle", "byline", "dateline", "boilerplate", "caption"))
_MIDNIGHT = re.compile(r"T00:00(?::00)?(?:Z|[+-]\d\d:\d\d)?$")
#: The last letters of an article in which a notice is one, however it is written.
_SHORT = 200


def pieces(body: etree._Element, names: Mapping[str, str]) -> list[Piece]:
    """The pieces under an element, the names of its elements mapped to those of HTML."""
    plain = copy.deepcopy(body)
    plain.tail = None
    for element in list(plain.iter()):
        if not isinstance(element.tag, str):
            continue
        name = _xml.name(element)
        if name in ("row", "tr") and element is not plain:
            _row(element)
            continue
        element.tag = "ul" if name == "table" else names.get(name, name) or "template"
    return html_blocks.of(plain)


def _row(element: etree._Element) -> None:
    """A row of a table as an item of a list, a bar between two cells."""
    cells = [words for child in element if (words := _xml.line(child))]
    tail = element.tail
    element.clear()
    element.text, element.tail, element.tag = " | ".join(cells), tail, "li"


def day(date: str | None) -> str | None:
    """A date without a time of day that only fills the form."""
    return date and _MIDNIGHT.sub("", date)


def article(body: Iterable[Piece], origin: Origin, *, what: str, **metadata: Any) -> Article:
    """The article of a body. Refused where that has no words of a story."""
    known = {name: value for name, value in metadata.items() if value}
    # a byline may end with the outlet's name
    outlet = _values.letters(known.get("outlet", ""))
    known["authors"] = tuple(name for name in known.get("authors", ()) if _values.letters(name) != outlet)
    words, blocks = articles.compose(_framed(body, known))
    if all(block.kind in _FRAME for block in blocks):
        raise Refused("no-article", f"is {what} without a text")
    _fields.checked(words)
    return articles.article(words, origin, blocks=blocks, **known)


def _framed(body: Iterable[Piece], known: Mapping[str, Any]) -> Iterator[Piece]:
    """Title and subtitle, then the body without them, the first paragraph as lead, notices told apart."""
    repeated = {_values.letters(known[name]) for name in ("title", "subtitle") if known.get(name)}
    story = [
        (kind, words)
        for kind, words in body
        if kind == "byline" or _values.letters(words) not in repeated or len(words) > 300
    ]
    notices = [(_is_notice(words) and "boilerplate") or kind for kind, words in story]
    led = articles.led((kind, words) for kind, (_, words) in zip(notices, story, strict=True))
    yield from ((name, known.get(name) or "") for name in ("title", "subtitle"))
    yield from led


def _is_notice(words: str) -> bool:
    return len(words) < _SHORT and bool(_NOTICE.match(words))
