"""Classes of sentences: precision, recall, F1, averages, correlation and agreement from the confusion of each article.

Conventions: counts are the confusion matrix, one row a gold class; its last column are abstentions, which miss their
gold class and are right for none. Undefined is NaN. ``macro`` is the mean over the classes that gold or predictions
hold, a class that cannot be scored among them counting 0 (as scikit-learn). Micro averages are over all classes.

Source: scikit-learn's definitions; Matthews correlation for several classes after Gorodkin (2004), abstentions being
a predicted class of their own; Cohen (1960); Krippendorff's nominal alpha of two coders, abstentions left out; risk
and coverage after El-Yaniv and Wiener (2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import Family, Measure, ratio


@dataclass(frozen=True)
class Items:
    """Sentences of all articles in columns, in order: ``predicted`` is -1 where the system abstains; ``confidence`` is
    the probability of the predicted class and ``positive`` that of the class sought, NaN where the system gave none;
    ``rank`` is what the sentence is ranked by, more first."""

    articles: int
    classes: tuple[str, ...]
    sought: int
    article: Ints
    gold: Ints
    predicted: Ints
    confidence: Floats
    positive: Floats
    rank: Floats

    def only(self, keep: NDArray[np.bool_]) -> "Items":
        """Those sentences alone."""
        columns = ("article", "gold", "predicted", "confidence", "positive", "rank")
        return Items(self.articles, self.classes, self.sought, *(getattr(self, name)[keep] for name in columns))


def confusion(items: Items) -> Ints:
    """Confusion of each article, (articles, classes * (classes + 1))."""
    classes = len(items.classes)
    width = classes + 1
    predicted = np.where(items.predicted < 0, classes, items.predicted)
    cell = (items.article * classes + items.gold) * width + predicted
    return np.bincount(cell, minlength=items.articles * classes * width).reshape(items.articles, classes * width)


def family(classes: Sequence[str]) -> Family:
    """All measures of the confusion of these classes."""
    count = len(classes)

    def square(total: NDArray) -> NDArray:
        return np.asarray(total, dtype=np.float64).reshape(*total.shape[:-1], count, count + 1)

    def right(total: NDArray) -> NDArray:
        return np.diagonal(square(total), axis1=-2, axis2=-1)

    def gold(total: NDArray) -> NDArray:
        return square(total).sum(axis=-1)

    def predicted(total: NDArray) -> NDArray:
        return square(total)[..., :count].sum(axis=-2)

    by_class = {
        "precision": lambda t: ratio(right(t), predicted(t)),
        "recall": lambda t: ratio(right(t), gold(t)),
        "f1": lambda t: ratio(2 * right(t), predicted(t) + gold(t)),
    }
    below = {"precision": predicted, "recall": gold, "f1": lambda t: predicted(t) + gold(t)}

    def macro(score, total: NDArray) -> NDArray:
        present = predicted(total) + gold(total) > 0
        return ratio(np.where(present, np.nan_to_num(score(total)), 0).sum(axis=-1), present.sum(axis=-1))

    def micro(name: str, total: NDArray) -> NDArray:
        return ratio((2 if name == "f1" else 1) * right(total).sum(axis=-1), below[name](total).sum(axis=-1))

    def kappa(total: NDArray) -> NDArray:
        table = square(total)[..., :count]
        all_of = table.sum(axis=(-2, -1))
        chance = ratio((table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1), all_of**2)
        return ratio(ratio(right(total).sum(axis=-1), all_of) - chance, 1 - chance)

    def alpha(total: NDArray) -> NDArray:
        table = square(total)[..., :count]
        values = table.sum(axis=-1) + table.sum(axis=-2)
        n = values.sum(axis=-1)
        observed = ratio(2 * (table.sum(axis=(-2, -1)) - right(total).sum(axis=-1)), n)
        expected = ratio(n**2 - (values**2).sum(axis=-1), n * (n - 1))
        return 1 - ratio(observed, expected)

    def correlation(total: NDArray) -> NDArray:
        table = square(total)
        n, hits = table.sum(axis=(-2, -1)), right(total).sum(axis=-1)
        rows = np.concatenate((table.sum(axis=-1), np.zeros_like(table[..., :1, 0])), axis=-1)
        columns = table.sum(axis=-2)
        spread = np.sqrt((n**2 - (rows**2).sum(axis=-1)) * (n**2 - (columns**2).sum(axis=-1)))
        return ratio(hits * n - (rows * columns).sum(axis=-1), spread)

    def answered(total: NDArray) -> NDArray:
        return square(total)[..., :count].sum(axis=(-2, -1))

    measures = [
        Measure(f"{name}:{value}", lambda t, score=score, at=at: score(t)[..., at])
        for name, score in by_class.items()
        for at, value in enumerate(classes)
    ]
    measures += [Measure(f"{n}:macro", lambda t, score=score: macro(score, t)) for n, score in by_class.items()]
    measures += [Measure(f"{n}:micro", lambda t, n=n: micro(n, t)) for n in by_class]
    measures += [
        Measure("accuracy", lambda t: ratio(right(t).sum(axis=-1), gold(t).sum(axis=-1))),
        Measure("mcc", correlation),
        Measure("kappa", kappa),
        Measure("alpha", alpha, "nominal"),
        Measure("coverage", lambda t: ratio(answered(t), gold(t).sum(axis=-1))),
        Measure("risk", lambda t: ratio(answered(t) - right(t).sum(axis=-1), answered(t))),
    ]
    return Family("confusion", confusion, tuple(measures))


def rights(items: Items) -> list[Ints]:
    """For each article whether each of its sentences is right: what McNemar's test pairs."""
    hit = (items.predicted == items.gold).astype(np.int64)
    return np.split(hit, np.searchsorted(items.article, np.arange(1, items.articles)))
