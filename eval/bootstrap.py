"""How sure: intervals by resampling articles.

Conventions: an interval is the 2.5 and 97.5 percent quantile; it is NaN under ten articles and where more than 5 percent
of the resamples are undefined. The weights of a seed are the same for all metrics, slices and systems.

Source: Efron and Tibshirani (1993), percentile intervals.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from allegedly.eval.columns import Floats
from allegedly.eval.metric import Counts, Family
from allegedly.eval.resamples import CELLS, added, halves, weights

FEWEST = 10
FEW = 30
#: A ranking over all items is resampled only as long as that stays in the order of seconds.
POOLED_CELLS = 1 << 28


class Job(NamedTuple):
    """Measures to resample: their family and counts, and how many articles count at all."""

    family: Family
    counts: Counts
    articles: int

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


def resampled(jobs: Sequence[Job], articles: int, resamples: int, seed: int) -> list[dict[str, Floats]]:
    """For each job the value of each measure in each resample."""
    out = [
        {measure.name: np.full(resamples, np.nan) for measure in job.family.measures if is_resampled(job, resamples)}
        for job in jobs
    ]
    begin = 0
    summed = [(place, job.family, job.counts) for place, job in enumerate(jobs) if not isinstance(job.counts, list)]
    parts = halves(np.concatenate([counts for *_, counts in summed], axis=1)) if summed else []
    with np.errstate(invalid="ignore", divide="ignore"):
        for weight in weights(articles, resamples, seed):
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


def intervals(jobs: Sequence[Job], articles: int, resamples: int, seed: int) -> list[dict[str, tuple[float, float]]]:
    """For each job the interval of each measure; NaN where there is none."""
    nothing = (float("nan"), float("nan"))
    out: list[dict[str, tuple[float, float]]] = [
        {measure.name: nothing for measure in job.family.measures} for job in jobs
    ]
    wanted = [place for place, job in enumerate(jobs) if job.articles >= FEWEST and resamples > 0]
    for batch in _batches(jobs, wanted):
        for place, values in zip(
            batch, resampled([jobs[place] for place in batch], articles, resamples, seed), strict=True
        ):
            out[place].update({name: interval(value) for name, value in values.items()})
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


def interval(values: Floats) -> tuple[float, float]:
    """The 95 percent percentile interval of resampled values."""
    known = values[~np.isnan(values)]
    if len(known) < 0.95 * len(values) or not len(known):
        return (float("nan"), float("nan"))
    low, high = np.quantile(known, (0.025, 0.975))
    return (float(low), float(high))
