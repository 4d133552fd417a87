"""A metric: whole numbers counted for each article, and a score of their sum.

Conventions: a ``Family`` counts once for several measures. Counts have the shape (articles, k) and add up, so that
intervals, paired tests and slices are sums too; a share of a unit is counted in billionths (``SCALE``), so that sums
are exact and equal on every machine. ``score`` takes sums of any shape (..., k) and gives NaN where undefined. A
family that is ``pooled`` counts no sums: its row of an article is the list of what its items need, and ``score`` takes
all rows with a weight for each article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCALE = 10**9
#: Metrics of which less is better.
LOWER_IS_BETTER = frozenset({"brier", "log_loss", "ece", "risk"})


@dataclass(frozen=True)
class Measure:
    """One number: its name (``f1:speculative``), the score of summed counts, and options that its signature states."""

    name: str
    score: Callable[..., NDArray]
    options: str = ""


@dataclass(frozen=True)
class Family:
    """Measures that share their counts. ``count`` takes a task's view of all articles."""

    name: str
    count: Callable[[Any], Any]
    measures: tuple[Measure, ...]
    pooled: bool = False


def ratio(above: NDArray, below: NDArray) -> NDArray:
    """A quotient, NaN where it is 0 / 0 or anything / 0."""
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    return np.divide(above, below, out=np.full(np.broadcast_shapes(above.shape, below.shape), np.nan), where=below != 0)


def harmonic(precision: NDArray, recall: NDArray) -> NDArray:
    """F1 of a precision and a recall that count different things: 0 where one of them is 0 or undefined, NaN where
    both are undefined."""
    filled, other = np.nan_to_num(precision), np.nan_to_num(recall)
    total = filled + other
    score = np.divide(2 * filled * other, total, out=np.zeros_like(total), where=total > 0)
    return np.where(np.isnan(precision) & np.isnan(recall), np.nan, score)


def triple(names: Sequence[str], at: int = 0, suffix: str = "", prefix: str = "", options: str = "") -> tuple:
    """F1, precision and recall from three columns: right, predicted, gold."""
    scores = {
        "f1": lambda c: ratio(2 * c[..., at], c[..., at + 1] + c[..., at + 2]),
        "precision": lambda c: ratio(c[..., at], c[..., at + 1]),
        "recall": lambda c: ratio(c[..., at], c[..., at + 2]),
    }
    return tuple(Measure(f"{prefix}{name}{suffix}", scores[name], options) for name in names)


def defined_mean(values: Sequence[NDArray]) -> NDArray:
    """The mean of those that are defined; NaN where none is."""
    stacked = np.stack(values)
    known = ~np.isnan(stacked)
    return ratio(np.where(known, stacked, 0).sum(axis=0), known.sum(axis=0))


def lower_is_better(metric: str) -> bool:
    """Whether less of a metric is better."""
    return metric.partition(":")[0] in LOWER_IS_BETTER


__all__ = ["SCALE", "Family", "Measure", "defined_mean", "harmonic", "lower_is_better", "ratio", "triple"]
