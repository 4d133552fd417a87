"""Order: entries of all shards into texts, in order of id.

Conventions: ids are hashes, so they fall evenly into ranges, each of which one task puts in order. A text is a row of
``texts``: its copies are rows of ``copies``, in order of origin, then of what they hold; the first has the bare id, the
others ``-2``, ``-3``. Texts are numbered from 0 in order of id, over all ranges.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders.arrange.gone import Gone, write_gone
from allegedly.builders.spool.parts import read_table, write_table
from allegedly.builders.spool.records import Place, Spooled
from allegedly.builders.text.grams import PERMUTATIONS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

COPIES, IDS, LOOSE, KEYS = "copies.arrow", "ids.npy", "loose.npy", "keys.npy"
SIGNATURES, BANDS, ALIKE = "signatures.npy", "bands.npy", "alike.npy"
#: How a key is carried: as one's own, as somebody's to refer to, as an offer that ties only where referred to.
HAS, REFERS, OFFERS = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRange:
    """Ids whose first ``bits`` bits are ``number``."""

    name: str
    number: int
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What a range holds: texts, articles, those of them whose split is given, and how many copies were dropped."""

    name: str
    texts: int
    articles: int
    given: int
    dropped: int


def ranges(articles: int, rows: int) -> list[IdRange]:
    """As many ranges as keep each at about ``rows`` articles or fewer."""
    bits = max(0, (max(1, articles) - 1) // rows).bit_length()
    return [IdRange(name=f"{number:06d}", number=number, bits=bits) for number in range(1 << bits)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Puts the texts of a range in order. ``parts`` is a file that lists all parts, by their paths below ``work``."""

    work: str
    parts: str
    drop_copies: bool

    def __call__(self, shard: IdRange, folder: Path) -> Ordered:
        import numpy as np

        rows = _rows(self._slices(shard))
        with Spooled(Path(self.work)) as spooled:
            order = _order(rows, spooled)
            rows = rows.take(order)
            ids = rows["id"].to_numpy()
            first = np.concatenate([[True], ids[1:] != ids[:-1]]) if len(ids) else np.zeros(0, dtype=bool)
            gone: list[Gone] = []
            if self.drop_copies and not first.all():
                gone = [_copy(row, spooled) for row in rows.filter(~first).to_pylist()]
                rows, ids, first = rows.filter(first), ids[first], np.ones(int(first.sum()), dtype=bool)
        write_gone(folder, gone)
        given = len(rows) - rows["split"].null_count
        text = np.cumsum(first) - 1
        _write(rows, text, first, folder)
        return Ordered(name=shard.name, texts=int(first.sum()), articles=len(rows), given=given, dropped=len(gone))

    def _slices(self, shard: IdRange) -> Iterator["pa.Table"]:
        """Of each part the rows of a range: parts are in order of id."""
        import numpy as np
        import pyarrow as pa

        low = shard.number << (64 - shard.bits) if shard.bits else 0
        high = (shard.number + 1) << (64 - shard.bits) if shard.bits else 1 << 64
        for name in json.loads(Path(self.parts).read_text(encoding="utf-8")):
            table = read_table(Path(self.work, name))
            ids = table["id"].to_numpy()
            start = int(np.searchsorted(ids, np.uint64(low)))
            stop = len(ids) if high == 1 << 64 else int(np.searchsorted(ids, np.uint64(high)))
            if start < stop:
                # copied at once: pages of a mapped file count as held as long as it is mapped
                piece = table.take(pa.array(range(start, stop)))
                above = Path(name).parent
                files = pa.array([f"{above}/{file}" for file in piece["file"].to_pylist()], pa.string())
                yield piece.set_column(piece.schema.get_field_index("file"), "file", files)


def _rows(slices: Iterator["pa.Table"]) -> "pa.Table":
    import pyarrow as pa

    from allegedly.builders.spool.parts import part_schema

    tables = list(slices)
    return pa.concat_tables(tables).combine_chunks() if tables else part_schema().empty_table()


def _order(rows: "pa.Table", spooled: Spooled) -> "np.ndarray":
    """The numbers of rows in order of id, then of origin, then of what the articles hold."""
    import numpy as np

    ids = rows["id"].to_numpy()
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ids) else order
    stops = np.append(starts[1:], len(ids))
    for start, stop in zip(starts[stops - starts > 1], stops[stops - starts > 1], strict=True):
        order[start:stop] = _copies(rows, order[start:stop].tolist(), spooled)
    return order


def _copies(rows: "pa.Table", numbers: Sequence[int], spooled: Spooled) -> list[int]:
    """Rows of one text in order."""
    columns = [rows[name] for name in ("file_name", "record", "sha256")]
    origins = {number: tuple(column[number].as_py() for column in columns) for number in numbers}
    if len(set(origins.values())) == len(origins):
        return sorted(numbers, key=lambda number: origins[number])
    lines = {number: spooled.line(place_of(rows.slice(number, 1).to_pylist()[0])) for number in numbers}
    return sorted(numbers, key=lambda number: (origins[number], lines[number]))


def place_of(row: dict[str, Any]) -> Place:
    """Where the record of a row stands."""
    return Place(file=row["file"], offset=row["offset"], length=row["length"])


def _copy(row: dict[str, Any], spooled: Spooled) -> Gone:
    """A copy that is dropped."""
    kept = f"{row['id']:016x}"
    return Gone(
        text=row["id"],
        source_id=row["source_id"],
        line=spooled.rejected(
            place_of(row),
            stage="duplicates",
            rule="exact-duplicate",
            reason=f"has the same text as article {kept}, which is kept",
            detail={"kept": kept, "similarity": 1.0},
        ),
        dropped=False,
    )


def _write(rows: "pa.Table", text: "np.ndarray", first: "np.ndarray", folder: Path) -> None:
    """The files of a range."""
    import numpy as np
    import pyarrow as pa

    kept = ["id", "file_name", "record", "sha256", "source_id", "split", "file", "offset", "length"]
    copies = rows.select(kept).append_column("text", pa.array(text.astype(np.uint32)))
    write_table(copies, folder / COPIES)
    np.save(folder / IDS, rows["id"].to_numpy()[first])
    np.save(folder / LOOSE, _loose(rows, first))
    np.save(folder / KEYS, _keys(rows, text))
    firsts = rows.filter(pa.array(first))["signature"].combine_chunks()
    joined = b"".join(firsts.to_pylist())
    signatures = np.frombuffer(joined, dtype="<u4").reshape(-1, PERMUTATIONS)
    np.save(folder / SIGNATURES, signatures)
    np.save(folder / BANDS, np.ascontiguousarray(signatures.T))
    whole = (
        blake2b(joined[start : start + 4 * PERMUTATIONS], digest_size=8).digest()
        for start in range(0, len(joined), 512)
    )
    np.save(folder / ALIKE, np.frombuffer(b"".join(whole), dtype="<u8"))


def _loose(rows: "pa.Table", first: "np.ndarray") -> "np.ndarray":
    """Which texts have a copy whose split is not given."""
    import numpy as np

    starts = np.flatnonzero(first)
    free = rows["split"].is_null().to_numpy()
    loose: np.ndarray = np.logical_or.reduceat(free, starts) if len(starts) else free
    return loose


def _keys(rows: "pa.Table", text: "np.ndarray") -> "np.ndarray":
    """Keys of texts, of shape (keys, 3): the key, the number of the text in its range, how it is carried. A copy whose
    split is given ties nothing."""
    import numpy as np
    import pyarrow as pa

    free = rows["split"].is_null().to_numpy()
    rows, text = rows.filter(pa.array(free)), text[free]
    found = []
    for name, kind in (("has", HAS), ("refers", REFERS), ("offers", OFFERS)):
        column = rows[name].combine_chunks()
        sizes = np.diff(column.offsets.to_numpy())
        keys = column.flatten().to_numpy()
        texts = np.repeat(text, sizes)
        found.append(np.stack([keys, texts, np.full(len(keys), kind)], axis=1).astype(np.uint64))
    return np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 3), dtype=np.uint64)
