"""Ranking of sentences: inside each article (CheckThat!), and pooled over all.

Conventions: more comes first; a sentence that the system says nothing about comes last. Inside an article ties are
averaged: the value is its mean over all orders of the tied sentences. Articles without a positive are left out.
``map`` and its like are NaN where no article has two sentences that the system tells apart. Precision at k divides by
k, in shorter articles too. Pooled over all sentences, tied ones are taken at once (as scikit-learn), and a measure is
NaN where a sentence that the system classed has no probability of the class sought, or where all are tied.

Source: average precision, R-precision and precision at k as in the CheckThat! 2019 lab; means over ties after
McSherry and Najork (2008), "Computing information retrieval performance measures efficiently in the presence of tied
scores"; pooled average precision and ROC AUC as scikit-learn defines them.
"""

from collections.abc import Callable, Sequence

import numpy as np

from allegedly.eval.columns import Bools, Floats, Ints, Items
from allegedly.eval.metric import SCALE, Family, Measure, ratio
from allegedly.eval.tasks import Task

PLACE = 20
METRICS = (
    {
        "names": ("map",),
        "tasks": ("check-worthiness",),
        "definition": "mean over articles with a positive of average precision, ties averaged",
        "source": "CheckThat! 2019",
        "primary": {"check-worthiness": "map"},
    },
    {
        "names": ("r_precision",),
        "tasks": ("check-worthiness",),
        "definition": "mean over articles of precision at the number of positives",
        "source": "CheckThat! 2019",
    },
    {
        "names": ("precision_at_1", "precision_at_5", "precision_at_10", "precision_at_20"),
        "tasks": ("check-worthiness",),
        "definition": "mean over articles of positives among the first k, divided by k",
        "source": "CheckThat! 2019",
    },
    {
        "names": ("ap:{sought}",),
        "tasks": ("claim-detection", "check-worthiness", "speculation-detection", "attribution-detection"),
        "definition": "average precision over all sentences, ties at once",
        "source": "scikit-learn",
    },
    {
        "names": ("roc_auc:{sought}",),
        "tasks": ("claim-detection", "check-worthiness", "speculation-detection", "attribution-detection"),
        "definition": "area under the ROC curve over all sentences",
        "source": "scikit-learn",
    },
)

DEPTHS = (1, 5, 10, 20)


def families(task: Task) -> list[Family]:
    """Rankings over all sentences; of the task of ranking, those inside each article first."""
    pooled = pooled_family(task.sought)
    return [RANKING, pooled] if task.kind == "ranking" else [pooled]


def ranked(items: Items) -> Ints:
    """For each article: whether it has a positive, whether the system tells two sentences apart, then in billionths
    average precision, R-precision and precision at each depth."""
    counts = np.zeros((items.articles, 3 + 1 + len(DEPTHS)), dtype=np.int64)
    positive = items.gold == items.sought
    edges = np.searchsorted(items.article, np.arange(items.articles + 1))
    for article in range(items.articles):
        left, right = edges[article], edges[article + 1]
        if left == right or not positive[left:right].any():
            continue
        sizes, hits = _ties(items.rank[left:right], positive[left:right])
        values = [average_precision(sizes, hits), *(_precision_at(sizes, hits, k) for k in (hits.sum(), *DEPTHS))]
        counts[article] = (1, len(sizes) > 1, *(round(value * SCALE) for value in values))
    return counts


def _ties(rank: Floats, positive: Bools) -> tuple[Ints, Ints]:
    """Groups of tied sentences, first to last: how many, and how many of them positive."""
    _, group = np.unique(-rank, return_inverse=True)
    return np.bincount(group), np.bincount(group, weights=positive).astype(np.int64)


def average_precision(sizes: Ints, hits: Ints) -> float:
    """Mean average precision over all orders of the tied: ``sizes`` and ``hits`` of each group of ties."""
    before, hits_before, total = 0, 0, 0.0
    for size, positive in zip(sizes.tolist(), hits.tolist(), strict=True):
        if positive:
            place = np.arange(1, size + 1)
            # a positive at this place has on average so many others of its group before it
            others = (positive - 1) / (size - 1) * (place - 1) if size > 1 else 0.0
            total += float(np.sum((hits_before + others + 1) / (before + place))) * positive / size
        before, hits_before = before + size, hits_before + positive
    return total / hits_before


