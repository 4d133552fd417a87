"""Evaluation: gold and systems in, a report out.

    gold, systems -> predictions -> view of a task -> counts of each article -> scores, intervals -> report

Conventions: articles are in order of id, so that no order of input changes a digit. One set of weights resamples all
metrics, slices and systems.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from allegedly.eval import bootstrap, slices, views
from allegedly.eval.bootstrap import Job
from allegedly.eval.columns import Bools, Items
from allegedly.eval.gold import Gold
from allegedly.eval.metric import Counts as MetricCounts
from allegedly.eval.metric import Measure
from allegedly.eval.metrics.sentences import rights
from allegedly.eval.predictions import Predictions
from allegedly.eval.report import RIGHT, Counts, Key, Report, number, slice_key
from allegedly.eval.rows import Dataset, Row, SystemRow
from allegedly.eval.tasks import TASKS, Task, families, find
from allegedly.schemas.errors import UsageError

#: From gold and names of tasks (None: what there is) to the tasks that run, with the predictions of each.
Answers = Callable[[Gold, Sequence[str] | None], Mapping[str, Predictions]]


@dataclass(frozen=True)
class Run:
    """A system of a run: how it answers, and what its report says of it."""

    name: str
    answers: Answers
    about: Mapping[str, Any]
    cues: str = "predicted"


class _Part(NamedTuple):
    """One family of one task, system and slice, counted."""

    key: Key
    slice: dict[str, str] | None
    job: Job
    items: int


def evaluate(
    gold: Gold,
    runs: Sequence[Run],
    *,
    tasks: Sequence[str] | None = None,
    missing: str = "error",
    slice_by: Iterable[str | Mapping[str, Any]] = (),
    resamples: int = 10_000,
    seed: int = 0,
    version: str = "",
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """Score systems against gold. UsageError for broken predictions, unknown tasks and slices."""
    for name in tasks or ():
        find(name)
    cut = slices.chosen(slice_by, gold)
    ids = tuple(record.article.id for record in gold.records)
    report = Report(
        allegedly=version,
        dataset=_dataset(gold),
        systems=[],
        results=[],
        left_out=[],
        articles=ids,
        seed=seed,
        resamples=resamples,
        gold=gold,
    )
    counted: list[_Part] = []
    for run in runs:
        progress(f"{run.name}: predictions")
        predictions = run.answers(gold, tasks)
        report.predictions[run.name] = predictions
        absent = [name for name in TASKS if name not in predictions]
        report.systems.append(
            SystemRow(
                name=run.name,
                spec=run.about["spec"],
                version=run.about["version"],
                options=run.about["options"],
                tasks=[n for n in TASKS if n in predictions],
                absent=absent,
            )
        )
        for name in (name for name in TASKS if name in predictions):
            progress(f"{run.name}: {name}")
            counted += _task(report, gold, run, find(name), predictions[name], missing, cut)
    progress("intervals")
    _score(report, counted)
    return report


def _dataset(gold: Gold) -> Dataset:
    name, version, content = (gold.dataset[key] for key in ("name", "version", "content_sha256"))
    return Dataset(name=name, version=version, content_sha256=content, split=gold.split, gold_sha256=gold.sha256)


def _task(
    report: Report, gold: Gold, run: Run, task: Task, predicted: Predictions, missing: str, cut: Sequence[slices.Slice]
) -> Iterator[_Part]:
    """Count all families of one task, over all and slice by slice."""
    enter, left_out = views.counted(task, gold, predicted, missing, run.name)
    if task.of_sentences:
        sentences, more = views.items(task, gold, predicted, enter)
        starts = _starts(task, gold, enter)
        sliced = [
            (slice_, slices.of_sentences(slice_, sentences, gold, starts)) for slice_ in cut if slice_.applies(task)
        ]
        seen: list[tuple[slices.Slice | None, Items | views.Layer]] = [(None, sentences), *sliced]
        if task.kind == "sentences":
            _keep(report, Key(run.name, task.name, RIGHT), rights(sentences), enter)
    else:
        labels, more = views.layer(task, gold, predicted, enter, cues=run.cues)
        seen = [
            (None, labels),
            *((slice_, slices.of_labels(slice_, labels, gold)) for slice_ in cut if slice_.applies(task)),
        ]
    if predicted.elsewhere:
        left_out["predictions for articles of other splits, ignored"] = len(predicted.elsewhere)
    report.left_out += [
        {"system": run.name, "task": task.name, "reason": reason, "count": count}
        for reason, count in {**left_out, **more}.items()
        if count
    ]
    for slice_, view in seen:
        inside = enter if slice_ is None else enter & slice_.articles(gold)
        if slice_ is None or inside.any():
            yield from _counted(report, run.name, task, view, None if slice_ is None else slice_.name, inside)


def _counted(
    report: Report,
    system: str,
    task: Task,
    view: Items | views.Layer,
    slice: dict[str, str] | None,
    inside: Bools,
) -> Iterator[_Part]:
    """All families of a view; their counts are kept in the report."""
    for family in families(task):
        key = Key(system, task.name, family.measures[0].name, slice_key(slice))
        counts = family.count(view)
        _keep(report, key, counts, inside)
        yield _Part(key, slice, Job(family, counts, int(inside.sum())), _size(task, view))


def _starts(task: Task, gold: Gold, enter: Bools) -> list[int]:
    """Where each sentence of the view begins."""
    return [
        sentence.start
        for at in np.flatnonzero(enter).tolist()
        for sentence in gold.sentences[at]
        if getattr(sentence, task.column) is not None
    ]


def _size(task: Task, view: Items | views.Layer) -> int:
    """How many gold items: sentences, or labels (of an attribute's task those that have it)."""
    if isinstance(view, Items):
        return len(view.gold)
    if task.kind in ("attribute", "claimer"):
        return int((view.parts(task.parts[0], task.attribute)[0].label >= 0).sum())
    if task.kind == "scopes":
        return sum(getattr(label, "scope", None) is not None for labels in view.gold for label in labels)
    return sum(map(len, view.gold))


def _keep(report: Report, key: Key, counts: MetricCounts, enter: Bools) -> None:
    at = np.flatnonzero(enter).tolist()
    values = [counts[place] for place in at] if isinstance(counts, list) else counts[at]
    report.counts[key] = Counts(tuple(report.articles[place] for place in at), values)


def _score(report: Report, counted: Sequence[_Part]) -> None:
    """Fill in the rows: over all in order, then slices, the worst first."""
    bounds = bootstrap.intervals([part.job for part in counted], len(report.articles), report.resamples, report.seed)
    few: dict[int, set[str]] = {}
    rows: list[Row] = []
    for part, interval in zip(counted, bounds, strict=True):
        if part.slice is None and part.job.articles < bootstrap.FEW:
            few.setdefault(part.job.articles, set()).add(part.key.task)
        rows += _rows(report, part, interval)
    rows.sort(key=_order([about["name"] for about in report.systems], rows))
    report.results += rows
    report.warnings += _warnings(few)


def _rows(report: Report, part: _Part, bounds: Mapping[str, tuple[float, float]]) -> Iterator[Row]:
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
            articles=part.job.articles,
            items=part.items,
            signature=_signature(report, system, part, measure),
        )


