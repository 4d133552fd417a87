"""Resamples of articles, and exact sums over them.

Conventions: a resample draws as many articles as there are, with replacement; it is a weight for each article. Sums of
weights times counts are whole numbers below 2 ** 53, so that no number of threads changes a digit.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from allegedly.eval.columns import Floats, Ints

#: Cells of a block of weights, and of a pooled ranking over it: 16 MB each.
CELLS = 1 << 21
_EXACT = 1 << 53


def weights(articles: int, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each resample holds each article, (block, articles), block after block."""
    block = max(1, CELLS // max(1, articles))
    for number, begin in enumerate(range(0, resamples, block)):
        rows = min(block, resamples - begin)
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))
        drawn = generator.integers(0, articles, size=(rows, articles))
        weight = np.empty((rows, articles))
        # row by row the counts stay in the cache of the processor: twice as fast as all rows at once
        for row in range(rows):
            weight[row] = np.bincount(drawn[row], minlength=articles)
        yield weight


def flips(articles: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Zeros and ones: which articles a random assignment swaps, (block, articles), block after block."""
    block = max(1, CELLS // max(1, articles))
    for number, begin in enumerate(range(0, resamples, block)):
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number, 1))))
        yield generator.integers(0, 2, size=(min(block, resamples - begin), articles), dtype=np.int8).astype(np.float64)


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
