"""From counts to rows: the value of each measure with its interval, its signature, and the order of rows.

Conventions: one set of weights resamples all metrics, slices and systems. Rows are over all in order, then slices, the
worst first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from allegedly.eval import bootstrap
from allegedly.eval.bootstrap import Job
from allegedly.eval.counts import Key, slice_key
from allegedly.eval.metric import Measure
from allegedly.eval.report import Report
from allegedly.eval.rows import Row, number
from allegedly.eval.tasks import TASKS


class Counted(NamedTuple):
    """One family of one task, system and slice, counted: ``articles`` enter."""

    key: Key
    slice: dict[str, str] | None
    job: Job
    articles: int
    items: int


def score(report: Report, parts: Sequence[Counted]) -> None:
    """Fill in the rows: over all in order, then slices, the worst first."""
    groups = len(set(report.groups)) or len(report.articles)
    bounds = bootstrap.intervals([part.job for part in parts], groups, report.resamples, report.seed)
    few: dict[tuple[int, int], set[str]] = {}
    rows: list[Row] = []
    for part, interval in zip(parts, bounds, strict=True):
        if part.slice is None and part.job.groups < bootstrap.FEW:
            few.setdefault((part.job.groups, part.articles), set()).add(part.key.task)
        rows += _rows(report, part, interval)
    rows.sort(key=_order([about["name"] for about in report.systems], rows))
    report.results += rows
    if report.resamples:
        report.warnings += _warnings(few)


def _rows(report: Report, part: Counted, bounds: Mapping[str, tuple[float, float]]) -> Iterator[Row]:
    """A row for each measure of a family."""
    system = next(about for about in report.systems if about["name"] == part.key.system)
    values = bootstrap.point(part.job.family, part.job.counts)
    for measure in part.job.family.measures:
        value = number(values[measure.name])
        low, high = (None if value is None else number(end) for end in bounds[measure.name])
        yield Row(
            system=part.key.system,
            task=part.key.task,
            metric=measure.name,
            primary=measure.name == TASKS[part.key.task].primary,
            slice=part.slice,
            value=value,
            low=low,
            high=high,
            articles=part.articles,
            groups=part.job.groups,
            items=part.items,
            signature=_signature(report, system, part, measure),
        )


def _warnings(few: Mapping[tuple[int, int], set[str]]) -> list[str]:
    """One line for each number of groups that is too few."""
    lines = []
    for (groups, articles), names in sorted(few.items()):
        few_tasks = ", ".join(name for name in TASKS if name in names)
        lines.append(f"{bootstrap.too_few(groups, articles)} ({few_tasks})")
    return lines


def _order(names: Sequence[str], rows: Sequence[Row]) -> Callable[[Row], tuple[object, ...]]:
    """What rows are sorted by: system, task, and of slices the worse by the primary metric first."""
    systems = {name: place for place, name in enumerate(names)}
    tasks = {name: place for place, name in enumerate(TASKS)}
    worst = {
        (row["system"], row["task"], slice_key(row["slice"])): 2.0 if row["value"] is None else row["value"]
        for row in rows
        if row["primary"]
    }

    def key(row: Row) -> tuple[object, ...]:
        name = slice_key(row["slice"])
        value = worst.get((row["system"], row["task"], name), 2.0) if row["slice"] else 0.0
        return systems[row["system"]], row["slice"] is not None, tasks[row["task"]], value, name or ""

    return key


def _signature(report: Report, system: Mapping[str, Any], part: Counted, measure: Measure) -> str:
    """How a number was made: what must be equal for two numbers to be compared, the system aside."""
    dataset = report.dataset
    fields = {
        "task": part.key.task,
        "metric": measure.name + (f"[{measure.options}]" if measure.options else ""),
        "dataset": _one(f"{dataset['name']}@{dataset['version']}"),
        "content": str(dataset["content_sha256"])[:16],
        "split": _one(dataset["split"]),
        "gold": dataset["gold_sha256"][:16],
        "slice": "none" if part.slice is None else _one(f"{slice_key(part.slice)} (exploratory)"),
        "system": _one(system["name"]),
        "version": _one(str(system.get("version"))),
        "interval": _how(report, part),
        "seed": report.seed,
        "allegedly": report.allegedly,
    }
    return "; ".join(f"{name}={value}" for name, value in fields.items())


def _one(text: str) -> str:
    """A text as one field of a signature: it cannot begin another."""
    return text.replace(";", ",")


def _how(report: Report, part: Counted) -> str:
    if part.job.family.pooled and not bootstrap.is_resampled(part.job, report.resamples):
        return "none, too many items for a ranking over all"
    return f"95% expanded percentile, {report.resamples} resamples of groups of articles"
