"""What a number stands between: answers that need no reading, and what annotators reach against each other.

Conventions: all by the task's primary metric, over the whole split. The best constant answer says the same of every
sentence: the class sought, or one label over the whole of it with the value that most labels of gold have, the rest empty;
of speculations, of every place of the words that are most often a cue in gold.
The prior draws: of sentences the classes by their shares (its F1 is the share of the class sought), an order at random (its
expected value); of attributes the values by their shares, at the labels of gold, where it is right as often as the sum of
the squared shares. Elsewhere there is no prior. Annotators are scored in pairs, each against the other as gold, and the
two values averaged; labellers, and kinds of annotators that ``--gold`` left out, are none. None is n/a.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from allegedly.eval import label_view, sentence_view
from allegedly.eval.bootstrap import point
from allegedly.eval.columns import Bools, Items
from allegedly.eval.gold import Gold, view
from allegedly.eval.metric import SCALE
from allegedly.eval.metrics.ranking import ranked
from allegedly.eval.predictions import Predictions
from allegedly.eval.rows import FloorRow, number
from allegedly.eval.task_metrics import family_of
from allegedly.eval.tasks import TASKS, Task
from allegedly.schemas.derive import folded, sentence_classes
from allegedly.schemas.records import (
    LAYERS,
    Annotator,
    Article,
    Attribution,
    Claim,
    Label,
    Labels,
    Record,
    Span,
    Speculation,
)


def floors(gold: Gold, tasks: Sequence[str]) -> list[FloorRow]:
    """The rows of each of these tasks: constant, prior, and each pair of annotators that share articles."""
    pairs = [(f"{one} and {other}", _sides(gold, one, other)) for one, other in _pairs(gold)]
    rows: list[FloorRow] = []
    for name in tasks:
        task = TASKS[name]
        enter = _annotated(gold, task)
        articles = int(enter.sum())
        rows += (_row(task, *told, articles) for told in (_constant(task, gold, enter), _prior(task, gold, enter)))
        for names, sides in pairs:
            shared = np.logical_and(*(_annotated(side, task) for side in sides))
            if shared.any():
                rows.append(_row(task, "annotators", names, _agreed(task, sides, shared), int(shared.sum())))
    return rows


def _row(task: Task, answer: str, of: str, value: float, articles: int) -> FloorRow:
    return FloorRow(task=task.name, metric=task.primary, answer=answer, of=of, value=number(value), articles=articles)


def _annotated(gold: Gold, task: Task) -> Bools:
    return np.array([getattr(record.labels, task.layer) is not None for record in gold.records], dtype=bool)


def _viewed(task: Task, gold: Gold, predicted: Predictions, enter: Bools) -> Items | label_view.Layer:
    if task.of_sentences:
        return sentence_view.items(task, gold, predicted, enter)[0]
    return label_view.layer(task, gold, predicted, enter, cues="predicted")[0]


def _value(task: Task, gold: Gold, predicted: Predictions, enter: Bools) -> float:
    family, measure = family_of(task, task.primary)
    return point(family, family.count(_viewed(task, gold, predicted, enter)))[measure.name]


def _constant(task: Task, gold: Gold, enter: Bools) -> tuple[str, str, float]:
    predicted = Predictions(gold)
    if task.of_sentences:
        for place in np.flatnonzero(enter).tolist():
            same = dict.fromkeys(range(len(gold.sentences[place])), (task.sought, None))
            predicted.answers.setdefault(task.name, {})[place] = dict(same)
        return "constant", f"{task.sought} for every sentence", _value(task, gold, predicted, enter)
    cue = _commonest_cue(gold) if task.layer == "speculations" else None
    values = _commonest(task, gold, cue)
    for place in np.flatnonzero(enter).tolist():
        article = gold.article(place)
        predicted.layers[place] = _of_sentences(task, article, values) if cue is None else _of_cue(article, cue, values)
    where = "a label over every sentence" if cue is None else f'every "{cue}", to the end of its sentence'
    words = "".join(f", {value}" for value in values.values())
    return "constant", f"{where}{words}", _value(task, gold, predicted, enter)


def _said(task: Task) -> tuple[str, ...]:
    """The attributes that a task of an attribute asks for; none for words of the article."""
    if task.kind != "attribute" or task.attribute == "speaker":
        return ()
    return ("certainty", "polarity") if task.attribute == "certainty" else (task.attribute,)


def _commonest(task: Task, gold: Gold, cue: str | None) -> dict[str, Any]:
    """The values of the task's attributes that most labels of gold have, of those with the cue where there is one; the
    first by name among equals."""
    names = _said(task)
    tally = Counter(
        values
        for record in gold.records
        for label in getattr(record.labels, task.layer) or ()
        if cue is None or _words(record, label) == cue
        if None not in (values := tuple(getattr(label, name) for name in names))
    )
    best = min(tally, key=lambda values: (-tally[values], values), default=())
    return dict(zip(names, best, strict=False))


def _commonest_cue(gold: Gold) -> str:
    """The words of most cues of gold in small letters, the first by alphabet among equals; empty where there are none."""
    words = Counter(
        _words(record, label) for record in gold.records for label in record.labels.speculations or () if label.cue
    )
    return min(words, key=lambda cue: (-words[cue], cue), default="")


def _words(record: Record, label: Speculation) -> str:
    """The words of a cue in small letters."""
    return folded(record.article, label.cue)


def _of_cue(article: Article, cue: str, values: Mapping[str, Any]) -> dict[str, tuple[Label, ...]]:
    """A speculation for each place of a cue, whose scope runs to the end of its sentence, the last mark aside."""
    pattern = re.compile(rf"\b{re.escape(cue)}\b", re.IGNORECASE)
    found = []
    for start, end in article.sentences if cue else ():
        last = start + len(article.text[start:end].rstrip().rstrip(".!?"))
        for match in pattern.finditer(article.text, start, end):
            scope = (Span(match.start(), max(last, match.end())),)
            found.append(Speculation(cue=(Span(*match.span()),), scope=scope, **values))
    return {"speculations": tuple(found)}


def _of_sentences(task: Task, article: Article, values: Mapping[str, Any]) -> dict[str, tuple[Label, ...]]:
    """A label over each sentence; the claims' claimers are attributions of nobody."""
    whole = [(f"a{place}", (span,)) for place, span in enumerate(article.sentences)]
    attributions = tuple(
        Attribution(
            id=name, source=(), cue=(), content=part, speaker=(), **(values if task.layer == "attributions" else {})
        )
        for name, part in whole
    )
    if task.layer == "claims":
        return {
            "claims": tuple(Claim(extent=part, claimer=name, **values) for name, part in whole),
            "attributions": attributions,
        }
    return {"attributions": attributions}


