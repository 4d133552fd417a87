"""The body of a web page: what trafilatura takes for the article, as pieces.

Conventions: pieces are ``(kind, words)``. Of a page with very many elements, which would cost trafilatura too much time,
the body is all of the main element.
Source: Barbaresi 2021, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction".
"""

import copy
import logging
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from lxml import etree, html

from allegedly.builders.readers import _page_words
from allegedly.builders.readers._page_scripts import Script, heard
from allegedly.builders.readers._values import letters
from allegedly.builders.text import html_blocks
from allegedly.builders.text.articles import Piece

#: From this many elements on the page is read as it lies, without trafilatura, whose time grows faster than the page.
MANY_ELEMENTS = 20_000
#: A body with less than this share of the page's running text is compared with what another way finds: trafilatura takes
#: that where it is twice as much.
SHARE = 0.55
#: A body of fewer letters leaves doubt.
LITTLE = 250
#: A body of fewer letters leaves doubt where it is less than a share of all words of the page, and of those in no link:
#: what trafilatura then takes instead is one and a half times or twice as much, and hardly of links.
SEVERAL, SHARE_OF_ALL, SHARE_UNLINKED = 3000, 0.2, 0.5
#: A body of more letters than this is no lump of a page's pieces.
LUMP = 1500
#: Words for browsers without scripts are no longer, in letters.
LONGEST_NOTICE = 400


def of(root: etree._Element, scripts: Sequence[Script], title: str | None) -> list[Piece]:
    """The pieces of the article's body."""
    if root.xpath("count(//*)") > MANY_ELEMENTS:
        main = root.xpath("(//article | //main | //body)[1]")
        return html_blocks.of(main[0]) if main else []
    found, words = _extracted(root, scripts)
    if found is None or _only_noscript(root, words):
        return []
    body = list(_pieces(found))
    return _parted(root, body) if _lumped(body, title) else body


def _extracted(root: etree._Element, scripts: Sequence[Script]) -> tuple[etree._Element | None, str]:
    """The body that trafilatura finds in a page by its own way alone, and its words; where that leaves doubt, by all of
    its ways, which it compares."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    from trafilatura import bare_extraction

    shown = _page_words.shown(root)
    body, words = _own(shown)
    if _stands(body, words, shown, root):
        return body, words
    with heard(scripts):
        found: Any = bare_extraction(_page_words.stripped(root), options=_options(fast=False))
    return (None, "") if found is None else (found.body, found.raw_text or "")


def _own(page: html.HtmlElement) -> tuple[etree._Element | None, str]:
    """What trafilatura finds by its own way alone: that of ``bare_extraction``, or only its steps that matter here, where
    elements are not called like what it takes out first. The others copy and look through the page as often again, and
    look for more in bodies so short that they are in doubt anyway."""
    from trafilatura import bare_extraction
    from trafilatura.htmlprocessing import convert_tags, tree_cleaning
    from trafilatura.main_extractor import extract_content

    options = _options(fast=True)
    if _page_words.besides(page):
        found: Any = bare_extraction(page, options=options)
        return (None, "") if found is None else (found.body, found.raw_text or "")
    try:
        body, words, *_ = extract_content(convert_tags(tree_cleaning(copy.copy(page), options), options), options)
    except (TypeError, ValueError):  # as bare_extraction does, of a page that it cannot read
        return None, ""
    return body, words


@cache
def _options(*, fast: bool) -> Any:
    """Trafilatura's options, which it would otherwise put together anew for each page."""
    from trafilatura.settings import Extractor

    options = Extractor(comments=False, fast=fast)
    if fast:
        # it tries again with another focus where little was found in the balanced one; here that is in doubt anyway
        options.focus = "first"
    return options


def _stands(body: etree._Element | None, words: str, shown: html.HtmlElement, root: etree._Element) -> bool:
    """Whether a body that was found is what all ways would find."""
    if body is None:
        return False
    pieces = [_spaced("".join(piece.itertext())) for piece in body]
    if _doubtful(body, pieces, shown):
        return False
    # little beside the letters of running text that the page has
    partial = sum(map(len, pieces)) < SHARE * _page_words.running(shown)
    return not partial or not _bettered(words, root)


