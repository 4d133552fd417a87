"""The report of an evaluation: rows, and what they were made from.

Conventions: ``report.json`` follows ``report.schema.json``; n/a is null there and None in rows. The counts of each article
lie beside it, in ``counts.parquet``. Reports of versions before groups were counted have none: each of their articles is
a group of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.eval import counts as counts_file
from allegedly.eval import makers, report_file
from allegedly.eval.counts import Counts, Key, slice_key
from allegedly.eval.gold import Gold
from allegedly.eval.makers import GoldRow
from allegedly.eval.predictions import Predictions
from allegedly.eval.rows import Dataset, GateRow, LeftOut, Row, SystemRow
from allegedly.eval.tasks import find
from allegedly.schemas.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

JSON_FILE = "report.json"
#: What may lie beside them, made from them: the page, Markdown, JUnit XML.
PAGE_FILE, SUMMARY_FILE, JUNIT_FILE = MADE = "report.html", "report.md", "junit.xml"


@dataclass
class Report:
    """Scores with intervals. ``articles`` are the ids of the split, in order, all those that are resampled; ``groups``
    names the group of each; ``gold_by`` says who made the gold, ``gold_only`` the kinds it was restricted to."""

    allegedly: str
    dataset: Dataset
    systems: list[SystemRow]
    results: list[Row]
    left_out: list[LeftOut]
    articles: tuple[str, ...]
    seed: int
    resamples: int
    groups: tuple[str, ...] = ()
    gold_by: list[GoldRow] = field(default_factory=list)
    gold_only: list[str] | None = None
    gates: list[GateRow] = field(default_factory=list)
    counts: dict[Key, Counts] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    #: Rows by what they are of, once one was asked for.
    _rows: dict[tuple[str, str, str, str | None], Row] | None = field(default=None, repr=False, compare=False)
    #: What the error browser of a page shows; not saved.
    gold: Gold | None = None
    predictions: dict[str, Mapping[str, Predictions]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """One row a number, as in ``results`` of the file."""
        return self.results

    @property
    def group_of(self) -> dict[str, str]:
        """The group of each article, by id."""
        return dict(zip(self.articles, self.groups or self.articles, strict=True))

    @property
    def whose_gold(self) -> list[str]:
        """Whose labels the gold are: the first lines of every report."""
        return list(makers.lines(self.gold_by, self.gold_only))

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
        metric = metric or find(task).primary
        if self._rows is None or len(self._rows) != len(self.results):
            self._rows = {(r["system"], r["task"], r["metric"], slice_key(r["slice"])): r for r in self.results}
        row = self._rows.get((system, task, metric, slice_key(slice)))
        if row is not None:
            return row
        raise UsageError(f"the report has no {task} {metric} of {system}" + (f" for {dict(slice)}" if slice else ""))

    def to_json(self) -> dict[str, Any]:
        """The value of ``report.json``."""
        return {
            "allegedly": self.allegedly,
            "dataset": self.dataset,
            "gold_by": self.gold_by,
            "gold_only": self.gold_only,
            "seed": self.seed,
            "resamples": self.resamples,
            "systems": self.systems,
            "gates": self.gates,
            "left_out": self.left_out,
            "warnings": self.warnings,
            "articles": list(self.articles),
            "groups": list(self.groups),
            "results": self.results,
        }

    def save(self, folder: str | Path) -> Path:
        """Write ``report.json``, ``counts.parquet`` and, of a report that was just made, ``examples.jsonl`` into a
        folder, in place of an earlier report there: what was made from that one goes."""
        from allegedly.eval import examples

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / JSON_FILE).exists():
            for name in MADE:
                (folder / name).unlink(missing_ok=True)
        examples.write(self, folder)
        counts_file.write(self.counts, folder, self.group_of)
        fresh = folder / f".{JSON_FILE}.new"
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(folder / JSON_FILE)
        return folder


def load(path: str | Path) -> Report:
    """A report from its folder, or from its report.json. UsageError where there is none, or a damaged one, with what is
    wrong with it."""
    file = Path(path)
    file = file / JSON_FILE if file.is_dir() else file
    value = report_file.read(file)
    counts = counts_file.read(file.parent)
    report_file.check(value, counts, file)
    return Report(
        **{**value, "articles": tuple(value["articles"]), "groups": tuple(value.get("groups", ()))}, counts=counts
    )
