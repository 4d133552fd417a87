"""What an edit does to a record: a new text, and everything that has offsets carried over to it.

Conventions: an edit replaces one stretch of the text. An edge before a stretch stays, one behind it moves with the text.
Edits are in order and apart from each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from allegedly.schemas.records import LABELS, LAYERS, Article, Labels, Part, Record, Span


class Edit(NamedTuple):
    """Replace ``[start, end)``, at least one character, by other words."""

    start: int
    end: int
    words: str


def carried(record: Record, made: Sequence[Edit]) -> Record:
    """The record after edits in order: a new text, everything that has offsets moved."""
    article = record.article
    pieces, end = [], 0
    for edit in made:
        pieces += [article.text[end : edit.start], edit.words]
        end = edit.end
    text = "".join([*pieces, article.text[end:]])

    def span(old: tuple[int, int]) -> Span:
        return Span(moved_edge(old[0], made), moved_edge(old[1], made))

    def part(old: Part | None) -> Part | None:
        return None if old is None else tuple(map(span, old))

    moved = replace(
        article,
        text=text,
        title=_title(article, text, made),
        sentences=tuple(map(span, article.sentences)),
        markup=tuple(map(span, article.markup)),
        blocks=tuple(
            replace(block, start=moved_edge(block.start, made), end=moved_edge(block.end, made))
            for block in article.blocks
        ),
    )
    labels = {
        layer: None
        if (annotated := getattr(record.labels, layer)) is None
        else tuple(
            replace(label, **{name: part(getattr(label, name)) for name in LABELS[layer].SPANS}) for label in annotated
        )
        for layer in LAYERS
    }
    return replace(record, article=moved, labels=Labels(**labels))


def moved_edge(edge: int, made: Sequence[Edit]) -> int:
    """Where an edge lies after the edits."""
    shift = 0
    for start, end, words in made:
        if edge < end:
            break
        shift += len(words) - (end - start)
    return edge + shift


def _title(article: Article, text: str, made: Sequence[Edit]) -> str | None:
    """The title, where it stands in the text as a block of its own: as it stands there now."""
    for block in article.blocks:
        if block.kind == "title" and article.text[block.start : block.end] == article.title:
            return text[moved_edge(block.start, made) : moved_edge(block.end, made)]
    return article.title


def parts_of(labels: Labels, layer: str) -> Iterator[Part]:
    """All parts of the labels of a layer; a part that is null is empty."""
    for label in getattr(labels, layer) or ():
        for name in LABELS[layer].SPANS:
            yield getattr(label, name) or ()
