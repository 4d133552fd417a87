"""Collisions: texts that share a value, found range of values by range of values.

Conventions: texts are numbers. A value is 64 bits: a band of a signature, a whole signature, or a key. One task looks
at the values of one band whose mixed bits begin with its number, so that its memory does not hang on how many there
are. Texts of equal signature are tied to the first of them, not paired all with all, and the others stay out of the
bands. Where the split of the first is given, the first whose split is not stands for the others like it.

Source: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4 (bands).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.builders.arrange.order import ALIKE, BANDS, HAS, KEYS, LOOSE, OFFERS, REFERS
from allegedly.builders.arrange.texts import Ranges, taken
from allegedly.builders.text.grams import PERMUTATIONS

if TYPE_CHECKING:
    import numpy as np

#: Rows a band, from so many texts on. With two a pair of similarity .2 is found with .93, of .4 always; unrelated texts that
#: share a band by chance grow with the square of their number, and each row more makes them fewer by far.
ROWS_A_BAND = ((1 << 22, 4), (1 << 16, 3), (0, 2))
#: A pair at the threshold is missed with a probability of at most this; with three rows one of .5 with .0037.
MISS = 5e-3
#: A band that more texts share pairs each with the next only: all with all would cost their square.
CROWD = 500
#: Pairs are written in runs of about so many.
RUN = 1 << 18
PAIRS, OTHERS, TIES = "pairs-{:04d}.npy", "others.npy", "ties.npy"

_MIX = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values of one band (-1 for whole signatures and keys) whose mixed bits begin with ``number`` (``bits`` of them)."""

    name: str
    band: int
    number: int
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collided:
    """What a task left: the lengths of its runs of pairs, and how many begin in each range of texts."""

    name: str
    runs: list[int]
    by_range: list[int]


