"""Matching of gold and predicted parts, one to one, whatever the order of the input.

Conventions: equal parts first, as multisets (those of one label before others), then the rest by largest total overlap
in characters; among those the matching of most pairs, then of most equal labels, then of fewest gold labels that are
null (in components too large for that, where floats would lose digits, the last of these rules is left out). So no
count of all labels together hangs on which of the best matchings is chosen. What still ties, the algorithm decides on
pairs in order of position: the same for every order of the input. Discontinuous parts are sets of characters, never
hulls.

Pairs that share no part, not even through others, do not touch each other: each such component is assigned for itself,
by the Jonker-Volgenant algorithm of ``lap`` in whole numbers.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from allegedly.eval.columns import Bools, Floats, Ints, Parts

#: Whole numbers are exact below this in floats, and in 64 bits.
_FLOAT, _INTEGER = 1 << 53, 1 << 62
#: A matrix of so many cells costs less than the lists of a sparse one.
_SMALL = 1 << 12


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
    free_one, free_other = np.ones(len(left), dtype=bool), np.ones(len(right), dtype=bool)
    free_one[gold_places], free_other[predicted_places] = False, False
    rest, remainder = np.flatnonzero(free_one), np.flatnonzero(free_other)
    more, others = _same(left[rest], right[remainder])
    return np.concatenate((gold_places, rest[more])), np.concatenate((predicted_places, remainder[others]))


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


def best(left: Ints, right: Ints, ranks: Sequence[Ints]) -> Bools:
    """Which of the pairs (sorted by left, then right) make the best one-to-one matching: that of the largest sum of the
    first rank, among those the largest of the second, and so on; ranks behind the first are 0 or 1.

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
    along, across = (size > 1) & ascends, (size > 1) & ~ascends
    if along.any():
        weight = weighted(ranks, int(size[along].max()), _INTEGER)
        _ascending(left, right, weight, begin[along], size[along], chosen)
    if across.any():
        pairs = np.flatnonzero(np.repeat(across, size))
        component = components(left[pairs], right[pairs])
        order = np.argsort(component, kind="stable")
        for these in np.split(pairs[order], np.flatnonzero(np.diff(component[order])) + 1):
            chosen[these] = _assigned(left[these], right[these], [rank[these] for rank in ranks])
    return chosen


def weighted(ranks: Sequence[Ints], pairs: int, limit: int) -> Ints:
    """One number a pair for ranks of which up to so many are added; ranks for which there is no room below the limit
    are left out, the last first."""
    base, most = pairs + 1, int(ranks[0].max(initial=0)) + 1
    weight = ranks[0]
    for place, rank in enumerate(ranks[1:], 1):
        if most * base ** (place + 1) >= limit:
            break
        weight = weight * base + rank
    return weight


def components(left: Ints, right: Ints) -> Ints:
    """A number for each pair, the same for pairs that hang together by the parts that they share."""
    ends = (np.unique(left, return_inverse=True)[1], np.unique(right, return_inverse=True)[1])
    row, column = ends[0], ends[1] + int(ends[0].max(initial=-1)) + 1
    root = np.arange(int(column.max(initial=-1)) + 1)
    while True:
        lower = np.minimum(root[row], root[column])
        joined = root.copy()
        for end in (row, column):
            np.minimum.at(joined, root[end], lower)
        while not np.array_equal(joined, joined[joined]):
            joined = joined[joined]
        if np.array_equal(joined, root):
            return root[row]
        root = joined


def _ascending(left: Ints, right: Ints, weight: Ints, begin: Ints, size: Ints, chosen: Bools) -> None:
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


def _assigned(left: Ints, right: Ints, ranks: Sequence[Ints]) -> Bools:
    """Which pairs of one component make its best assignment."""
    rows, row = np.unique(left, return_inverse=True)
    columns, column = np.unique(right, return_inverse=True)
    weight = weighted(ranks, min(len(rows), len(columns)), _FLOAT)
    cells = len(rows) * len(columns)
    if cells > max(_SMALL, 4 * len(left)):
        return np.asarray(_sparse(row, column, weight, len(rows), len(columns))[row] == column)
    matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
    matrix[row, column] = weight
    return np.asarray(assignment(matrix)[row] == column)


def assignment(weight: Ints) -> Ints:
    """The column of each row in the assignment of largest total weight (weights from 0 on); -1 for a row without one.
    ValueError where sums of the weights are no exact floats."""
    import lap

    rows, columns = weight.shape
    cost = _cost(weight, min(rows, columns))
    partner = np.asarray(lap.lapjv(cost, extend_cost=True, return_cost=False)[0], dtype=np.int64)
    return np.where((partner >= 0) & (weight[np.arange(rows), partner] > 0), partner, -1)


def _sparse(row: Ints, column: Ints, weight: Ints, rows: int, columns: int) -> Ints:
    """The same from a list of pairs, for a component of which few pairs overlap. Each row may go to a column of its own
    that stands for none, each column to such a row; a pair that is taken frees both for each other."""
    import lap

    cost = _cost(weight, min(rows, columns))
    none = _cost(np.append(weight, 0), min(rows, columns))[-1]
    own_row, own_column = columns + np.arange(rows), rows + np.arange(columns)
    source = np.concatenate((row, np.arange(rows), own_column, rows + column))
    target = np.concatenate((column, own_row, np.arange(columns), columns + row))
    costs = np.concatenate((cost, np.full(rows, none), np.zeros(columns + len(row))))
    order = np.lexsort((target, source))
    first = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=rows + columns))))
    chosen = lap.lapmod(
        rows + columns, costs[order], first.astype(np.int32), target[order].astype(np.int32), return_cost=False
    )
    partner = np.asarray(chosen[0], dtype=np.int64)[:rows]
    return np.where(partner < columns, partner, -1)


def _cost(weight: Ints, pairs: int) -> Floats:
    """What is lost by each cell against the best, in floats below 1: powers of two keep them exact. ValueError where
    sums of so many are not."""
    most = int(weight.max(initial=0))
    if most * (pairs + 1) >= _FLOAT:
        raise ValueError(f"weights up to {most} of {pairs} pairs add up to more than a float holds exactly")
    return np.ldexp((most - weight).astype(np.float64), -53)
