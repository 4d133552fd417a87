"""A story in a document: its paragraphs told apart as in a text file, by their styles and by what they say.

Conventions: the text is composed, a blank line between two paragraphs. What is known from elsewhere (``given``) stands
over what the paragraphs tell. What stands aside keeps its kind, and is never title, lead or byline.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, repeat
from typing import Any

from allegedly.builders.readers import _fields, _values
from allegedly.builders.readers._layout import Unit
from allegedly.builders.readers._lines import note
from allegedly.builders.readers._note import Note
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.readers._text_body import body
from allegedly.builders.readers._text_draft import Draft, Piece
from allegedly.builders.readers._text_ending import ending
from allegedly.builders.readers._text_metadata import metadata
from allegedly.builders.readers._text_opening import opening
from allegedly.builders.sources.limits import Refused
from allegedly.builders.text import articles
from allegedly.schemas.records import Article, Block, Origin, Span

_FORMS = {"heading": "heading", "list": "list", "quote": "quote"}
#: Kinds of blocks that are no story by themselves.
_FRAME = frozenset(("title", "subtitle", "byline", "dateline", "boilerplate", "disclaimer", "caption", "author_note"))


def article(
    paragraphs: Iterable[Paragraph], origin: Origin, *, what: str, given: Mapping[str, Any] | None = None
) -> Article:
    """The article that paragraphs make. Refused where they hold no story; ``what`` is its file in the verdict."""
    known = {name: value for name, value in (given or {}).items() if value}
    story = _repeated(_opened(list(_joined(_without_titles(_parted(paragraphs), known)))))
    text, blocks = articles.compose((part.kind, part.words) for part in story)
    if not text:
        raise Refused("no-article", f"is {what} without words in it")
    _fields.checked(text)
    draft = _draft(text, [(part, block) for part, block in zip(story, blocks, strict=True) if not part.aside])
    last = ending(draft)
    body(draft, opening(draft, last), last)
    aside = [block for part, block in zip(story, blocks, strict=True) if part.aside]
    told = sorted([*_blocks(draft), *aside], key=lambda block: block.start)
    if all(block.kind in _FRAME for block in told):
        raise Refused("no-article", f"is {what} without a story in it")
    return articles.article(text, origin, blocks=told, **{**metadata(draft), **known})


def _parted(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The same paragraphs; lines about the article that begin or end one are paragraphs of their own, as in
    ``By Jane Doe``, a line break, ``14 May 2024``."""
    for part in paragraphs:
        lines = part.words.split("\n")
        if part.kind != "paragraph" or part.aside or len(lines) == 1:
            yield part
            continue
        notes = [note(line) is not None for line in lines]
        first = next((number for number, told in enumerate(notes) if not told), len(lines))
        last = len(lines) - next((number for number, told in enumerate(reversed(notes)) if not told), 0)
        for words in [*lines[:first], "\n".join(lines[first:last]), *lines[max(first, last) :]]:
            if words:
                yield part._replace(words=words)


def _joined(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Items of one list that follow each other are one paragraph, a line each."""
    for (listed, aside), items in groupby(paragraphs, key=lambda part: (part.kind == "list", part.aside)):
        if listed and not aside:
            yield Paragraph("list", "\n".join(item.words for item in items))
        else:
            yield from items


def _without_titles(paragraphs: Iterable[Paragraph], known: Mapping[str, Any]) -> Iterator[Paragraph]:
    """The title and subtitle that are known, then the paragraphs without the first that says the same again."""
    for field in ("title", "subtitle"):
        if words := known.get(field):
            yield Paragraph(field, words)
    left = {_values.letters(known[field]) for field in ("title", "subtitle") if known.get(field)}
    for part in paragraphs:
        # the first letter tells of most that they are no title
        first = next(filter(str.isalnum, part.words), "").casefold()[:1] if len(part.words) < 1000 else ""
        plain = _values.letters(part.words) if any(map(str.startswith, left, repeat(first))) else ""
        if plain in left and not part.aside:
            left.discard(plain)
        elif known.get("title") and part.kind == "title":
            yield part._replace(kind="heading")
        else:
            yield part


def _opened(story: list[Paragraph]) -> list[Paragraph]:
    """The same paragraphs; where a style says which is the title, what stands before it is a kicker or a frame."""
    titles = [number for number, part in enumerate(story) if part.kind == "title" and not part.aside]
    if not titles:
        return story
    before = [part if part.aside else part._replace(kind="boilerplate", aside=True) for part in story[: titles[0]]]
    # the words between two line breaks of one title, and a second title, belong to the story
    after = [part._replace(kind="heading") if part.kind == "title" else part for part in story[titles[0] + 1 :]]
    long = sum(len(part.words) for part in before) > 300
    return [*(story[: titles[0]] if long else before), story[titles[0]], *after]


def _repeated(story: list[Paragraph]) -> list[Paragraph]:
    """The same paragraphs, but for boxes whose words stand in the story again: those are quotations drawn out of it."""
    boxes = [part for part in story if part.aside and part.kind in ("paragraph", "quote", "heading")]
    if not boxes:
        return story
    words = _values.letters(" ".join(part.words for part in story if not part.aside))
    drawn = {part for part in boxes[:50] if _values.letters(part.words) in words}
    return [part._replace(kind="boilerplate") if part in drawn else part for part in story]


def _draft(text: str, story: Sequence[tuple[Paragraph, Block]]) -> Draft:
    """The paragraphs of the story as pieces of a text, those with a style of their own decided."""
    draft = Draft("", markdown=False)
    draft.text = text
    draft.pieces = [_piece(part, block) for part, block in story]
    return draft


def _piece(part: Paragraph, block: Block) -> Piece:
    lines, start = [], block.start
    for line in part.words.split("\n"):
        lines.append(Span(start, start + len(line)))
        start += len(line) + 1
    words = part.words.replace("\n", " ")
    unit = Unit(block.start, block.end, _FORMS.get(part.kind, "text"), [], lines)
    if part.kind in ("title", "subtitle"):
        return Piece(unit, words, [], note=Note(part.kind, {part.kind: words}), noted=True)
    return Piece(unit, words, [])


def _blocks(draft: Draft) -> Iterator[Block]:
    """The blocks of the pieces; the first letters of some are a block of their own, such as a dateline."""
    for number, piece in enumerate(draft.pieces):
        start, end = piece.unit.start, piece.unit.end
        if number in draft.splits:
            kind, count = draft.splits[number]
            first = draft.text[start : start + count]
            yield Block(kind=kind, start=start, end=start + len(first.rstrip()))
            start += count + len(draft.text[start + count : end]) - len(draft.text[start + count : end].lstrip())
        if start < end:
            yield Block(kind=piece.kind or "paragraph", start=start, end=end)
