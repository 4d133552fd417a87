"""The main part of a web page: the smallest element that holds its title and nearly all of its running text.

Conventions: running text is what stands in no link, menu or control, in stretches longer than a line. Around the main
part stand menus, headers and footers, most of a page's elements, which no search for the article has to look through.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import copy
import re
from collections import Counter

from lxml import etree, html

from allegedly.builders.readers._page_frame import title

#: A stretch of text that is no longer, in letters, is a line of the page.
LINE = 40
#: Nearly all of the running text.
SHARE = 0.99
#: Elements whose text is none of the article's.
_BESIDE = frozenset(
    "a nav footer select option optgroup button textarea label head title noscript template iframe".split()
)
#: Elements that no reading of the page takes words from.
_NO_TEXT = (
    "style", "svg", "link", "meta", "iframe", "object", "embed", "input", "select", "textarea", "source", "audio", "video",
    "canvas", "map", "template", "nav", "footer", "aside", "button", "picture", "img", "option",
)  # fmt: skip
#: Elements whose words count where nothing else has any.
_LAST_RESORT = ("script", "noscript")
#: What holds the comments of readers is called so.
_COMMENTS = re.compile(
    r"(?:(?:[a-z]+[_-])?(?:comments?|kommentare?)(?:[_-]?(?:list|area|section|content|body|text|wrapper|container))?)|disqus\w*",
    re.I,
)
_STRETCHES = etree.XPath(f"//body//text()[string-length(.) > {LINE}]")
#: Elements that hold words and no paragraphs.
_WORDS = frozenset("p span em strong b i blockquote li td pre font".split())


def stripped(root: etree._Element) -> html.HtmlElement:
    """A copy of a page without the elements that no reading of it takes words from."""
    page = copy.copy(root)
    etree.strip_elements(page, *_NO_TEXT, with_tail=False)
    return page


def of(whole_page: etree._Element) -> tuple[html.HtmlElement, int]:
    """A copy of a stripped page with its main part alone, in the elements that it stands in, and of how many letters of
    running text the page is; a copy of all of it where it has none."""
    page = copy.copy(whole_page)
    etree.strip_elements(page, *_LAST_RESORT, with_tail=False)
    letters = _running(page)
    heading = title(page)
    titled = set() if heading is None else {heading, *heading.iterancestors()}
    main, whole = page, letters[page]
    while whole and (inner := next((child for child in main if letters[child] >= SHARE * whole), None)) is not None:
        if inner.tag in _WORDS or (inner not in titled and any(child in titled for child in main)):
            break
        main.text = None
        for child in list(main):
            if child is not inner:
                main.remove(child)
        inner.tail = None
        main = inner
    return page, whole


def _running(page: etree._Element) -> Counter[etree._Element]:
    """How many letters of running text the elements hold; without comments, unless most of it seems to be these."""
    stretches = []
    for text in _STRETCHES(page):
        parent = text.getparent()
        holder = parent.getparent() if text.is_tail else parent
        length = len(" ".join(text.split()))
        if length > LINE and holder.tag not in _BESIDE:
            stretches.append((holder, length))
    commented: dict[etree._Element, bool] = {}
    story = [(holder, length) for holder, length in stretches if not _is_comment(holder, commented)]
    mostly = 2 * sum(length for _, length in story) > sum(length for _, length in stretches)
    letters: Counter[etree._Element] = Counter()
    for holder, length in story if mostly else stretches:
        letters[holder] += length
        for above in holder.iterancestors():
            letters[above] += length
    return letters


def _is_comment(element: etree._Element, commented: dict[etree._Element, bool]) -> bool:
    """Whether an element stands among comments; ``commented`` remembers which do."""
    if element not in commented:
        above = element.getparent()
        named = map(_COMMENTS.fullmatch, f"{element.get('class', '')} {element.get('id', '')}".split())
        commented[element] = above is not None and (any(named) or _is_comment(above, commented))
    return commented[element]