def _prior(task: Task, gold: Gold, enter: Bools) -> tuple[str, str, float]:
    nothing = _viewed(task, gold, Predictions(gold), enter)
    if isinstance(nothing, Items):
        if task.kind == "ranking":
            summed = ranked(replace(nothing, rank=np.zeros(len(nothing.gold)))).sum(axis=0)
            value = float(summed[2] / summed[0] / SCALE) if summed[0] else float("nan")
            return "prior", "sentences in random order", value
        share = float((nothing.gold == nothing.sought).mean()) if len(nothing.gold) else float("nan")
        return "prior", "classes drawn by their shares", share
    if task.kind != "attribute":
        return "prior", "none", float("nan")
    numbers = nothing.parts(task.parts[0], task.attribute)[0].label
    known = np.unique(numbers[numbers >= 0], return_counts=True)[1]
    value = float(np.square(known / known.sum()).sum()) if len(known) else float("nan")
    return "prior", "values drawn by their shares, at the labels of gold", value


def _pairs(gold: Gold) -> list[tuple[str, str]]:
    """Annotators that share articles of the split, in order of their ids."""
    return sorted({two for record in gold.records for two in combinations(sorted(_annotators(gold, record)), 2)})


def _annotators(gold: Gold, record: Record) -> Iterator[str]:
    for vote in record.votes:
        if counts(gold, vote.annotator):
            yield vote.annotator.id


def counts(gold: Gold, annotator: Annotator) -> bool:
    """Whether the agreement of an annotator says something of the gold: labellers, adjudicators, who have seen what others
    said, and kinds left out do not count."""
    labeller = annotator.kind == "rule" or annotator.id in gold.dataset.get("labellers", ())
    return not labeller and not annotator.supersedes and (gold.only is None or annotator.kind in gold.only)


def _sides(gold: Gold, one: str, other: str) -> tuple[Gold, Gold]:
    """The articles that two annotators share, with the labels of each as gold."""
    shared = []
    for record in gold.records:
        votes = {vote.annotator.id: vote.labels for vote in record.votes}
        if one in votes and other in votes:
            shared.append((record, votes[one], votes[other]))

    def labelled(record: Record, labels: Labels) -> Record:
        return replace(record, labels=labels, sentences=sentence_classes(record.article, labels), split=None)

    sides = [[labelled(record, votes[side]) for record, *votes in shared] for side in (0, 1)]
    return view(sides[0]), view(sides[1])


def _agreed(task: Task, sides: tuple[Gold, Gold], shared: Bools) -> float:
    """The metric of each against the other, averaged; NaN where one of them says nothing of what is asked."""
    values = []
    for gold, other in (sides, sides[::-1]):
        predicted = Predictions(gold)
        for place, record in enumerate(other.records):
            said = {layer: getattr(record.labels, layer) for layer in LAYERS}
            predicted.layers[place] = {layer: labels for layer, labels in said.items() if labels is not None}
        values.append(_value(task, gold, predicted, shared) if predicted.holds(task) else float("nan"))
    return float(np.mean(values))
