"""Splits: groups into train, validation and test.

Conventions: a group's key is the id of its first text. A split is a range of [0, 1) as wide as its fraction, in the
order train, validation, test; a group falls where the hash of its key and the salt says.

Source: the hash is the first 8 bytes of SHA-256 of salt, a zero byte and key, as a fraction of 2**64.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def place(key: str, salt: str) -> float:
    """Where a key falls in [0, 1)."""
    return int.from_bytes(hashlib.sha256(f"{salt}\0{key}".encode()).digest()[:8], "big") / 2**64


def fall(where: float, fractions: Mapping[str, float]) -> str:
    """The split in whose range a number of [0, 1) lies."""
    *others, last = ranges = _ranges(fractions)
    return next((name for name in others if where < ranges[name][1]), last)


def _ranges(fractions: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    ranges, low = {}, 0.0
    for name, fraction in fractions.items():
        if fraction > 0:
            ranges[name] = (low, low + fraction)
            low += fraction
    return ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Groups whose split is free, some of them at a time: ids of their first texts, where they fall, their splits."""

    ids: "np.ndarray"
    places: "np.ndarray"
    splits: "np.ndarray"


def filled(
    sizes: Mapping[str, int], fractions: Mapping[str, float], heads: Iterable[Heads] | None, names: tuple[str, ...]
) -> dict[int, str]:
    """Which groups change their split, so that none with a fraction is empty: such a split takes the free group
    nearest to its range, unless that would empty another. ``sizes`` counts groups by split; ``names`` are the splits by
    their codes in ``heads``, which are looked through once for each empty split."""
    sizes = dict(sizes)
    moved: dict[int, str] = {}
    pieces = list(heads or ())
    for name, (low, high) in _ranges(fractions).items():
        if sizes.get(name, 0):
            continue
        best = min(
            (found for piece in pieces for found in _nearest(piece, low, high, sizes, moved, names)), default=None
        )
        if best is not None:
            _, text_id, split = best
            moved[text_id] = name
            sizes[split] -= 1
            sizes[name] = 1
    return moved


def _nearest(
    heads: Heads, low: float, high: float, sizes: Mapping[str, int], moved: Mapping[int, str], names: tuple[str, ...]
) -> Iterable[tuple[float, int, str]]:
    """The group of a piece that is nearest to a range: distance, id, its split now."""
    import numpy as np

    current = np.array(heads.splits)
    for text_id, name in moved.items():
        current[heads.ids == np.uint64(text_id)] = names.index(name)
    large = [names.index(name) for name, count in sizes.items() if count > 1]
    free = np.flatnonzero(np.isin(current, large))
    if len(free):
        away = np.maximum(np.maximum(low - heads.places[free], heads.places[free] - high), 0.0)
        first = np.lexsort([heads.ids[free], away])[0]
        number = free[first]
        yield float(away[first]), int(heads.ids[number]), names[int(current[number])]
