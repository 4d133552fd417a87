"""Which overlapping pairs make the best one-to-one matching.

Conventions: pairs that share no part, not even through others, do not touch each other: each such component is chosen
for itself.
"""

from collections.abc import Sequence

import numpy as np

from allegedly.eval.assignment import assigned, weighted
from allegedly.eval.columns import Bools, Ints

#: Whole numbers fit 64 bits below this.
_INTEGER = 1 << 62


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
            chosen[these] = assigned(left[these], right[these], [rank[these] for rank in ranks])
    return chosen


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
        pair = begin[:alive] + step
        earlier = before[pair]
        gain = weight[pair] + np.where(earlier >= begin[:alive], value[earlier], 0)
        stay = value[pair - 1] if step else np.zeros(alive, dtype=np.int64)
        take[pair] = gain > stay
        value[pair] = np.maximum(gain, stay)
    pair = begin + size - 1
    while len(pair):
        taken = take[pair]
        chosen[pair[taken]] = True
        pair = np.where(taken, before[pair], pair - 1)
        inside = pair >= begin
        pair, begin = pair[inside], begin[inside]


def _run(values: Ints) -> Ints:
    """Where the run of equal values began that each value is in."""
    place = np.arange(len(values))
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return np.maximum.accumulate(np.where(new, place, 0))
