"""The frame of a page's story: the short lines beside its title, and elements that say that they hold a date.

Conventions: ``frame`` gives the words of a line and whether its element says what it is. Lines of the story, of
comments, of pointers to other pages and of the page's foot are not of the frame.
"""

import copy
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, tee

from lxml import etree

from allegedly.builders.readers._statements import Statements, words
from allegedly.builders.readers._values import letters
from allegedly.builders.text.date_names import LEAD

#: A line of the frame is no longer.
LONGEST = 160
#: So many lines after the title are looked at.
NEAR = 14
_DATED = re.compile(
    r"date|datum|fecha|publi[sc]|posted|pubdate|timestamp|dateline|byline|submitted|release|created|veröffentlich|"
    r"(?:entry|post|article|artikel|news|story|blog|page|node|headline)[-_]{0,2}(?:meta|info|time|header|details?)|"
    r"[ _-](?:meta|time|info|author|details)[ _-]"
)
_STEMS = ("date", "datum", "fecha", "publis", "public", "posted", "timestamp", "byline", "submitted", "release", "created",
          "veröffentlich", "meta", "info", "time", "header", "detail", "author")  # fmt: skip
_CHANGED = re.compile("lastmod")
#: What elements are called that hold comments, pointers to other pages, or what every page of the site has.
_OUTSIDE = re.compile(
    r"(?:[\w-]*[_-])?(?:comments?|related|teasers?|sidebar|recommended|recommendations|copyright|newsletter|breadcrumbs?|"
    r"kommentare?|calendar|popular|ticker|carousel|latest|recent|mostread|most-read|readmore|comment\w+|"
    r"widget_\w+)(?:[_-](?!meta|info|date)[\w-]*)?",
    re.I,
)
#: Classes that tell how the page is laid out, or what the article is about.
_LAYOUT = re.compile(r"(?:has|no|with|category|tag|type|status|format)[_-]", re.I)
_BLOCKS = ("p", "div", "span", "li", "time", "small", "em", "i", "b", "strong", "address", "h2", "h3", "h4", "h5", "h6",
           "td", "font", "center", "dd", "figcaption")  # fmt: skip

#: What stands before a heading and after it, no more than is looked at.
_NEAREST = etree.XPath(
    "preceding::*[self::p or self::div or self::span or self::time or self::small or self::li][position() <= 8]"
)
_FOLLOWING = etree.XPath("following::*[position() <= 150]")


def outside(element: etree._Element, title: etree._Element | None) -> bool:
    """Whether an element stands among comments, pointers to other pages, or at the foot of the page. What holds the
    title is none of these, whatever it is called."""
    own = set() if title is None else {title, *title.iterancestors()}
    for above in (element, *element.iterancestors()):
        if above in own or above.tag in ("body", "html"):
            return False
        if above.tag in ("nav", "aside", "form", "select", "figure"):
            return True
        if above.tag == "footer" and (len(list(islice(above.iter("a"), 9))) > 8 or "©" in words(above)):
            return True
        for name in f"{above.get('class') or ''} {above.get('id') or ''}".split():
            if _OUTSIDE.fullmatch(name) and not _LAYOUT.match(name):
                return True
    return False


class Page(Statements):
    """What a page says of itself, and the lines of its frame."""

    @cached_property
    def heading(self) -> etree._Element | None:
        """The heading that is the title."""
        return title(self.root)

    def frame(self) -> Iterator[tuple[str, bool]]:
        """The lines of the frame, best first: beside the title, then of elements that say that they hold a date."""
        # several ask for them; none of them for all
        return copy.copy(self._frame)

    @cached_property
    def _frame(self) -> Iterator[tuple[str, bool]]:
        return tee(self._lines(), 1)[0]

    def _lines(self) -> Iterator[tuple[str, bool]]:
        heading = self.heading
        if heading is not None:
            yield from _beside(heading)
        for element, _ in self.marked_by(_DATED, _STEMS):
            if not outside(element, heading):
                line = _line(element)
                if 5 < len(line) < LONGEST:
                    yield line, True
        for part in re.split(r"\s[|–—-]\s", self.tag("title"))[1:]:
            yield part, False

    def labelled(self) -> Iterator[str]:
        """Lines anywhere that begin with a word for the date of an article: ``Published 11 March 2025``."""
        for element in self.root.iter(*_BLOCKS):
            if len(element) < 4:
                line = " ".join("".join(islice(element.itertext(), 12)).split())
                if 8 < len(line) < LONGEST and LEAD.match(line) and not outside(element, self.heading):
                    yield line

    def changed(self) -> Iterator[str]:
        """What the page says of its last change, as wikis do at their foot."""
        for element, _ in self.marked_by(_CHANGED, ("lastmod",)):
            if len(line := _line(element)) < LONGEST:
                yield line


def title(root: etree._Element) -> etree._Element | None:
    """The heading that is the title: the one that the page's own title holds, else the only one of the first level."""
    named = letters(next((words(element) for element in root.iter("title")), ""))
    headings = list(islice(root.iter("h1"), 6))
    for heading in headings:
        plain = letters(words(heading))
        if len(plain) > 8 and (plain in named or named[:30] == plain[:30]):
            return heading
    if len(headings) == 1:
        return headings[0]
    for heading in islice(root.iter("h2", "h3"), 20):
        if len(plain := letters(words(heading))) > 8 and plain in named:
            return heading
    return None


def _line(element: etree._Element) -> str:
    return " ".join(words(element, " ").split())


def _beside(heading: etree._Element) -> Iterator[tuple[str, bool]]:
    """The short lines in, before and after the title, up to the first paragraph of the story."""
    # the date may stand in the heading itself
    yield from ((_line(inner), inner.tag == "time") for inner in heading.iter("time", "small", "span"))
    for element in reversed(_NEAREST(heading)):
        line = _line(element)
        if 5 < len(line) < LONGEST and not outside(element, heading):
            yield line, element.tag == "time"
    block, lines = heading, 0
    for element in _FOLLOWING(heading):
        if element.tag not in _BLOCKS:
            continue
        line = _line(element)
        if len(line) >= LONGEST:
            yield re.split(r"\s[–—-]{1,2}\s|:\s", line[:80])[0], False
            if element.tag == "p":
                return
        elif len(line) > 5:
            if block not in element.iterancestors():
                block, lines = element, lines + 1
            if not outside(element, heading):
                yield line, element.tag == "time"
        if lines > NEAR:
            return
