"""The view of a labels' task: labels of all articles, gold and predicted side by side, as its metrics count them.

Conventions: where gold does not annotate a part or an attribute (null), there is nothing to be right or wrong about: what
was matched to such a label is left out, and counted by its reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Ints, Parts, parts
from allegedly.eval.entering import LeftOut
from allegedly.eval.gold import Gold
from allegedly.eval.label_numbers import Code, Known, claimer_id, coder, facts, same_claimer, speaker_coder
from allegedly.eval.matching import match
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import Task
from allegedly.schemas.records import MAIN_PART, Article, Attribution, Label, Part


@dataclass(frozen=True)
class Layer:
    """Labels of all articles, gold and predicted side by side. ``attributions`` are what links lead to; ``sources`` are
    the articles as they are, ``texts`` theirs with what was quoted and stands nowhere behind it."""

    task: Task
    texts: Sequence[str]
    lengths: Ints
    sources: Sequence[Article]
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
            code = self._coder(attribute)
            gold, predicted = (self._side(side, name, code) for side in (0, 1))
            self._kept[key] = (gold, self._without_null(name, predicted))
        return self._kept[key]

    def _coder(self, attribute: str | None) -> Code | None:
        if attribute == "speaker":
            return speaker_coder((self.gold, self.predicted), self.sources)
        return coder(self.task, attribute, self.attributions)

    def _side(self, side: int, name: str, code: Code | None) -> Parts:
        """The parts of a name of one side: 0 gold, 1 predicted."""
        labels = (self.gold, self.predicted)[side]
        of: list[list[Part | None]] = [[getattr(label, name) for label in these] for these in labels]
        if code is None:
            return parts(of)
        return parts(of, [[code(label, side, article) for label in these] for article, these in enumerate(labels)])

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
        flat = [[[facts(label) for label in these] for these in side] for side in (self.gold, self.predicted)]
        numbers = {
            fact: number for number, fact in enumerate(sorted({f for side in flat for these in side for f in these}))
        }
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
            [known[article].get(claimer_id(label)) for article, these in enumerate(labels) for label in these]
            for labels, known in zip((self.gold, self.predicted), self.attributions, strict=True)
        ]

        def same(left: Ints, right: Ints) -> NDArray[np.bool_]:
            pairs = zip(gold.origin[left].tolist(), predicted.origin[right].tolist(), strict=True)
            return np.array([same_claimer(sides[0][a], sides[1][b]) for a, b in pairs], dtype=bool)

        return same

    def only(self, keep: NDArray[np.bool_]) -> "Layer":
        """The same with the labels of those articles alone."""
        kept = [
            [these if take else () for these, take in zip(side, keep, strict=True)]
            for side in (self.gold, self.predicted)
        ]
        return replace(self, gold=kept[0], predicted=kept[1], _kept={})


def layer(
    task: Task, gold: Gold, predicted: Predictions, enter: NDArray[np.bool_], *, cues: str
) -> tuple[Layer, LeftOut]:
    """The labels of a task side by side."""
    true: list[Sequence[Label]] = []
    given: list[Sequence[Label]] = []
    links: tuple[list[Known], list[Known]] = ([], [])
    texts: list[str] = []
    for article, record in enumerate(gold.records):
        layers, text = predicted.counted(article) if enter[article] else ({}, record.article.text)
        texts.append(text)
        true.append(getattr(record.labels, task.layer) if enter[article] else ())
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
    lengths = np.array([len(text) if take else 0 for text, take in zip(texts, enter, strict=True)], dtype=np.int64)
    articles = [record.article for record in gold.records]
    return Layer(task, texts, lengths, articles, true, given, links, gold_cues=cues == "gold"), left_out


def _is_null(task: Task, label: Label, known: Known) -> bool:
    if task.attribute == "claimer":
        return claimer_id(label) not in known
    if task.attribute == "certainty":
        return any(getattr(label, name) is None for name in ("certainty", "polarity"))
    return getattr(label, task.attribute) is None
