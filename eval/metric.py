"""A metric: whole numbers counted for each article, and a score of their sum.

Conventions: a ``Family`` counts once for several measures. It counts a view of a task, gold and predicted side by side:
``Items`` for sentences, a ``LabelView`` for labels. Counts have the shape (articles, k) and add up, so that intervals,
paired tests and slices are sums too; a share of a unit is counted in billionths (``SCALE``), so that sums are exact and
equal on every machine. ``score`` takes sums of any shape (..., k) and gives NaN where undefined. A family that is
``pooled`` counts no sums: its row of an article is the list of what its items need, and ``score`` takes all rows with a
weight for each article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Bools, Floats, Ints, Parts
from allegedly.eval.declared import lower_is_better
from allegedly.schemas.records import Label

SCALE = 10**9

#: Counts of all articles: a matrix (articles, k), or a list of rows for a pooled family.
Counts = Ints | list[Ints]
L = TypeVar("L", covariant=True)


class LabelView(Protocol[L]):
    """Labels of all articles, gold and predicted side by side, as a task's metrics count them. ``lengths`` are those of
    the texts in code points, 0 for an article that does not enter; ``gold_cues`` says whether the system was given the
    cues of gold."""

    @property
    def articles(self) -> int: ...

    @property
    def texts(self) -> Sequence[str]: ...

    @property
    def lengths(self) -> Ints: ...

    @property
    def gold(self) -> Sequence[Sequence[L]]: ...

    @property
    def predicted(self) -> Sequence[Sequence[L]]: ...

    @property
    def gold_cues(self) -> bool: ...

    def parts(self, name: str, attribute: str | None = None) -> tuple[Parts, Parts]:
        """Gold and predicted parts of a name in columns, with the value of the attribute as their label."""
        ...

    def same_claimer(self, gold: Parts, predicted: Parts) -> Callable[[Ints, Ints], Bools]:
        """From matched places in gold and predicted to whether their claimers are the same."""
        ...


@dataclass(frozen=True)
class Measure:
    """One number: its name (``f1:speculative``), the score of summed counts, and options that its signature states."""

    name: str
    score: Callable[..., Floats]
    options: str = ""


@dataclass(frozen=True)
class Family:
    """Measures that share their counts. ``count`` takes a task's view of all articles: Items, or a LabelView."""

    name: str
    count: Callable[[Any], Counts]
    measures: tuple[Measure, ...]
    pooled: bool = False


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """A quotient, NaN where it is 0 / 0 or anything / 0."""
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    undefined: Floats = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=undefined, where=below != 0)
    return undefined


def harmonic(precision: Floats, recall: Floats) -> Floats:
    """F1 of a precision and a recall that count different things: 0 where one of them is 0 or undefined, NaN where
    both are undefined."""
    left, right = np.nan_to_num(precision), np.nan_to_num(recall)
    total = left + right
    score = np.divide(2 * left * right, total, out=np.zeros_like(total), where=total > 0)
    return np.where(np.isnan(precision) & np.isnan(recall), np.nan, score)


def triple(
    names: Sequence[str] = ("f1", "precision", "recall"),
    column: int = 0,
    suffix: str = "",
    prefix: str = "",
    options: str = "",
) -> tuple[Measure, ...]:
    """F1, precision and recall from three columns: right, predicted, gold; ``column`` is the first of them."""
    scores: dict[str, Callable[[Floats], Floats]] = {
        "f1": lambda c: ratio(2 * c[..., column], c[..., column + 1] + c[..., column + 2]),
        "precision": lambda c: ratio(c[..., column], c[..., column + 1]),
        "recall": lambda c: ratio(c[..., column], c[..., column + 2]),
    }
    return tuple(Measure(f"{prefix}{name}{suffix}", scores[name], options) for name in names)


def defined_mean(values: Sequence[Floats]) -> Floats:
    """The mean of those that are defined; NaN where none is."""
    stacked = np.stack(values)
    known = ~np.isnan(stacked)
    return ratio(np.where(known, stacked, 0).sum(axis=0), known.sum(axis=0))


def by_part(
    name: str,
    parts: Sequence[str],
    count: Callable[[Parts, Parts, LabelView[Label]], Ints],
    measures: Sequence[Measure],
    width: int,
    attribute: str | None = None,
) -> Family:
    """A family that counts gold and predicted parts, (articles, width), of each of these names alike. The names of the
    measures of several parts end in the part, ``:content``, and ``:macro`` is the mean over the parts that are
    defined."""

    def counts(view: LabelView[Label]) -> Ints:
        return np.concatenate([count(*view.parts(part, attribute), view) for part in parts], axis=1)

    if len(parts) == 1:
        return Family(name, counts, tuple(measures))

    def of_part(measure: Measure, place: int) -> Callable[[Floats], Floats]:
        return lambda total: measure.score(total[..., place * width : (place + 1) * width])

    def mean(measure: Measure) -> Measure:
        scores = [of_part(measure, place) for place in range(len(parts))]
        options = ",".join(filter(None, (measure.options, "mean over the parts that are defined")))
        return Measure(f"{measure.name}:macro", lambda total: defined_mean([s(total) for s in scores]), options)

    apart = [
        Measure(f"{measure.name}:{part}", of_part(measure, place), measure.options)
        for place, part in enumerate(parts)
        for measure in measures
    ]
    return Family(name, counts, (*apart, *map(mean, measures)))


__all__ = [
    "SCALE",
    "Counts",
    "Family",
    "LabelView",
    "Measure",
    "by_part",
    "defined_mean",
    "harmonic",
    "lower_is_better",
    "ratio",
    "triple",
]
