"""Evaluation: gold and systems in, a report out.

    gold, systems -> predictions -> view of a task -> counts of each article -> scores, intervals -> report

Conventions: articles are in order of id, so that no order of input changes a digit. One set of weights resamples all
metrics, slices and systems; it draws groups of articles.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allegedly.eval import circular, floors, label_view, makers, sentence_view, slices
from allegedly.eval.agreement.agreement import RESAMPLES as AGREED
from allegedly.eval.agreement.of_gold import of_gold
from allegedly.eval.bootstrap import Job
from allegedly.eval.columns import Bools, Items
from allegedly.eval.counts import RIGHT, Counts, Key, slice_key
from allegedly.eval.entering import entering
from allegedly.eval.gold import Gold
from allegedly.eval.metric import Counts as MetricCounts
from allegedly.eval.metrics.sentences import rights
from allegedly.eval.predictions import Predictions
from allegedly.eval.report import Report
from allegedly.eval.resamples import by_group, numbered
from allegedly.eval.rows import Dataset, SystemRow
from allegedly.eval.scoring import Counted, score
from allegedly.eval.task_metrics import families
from allegedly.eval.tasks import TASKS, Task, find
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator

#: From gold and names of tasks (None: what there is) to the tasks that run, with the predictions of each.
Answers = Callable[[Gold, Sequence[str] | None], Mapping[str, Predictions]]


@dataclass(frozen=True)
class Run:
    """A system of a run: how it answers, and what its report says of it; ``annotator``: as whom it signs its labels,
    None where it is no labeller; ``fixed``: whether it holds its answers in a file."""

    name: str
    answers: Answers
    about: Mapping[str, Any]
    cues: str = "predicted"
    annotator: Annotator | None = None
    fixed: bool = False


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
    allow_circular: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Report:
    """Score systems against gold. UsageError for broken predictions, unknown tasks and slices, and for a system that
    made the gold itself, unless ``allow_circular``."""
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
        groups=gold.groups,
        gold_by=makers.counted(gold.makers),
        gold_only=None if gold.only is None else list(gold.only),
        gold=gold,
    )
    parts: list[Counted] = []
    for run in runs:
        parts += _run(report, gold, run, tasks, missing, cut, allow_circular, progress)
    progress("floors")
    asked = [name for name in TASKS if any(name in about["tasks"] for about in report.systems)]
    report.floors += floors.floors(gold, asked)
    report.agreement += of_gold(gold, list(map(find, asked)), resamples=min(resamples, AGREED), seed=seed)
    progress("intervals")
    score(report, parts)
    report.warnings += makers.warnings(report.gold_by)
    return report


def _run(
    report: Report,
    gold: Gold,
    run: Run,
    tasks: Sequence[str] | None,
    missing: str,
    cut: Sequence[slices.Slice],
    allow_circular: bool,
    progress: Callable[[str], None],
) -> Iterator[Counted]:
    """Ask one system, and count all tasks that it answers."""
    progress(f"{run.name}: predictions")
    predictions = run.answers(gold, tasks)
    met = circular.circles(gold, predictions, run.annotator, run.fixed)
    if any(circle.own for circle in met) and not allow_circular:
        raise UsageError(circular.refusal(run.name, [circle for circle in met if circle.own], run.about["version"]))
    report.warnings += [circular.warning(run.name, circle) for circle in met]
    if not run.fixed:
        report.warnings += circular.suggested(run.name, gold, predictions, met)
    report.predictions[run.name] = predictions
    answered = [name for name in TASKS if name in predictions]
    report.systems.append(
        SystemRow(
            name=run.name,
            spec=run.about["spec"],
            version=run.about["version"],
            options=run.about["options"],
            tasks=answered,
            absent=[name for name in TASKS if name not in predictions],
        )
    )
    for name in answered:
        progress(f"{run.name}: {name}")
        yield from _task(report, gold, run, find(name), predictions[name], missing, cut)


def _dataset(gold: Gold) -> Dataset:
    name, version, content = (gold.dataset[key] for key in ("name", "version", "content_sha256"))
    return Dataset(name=name, version=version, content_sha256=content, split=gold.split, gold_sha256=gold.sha256)


def _task(
    report: Report, gold: Gold, run: Run, task: Task, predicted: Predictions, missing: str, cut: Sequence[slices.Slice]
) -> Iterator[Counted]:
    """Count all families of one task, over all and slice by slice."""
    enter, left_out = entering(task, gold, predicted, missing, run.name)
    if task.of_sentences:
        sentences, more = sentence_view.items(task, gold, predicted, enter)
        starts = _starts(task, gold, enter)
        sliced = [
            (slice_, slices.of_sentences(slice_, sentences, gold, starts)) for slice_ in cut if slice_.applies(task)
        ]
        seen: list[tuple[slices.Slice | None, Items | label_view.Layer]] = [(None, sentences), *sliced]
        if task.kind == "sentences":
            _keep(report, Key(run.name, task.name, RIGHT), rights(sentences), enter)
    else:
        labels, more = label_view.layer(task, gold, predicted, enter, cues=run.cues)
        seen = [
            (None, labels),
            *((slice_, slices.of_labels(slice_, labels, gold)) for slice_ in cut if slice_.applies(task)),
        ]
    aside = gold.set_aside.get(task.layer)
    if aside:
        left_out["articles whose gold layer is null"] -= aside
        left_out[f"articles whose gold others than {', '.join(gold.only or ())} made"] = aside
    left_out |= predicted.left_out(task, np.flatnonzero(enter).tolist())
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
    view: Items | label_view.Layer,
    slice: dict[str, str] | None,
    inside: Bools,
) -> Iterator[Counted]:
    """All families of a view; their counts are kept in the report."""
    groups = numbered(report.groups)
    entering = len(np.unique(groups[inside]))
    for family in families(task):
        key = Key(system, task.name, family.measures[0].name, slice_key(slice))
        counts = family.count(view)
        _keep(report, key, counts, inside)
        job = Job(family, by_group(counts, groups), entering)
        yield Counted(key, slice, job, int(inside.sum()), _size(task, view))


def _starts(task: Task, gold: Gold, enter: Bools) -> list[int]:
    """Where each sentence of the view begins."""
    return [
        sentence.start
        for article in np.flatnonzero(enter).tolist()
        for sentence in gold.sentences[article]
        if getattr(sentence, task.column) is not None
    ]


def _size(task: Task, view: Items | label_view.Layer) -> int:
    """How many gold items: sentences, or labels (of an attribute's task those that have it)."""
    if isinstance(view, Items):
        return len(view.gold)
    if task.kind in ("attribute", "claimer"):
        return int((view.parts(task.parts[0], task.attribute)[0].label >= 0).sum())
    if task.kind == "scopes":
        return sum(getattr(label, "scope", None) is not None for labels in view.gold for label in labels)
    return sum(map(len, view.gold))


def _keep(report: Report, key: Key, counts: MetricCounts, enter: Bools) -> None:
    """Keep the counts of the articles that enter."""
    places = np.flatnonzero(enter).tolist()
    kept = [counts[place] for place in places] if isinstance(counts, list) else counts[places]
    report.counts[key] = Counts(tuple(report.articles[place] for place in places), kept)
