"""Title and subtitle of a page: what it shows, where its head says so too; else what its head says.

Conventions: the outlet's name after a bar or dash is no part of a title.
"""

import re

from lxml import etree

from allegedly.builders.readers._statements import Statements, words
from allegedly.builders.readers._values import first_line, letters, line
from allegedly.builders.text.html_inline import spaced

TITLES = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "citation_title",
    "headline", "fb_title", "title",
)  # fmt: skip
_HEADED = frozenset(("h2", "h3", "p", "div", "span", "strong"))
_STANDFIRST = re.compile(r"standfirst|sub-?title|subhead|subline|(?:__| )dek |alternativeheadline")
_STEMS = ("standfirst", "subtitle", "sub-title", "subhead", "subline", "__dek ", " dek ", "alternativeheadline")
#: What marks a word over the title that says what sort of article it is.
KICKERS = (
    "kicker", "eyebrow", "eye-brow", "overline", "overtitle", "over-title", "topline", "top-line", "dachzeile",
    "spitzmarke", "surtitre", "sur-titre", "antetitulo", "occhiello",
)  # fmt: skip
_KICKER = re.compile(rf"(?<![a-z])(?:{'|'.join(KICKERS)})(?![a-z])", re.I)
_SITE = re.compile(r"\s+[|–—·•»«-]\s+|\s+::\s+|\s*\|\s*")


def title(page: Statements) -> str | None:
    """The title of a page; None where it has none."""
    headline = first_line(page.item.get("headline"))
    site = page.outlet() or ""
    declared = [
        text
        for text in [headline, *(page.meta[name][0] for name in TITLES if page.meta.get(name)), page.tag("title")]
        if text
    ]
    heads = [text for element in page.root.iter("h1") if (text := _head(element, declared)) and len(text) < 300]
    cut = [_without_site(text, site) for text in declared]
    for head in heads:
        plain = letters(head)
        # what the page shows in its head line, where it also says so in its head
        if len(plain) > 3 and any(plain in letters(text) for text in declared) and plain != letters(site):
            return head
    itemprop = page.root.xpath("(//*[@itemprop='headline'])[1]")
    if itemprop and (text := line(itemprop[0].get("content") or words(itemprop[0]))) and len(text) < 300:
        return text
    if len(heads) == 1 and letters(heads[0]) != letters(site) and len(heads[0]) > 15:
        return heads[0]
    return next((text for text in cut if text and letters(text) != letters(site)), None) or next(iter(heads), None)


def subtitle(page: Statements) -> str | None:
    """The subtitle of a page; None where it has none."""
    alternative = first_line(page.item.get("alternativeHeadline"))
    if alternative and alternative != first_line(page.item.get("headline")):
        return alternative
    for element, _ in page.marked_by(_STANDFIRST, _STEMS):
        if element.tag in _HEADED and 15 <= len(text := spaced(element)) <= 400:
            return text
    return None


def kickers(page: Statements) -> list[etree._Element]:
    """The elements of a page that say what sort of article it is, over the title or in it."""
    # most pages have no such word in any mark, which is soon told of all their marks at once
    return _kickers(page.root) if any(word in page.marks for word in KICKERS) else []


def _kickers(above: etree._Element) -> list[etree._Element]:
    return [
        element
        for element in above.iter("div", "p", "span", "strong", "small", "a", "h2", "h3", "h4", "em", "b")
        if _KICKER.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}")
    ]


def _head(element: etree._Element, declared: list[str]) -> str:
    """The words of a head line; without the kicker in it, unless the page's head gives it too."""
    whole, over = spaced(element), _kickers(element)
    if not over or any(letters(whole) in letters(text) for text in declared):
        return whole
    return spaced(element, frozenset(over)).lstrip(" :|–—-") or whole


def _without_site(text: str, site: str) -> str:
    """A title without the outlet's name after (or before) a bar or dash."""
    parts = [part for part in _SITE.split(text) if part]
    if len(parts) < 2:
        return text
    bare = letters(site)
    if bare:
        for end in (-1, 0):
            part = letters(parts[end])
            if part and (part in bare or bare in part):
                kept = parts[:-1] if end else parts[1:]
                start = text.find(kept[0])
                return text[start : text.rfind(kept[-1]) + len(kept[-1])]
    longest = max(parts, key=len)
    return longest if "|" in text or len(longest) > 0.7 * len(text) else text
