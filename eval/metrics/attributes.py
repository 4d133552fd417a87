"""Attributes of labels: kind, form, certainty, claimer.

Conventions: labels are matched one to one by their main part (see ``matching``; cues only where they are equal). A gold
label whose attribute is null is taken out together with what was matched to it. Right is a pair whose attributes are
equal; over the predicted and the gold labels that are left.
"""

from collections.abc import Sequence

import numpy as np

from allegedly.eval.columns import Ints, Parts, tally
from allegedly.eval.matching import Pairs, equal, match
from allegedly.eval.metric import Family, Measure, ratio, triple

_NAMES = ("f1", "precision", "recall")


def matched(gold: Parts, predicted: Parts, *, overlap: bool) -> Pairs:
    """The matching, of equal parts alone where ``overlap`` is false."""
    if overlap:
        return match(gold, predicted)
    left, right = equal(gold, predicted)
    return Pairs(left, right, np.zeros(len(left), dtype=np.int64), np.ones(len(left), dtype=bool))


def counted(
    gold: Parts, predicted: Parts, articles: int, classes: int, *, overlap: bool, same=None
) -> tuple[Ints, int]:
    """Right, predicted, gold and matched, then right, predicted and gold of each class, (articles, 4 + 3 * classes);
    and how many gold labels were taken out. ``same`` tells of matched places whether they are right, where equality of
    labels is not the rule."""
    pairs = matched(gold, predicted, overlap=overlap)
    out = gold.label < 0
    left_out = np.zeros(len(predicted), dtype=bool)
    left_out[pairs.predicted[out[pairs.gold]]] = True
    keep = ~out[pairs.gold]
    left, right = pairs.gold[keep], pairs.predicted[keep]
    hit = gold.label[left] == predicted.label[right] if same is None else same(left, right)
    columns = [
        tally(gold.article[left[hit]], articles),
        tally(predicted.article[~left_out], articles),
        tally(gold.article[~out], articles),
        tally(gold.article[left], articles),
    ]
    for value in range(classes):
        columns += [
            tally(gold.article[left[hit & (gold.label[left] == value)]], articles),
            tally(predicted.article[~left_out & (predicted.label == value)], articles),
            tally(gold.article[~out & (gold.label == value)], articles),
        ]
    return np.stack(columns, axis=1), int(out.sum())


def family(part: str, attribute: str, classes: Sequence[str], *, overlap: bool) -> Family:
    """F1, precision and recall of an attribute, over all and for each of its classes; accuracy over matched pairs."""

    def count(view) -> Ints:
        gold, predicted = view.parts(part, attribute)
        return counted(gold, predicted, view.articles, len(classes), overlap=overlap)[0]

    def macro(total, at: int):
        columns = np.asarray(total, dtype=np.float64)[..., 4:].reshape(*total.shape[:-1], len(classes), 3)
        right, predicted, gold = (columns[..., k] for k in range(3))
        present = predicted + gold > 0
        below = (predicted + gold, predicted, gold)[at]
        score = np.nan_to_num(ratio((2 if at == 0 else 1) * right, below))
        return ratio(np.where(present, score, 0).sum(axis=-1), present.sum(axis=-1))

    measures = [*triple(_NAMES), Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 3]), "over matched labels")]
    for at, value in enumerate(classes):
        measures += triple(_NAMES, 4 + 3 * at, f":{value}")
    if classes:
        measures += [Measure(f"{name}:macro", lambda c, at=at: macro(c, at)) for at, name in enumerate(_NAMES)]
    return Family("attribute", count, tuple(measures))


def claimer_family() -> Family:
    """F1 of who claims it: matched claims whose claimers' sources overlap, or are both empty and their contents
    overlap."""

    def count(view) -> Ints:
        gold, predicted = view.parts("extent", "claimer")
        same = view.same_claimer(gold, predicted)
        return counted(gold, predicted, view.articles, 0, overlap=True, same=same)[0]

    measures = (*triple(_NAMES), Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 3]), "over matched labels"))
    return Family("claimer", count, measures)
