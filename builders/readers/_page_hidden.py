"""What a web page hides: no text of the article, unless the article itself waits for a script to show it.

Conventions: what holds the page's title is never taken away, nor anything from a page that hides more than it shows.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from allegedly.builders.readers import _page_words
from allegedly.builders.readers._values import letters
from allegedly.builders.text import html_hidden
from allegedly.builders.text.articles import Piece

#: A hidden line of fewer letters may as well stand in the story.
SHORT = 12


def taken_away(root: etree._Element, heading: etree._Element | None, body: Sequence[Piece]) -> bool:
    """Takes what is hidden out of a page whose body holds words of it, and says whether there was any. ``heading``: the
    page's title, where it has one."""
    own = set() if heading is None else {heading, *heading.iterancestors()}
    hidden = [element for element in html_hidden.unseen(root) if element not in own and element.tag != "body"]
    lines = list(_lines(hidden))
    found = "\n".join(letters(words) for _, words in body)
    if not any(len(plain) >= SHORT and plain in found for plain in map(letters, lines)):
        return False
    if 2 * sum(len(line) for line in lines if len(line) > _page_words.LINE) > _page_words.running(root):
        return False
    for element in hidden:
        element.drop_tree()
    return True


def _lines(hidden: list[etree._Element]) -> Iterator[str]:
    """The lines of text in hidden elements, each once."""
    within = set(hidden)
    for element in hidden:
        if not any(above in within for above in element.iterancestors()):
            yield from (" ".join(text.split()) for text in element.itertext())
