"""HTML: a news page as title, subtitle and body, with the metadata that the page gives.

Conventions: the text is composed, a blank line between blocks. The body is what trafilatura takes for the article;
titles, authors and dates are read from JSON-LD, meta tags and markup first. What the page says of itself in the body
again (the title, a byline, a date line) is no paragraph: the title is dropped, the others are marked.
Source: Barbaresi 2021, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction".
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from allegedly.builders.readers import _blocks, _metadata, _page
from allegedly.builders.readers._blocks import Piece
from allegedly.builders.sources import encodings as encoding
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import articles
from allegedly.schemas.records import Article, Origin, Rejected

#: From this many elements on the page is read as it lies, without trafilatura, whose time grows faster than the page.
MANY_ELEMENTS = 20_000
#: A page with fewer visible letters than this, and scripts, is taken for one that only a browser can show.
FEW_LETTERS = 200
DEFAULT = Limits()


def read(
    data: bytes, origin: Origin, *, declared: str | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The article of a page. ``declared`` is the charset of an HTTP header, where there was one."""
    try:
        source, origin = decoded(data, origin, declared)
        yield article(source, origin, limits)
    except Refused as refused:
        yield refused.rejected(origin)


def decoded(data: bytes, origin: Origin, declared: str | None = None) -> tuple[str, Origin]:
    """The source of a page as text, by its header, its byte order mark, what it declares, or its bytes."""
    charset = declared or in_source(data)
    try:
        source, name = encoding.decode(data, charset)
    except Refused as refused:
        # as browsers do: broken characters are marked, NULs dropped; the page around them can be read
        if refused.rule not in ("undecodable", "nul-bytes"):
            raise
        source, name = data.replace(b"\0", b"").decode("utf-8", "replace"), "utf-8"
        if source.count("\ufffd") * 100 > len(source):
            raise
    return source, replace(origin, encoding=name)


_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.I,
)


def in_source(data: bytes) -> str | None:
    """The charset that a page or feed declares in its first bytes."""
    match = _CHARSET.search(data[:8192])
    return (match[1] or match[2]).decode("ascii") if match else None


def article(source: str, origin: Origin, limits: Limits, **given: Any) -> Article:
    """The article of a page's source. ``given``: metadata from outside, which stands where the page says nothing."""
    root = _page.tree(source, limits)
    said = {**given, **_metadata.of(root)}
    body = [piece for piece in _body(root) if not _furniture(piece)]
    if not body:
        raise _nothing(root)
    body = _opening(root, body, said) + body
    pieces = list(_framed(body, said))
    words, blocks = articles.compose(pieces)
    if not any(kind not in ("title", "subtitle", "byline", "dateline", "boilerplate") for kind, _ in pieces):
        raise _nothing(root)
    return articles.article(words, origin, blocks=blocks, **said)


