"""Matching of gold and predicted parts, one to one, whatever the order of the input.

Conventions: equal parts first, as multisets (those of one label before others), then the rest by largest total overlap
in characters; among those the matching of most pairs, then of most equal labels; what still ties goes by position.
Discontinuous parts are sets of characters, never hulls.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Ints, Parts

#: Overlap counts before the number of pairs, and that before equal labels: room for 4,095 pairs that hang together.
_OVERLAP, _PAIR = 1 << 24, 1 << 12


class Pairs(NamedTuple):
    """Matched parts: places in gold and predicted, characters shared, and whether the parts are equal."""

    gold: Ints
    predicted: Ints
    overlap: Ints
    equal: NDArray[np.bool_]


def match(gold: Parts, predicted: Parts) -> Pairs:
    """The matching of two sides."""
    at_gold, at_predicted = equal(gold, predicted)
    free_gold, free_predicted = np.ones(len(gold), dtype=bool), np.ones(len(predicted), dtype=bool)
    free_gold[at_gold], free_predicted[at_predicted] = False, False
    left, right, shared = overlaps(gold, predicted, free_gold, free_predicted)
    same = (gold.label[left] == predicted.label[right]) & (gold.label[left] >= 0)
    chosen = best(left, right, shared * _OVERLAP + _PAIR + same)
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
    one, other = _same(left * labels + gold.label + 1, right * labels + predicted.label + 1)
    free_one, free_other = np.ones(len(left), dtype=bool), np.ones(len(right), dtype=bool)
    free_one[one], free_other[other] = False, False
    rest, remainder = np.flatnonzero(free_one), np.flatnonzero(free_other)
    more, others = _same(left[rest], right[remainder])
    return np.concatenate((one, rest[more])), np.concatenate((other, remainder[others]))


def identity(gold: Parts, predicted: Parts) -> tuple[Ints, Ints]:
    """A number for each part, the same for equal parts of one article."""
    ends = np.concatenate((gold.end, predicted.end))
    articles = int(max(gold.article.max(initial=0), predicted.article.max(initial=0))) + 1
    stride = int(ends.max(initial=0)) + 1
    if articles * stride * stride >= 1 << 62:
        raise ValueError(f"{articles} articles of up to {stride} characters are more than one matching can number")
    several: dict[tuple, int] = {}

    def numbers(side: Parts) -> Ints:
        at = side.first[:-1]
        found = (side.article * stride + side.start[at]) * stride + side.end[at]
        for place in np.flatnonzero(np.diff(side.first) > 1).tolist():
            key = (int(side.article[place]), side.pieces(place))
            found[place] = articles * stride * stride + several.setdefault(key, len(several))
        return found

    return numbers(gold), numbers(predicted)


def _same(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Places of equal numbers on both sides, as multisets."""
    one, other = _order(left), _order(right)
    left, right = left[one], right[other]
    first = np.searchsorted(left, right, side="left")
    if len(right) and np.any(right[1:] == right[:-1]):
        place = np.arange(len(right))
        new = np.ones(len(right), dtype=bool)
        new[1:] = right[1:] != right[:-1]
        first = first + place - np.maximum.accumulate(np.where(new, place, 0))
    hit = first < len(left)
    hit[hit] = left[first[hit]] == right[hit]
    return one[first[hit]], other[hit]


def _order(keys: Ints) -> Ints:
    return np.arange(len(keys)) if np.all(keys[1:] >= keys[:-1]) else np.argsort(keys, kind="stable")


def overlaps(
    gold: Parts,
    predicted: Parts,
    free_gold: NDArray[np.bool_] | None = None,
    free_predicted: NDArray[np.bool_] | None = None,
) -> tuple[Ints, Ints, Ints]:
    """All overlapping pairs of parts of one article, in order: place in gold, place in predicted, characters."""
    stride = int(max(gold.end.max(initial=0), predicted.end.max(initial=0))) + 1
    left_owner, left_start, left_end = _pieces(gold, stride, free_gold)
    right_owner, right_start, right_end = _pieces(predicted, stride, free_predicted)
    low = np.searchsorted(np.maximum.accumulate(left_end), right_start, side="right")
    high = np.searchsorted(left_start, right_end, side="left")
    count = np.maximum(high - low, 0)
    other = np.repeat(np.arange(len(right_owner)), count)
    one = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[other]
    shared = np.minimum(left_end[one], right_end[other]) - np.maximum(left_start[one], right_start[other])
    real = shared > 0
    one, other, shared = left_owner[one[real]], right_owner[other[real]], shared[real]
    key = one * (len(predicted) + 1) + other
    if gold.single and predicted.single:
        order = _order(key)
        return one[order], other[order], shared[order]
    keys, where = np.unique(key, return_inverse=True)
    one, other = np.divmod(keys, len(predicted) + 1)
    return one, other, np.bincount(where, weights=shared, minlength=len(keys)).astype(np.int64)


