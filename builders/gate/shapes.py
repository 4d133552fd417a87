"""Shapes: tables of numbers, menus and front pages, told by how lines are built and not by their words.

Conventions: thresholds are shares of lines. None of them speaks of a text of few lines: a headline alone, a brief, a list
of three stays.
"""

import re
from urllib.parse import urlsplit

from allegedly.builders.gate.hints import Hints
from allegedly.builders.gate.look import Look, prose
from allegedly.builders.sources.limits import Refused

_NUMBER = re.compile(r"[+-]?[£$€¥]?\d[\d.,:/%-]*[%kKmM]?|[-–—+]|n/?a")
_CELLS = re.compile(r"\t| {2,}|\s*[|;]\s*")
_SEPARATOR = re.compile(r"\s+[|·•»›>/]\s+|\t| {3,}")
_SEPARATES = Hints(["|", "·", "•", "»", "›", ">", "/", "\t", "   "])
_END = re.compile(r"[.!?…:,;。！？]['\"”’»)\]]*$")
_FRONT = re.compile(r"/?(?:(?:index|home|default)(?:\.\w{3,5})?)?", re.IGNORECASE)
_LISTING = re.compile(
    r"/(?:[a-z]{2}/)?(?:tags?|categor(?:y|ies)|kategorien?|topics?|thema|themen|schlagwort|authors?|autor(?:en)?|search|suche|"
    r"archives?|archiv|label)(?:/[^/.]+)?(?:/page/\d+)?/?",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[\"'“‘«„»(]*[^\W_a-z]")
#: Readers of web pages, or of what was taken from one.
PAGES = frozenset({"html", "mhtml", "warc", "arc", "trafilatura"})
#: What tells of other pages has so many lines; a story beside it has so much prose, or this share of their letters.
LEAST_CARDS, STORY, BESIDE_CARDS = 5, 250, 0.33
#: A row of so many words is many rows in one.
LONG = 30
LEAST_ROWS, LEAST_ITEMS, LEAST_TEASERS = 3, 6, 6


def verdict(look: Look) -> Refused | None:
    """Why a text is no article by its shape; None where it may be one."""
    front = _front_by_address(look) or _cards(look)
    if front is not None or look.is_prose(0.45):
        return front
    return _numbers(look) or _menu(look) or _front(look)


def _front_by_address(look: Look) -> Refused | None:
    """A page whose own address is that of a tag, section or search, and that has neither date nor author; or that of a
    site, and it lacks one of them: some sites give their own address as that of each story. Records of tables and feeds
    that name a site as their address are no pages."""
    article = look.article
    if article.origin.reader not in PAGES or not article.url or (article.published and article.authors):
        return None
    try:
        address = urlsplit(article.url)
    except ValueError:
        return None  # it says nothing, and the article is one all the same
    listing = _LISTING.fullmatch(address.path) and not article.published and not article.authors
    if address.query or not (listing or _FRONT.fullmatch(address.path)):
        return None
    return Refused("front-page", "is a front page, or one of a tag or section, by its address", url=article.url)


def _cards(look: Look) -> Refused | None:
    """A web page of cards, which its reader has told from text, and hardly a sentence of its own."""
    article = look.article
    if article.origin.reader not in PAGES:
        return None
    cards = [article.text[block.start : block.end] for block in article.blocks if block.kind == "boilerplate"]
    lines = sum(len(card.splitlines()) for card in cards)
    if lines < LEAST_CARDS or look.prose * look.size >= min(STORY, BESIDE_CARDS * sum(map(len, cards))):
        return None
    reason = "is a page of headlines and summaries of other pages, and hardly a sentence of its own"
    return Refused("front-page", reason, lines=len(look.lines), summaries=lines)


def _numbers(look: Look) -> Refused | None:
    # a line of many words may be many rows in one, as a drawn page gives them
    rows = {line: max(1, len(line.split()) // (LONG // LEAST_ROWS)) for line in look.lines}
    lines = sum(map(rows.__getitem__, look.lines))
    if lines < LEAST_ROWS or look.prose >= 0.25:
        return None
    found = sum(rows[line] for line in look.lines if _is_row(line))
    if found < LEAST_ROWS or found < 0.5 * lines:
        return None
    return Refused("numbers", "is a table of numbers", lines=len(look.lines), rows=found)


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table of numbers: half of its words or more, or a cell alone."""
    words = line.split()
    numbers = sum(1 for word in words if _NUMBER.fullmatch(word))
    if len(_CELLS.split(line)) >= 4:
        return numbers >= 2 or not _END.search(line)
    least = 0.3 if len(words) >= LONG else 0.5
    return numbers >= least * len(words) and any(character.isdigit() for character in line) and not prose(line)


def _menu(look: Look) -> Refused | None:
    if look.prose >= 0.15:
        return None
    items = [item for line in look.lines for item in _items(line)]
    short = sum(1 for item in items if len(item.split()) <= 4 and not _END.search(item) and len(item) < 40)
    if len(items) < LEAST_ITEMS or short < 0.8 * len(items):
        return None
    return Refused("menu", "is a menu: short entries in a row, and hardly a sentence", items=len(items), short=short)


def _items(line: str) -> list[str]:
    """What stands between the separators of a line."""
    return [item for item in _SEPARATOR.split(line) if item.strip()] if _SEPARATES.in_text(line) else [line]


def _front(look: Look) -> Refused | None:
    if len(look.lines) < LEAST_TEASERS or look.prose >= 0.3:
        return None
    teasers = sum(map(_is_teaser, look.lines))
    if teasers < LEAST_TEASERS or teasers < 0.6 * len(look.lines):
        return None
    return Refused(
        "front-page",
        "is a page of headlines: lines that end in no full stop, and hardly a sentence",
        lines=len(look.lines),
        headlines=teasers,
    )


def _is_teaser(line: str) -> bool:
    """Whether a line is built as a headline: three words to thirty, a capital first, no full stop at its end."""
    words = line.split()
    return 3 <= len(words) <= 30 and _OPENS.match(line) is not None and _END.search(line) is None
