"""Pieces: what a text is made of before it is composed, out of words or HTML.

Conventions: pieces are ``(kind, words)``, in order; the first paragraph is the lead.
"""

import re
from collections.abc import Iterator

from allegedly.builders.sources.limits import Limits
from allegedly.builders.text import wrapped
from allegedly.builders.text.articles import Piece
from allegedly.schemas.records import Block

_HTML = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|figure|img|table|article|section|html|body|span|a|em|strong|b|i)\b[^<>]{0,2000}>",
    re.I,
)
_CLOSED = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|table|article|section|html|body|a|em|strong|b|i|span)>|<br\s*/?>",
    re.I,
)
#: Elements that end a paragraph where a text has them, and a blank line that ends one where it has none.
_BREAKS = re.compile(r"<(?:p|div|br)\b", re.I)
_GAP = re.compile(
    r"\n[^\S\n]*+\n\s*+(?!</?(?:h[1-6]|ul|ol|li|table|t[rdh]|blockquote|figure|pre|hr|section|article)\b)", re.I
)


def holds_html(words: str) -> bool:
    """Whether a text is HTML rather than words with a stray ``<``."""
    return bool(_HTML.search(words) and _CLOSED.search(words))


def pieces(words: str, limits: Limits) -> list[Piece]:
    """The pieces of a text that may hold HTML: elements, else paragraphs; the first paragraph is the lead."""
    if holds_html(words):
        from allegedly.builders.text import html_blocks  # loads lxml

        # as blogs keep it: paragraphs between blank lines, elements only in them
        marked = words if _BREAKS.search(words) else _GAP.sub("\n<p>", words.replace("\r\n", "\n"))
        return html_blocks.fragment(marked, limits)
    return of_paragraphs(words)


def of_paragraphs(words: str) -> list[Piece]:
    """The paragraphs of a text without HTML; the first is the lead. Lines that were filled are one line again."""
    spans, filled = _paragraphs(words)
    lines = (words[start:end] for start, end in spans)
    return [
        ("paragraph" if number else "lead", " ".join(line.split()) if filled else line)
        for number, line in enumerate(lines)
    ]


def paragraphs(words: str) -> tuple[Block, ...]:
    """The blocks of a text that is kept verbatim: paragraphs between blank lines; where there are none lines, or the
    paragraphs that lines were filled from."""
    spans, _ = _paragraphs(words)
    return tuple(
        Block(kind="paragraph" if number else "lead", start=start, end=end) for number, (start, end) in enumerate(spans)
    )


def _paragraphs(words: str) -> tuple[list[tuple[int, int]], bool]:
    """Where paragraphs stand, and whether they were put together from filled lines."""
    blank = re.search(r"\n[^\S\n]*\n", words.strip()) is not None
    spans = list(_between(r"\n[^\S\n]*\n\s*" if blank else r"\n", words))
    column = None if blank else wrapped.width(words, spans)
    return (spans, False) if column is None else (wrapped.joined(words, spans, column), True)


def _between(gap: str, words: str) -> Iterator[tuple[int, int]]:
    """What stands between gaps, without the white space around it."""
    offset = 0
    for piece in re.split(f"({gap})", words):
        if stripped := piece.strip():
            start = offset + piece.index(stripped)
            yield start, start + len(stripped)
        offset += len(piece)
