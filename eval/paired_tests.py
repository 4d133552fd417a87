"""Two systems over the same articles: the paired difference with its interval, and tests of whether it is chance.

Conventions: both counts have a row for the same groups of articles. n/a is NaN.

Source: the interval as in ``bootstrap``; approximate randomisation after Noreen (1989), whole groups swapped; Holm
(1979); McNemar (1947), of clusters after Yang, Sun and Hardin (2010), "A note on the tests for clustered matched-pair
binary data".
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from allegedly.eval.bootstrap import FEWEST, Job, interval, left_out, point, resampled
from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import Counts, Family, Measure
from allegedly.eval.resamples import added, flips, halves


class Difference(NamedTuple):
    """New minus old: the difference, its paired interval, its standard error, the two-sided p of approximate
    randomisation; NaN where there is none."""

    value: float
    low: float
    high: float
    error: float
    p: float = float("nan")


def difference(
    family: Family, measure: Measure, new: Counts, old: Counts, counted: int, resamples: int, seed: int
) -> Difference:
    """The paired difference of a measure, without its p. Both counts have a row for the same groups, of which
    ``counted`` enter."""
    single = Family(family.name, family.count, (measure,), family.pooled)
    groups = len(new)
    value = point(single, new)[measure.name] - point(single, old)[measure.name]
    if counted < FEWEST or resamples < 1:
        return Difference(value, float("nan"), float("nan"), float("nan"))
    jobs = [Job(single, new, counted), Job(single, old, counted)]
    left, right = resampled(jobs, groups, resamples, seed)
    if not left or not right:
        return Difference(value, float("nan"), float("nan"), float("nan"))
    gaps = left[measure.name] - right[measure.name]
    low, high = interval(gaps, _left_out(single, measure, new, old))
    known = gaps[~np.isnan(gaps)]
    error = float(np.std(known, ddof=1)) if np.isfinite(low) and len(known) > 1 else float("nan")
    return Difference(value, low, high, error)


def _left_out(family: Family, measure: Measure, new: Counts, old: Counts) -> Floats:
    """The difference without each group that enters for either side, one after the other."""
    if isinstance(new, list) or isinstance(old, list):
        entering = [place for place in range(len(new)) if len(new[place]) or len(old[place])]
        sides = [Job(family, [side[place] for place in entering], len(entering)) for side in (new, old)]
    else:
        either = new.any(axis=1) | old.any(axis=1)
        sides = [Job(family, side[either], int(either.sum())) for side in (new, old)]
    gained, lost = (left_out(side, every=True)[measure.name] for side in sides)
    return gained - lost


def randomisation(family: Family, measure: Measure, new: Counts, old: Counts, resamples: int, seed: int) -> float:
    """The two-sided p of approximate randomisation: how often swapping whole groups at random gives a difference at
    least as large; NaN for pooled rankings and where the difference is undefined."""
    if isinstance(new, list) or isinstance(old, list) or resamples < 1:
        return float("nan")
    gap = new - old
    total_new, total_old = new.sum(axis=0), old.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        seen = float(np.asarray(measure.score(total_new[None, :]) - measure.score(total_old[None, :]))[0])
        if np.isnan(seen):
            return float("nan")
        beyond = 0
        parts = halves(gap)
        for flip in flips(len(new), resamples, seed):
            moved = added(flip, parts)
            differences = measure.score(total_new - moved) - measure.score(total_old + moved)
            # an undefined difference counts against the new system: it is no evidence; 1e-12 for rounding of ties
            beyond += int(np.sum(~(np.abs(differences) < abs(seen) - 1e-12)))
    return (beyond + 1) / (resamples + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's corrected p values, in the same order; NaN stays NaN and belongs to no family."""
    known = sorted((p, place) for place, p in enumerate(p_values) if not np.isnan(p))
    out, reached = [float("nan")] * len(p_values), 0.0
    for rank, (p, place) in enumerate(known):
        reached = max(reached, min(1.0, p * (len(known) - rank)))
        out[place] = reached
    return out


def mcnemar(first: Sequence[int] | Ints, second: Sequence[int] | Ints) -> float:
    """Exact two-sided McNemar test of two lists of right answers; 1 where they never disagree. ValueError for lists of
    unlike lengths."""
    if len(first) != len(second):
        raise ValueError(f"found {len(first)} and {len(second)} answers, expected the same number")
    gap = np.asarray(first, dtype=np.int64) - np.asarray(second, dtype=np.int64)
    return _exact(int((gap > 0).sum()), int((gap < 0).sum()))


def clustered_mcnemar(gaps: Sequence[int] | Ints) -> float:
    """McNemar's test of answers that hang together in groups, two-sided; 1 where no group has more right answers of one
    side. ``gaps``: of each group, right answers of the one system less those of the other. Where no group has a gap
    beyond one answer it is the exact test; else the square of the sum by the sum of squares is chi-squared with one
    degree of freedom."""
    gap = np.asarray(gaps, dtype=np.float64)
    if np.abs(gap).max(initial=0) <= 1:
        return _exact(int((gap > 0).sum()), int((gap < 0).sum()))
    return math.erfc(abs(float(gap.sum())) / math.sqrt(2 * float((gap**2).sum())))


def _exact(one: int, two: int) -> float:
    """Twice the tail of the binomial distribution, its terms added from the largest down: linear in the number of
    disagreements."""
    fewer, more = sorted((one, two))
    if fewer == more:
        return 1.0
    # the largest term is binomial(fewer + more, fewer) / 2 ** (fewer + more), its factors paired so that none is large
    place = np.arange(1, fewer + 1)
    log_largest = math.fsum(np.log((more + place) / (4 * place)).tolist()) - (more - fewer) * math.log(2)
    terms = np.cumprod(np.arange(fewer, 0, -1) / np.arange(more + 1, more + fewer + 1))
    return min(1.0, 2 * math.exp(log_largest) * math.fsum([1.0, *terms.tolist()]))
