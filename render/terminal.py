"""An article with its labels for a person: the text once, and under each line a lane for every label that touches it.

Conventions: ``=`` source, ``~`` cue and ``-`` content of an attribution, ``^`` cue and ``.`` scope of a speculation,
``_`` extent of a claim; each stretch begins with the label's id where there is room. Markup is left out, white space
is one space. What a terminal would act on, or what would turn the direction of writing, is written out.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allegedly.render import words
from allegedly.render.columns import width as columns_of
from allegedly.schemas.derive import surface
from allegedly.schemas.escape import line, plain, tame
from allegedly.schemas.records import (
    LAYERS,
    SENTENCE_BLOCKS,
    Block,
    Claim,
    Label,
    Record,
    Span,
    Speculation,
)

MARKS = {
    "claims": {"extent": "_"},
    "speculations": {"scope": ".", "cue": "^"},
    "attributions": {"content": "-", "source": "=", "cue": "~"},
}
#: Colours of a terminal (SGR).
COLOURS = {"claims": "32", "speculations": "33", "attributions": "36", "title": "1", "aside": "2"}
LEGEND = "claims: _ extent   speculations: ^ cue . scope   attributions: = source ~ cue - content"
MARGIN = "  "


@dataclass(frozen=True, slots=True)
class _Cell:
    """A character as it is shown: where it stands in the text, its column, and its width."""

    shown: str
    offset: int
    column: int
    width: int


def lines(record: Record, *, width: int = 80, colour: bool = False) -> Iterator[str]:
    """The lines of one article. ``width``: columns; ``colour``: whether to paint."""
    return map(tame, _lines(record, width, colour))


def _lines(record: Record, width: int, colour: bool) -> Iterator[str]:
    paint = _painted if colour else _unpainted
    article = record.article
    yield paint(plain(_one_line(article.title or article.origin.file_name)), "title")
    yield paint(plain(_one_line(_facts(record))), "aside")
    room = max(20, width - len(MARGIN))
    for block in article.blocks:
        yield ""
        if block.kind not in SENTENCE_BLOCKS:
            words = plain(surface(article.text, (Span(block.start, block.end),), article.markup))
            yield paint(_cut(f"{MARGIN}({block.kind}) {words}", width), "aside")
            continue
        labels = _touching(record, block)
        style = "title" if block.kind in ("title", "heading") else None
        for row in map(_tamed, _rows(article.text, block, article.markup, room)):
            shown = "".join(cell.shown for cell in row).rstrip()
            yield MARGIN + (paint(shown, style) if style else shown)
            for layer, lane in _lanes(row, labels):
                yield paint(MARGIN + lane, layer)
        # described where a label begins, so that one that runs over paragraphs is described once
        for layer, label in labels:
            if block.start <= _begin(label) < block.end:
                said = plain(_one_line(f"{label.id} {_described(layer, label, record)}"))
                yield from (paint(line, layer) for line in _wrapped(said, width))


def legend(colour: bool = False) -> str:
    """What the marks mean."""
    return _painted(LEGEND, "aside") if colour else LEGEND


def _facts(record: Record) -> str:
    """Who, where, when, and how many labels."""
    article = record.article
    facts = [", ".join(article.authors), article.outlet, article.published, article.language, article.id]
    return " | ".join(filter(None, [*facts, record.labels.in_words()]))


def _touching(record: Record, block: Block) -> list[tuple[str, Label]]:
    """The labels that touch a block, in order of position."""
    return [
        (layer, label)
        for layer in LAYERS
        for label in getattr(record.labels, layer) or ()
        if any(span.start < block.end and block.start < span.end for span in _spans(label))
    ]


def _spans(label: Label) -> list[Span]:
    return [span for part in label.PARTS for span in getattr(label, part) or ()]


def _begin(label: Label) -> int:
    return min((span.start for span in _spans(label)), default=-1)


def _rows(text: str, block: Block, markup: Sequence[Span], room: int) -> Iterator[list[_Cell]]:
    """The characters of a block, broken into lines between words."""
    row: list[_Cell] = []
    column = 0
    for word in _words(text, block, markup):
        size = sum(width for _, _, width in word)
        if row and column + size > room and word[0][0] != " ":
            yield row
            row, column = [], 0
        if word[0][0] == " " and (not row or column == room):
            continue
        for shown, offset, width in word:
            # a word longer than a line is broken
            if column + width > room and row:
                yield row
                row, column = [], 0
            row.append(_Cell(shown, offset, column, width))
            column += width
    if row:
        yield row


def _tamed(row: list[_Cell]) -> list[_Cell]:
    """A row that the log of continuous integration would obey, with what makes it a command written out: lanes below
    keep their columns."""
    shown = "".join(cell.shown for cell in row)
    if tame(MARGIN + shown) == MARGIN + shown:
        return row
    out: list[_Cell] = []
    line = MARGIN
    for cell in row:
        tamed = tame(line + cell.shown)[len(line) :]
        before = out[-1] if out else _Cell("", 0, 0, 0)
        out.append(_Cell(tamed, cell.offset, before.column + before.width, columns_of(tamed)))
        line += tamed
    return out


def _words(text: str, block: Block, markup: Sequence[Span]) -> Iterator[list[tuple[str, int, int]]]:
    """Runs of characters that stay together, and the single spaces between them: (shown, offset, width)."""
    word: list[tuple[str, int, int]] = []
    spaced = True
    at = max(0, bisect_right(markup, (block.start, block.start)) - 1) if markup else 0
    for offset in range(block.start, block.end):
        while at < len(markup) and markup[at].end <= offset:
            at += 1
        if at < len(markup) and markup[at].start <= offset:
            continue
        character = text[offset]
        if character.isspace():
            if not spaced:
                yield word
                yield [(" ", offset, 1)]
                word, spaced = [], True
            continue
        shown = plain(character)
        word.append((shown, offset, columns_of(shown)))
        spaced = False
    if word:
        yield word


def _lanes(row: Sequence[_Cell], labels: Sequence[tuple[str, Label]]) -> Iterator[tuple[str, str]]:
    """The lanes under one line: labels of a layer share one as long as they do not meet."""
    for layer in LAYERS:
        lanes: list[list[str]] = []
        for label in (label for kind, label in labels if kind == layer):
            marks = _marks(row, layer, label)
            if not marks:
                continue
            lane = next((lane for lane in lanes if _is_free(lane, marks)), None)
            if lane is None:
                lane = [" "] * (row[-1].column + row[-1].width)
                lanes.append(lane)
            for column, mark in marks.items():
                lane[column] = mark
        for lane in lanes:
            yield layer, "".join(lane).rstrip()


def _is_free(lane: Sequence[str], marks: dict[int, str]) -> bool:
    first, last = min(marks), max(marks)
    return all(mark == " " for mark in lane[max(0, first - 1) : last + 2])


def _marks(row: Sequence[_Cell], layer: str, label: Label) -> dict[int, str]:
    """The marks of one label under one line, by column."""
    out: dict[int, str] = {}
    for part, mark in MARKS[layer].items():
        for start, end in getattr(label, part) or ():
            columns = [cell.column + step for cell in row if start <= cell.offset < end for step in range(cell.width)]
            for column in columns:
                out[column] = mark
            # the id stands at the beginning of a stretch that has room for it
            name = line(label.id)
            if len(columns) > len(name):
                out.update(zip(columns, name, strict=False))
    return out


def _described(layer: str, label: Label, record: Record) -> str:
    """What there is to say about a label besides where it stands."""
    text, markup = record.article.text, record.article.markup
    about = ", ".join(words.facts(label, layer))
    if isinstance(label, Claim):
        return f"claim: {about}"
    if isinstance(label, Speculation):
        return f'speculation "{surface(text, label.cue, markup)}": {about}'
    who = surface(text, label.source, markup) if label.source else "no source"
    speaker = surface(text, label.speaker, markup) if label.speaker else who
    return f"attribution to {who}{'' if speaker == who else f' (speaker: {speaker})'}: {about}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrapped(words: str, width: int) -> Iterator[str]:
    """A line of its own, set in; what does not fit goes on below, set in further."""
    first = MARGIN * 2
    line = first
    for word in words.split(" "):
        if line.strip() and len(line) + len(word) >= width:
            yield line.rstrip()
            line = first + MARGIN
        line += word + " "
    yield line.rstrip()


def _cut(line: str, width: int) -> str:
    """A line that fits, with an ellipsis where it was cut."""
    used = 0
    for at, character in enumerate(line):
        used += columns_of(character)
        if used > width:
            return line[: max(0, at - 1)] + "…"
    return line


def _painted(text: str, style: str) -> str:
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m"


def _unpainted(text: str, style: str) -> str:
    return text
