"""The report of an evaluation: rows, and what they were made from.

Conventions: ``report.json`` follows ``report.schema.json``; n/a is null there and None in rows. The counts of each article
lie beside it, in ``counts.parquet``.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.eval import counts as counts_file
from allegedly.eval import report_folder
from allegedly.eval.counts import Counts, Key
from allegedly.eval.gold import Gold
from allegedly.eval.predictions import Predictions
from allegedly.eval.rows import Dataset, GateRow, LeftOut, Row, SystemRow
from allegedly.eval.tasks import TASKS, find
from allegedly.schemas import own_files
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import errors

if TYPE_CHECKING:
    from pandas import DataFrame

JSON_FILE = "report.json"
#: What may lie beside them, made from them: the page, Markdown, JUnit XML.
PAGE_FILE, SUMMARY_FILE, JUNIT_FILE = MADE = "report.html", "report.md", "junit.xml"
EXAMPLES_FILE = "examples.jsonl"
EXPECTED = "expected a report that `eval --out` wrote"
FILES = frozenset({JSON_FILE, counts_file.COUNTS_FILE, EXAMPLES_FILE, *MADE})


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
        metric = metric or find(task).primary
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
        counts_file.write(self.counts, new)
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        # a lone surrogate, of a path that is no UTF-8, is escaped as JSON does
        (new / JSON_FILE).write_bytes(text.encode("utf-8", "backslashreplace") + b"\n")


def check(folder: Path) -> None:
    """UsageError where a report written there would take the place of something that is no report; DataError where none
    can be written."""
    report_folder.check(folder)
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
    """A report from its folder, or from its report.json. UsageError where there is none."""
    file = Path(path)
    file = file / JSON_FILE if file.is_dir() else file
    try:
        with report_folder.opened(file.parent, file.name, counts_file.COUNTS_FILE) as (text, table):
            value = json.loads(text.read().decode("utf-8"))
            for where, stated, expected in errors("report", value):
                raise UsageError(f"{readable(file)}: {where}: found {stated}: {expected}; {EXPECTED}")
            _check_names(value, readable(file))
            counts = counts_file.read(table, file.parent)
    except OSError as error:
        raise UsageError(f"{readable(error.filename or file)}: {error.strerror or error}; {EXPECTED}") from None
    except RecursionError:
        raise UsageError(f"{readable(file)}: JSON nested too deeply; {EXPECTED}") from None
    except ValueError as error:
        raise UsageError(f"{readable(file)}: broken JSON: {error}; {EXPECTED}") from None
    return Report(**{**value, "articles": tuple(value["articles"])}, counts=counts)


def _check_names(value: Mapping[str, Any], where: str) -> None:
    """UsageError where rows are of a system or a task that the report does not know."""
    systems = {about["name"] for about in value["systems"]}
    for row in (*value["results"], *value["gates"], *value["left_out"]):
        if row["system"] not in systems:
            raise UsageError(f"{where}: a row of the system {row['system']!r}, which `systems` lacks; {EXPECTED}")
    for name in {
        *(row["task"] for row in value["results"]),
        *(t for about in value["systems"] for t in about["tasks"]),
    }:
        if name not in TASKS:
            raise UsageError(f"{where}: {unknown('task', name, list(TASKS))} {EXPECTED[0].upper()}{EXPECTED[1:]}")
