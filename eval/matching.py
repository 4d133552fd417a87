"""Matching of gold and predicted parts, one to one, whatever the order of the input.

Conventions: equal parts first, as multisets (those of one label before others), then the rest by largest total overlap
in characters; among those the matching of most pairs, then of most equal labels, then of fewest gold labels that are
null (in components too large for that, where floats would lose digits, the last of these rules is left out). So no
count of all labels together hangs on which of the best matchings is chosen. What still ties, the algorithm decides on
pairs in order of position: the same for every order of the input. Discontinuous parts are sets of characters, never
hulls.
"""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from allegedly.eval.best_pairs import best
from allegedly.eval.columns import Bools, Ints, Parts


class Pairs(NamedTuple):
    """Matched parts: places in gold and predicted, characters shared, and whether the parts are equal."""

    gold: Ints
    predicted: Ints
    overlap: Ints
    equal: Bools


def match(gold: Parts, predicted: Parts) -> Pairs:
    """The matching of two sides."""
    at_gold, at_predicted = equal(gold, predicted)
    free_gold, free_predicted = np.ones(len(gold), dtype=bool), np.ones(len(predicted), dtype=bool)
    free_gold[at_gold], free_predicted[at_predicted] = False, False
    left, right, shared = overlaps(gold, predicted, free_gold, free_predicted)
    known = gold.label[left] >= 0
    same = known & (gold.label[left] == predicted.label[right])
    chosen = best(left, right, (shared, np.ones_like(shared), same.astype(np.int64), known.astype(np.int64)))
    lengths = np.add.reduceat(gold.end - gold.start, gold.first[:-1]) if len(gold) else gold.start
    return Pairs(
        np.concatenate((at_gold, left[chosen])),
        np.concatenate((at_predicted, right[chosen])),
        np.concatenate((lengths[at_gold], shared[chosen])),
        np.arange(len(at_gold) + int(chosen.sum())) < len(at_gold),
    )


def equal(gold: Parts, predicted: Parts) -> tuple[Ints, Ints]:
    """Places of equal parts, as multisets: those whose labels are equal too come first."""
    left, right = identity(gold, predicted)
    if not (np.any(gold.label >= 0) and np.any(predicted.label >= 0)):
        return _same(left, right)
    labels = int(max(gold.label.max(), predicted.label.max())) + 2
    if max(left.max(), right.max()) > (1 << 62) // labels:
        left, right = np.split(np.unique(np.concatenate((left, right)), return_inverse=True)[1], [len(left)])
    gold_places, predicted_places = _same(left * labels + gold.label + 1, right * labels + predicted.label + 1)
    free_gold, free_predicted = np.ones(len(left), dtype=bool), np.ones(len(right), dtype=bool)
    free_gold[gold_places], free_predicted[predicted_places] = False, False
    rest_gold, rest_predicted = np.flatnonzero(free_gold), np.flatnonzero(free_predicted)
    more_gold, more_predicted = _same(left[rest_gold], right[rest_predicted])
    return (
        np.concatenate((gold_places, rest_gold[more_gold])),
        np.concatenate((predicted_places, rest_predicted[more_predicted])),
    )


def identity(gold: Parts, predicted: Parts) -> tuple[Ints, Ints]:
    """A number for each part, the same for equal parts of one article."""
    ends = np.concatenate((gold.end, predicted.end))
    articles = int(max(gold.article.max(initial=0), predicted.article.max(initial=0))) + 1
    stride = int(ends.max(initial=0)) + 1
    if articles * stride * stride >= 1 << 62:
        raise ValueError(f"{articles} articles of up to {stride} characters are more than one matching can number")
    several: dict[Hashable, int] = {}

    def numbers(side: Parts) -> Ints:
        begin = side.first[:-1]
        number = (side.article * stride + side.start[begin]) * stride + side.end[begin]
        for place in np.flatnonzero(np.diff(side.first) > 1).tolist():
            key = (int(side.article[place]), side.pieces(place))
            number[place] = articles * stride * stride + several.setdefault(key, len(several))
        return number

    return numbers(gold), numbers(predicted)


def _same(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Places of equal numbers on both sides, as multisets."""
    left_order, right_order = _order(left), _order(right)
    left, right = left[left_order], right[right_order]
    first = np.searchsorted(left, right, side="left")
    if len(right) and np.any(right[1:] == right[:-1]):
        place = np.arange(len(right))
        new = np.ones(len(right), dtype=bool)
        new[1:] = right[1:] != right[:-1]
        first = first + place - np.maximum.accumulate(np.where(new, place, 0))
    hit = first < len(left)
    hit[hit] = left[first[hit]] == right[hit]
    return left_order[first[hit]], right_order[hit]


def _order(keys: Ints) -> Ints:
    return np.arange(len(keys)) if np.all(keys[1:] >= keys[:-1]) else np.argsort(keys, kind="stable")


def overlaps(
    gold: Parts,
    predicted: Parts,
    free_gold: Bools | None = None,
    free_predicted: Bools | None = None,
) -> tuple[Ints, Ints, Ints]:
    """All overlapping pairs of parts of one article, in order: place in gold, place in predicted, characters."""
    stride = int(max(gold.end.max(initial=0), predicted.end.max(initial=0))) + 1
    left_owner, left_start, left_end = _pieces(gold, stride, free_gold)
    right_owner, right_start, right_end = _pieces(predicted, stride, free_predicted)
    low = np.searchsorted(np.maximum.accumulate(left_end), right_start, side="right")
    high = np.searchsorted(left_start, right_end, side="left")
    count = np.maximum(high - low, 0)
    right = np.repeat(np.arange(len(right_owner)), count)
    left = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[right]
    shared = np.minimum(left_end[left], right_end[right]) - np.maximum(left_start[left], right_start[right])
    real = shared > 0
    left, right, shared = left_owner[left[real]], right_owner[right[real]], shared[real]
    key = left * (len(predicted) + 1) + right
    if gold.single and predicted.single:
        order = _order(key)
        return left[order], right[order], shared[order]
    keys, where = np.unique(key, return_inverse=True)
    left, right = np.divmod(keys, len(predicted) + 1)
    return left, right, np.bincount(where, weights=shared, minlength=len(keys)).astype(np.int64)


def _pieces(side: Parts, stride: int, free: Bools | None) -> tuple[Ints, Ints, Ints]:
    owner = side.owners()
    keep = np.ones(len(owner), dtype=bool) if free is None else free[owner]
    owner = owner[keep]
    base = side.article[owner] * stride
    start, end = base + side.start[keep], base + side.end[keep]
    order = _order(start)
    return owner[order], start[order], end[order]
