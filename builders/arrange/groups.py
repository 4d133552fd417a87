"""Groups: which texts must share a split.

Conventions: only texts that something ties take part; they are numbered from 0 in order of id. A pair ties two texts, a
key all texts that carry it. Texts of the former release never move, so two of them in different splits are not tied; a
newcomer that would tie two splits together is a bridge. A group is called after its first text.
"""

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class Sets:
    """Union-find over numbers; each set knows by bits which former splits are in it."""

    def __init__(self, count: int) -> None:
        self.parents = array("q", range(count))
        self.splits = array("B", bytes(count))

    def root(self, number: int) -> int:
        """The number that stands for a set."""
        parents = self.parents
        root = number
        while parents[root] != root:
            root = parents[root]
        while parents[number] != root:
            parents[number], number = root, parents[number]
        return root

    def held(self, number: int) -> int:
        """The former splits in the set of a number, as bits."""
        return self.splits[self.root(number)]

    def join(self, left: int, right: int) -> None:
        """Makes one set of two, which stands where the left one did."""
        left, right = self.root(left), self.root(right)
        if left != right:
            self.parents[right] = left
            self.splits[left] |= self.splits[right]


@dataclass(frozen=True, slots=True)
class Grouped:
    """For each tied text the first text of its group (-1 for a bridge) and the former splits in its group, or, for a
    bridge, the splits that it would tie together, as bits."""

    group: "np.ndarray"
    former: "np.ndarray"


def grouped(count: int, pairs: "np.ndarray", ties: "np.ndarray", former: "np.ndarray") -> Grouped:
    """Groups texts 0 to count - 1. ``pairs`` has shape (pairs, 2); ``ties`` has shape (ties, 2), key and text;
    ``former`` has the code of each text's split in the release before, -1 where it had none."""
    import numpy as np

    neighbours = _Neighbours(count, np.concatenate([pairs, pairs[:, ::-1]]))
    names, codes = np.unique(ties[:, 0], return_inverse=True)
    keys = _Neighbours(count, np.stack([ties[:, 1].astype(np.int64), codes.astype(np.int64)], axis=1))
    sets, placed = Sets(count + len(names)), bytearray(count)
    by_key = array("B", bytes(len(names)))
    group, held_by = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.uint8)
    for text in [*np.flatnonzero(former >= 0).tolist(), *np.flatnonzero(former < 0).tolist()]:
        mine = keys.of(text)
        others = [other for other in neighbours.of(text) if placed[other]] + [count + key for key in mine]
        if former[text] >= 0:
            split = sets.splits[text] = 1 << int(former[text])
            for key in mine:
                by_key[key] |= split
            others = [other for other in others if not sets.held(other) & ~split]
        else:
            held = 0
            for other in others:
                held |= sets.held(other)
            for key in mine:
                held |= by_key[key]
            if held & (held - 1):
                held_by[text] = held
                continue
        for other in others:
            sets.join(text, other)
        placed[text] = 1
    first: dict[int, int] = {}
    for text in range(count):
        if placed[text]:
            root = sets.root(text)
            group[text] = first.setdefault(root, text)
            held_by[text] = sets.splits[root]
    return Grouped(group, held_by)


class _Neighbours:
    """Of each text what it is tied to, in order."""

    def __init__(self, count: int, edges: "np.ndarray") -> None:
        import numpy as np

        edges = edges[np.lexsort([edges[:, 1], edges[:, 0]])]
        self.others = edges[:, 1]
        self.starts = np.searchsorted(edges[:, 0], np.arange(count + 1))

    def of(self, text: int) -> list[int]:
        found: list[int] = self.others[self.starts[text] : self.starts[text + 1]].tolist()
        return found


def components(count: int, pairs: "np.ndarray") -> "np.ndarray":
    """The first text of each text's set, where pairs alone tie."""
    import numpy as np

    sets = Sets(count)
    for left, right in pairs.tolist():
        left, right = sets.root(left), sets.root(right)
        sets.join(min(left, right), max(left, right))
    return np.fromiter((sets.root(text) for text in range(count)), dtype=np.int64, count=count)
