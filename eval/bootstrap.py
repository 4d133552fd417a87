"""How sure: intervals by resampling groups of articles.

Conventions: an interval is a pair of quantiles of the resampled values; it is NaN under ten groups and where more than 5
percent of the resamples are undefined. The weights of a seed are the same for all metrics, slices and systems. The
quantiles lie further out than 2.5 and 97.5 percent, by as much as Student's t with so many degrees of freedom is wider
than the normal distribution: few groups, and groups of unequal weight, say less about how far a number varies.

Source: Efron and Tibshirani (1993), percentile intervals; Hesterberg (2015), "What teachers should know about the
bootstrap", expanded percentile intervals; degrees of freedom of the jackknife's variance after Satterthwaite (1946);
quantiles of t after Abramowitz and Stegun (1964), 26.7.5.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from allegedly.eval.columns import Floats
from allegedly.eval.metric import Counts, Family
from allegedly.eval.resamples import CELLS, added, halves, weights

#: Groups under which there is no interval, and under which a reader is warned.
FEWEST = 10
FEW = 30
#: A ranking over all items is resampled only as long as that stays in the order of seconds.
POOLED_CELLS = 1 << 28


class Job(NamedTuple):
    """Measures to resample: their family, the counts of each group, and how many groups count at all."""

    family: Family
    counts: Counts
    groups: int

    def columns(self) -> int:
        """Columns of counts."""
        return 0 if isinstance(self.counts, list) else int(self.counts.shape[1])


def point(family: Family, counts: Counts) -> dict[str, float]:
    """The value of each measure."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if isinstance(counts, list):
            ones = np.ones((1, len(counts)))
            return {measure.name: float(measure.score(counts, ones)[0]) for measure in family.measures}
        total = counts.sum(axis=0)[None, :]
        return {measure.name: float(np.asarray(measure.score(total))[0]) for measure in family.measures}


def resampled(jobs: Sequence[Job], groups: int, resamples: int, seed: int) -> list[dict[str, Floats]]:
    """For each job the value of each measure in each resample."""
    out = [
        {measure.name: np.full(resamples, np.nan) for measure in job.family.measures if is_resampled(job, resamples)}
        for job in jobs
    ]
    begin = 0
    summed = [(place, job.family, job.counts) for place, job in enumerate(jobs) if not isinstance(job.counts, list)]
    parts = halves(np.concatenate([counts for *_, counts in summed], axis=1)) if summed else []
    with np.errstate(invalid="ignore", divide="ignore"):
        for weight in weights(groups, resamples, seed):
            here = slice(begin, begin + len(weight))
            begin = here.stop
            column = 0
            totals = added(weight, parts) if summed else np.zeros((len(weight), 0))
            for place, family, counts in summed:
                total = totals[:, column : column + counts.shape[1]]
                column += counts.shape[1]
                for measure in family.measures:
                    out[place][measure.name][here] = measure.score(total)
            for place, job in enumerate(jobs):
                if job.family.pooled and out[place]:
                    _pooled(job, weight, out[place], here)
    return out


def is_resampled(job: Job, resamples: int) -> bool:
    """Whether a job is small enough: rankings over all items alone may be too large."""
    return not job.family.pooled or resamples * sum(map(len, job.counts)) <= POOLED_CELLS


