"""Views: gold and predictions of a task side by side, as its metrics count them.

Conventions: ``counted`` says which articles enter. An article whose gold layer is null is left out; one without a
prediction is left out (``skip``) or stands without labels (``empty``). What is left out is counted by its reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Ints, Items, Parts, parts
from allegedly.eval.gold import Gold
from allegedly.eval.matching import match
from allegedly.eval.metrics.links import shared
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import Task, attribute_classes
from allegedly.schemas.derive import sentence_classes
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LINK, MAIN_PART, Attribution, Claim, Label, Labels, Part

LeftOut = dict[str, int]
#: Attributions of an article by their ids.
Known = Mapping[str | None, Attribution]


class Answered(NamedTuple):
    """What a system says of one sentence: class, probability of that class, probability of the class sought, and where
    the sentence ranks, below 0 for last. None: it abstains; NaN: it does not say."""

    label: str | None
    confidence: float
    positive: float
    rank: float


def counted(
    task: Task, gold: Gold, predicted: Predictions, missing: str, name: str
) -> tuple[NDArray[np.bool_], LeftOut]:
    """Which articles enter, and how many do not for which reason. UsageError counts those without a prediction."""
    has_gold = np.array([getattr(record.labels, task.layer) is not None for record in gold.records])
    answered = np.array([predicted.answered(task, at) for at in range(len(gold.records))])
    lacking = has_gold & ~answered
    left_out = {"articles whose gold layer is null": int((~has_gold).sum())}
    if lacking.any():
        if missing not in ("skip", "empty"):
            first = ", ".join(gold.article(int(at)).id for at in np.flatnonzero(lacking)[:3])
            raise UsageError(
                f"{name}: {task.name}: {int(lacking.sum())} of {int(has_gold.sum())} articles have no prediction "
                f"(first: {first}); expected one for each, or --missing skip or --missing empty"
            )
        what = "left out" if missing == "skip" else "scored as abstentions"
        left_out[f"articles without a prediction, {what}"] = int(lacking.sum())
    return (has_gold & answered if missing == "skip" else has_gold), left_out


def items(task: Task, gold: Gold, predicted: Predictions, enter: NDArray[np.bool_]) -> tuple[Items, LeftOut]:
    """The sentences of a task in columns. A sentence whose gold class is null is left out."""
    classes = {value: at for at, value in enumerate(task.classes)}
    rows: list[tuple[float, ...]] = []
    null = 0
    for at in np.flatnonzero(enter).tolist():
        answers = _answers(task, gold, predicted, at)
        for number, sentence in enumerate(gold.sentences[at]):
            true = getattr(sentence, task.column)
            if true is None:
                null += 1
                continue
            label, *chances = answers(number)
            rows.append((at, classes[true], -1 if label is None else classes[label], *chances))
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


def _answers(task: Task, gold: Gold, predicted: Predictions, at: int) -> Callable[[int], Answered]:
    """From the number of a sentence of an article to what the system says of it."""
    lines = predicted.answers.get(task.name, {}).get(at, {})
    given = predicted.sentences.get(at, {})
    layer = predicted.layers.get(at, {}).get(task.layer)
    derived = None
    if layer is not None:
        alone: dict[str, Any] = {task.layer: layer}
        derived = sentence_classes(gold.article(at), Labels(**alone))

    def answered(number: int) -> Answered:
        if number in lines:
            return _of_line(task, *lines[number])
        sentence = given.get(number)
        label = None if sentence is None else getattr(sentence, task.column)
        if label is None and derived is not None:
            label = getattr(derived[number], task.column)
        scores = (sentence.scores if sentence is not None else None) or {}
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
    chances: dict[str | None, float] = {} if positive is None else {task.sought: positive}
    if positive is not None and len(task.classes) == 2:
        chances[task.classes[0]] = 1 - positive
    elif positive is not None and (given := scores.get("claim")) is not None:
        claim = max(given, positive)
        chances |= {"no_claim": 1 - claim, "unimportant": claim - positive}
    return Answered(label, chances.get(label, _NAN), _NAN if positive is None else positive, _NAN)


@dataclass(frozen=True)
class Layer:
    """Labels of all articles, gold and predicted side by side. ``attributions`` are what links lead to."""

    task: Task
    texts: Sequence[str]
    lengths: Ints
    gold: Sequence[Sequence[Label]]
    predicted: Sequence[Sequence[Label]]
    attributions: tuple[Sequence[Known], Sequence[Known]]
    gold_cues: bool = False
    _kept: dict[tuple[str, str | None], tuple[Parts, Parts]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return len(self.texts)

    def parts(self, name: str, attribute: str | None = None) -> tuple[Parts, Parts]:
        """Gold and predicted parts of a name with their attribute as class. Where gold does not annotate the part
        (null), what was matched to that label is left out."""
        key = (name, attribute)
        if key not in self._kept:
            code = _coder(self, attribute)
            gold, predicted = (self._side(side, name, code) for side in (0, 1))
            self._kept[key] = (gold, self._without_null(name, predicted))
        return self._kept[key]

    def _side(self, side: int, name: str, code: "Code | None") -> Parts:
        """The parts of a name of one side: 0 gold, 1 predicted."""
        labels = (self.gold, self.predicted)[side]
        of: list[list[Part | None]] = [[getattr(label, name) for label in these] for these in labels]
        if code is None:
            return parts(of)
        return parts(of, [[code(label, side, at) for label in these] for at, these in enumerate(labels)])

    def _without_null(self, name: str, predicted: Parts) -> Parts:
        """Predicted parts without those of labels that were matched to a gold label whose part is null; without all
        where no gold label has the part."""
        flat = [label for labels in self.gold for label in labels]
        null = np.array([getattr(label, name) is None for label in flat], dtype=bool)
        if not null.any():
            return predicted
        if null.all():
            return predicted.only(np.zeros(len(predicted), dtype=bool))
        main = MAIN_PART[self.task.layer]
        if name == main:
            return predicted
        gold, whole = self.whole()
        pairs = match(gold, whole)
        out = whole.origin[pairs.predicted[null[gold.origin[pairs.gold]]]]
        return predicted.only(~np.isin(predicted.origin, out))

    def whole(self) -> tuple[Parts, Parts]:
        """Main parts of both sides; their classes number everything else that a label says, so that what is equal in
        the part alone is matched in an order that the input does not decide."""
        main = MAIN_PART[self.task.layer]
        flat = [[[_facts(label) for label in these] for these in side] for side in (self.gold, self.predicted)]
        numbers = {fact: at for at, fact in enumerate(sorted({f for side in flat for these in side for f in these}))}
        sides = [
            parts(
                [[getattr(label, main) for label in these] for these in side],
                [[numbers[fact] for fact in these] for these in facts],
            )
            for side, facts in zip((self.gold, self.predicted), flat, strict=True)
        ]
        return sides[0], sides[1]

    def same_claimer(self, gold: Parts, predicted: Parts) -> Callable[[Ints, Ints], NDArray[np.bool_]]:
        """Whether matched claims have the same claimer: sources overlap, or are both empty and contents overlap."""
        sides = [
            [known[at].get(_claimer(label)) for at, these in enumerate(labels) for label in these]
            for labels, known in zip((self.gold, self.predicted), self.attributions, strict=True)
        ]

        def same(left: Ints, right: Ints) -> NDArray[np.bool_]:
            pairs = zip(gold.origin[left].tolist(), predicted.origin[right].tolist(), strict=True)
            return np.array([_same_person(sides[0][a], sides[1][b]) for a, b in pairs], dtype=bool)

        return same

    def only(self, keep: NDArray[np.bool_]) -> "Layer":
        """The same with the labels of those articles alone."""
        kept = [
            [these if take else () for these, take in zip(side, keep, strict=True)]
            for side in (self.gold, self.predicted)
        ]
        return replace(self, gold=kept[0], predicted=kept[1], _kept={})


#: From a label, its side and its article to the number of its attribute; -1 for null.
Code = Callable[[Label, int, int], int]


def _claimer(label: Label) -> str | None:
    assert isinstance(label, Claim)  # no other layer has claimers
    return label.claimer


def _facts(label: Label) -> str:
    """Parts and attributes of a label; its id, its links and who gave it aside."""
    aside = {"id", "text", "by", "confidence", "scheme", *LINK.values()}
    return repr([getattr(label, name) for name in label.__slots__ if name not in aside])


def _same_person(gold: Attribution | None, predicted: Attribution | None) -> bool:
    if gold is None or predicted is None:
        return False
    if gold.source or predicted.source:
        return bool(shared(gold.source, predicted.source) > 0)
    return bool(shared(gold.content, predicted.content) > 0)


def _coder(layer: Layer, attribute: str | None) -> Code | None:
    if attribute is None:
        return None
    if attribute == "claimer":
        return _claimer_coder(layer)
    classes = {name: at for at, name in enumerate(attribute_classes(layer.task))}
    if attribute == "certainty":
        names = ("certainty", "polarity")
        return lambda label, *_: classes.get("_".join(str(getattr(label, name)) for name in names), -1)
    return lambda label, *_: classes.get(getattr(label, attribute), -1)


def _claimer_coder(layer: Layer) -> Code:
    """Equal claimers (source and content) have equal numbers, in an order that only their parts decide."""
    claimers = {
        (label.source or (), label.content or ())
        for side in layer.attributions
        for known in side
        for label in known.values()
    }
    numbers = {key: at for at, key in enumerate(sorted(claimers))}

    def code(label: Label, side: int, at: int) -> int:
        target = layer.attributions[side][at].get(_claimer(label))
        return -1 if target is None else numbers[(target.source or (), target.content or ())]

    return code


def layer(
    task: Task, gold: Gold, predicted: Predictions, enter: NDArray[np.bool_], *, cues: str
) -> tuple[Layer, LeftOut]:
    """The labels of a task side by side."""
    true: list[Sequence[Label]] = []
    given: list[Sequence[Label]] = []
    links: tuple[list[Known], list[Known]] = ([], [])
    for at, record in enumerate(gold.records):
        layers = predicted.layers.get(at, {}) if enter[at] else {}
        true.append(getattr(record.labels, task.layer) if enter[at] else ())
        given.append(layers.get(task.layer, ()))
        links[0].append({label.id: label for label in record.labels.attributions or ()})
        predicted_links = cast("tuple[Attribution, ...]", layers.get("attributions", ()))
        links[1].append({label.id: label for label in predicted_links})
    if task.kind in ("attribute", "claimer", "scopes"):
        null = sum(_is_null(task, label, known) for these, known in zip(true, links[0], strict=True) for label in these)
        left_out = {f"gold labels whose {task.attribute} is null": null}
        if null == sum(map(len, true)):
            # nobody annotated the attribute: there is no gold, and so nothing to be wrong about
            given = [()] * len(given)
    else:
        left_out = {}
        for part in task.parts:
            null = sum(getattr(label, part) is None for these in true for label in these)
            left_out[f"gold labels whose {part} is null"] = null
    texts = [record.article.text for record in gold.records]
    lengths = np.array([len(text) if take else 0 for text, take in zip(texts, enter, strict=True)], dtype=np.int64)
    return Layer(task, texts, lengths, true, given, links, gold_cues=cues == "gold"), left_out


def _is_null(task: Task, label: Label, known: Known) -> bool:
    if task.attribute == "claimer":
        return _claimer(label) not in known
    if task.attribute == "certainty":
        return any(getattr(label, name) is None for name in ("certainty", "polarity"))
    return getattr(label, task.attribute) is None
