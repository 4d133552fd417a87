"""The view of a sentences' task: sentences of all articles in columns, gold and predicted, as its metrics count them.

Conventions: the class that a system gives a sentence is that of its line for the task, else that of the sentence in its
answer for the article, else what follows from its labels.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.chances import decided
from allegedly.eval.columns import Items
from allegedly.eval.entering import LeftOut
from allegedly.eval.gold import Gold
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import Task
from allegedly.schemas.derive import sentence_classes
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Labels


class Answered(NamedTuple):
    """What a system says of one sentence: class, probability of that class, probability of the class sought, and where
    the sentence ranks, below 0 for last. None: it abstains; NaN: it does not say."""

    label: str | None
    confidence: float
    positive: float
    rank: float


def items(task: Task, gold: Gold, predicted: Predictions, enter: NDArray[np.bool_]) -> tuple[Items, LeftOut]:
    """The sentences of a task in columns. A sentence whose gold class is null is left out."""
    classes = {name: number for number, name in enumerate(task.classes)}
    rows: list[tuple[float, ...]] = []
    null = 0
    for article in np.flatnonzero(enter).tolist():
        answers = _answers(task, gold, predicted, article)
        for number, sentence in enumerate(gold.sentences[article]):
            true = getattr(sentence, task.column)
            if true is None:
                null += 1
                continue
            label, *chances = answers(number)
            rows.append((article, classes[true], -1 if label is None else classes[label], *chances))
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    whole = table[:, :3].astype(np.int64)
    view = Items(
        len(gold.records), task.classes, classes[task.sought], whole[:, 0], whole[:, 1], whole[:, 2], *table[:, 3:].T
    )
    left_out = {"sentences whose gold class is null": null}
    silent = int((view.rank < 0).sum() if task.kind == "ranking" else (view.predicted < 0).sum())
    left_out["sentences that the system abstains on"] = silent
    if task.kind == "ranking":
        having = np.zeros(len(gold.records), dtype=bool)
        having[view.article[view.gold == view.sought]] = True
        left_out["articles without a positive"] = int((enter & ~having).sum())
    return view, left_out


def _answers(task: Task, gold: Gold, predicted: Predictions, article: int) -> Callable[[int], Answered]:
    """From the number of a sentence of an article to what the system says of it."""
    lines = predicted.answers.get(task.name, {}).get(article, {})
    given = predicted.sentences.get(article, {})
    layer = predicted.layers.get(article, {}).get(task.layer)
    derived = None
    if layer is not None:
        alone: dict[str, Any] = {task.layer: layer}
        derived = sentence_classes(gold.article(article), Labels(**alone))

    def answered(number: int) -> Answered:
        if number in lines:
            return _of_line(task, *lines[number])
        sentence = given.get(number)
        label = None if sentence is None else getattr(sentence, task.column)
        if label is None and derived is not None:
            label = getattr(derived[number], task.column)
        scores = (sentence.scores if sentence is not None else None) or {}
        if predicted.threshold is None or task.kind == "ranking" or (label is None and not scores):
            return _of_scores(task, label, scores)
        try:
            label = decided(_distribution(task, scores), task.classes, task.sought, predicted.threshold)
        except UsageError as error:
            where = f"{gold.article(article).id}:{gold.sentences[article][number].start}"
            hint = "name by --task what has scores, or leave the threshold out"
            raise UsageError(f"{task.name}, {where}: {error}; {hint}") from None
        return _of_scores(task, label, scores)

    return answered


_NAN = float("nan")


def _by_class(task: Task, label: str | None) -> float:
    """Where a class ranks: its place among the classes, the one sought highest; below all where there is none."""
    return -1.0 if label is None else task.classes.index(label) / (len(task.classes) - 1)


def _of_line(task: Task, label: str | None, score: float | None) -> Answered:
    if task.kind == "ranking":
        rank = _by_class(task, label) if score is None else score
        return Answered(label, _NAN, rank if rank >= 0 else _NAN, rank)
    if score is None:
        return Answered(label, _NAN, _NAN, _by_class(task, label))
    # of three classes the rest of the probability belongs to no one class
    rest = 1 - score if len(task.classes) == 2 and label is not None else _NAN
    positive = score if label == task.sought else rest
    return Answered(label, score if label is not None else _NAN, positive, _NAN)


def _of_scores(task: Task, label: str | None, scores: Mapping[str, float | None]) -> Answered:
    positive = scores.get(task.score)
    if task.kind == "ranking":
        rank = _by_class(task, label) if positive is None else positive
        return Answered(label, _NAN, rank if rank >= 0 else _NAN, rank)
    chances = _distribution(task, scores)
    confidence = _NAN if label is None else chances.get(label, _NAN)
    return Answered(label, confidence, _NAN if positive is None else positive, _NAN)


def _distribution(task: Task, scores: Mapping[str, float | None]) -> dict[str, float]:
    """The probabilities of classes that the scores of a sentence give; empty where they say nothing of the task."""
    positive = scores.get(task.score)
    if positive is None:
        return {}
    if len(task.classes) == 2:
        return {task.classes[0]: 1 - positive, task.sought: positive}
    if (given := scores.get("claim")) is None:
        return {task.sought: positive}
    claim = max(given, positive)
    return {"no_claim": 1 - claim, "unimportant": claim - positive, task.sought: positive}
