"""The report of an evaluation: rows, and what they were made from.

Conventions: ``report.json`` follows ``report.schema.json``; n/a is null there and None in rows. The counts of each article
lie beside it, in ``counts.parquet``. Reports of versions before groups were counted have none: each of their articles is
a group of its own.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.eval import counts as counts_file
from allegedly.eval import makers, report_file, report_folder
from allegedly.eval.agreement.agreement import Agreed
from allegedly.eval.counts import Counts, Key, slice_key
from allegedly.eval.gold import Gold
from allegedly.eval.makers import GoldRow
from allegedly.eval.predictions import Predictions
from allegedly.eval.rows import Dataset, FloorRow, GateRow, LeftOut, Row, SystemRow, named
from allegedly.eval.tasks import find
from allegedly.schemas import own_files, stored
from allegedly.schemas.drawn import Drawn, counted, one_line
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable

if TYPE_CHECKING:
    from pandas import DataFrame

JSON_FILE = "report.json"
#: What may lie beside them, made from them: the page, Markdown, JUnit XML.
PAGE_FILE, SUMMARY_FILE, JUNIT_FILE = MADE = "report.html", "report.md", "junit.xml"
EXAMPLES_FILE = "examples.jsonl"
EXPECTED = "expected a report that `eval --out` wrote"
FILES = frozenset({JSON_FILE, counts_file.COUNTS_FILE, EXAMPLES_FILE, *MADE})


@dataclass
class Report(Drawn):
    """Scores with intervals. ``articles`` are the ids of the split, in order, all those that are resampled; ``groups``
    names the group of each; ``gold_by`` says who made the gold, ``gold_only`` the kinds it was restricted to; ``floors``
    what primary numbers stand between, ``agreement`` how far the annotators behind the gold agree."""

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
    floors: list[FloorRow] = field(default_factory=list)
    agreement: list[Agreed] = field(default_factory=list)
    counts: dict[Key, Counts] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    #: Rows by what they are of, once one was asked for.
    _rows: dict[tuple[str, str, str, str | None], Row] | None = field(default=None, repr=False, compare=False)
    #: What the error browser of a page shows; not saved.
    gold: Gold | None = None
    predictions: dict[str, Mapping[str, Predictions]] = field(default_factory=dict)

    def __repr__(self) -> str:
        tasks = len({row["task"] for row in self.results})
        names = ", ".join(about["name"][:30] for about in self.systems[:3])
        systems = names if len(self.systems) <= 3 else counted(len(self.systems), "systems")
        size = f"{counted(tasks, 'tasks')}, {counted(len(self.articles), 'articles')}"
        return one_line(self, f"{named(self.dataset)[:50].strip()}, split {self.dataset['split']}: {size}: {systems}")

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
            "floors": self.floors,
            "agreement": self.agreement,
            "results": self.results,
        }

    def save(self, folder: str | Path) -> Path:
        """Write ``report.json``, ``counts.parquet`` and, of a report that was just made, ``examples.jsonl`` into a
        folder, in place of an earlier report there, in one step: what was made from that one goes. UsageError where
        something else would be replaced, DataError where the system refuses."""
        check(Path(folder))
        with report_folder.replacing(Path(folder), FILES) as new:
            self.write(new, Path(folder))
        return Path(folder)

    def write(self, new: Path, folder: Path) -> None:
        """Write the same files into a new folder. ``folder``: whose place it takes."""
        from allegedly.eval import examples

        examples.write(self, new, folder)
        counts_file.write(self.counts, new, self.group_of)
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        # a lone surrogate, of a path that is no UTF-8, is escaped as JSON does
        (new / JSON_FILE).write_bytes(text.encode("utf-8", "backslashreplace") + b"\n")


def check(folder: Path) -> None:
    """UsageError where a report written there would take the place of something that is no report; DataError where none
    can be written."""
    report_folder.check(folder)
    release = stored.release_of(folder)
    if release is not None:
        raise UsageError(
            f"{readable(folder)}: lies in the data of the release in {readable(release)}, which holds nothing else; name "
            "another folder"
        )
    if _is_report(folder / JSON_FILE):
        return
    foreign = [name for name in sorted(FILES) if os.path.lexists(folder / name)]
    if foreign:
        raise UsageError(
            f"{readable(folder)}: {', '.join(foreign)} there belongs to no report of ours and would be replaced; "
            "expected an empty folder, one with an earlier report, or a new name"
        )


def _is_report(file: Path) -> bool:
    if not own_files.is_file(file):
        return False
    try:
        return {"allegedly", "dataset", "results"} <= set(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise DataError(f"{readable(file)}: {error.strerror or error}; no report was written") from None
    except (ValueError, TypeError, RecursionError):
        return False


def load(path: str | Path) -> Report:
    """A report from its folder, or from its report.json. UsageError where there is none, or a damaged one, with what is
    wrong with it."""
    file = Path(path)
    file = file / JSON_FILE if file.is_dir() else file
    try:
        with report_folder.opened(file.parent, file.name, counts_file.COUNTS_FILE) as (text, table):
            value = report_file.read(text, file)
            counts = counts_file.read(table, file.parent)
    except OSError as error:
        raise UsageError(f"{readable(error.filename or file)}: {error.strerror or error}; {EXPECTED}") from None
    report_file.check(value, counts, file)
    groups = tuple(value.get("groups", ()))
    return Report(**{**value, "articles": tuple(value["articles"]), "groups": groups}, counts=counts)
