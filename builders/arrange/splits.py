"""Splits: articles into groups that must stay together, groups into train, validation and test.

Conventions: articles are numbers in order of their final ids. A link says that two articles belong together: a pair
(near duplicates) or a key that several articles carry (a cross-post's address, an author). A group's name is the
smallest id in it, and its key for hashing. A split is a range of [0, 1) as wide as its fraction, in the order train,
validation, test.

Source: the hash is the first 8 bytes of SHA-256 of salt, a zero byte and key, as a fraction of 2**64.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Groups:
    """Union-find over articles and keys; each set knows the former splits in it."""

    parents: dict[object, object] = field(default_factory=dict)
    splits: dict[object, frozenset[str]] = field(default_factory=dict)

    def root(self, node: object) -> object:
        path = []
        while (parent := self.parents.setdefault(node, node)) != node:
            path.append(node)
            node = parent
        for step in path:
            self.parents[step] = node
        return node

    def held(self, nodes: Iterable[object]) -> frozenset[str]:
        """The former splits of the sets of some nodes."""
        return frozenset().union(*(self.splits.get(self.root(node), frozenset()) for node in nodes))

    def join(self, nodes: Sequence[object]) -> None:
        held = self.held(nodes)
        first, *others = [self.root(node) for node in nodes]
        for other in others:
            self.parents[self.root(other)] = self.root(first)
        if held:
            self.splits[self.root(first)] = held


@dataclass(frozen=True, slots=True)
class Grouped:
    """The group (a smallest number) of each article, the former split of each group that has one, and the newcomers
    that would tie articles of two splits together, with these."""

    group: dict[int, int]
    former: dict[int, str]
    bridges: dict[int, tuple[str, ...]]


def grouped(
    count: int,
    pairs: Iterable[tuple[int, int]],
    keys: Sequence[Sequence[object]],
    former: Mapping[int, str] | None = None,
) -> Grouped:
    """Articles 0..count-1 in groups. ``keys[i]`` are the keys that article i carries; ``former[i]`` its split in the
    release before. Articles of the former release never move, so two of them in different splits are not tied."""
    former = former or {}
    neighbours: dict[int, list[int]] = {}
    for left, right in pairs:
        neighbours.setdefault(left, []).append(right)
        neighbours.setdefault(right, []).append(left)
    sets = Groups()
    placed: set[int] = set()
    bridges: dict[int, tuple[str, ...]] = {}
    held_by_key: dict[object, set[str]] = {}
    for at in sorted(range(count), key=lambda at: at not in former):
        ties = [*sorted(other for other in neighbours.get(at, ()) if other in placed), *(("key", k) for k in keys[at])]
        if at in former:
            sets.splits[sets.root(at)] = frozenset({former[at]})
            for key in keys[at]:
                held_by_key.setdefault(key, set()).add(former[at])
            ties = [tie for tie in ties if sets.held([tie]) <= {former[at]}]
        else:
            held = sets.held(ties).union(*(held_by_key.get(key, ()) for key in keys[at]))
            if len(held) > 1:
                bridges[at] = tuple(sorted(held))
                continue
        sets.join([at, *ties])
        placed.add(at)
    smallest: dict[object, int] = {}
    for at in sorted(placed):
        smallest.setdefault(sets.root(at), at)
    return Grouped(
        {at: smallest[sets.root(at)] for at in sorted(placed)},
        {first: min(held) for root, first in smallest.items() if (held := sets.held([root]))},
        bridges,
    )


def place(key: str, salt: str) -> float:
    """Where a key falls in [0, 1)."""
    return int.from_bytes(hashlib.sha256(f"{salt}\0{key}".encode()).digest()[:8], "big") / 2**64


def assign(
    keys: Iterable[str], fractions: Mapping[str, float], salt: str = "", former: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The split of each group, by its key. ``former`` holds groups whose split stands.

    A split with a fraction that the hash leaves empty takes the group nearest to its range, unless that would empty
    another; so it stays empty where there are too few groups.
    """
    former = former or {}
    ranges = _ranges(fractions)
    free = {key: place(key, salt) for key in sorted(keys) if key not in former}
    split = {**{key: _fall(at, ranges) for key, at in free.items()}, **former}
    for name, (low, high) in ranges.items():
        if name in split.values():
            continue
        sizes = {other: list(split.values()).count(other) for other in ranges}
        takeable = [key for key in free if sizes.get(split[key], 0) > 1]
        if takeable:
            split[min(takeable, key=lambda key: (max(low - free[key], free[key] - high, 0.0), key))] = name
    return split


def _ranges(fractions: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    ranges, low = {}, 0.0
    for name, fraction in fractions.items():
        if fraction > 0:
            ranges[name] = (low, low + fraction)
            low += fraction
    return ranges


def _fall(at: float, ranges: Mapping[str, tuple[float, float]]) -> str:
    *others, last = ranges
    return next((name for name in others if at < ranges[name][1]), last)