def _doubtful(body: etree._Element, pieces: Sequence[str], page: html.HtmlElement) -> bool:
    """Whether another way might find more than this body, of which these are the pieces' words, or none of it is an
    article: it is short, one lump, mostly tables or lines, holds words of teasers, or is little beside all letters that
    the page has."""
    letters = sum(map(len, pieces))
    if len(pieces) < 2 or letters < LITTLE:
        return True
    if not body.xpath("boolean(.//p//text())") or len(body.findall(".//table")) > len(body.findall(".//p")):
        return True
    if letters < SEVERAL and _few(letters, page):
        return True
    words = "".join(pieces)
    return any(len(line) > _page_words.LINE and line in words for line in map(_spaced, _page_words.teased(page)))


def _bettered(words: str, root: etree._Element) -> bool:
    """Whether the way that trafilatura first compares with its own finds twice as much, so that it takes that."""
    from trafilatura.external import try_readability

    found = try_readability(_page_words.stripped(root))
    return len(_spaced(found.text_content())) > 2 * len(words)


def _few(letters: int, page: html.HtmlElement) -> bool:
    """Whether so many letters are few beside all that a page has."""
    words = len(_spaced(page.text_content()))
    if letters >= SHARE_OF_ALL * words:
        return False
    linked = sum(len(_spaced(link.text_content())) for link in page.iter("a"))
    return letters < SHARE_UNLINKED * (words - linked)


def _spaced(words: str) -> str:
    return " ".join(words.split())


def _lumped(body: list[Piece], title: str | None) -> bool:
    """Whether all of a short page stands in one paragraph: menu, title, byline and story, as trafilatura's last resort
    gives them."""
    if not body or sum(len(words) for _, words in body) > LUMP:
        return False
    plain = letters(title or "")
    lumps = [letters(words) for _, words in body[:3]]
    return len(body) == 1 or (bool(plain) and any(plain in lump and lump != plain for lump in lumps))


def _parted(root: etree._Element, body: list[Piece]) -> list[Piece]:
    """The elements of the page that went into such a paragraph, instead of it; without those that stand around articles."""
    main = root.xpath("(//article | //*[@itemprop='articleBody'] | //main | //*[@role='main'] | //body)[1]")
    lump = letters(" ".join(words for _, words in body))
    for page in main:
        copied = copy.deepcopy(page)
        for element in list(copied.iter("nav", "footer", "aside", "form", "button")):
            if element.getparent() is not None:
                element.drop_tree()
        pieces = list(_those_in(lump, html_blocks.of(copied)))
        if 2 * sum(len(letters(words)) for _, words in pieces) > len(lump):
            return pieces
    return body


def _those_in(lump: str, pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces that stand in the lump, in its order."""
    offset = 0
    for kind, words in pieces:
        plain = letters(words)
        if plain and (start := lump.find(plain, offset)) >= 0:
            offset = start + len(plain)
            yield kind, words


def _only_noscript(root: etree._Element, extracted: str) -> bool:
    """Whether what was found is no more than what the page tells browsers without scripts."""
    noscript = "".join("".join(element.itertext()) for element in root.iter("noscript"))
    if not noscript.strip() or len(re.sub(r"\W+", "", extracted[: 20 * LONGEST_NOTICE])) >= LONGEST_NOTICE:
        return False
    plain = re.sub(r"\W+", "", extracted)
    return 0 < len(plain) < LONGEST_NOTICE and plain in re.sub(r"\W+", "", noscript)


_KINDS = {"p": "paragraph", "head": "heading", "quote": "quote", "list": "list", "code": "boilerplate", "table": "list"}


def _pieces(body: etree._Element) -> Iterator[Piece]:
    """Trafilatura's elements as pieces. Words that it left between elements are paragraphs."""
    if tail := html_blocks.tidy(html_blocks.flat(body.text or "")):
        yield "paragraph", tail
    for element in body:
        if element.tag in ("list", "table"):
            rows = [_words(item, own=True) for item in element.iter("item", "row")]
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
        if tail := html_blocks.tidy(html_blocks.flat(element.tail or "")):
            yield "paragraph", tail


def _words(element: etree._Element, own: bool = False) -> str:
    """The words of an element; its ``own`` ones alone, without those of the lists in it."""
    pieces = [html_blocks.flat(element.text or "")]
    for child in element:
        if child.tag == "lb":
            pieces.append(" " if element.tag == "head" else "\n")
        elif own and child.tag in ("list", "table"):
            pieces.append(" ")
        else:
            gap = " " if child.tag in ("cell", "p", "item", "row") else ""
            pieces.append(gap + _words(child))
        pieces.append(html_blocks.flat(child.tail or ""))
    return html_blocks.tidy("".join(pieces))
