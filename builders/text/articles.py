"""Articles from blocks, and texts composed of pieces.

Conventions: offsets are half-open, in code points. A composed text has a blank line between two pieces.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from allegedly.builders.text import agencies as agencies_of_frame
from allegedly.builders.text import sentences as splitting
from allegedly.builders.text.language import body, detected
from allegedly.builders.text.ligatures import in_letters
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import Article, Block, Origin, Span

#: A kind of block, and its words.
Piece: TypeAlias = tuple[str, str]


def article(
    text: str,
    origin: Origin,
    *,
    blocks: Iterable[Block],
    markup: Iterable[Span] = (),
    language: str | None = None,
    sentences: Iterable[Span] | None = None,
    agencies: Iterable[str] = (),
    **metadata: Any,
) -> Article:
    """An article with its id, its language where ``language`` is None and the text is long enough to tell, and its
    sentences where none are given (a corpus may bring its own). To the ``agencies`` that its source names come those of
    its dateline and of the lines around it. ``metadata``: the other fields of an article."""
    blocks, markup = tuple(blocks), tuple(markup)
    if language is None:
        language = detected(body(text, blocks))
    if sentences is None:
        sentences = splitting.sentences(text, blocks, markup, language)
    return Article(
        id=article_id(text),
        text=text,
        origin=origin,
        language=language,
        blocks=blocks,
        markup=markup,
        sentences=tuple(sentences),
        agencies=agencies_of_frame.once((*agencies, *agencies_of_frame.in_frame(text, blocks))),
        **metadata,
    )


def compose(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """A text of pieces ``(kind, words)`` with a blank line between two, and its blocks. White space around a piece is
    dropped, pieces of nothing else too; ligatures are letters."""
    texts: list[str] = []
    blocks: list[Block] = []
    start = 0
    for kind, words in pieces:
        words = in_letters(words.strip())
        if words:
            texts.append(words)
            blocks.append(Block(kind=kind, start=start, end=start + len(words)))
            start += len(words) + 2
    return "\n\n".join(texts), tuple(blocks)


def led(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces, the first paragraph as lead."""
    listed = list(pieces)
    first = next((number for number, (kind, _) in enumerate(listed) if kind == "paragraph"), None)
    return [("lead" if number == first else kind, words) for number, (kind, words) in enumerate(listed)]
