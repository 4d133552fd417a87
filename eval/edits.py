"""Edits that keep the labels of an article, or change them in a way that follows from the edit.

Conventions: an edit replaces one stretch of the text. Labels, sentences, blocks and markup are carried over by their
offsets; an edge strictly inside a stretch is allowed only where the length stays, and an edit that an edge forbids is
left out. The article keeps its id, so that numbers on the original and the edited article pair; its sentences are the
same ones, moved. What is drawn is drawn from the seed, the kind of edit and the article's id alone.

The kinds:
    quotes          straight quotation marks for curly ones, curly for straight
    capitals        titles and headings in capitals
    contractions    "do not" becomes "don't", "it is" becomes "it's"
    names           names of people who are quoted, swapped for invented ones
    hedge-inserted  "Perhaps" before plain statements of the author; the cue, its scope and the claim's certainty follow
    hedge-removed   "may", "might" and "could" become "will"; the speculation goes, the claim's certainty follows
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from allegedly.eval.carrying import Edit, carried, parts_of
from allegedly.eval.hedging import follow_insertion, follow_removal, hedge_inserted, hedge_removed
from allegedly.eval.rewording import capitals, contractions, names, quotes
from allegedly.schemas.derive import numbered, sentence_classes
from allegedly.schemas.records import LAYERS, Labels, Record


class Edited(NamedTuple):
    """An article after its edits, and how many there were."""

    record: Record
    edits: tuple[Edit, ...]


def edited(record: Record, kind: str, seed: int = 0) -> Edited:
    """A record with all edits of a kind that can be made; unchanged where there are none."""
    find, follow = KINDS[kind]
    made = _allowed(find(record, Random(f"{seed}:{kind}:{record.article.id}")), record)
    if not made:
        return Edited(record, ())
    moved = carried(record, made)
    labels = numbered(follow(record.labels, made, moved), moved.article)
    return Edited(
        replace(moved, labels=labels, sentences=sentence_classes(moved.article, labels), votes=()), tuple(made)
    )


def _allowed(edits: Iterable[Edit], record: Record) -> list[Edit]:
    """Edits in order, apart from each other, that change something and cut no edge."""
    edges = sorted(_edges(record))
    out: list[Edit] = []
    for edit in sorted(edits):
        inside = edges[bisect_left(edges, edit.start + 1) : bisect_left(edges, edit.end)]
        cut = inside and len(edit.words) != edit.end - edit.start
        same = record.article.text[edit.start : edit.end] == edit.words
        if not cut and not same and (not out or edit.start >= out[-1].end):
            out.append(edit)
    return out


def _edges(record: Record) -> set[int]:
    article = record.article
    spans = [*article.sentences, *article.markup, *((block.start, block.end) for block in article.blocks)]
    spans += [span for layer in LAYERS for part in parts_of(record.labels, layer) for span in part]
    return {edge for span in spans for edge in span}


def _same(labels: Labels, made: Sequence[Edit], moved: Record) -> Labels:
    return moved.labels


#: The edits of a kind that a record has a place for.
Find = Callable[[Record, Random], Iterable[Edit]]
#: From labels, edits and the record with everything carried over to the labels after them.
Follow = Callable[[Labels, Sequence[Edit], Record], Labels]
KINDS: dict[str, tuple[Find, Follow]] = {
    "quotes": (quotes, _same),
    "capitals": (capitals, _same),
    "contractions": (contractions, _same),
    "names": (names, _same),
    "hedge-inserted": (hedge_inserted, follow_insertion),
    "hedge-removed": (hedge_removed, follow_removal),
}
