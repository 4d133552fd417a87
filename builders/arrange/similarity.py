"""Similarity: how alike the texts are that collided.

Conventions: pairs are cut by their first text, so that no task holds more than about ``rows`` of them. The signatures
estimate; a pair that they put far below the threshold is not read. What is reported as similar has been measured.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.builders.arrange.collisions import Collided, unique_pairs
from allegedly.builders.arrange.texts import Ranges, Texts
from allegedly.builders.spool.records import Spooled
from allegedly.builders.text.grams import PERMUTATIONS, grams, jaccard

if TYPE_CHECKING:
    import numpy as np

CANDIDATES, NEAR = "candidates.npy", "near.npy"
#: Signatures are compared so many pairs at a time.
CHUNK = 4096
#: How many standard deviations the estimate may lie below the threshold and the pair still be read.
DOUBT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """Pairs whose first text is one of ``start`` to ``stop``."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How many pairs were candidates, and how many are near."""

    name: str
    candidates: int
    near: int


def pieces(ranges: Ranges, collided: Iterable[Collided], rows: int) -> list[Firsts]:
    """Cuts the texts so that each piece begins about ``rows`` pairs or fewer."""
    weights = [0] * len(ranges.folders)
    for one in collided:
        weights = [mine + more for mine, more in zip(weights, one.by_range, strict=True)]
    cuts, gathered = [0], 0
    for in_range, weight in enumerate(weights):
        start, stop = ranges.starts[in_range], ranges.starts[in_range + 1]
        if gathered and gathered + weight > rows:
            cuts.append(start)
            gathered = 0
        parts = min(max(1, stop - start), -(-weight // rows))
        cuts.extend(start + (stop - start) * part // parts for part in range(1, parts))
        gathered += weight if parts == 1 else rows
    cuts = sorted({*cuts, ranges.count})
    return [Firsts(name=f"{number:06d}", start=a, stop=b) for number, (a, b) in enumerate(pairwise(cuts))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Measures pairs. ``runs`` is a file that lists the files of pairs."""

    work: str
    ranges: str
    runs: str
    near: float

    def __call__(self, shard: Firsts, folder: Path) -> Measured:
        import numpy as np

        ranges = Ranges.load(self.ranges)
        with Spooled(Path(self.work)) as spooled:
            texts = Texts(ranges, spooled)
            pairs = self._pairs(shard, ranges.count)
            shared = np.concatenate([_shared(texts, chunk) for chunk in _chunks(pairs)] or [np.zeros(0, np.int64)])
            np.save(folder / CANDIDATES, np.column_stack([pairs, shared]))
            likely = pairs[shared >= _least(self.near)]
            near = [pair for pair in measured(map(tuple, likely.tolist()), texts.text) if pair[2] >= self.near]
        np.save(folder / NEAR, np.asarray(near, dtype=[("left", "<i8"), ("right", "<i8"), ("similarity", "<f8")]))
        return Measured(name=shard.name, candidates=len(pairs), near=len(near))

    def _pairs(self, shard: Firsts, count: int) -> "np.ndarray":
        """The pairs of all runs that begin in a piece, in order, each once."""
        import numpy as np

        stretches = []
        for path in json.loads(Path(self.runs).read_text(encoding="utf-8")):
            run = np.load(path, mmap_mode="r")
            start, stop = np.searchsorted(run[:, 0], [shard.start, shard.stop])
            if start < stop:
                stretches.append(np.array(run[start:stop]))
        return unique_pairs(np.concatenate(stretches or [np.zeros((0, 2), dtype=np.int64)]), count)


def _least(near: float) -> float:
    """From how many shared numbers of two signatures on a pair is read."""
    return PERMUTATIONS * near - DOUBT * math.sqrt(PERMUTATIONS * near * (1 - near))


def _chunks(pairs: "np.ndarray") -> Iterator["np.ndarray"]:
    for start in range(0, len(pairs), CHUNK):
        yield pairs[start : start + CHUNK]


def _shared(texts: Texts, pairs: "np.ndarray") -> "np.ndarray":
    """How many numbers of their signatures the texts of each pair share."""
    import numpy as np

    shared: np.ndarray = np.count_nonzero(texts.signatures(pairs[:, 0]) == texts.signatures(pairs[:, 1]), axis=1)
    return shared


def measured(pairs: Iterable[tuple[int, int]], text: Callable[[int], str]) -> Iterator[tuple[int, int, float]]:
    """Pairs with their similarity. Texts are fetched as they are needed."""

    @lru_cache(maxsize=64)
    def grams_of(number: int) -> set[str]:
        return grams(text(number))

    for left, right in pairs:
        yield left, right, jaccard(grams_of(left), grams_of(right))
