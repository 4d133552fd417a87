"""Whether intervals and gates keep what they promise when articles come in copies: simulated, with known truths.

Conventions: a group is one article in 1, 3 or 10 copies, all groups alike or mixed; ``skewed`` draws the number of copies
from a distribution with a long tail. Copies are scored alike. Coverage is the share of simulated test sets whose 95
percent interval holds the true value: 93 to 97 percent is aimed at from 60 groups on. False alarms are those of two equal
systems: how often the interval of their difference leaves out 0 and how often the paired randomisation is below 5 percent
(two-sided, 2 to 6 percent aimed at), and how often the gate ``max_drop = 0`` fails (one side of the same test). Beside
each stands what plain 2.5 and 97.5 percent quantiles give, and (from the first test sets only, being slow) what they give
where each copy counts as an article.

    python bench/coverage.py [--sets 2000] [--resamples 1000] [--groups 20,60,200] [--of-articles 200] [--seed 0]
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from allegedly.eval import bootstrap, paired_tests
from allegedly.eval.bootstrap import Job
from allegedly.eval.columns import Floats, Ints
from allegedly.eval.gate import LEVEL, verdict_of
from allegedly.eval.gate_file import Gate
from allegedly.eval.metric import SCALE, Family, Measure, ratio, triple
from allegedly.eval.resamples import by_group

#: Test sets that a true value is taken from, and the groups in each.
MANY, LARGE = 20, 50_000
COPIES = ("1", "3", "10", "mixed", "skewed")


@dataclass(frozen=True)
class Metric:
    """A metric and its articles: from random numbers, how many articles and how many systems to the counts of each
    system; the systems are equally good, and find the same articles hard."""

    family: Family
    draw: Callable[[np.random.Generator, int, int], list[Ints]]

    @property
    def measure(self) -> Measure:
        """Its one measure."""
        return self.family.measures[0]


def _accuracy(draw: np.random.Generator, articles: int, systems: int) -> list[Ints]:
    sentences, hard = draw.integers(5, 26, articles), draw.beta(8, 2, articles)
    return [np.stack((draw.binomial(sentences, hard), sentences), axis=1) for _ in range(systems)]


def _f1(draw: np.random.Generator, articles: int, systems: int) -> list[Ints]:
    sentences = draw.integers(5, 26, articles)
    gold = draw.binomial(sentences, draw.beta(2, 6, articles))
    recall, noise = draw.beta(6, 2, articles), draw.beta(1.5, 15, articles)
    out = []
    for _ in range(systems):
        right = draw.binomial(gold, recall)
        out.append(np.stack((right, right + draw.binomial(sentences - gold, noise), gold), axis=1))
    return out


def _ranking(draw: np.random.Generator, articles: int, systems: int) -> list[Ints]:
    """Average precision of articles, of which some have no positive and are left out; many are ranked perfectly."""
    has = draw.random(articles) < 0.85
    easy = draw.beta(2, 3, articles)
    out = []
    for _ in range(systems):
        precision = np.where(draw.random(articles) < easy, 1.0, draw.beta(2, 2, articles))
        out.append(np.stack((has, np.rint(has * precision * SCALE)), axis=1).astype(np.int64))
    return out


def _family(measure: Measure) -> Family:
    return Family(measure.name, lambda view: view, (measure,))


METRICS = {
    "accuracy": Metric(_family(Measure("accuracy", lambda c: ratio(c[..., 0], c[..., 1]))), _accuracy),
    "f1": Metric(_family(triple(("f1",))[0]), _f1),
    "map": Metric(_family(Measure("map", lambda c: ratio(c[..., 1] / SCALE, c[..., 0]))), _ranking),
}


def copies(draw: np.random.Generator, groups: int, how: str) -> Ints:
    """In how many copies the article of each group comes."""
    if how == "mixed":
        return draw.choice(np.array([1, 3, 10]), groups)
    if how == "skewed":
        return np.minimum(np.floor(draw.pareto(1.2, groups) + 1), 40).astype(np.int64)
    return np.full(groups, int(how))


class TestSet(NamedTuple):
    """Counts of each system for each article, and the number of each article's group."""

    counts: list[Ints]
    group: Ints


def test_sets(metric: Metric, groups: int, how: str, sets: int, systems: int, seed: int) -> Iterator[TestSet]:
    """Test sets of so many groups."""
    draw = np.random.default_rng((seed, groups, COPIES.index(how), systems))
    for _ in range(sets):
        times = copies(draw, groups, how)
        counts = [np.repeat(side, times, axis=0) for side in metric.draw(draw, groups, systems)]
        yield TestSet(counts, np.repeat(np.arange(groups), times))


