"""Leakage: the nearest pairs of texts in different splits, which is the proof that splits are apart.

Conventions: signatures estimate; only the best estimates are worth reading two texts for. Pairs that share no gram are
left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.arrange.placing import NONE, OF_TEXTS
from allegedly.builders.arrange.similarity import CANDIDATES, Firsts, measured
from allegedly.builders.arrange.texts import Ranges, Texts, shown, taken
from allegedly.builders.text.grams import PERMUTATIONS
from allegedly.schemas.arrow import SPLITS

if TYPE_CHECKING:
    import numpy as np

#: So many nearest pairs are named; so many times as many estimates are measured.
NAMED, MEASURED = 10, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The best estimates of a piece: first text, second text, shared numbers of their signatures."""

    name: str
    pairs: list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Finds the candidates in different splits. ``measured`` and ``placed`` are the folders of those stages; ``instead``
    is a file with texts that went, in order, and the texts of equal signature that stand in for them, of that hash."""

    ranges: str
    measured: str
    placed: str
    instead: str
    instead_sha256: str

    def __call__(self, shard: Firsts, folder: Path) -> Nearest:
        import numpy as np

        ranges = Ranges.load(self.ranges)
        paths = [f"{self.placed}/{Path(range_).name}/{OF_TEXTS}" for range_ in ranges.folders]
        pairs = _replaced(np.load(Path(self.measured, shard.name, CANDIDATES)), np.load(self.instead))
        left, right = taken(ranges, paths, pairs[:, 0]), taken(ranges, paths, pairs[:, 1])
        pairs = np.array(pairs[(left != right) & (left != NONE) & (right != NONE)])
        best = np.lexsort([pairs[:, 1], pairs[:, 0], -pairs[:, 2]])[: NAMED * MEASURED]
        return Nearest(name=shard.name, pairs=pairs[best].tolist())


def _replaced(pairs: "np.ndarray", instead: "np.ndarray") -> "np.ndarray":
    """Pairs with the texts that stand in for those that went, the smaller number first."""
    import numpy as np

    if not len(instead) or not len(pairs):
        return pairs
    for column in (0, 1):
        at_or_after = np.minimum(np.searchsorted(instead[:, 0], pairs[:, column]), len(instead) - 1)
        known = instead[at_or_after, 0] == pairs[:, column]
        pairs[known, column] = instead[at_or_after[known], 1]
    pairs[:, :2] = np.sort(pairs[:, :2], axis=1)
    apart: np.ndarray = pairs[pairs[:, 0] != pairs[:, 1]]
    return apart


def proof(
    nearest: Iterable[Nearest], crossing: Iterable[list[int]], texts: Texts, split: Callable[[int, int], str]
) -> dict[str, Any]:
    """What the manifest says. ``crossing`` holds texts with copies in two splits; ``split`` gives the split of a copy
    of a text."""
    pairs = [((left, 0), (right, 0), shared) for piece in nearest for left, right, shared in piece.pairs]
    pairs += [((text, 0), (text, copy), PERMUTATIONS) for text, copy in crossing]
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    best = sorted((left, right) for left, right, _ in pairs[: NAMED * MEASURED])
    measured_pairs = [
        (similarity, left, right)
        for left, right in best
        for _, _, similarity in measured([(left[0], right[0])], texts.text)
        if similarity > 0
    ]
    measured_pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    return {
        "measure": "Jaccard index of word 5-grams",
        "nearest": [
            {
                "articles": [_final(texts, *left), _final(texts, *right)],
                "splits": [split(*left), split(*right)],
                "similarity": round(similarity, 4),
            }
            for similarity, left, right in measured_pairs[:NAMED]
        ],
    }


def _final(texts: Texts, text: int, copy: int) -> str:
    name = shown(int(texts.first(text)["id"]))
    return name if copy == 0 else f"{name}-{copy + 1}"


def split_of(texts: Texts, placed: Path) -> Callable[[int, int], str]:
    """The split of a copy of a text, from the folder of the stage that placed them."""
    import numpy as np

    ranges = texts.ranges
    paths = [f"{placed}/{Path(folder).name}/{OF_TEXTS}" for folder in ranges.folders]

    def split(text: int, copy: int) -> str:
        own = list(texts.copies(text))[copy]["split"]
        return str(own) if own else SPLITS[int(taken(ranges, paths, np.asarray([text]))[0])]

    return split
