"""Resamples of groups of articles, and exact sums over them.

Conventions: articles of one group (copies, near duplicates) say the same thing, so that a group is drawn, swapped and
counted whole; an article that is like no other is a group of its own. A resample draws as many groups as there are, with
replacement; it is a weight for each group. Sums of weights times counts are whole numbers below 2 ** 53, so that no
number of threads changes a digit.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import Counts

#: Cells of a block of weights, and of a pooled ranking over it: 16 MB each.
CELLS = 1 << 21
_EXACT = 1 << 53


def numbered(groups: Sequence[str]) -> Ints:
    """The number of each article's group, from 0, in the order in which the groups come first."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in groups], dtype=np.int64)


def by_group(counts: Counts, groups: Ints) -> Counts:
    """Counts of articles, (articles, k) or a list of rows, as counts of their groups, (groups, k) or a list of the rows
    of each group one after the other. ``groups``: the number of each article's group, as ``numbered`` gives it."""
    many = int(groups.max(initial=-1)) + 1
    if many == len(groups):
        return counts
    if isinstance(counts, list):
        rows: list[list[Ints]] = [[] for _ in range(many)]
        for row, group in zip(counts, groups.tolist(), strict=True):
            rows[group].append(row)
        return [np.concatenate(these) for these in rows]
    total = np.zeros((many, counts.shape[1]), dtype=np.int64)
    np.add.at(total, groups, counts)
    return total


def weights(groups: int, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each resample holds each group, (block, groups), block after block."""
    block = max(1, CELLS // max(1, groups))
    for number, begin in enumerate(range(0, resamples, block)):
        rows = min(block, resamples - begin)
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))
        drawn = generator.integers(0, groups, size=(rows, groups))
        weight = np.empty((rows, groups))
        # row by row the counts stay in the cache of the processor: twice as fast as all rows at once
        for row in range(rows):
            weight[row] = np.bincount(drawn[row], minlength=groups)
        yield weight


def flips(groups: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Zeros and ones: which groups a random assignment swaps, (block, groups), block after block."""
    block = max(1, CELLS // max(1, groups))
    for number, begin in enumerate(range(0, resamples, block)):
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number, 1))))
        yield generator.integers(0, 2, size=(min(block, resamples - begin), groups), dtype=np.int8).astype(np.float64)


def sums(weight: Floats, counts: Ints) -> Floats:
    """Weights times counts, exact."""
    return added(weight, halves(counts))


def halves(counts: Ints) -> list[Floats]:
    """Counts as floats whose weighted sums are whole numbers below 2 ** 53: one matrix, or low and high halves."""
    if int(np.abs(counts).max(initial=0)) * counts.shape[0] < _EXACT:
        return [counts.astype(np.float64)]
    low = counts & ((1 << 26) - 1)
    return [low.astype(np.float64), *halves((counts - low) >> 26)]


def added(weight: Floats, parts: Sequence[Floats]) -> Floats:
    """Weights times counts, (block, k), exact; the counts as ``halves`` gives them."""
    total = weight @ parts[-1]
    for low in reversed(parts[:-1]):
        total = total * float(1 << 26) + weight @ low
    return total
