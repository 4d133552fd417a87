"""The cards of a web page: linked headlines with a summary each, as front pages, sections and searches have them, and
lists of other stories below a story.

Conventions: a card is the smallest element that holds a headline and words beside it; or the headline and what follows
it up to the next, where they stand in a row. The headline leads to another page of the site and stands in a block of its own.
Fewer than ``LEAST`` are none: a story may point to others in its midst.
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import etree

from allegedly.builders.readers import _json_ld
from allegedly.builders.readers._page_frame import Page
from allegedly.builders.readers._statements import words as words_of
from allegedly.builders.readers._values import letters

LEAST = 5
#: So many characters has a headline, so many the words beside it.
HEADLINE, BESIDE = range(5, 160), range(20, 360)
#: A card holds no more links, and its headline is no more levels down in it.
LINKS, LEVELS = 8, 4
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt")
#: Elements that hold more than a card, or run in a line of text.
_WHOLE = frozenset(("body", "html", "main", "nav", "footer", "form"))
_IN_LINE = frozenset(("p", "span", "em", "i", "b", "strong", "font", "label"))
#: Entries that a page counts are its own: "1. The old mill".
_COUNTED = re.compile(r"\W*\d{1,3}[.):]\s")
_TEXTS = etree.XPath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")


class Cards:
    """The cards of a page; none where it says that it is an article. ``address``: where the page is, if that is known."""

    def __init__(self, page: Page, address: str | None) -> None:
        found = [] if _is_article(page) else list(_cards(page.root, address))
        self._cards = "\n".join(found) if len(found) >= LEAST else ""
        self._page = letters("".join(_TEXTS(page.root))) if self._cards else ""

    def hold(self, words: str) -> bool:
        """Whether words stand in cards, and nowhere else on the page."""
        return bool(self._cards) and all(map(self._holds, map(letters, words.split("\n"))))

    def _holds(self, line: str) -> bool:
        return line in self._cards and (not line or self._page.count(line) <= self._cards.count(line))


def _is_article(page: Page) -> bool:
    """Whether a page says that it is an article, or when it was published as one."""
    kinds = (kind.lower() for kind in page.meta.get("og:type", ()))
    return "article" in kinds or "article:published_time" in page.meta or _json_ld.is_article(page.item)


def _cards(root: etree._Element, address: str | None) -> Iterator[str]:
    """The letters of each card."""
    own = _split(address or "")
    seen: set[tuple[str, str, str] | etree._Element] = set()
    for link in root.iter("a"):
        headline = _headline(link)
        card = None if headline is None else _card(headline, link) or _row(headline)
        if card and card[0] not in seen and (target := _target(link, own)) and target not in seen:
            seen.update((target, card[0]))
            yield letters("".join(card[1]))


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _target(link: etree._Element, own: SplitResult) -> tuple[str, str, str] | None:
    """The address of another page of the same site that a link leads to."""
    try:
        target = urlsplit(urljoin(own.geturl(), link.get("href").strip()))
    except ValueError:
        return None
    elsewhere = own.netloc and target.netloc and _site(target.netloc) != _site(own.netloc)
    if target.scheme not in ("", "http", "https") or elsewhere or not (target.path.strip("/") or target.query):
        return None
    address = (target.netloc, target.path, target.query)
    return None if address == (own.netloc, own.path, own.query) else address


def _site(host: str) -> list[str]:
    return host.lower().partition(":")[0].split(".")[-2:]


def _headline(link: etree._Element) -> etree._Element | None:
    """The element that holds a headline alone: a heading in a link, or a link with all around it that holds no more."""
    if not link.get("href"):
        return None
    element = next(link.iter(*_HEADINGS), link)
    words = words_of(element)
    if len(words) not in HEADLINE or (words.isascii() and " " not in words) or _COUNTED.match(words):
        return None
    while (above := element.getparent()) is not None and above.tag not in _WHOLE and words_of(above) == words:
        element = above
    # words that go on behind a link are a sentence with a link in it
    return None if (element.tail or "").strip() else element


def _card(headline: etree._Element, link: etree._Element) -> tuple[etree._Element, list[str]] | None:
    """The smallest element that holds a headline and a summary, and its text; None where it holds other headlines too."""
    for card in islice(headline.iterancestors(), LEVELS):
        links = list(islice(card.iter("a"), LINKS + 1))
        if card.tag in _WHOLE or card.tag in _IN_LINE or len(links) > LINKS:
            return None
        if len(list(islice(card.iter(*_HEADINGS), 2))) > 1:
            return None
        linked = sum(len(words_of(other)) for other in links if other is not link)
        beside = len(words_of(card)) - len(words_of(headline)) - linked
        if beside >= BESIDE.stop:
            return None
        if beside >= BESIDE.start:
            return card, list(card.itertext())
    return None


def _row(headline: etree._Element) -> tuple[etree._Element, list[str]] | None:
    """A heading with the summary that follows it in a row, and their text."""
    if headline.tag not in _HEADINGS:
        return None
    below = list(takewhile(lambda element: next(element.iter(*_HEADINGS), None) is None, headline.itersiblings()))
    if sum(len(words_of(element)) for element in below) not in BESIDE:
        return None
    return headline, [text for element in (headline, *below) for text in element.itertext()]