def bands(near: float, texts: int) -> int:
    """How many rows a band has: those for so many texts, or fewer, so that a pair at ``near`` is missed with at most
    MISS."""
    wanted = next(rows for least, rows in ROWS_A_BAND if texts >= least)
    return next((rows for rows in range(wanted, 1, -1) if (1 - near**rows) ** (PERMUTATIONS // rows) <= MISS), 1)


def pieces(texts: int, rows: int, band_rows: int | None = None) -> list[Values]:
    """The tasks over all values: of every band of so many rows, or of what is one value a text."""
    bits = max(0, (max(1, texts) - 1) // rows).bit_length()
    many = range(PERMUTATIONS // band_rows) if band_rows else (-1,)
    return [
        Values(name=f"{band + 1:03d}-{number:05d}", band=band, number=number, bits=bits)
        for band in many
        for number in range(1 << bits)
    ]


def _mixed(values: "np.ndarray", shard: Values) -> "np.ndarray":
    """Which of the values a task looks at."""
    import numpy as np

    if not shard.bits:
        return np.ones(len(values), dtype=bool)
    with np.errstate(over="ignore"):
        mine: np.ndarray = (values * np.uint64(_MIX)) >> np.uint64(64 - shard.bits) == np.uint64(shard.number)
    return mine


def groups(values: "np.ndarray") -> Iterator["np.ndarray"]:
    """The positions of equal values, where there are two or more; positions in order, values in order."""
    import numpy as np

    # groups are few: putting these in order is cheaper than a stable sort of all
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(values) else order
    sizes = np.diff(np.append(starts, len(values)))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        yield np.sort(order[start : start + size])


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Ties texts of equal signature to the first of them. ``ranges`` is a file with the Ranges."""

    ranges: str

    def __call__(self, shard: Values, folder: Path) -> Collided:
        import numpy as np

        ranges = Ranges.load(self.ranges)
        numbers, values = _gathered(ranges, ALIKE, shard)
        loose_files = [f"{folder}/{LOOSE}" for folder in ranges.folders]
        pairs: list[tuple[int, int]] = []
        others: list[int] = []
        for members in groups(values):
            texts = numbers[members]
            first, *rest = texts.tolist()
            leads, *led = texts[taken(ranges, loose_files, texts)].tolist() or [first]
            others.extend(text for text in rest if text != leads)
            pairs.extend((first, text) for text in rest)
            pairs.extend((leads, text) for text in led if leads != first)
        np.save(folder / OTHERS, np.sort(np.asarray(others, dtype=np.int64)))
        runs = _Runs(folder, ranges)
        runs.add(np.asarray(pairs, dtype=np.int64).reshape(-1, 2))
        return runs.finish(shard.name)


def _gathered(ranges: Ranges, name: str, shard: Values) -> tuple["np.ndarray", "np.ndarray"]:
    """Numbers of texts and their values, as far as a task looks at them."""
    import numpy as np

    numbers, values = [], []
    for folder, start in zip(ranges.folders, ranges.starts, strict=False):
        here = np.load(Path(folder, name), mmap_mode="r")
        mine = _mixed(here, shard)
        values.append(here[mine])
        numbers.append(np.flatnonzero(mine) + start)
    return np.concatenate(numbers), np.concatenate(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Pairs the texts that share a band. ``others`` is a file that lists files with texts that are alike an earlier one."""

    ranges: str
    others: str
    rows: int
    crowd: int = CROWD

    def __call__(self, shard: Values, folder: Path) -> Collided:
        import numpy as np

        ranges = Ranges.load(self.ranges)
        others = np.sort(
            np.concatenate([np.load(path) for path in json.loads(Path(self.others).read_text(encoding="utf-8"))])
        )
        numbers, values = self._band(ranges, others, shard)
        runs = _Runs(folder, ranges)
        for members in groups(values):
            texts = numbers[members]
            if len(texts) > self.crowd:
                left, right = texts[:-1], texts[1:]
            else:
                rows, columns = np.triu_indices(len(texts), 1)
                left, right = texts[rows], texts[columns]
            runs.add(np.stack([left, right], axis=1))
        return runs.finish(shard.name)

    def _band(self, ranges: Ranges, others: "np.ndarray", shard: Values) -> tuple["np.ndarray", "np.ndarray"]:
        import numpy as np

        numbers, values = [], []
        low = shard.band * self.rows
        for in_range, folder in enumerate(ranges.folders):
            start, stop = ranges.starts[in_range], ranges.starts[in_range + 1]
            rows = np.load(Path(folder, BANDS), mmap_mode="r")[low : low + self.rows]
            value = rows[0].astype(np.uint64)
            for row in rows[1:]:
                # of two rows nothing is lost; more are mixed, and what collides by chance is measured anyway
                value = (value << np.uint64(32)) | row if self.rows == 2 else value * np.uint64(_MIX) ^ row
            mine = _mixed(value, shard)
            away = others[np.searchsorted(others, start) : np.searchsorted(others, stop)] - start
            mine[away] = False
            values.append(value[mine])
            numbers.append(np.flatnonzero(mine) + start)
        return np.concatenate(numbers), np.concatenate(values)


class _Runs:
    """Pairs on their way to disk: each run is in order, and holds no pair twice."""

    def __init__(self, folder: Path, ranges: Ranges) -> None:
        import numpy as np

        self.folder, self.ranges = folder, ranges
        self.waiting: list[np.ndarray] = []
        self.size = 0
        self.lengths: list[int] = []
        self.by_range = np.zeros(len(ranges.folders), dtype=np.int64)

    def add(self, pairs: "np.ndarray") -> None:
        self.waiting.append(pairs)
        self.size += len(pairs)
        if self.size >= RUN:
            self.flush()

    def flush(self) -> None:
        import numpy as np

        pairs = unique_pairs(np.concatenate(self.waiting or [np.zeros((0, 2), dtype=np.int64)]), self.ranges.count)
        if len(pairs):
            np.save(self.folder / PAIRS.format(len(self.lengths)), pairs)
            self.lengths.append(len(pairs))
            in_range = np.searchsorted(np.asarray(self.ranges.starts), pairs[:, 0], side="right") - 1
            self.by_range += np.bincount(in_range, minlength=len(self.by_range))
        self.waiting, self.size = [], 0

    def finish(self, name: str) -> Collided:
        self.flush()
        return Collided(name=name, runs=self.lengths, by_range=self.by_range.tolist())


def unique_pairs(pairs: "np.ndarray", count: int) -> "np.ndarray":
    """Pairs in order, each once, of shape (pairs, 2)."""
    import numpy as np

    whole = np.unique(pairs[:, 0] * count + pairs[:, 1])
    return np.stack([whole // max(1, count), whole % max(1, count)], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """How many ties of texts by keys a task found."""

    name: str
    ties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Ties texts that carry a key: those that have it or refer to it, and those that offer it if somebody refers."""

    ranges: str

    def __call__(self, shard: Values, folder: Path) -> Tied:
        import numpy as np

        ranges = Ranges.load(self.ranges)
        found = []
        for path, start in zip(ranges.folders, ranges.starts, strict=False):
            keys = np.load(Path(path, KEYS), mmap_mode="r")
            mine = keys[_mixed(keys[:, 0], shard)].astype(np.uint64)
            mine[:, 1] += np.uint64(start)
            found.append(mine)
        ties = _ties(np.concatenate(found))
        np.save(folder / TIES, ties)
        return Tied(name=shard.name, ties=len(ties))


def _ties(carried: "np.ndarray") -> "np.ndarray":
    """Keys and texts that they tie, of shape (ties, 2), in order: keys that at least two texts carry."""
    import numpy as np

    referred = np.unique(carried[carried[:, 2] == REFERS, 0])
    tying = (carried[:, 2] == HAS) | (carried[:, 2] == REFERS)
    tying |= (carried[:, 2] == OFFERS) & np.isin(carried[:, 0], referred)
    ties = np.unique(carried[tying, :2], axis=0)
    if not len(ties):
        return ties
    _, first, sizes = np.unique(ties[:, 0], return_index=True, return_counts=True)
    return ties[np.repeat(sizes > 1, sizes)] if len(first) else ties