def _precision_at(sizes: Ints, hits: Ints, depth: int) -> float:
    room = np.clip(depth - (np.cumsum(sizes) - sizes), 0, sizes)
    return float(np.sum(hits * room / sizes)) / float(depth)


def _mean(column: int) -> Callable[[Floats], Floats]:
    return lambda c: ratio(np.where(c[..., 1] > 0, c[..., column] / SCALE, np.nan), c[..., 0])


RANKING = Family(
    "ranking",
    ranked,
    (
        Measure("map", _mean(2), "ties=averaged,articles without a positive=left out"),
        Measure("r_precision", _mean(3), "ties=averaged,articles without a positive=left out"),
        *(
            Measure(f"precision_at_{k}", _mean(4 + place), "ties=averaged,articles without a positive=left out")
            for place, k in enumerate(DEPTHS)
        ),
    ),
)


def pooled(items: Items) -> list[Ints]:
    """For each article its sentences one after the other: what it is ranked by in billionths (-1 for an abstention,
    -2 where the system gave no probability), and whether it is positive."""
    known = np.where(np.isnan(items.positive), -2.0, np.rint(items.positive * SCALE))
    rank = np.where((items.predicted < 0) & np.isnan(items.positive), -1, known).astype(np.int64)
    rows = np.stack((rank, (items.gold == items.sought).astype(np.int64)), axis=1).reshape(-1)
    return np.split(rows, 2 * np.searchsorted(items.article, np.arange(1, items.articles)))


def _curve(rows: Sequence[Ints], weights: Floats) -> tuple[Floats, Floats, Ints] | None:
    """Weighted positives and negatives of each group of ties, first to last, (weights, groups)."""
    flat = np.concatenate([*rows, np.zeros(0, dtype=np.int64)]).reshape(-1, 2)
    if not len(flat) or flat[:, 0].min() == -2 or flat[:, 0].min() == flat[:, 0].max():
        return None
    article = np.repeat(np.arange(len(rows)), [len(row) // 2 for row in rows])
    order = np.argsort(-flat[:, 0], kind="stable")
    rank, positive, article = flat[order, 0], flat[order, 1], article[order]
    begin = np.concatenate(([0], np.flatnonzero(np.diff(rank)) + 1))
    weight = weights[..., article].astype(np.float64)
    hits = np.add.reduceat(weight * positive, begin, axis=-1)
    return hits, np.add.reduceat(weight, begin, axis=-1) - hits, begin


def _undefined(weights: Floats) -> Floats:
    return np.full(weights.shape[:-1], np.nan)


def pooled_precision(rows: Sequence[Ints], weights: Floats) -> Floats:
    """Average precision over all sentences, each article counted as often as its weight says."""
    curve = _curve(rows, weights)
    if curve is None:
        return _undefined(weights)
    hits, misses, _ = curve
    right, seen = np.cumsum(hits, axis=-1), np.cumsum(hits + misses, axis=-1)
    precision = np.divide(right, seen, out=np.zeros_like(right), where=seen > 0)
    return ratio((hits * precision).sum(axis=-1), right[..., -1])


def pooled_area(rows: Sequence[Ints], weights: Floats) -> Floats:
    """Area under the ROC curve over all sentences: the share of pairs in the right order, ties half."""
    curve = _curve(rows, weights)
    if curve is None:
        return _undefined(weights)
    hits, misses, _ = curve
    above = np.cumsum(hits, axis=-1) - hits / 2
    return ratio((misses * above).sum(axis=-1), hits.sum(axis=-1) * misses.sum(axis=-1))


def pooled_family(sought: str) -> Family:
    """Average precision and ROC AUC of a class over all sentences."""
    options = "pooled,ties at once"
    return Family(
        "pooled",
        pooled,
        (Measure(f"ap:{sought}", pooled_precision, options), Measure(f"roc_auc:{sought}", pooled_area, options)),
        pooled=True,
    )
