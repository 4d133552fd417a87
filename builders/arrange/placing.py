"""Placing: every article that stays into its split, in order of its final id.

Conventions: splits are coded by their place in ``SPLITS``; ``NONE`` stands for no split. A range's articles of one
split are a file of their own, in order of final id.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.arrange.order import COPIES
from allegedly.builders.arrange.splits import fall, place
from allegedly.builders.arrange.texts import Ranges, shown
from allegedly.builders.spool.parts import read_table, write_table
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.hashes import file_sha256

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

NONE = 255
#: Files of a range: the split of every text, and the groups whose split is free.
OF_TEXTS, HEADS = "splits.npy", "heads.npy"
#: So many texts with copies in two splits are named.
CROSSING = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRange:
    """Texts ``start`` to ``stop``, which a folder holds."""

    name: str
    folder: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a range gave: articles, texts and groups by split, copies beyond the first, and texts with copies in two
    splits, as number of the text and of the copy."""

    name: str
    articles: dict[str, int]
    groups: dict[str, int]
    free: bool
    copies: int
    crossing: list[list[int]]


def pieces(ranges: Ranges) -> list[TextRange]:
    """One task a range."""
    return [
        TextRange(name=f"{number:06d}", folder=folder, start=ranges.starts[number], stop=ranges.starts[number + 1])
        for number, folder in enumerate(ranges.folders)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Files about texts that something ties: ``tied`` (numbers, the id of their group's first text, and the split that
    stands for it), ``gone`` (numbers that do not stay), ``former`` (ids of the release before, and their splits).
    ``sha256`` is the hash of all three: they are no stage's, so nothing else tells that they are as before."""

    tied: str
    gone: str
    former: str
    sha256: str

    @classmethod
    def of(cls, tied: Path, gone: Path, former: Path) -> "Ties":
        """These files as they are now."""
        hashes = [file_sha256(path) for path in (tied, gone, former)]
        return cls(tied=str(tied), gone=str(gone), former=str(former), sha256=" ".join(hashes))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTexts:
    """Gives texts their groups and splits. ``moved`` holds groups that fill a split, by their ids."""

    ties: Ties
    fractions: dict[str, float]
    salt: str
    moved: dict[str, str] = field(default_factory=dict)

    def __call__(self, shard: TextRange, folder: Path) -> Placed:
        import numpy as np

        rows = read_table(Path(shard.folder, COPIES))
        texts = rows["text"].to_numpy().astype(np.int64)
        first = np.flatnonzero(np.concatenate([[True], texts[1:] != texts[:-1]])) if len(texts) else texts
        ids = rows["id"].to_numpy()[first]
        group, stands, stays = self._groups(shard, ids)
        own = rows["split"].to_pylist()
        loose = np.logical_or.reduceat(rows["split"].is_null().to_numpy(), first) if len(first) else stays
        placing = _Placing(self, ids, group, stands, stays & loose)
        splits, sizes = placing.splits()
        np.save(folder / HEADS, placing.heads)
        articles, crossing = _write(rows, texts, group, splits, stays, folder, shard.start)
        for number, row in enumerate(first.tolist()):
            if own[row] is not None:
                splits[number] = SPLITS.index(own[row])
        np.save(folder / OF_TEXTS, np.where(stays, splits, NONE).astype(np.uint8))
        kept = stays[texts]
        return Placed(
            name=shard.name,
            articles=articles,
            groups=sizes,
            free=bool(len(placing.heads)),
            copies=int(kept.sum()) - int(stays.sum()),
            crossing=crossing[:CROSSING],
        )

    def _groups(self, shard: TextRange, ids: "np.ndarray") -> tuple["np.ndarray", "np.ndarray", "np.ndarray"]:
        """Of each text the id of its group's first text, the split that stands for the group, whether it stays."""
        import numpy as np

        group, stands = np.array(ids), np.full(len(ids), NONE, dtype=np.uint8)
        former = np.load(self.ties.former, mmap_mode="r")
        if len(former):
            position = np.minimum(np.searchsorted(former["id"], ids), len(former) - 1)
            known = former["id"][position] == ids
            stands[known] = former["split"][position[known]]
        tied = _between(np.load(self.ties.tied, mmap_mode="r"), "number", shard)
        mine = tied["number"] - shard.start
        group[mine], stands[mine] = tied["group"], np.where(stands[mine] == NONE, tied["split"], stands[mine])
        gone = np.load(self.ties.gone, mmap_mode="r")
        stays = np.ones(len(ids), dtype=bool)
        stays[gone[np.searchsorted(gone, shard.start) : np.searchsorted(gone, shard.stop)] - shard.start] = False
        return group, stands, stays


def _between(rows: "np.ndarray", name: str, shard: TextRange) -> "np.ndarray":
    import numpy as np

    between: np.ndarray = rows[np.searchsorted(rows[name], shard.start) : np.searchsorted(rows[name], shard.stop)]
    return between


@dataclass(slots=True)
class _Placing:
    """The splits of the texts of a range whose split is not given."""

    task: PlaceTexts
    ids: "np.ndarray"
    group: "np.ndarray"
    stands: "np.ndarray"
    stays: "np.ndarray"
    heads: "np.ndarray" = field(init=False)

    def splits(self) -> tuple["np.ndarray", dict[str, int]]:
        """Codes of splits, and how many groups begin here by split."""
        import numpy as np

        out = np.full(len(self.ids), NONE, dtype=np.uint8)
        sizes = dict.fromkeys(SPLITS, 0)
        heads = []
        for number in np.flatnonzero(self.stays).tolist():
            group = int(self.group[number])
            code, where = int(self.stands[number]), -1.0
            if code == NONE:
                split, where = self._fallen(group)
                code = SPLITS.index(split)
            out[number] = code
            if group == int(self.ids[number]):
                sizes[SPLITS[code]] += 1
                if where >= 0:
                    heads.append((group, where, code))
        self.heads = np.asarray(heads, dtype=[("id", "<u8"), ("place", "<f8"), ("split", "u1")])
        return out, sizes

    def _fallen(self, group: int) -> tuple[str, float]:
        name = shown(group)
        where = place(name, self.task.salt)
        return self.task.moved.get(name) or fall(where, self.task.fractions), where


def _write(
    rows: "pa.Table",
    texts: "np.ndarray",
    group: "np.ndarray",
    splits: "np.ndarray",
    stays: "np.ndarray",
    folder: Path,
    start: int,
) -> tuple[dict[str, int], list[list[int]]]:
    """Writes the articles of each split. Gives their numbers, and texts with copies in two splits."""
    import pyarrow as pa

    columns: dict[str, dict[str, list[Any]]] = {}
    crossing: list[list[int]] = []
    for final, text, copy, row in _finals(rows, texts, stays):
        split = row["split"] or SPLITS[int(splits[text])]
        if copy == 0:
            leading = split
        elif split != leading:
            crossing.append([start + text, copy])
        table = columns.setdefault(split, {name: [] for name in PLACED_COLUMNS})
        value = {**row, "id": final, "group": final if row["split"] else shown(int(group[text]))}
        for name, column in table.items():
            column.append(value[name])
    counts = dict.fromkeys(SPLITS, 0)
    for split, table in columns.items():
        order = sorted(range(len(table["id"])), key=table["id"].__getitem__)
        arrays = {name: pa.array([column[number] for number in order]) for name, column in table.items()}
        schema = pa.schema([(name, pa.int64() if name in ("offset", "length") else pa.string()) for name in arrays])
        write_table(
            pa.table({name: array.cast(schema.field(name).type) for name, array in arrays.items()}, schema),
            folder / f"{split}.arrow",
        )
        counts[split] = len(order)
    return counts, crossing


PLACED_COLUMNS = ("id", "group", "file", "offset", "length", "file_name", "source_id")


def _finals(
    rows: "pa.Table", texts: "np.ndarray", stays: "np.ndarray"
) -> Iterator[tuple[str, int, int, dict[str, Any]]]:
    """Final id, number of the text in the range, number of the copy, and row of each article that stays."""
    before, copy = -1, 0
    for text, row in zip(texts.tolist(), rows.to_pylist(), strict=True):
        copy = copy + 1 if text == before else 0
        before = text
        if stays[text]:
            name = shown(row["id"])
            yield (name if copy == 0 else f"{name}-{copy + 1}"), text, copy, row


def placed_rows(folder: Path, split: str) -> "pa.Table | None":
    """The articles of a split in the folder of a range; None where it has none."""
    path = folder / f"{split}.arrow"
    return read_table(path) if path.exists() else None


def save_json(path: Path, value: Any) -> str:
    """Writes a list where tasks find it, and gives its path."""
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)
