"""Counts of each article, and the file that they are kept in beside a report.

Conventions: ``counts.parquet`` has a row for each system, task, metric, slice (null, or the slice as JSON) and article
that enters: the counts that the metric scores the sum of. Pooled rankings keep the list of their items. The metric
``right`` tells for each sentence whether it is right; it is no result, tests pair it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.task_metrics import families
from allegedly.eval.tasks import TASKS, find
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable

if TYPE_CHECKING:
    from pyarrow import Table
    from pyarrow.parquet import ParquetFile


Ints = NDArray[np.int64]
COUNTS_FILE = "counts.parquet"
TEXTS = ("system", "task", "metric", "slice", "article_id")
#: Bytes, unpacked, and rows of the counts that a report may have.
LARGEST, MOST = 4 << 30, 50_000_000
EXPECTED = "expected the counts that `eval --out` wrote beside the report"
#: The counts that tell for each sentence whether it is right.
RIGHT = "right"


class Key(NamedTuple):
    """What counts belong to: ``family`` is named by its first metric, ``slice`` is JSON or None."""

    system: str
    task: str
    family: str
    slice: str | None = None


@dataclass(frozen=True)
class Counts:
    """Counts of articles, in order of id: a matrix (articles, k), or a list of rows for a pooled family."""

    articles: tuple[str, ...]
    values: Ints | list[Ints]

    def of(self, ids: Sequence[str]) -> Ints | list[Ints]:
        """The counts of these articles, in this order; an article that does not enter counts nothing."""
        place = {name: row for row, name in enumerate(self.articles)}
        if isinstance(self.values, list):
            return [self.values[place[i]] if i in place else np.zeros(0, dtype=np.int64) for i in ids]
        out = np.zeros((len(ids), self.values.shape[1]), dtype=np.int64)
        for row, name in enumerate(ids):
            if name in place:
                out[row] = self.values[place[name]]
        return out


def slice_key(value: Mapping[str, Any] | None) -> str | None:
    """A slice as the key of its counts."""
    return None if value is None else canonical(dict(value))


def write(counts: Mapping[Key, Counts], folder: Path) -> None:
    """Write the counts into a new folder."""
    import pyarrow.parquet as pq

    pq.write_table(_table(counts), folder / COUNTS_FILE, compression="zstd")


def _table(counts: Mapping[Key, Counts]) -> "Table":
    import pyarrow as pa

    names: dict[str, list[Any]] = {name: [] for name in TEXTS}
    sizes, values = [], []
    for key, counted in counts.items():
        listed = list(counted.values)
        for metric in _metrics_of(key):
            for name, value in zip(names, (key.system, key.task, metric, key.slice), strict=False):
                names[name] += [value] * len(listed)
            names["article_id"] += counted.articles
            sizes += [len(row) for row in listed]
            values += listed
    flat = np.concatenate([*values, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    columns = {name: pa.array(column, pa.string()).dictionary_encode() for name, column in names.items()}
    columns["counts"] = pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat))
    return pa.table(columns)


def _metrics_of(key: Key) -> list[str]:
    for family in families(find(key.task)):
        if family.measures[0].name == key.family:
            return [measure.name for measure in family.measures]
    return [key.family]


def read(file: BinaryIO, folder: Path) -> dict[Key, Counts]:
    """The counts in an open file. UsageError where they are broken; ``folder``: where they lie."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    where = readable(folder / COUNTS_FILE)
    try:
        with pq.ParquetFile(file) as table:
            wrong = _wrong(table)
            if wrong is not None:
                raise UsageError(f"{where}: {wrong}; {EXPECTED}")
            rows = table.read().to_pylist()
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise UsageError(f"{where}: {error}; {EXPECTED}") from None
    try:
        return _grouped(rows)
    except ValueError as error:
        raise UsageError(f"{where}: counts of unequal length, or missing ({error}); {EXPECTED}") from None


def _wrong(table: "ParquetFile") -> str | None:
    """What keeps a table from holding counts."""
    import pyarrow.types as kinds

    schema, about = table.schema_arrow, table.metadata
    if set(schema.names) != {*TEXTS, "counts"}:
        return f"columns {', '.join(schema.names) or 'none'}, not {', '.join((*TEXTS, 'counts'))}"
    texts = [schema.field(name).type for name in TEXTS]
    texts = [kind.value_type if kinds.is_dictionary(kind) else kind for kind in texts]
    counts = schema.field("counts").type
    if not all(kinds.is_string(kind) or kinds.is_null(kind) for kind in texts):
        return "names that are no text"
    if not kinds.is_list(counts) or not kinds.is_integer(counts.value_type):
        return f"counts that are {counts}, not lists of whole numbers"
    size = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    if size > LARGEST or about.num_rows > MOST:
        return f"{about.num_rows} rows of {size} bytes, more than a report has"
    return None


def _grouped(rows: list[dict[str, Any]]) -> dict[Key, Counts]:
    """Rows of the table by what they belong to. ValueError where those of one matrix are not of one length."""
    kinds = {
        (task.name, family.measures[0].name): family.pooled for task in TASKS.values() for family in families(task)
    }
    grouped: dict[Key, tuple[list[str], list[Ints]]] = {}
    for row in rows:
        if row["metric"] != RIGHT and (row["task"], row["metric"]) not in kinds:
            continue  # another measure of the same counts
        ids, values = grouped.setdefault(Key(row["system"], row["task"], row["metric"], row["slice"]), ([], []))
        ids.append(row["article_id"])
        if ids[-1] is None or row["counts"] is None or None in row["counts"]:
            raise ValueError("null")
        values.append(np.array(row["counts"], dtype=np.int64))
    return {
        key: Counts(tuple(ids), values if kinds.get((key.task, key.family), True) else np.stack(values))
        for key, (ids, values) in grouped.items()
    }
