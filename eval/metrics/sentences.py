"""Classes of sentences: precision, recall, F1, averages, correlation and agreement from the confusion of each article.

Conventions: counts are the confusion matrix, one row a gold class; its last column are abstentions, which miss their
gold class and are right for none. Undefined is NaN. ``macro`` is the mean over the classes that gold or predictions
hold, a class that cannot be scored among them counting 0 (as scikit-learn). Micro averages are over all classes.

Source: scikit-learn's definitions; Matthews correlation for several classes after Gorodkin (2004), abstentions being
a predicted class of their own; Cohen (1960); Krippendorff's nominal alpha of two coders, abstentions left out; risk
and coverage after El-Yaniv and Wiener (2010).
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from allegedly.eval.columns import Floats, Ints, Items
from allegedly.eval.metric import Family, Measure, ratio
from allegedly.eval.tasks import Task

PLACE = 10
TASKS = ("claim-detection", "speculation-detection", "attribution-detection")
METRICS = (
    {
        "names": (
            "f1:{class}",
            "f1:macro",
            "f1:micro",
            "precision:{class}",
            "precision:macro",
            "precision:micro",
            "recall:{class}",
            "recall:macro",
            "recall:micro",
        ),
        "definition": "of a class, of all (macro, micro); abstentions miss",
        "source": "scikit-learn",
        "primary": {
            "claim-detection": "f1:check_worthy",
            "speculation-detection": "f1:speculative",
            "attribution-detection": "f1:attributed",
        },
    },
    {
        "names": ("accuracy",),
        "definition": "sentences right; of attributes, matched labels right",
        "source": "scikit-learn",
    },
    {
        "names": ("mcc",),
        "definition": "correlation of gold and predicted classes",
        "source": "Gorodkin 2004",
    },
    {
        "names": ("kappa",),
        "definition": "agreement of gold and system beyond chance",
        "source": "Cohen 1960",
    },
    {
        "names": ("alpha",),
        "definition": "Krippendorff's alpha of gold and system; of spans, character by character",
        "source": "Krippendorff 2004",
    },
    {
        "names": ("coverage",),
        "definition": "sentences that the system answers",
        "source": "El-Yaniv and Wiener 2010",
    },
    {
        "names": ("risk",),
        "definition": "answered sentences that are wrong",
        "source": "El-Yaniv and Wiener 2010",
        "lower_is_better": True,
    },
)


def families(task: Task) -> list[Family]:
    """What is counted of a task's classes."""
    return [family(task.classes)]


def confusion(items: Items) -> Ints:
    """Confusion of each article, (articles, classes * (classes + 1))."""
    classes = len(items.classes)
    width = classes + 1
    predicted = np.where(items.predicted < 0, classes, items.predicted)
    cell = (items.article * classes + items.gold) * width + predicted
    return np.bincount(cell, minlength=items.articles * classes * width).reshape(items.articles, classes * width)


def family(classes: Sequence[str]) -> Family:
    """All measures of the confusion of these classes."""

    def of_class(score: Score, place: int) -> Score:
        return lambda total: score(_table(total))[..., place]

    def macro(score: Score) -> Score:
        return lambda total: _macro(score, _table(total))

    def micro(name: str) -> Score:
        return lambda total: _micro(name, _table(total))

    def whole(score: Score) -> Score:
        return lambda total: score(_table(total))

    measures = [
        Measure(f"{name}:{value}", of_class(score, place))
        for name, score in _BY_CLASS.items()
        for place, value in enumerate(classes)
    ]
    measures += [Measure(f"{name}:macro", macro(score)) for name, score in _BY_CLASS.items()]
    measures += [Measure(f"{name}:micro", micro(name)) for name in _BY_CLASS]
    measures += [Measure(name, whole(score), options) for name, score, options in _WHOLE]
    return Family("confusion", confusion, tuple(measures))


# Of a table, (..., classes, classes + 1): gold classes by predicted ones, abstentions last.

Score = Callable[[Floats], Floats]


def _table(total: Floats) -> Floats:
    """The table of summed counts."""
    classes = math.isqrt(total.shape[-1])
    return np.asarray(total, dtype=np.float64).reshape(*total.shape[:-1], classes, classes + 1)


def _sum(table: Floats, *axes: int) -> Floats:
    return np.asarray(table.sum(axis=axes), dtype=np.float64)


def _right(table: Floats) -> Floats:
    return np.asarray(np.diagonal(table, axis1=-2, axis2=-1))


def _gold(table: Floats) -> Floats:
    return _sum(table, -1)


def _predicted(table: Floats) -> Floats:
    return _sum(table[..., :-1], -2)


def _both(table: Floats) -> Floats:
    return _predicted(table) + _gold(table)


_BY_CLASS: dict[str, Score] = {
    "precision": lambda table: ratio(_right(table), _predicted(table)),
    "recall": lambda table: ratio(_right(table), _gold(table)),
    "f1": lambda table: ratio(2 * _right(table), _both(table)),
}
_BELOW: dict[str, Score] = {"precision": _predicted, "recall": _gold, "f1": _both}


def _macro(score: Score, table: Floats) -> Floats:
    present = _both(table) > 0
    return ratio(_sum(np.where(present, np.nan_to_num(score(table)), 0), -1), present.sum(axis=-1))


def _micro(name: str, table: Floats) -> Floats:
    return ratio((2 if name == "f1" else 1) * _sum(_right(table), -1), _sum(_BELOW[name](table), -1))


def _accuracy(table: Floats) -> Floats:
    return ratio(_sum(_right(table), -1), _sum(_gold(table), -1))


def _correlation(table: Floats) -> Floats:
    n, hits = _sum(table, -2, -1), _sum(_right(table), -1)
    rows = np.concatenate((_gold(table), np.zeros_like(table[..., :1, 0])), axis=-1)
    columns = _sum(table, -2)
    spread = np.sqrt((n**2 - _sum(rows**2, -1)) * (n**2 - _sum(columns**2, -1)))
    return ratio(hits * n - _sum(rows * columns, -1), spread)


def _kappa(table: Floats) -> Floats:
    gold, predicted = _sum(table[..., :-1], -1), _predicted(table)
    n = _sum(table[..., :-1], -2, -1)
    chance = ratio(_sum(gold * predicted, -1), n**2)
    return ratio(ratio(_sum(_right(table), -1), n) - chance, 1 - chance)


def _alpha(table: Floats) -> Floats:
    values = _sum(table[..., :-1], -1) + _predicted(table)
    n = _sum(values, -1)
    observed = ratio(2 * (_answered(table) - _sum(_right(table), -1)), n)
    expected = ratio(n**2 - _sum(values**2, -1), n * (n - 1))
    return 1 - ratio(observed, expected)


def _answered(table: Floats) -> Floats:
    return _sum(table[..., :-1], -2, -1)


def _coverage(table: Floats) -> Floats:
    return ratio(_answered(table), _sum(_gold(table), -1))


def _risk(table: Floats) -> Floats:
    return ratio(_answered(table) - _sum(_right(table), -1), _answered(table))


_WHOLE: tuple[tuple[str, Score, str], ...] = (
    ("accuracy", _accuracy, ""),
    ("mcc", _correlation, ""),
    ("kappa", _kappa, ""),
    ("alpha", _alpha, "nominal"),
    ("coverage", _coverage, ""),
    ("risk", _risk, ""),
)


def rights(items: Items) -> list[Ints]:
    """For each article whether each of its sentences is right: what McNemar's test pairs."""
    hit = (items.predicted == items.gold).astype(np.int64)
    return np.split(hit, np.searchsorted(items.article, np.arange(1, items.articles)))
