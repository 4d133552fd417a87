"""Texts by their numbers: what the ranges hold, read where it is needed.

Conventions: a text's number counts from 0 over all ranges, in order of id. Only what is looked at is read from disk.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.arrange.order import COPIES, IDS, SIGNATURES, Ordered, place_of
from allegedly.builders.spool.parts import read_table
from allegedly.builders.spool.records import Place, Spooled

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

#: So many tables of copies are kept open.
OPEN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The folders of all ranges, and the number of the first text in each; ``starts`` has one more, their count."""

    folders: list[str]
    starts: list[int]

    @classmethod
    def of(cls, folder: Path, ordered: list[Ordered]) -> "Ranges":
        """The ranges that the first stage of arranging made below a folder."""
        starts = [0]
        for ordered_range in ordered:
            starts.append(starts[-1] + ordered_range.texts)
        return cls(folders=[str(folder / ordered_range.name) for ordered_range in ordered], starts=starts)

    @property
    def count(self) -> int:
        """How many texts there are."""
        return self.starts[-1]

    def save(self, path: Path) -> None:
        """Writes them where tasks find them."""
        path.write_text(json.dumps([self.folders, self.starts]), encoding="utf-8")

    @classmethod
    def load(cls, path: str) -> "Ranges":
        """What ``save`` wrote."""
        folders, starts = json.loads(Path(path).read_text(encoding="utf-8"))
        return cls(folders=folders, starts=starts)


def taken(ranges: Ranges, paths: list[str], numbers: "np.ndarray") -> "np.ndarray":
    """Of files that hold a row a text, one file a range, the rows of some texts, in the order of their numbers."""
    import numpy as np

    in_range = np.searchsorted(np.asarray(ranges.starts), numbers, side="right") - 1
    example = np.load(paths[0], mmap_mode="r")
    out = np.empty((len(numbers), *example.shape[1:]), dtype=example.dtype)
    for number in np.unique(in_range).tolist():
        here = in_range == number
        # one after the other: pages of a mapped file count as held as long as it is mapped
        out[here] = np.load(paths[number], mmap_mode="r")[numbers[here] - ranges.starts[number]]
    return out


@dataclass(slots=True)
class Texts:
    """Texts by their numbers."""

    ranges: Ranges
    spooled: Spooled
    _tables: dict[int, tuple["pa.Table", "np.ndarray"]] = field(default_factory=dict)

    def first(self, number: int) -> dict[str, Any]:
        """The row of a text's first copy."""
        return next(self.copies(number))

    def copies(self, number: int) -> Iterator[dict[str, Any]]:
        """The rows of a text's copies, in order."""
        in_range = bisect_right(self.ranges.starts, number) - 1
        table, firsts = self._table(in_range)
        text = number - self.ranges.starts[in_range]
        start = int(firsts[text])
        stop = int(firsts[text + 1]) if text + 1 < len(firsts) else len(table)
        yield from table.slice(start, stop - start).to_pylist()

    def place(self, number: int) -> Place:
        """Where the record of a text's first copy stands."""
        return place_of(self.first(number))

    def text(self, number: int) -> str:
        """The words of a text."""
        return self.spooled.text(self.place(number))

    def signatures(self, numbers: "np.ndarray") -> "np.ndarray":
        """The signatures of texts, of shape (texts, permutations)."""
        return taken(self.ranges, [f"{folder}/{SIGNATURES}" for folder in self.ranges.folders], numbers)

    def ids(self, numbers: "np.ndarray") -> "np.ndarray":
        """The ids of texts, as numbers."""
        return taken(self.ranges, [f"{folder}/{IDS}" for folder in self.ranges.folders], numbers)

    def _table(self, in_range: int) -> tuple["pa.Table", "np.ndarray"]:
        import numpy as np

        if in_range not in self._tables:
            if len(self._tables) >= OPEN:
                self._tables.pop(next(iter(self._tables)))
            table = read_table(Path(self.ranges.folders[in_range], COPIES))
            text = table["text"].to_numpy()
            firsts = np.flatnonzero(np.concatenate([[True], text[1:] != text[:-1]])) if len(text) else text
            self._tables[in_range] = table, firsts
        return self._tables[in_range]


def shown(text_id: int) -> str:
    """The id of a text as articles have it."""
    return f"{text_id:016x}"
