"""Paragraphs: what readers of documents find in them, in order, before anybody asks what an article is.

Conventions: kinds are those of blocks. Words have single blanks, and a line break where the document has one. ``aside``
is what stands beside the story: a note at the foot, a caption, a text box, a table of numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

#: What styles are called, in word processors and in newsrooms, and what they make of a paragraph.
_STYLES = {
    "title": "title",
    "headline": "title",
    "subtitle": "subtitle",
    "standfirst": "subtitle",
    "subheadline": "subtitle",
    "caption": "caption",
    "figure": "caption",
    "illustration": "caption",
    "quote": "quote",
    "intense quote": "quote",
    "quotations": "quote",
    "block text": "quote",
    "footnote text": "boilerplate",
    "endnote text": "boilerplate",
    "footnote": "boilerplate",
    "endnote": "boilerplate",
    "header": "boilerplate",
    "footer": "boilerplate",
    "page number": "boilerplate",
    "toc heading": "boilerplate",
}
_HEADING = re.compile(r"heading ?(\d)")
_LIST = re.compile(r"list(?: (?:bullet|number|paragraph|continue))?(?: ?\d)?")
_CONTENTS = re.compile(r"(?:toc|contents|index) ?\d?")
#: A table whose cells are longer holds text, and is there for the layout.
LONG_CELL = 200


class Paragraph(NamedTuple):
    """A paragraph of a document. ``level``: that of a heading, from 1. ``below``: it is a line of plain text right under
    the paragraph before."""

    kind: str
    words: str
    level: int | None = None
    aside: bool = False
    below: bool = False


@lru_cache(maxsize=4096)
def styled(style: str) -> tuple[str, int | None] | None:
    """The kind, and of a heading the level, of paragraphs with a style of this name; None for a style like any other."""
    plain = " ".join(re.sub(r"[_-]", " ", style).lower().split())
    if heading := _HEADING.match(plain):
        return "heading", max(1, int(heading[1]))
    if _LIST.fullmatch(plain) and plain != "list paragraph":
        return "list", None
    if _CONTENTS.fullmatch(plain):
        return "boilerplate", None
    kind = _STYLES.get(plain)
    return (kind, None) if kind else None


def of_words(kind: str, words: str, level: int | None = None, *, aside: bool = False) -> Iterator[Paragraph]:
    """The paragraphs in some words: two line breaks in a row part them, as a writer's blank line does."""
    for part in re.split(r"\n[^\S\n]*\n\s*", words):
        lines = (" ".join(line.split()) for line in part.split("\n"))
        if text := "\n".join(filter(None, lines)):
            yield Paragraph(kind, text, level, aside or kind in ("caption", "boilerplate"))


def of_table(rows: Sequence[Sequence[Sequence[Paragraph]]]) -> Iterator[Paragraph]:
    """The paragraphs of a table, given by rows, cells and paragraphs: one that holds text for the layout's sake is read
    cell after cell, one with figures is a list beside the story, a row a line."""
    cells = [cell for row in rows for cell in row]
    layout = all(len(row) < 2 for row in rows) or any(
        len(cell) > 1 and sum(len(part.words) for part in cell) > LONG_CELL for cell in cells
    )
    if layout or any(len(part.words) > LONG_CELL for cell in cells for part in cell):
        yield from (part for cell in cells for part in cell)
        return
    lines = (" | ".join(filter(None, map(_cell, row))) for row in rows)
    if words := "\n".join(filter(None, lines)):
        yield Paragraph("list", words, None, True)


def _cell(cell: Iterable[Paragraph]) -> str:
    return " ".join(part.words.replace("\n", " ") for part in cell)
