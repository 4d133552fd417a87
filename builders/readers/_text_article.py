"""The article that one text is: its pieces told apart, then blocks, markup and metadata."""

from allegedly.builders.readers import _markup
from allegedly.builders.readers._text_body import body
from allegedly.builders.readers._text_draft import Draft, Piece
from allegedly.builders.readers._text_ending import ending
from allegedly.builders.readers._text_metadata import metadata
from allegedly.builders.readers._text_opening import opening
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Article, Block, Origin, Span


def of_text(text: str, origin: Origin) -> Article:
    """The article that a text is: its pieces told apart, then blocks, markup and metadata."""
    draft = Draft(text, markdown=origin.media_type == "text/markdown")
    last = ending(draft)
    body(draft, opening(draft, last), last)
    blocks, markup = _blocks(draft)
    return article(text, origin, blocks=blocks, markup=markup, **metadata(draft))


def _blocks(draft: Draft) -> tuple[list[Block], list[Span]]:
    blocks: list[Block] = []
    markup: list[Span] = []
    if draft.front:
        blocks.append(Block(kind="boilerplate", start=draft.front.start, end=draft.front.end))
        markup.append(draft.front)
    for number, piece in enumerate(draft.pieces):
        start, end, kind = piece.unit.start, piece.unit.end, piece.kind or "paragraph"
        markup.extend(piece.marks)
        if number in draft.splits:
            first, count = draft.splits[number]
            cut = _offset(draft, piece, count)
            rest = cut + len(draft.text[cut:end]) - len(draft.text[cut:end].lstrip())
            stop = start + len(draft.text[start:cut].rstrip())
            blocks.append(Block(kind=first, start=start, end=stop))
            start = rest
        if start < end:
            blocks.append(Block(kind=kind, start=start, end=end))
    return blocks, _markup.merged(markup)


def _offset(draft: Draft, piece: Piece, count: int) -> int:
    """Where in the text the words of a piece have reached a length; marks that close there are passed."""
    offset, seen, space = piece.unit.start, 0, True
    marks = iter(piece.marks)
    mark = next(marks, None)
    while offset < piece.unit.end and seen < count:
        if mark and offset >= mark.start:
            offset, mark = mark.end, next(marks, None)
            continue
        blank = draft.text[offset].isspace()
        seen += not (blank and space)
        space = blank
        offset += 1
    while mark and mark.start == offset and draft.text[mark.end : mark.end + 1].isspace():
        offset, mark = mark.end, next(marks, None)
    return offset
