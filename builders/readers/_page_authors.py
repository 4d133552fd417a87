"""Authors of a page: from its JSON-LD, its meta tags, elements that say that they name authors, a signed line.

Conventions: the outlet's own name is no author; agencies stand apart.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from allegedly.builders.readers import _names
from allegedly.builders.readers._credits import Credit, credit, together
from allegedly.builders.readers._line_bylines import byline
from allegedly.builders.readers._line_people import is_name
from allegedly.builders.readers._page_frame import Page
from allegedly.builders.readers._statements import MARKED, words
from allegedly.builders.readers._values import letters

AUTHORS = (
    "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.creator.name", "citation_author",
    "article:author_name", "byl", "cxenseparse:author", "og:author", "article:author", "article.author", "authors",
    "dcsext.author", "rbauthors", "twitter:data1", "vr:author", "shareaholic:article_author_name",
)  # fmt: skip
_ANY = frozenset(MARKED)
_INLINE = frozenset(("a", "span", "p", "div", "li", "strong", "cite", "b", "em"))
#: Where a page names its authors, best first: tags, and what the element says it is.
_BYLINES = (
    (_ANY, re.compile(r" author (?!.*\bcomment)(?=.*)")),
    (_INLINE, re.compile(r" (?:fn|vcard) ")),
    (
        _INLINE,
        re.compile(
            r"author-name|author__name|authorname|byline__name|byline-name|post-author|entry-author|recipe-expert-name"
        ),
    ),
    (_INLINE, re.compile(r"byline|autor|auteur")),
    (_ANY, re.compile(r"author| username ")),
    (frozenset("a"), re.compile(r"href=\S*/(?:authors?|autor(?:en|es)?|auteurs?|staff|redaktion)/")),
)
#: What any of them looks for: few elements of a page have it.
_NAMING = re.compile("|".join(pattern.pattern for _, pattern in _BYLINES))
_STEMS = (
    "author",
    "autor",
    "auteur",
    "byline",
    " fn ",
    " vcard ",
    " username ",
    "recipe-expert-name",
    "/staff/",
    "/redaktion/",
)
#: What stands beside `twitter:data1` where that names authors.
_WRITTEN = re.compile(r"written|by|von|author|verfasst|geschrieben", re.I)
_SIGNED = re.compile(
    r"^(?:by|von|par|por|autor(?:in)?:|author:|text:|text & fotos?:|text von|ein artikel von|artikel von|posted by|written by|"
    r"geschrieben von|(?:posted|published) on .{6,24} by)\s+((?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w'’-]+)(?=\s*(?:$|[|,–-]))",
    re.I,
)
#: A line that names its authors and hardly anything else.
_SIGNED_LINE = re.compile(r"(?:written by|by|von|par|por|di|door|av|af)\b[^|•·/;]+$", re.I)
#: What names authors is no longer, in letters.
LONGEST = 200
_TEXTS = etree.XPath("//text()[normalize-space()]")
_SIGNERS = ("p", "div", "span", "li", "em", "strong", "i", "td", "small")
#: How signed lines begin.
_SIGNING = re.compile(
    r"[\s\xad\u200b]*(?:by|von|par|por|auth?or|text|ein\b|artikel|posted|written|geschrieben|published)", re.I
)


def credits(page: Page) -> Credit:
    """The people who wrote a page, in order, and the agencies that it names with them; empty where it names none."""
    outlet = letters(page.outlet() or "")
    stated = [credit(source) for source in _stated(page)]
    agencies = together(stated).agencies[:4]
    for told in stated:
        if people := _others(told.people, outlet):
            return Credit(people, agencies)
    # where the page names an outlet as its author, only what looks like a name can be another
    strict = any(map(_names.named, _stated(page)))
    for source in _shown(page):
        told = credit(source)
        people = tuple(name for name in _others(told.people, outlet) if not strict or is_name(name))
        if people or told.agencies:
            return Credit(people, together([Credit((), agencies), told]).agencies)
    return Credit((), agencies)


def _others(people: Iterable[str], outlet: str) -> tuple[str, ...]:
    return tuple(name for name in people if letters(name) != outlet)


def _stated(page: Page) -> Iterator[Any]:
    """What says that it names the authors, best first."""
    yield page.resolved(page.item.get("author"))
    for name in AUTHORS:
        if name != "twitter:data1" or _WRITTEN.search(page.first(("twitter:label1",)) or ""):
            yield page.meta.get(name)


def _shown(page: Page) -> Iterator[Any]:
    """What the page shows as names of its authors, best first."""
    naming = page.marked_by(_NAMING, _STEMS)
    for tags, pattern in _BYLINES:
        candidates = [element for element, mark in naming if element.tag in tags and pattern.search(mark)]
        marked = [element for element in candidates if not page.aside(element)][:8]
        for position, element in enumerate(marked):
            if len(words(element, "\n")) < LONGEST:
                yield _beside(marked[position:])
    for line, _ in islice(page.frame(), 40):
        if note := byline(line):
            yield list(note.tells.get("authors", ()))
    for element in _beginning(page.root, _SIGNING):
        text = words(element) if len(element) < 4 else ""
        if 5 < len(text) < 120 and (signed := _SIGNED.search(text)):
            yield signed[1]


def _beside(marked: list[etree._Element]) -> list[str]:
    """What the first of some elements names, with those that name more people in its line; the line where it is signed."""
    first, *others = marked
    named = [words(first, "\n")]
    for other in others:
        if first not in other.iterancestors():
            more = [*named, words(other, "\n")]
            if not _names_only(_stretch(first, other), more):
                break
            named = more
    people = set(_names.authors(named))
    for above in islice(first.iterancestors(), 3):
        line = words(above)
        if len(line) >= LONGEST:
            break
        if (
            people
            and _SIGNED_LINE.match(line)
            and people <= set(told := _names.authors(line))
            and all(map(is_name, told))
        ):
            return [line]
    return named


def _stretch(first: etree._Element, last: etree._Element) -> str:
    """The words from the beginning of one element to the end of a later one."""
    around = next(above for above in first.iterancestors() if above in last.iterancestors())
    whole, begin, end = words(around, "\n"), words(first, "\n"), words(last, "\n")
    start = whole.find(begin)
    return whole[start : whole.find(end, start + len(begin)) + len(end)]


def _names_only(line: str, named: list[str]) -> bool:
    """Whether a line names the people that its elements name, and nobody else."""
    people = set(_names.authors(named))
    return len(line) < LONGEST and any(set(_names.authors(each)) == people for each in (line, line.replace("\n", " ")))


def _beginning(root: etree._Element, pattern: re.Pattern[str]) -> list[etree._Element]:
    """The elements that may begin with such words, in order: those that hold them, and all around these."""
    holders: set[etree._Element] = set()
    for text in _TEXTS(root):
        if pattern.match(text):
            beside = text.getparent()
            holders.update(beside.iterancestors() if text.is_tail else (beside, *beside.iterancestors()))
    return [element for element in root.iter(*_SIGNERS) if element in holders] if holders else []
