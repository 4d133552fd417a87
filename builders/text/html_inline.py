"""What stands inside the sentences of a page: written out as words, so that nobody who reads the tree loses it.

Conventions: ``<q>`` becomes quotation marks of the page's language, marks of footnotes become ``[1]``, as sentences
know them, and elements that are mostly furniture (``<time>``, ``<button>``) are words where they stand in a sentence.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree, html

#: Quotation marks outside and inside, by primary subtag.
MARKS: dict[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(("de", "da", "cs"), ("„", "“", "‚", "‘")),
    **dict.fromkeys(("es", "it", "pt"), ("«", "»", "“", "”")),
    **dict.fromkeys(("ru", "uk"), ("«", "»", "„", "“")),
    **dict.fromkeys(("no", "nb", "nn"), ("«", "»", "‘", "’")),
    **dict.fromkeys(("sv", "fi"), ("”", "”", "’", "’")),
    "fr": ("« ", " »", "“", "”"),
    "pl": ("„", "”", "«", "»"),
    "ja": ("「", "」", "『", "』"),
}
USUAL = ("“", "”", "‘", "’")
_QUOTES = frozenset("\"'“”„«»‘’‚「」『』")
#: Elements that hold furniture elsewhere, and how many words around them make a sentence.
_IN_SENTENCE = {"time": 1, "button": 3, "label": 3, "output": 3}
_RUNNING = frozenset(("p", "li", "td", "dd", "blockquote", "q", "em", "strong", "b", "i", "span", "a", "figcaption"))
_NOTE = re.compile(r"\s*\[?\s*(\d{1,3}|[*†‡])\s*\]?\s*")
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6"))


def written_out(root: html.HtmlElement, language: str | None) -> None:
    """Writes out what stands inside sentences, in the tree itself."""
    marks = MARKS.get((language or "").split("-")[0], USUAL)
    quoted: set[html.HtmlElement] = set()
    for element in list(root.iter("q", "sup", *_IN_SENTENCE)):
        if element.getparent() is None:
            continue
        if element.tag == "q":
            inside = any(above in quoted for above in element.iterancestors("span"))
            _quoted(element, marks[2:] if inside else marks[:2])
            quoted.add(element)
        elif element.tag == "sup":
            _noted(element)
        elif element.getparent().tag in _RUNNING and _around(element) >= _IN_SENTENCE[element.tag]:
            element.drop_tag()


def _quoted(element: html.HtmlElement, marks: tuple[str, ...]) -> None:
    """Quotation marks in place of the element, unless the page has written its own."""
    before, after = (_before(element) or " ")[-1], (element.tail or " ")[0]
    own = (element.text or " ").lstrip()[:1]
    if not (before in _QUOTES and after in _QUOTES) and own not in _QUOTES:
        element.text = marks[0] + (element.text or "").lstrip()
        if len(element):
            element[-1].tail = (element[-1].tail or "").rstrip() + marks[1]
        else:
            element.text = element.text.rstrip() + marks[1]
    element.tag = "span"


def _noted(element: html.HtmlElement) -> None:
    """``[1]`` for the mark of a footnote: one that links inside the page, or stands behind a sentence."""
    note = _NOTE.fullmatch("".join(element.itertext()))
    if not note:
        return
    links = [link.get("href") or "" for link in (*element.iter("a"), *element.iterancestors("a"))]
    if any("#" in link for link in links) or re.search(r"[.!?,;:”\"’»]$", _before(element).rstrip()):
        for child in list(element):
            element.remove(child)
        element.text = f"[{note[1]}]"
        element.drop_tag()


def _before(element: etree._Element) -> str:
    """The words right before an element, inside the same parent."""
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        return (parent.text or "") if parent is not None else ""
    return previous.tail or "".join(previous.itertext())


def _around(element: etree._Element) -> int:
    """How many words stand around an element in its parent, those of links and emphasis too."""
    parent = element.getparent()
    if parent is None:
        return 0
    words = [parent.text or "", *(child.tail or "" for child in parent)]
    words += ["".join(child.itertext()) for child in parent if child is not element and child.tag in _RUNNING]
    return len(re.findall(r"[^\W\d_]+", " ".join(words)))


def spaced(element: etree._Element, without: frozenset[etree._Element] = frozenset()) -> str:
    """The words of a heading or standfirst, with a blank where a break or two elements part them."""
    return " ".join("".join(_pieces(element, without)).replace("\xad", "").replace("\u200b", "").split())


def _pieces(element: etree._Element, without: frozenset[etree._Element]) -> Iterator[str]:
    yield element.text or ""
    parted = {after for before, after in pairwise(element) if _parts(before, after)}
    for child in element:
        breaks = child.tag in _BREAKS
        yield " " if breaks or child in parted else ""
        if child not in without and isinstance(child.tag, str) and child.tag not in ("script", "style", "svg"):
            yield from _pieces(child, without)
        yield " " if breaks else ""
        yield child.tail or ""


def _parts(before: etree._Element, after: etree._Element) -> bool:
    """Whether two elements that touch part words: both are told apart by the page, and neither is a letter of one."""
    if before.tail or not (before.attrib and after.attrib):
        return False
    left, right = "".join(before.itertext()), "".join(after.itertext())
    return len(left.strip()) > 1 and not right[:1].islower() and right[:1].isalnum()