def _pieces(side: Parts, stride: int, free: NDArray[np.bool_] | None) -> tuple[Ints, Ints, Ints]:
    owner = side.owners()
    keep = np.ones(len(owner), dtype=bool) if free is None else free[owner]
    owner = owner[keep]
    base = side.article[owner] * stride
    start, end = base + side.start[keep], base + side.end[keep]
    order = _order(start)
    return owner[order], start[order], end[order]


def best(left: Ints, right: Ints, weight: Ints) -> NDArray[np.bool_]:
    """Which of the pairs (sorted by left, then right) make the one-to-one matching of largest total weight.

    Pairs fall into blocks that share nothing. Where no spans of one side overlap each other, left and right both
    ascend inside a block, and the best choice is that of weighted intervals; the other blocks are assigned one by one.
    """
    chosen = np.zeros(len(left), dtype=bool)
    if not len(left):
        return chosen
    reach, ahead = np.maximum.accumulate(right), np.minimum.accumulate(right[::-1])[::-1]
    cut = (reach[:-1] < ahead[1:]) & (left[:-1] != left[1:])
    begin = np.concatenate(([0], np.flatnonzero(cut) + 1))
    size = np.diff(np.append(begin, len(left)))
    chosen[begin[size == 1]] = True
    back = np.zeros(len(left), dtype=np.int64)
    back[1:] = right[1:] < right[:-1]
    ascends = np.add.reduceat(back, begin) == 0
    # the first pair of a block may stand before the last of the block before it only when there is no cut
    along = (size > 1) & ascends
    _ascending(left, right, weight, begin[along], size[along], chosen)
    for at, count in zip(begin[(size > 1) & ~ascends].tolist(), size[(size > 1) & ~ascends].tolist(), strict=True):
        chosen[at : at + count] = _assigned(left[at : at + count], right[at : at + count], weight[at : at + count])
    return chosen


def _ascending(left: Ints, right: Ints, weight: Ints, begin: Ints, size: Ints, chosen: NDArray[np.bool_]) -> None:
    """Weighted interval scheduling, all blocks step by step at once."""
    if not len(begin):
        return
    before = np.minimum(_run(left), _run(right)) - 1
    value, take = np.zeros(len(left), dtype=np.int64), np.zeros(len(left), dtype=bool)
    order = np.argsort(-size, kind="stable")
    begin, size = begin[order], size[order]
    longest_first = -size
    for step in range(int(size[0])):
        alive = int(np.searchsorted(longest_first, -step, side="left"))
        at = begin[:alive] + step
        earlier = before[at]
        gain = weight[at] + np.where(earlier >= begin[:alive], value[earlier], 0)
        stay = value[at - 1] if step else np.zeros(alive, dtype=np.int64)
        take[at] = gain > stay
        value[at] = np.maximum(gain, stay)
    at = begin + size - 1
    while len(at):
        taken = take[at]
        chosen[at[taken]] = True
        at = np.where(taken, before[at], at - 1)
        inside = at >= begin
        at, begin = at[inside], begin[inside]


def _run(values: Ints) -> Ints:
    """Where the run of equal values began that each value is in."""
    place = np.arange(len(values))
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return np.maximum.accumulate(np.where(new, place, 0))


def _assigned(left: Ints, right: Ints, weight: Ints) -> NDArray[np.bool_]:
    rows, row = np.unique(left, return_inverse=True)
    columns, column = np.unique(right, return_inverse=True)
    matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
    matrix[row, column] = weight
    partner = assignment(matrix)
    return partner[row] == column


def assignment(weight: Ints) -> Ints:
    """The column of each row in the assignment of largest total weight (weights from 0 on); -1 for a row without one.

    Hungarian method with potentials (Kuhn 1955, Munkres 1957), in whole numbers.
    """
    if weight.shape[0] > weight.shape[1]:
        back = assignment(weight.T)
        partner = np.full(weight.shape[0], -1)
        partner[back[back >= 0]] = np.flatnonzero(back >= 0)
        return partner
    rows, columns = weight.shape
    far = int(weight.sum()) + 1
    row_potential, column_potential = np.zeros(rows + 1, dtype=np.int64), np.zeros(columns + 1, dtype=np.int64)
    owner, way = np.zeros(columns + 1, dtype=np.int64), np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        slack, used = np.full(columns + 1, 2 * far, dtype=np.int64), np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            used[column] = True
            this = owner[column]
            free = np.flatnonzero(~used[1:]) + 1
            cost = -weight[this - 1, free - 1] - row_potential[this] - column_potential[free]
            closer = cost < slack[free]
            slack[free[closer]], way[free[closer]] = cost[closer], column
            nearest = free[np.argmin(slack[free])]
            delta = slack[nearest]
            row_potential[owner[used]] += delta
            column_potential[used] -= delta
            slack[free] -= delta
            column = nearest
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    partner = np.full(rows, -1)
    taken = np.flatnonzero(owner[1:])
    partner[owner[1:][taken] - 1] = taken
    return np.where(weight[np.arange(rows), partner] > 0, partner, -1)
