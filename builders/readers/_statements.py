"""What an HTML page says of itself, looked up by name: meta tags, JSON-LD, elements that say what they are.

Conventions: names of meta tags are in lower case; of several tags of one name the first comes first.
Source: schema.org/NewsArticle; ogp.me; Dublin Core terms; parse.ly and Sailthru meta tags.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import Any

from lxml import etree

from allegedly.builders.readers import _json_ld
from allegedly.builders.readers._page_scripts import Script
from allegedly.builders.readers._values import first_line, line, web_address

SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title", "publisher",
         "article:publisher_name", "cre", "al:ios:app_name", "apple-mobile-web-app-title")  # fmt: skip
#: Elements that are asked what they are.
MARKED = tuple(
    """
    a span p div li strong cite h2 h3 h4 h5 h6 ul section
    address b em i td header footer figure small dd
    """.split()
)

#: All text of an element in one step, without a look at each element in it.
_STRING = etree.XPath("string()", smart_strings=False)
#: Parts the marks of elements: no tree holds this character.
_END = "\0"
#: An address in place of a name; ``Vox.com`` is a name.
_ADDRESS = re.compile(r"\w+://|www\.|//|\S+\.\w{2,}/")


class Statements:
    """A page's own words about itself, looked up by name. ``address``: where it was found, if that is known."""

    def __init__(self, root: etree._Element, scripts: Sequence[Script], address: str | None = None) -> None:
        self.root = root
        self.address = address
        self.scripts = scripts
        self.meta: dict[str, list[str]] = defaultdict(list)
        for element in root.iter("meta"):
            content = line(element.get("content") or "")
            for key in ("property", "name", "itemprop", "http-equiv"):
                if content and element.get(key):
                    self.meta[element.get(key).strip().lower()].append(content)
        self.items = list(_json_ld.objects(script.text for script in scripts if script.linked))
        self.ids = {item["@id"]: item for item in self.items if isinstance(item.get("@id"), str) and len(item) > 1}
        self.item = self._main()

    @cached_property
    def marked(self) -> list[tuple[etree._Element, str]]:
        """Elements that say what they are: class, id, itemprop, rel and the path of a link, in lower case."""
        if not (elements := list(self.root.iter(*MARKED))):
            return []
        # tidied all at once, with a character between them that no tree holds
        marks = f" {_END} ".join(map(_mark, elements)).split()
        lines = f" {' '.join(marks)} ".lower().split(_END)
        return [(element, mark) for element, mark in zip(elements, lines, strict=True) if not mark.isspace()]

    def marked_by(self, pattern: re.Pattern[str], stems: Sequence[str]) -> list[tuple[etree._Element, str]]:
        """Of these elements those in whose mark the pattern stands. One of the stems stands in all that it matches."""
        # strings are looked for much faster than patterns, and few marks have any of them
        starts = {start for stem in stems for start in _places(self.marks, stem)}
        lines = {bisect_right(self._starts, start) - 1 for start in starts}
        return [self.marked[line] for line in sorted(lines) if pattern.search(self.marked[line][1])]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each element's line begins among all marks."""
        return list(accumulate((len(mark) + 1 for _, mark in self.marked), initial=0))

    @cached_property
    def marks(self) -> str:
        """All that elements say that they are, a line each."""
        return "\n".join(mark for _, mark in self.marked)

    def aside(self, element: etree._Element) -> bool:
        """Whether an element stands among comments or pointers to other pages."""
        return any(
            re.search("comment|related", (above.get("class") or "") + (above.get("id") or ""))
            for above in element.iterancestors()
        )

    def _main(self) -> dict[str, Any]:
        """The object that is the article; of several the one whose headline the page bears."""
        ranked = [item for item in self.items if _json_ld.is_article(item)]
        ranked = [
            item for item in ranked if item.get("headline") or item.get("datePublished") or item.get("articleBody")
        ]
        if len(ranked) > 1:
            heads = " ".join([*self.meta.get("og:title", ()), self.tag("title"), self.tag("h1")]).casefold()
            ranked.sort(key=lambda item: (first_line(item.get("headline")) or "\0").casefold() not in heads)
        return ranked[0] if ranked else next((item for item in self.items if _json_ld.is_page(item)), {})

    def first(self, names: tuple[str, ...]) -> str | None:
        """The content of the first meta tag that is there."""
        return next((self.meta[name][0] for name in names if self.meta.get(name)), None)

    def tag(self, tag: str) -> str:
        """The words of the first element of a name; empty where there is none."""
        element = next(self.root.iter(tag), None)
        return "" if element is None else words(element)

    def resolved(self, value: Any) -> Any:
        """A value of JSON-LD, with objects in place of references to them."""
        if isinstance(value, list):
            return [self.resolved(item) for item in value[:50]]
        if isinstance(value, dict) and not value.get("name") and value.get("@id") in self.ids:
            return self.ids[value["@id"]]
        return value

    def outlet(self) -> str | None:
        """The outlet's name: no address, and not the title."""
        publisher = self.resolved(self.item.get("publisher"))
        if isinstance(publisher, list):
            publisher = publisher[0] if publisher else None
        name = first_line(publisher.get("name") if isinstance(publisher, dict) else publisher)
        title = self.first(("og:title",)) or first_line(self.item.get("headline")) or self.tag("h1")
        names = [self.first(SITES[:1]), name, *(self.first((site,)) for site in SITES[1:])]
        return next((name for name in names if name and name != title and not _ADDRESS.match(name)), None)

    def linked(self, relation: str, *tags: str) -> Iterator[str]:
        """The addresses that the page links to as its own in some way, such as ``canonical`` or ``license``."""
        for element in self.root.iter(*tags):
            rel, address = element.get("rel"), element.get("href")
            if rel and address is not None and f" {relation} " in f" {rel} ".lower():
                yield address

    @cached_property
    def url(self) -> str | None:
        """The page's own address."""
        canonical = islice(self.linked("canonical", "link"), 1)
        base = (
            self.first(("og:url",)) or first_line(self.item.get("url")) or first_line(self.item.get("mainEntityOfPage"))
        )
        for link in [*canonical, base]:
            if link and (address := web_address(str(link), base)):
                return address
        return None


def words(element: etree._Element, gap: str = "") -> str:
    """The words in an element of a page whose scripts are silent; ``gap`` stands between its pieces."""
    if gap:
        return gap.join(element.itertext()).strip()
    return " ".join(_STRING(element).replace("\xad", "").replace("\u200b", "").split())


def _places(words: str, stem: str) -> Iterator[int]:
    """Where a string stands in words."""
    start = words.find(stem)
    while start >= 0:
        yield start
        start = words.find(stem, start + 1)


def _mark(element: etree._Element) -> str:
    """What an element says that it is."""
    get = element.get
    link = get("href") if element.tag == "a" else None
    path = f" href={_path(link)}" if link else ""
    return f"{get('class', '')} {get('id', '')} {get('itemprop', '')} {get('rel', '')}{path}"


def _path(link: str) -> str:
    """The path of a link, whatever the link is."""
    return link.partition("?")[0].partition("#")[0][:200]