def _warnings(few: Mapping[int, set[str]]) -> list[str]:
    """One line for each number of articles that is too few."""
    lines = []
    for articles, names in sorted(few.items()):
        few_tasks = ", ".join(name for name in TASKS if name in names)
        none = articles < bootstrap.FEWEST
        what = f"no intervals under {bootstrap.FEWEST}" if none else f"intervals are too narrow under {bootstrap.FEW}"
        lines.append(f"{articles} articles: {what} ({few_tasks})")
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


def _signature(report: Report, system: Mapping[str, Any], part: _Part, measure: Measure) -> str:
    """How a number was made: what must be equal for two numbers to be compared, the system aside."""
    dataset = report.dataset
    fields = {
        "task": part.key.task,
        "metric": measure.name + (f"[{measure.options}]" if measure.options else ""),
        "dataset": f"{dataset['name']}@{dataset['version']}",
        "content": str(dataset["content_sha256"])[:16],
        "split": dataset["split"],
        "gold": dataset["gold_sha256"][:16],
        "slice": "none" if part.slice is None else f"{slice_key(part.slice)} (exploratory)",
        "system": system["name"],
        "version": system.get("version"),
        "interval": _how(report, part),
        "seed": report.seed,
        "allegedly": report.allegedly,
    }
    return "; ".join(f"{name}={value}" for name, value in fields.items())


def _how(report: Report, part: _Part) -> str:
    if part.job.family.pooled and not bootstrap._resamples(part.job, report.resamples):
        return "none, too many items for a ranking over all"
    return f"95% percentile, {report.resamples} resamples of articles"


def held(predicted: Predictions, wanted: Sequence[str] | None, missing: str, name: str) -> dict[str, Predictions]:
    """The tasks that a set of predictions holds; UsageError where a wanted one is not among them. One that holds
    nothing at all answers every task with abstentions, where missing articles are allowed."""
    holds = [task for task in TASKS if predicted.holds(TASKS[task])]
    if not holds and not predicted.layers and missing in ("skip", "empty"):
        return dict.fromkeys(wanted or TASKS, predicted)
    if wanted is None:
        if not holds and not predicted.layers:
            raise UsageError(f"{name}: holds no predictions for any task; tasks: {', '.join(TASKS)}")
        return dict.fromkeys(holds, predicted)
    for task in wanted:
        if task not in holds:
            raise UsageError(f"{name}: holds no predictions for {task}; it holds {', '.join(holds) or 'none'}")
    return dict.fromkeys(wanted, predicted)
