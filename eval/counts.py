"""Counts of each article, and the file that they are kept in beside a report.

Conventions: ``counts.parquet`` has a row for each system, task, metric, slice (null, or the slice as JSON) and article
that enters: the group of the article, and the counts that the metric scores the sum of. Pooled rankings keep the list of
their items. The metric ``right`` tells for each sentence whether it is right; it is no result, tests pair it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.bootstrap import point
from allegedly.eval.metric import Counts as MetricCounts
from allegedly.eval.metric import Family
from allegedly.eval.task_metrics import families
from allegedly.eval.tasks import TASKS, find
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.schema import shortened

if TYPE_CHECKING:
    from pyarrow import Table
    from pyarrow.parquet import ParquetFile


Ints = NDArray[np.int64]
COUNTS_FILE = "counts.parquet"
TEXTS = ("system", "task", "metric", "slice", "article_id", "group")
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


def write(counts: Mapping[Key, Counts], folder: Path, groups: Mapping[str, str]) -> None:
    """Write the counts into a new folder. ``groups``: the group of each article."""
    import pyarrow.parquet as pq

    pq.write_table(_table(counts, groups), folder / COUNTS_FILE, compression="zstd")


def _table(counts: Mapping[Key, Counts], groups: Mapping[str, str]) -> "Table":
    import pyarrow as pa

    names: dict[str, list[Any]] = {name: [] for name in TEXTS}
    sizes, values = [], []
    for key, counted in counts.items():
        listed = list(counted.values)
        for metric in _metrics_of(key):
            for name, value in zip(names, (key.system, key.task, metric, key.slice), strict=False):
                names[name] += [value] * len(listed)
            names["article_id"] += counted.articles
            names["group"] += [groups.get(article, article) for article in counted.articles]
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
    for number, row in enumerate(rows):
        if (name := _broken(row)) is not None:
            raise UsageError(f"{where}: row {number}: {name} is {shortened(row[name])}; {EXPECTED}")
    return _grouped(rows, where)


def _broken(row: Mapping[str, Any]) -> str | None:
    """The first column of a row that does not hold what it should."""
    wrong = [name for name in ("system", "task", "metric", "article_id") if row[name] is None]
    counts = row["counts"]
    whole = counts is not None and all(count is not None and abs(count) < 1 << 62 for count in counts)
    return wrong[0] if wrong else None if whole else "counts"


def _wrong(table: "ParquetFile") -> str | None:
    """What keeps a table from holding counts."""
    import pyarrow.types as kinds

    schema, about = table.schema_arrow, table.metadata
    # reports of versions before groups were counted have none
    if {*schema.names, "group"} != {*TEXTS, "counts"}:
        return f"columns {', '.join(schema.names) or 'none'}, not {', '.join((*TEXTS, 'counts'))}"
    texts = [schema.field(name).type for name in schema.names if name != "counts"]
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


def _grouped(rows: Sequence[Mapping[str, Any]], where: str) -> dict[Key, Counts]:
    """Rows of the table by what they belong to."""
    kinds = {(task.name, family.measures[0].name): family for task in TASKS.values() for family in families(task)}
    grouped: dict[Key, tuple[list[str], list[Ints]]] = {}
    for row in rows:
        if row["metric"] != RIGHT and (row["task"], row["metric"]) not in kinds:
            continue  # another measure of the same counts
        ids, values = grouped.setdefault(Key(row["system"], row["task"], row["metric"], row["slice"]), ([], []))
        ids.append(row["article_id"])
        values.append(np.array(row["counts"], dtype=np.int64))
    return {
        key: _checked(key, ids, values, kinds.get((key.task, key.family)), where)
        for key, (ids, values) in grouped.items()
    }


def _checked(key: Key, ids: Sequence[str], values: Sequence[Ints], family: Family | None, file: str) -> Counts:
    """The counts of a key. UsageError where an article stands twice, or the family cannot score such counts."""
    where = f"{file}: {key.system}, {key.task} {key.family}"
    if len(set(ids)) < len(ids):
        raise UsageError(f"{where}: an article stands there twice; {EXPECTED}")
    if family is None or family.pooled:
        if family is not None:
            _scored(where, family, list(values))
        return Counts(tuple(ids), list(values))
    widths = {len(row) for row in values}
    if len(widths) > 1:
        raise UsageError(
            f"{where}: rows of {', '.join(map(str, sorted(widths)))} counts, expected as many in each; {EXPECTED}"
        )
    stacked = np.stack(values)
    if (stacked < 0).any():
        raise UsageError(f"{where}: a count is {stacked.min()}, expected 0 or more; {EXPECTED}")
    _scored(where, family, stacked)
    return Counts(tuple(ids), stacked)


def _scored(where: str, family: Family, counts: MetricCounts) -> None:
    """UsageError where a family cannot score these counts."""
    try:
        point(family, counts)
    except (IndexError, ValueError) as error:
        raise UsageError(f"{where}: counts that cannot be scored ({error}); {EXPECTED}") from None