def _nothing(root: etree._Element) -> Refused:
    visible = len(
        " ".join(root.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")).split()
    )
    if root.find(".//script") is not None and visible < FEW_LETTERS:
        return Refused(
            "script-only",
            "is a page that only scripts fill; save it from a browser after it has loaded",
            letters=visible,
        )
    return Refused("no-article", "is a page without an article in it", letters=visible)


def _body(root: etree._Element) -> list[Piece]:
    """The pieces of the article's body."""
    if sum(1 for _ in root.iter()) > MANY_ELEMENTS:
        main = root.xpath("(//article | //main | //body)[1]")
        return _blocks.of(main[0]) if main else []
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    from trafilatura import bare_extraction

    found = bare_extraction(root, include_comments=False)
    if found is None or found.body is None:
        return []
    if _only_noscript(root, found.text or ""):
        return []
    return list(_pieces(found.body))


def _only_noscript(root: etree._Element, found: str) -> bool:
    """Whether what was found is no more than what the page tells browsers without scripts."""
    told = " ".join(" ".join(element.itertext()) for element in root.iter("noscript"))
    plain = re.sub(r"\W+", "", found)
    return 0 < len(plain) < FEW_LETTERS * 2 and plain in re.sub(r"\W+", "", told)


_FURNITURE = re.compile(
    r"""^(?:
    (?:foto|photo|bild|image|picture|crédits?\s+photos?|photo\s+credit|bildquelle|quelle|source|grafik|copyright)s?\s*[:©/].{1,80}
    |(?:©|\(c\)|\(foto|\(bild|\[foto).{1,80}
    |.{0,40}\b(?:getty\s+images|shutterstock|istock|picture\s+alliance|adobe\s?stock|unsplash|pixabay)\b.{0,30}
    |(?:[A-Z]{2,4}|reuters)\s*/\s*[\w. -]{2,40}
    |(?:schon\s+gelesen|à\s+lire\s+aussi|lire\s+aussi|read\s+(?:more|also|next)|see\s+also|related(?:\s+(?:articles?|stories|posts?|topics))?
      |mehr\s+(?:zum\s+thema|dazu|lesen).{0,30}|lesen\s+sie\s+auch|auch\s+interessant|zum\s+weiterlesen|weiterlesen|lea\s+también|leia\s+também
      |más\s+información|you\s+may\s+also\s+like|recommended|das\s+könnte\s+(?:sie|dich)\s+auch\s+interessieren)\s*[:?!.…]?
    |(?:teilen\s+mit|share\s+this|gefällt\s+mir|bewerten|wird\s+geladen|loading|lädt|tags?|schlagwörter|advertisement|anzeige|werbung|publicidad
      |keine\s+kommentare|no\s+comments?|comments?|kommentare?|leave\s+a\s+(?:comment|reply)|print|drucken|facebook|twitter|whatsapp|e-?mail)
      \s*[:.…]*
    )$""",
    re.I | re.X,
)


def _furniture(piece: Piece) -> bool:
    """Whether a short piece belongs to the page rather than the article: credits, buttons, pointers to other pages."""
    return len(piece[1]) < 120 and bool(_FURNITURE.match(piece[1]))


def _opening(root: etree._Element, body: list[Piece], said: dict[str, Any]) -> list[Piece]:
    """The opening paragraph where the body lacks it: what the page shows above and also gives as its description."""
    told = next(filter(None, (_plain(text) for text in _metadata.descriptions(root))), "")[:60]
    if (
        len(told) < 30
        or told in _plain(" ".join(words for _, words in body))
        or told in _plain(said.get("subtitle") or "")
    ):
        return []
    for element in root.iter("p", "div", "h2", "h3", "strong", "span", "em"):
        if len(element) < 6 and _plain(_first_words(element)).startswith(told):
            shown = _metadata.words(element)
            if len(shown) < 1500:
                return [("paragraph", shown)]
    return []


def _first_words(element: etree._Element) -> str:
    found = ""
    for piece in element.itertext():
        found += piece
        if len(found) > 200:
            break
    return found[:300]


_KINDS = {"p": "paragraph", "head": "heading", "quote": "quote", "list": "list", "code": "boilerplate", "table": "list"}


def _pieces(body: etree._Element) -> Iterator[Piece]:
    """Trafilatura's elements as pieces. Words that it left between elements are paragraphs."""
    if tail := _blocks.tidy(_blocks.flat(body.text or "")):
        yield "paragraph", tail
    for element in body:
        if element.tag in ("list", "table"):
            rows = [_words(item) for item in element.iter("item", "row")]
            if rows := [row.replace("\n", " ") for row in rows if row]:
                yield "list", "\n".join(rows)
        elif element.tag == "div":
            yield from _pieces(element)
        elif element.tag in ("quote", "p", "head") and any(
            child.tag in ("p", "list", "quote", "head") for child in element
        ):
            for kind, words in _pieces(element):
                yield ("quote" if element.tag == "quote" and kind == "paragraph" else kind), words
        elif words := _words(element):
            yield _KINDS.get(element.tag, "paragraph"), words
        if tail := _blocks.tidy(_blocks.flat(element.tail or "")):
            yield "paragraph", tail


def _words(element: etree._Element) -> str:
    pieces = [_blocks.flat(element.text or "")]
    for child in element:
        if child.tag == "lb":
            pieces.append("\n")
        else:
            gap = " " if child.tag in ("cell", "p", "item", "row") else ""
            pieces.append(gap + _words(child))
        pieces.append(_blocks.flat(child.tail or ""))
    return _blocks.tidy("".join(pieces))


_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|text|author|autor(?:in)?|written by|reported by|posted by|story by|words by)\s*:?\s+\S",
    re.I,
)
_DATELINE = re.compile(
    r"^(?:(?:last )?(?:published|updated|posted|modified|aktualisiert|veröffentlicht|stand|first published)\b.{0,60}\d.{0,30}|"
    r"[\w., :]{0,20}\b\d{1,2}[. ]\s?[\w.]{3,10},? \d{4}(?:[\w :,.|]{0,30})|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?:[\w :,.|]{0,20}))$",
    re.I,
)
_DISCLAIMER = re.compile(r"^(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten)", re.I)


def _framed(body: list[Piece], said: dict[str, Any]) -> Iterator[Piece]:
    """Title and subtitle, then the body without them, its byline and date line told apart, its first paragraph the lead."""
    title, subtitle = said.get("title"), said.get("subtitle")
    if title:
        yield "title", title
    if subtitle:
        yield "subtitle", subtitle
    repeated = {_plain(part) for part in (title, subtitle) if part}
    names = [_plain(name) for name in said.get("authors", ())]
    led = False
    for at, (kind, words) in enumerate(body):
        if _plain(words) in repeated and (kind == "heading" or at < 3):
            continue
        if kind == "paragraph" and len(words) < 160:
            kind = _short(words, names, at)
        if kind == "paragraph" and not led:
            kind, led = "lead", True
        yield kind, words


def _short(words: str, names: list[str], at: int) -> str:
    """What a short paragraph is."""
    plain = _plain(words)
    if _DISCLAIMER.match(words):
        return "disclaimer"
    if plain in names or (
        at < 5 and len(words) < 120 and _BYLINE.match(words) and any(name in plain for name in names)
    ):
        return "byline"
    if at < 5 and len(words) < 80 and _DATELINE.match(words):
        return "dateline"
    return "paragraph"


def _plain(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()
