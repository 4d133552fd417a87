"""Columns: labels of all articles as numpy arrays, which is what metrics count on.

Conventions: offsets are half-open. ``Parts`` are whole parts of one kind (all extents, all cues), each with one piece
or more; they are sorted by article, start, end, then the other pieces, then label, so that nothing depends on the
order of the input. An empty part is no part. A label of -1 is null.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: Pieces of a part, in order: pairs of start and end, or spans.
Pieces = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Items:
    """Sentences of all articles in columns, in order: ``predicted`` is -1 where the system abstains; ``confidence`` is
    the probability of the predicted class and ``positive`` that of the class sought, NaN where the system gave none;
    ``rank`` is what the sentence is ranked by, more first."""

    articles: int
    classes: tuple[str, ...]
    sought: int
    article: Ints
    gold: Ints
    predicted: Ints
    confidence: Floats
    positive: Floats
    rank: Floats

    def only(self, keep: Bools) -> "Items":
        """Those sentences alone."""
        columns = ("article", "gold", "predicted", "confidence", "positive", "rank")
        return Items(self.articles, self.classes, self.sought, *(getattr(self, name)[keep] for name in columns))


@dataclass(frozen=True, slots=True)
class Parts:
    """Whole parts of one kind. Pieces of part ``i`` are ``start[first[i]:first[i + 1]]`` and ``end`` alike; ``origin``
    is the place of the part in the input, so that a part leads back to its label."""

    article: Ints
    label: Ints
    first: Ints
    start: Ints
    end: Ints
    origin: Ints

    def __len__(self) -> int:
        return len(self.article)

    @property
    def single(self) -> bool:
        """Whether every part has one piece."""
        return len(self.start) == len(self.article)

    def pieces(self, part: int) -> tuple[tuple[int, int], ...]:
        """The pieces of one part."""
        left, right = self.first[part], self.first[part + 1]
        return tuple(zip(self.start[left:right].tolist(), self.end[left:right].tolist(), strict=True))

    def owners(self) -> Ints:
        """The part that each piece belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def only(self, keep: Bools) -> "Parts":
        """Those parts alone."""
        sizes = np.diff(self.first)
        pieces = np.repeat(keep, sizes)
        first = np.concatenate(([0], np.cumsum(sizes[keep])))
        return Parts(
            self.article[keep], self.label[keep], first, self.start[pieces], self.end[pieces], self.origin[keep]
        )

    def merged(self) -> "Parts":
        """Pieces that touch or overlap as one piece, each a part of its own without a label: the stretches covered."""
        stride = int(self.end.max(initial=0)) + 2
        base = np.repeat(self.article, np.diff(self.first)) * stride
        order = np.argsort(base + self.start, kind="stable")
        start, reach = (base + self.start)[order], np.maximum.accumulate((base + self.end)[order])
        new = np.ones(len(start), dtype=bool)
        new[1:] = start[1:] > reach[:-1]
        begin = np.flatnonzero(new)
        article, left = np.divmod(start[begin], stride)
        last = np.append(begin[1:], len(start)) - 1 if len(begin) else begin
        count = len(begin)
        return Parts(
            article, np.full(count, -1), np.arange(count + 1), left, reach[last] - article * stride, np.arange(count)
        )


def parts(of: Sequence[Sequence[Pieces | None]], labels: Sequence[Sequence[int]] | None = None) -> Parts:
    """Columns from lists: ``of[i]`` holds the parts of article ``i`` (None and empty ones are left out), ``labels[i]``
    the class of each."""
    flat = list(chain.from_iterable(of))
    article = np.repeat(np.arange(len(of)), np.fromiter(map(len, of), np.int64, len(of)))
    label = np.full(len(flat), -1)
    if labels is not None:
        label = np.fromiter(chain.from_iterable(labels), np.int64, len(flat))
    spans = list(chain.from_iterable(filter(None, flat)))
    sizes = np.fromiter((len(part) if part else 0 for part in flat), np.int64, len(flat))
    offsets = np.fromiter(chain.from_iterable(spans), np.int64, 2 * len(spans)).reshape(-1, 2)
    first = np.concatenate(([0], np.cumsum(sizes)))
    origin = np.flatnonzero(sizes)
    columns = Parts(
        article[origin],
        label[origin],
        np.concatenate((first[origin], first[-1:])),
        offsets[:, 0],
        offsets[:, 1],
        origin,
    )
    return _sorted(columns)


def _sorted(side: Parts) -> Parts:
    start, end = side.start[side.first[:-1]], side.end[side.first[:-1]]
    if side.single:
        order = np.lexsort((side.label, end, start, side.article)) if not _in_order(side) else None
    else:
        pieces = [side.pieces(part) for part in range(len(side))]
        rank = {part: place for place, part in enumerate(sorted(set(pieces)))}
        whole = np.fromiter((rank[part] for part in pieces), np.int64, len(pieces))
        order = np.lexsort((side.label, whole, side.article))
    if order is None:
        return side
    sizes = np.diff(side.first)[order]
    first = np.concatenate(([0], np.cumsum(sizes)))
    moved = np.arange(first[-1]) - np.repeat(first[:-1] - side.first[:-1][order], sizes)
    return Parts(
        side.article[order],
        side.label[order],
        first,
        side.start[moved],
        side.end[moved],
        side.origin[order],
    )


def _in_order(side: Parts) -> bool:
    """Whether single pieces are sorted already: the usual case, and sorting is what costs most."""
    tie = np.ones(max(0, len(side) - 1), dtype=bool)
    for column in (side.article, side.start, side.end, side.label):
        step = np.diff(column)
        if np.any(tie & (step < 0)):
            return False
        tie &= step == 0
    return True


def unlabelled(side: Parts) -> Parts:
    """The same parts without their labels."""
    return replace(side, label=np.full(len(side), -1))


def tally(article: Ints, articles: int, weights: Ints | None = None) -> Ints:
    """How many (or the sum of integer weights) each article has."""
    if weights is None:
        return np.bincount(article, minlength=articles)
    # integers below 2 ** 53 add exactly in float64
    return np.bincount(article, weights=weights, minlength=articles).astype(np.int64)
