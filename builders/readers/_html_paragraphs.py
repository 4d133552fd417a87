"""The paragraphs of HTML that is no page of the web but all text: a mail, a chapter of a book.

Conventions: everything that a reader sees is taken, in order. Hidden elements are no text; two line breaks in a row part
paragraphs.
"""

import re
from collections.abc import Iterator

from lxml import etree

from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources.limits import Limits
from allegedly.builders.text import html_blocks, html_hidden, html_tree

_BREAKS = re.compile(r"(?:<br\b[^<>]{0,200}>(?:\s|&nbsp;|&#160;|\xa0)*){2,}", re.I)
#: How mails hide what they say to programs, beside the ways of all HTML.
_HIDDEN = re.compile(
    r"mso-hide:all|opacity:0(?:[;.]0*;|$)|(?:max-height|font-size|line-height):[01](?:px|pt)?(?:;|$|!)"
)


def tree(source: str, limits: Limits) -> etree._Element:
    """The tree of a source, without what a reader does not see."""
    root = html_tree.tree(_BREAKS.sub("<hr>", source), limits)
    for element in list(root.iter()):
        style = element.get("style")
        if html_hidden.is_hidden(element) or (style and _HIDDEN.search(re.sub(r"\s", "", style).lower())):
            element.clear(keep_tail=True)
    return root


def of(root: etree._Element) -> Iterator[Paragraph]:
    """The paragraphs of a tree."""
    body = next(root.iter("body"), root)
    for kind, words in html_blocks.of(body):
        yield Paragraph(kind, words, None, kind in ("caption", "boilerplate"))
