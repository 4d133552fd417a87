"""The words of a web page that may be its article's: the page without elements of which no reading takes words, and how
much of the rest is running text.

Conventions: running text is what stands in no link, menu or control, in stretches longer than a line.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import copy
import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

#: A stretch of text that is no longer, in letters, is a line of the page.
LINE = 40
#: Elements whose text is none of the article's.
_BESIDE = frozenset(
    "a nav footer select option optgroup button textarea label head title noscript template iframe".split()
)
#: Elements that no reading of the page takes words from.
_NO_TEXT = (
    "style", "svg", "link", "meta", "iframe", "object", "embed", "input", "select", "textarea", "source", "audio", "video",
    "canvas", "map", "template", "nav", "footer", "aside", "button", "picture", "img", "option",
)  # fmt: skip
#: Attributes that no reading of the words asks for.
_UNREAD = ("href", "title", "rel", "target", "onclick", "itemtype", "src", "srcset", "alt", "name", "for")
#: Elements that trafilatura drops where they are empty.
_HOLDERS = ("div", "section", "p", "li", "span", "strong", "b", "em", "i", "h1", "h2", "h3", "h4", "h5", "h6")
#: What holds the comments of readers is called so.
_COMMENTS = re.compile(
    r"(?:(?:[a-z]+[_-])?(?:comments?|kommentare?)(?:[_-]?(?:list|area|section|content|body|text|wrapper|container))?)|disqus\w*",
    re.I,
)
_TEASERS = ("div", "section", "p", "span", "ul", "ol", "li")
_BOXES = ("div", "section", "aside", "details", "list", "ul", "ol")
_BESIDES = re.compile(
    r"^(?:comment|comol|disqus|dsq)|(?:article|post)-comments|mvp-post-add|infinite-?scroll|elementor-share",
    re.I | re.M,
)
_STRETCHES = etree.XPath(f"//body//text()[string-length(.) > {LINE}]")


def stripped(root: etree._Element) -> html.HtmlElement:
    """A copy of a page without the elements that no reading of it takes words from."""
    return _without(root, _NO_TEXT)


def shown(root: etree._Element) -> html.HtmlElement:
    """Such a copy without scripts too, and without what the page tells browsers that run none. Its attributes are few:
    each reading copies them several times."""
    page = _without(root, (*_NO_TEXT, "script", "noscript", "head"))
    etree.strip_attributes(page, *_UNREAD)
    # from the end, so that what holds nothing but such elements is empty when its turn comes
    for element in reversed(list(page.iter(*_HOLDERS))):
        if element.text is None and not len(element):
            element.drop_tree()
    return page


def _without(root: etree._Element, names: Sequence[str]) -> html.HtmlElement:
    page = copy.copy(root)
    etree.strip_elements(page, *names, with_tail=False)
    return page


def running(page: etree._Element) -> int:
    """How many letters of running text a page holds; without comments, unless most of it seems to be these."""
    commented: dict[etree._Element, bool] = {}
    story = comments = 0
    for text in _STRETCHES(page):
        parent = text.getparent()
        holder = parent.getparent() if text.is_tail else parent
        length = len(" ".join(text.split()))
        if length <= LINE or holder.tag in _BESIDE:
            continue
        if _is_comment(holder, commented):
            comments += length
        else:
            story += length
    return story if story > comments else story + comments


def besides(page: etree._Element) -> bool:
    """Whether an element may be called as what trafilatura takes out of a page before it looks for the article: comments,
    articles that follow, buttons to share."""
    names = (name for element in page.iter(*_BOXES) for name in (element.get("class"), element.get("id")) if name)
    return bool(_BESIDES.search("\n".join(names)))


def teased(page: etree._Element) -> Iterator[str]:
    """Texts in elements that are called teasers."""
    for element in page.iter(*_TEASERS):
        if "easer" in element.get("class", "") or "easer" in element.get("id", ""):
            yield from element.itertext()


def _is_comment(element: etree._Element, commented: dict[etree._Element, bool]) -> bool:
    """Whether an element stands among comments; ``commented`` remembers which do."""
    if element not in commented:
        above = element.getparent()
        named = map(_COMMENTS.fullmatch, f"{element.get('class', '')} {element.get('id', '')}".split())
        commented[element] = above is not None and (any(named) or _is_comment(above, commented))
    return commented[element]
