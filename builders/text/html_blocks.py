"""Blocks out of HTML: all of a fragment, in order.

Conventions: pieces are ``(kind, words)``; words have single spaces, and a line break where the page has ``<br>``.
The first paragraph is the lead.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import copy
import re
from collections.abc import Callable, Iterator

from lxml import etree

from allegedly.builders.sources.limits import Limits
from allegedly.builders.text import articles, html_hidden, html_tree
from allegedly.builders.text.articles import Piece

_SILENT = frozenset(
    """
    script style noscript template iframe object embed svg math canvas audio video form button select
    textarea input nav head
    """.split()
)
_BLOCK = frozenset(
    """
    html body div p section article main header footer aside figure figcaption blockquote ul ol dl li dt
    dd table tr td th tbody thead tfoot caption pre address h1 h2 h3 h4 h5 h6 hr details summary center
    """.split()
)
_KINDS = {
    **{f"h{n}": "heading" for n in range(1, 7)},
    "summary": "heading",
    "blockquote": "quote",
    "figcaption": "caption",
    "caption": "caption",
    "address": "boilerplate",
}
#: What elements are called that hold buttons to share a story, and pointers to others.
_BESIDE = re.compile(
    r"(?:[\w-]*-)?(?:sharedaddy|share-?(?:buttons?|links?|icons?|bar|tools)|sharing-?(?:buttons?|links?)|social-?(?:share|sharing|"
    r"buttons?|links?|icons?)|addtoany\w*|rich-?links?|relatedposts|related-?(?:posts?|articles?|stories|content|links?|news)|"
    r"(?:read|see)-(?:also|more|next)|recirculation|newsletter-?(?:signup|sign-up|form|box|promo))(?:-[\w-]*)?",
    re.I,
)
#: A longer name is none of these.
LONGEST_NAME = 80
_LISTS = frozenset(["ul", "ol", "dl"])


def fragment(source: str, limits: Limits) -> list[Piece]:
    """The pieces of a stretch of HTML: all that it shows, or all of it where it shows nothing."""
    root = html_tree.tree(f"<div>{source}</div>", limits)
    if html_hidden.unseen(root):
        shown = copy.copy(root)
        for element in html_hidden.unseen(shown):
            element.drop_tree()
        if pieces := of(shown):
            return articles.led(pieces)
    return articles.led(of(root))


def of(root: etree._Element) -> list[Piece]:
    """The pieces under an element. What lies in elements that say that they stand beside a story is boilerplate, unless
    there is nothing else."""
    pieces = _of(root, _is_beside)
    return pieces if any(kind != "boilerplate" for kind, _ in pieces) else _of(root, lambda element: False)


def _is_beside(element: etree._Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}".replace("_", "-").split()
    return any(_BESIDE.fullmatch(name) for name in names if len(name) <= LONGEST_NAME)


def _of(root: etree._Element, beside: Callable[[etree._Element], bool]) -> list[Piece]:
    pieces: list[Piece] = []
    words: list[str] = []

    def close(kind: str) -> None:
        if text := tidy("".join(words)):
            pieces.append((kind, text))
        words.clear()

    kinds = ["paragraph"]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCK:
                close(kinds[-1])
                within = kinds[-1] == "boilerplate" or beside(element)
                kinds.append("boilerplate" if within else _KINDS.get(tag, "list" if tag in _LISTS else kinds[-1]))
            if tag == "br":
                words.append("\n")
            if tag in _SILENT:
                _blank(element)
            elif element.text:
                words.append(flat(element.text))
        else:
            if tag in _BLOCK:
                close(kinds.pop())
            if element is not root and element.tail:
                words.append(flat(element.tail))
    close("paragraph")
    return list(_lists(pieces))


def _blank(element: etree._Element) -> None:
    """Take away what lies in an element, which the walk would enter."""
    # the tail stays where it is: letters that no XML may hold could not be put back
    element.clear(keep_tail=True)


def flat(words: str) -> str:
    """White space of the source is one space; a no-break space is one too, invisible marks go."""
    words = words.replace("\u200b", "").replace("\ufeff", "").replace("\xad", "")
    inner = " ".join(words.split())
    if not inner:
        return " " if words else ""
    return f"{' ' if words[0].isspace() else ''}{inner}{' ' if words[-1].isspace() else ''}"


def tidy(words: str) -> str:
    """Words without white space around lines, at most one line break in a row."""
    if "\n" not in words:
        return " ".join(words.split())
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def _lists(pieces: list[Piece]) -> Iterator[Piece]:
    """Items of one list that follow each other are one block, a line each."""
    items: list[str] = []
    for kind, words in pieces:
        if kind == "list":
            items.append(words)
            continue
        if items:
            yield "list", "\n".join(items)
            items = []
        yield kind, words
    if items:
        yield "list", "\n".join(items)
