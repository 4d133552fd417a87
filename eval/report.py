"""The report of an evaluation: rows, counts of each article, and what they were made from.

Conventions: ``report.json`` follows ``report.schema.json``; n/a is null there and None in rows. ``counts.parquet``
beside it has a row for each system, task, metric, slice (null, or the slice as JSON) and article that enters: the
counts that the metric scores the sum of. Pooled rankings keep the list of their items. The metric ``right`` tells for
each sentence whether it is right; it is no result, tests pair it.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval import tasks
from allegedly.eval.gold import Gold
from allegedly.eval.metric import Family, Measure
from allegedly.eval.predictions import Predictions
from allegedly.eval.rows import Dataset, GateRow, LeftOut, Row, SystemRow
from allegedly.schemas.derive import canonical
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import errors

if TYPE_CHECKING:
    from pandas import DataFrame
    from pyarrow import Table

Ints = NDArray[np.int64]

JSON_FILE, COUNTS_FILE = "report.json", "counts.parquet"
#: What may lie beside them, made from them: the page, Markdown, JUnit XML.
PAGE_FILE, SUMMARY_FILE, JUNIT_FILE = MADE = "report.html", "report.md", "junit.xml"
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

    def at(self, ids: Sequence[str]) -> Ints | list[Ints]:
        """The counts of these articles, in this order; an article that does not enter counts nothing."""
        place = {name: at for at, name in enumerate(self.articles)}
        if isinstance(self.values, list):
            return [self.values[place[i]] if i in place else np.zeros(0, dtype=np.int64) for i in ids]
        out = np.zeros((len(ids), self.values.shape[1]), dtype=np.int64)
        for row, name in enumerate(ids):
            if name in place:
                out[row] = self.values[place[name]]
        return out


@dataclass
class Report:
    """Scores with intervals. ``articles`` are the ids of the split, in order, all those that are resampled."""

    allegedly: str
    dataset: Dataset
    systems: list[SystemRow]
    results: list[Row]
    left_out: list[LeftOut]
    articles: tuple[str, ...]
    seed: int
    resamples: int
    gates: list[GateRow] = field(default_factory=list)
    counts: dict[Key, Counts] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    #: What the error browser of a page shows; not saved.
    gold: Gold | None = None
    predictions: dict[str, Mapping[str, Predictions]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """One row a number, as in ``results`` of the file."""
        return self.results

    def to_pandas(self) -> "DataFrame":
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.results)

    def value(
        self, system: str, task: str, metric: str | None = None, slice: Mapping[str, Any] | None = None
    ) -> float | None:
        """One number; of the task's primary metric where none is named. UsageError where the report has none such."""
        return self.row(system, task, metric, slice)["value"]

    def row(self, system: str, task: str, metric: str | None = None, slice: Mapping[str, Any] | None = None) -> Row:
        """The row of one number. UsageError where the report has none such."""
        metric = metric or tasks.find(task).primary
        wanted = (system, task, metric, None if slice is None else dict(slice))
        for row in self.results:
            if (row["system"], row["task"], row["metric"], row["slice"]) == wanted:
                return row
        raise UsageError(f"the report has no {task} {metric} of {system}" + (f" for {dict(slice)}" if slice else ""))

    def to_json(self) -> dict[str, Any]:
        """The value of ``report.json``."""
        return {
            "allegedly": self.allegedly,
            "dataset": self.dataset,
            "seed": self.seed,
            "resamples": self.resamples,
            "systems": self.systems,
            "gates": self.gates,
            "left_out": self.left_out,
            "warnings": self.warnings,
            "articles": list(self.articles),
            "results": self.results,
        }

    def save(self, folder: str | Path) -> Path:
        """Write ``report.json``, ``counts.parquet`` and, of a report that was just made, ``examples.jsonl`` into a
        folder, in place of an earlier report there: what was made from that one goes."""
        import pyarrow.parquet as pq

        from allegedly.eval import examples

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / JSON_FILE).exists():
            for name in MADE:
                (folder / name).unlink(missing_ok=True)
        examples.write(self, folder)
        fresh = folder / f".{COUNTS_FILE}.new"
        pq.write_table(_table(self), fresh, compression="zstd")
        fresh.replace(folder / COUNTS_FILE)
        fresh = folder / f".{JSON_FILE}.new"
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(folder / JSON_FILE)
        return folder


def load(path: str | Path) -> Report:
    """A report from its folder, or from its report.json. UsageError where there is none."""
    file = Path(path)
    file = file / JSON_FILE if file.is_dir() else file
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; expected a report that `eval --out` wrote") from None
    except ValueError as error:
        raise UsageError(f"{file}: broken JSON: {error}; expected a report that `eval --out` wrote") from None
    for where, found, expected in errors("report", value):
        raise UsageError(f"{file}: {where}: found {found}: {expected}; expected a report that `eval --out` wrote")
    return Report(**{**value, "articles": tuple(value["articles"])}, counts=_counts(file.parent / COUNTS_FILE))


def number(value: float) -> float | None:
    """A number for a row: None for n/a."""
    return None if math.isnan(value) else float(value)


def family_of(task: tasks.Task, metric: str) -> tuple[Family, Measure]:
    """The family and measure of a metric. UsageError for one that the task has not."""
    from allegedly.schemas.plugins import unknown

    for family in tasks.families(task):
        for measure in family.measures:
            if measure.name == metric:
                return family, measure
    raise UsageError(f"{task.name}: {unknown('metric', metric, tasks.metrics(task))}")


def slice_key(value: Mapping[str, Any] | None) -> str | None:
    """A slice as the key of its counts."""
    return None if value is None else canonical(dict(value))


def _table(report: Report) -> "Table":
    import pyarrow as pa

    names: dict[str, list[Any]] = {name: [] for name in ("system", "task", "metric", "slice", "article_id")}
    sizes, values = [], []
    for key, counts in report.counts.items():
        listed = list(counts.values)
        for metric in _metrics_of(key):
            for name, value in zip(names, (key.system, key.task, metric, key.slice), strict=False):
                names[name] += [value] * len(listed)
            names["article_id"] += counts.articles
            sizes += [len(row) for row in listed]
            values += listed
    flat = np.concatenate([*values, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    columns = {name: pa.array(column, pa.string()).dictionary_encode() for name, column in names.items()}
    columns["counts"] = pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat))
    return pa.table(columns)


def _metrics_of(key: Key) -> list[str]:
    for family in tasks.families(tasks.find(key.task)):
        if family.measures[0].name == key.family:
            return [measure.name for measure in family.measures]
    return [key.family]


def _counts(file: Path) -> dict[Key, Counts]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(file).to_pylist()
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError(f"{file}: {error}; expected the counts that `eval --out` wrote beside the report") from None
    kinds = {
        (task.name, family.measures[0].name): family.pooled
        for task in tasks.TASKS.values()
        for family in tasks.families(task)
    }
    grouped: dict[Key, tuple[list[str], list[Ints]]] = {}
    for row in rows:
        if row["metric"] != RIGHT and (row["task"], row["metric"]) not in kinds:
            continue  # another measure of the same counts
        ids, values = grouped.setdefault(Key(row["system"], row["task"], row["metric"], row["slice"]), ([], []))
        ids.append(row["article_id"])
        values.append(np.array(row["counts"], dtype=np.int64))
    return {
        key: Counts(tuple(ids), values if kinds.get((key.task, key.family), True) else np.stack(values))
        for key, (ids, values) in grouped.items()
    }
