"""The article of a web page: its body, framed by what the page says of itself.

Conventions: pieces are ``(kind, words)``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from allegedly.builders.readers import _metadata, _page_body, _page_comments, _page_hidden, _page_scripts, _page_titles
from allegedly.builders.readers._furniture import is_furniture
from allegedly.builders.readers._page_cards import Cards
from allegedly.builders.readers._page_frame import Page
from allegedly.builders.readers._statements import words as words_of
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import articles, html_inline, html_tree
from allegedly.builders.text.articles import Piece
from allegedly.builders.text.ligatures import in_letters
from allegedly.schemas.records import Article, Origin

#: A page with fewer visible letters than this, and scripts, is taken for one that only a browser can show.
FEW_LETTERS = 200


def article(source: str, origin: Origin, limits: Limits, given: Mapping[str, Any]) -> Article:
    """The article of a page's source. ``given``: metadata from outside, which stands where the page says nothing."""
    root = html_tree.tree(source, limits)
    scripts = _page_scripts.silenced(root)
    _page_comments.take_away(root)
    page = Page(root, scripts, given.get("url"))
    metadata = {**given, **_metadata.of(page)}
    if "url" in given and _is_site(metadata["url"]):
        metadata["url"] = given["url"]
    metadata.update({name: in_letters(metadata[name]) for name in ("title", "subtitle") if metadata.get(name)})
    kickers = {_plain(words): words for words in map(words_of, _page_titles.kickers(page)) if 0 < len(words) < 80}
    html_inline.written_out(root, metadata.get("language"))
    cards = Cards(page, metadata.get("url"))
    body = _page_body.of(root, scripts, metadata.get("title"))
    if _page_hidden.taken_away(root, page.heading, body):
        body = _page_body.of(root, scripts, metadata.get("title"))
    if not body:
        raise _nothing(root)
    pieces = list(_framed(_opening(page, body, metadata) + body, metadata, kickers, cards))
    if not any(kind not in _FRAME or cards.hold(words) for kind, words in pieces):
        raise _nothing(root)
    words, blocks = articles.compose(pieces)
    return articles.article(words, origin, blocks=blocks, **metadata)


def _is_site(address: str) -> bool:
    """Whether an address is that of a whole site, as some sites call each of their pages."""
    return re.fullmatch(r"\w+://[^/]*/?", address) is not None


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


def _opening(page: Page, body: list[Piece], metadata: Mapping[str, Any]) -> list[Piece]:
    """The opening paragraph where the body lacks it: what the page shows above and also gives as its description."""
    opening = next(filter(None, (_plain(text) for text in _metadata.descriptions(page))), "")[:60]
    if (
        len(opening) < 30
        or any(opening in _plain(" ".join(words for _, words in part)) for part in (body[:3], body))
        or opening in _plain(metadata.get("subtitle") or "")
    ):
        return []
    for element in page.root.iter("p", "div", "h2", "h3", "strong", "span", "em"):
        if len(element) < 6 and _opens(element, opening):
            shown = words_of(element)
            if len(shown) < 1500:
                return [("paragraph", shown)]
    return []


def _opens(element: etree._Element, opening: str) -> bool:
    """Whether an element begins with these letters, within the first few hundred characters."""
    first = (element.text or "").lstrip()[:1]
    if first.isalnum() and not opening.startswith(first.casefold()):
        return False
    letters, length = "", 0
    for piece in element.itertext():
        length += len(piece)
        if not piece.isspace():
            letters += _plain(piece[:300])
        if len(letters) >= len(opening) or length > 200:
            break
        if not opening.startswith(letters):
            return False
    return letters.startswith(opening)


_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|text|author|autor(?:in)?|written by|reported by|posted by|story by|words by)\s*:?\s+\S",
    re.I,
)
_DATELINE = re.compile(
    r"^(?:(?:last )?(?:published|updated|posted|modified|aktualisiert|veröffentlicht|stand|first published)\b.{0,60}\d.{0,30}|"
    r"[\w., :]{0,20}\b\d{1,2}[. ]\s?[\w.]{3,10},? \d{4}(?:[\w :,.|]{0,30})|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?:[\w :,.|]{0,20}))$",
    re.I,
)
#: Kinds of pieces that stand around the article.
_FRAME = ("title", "subtitle", "byline", "dateline", "boilerplate")
#: Kinds of pieces that may turn out to be no text of the article.
_PLAIN = ("paragraph", "heading", "list", "quote", "caption")
_DISCLAIMER = re.compile(r"^(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten)", re.I)


def _framed(
    body: list[Piece], metadata: Mapping[str, Any], kickers: Mapping[str, str], cards: Cards
) -> Iterator[Piece]:
    """Title and subtitle, then the body without them, its byline and date line told apart, its first paragraph the lead;
    the cards of other pages are none of it."""
    title, subtitle = metadata.get("title"), metadata.get("subtitle")
    if title:
        yield "title", title
    if subtitle:
        yield "subtitle", subtitle
    repeated = {_plain(part) for part in (title, subtitle) if part}
    names = [_plain(name) for name in metadata.get("authors", ())]
    above, led = _above(body, repeated), False
    for position, (kind, words) in enumerate(body):
        if _plain(words) in repeated and (kind == "heading" or position < 3):
            continue
        if position < 3 and kind == "heading" and (kicker := _over_title(words, title, kickers)):
            kind, words = "boilerplate", kicker
        if kind in _PLAIN and (is_furniture(words) or cards.hold(words)):
            kind = "boilerplate"
        if kind == "paragraph" and len(words) < 160:
            kind = _short(words, names, position)
        if kind in _PLAIN and (position < above or (position < 4 and _plain(words) in kickers)):
            kind = "boilerplate"
        if kind == "paragraph" and not led:
            kind, led = "lead", True
        yield kind, words


def _over_title(words: str, title: str | None, kickers: Mapping[str, str]) -> str | None:
    """The kicker in a head line that is otherwise the title."""
    plain, bare = _plain(words), _plain(title or "")
    return kickers.get(plain.removesuffix(bare)) if bare and plain.endswith(bare) else None


def _above(body: list[Piece], repeated: set[str]) -> int:
    """How many short lines stand over the title in the body."""
    for position, (_, words) in enumerate(body[:3]):
        if _plain(words) in repeated:
            return position
        if len(words) > 40 or re.search(r"[.!?]$", words):
            break
    return 0


def _short(words: str, names: list[str], position: int) -> str:
    """What a short paragraph is."""
    plain = _plain(words)
    if _DISCLAIMER.match(words):
        return "disclaimer"
    if plain in names or (
        position < 5 and len(words) < 120 and _BYLINE.match(words) and any(name in plain for name in names)
    ):
        return "byline"
    if position < 5 and len(words) < 80 and _DATELINE.match(words):
        return "dateline"
    return "paragraph"


def _plain(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()
