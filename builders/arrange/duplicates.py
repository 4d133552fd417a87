"""Duplicates: which texts are the same, which nearly so, and how near the nearest across splits are.

Conventions: similarity is the Jaccard index of the sets of word 5-grams of two texts (a text of fewer words is one
gram). Candidates come from MinHash signatures cut into bands; each is then measured exactly, so what is reported as
similar is; a pair at the threshold is missed with a probability of at most ``MISS``.
Texts are numbers into one array of signatures, of shape (texts, PERMUTATIONS); exact copies are one text.

Source: Broder 1997 (MinHash); Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4 (bands).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

GRAM = 5
PERMUTATIONS = 128
SEED = 42
MISS = 1e-3
#: Rows a band for the nearest pairs across splits: a pair of similarity .2 is found with .93, of .4 always.
ACROSS_ROWS = 2
#: A band that more texts share pairs each with the next only: all with all would cost their square.
CROWD, ACROSS_CROWD = 500, 50

_WORDS = re.compile(r"\w+")


def grams(text: str) -> set[str]:
    """The word 5-grams of a text, case folded; empty for a text without words."""
    words = _WORDS.findall(text.casefold())
    if not words:
        return set()
    return {" ".join(words[at : at + GRAM]) for at in range(max(1, len(words) - GRAM + 1))}


def signature(text: str) -> bytes:
    """The MinHash signature of a text: PERMUTATIONS unsigned 32-bit numbers, little endian."""
    from array import array

    from rensa import RMinHash

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(grams(text)))
    numbers = array("I", sketch.digest())
    return numbers.tobytes()


def jaccard(left: set[str], right: set[str]) -> float:
    """Shared grams over all grams; 0 where both are empty, since texts without words say nothing."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0


def rows_per_band(near: float) -> int:
    """The most rows a band may have for a pair at ``near`` to be missed with at most MISS."""
    for rows in range(8, 1, -1):
        if (1 - near**rows) ** (PERMUTATIONS // rows) <= MISS:
            return rows
    return 1


def candidates(signatures, rows: int, crowd: int = CROWD):
    """Pairs of texts that share a band, each once, in order: an array of shape (pairs, 2). Those of equal signature are
    tied to the first of them, not paired all with all."""
    import numpy as np

    count = len(signatures)
    whole = np.ascontiguousarray(signatures).view(f"V{signatures.shape[1] * 4}").reshape(-1)
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    copies = np.flatnonzero(first[kind] != np.arange(count))
    found = [first[kind[copies]] * count + copies]
    kinds = np.sort(first)
    for low in range(0, PERMUTATIONS - rows + 1, rows):
        band = np.ascontiguousarray(signatures[kinds, low : low + rows]).view(f"V{rows * 4}").reshape(-1)
        found.extend(left * count + right for left, right in _pairs(band, kinds, crowd))
    pairs = np.unique(np.concatenate(found))
    return np.stack([pairs // count, pairs % count], axis=1)


def _pairs(band, kinds, crowd: int) -> Iterator[tuple]:
    """Pairs of those with equal values, the smaller first; in a group of more than ``crowd``, of neighbours only."""
    import numpy as np

    order = np.argsort(band, kind="stable")
    ordered, members = band[order], kinds[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.append(starts, len(order)))
    twos = starts[sizes == 2]
    yield members[twos], members[twos + 1]
    for start, size in zip(starts[sizes > 2], sizes[sizes > 2], strict=True):
        group = members[start : start + size]
        if size > crowd:
            yield group[:-1], group[1:]
        else:
            left, right = np.triu_indices(size, 1)
            yield group[left], group[right]


def measured(
    pairs: Iterable[tuple[int, int]], text: Callable[[int], str], least: float
) -> Iterator[tuple[int, int, float]]:
    """Pairs whose similarity is at least ``least``, with it. Texts are fetched as they are needed."""
    from functools import lru_cache

    @lru_cache(maxsize=64)
    def known(at: int) -> set[str]:
        return grams(text(at))

    for left, right in pairs:
        similarity = jaccard(known(left), known(right))
        if similarity >= least:
            yield left, right, similarity


def near_pairs(signatures, text: Callable[[int], str], near: float) -> list[tuple[int, int, float]]:
    """All pairs of near duplicates that share a band, with their similarity."""
    if len(signatures) < 2:
        return []
    return list(measured(candidates(signatures, rows_per_band(near)).tolist(), text, near))


def nearest_across(
    signatures, splits: Sequence[str], text: Callable[[int], str], count: int = 10
) -> list[tuple[int, int, float]]:
    """The nearest pairs of texts in different splits, nearest first; pairs that share no gram are left out."""
    if len(signatures) < 2:
        return []
    import numpy as np

    _, codes = np.unique(np.asarray(splits), return_inverse=True)
    pairs = candidates(signatures, ACROSS_ROWS, ACROSS_CROWD)
    pairs = pairs[codes[pairs[:, 0]] != codes[pairs[:, 1]]]
    # the signatures estimate; only the best estimates are worth reading two texts for
    alike = [np.count_nonzero(signatures[a] == signatures[b], axis=1) for a, b in _chunks(pairs)]
    best: Sequence[int] | np.ndarray = np.argsort(-np.concatenate(alike), kind="stable")[: 20 * count] if alike else []
    found = sorted(measured(sorted(map(tuple, pairs[best].tolist())), text, 0.0), key=lambda p: (-p[2], p[0], p[1]))
    return [pair for pair in found[:count] if pair[2] > 0]


def _chunks(pairs) -> Iterator[tuple]:
    for at in range(0, len(pairs), 4096):
        yield pairs[at : at + 4096, 0], pairs[at : at + 4096, 1]
