"""What is counted of two annotators or more: families of counts with their scores, and what each score is over.

Conventions: counts have the shape (articles, k) and add up. ``over`` says how many items a number is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from allegedly.eval.agreement.sides import Sides
from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import Family, Measure, ratio

#: Sums of counts: of the articles as they are, or in each resample.
Sums = NDArray[Any]


class Scored(NamedTuple):
    """A number: its measure, its score from sums (..., k), and how many items sums (k,) are over."""

    measure: str
    score: Callable[[Sums], Floats]
    over: Callable[[Sums], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is compared: sentences, a part, an attribute; the counts of each article, and the numbers they give.
    ``table``: from sums to how often the first annotator says one value (rows) and the second another, and the values."""

    of: str
    count: Callable[[Sides], Ints]
    scores: tuple[Scored, ...]
    values: tuple[str, ...] = ()
    table: Callable[[Sums], Sums] | None = None

    @property
    def family(self) -> Family:
        """The same as a family of metrics, to be resampled."""
        return Family(self.of, self.count, tuple(Measure(each.measure, each.score) for each in self.scores))


def pooled(count: Callable[[Sides], Ints]) -> Callable[[Sides], Ints]:
    """Counts of two annotators, summed over all pairs of those that are compared."""

    def summed(sides: Sides) -> Ints:
        total: Ints = sum(count(pair) for pair in sides.pairs_of_annotators())  # type: ignore[assignment]
        return total

    return summed


def f1_scores(column: int = 0) -> tuple[Scored, ...]:
    """F1 exact and by overlap from four columns: equal, overlapping, the first's, the second's."""

    def both(total: Sums) -> Sums:
        marked: Sums = total[..., column + 2] + total[..., column + 3]
        return marked

    def over(total: Sums) -> int:
        return int(both(total))

    return (
        Scored("exact_f1", lambda total: ratio(2 * total[..., column], both(total)), over),
        Scored("overlap_f1", lambda total: ratio(2 * total[..., column + 1], both(total)), over),
    )