def _pooled(job: Job, weight: Floats, values: dict[str, Floats], here: slice) -> None:
    step = max(1, CELLS // max(1, sum(map(len, job.counts))))
    for measure in job.family.measures:
        for begin in range(0, len(weight), step):
            part = weight[begin : begin + step]
            values[measure.name][here.start + begin : here.start + begin + len(part)] = measure.score(job.counts, part)


def intervals(jobs: Sequence[Job], groups: int, resamples: int, seed: int) -> list[dict[str, tuple[float, float]]]:
    """For each job the interval of each measure; NaN where there is none."""
    nothing = (float("nan"), float("nan"))
    out: list[dict[str, tuple[float, float]]] = [
        {measure.name: nothing for measure in job.family.measures} for job in jobs
    ]
    wanted = [place for place, job in enumerate(jobs) if job.groups >= FEWEST and resamples > 0]
    for batch in _batches(jobs, wanted):
        for place, values in zip(
            batch, resampled([jobs[place] for place in batch], groups, resamples, seed), strict=True
        ):
            left = left_out(jobs[place])
            out[place].update({name: interval(value, left[name]) for name, value in values.items()})
    return out


def _batches(
    jobs: Sequence[Job], wanted: Sequence[int], columns: int = 1024, measures: int = 512
) -> Iterator[list[int]]:
    """Jobs that fit one pass: the weights are drawn anew for each, the values of all measures are held."""
    batch: list[int] = []
    width = names = 0
    for place in wanted:
        wide, many = jobs[place].columns(), len(jobs[place].family.measures)
        if batch and (width + wide > columns or names + many > measures):
            yield batch
            batch, width, names = [], 0, 0
        batch.append(place)
        width, names = width + wide, names + many
    if batch:
        yield batch


def left_out(job: Job, *, every: bool = False) -> dict[str, Floats]:
    """The value of each measure without each of the groups, one after the other: of those that hold anything, or of
    ``every`` one; empty for a ranking that is too large for that."""
    family, counts = job.family, job.counts
    with np.errstate(invalid="ignore", divide="ignore"):
        if not isinstance(counts, list):
            entering = counts if every else counts[counts.any(axis=1)]
            rest = entering.sum(axis=0) - entering
            return {measure.name: np.asarray(measure.score(rest), dtype=np.float64) for measure in family.measures}
        rows = counts if every else [row for row in counts if len(row)]
        if len(rows) * sum(map(len, rows)) > POOLED_CELLS:
            return {measure.name: np.zeros(0) for measure in family.measures}
        part = Job(family, rows, len(rows))
        values = {measure.name: np.full(len(rows), np.nan) for measure in family.measures}
        block = max(1, CELLS // max(1, len(rows)))
        for begin in range(0, len(rows), block):
            here = slice(begin, min(begin + block, len(rows)))
            weight = np.ones((here.stop - begin, len(rows)))
            weight[np.arange(here.stop - begin), np.arange(begin, here.stop)] = 0
            _pooled(part, weight, values, here)
        return values


def interval(values: Floats, left: Floats) -> tuple[float, float]:
    """The 95 percent interval of resampled values. ``left``: the values without each group, as ``left_out`` gives
    them."""
    known = values[~np.isnan(values)]
    if len(known) < 0.95 * len(values) or not len(known):
        return (float("nan"), float("nan"))
    tail = tail_of(left)
    low, high = np.quantile(known, (tail, 1 - tail))
    return (float(low), float(high))


def too_few(groups: int, articles: int) -> str:
    """What a reader must know of so few groups of articles."""
    what = f"no intervals under {FEWEST}" if groups < FEWEST else f"intervals are too narrow under {FEW}"
    return f"{articles} articles{'' if groups == articles else f' in {groups} groups'}: {what}"


_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


def tail_of(left: Floats) -> float:
    """The share of resamples outside one end of a 95 percent interval: 0.025 for many groups of like weight, less for
    few or unlike ones. ``left``: values without each group, NaN where undefined; 0.025 where there are none."""
    known = left[~np.isnan(left)]
    count = len(known)
    if count < 2:
        return 0.025
    quantile = student(_freedom(known)) * math.sqrt(count / (count - 1))
    return min(0.025, _NORMAL.cdf(-quantile))


def _freedom(left: Floats) -> float:
    """Degrees of freedom of the jackknife's variance: twice its squared mean by its variance, from 2 to one less than
    there are groups."""
    count = len(left)
    squares = (left - left.mean()) ** 2
    spread = float(squares.var(ddof=1))
    if not spread > 0:
        return count - 1
    return min(count - 1, max(2.0, 2 * float(squares.sum()) ** 2 / (count * spread)))


def student(freedom: float) -> float:
    """The 97.5 percent quantile of Student's t, from 2 degrees of freedom on right to 1 percent."""
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
