"""Pinned splits: texts whose split a table fixes, found by the names of their files.

Conventions: a pinned text takes its group with it, so a group with two pinned splits is an error.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.builders.arrange.groups import components
from allegedly.builders.arrange.order import COPIES
from allegedly.builders.spool.parts import read_table
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError

if TYPE_CHECKING:
    import numpy as np

#: So many clashes are named.
NAMED = 10


def pinned(folders: Iterable[str], pins: Mapping[str, str]) -> tuple[dict[int, tuple[int, str]], list[str]]:
    """By the id of each text that a pinned file holds: the code of its split, and the file; and the names of files of
    which no article is. DataError for a text of which two copies are pinned to two splits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.array(sorted(pins), pa.string())
    texts: dict[int, tuple[int, str]] = {}
    clashes: list[str] = []
    missing = set(pins)
    for folder in folders:
        table = read_table(Path(folder, COPIES)).select(["id", "file_name"])
        for row in table.filter(pc.is_in(table["file_name"], value_set=names)).to_pylist():
            code, name = SPLITS.index(pins[row["file_name"]]), row["file_name"]
            missing.discard(name)
            first = texts.setdefault(row["id"], (code, name))
            if first[0] != code:
                clashes.append(_clash(first, (code, name), "have one text"))
    _refuse(clashes)
    return texts, sorted(missing)


def check_pins(count: int, pairs: "np.ndarray", ties: "np.ndarray", pins: Mapping[int, tuple[int, str]]) -> None:
    """DataError where a group of texts 0 to count - 1 has two pinned splits. ``pairs`` and ``ties`` are as for grouping;
    ``pins`` goes by number of the text."""
    import numpy as np

    keys, codes = np.unique(ties[:, 0], return_inverse=True)
    by_key = np.stack([ties[:, 1].astype(np.int64), count + codes.astype(np.int64)], axis=1)
    first = components(count + len(keys), np.concatenate([pairs, by_key]))
    held: dict[int, tuple[int, str]] = {}
    clashes = []
    for number in sorted(pins):
        other = held.setdefault(int(first[number]), pins[number])
        if other[0] != pins[number][0]:
            clashes.append(
                _clash(other, pins[number], "are of one group (near texts, one address, or what group_by names)")
            )
    _refuse(clashes)


def _clash(left: tuple[int, str], right: tuple[int, str], why: str) -> str:
    left, right = sorted((left, right), key=lambda pin: pin[1])
    return f"{left[1]} is pinned to {SPLITS[left[0]]} and {right[1]} to {SPLITS[right[0]]}, but they {why}"


def _refuse(clashes: list[str]) -> None:
    if clashes:
        more = f"\n... and {len(clashes) - NAMED} more" if len(clashes) > NAMED else ""
        raise DataError("\n".join(clashes[:NAMED]) + more + "\npin all of a group to one split")
