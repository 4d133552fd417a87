"""Counts of each article, and the file that they are kept in beside a report.

Conventions: ``counts.parquet`` has a row for each system, task, metric, slice (null, or the slice as JSON) and article
that enters: the group of the article, and the counts that the metric scores the sum of. Pooled rankings keep the list of
their items. The metric ``right`` tells for each sentence whether it is right; it is no result, tests pair it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.bootstrap import point
from allegedly.eval.metric import Counts as MetricCounts
from allegedly.eval.metric import Family
from allegedly.eval.task_metrics import families
from allegedly.eval.tasks import TASKS, find
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import shortened

if TYPE_CHECKING:
    from pyarrow import Table


Ints = NDArray[np.int64]
COUNTS_FILE = "counts.parquet"
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
    """Write the counts into a folder, in place of those there. ``groups``: the group of each article."""
    import pyarrow.parquet as pq

    fresh = folder / f".{COUNTS_FILE}.new"
    pq.write_table(_table(counts, groups), fresh, compression="zstd")
    fresh.replace(folder / COUNTS_FILE)


def _table(counts: Mapping[Key, Counts], groups: Mapping[str, str]) -> "Table":
    import pyarrow as pa

    names: dict[str, list[Any]] = {name: [] for name in ("system", "task", "metric", "slice", "article_id", "group")}
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


def read(folder: Path) -> dict[Key, Counts]:
    """The counts in a folder. UsageError where they are missing or broken, with what was found."""
    file = folder / COUNTS_FILE
    kinds = {(task.name, family.measures[0].name): family for task in TASKS.values() for family in families(task)}
    grouped: dict[Key, tuple[list[str], list[Ints]]] = {}
    for row in _rows(file):
        if row["metric"] != RIGHT and (row["task"], row["metric"]) not in kinds:
            continue  # another measure of the same counts
        ids, values = grouped.setdefault(Key(row["system"], row["task"], row["metric"], row["slice"]), ([], []))
        ids.append(row["article_id"])
        values.append(np.array(row["counts"], dtype=np.int64))
    return {
        key: _checked(key, ids, values, kinds.get((key.task, key.family)), file)
        for key, (ids, values) in grouped.items()
    }


_WROTE = "expected the counts that `eval --out` wrote beside the report"
_TEXTS = ("system", "task", "metric", "article_id")


def _rows(file: Path) -> list[dict[str, Any]]:
    """The rows of the file, each with its columns of the right types. UsageError where they are not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows: list[dict[str, Any]] = pq.read_table(file, partitioning=None).to_pylist()
    except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
        raise UsageError(f"{file}: {error}; {_WROTE}") from None
    for number, row in enumerate(rows):
        wrong = [name for name in _TEXTS if not isinstance(row.get(name), str)]
        wrong += [] if isinstance(row.get("slice", 0), str | None) else ["slice"]
        counts = row.get("counts")
        whole = isinstance(counts, list) and all(type(count) is int and abs(count) < 1 << 62 for count in counts)
        if wrong or not whole:
            name = (wrong or ["counts"])[0]
            raise UsageError(f"{file}: row {number}: {name} is {shortened(row.get(name))}; {_WROTE}")
    return rows


def _checked(key: Key, ids: Sequence[str], values: Sequence[Ints], family: Family | None, file: Path) -> Counts:
    """The counts of a key. UsageError where an article stands twice, or the family cannot score such counts."""
    where = f"{file}: {key.system}, {key.task} {key.family}"
    if len(set(ids)) < len(ids):
        raise UsageError(f"{where}: an article stands there twice; {_WROTE}")
    if family is None or family.pooled:
        if family is not None:
            _scored(where, family, list(values))
        return Counts(tuple(ids), list(values))
    widths = {len(row) for row in values}
    if len(widths) > 1:
        raise UsageError(
            f"{where}: rows of {', '.join(map(str, sorted(widths)))} counts, expected as many in each; {_WROTE}"
        )
    stacked = np.stack(values)
    if (stacked < 0).any():
        raise UsageError(f"{where}: a count is {stacked.min()}, expected 0 or more; {_WROTE}")
    _scored(where, family, stacked)
    return Counts(tuple(ids), stacked)


def _scored(where: str, family: Family, counts: MetricCounts) -> None:
    """UsageError where a family cannot score these counts."""
    try:
        point(family, counts)
    except (IndexError, ValueError) as error:
        raise UsageError(f"{where}: counts that cannot be scored ({error}); {_WROTE}") from None
