"""How sure: intervals by resampling articles, and the two paired tests.

Conventions: a resample draws as many articles as there are, with replacement; it is a weight for each article, and the
weights of a seed are the same for all metrics, slices and systems. Sums of weights times counts are whole numbers
below 2 ** 53, so that no number of threads changes a digit. An interval is the 2.5 and 97.5 percent quantile; it is
NaN under ten articles and where more than 5 percent of the resamples are undefined.

Source: Efron and Tibshirani (1993), percentile intervals; approximate randomisation after Noreen (1989), whole
articles flipped; Holm (1979).
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from allegedly.eval.columns import Floats, Ints
from allegedly.eval.metric import Counts, Family, Measure

FEWEST = 10
FEW = 30
#: Cells of a block of weights, and of a pooled ranking over it: 16 MB each.
_CELLS = 1 << 21
_EXACT = 1 << 53
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


def weights(articles: int, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each resample holds each article, (block, articles), block after block."""
    block = max(1, _CELLS // max(1, articles))
    for number, begin in enumerate(range(0, resamples, block)):
        rows = min(block, resamples - begin)
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))
        drawn = generator.integers(0, articles, size=(rows, articles))
        weight = np.empty((rows, articles))
        # row by row the counts stay in the cache of the processor: twice as fast as all rows at once
        for at in range(rows):
            weight[at] = np.bincount(drawn[at], minlength=articles)
        yield weight


def flips(articles: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Zeros and ones: which articles a random assignment swaps, (block, articles), block after block."""
    block = max(1, _CELLS // max(1, articles))
    for number, begin in enumerate(range(0, resamples, block)):
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number, 1))))
        yield generator.integers(0, 2, size=(min(block, resamples - begin), articles), dtype=np.int8).astype(np.float64)


def sums(weight: Floats, counts: Ints) -> Floats:
    """Weights times counts, exact."""
    return _added(weight, _limbs(counts))


def _limbs(counts: Ints) -> list[Floats]:
    """Counts as floats whose weighted sums are whole numbers below 2 ** 53: one matrix, or low and high halves."""
    if int(np.abs(counts).max(initial=0)) * counts.shape[0] < _EXACT:
        return [counts.astype(np.float64)]
    low = counts & ((1 << 26) - 1)
    return [low.astype(np.float64), *_limbs((counts - low) >> 26)]


def _added(weight: Floats, limbs: Sequence[Floats]) -> Floats:
    total = weight @ limbs[-1]
    for limb in reversed(limbs[:-1]):
        total = total * float(1 << 26) + weight @ limb
    return total


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
        {measure.name: np.full(resamples, np.nan) for measure in job.family.measures if _resamples(job, resamples)}
        for job in jobs
    ]
    at = 0
    summed = [(place, job.family, job.counts) for place, job in enumerate(jobs) if not isinstance(job.counts, list)]
    limbs = _limbs(np.concatenate([counts for *_, counts in summed], axis=1)) if summed else []
    with np.errstate(invalid="ignore", divide="ignore"):
        for weight in weights(articles, resamples, seed):
            here = slice(at, at + len(weight))
            at += len(weight)
            column = 0
            totals = _added(weight, limbs) if summed else np.zeros((len(weight), 0))
            for place, family, counts in summed:
                total = totals[:, column : column + counts.shape[1]]
                column += counts.shape[1]
                for measure in family.measures:
                    out[place][measure.name][here] = measure.score(total)
            for place, job in enumerate(jobs):
                if job.family.pooled and out[place]:
                    _pooled(job, weight, out[place], here)
    return out


def _resamples(job: Job, resamples: int) -> bool:
    return not job.family.pooled or resamples * sum(map(len, job.counts)) <= POOLED_CELLS


def _pooled(job: Job, weight: Floats, values: dict[str, Floats], here: slice) -> None:
    step = max(1, _CELLS // max(1, sum(map(len, job.counts))))
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


class Difference(NamedTuple):
    """New minus old: the difference, its paired interval, its standard error; NaN where there is none."""

    value: float
    low: float
    high: float
    error: float


def difference(
    family: Family, measure: Measure, new: Counts, old: Counts, counted: int, resamples: int, seed: int
) -> Difference:
    """The paired difference of a measure; both counts have a row for the same articles."""
    single = Family(family.name, family.count, (measure,), family.pooled)
    articles = len(new)
    value = point(single, new)[measure.name] - point(single, old)[measure.name]
    if counted < FEWEST or resamples < 1:
        return Difference(value, float("nan"), float("nan"), float("nan"))
    left, right = resampled([Job(single, new, counted), Job(single, old, counted)], articles, resamples, seed)
    if not left or not right:
        return Difference(value, float("nan"), float("nan"), float("nan"))
    gaps = left[measure.name] - right[measure.name]
    low, high = interval(gaps)
    known = gaps[~np.isnan(gaps)]
    error = float(np.std(known, ddof=1)) if np.isfinite(low) and len(known) > 1 else float("nan")
    return Difference(value, low, high, error)


def randomisation(family: Family, measure: Measure, new: Counts, old: Counts, resamples: int, seed: int) -> float:
    """The two-sided p of approximate randomisation: how often swapping whole articles at random gives a difference at
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
        limbs = _limbs(gap)
        for flip in flips(len(new), resamples, seed):
            moved = _added(flip, limbs)
            differences = measure.score(total_new - moved) - measure.score(total_old + moved)
            # an undefined difference counts against the new system: it is no evidence; 1e-12 for rounding of ties
            beyond += int(np.sum(~(np.abs(differences) < abs(seen) - 1e-12)))
    return (beyond + 1) / (resamples + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's corrected p values, in the same order; NaN stays NaN and belongs to no family."""
    known = sorted((p, at) for at, p in enumerate(p_values) if not np.isnan(p))
    out, reached = [float("nan")] * len(p_values), 0.0
    for rank, (p, at) in enumerate(known):
        reached = max(reached, min(1.0, p * (len(known) - rank)))
        out[at] = reached
    return out


def mcnemar(first: Sequence[int] | Ints, second: Sequence[int] | Ints) -> float:
    """Exact two-sided McNemar test of two lists of right answers; 1 where they never disagree. Twice the tail of the
    binomial distribution, its terms added from the largest down: linear in the number of disagreements. ValueError
    for lists of unlike lengths."""
    if len(first) != len(second):
        raise ValueError(f"found {len(first)} and {len(second)} answers, expected the same number")
    gap = np.asarray(first, dtype=np.int64) - np.asarray(second, dtype=np.int64)
    fewer, more = sorted((int((gap > 0).sum()), int((gap < 0).sum())))
    if fewer == more:
        return 1.0
    # the largest term is binomial(fewer + more, fewer) / 2 ** (fewer + more), its factors paired so that none is large
    place = np.arange(1, fewer + 1)
    log_largest = math.fsum(np.log((more + place) / (4 * place)).tolist()) - (more - fewer) * math.log(2)
    terms = np.cumprod(np.arange(fewer, 0, -1) / np.arange(more + 1, more + fewer + 1))
    return min(1.0, 2 * math.exp(log_largest) * math.fsum([1.0, *terms.tolist()]))