def truth(metric: Metric, how: str, seed: int) -> float:
    """The value that larger and larger test sets come to."""
    total = sum(side.sum(axis=0) for one in test_sets(metric, LARGE, how, MANY, 1, seed + 1) for side in one.counts)
    return float(metric.measure.score(np.asarray(total)[None, :])[0])


class Coverage(NamedTuple):
    """Shares of test sets whose interval holds the truth: ours, plain quantiles of groups, plain ones of articles."""

    ours: float
    plain: float
    of_articles: float


def coverage(
    metric: Metric, groups: int, how: str, sets: int, resamples: int, seed: int, of_articles: int = 0
) -> Coverage:
    """How often intervals hold the true value; articles are counted each in so many of the sets."""
    true, hits = truth(metric, how, seed), np.zeros(3)
    for number, one in enumerate(test_sets(metric, groups, how, sets, 1, seed)):
        (counts,) = one.counts
        jobs = [Job(metric.family, by_group(counts, one.group), groups), Job(metric.family, counts, len(counts))]
        ours = bootstrap.intervals(jobs[:1], groups, resamples, number)[0][metric.measure.name]
        ends = [ours, *(_plain(job, resamples, number) for job in jobs[: 1 + (number < of_articles)])]
        hits[: len(ends)] += [low <= true <= high for low, high in ends]
    return Coverage(*_shares(hits, sets, of_articles))


def _shares(counts: Floats, sets: int, of_articles: int) -> list[float]:
    """Shares of the test sets; NaN for articles where these were not looked at."""
    least = min(sets, of_articles)
    return [*(counts[:-1] / sets).tolist(), float(counts[-1] / least) if least else float("nan")]


def _plain(job: Job, resamples: int, seed: int) -> tuple[float, float]:
    (values,) = bootstrap.resampled([job], len(job.counts), resamples, seed)[0].values()
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


class Alarms(NamedTuple):
    """Shares of test sets on which two equal systems seem to differ: by our interval, by the paired randomisation, by
    the gate (worse only), by plain quantiles of the groups, and by plain quantiles of articles."""

    interval: float
    randomisation: float
    gate: float
    plain: float
    of_articles: float


def alarms(metric: Metric, groups: int, how: str, sets: int, resamples: int, seed: int, of_articles: int = 0) -> Alarms:
    """How often two equal systems seem to differ; articles are counted each in so many of the sets."""
    gate = Gate(task="claim-detection", metric="accuracy", limit="max_drop", allowed=0.0, rule="proved")
    family, measure, seen = metric.family, metric.measure, np.zeros(5)
    for number, one in enumerate(test_sets(metric, groups, how, sets, 2, seed)):
        new, old = (by_group(side, one.group) for side in one.counts)
        change = paired_tests.difference(family, measure, new, old, groups, resamples, number)
        p = paired_tests.randomisation(family, measure, new, old, resamples, number)
        pairs = [(new, old), one.counts][: 1 + (number < of_articles)]
        plain = [_gap(metric, pair, resamples, number) for pair in pairs]
        seen[: 3 + len(plain)] += [
            change.low > 0 or change.high < 0,
            p < LEVEL,
            verdict_of(change._replace(p=p), gate).verdict == "failed",
            *(low > 0 or high < 0 for low, high in plain),
        ]
    return Alarms(*_shares(seen, sets, of_articles))


def _gap(metric: Metric, pair: Sequence[Ints], resamples: int, seed: int) -> tuple[float, float]:
    """Plain quantiles of the difference."""
    jobs = [Job(metric.family, side, len(side)) for side in pair]
    values: list[Floats] = [
        of_side[metric.measure.name] for of_side in bootstrap.resampled(jobs, len(pair[0]), resamples, seed)
    ]
    low, high = np.nanquantile(values[0] - values[1], (0.025, 0.975))
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=2000, help="test sets of each line")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--groups", default="20,60,200")
    parser.add_argument("--copies", default=",".join(COPIES))
    parser.add_argument("--metrics", default=",".join(METRICS))
    parser.add_argument("--of-articles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print("groups copies  metric   | covers  plain  articles | alarms  random  gate    plain   articles", flush=True)
    for groups in map(int, asked.groups.split(",")):
        for how in asked.copies.split(","):
            for name in asked.metrics.split(","):
                drawn = (METRICS[name], groups, how, asked.sets, asked.resamples, asked.seed, asked.of_articles)
                held, seen = coverage(*drawn), alarms(*drawn)
                shares = [" ".join(f"{share:6.1%} " for share in shares) for shares in (held, seen)]
                print(f"{groups:6} {how:7} {name:8} | {shares[0]}| {shares[1]}", flush=True)


if __name__ == "__main__":
    main()
