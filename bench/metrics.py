"""Speed of metrics against nervaluate, seqeval and scikit-learn: CPU seconds of one run on the same data, and ratios.

    python bench/metrics.py

Conventions: spans are flat, as the others need them (10,000 documents with 40 gold and 40 predicted spans each). What
resampling with scikit-learn costs is measured on a few resamples and multiplied; the line says so. Memory is the peak
that Python and numpy allocate above the inputs.
"""

import argparse
import random
import time
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from allegedly.eval import bootstrap
from allegedly.eval.bootstrap import Job
from allegedly.eval.columns import Items, parts
from allegedly.eval.matching import match, overlaps
from allegedly.eval.metric import Family
from allegedly.eval.metrics import sentences, spans
from allegedly.schemas.records import Claim, Span

LABELS = ("event", "quantity", "rule", "other")
GAP = 16


def documents(count: int, each: int, seed: int) -> tuple[list, list]:
    """Gold and predicted spans with labels: of the predicted three in five are equal, one in five is moved, one in ten
    has another label, one in ten stands elsewhere."""
    draw = random.Random(seed)
    gold, predicted = [], []
    for _ in range(count):
        one, other = [], []
        for at in range(each):
            start = at * GAP + draw.randrange(4)
            end = start + 1 + draw.randrange(6)
            label = draw.randrange(len(LABELS))
            one.append((start, end, label))
            kind = draw.random()
            if kind < 0.6:
                other.append((start, end, label))
            elif kind < 0.8:
                other.append((start, end + 1 + draw.randrange(3), label))
            elif kind < 0.9:
                other.append((start, end, (label + 1) % len(LABELS)))
            else:
                other.append((at * GAP + 13, at * GAP + 15, label))
        gold.append(one)
        predicted.append(other)
    return gold, predicted


def spent(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    """CPU seconds, the least of some runs, and what came out."""
    best, out = float("inf"), None
    for _ in range(repeat):
        before = time.process_time()
        out = work()
        best = min(best, time.process_time() - before)
    return best, out


def peak(work: Callable[[], Any]) -> float:
    """Megabytes allocated at most, above what was there."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (most - before) / 1e6


def columns(side: list) -> Any:
    """Columns with labels."""
    return parts([[((s, e),) for s, e, _ in doc] for doc in side], [[label for *_, label in doc] for doc in side])


def claims(side: list) -> list:
    """The same as labels of articles."""
    return [[Claim(extent=(Span(s, e),), kind=LABELS[label]) for s, e, label in doc] for doc in side]


def from_records(gold: list, predicted: list, articles: int) -> np.ndarray:
    """Exact and partial from labels."""
    one, other = (parts([[label.extent for label in doc] for doc in side]) for side in (gold, predicted))
    return spans.semeval(one, other, articles)


def span_speed(count: int, each: int) -> None:
    """Spans: exact and partial, all schemes by label, exact alone."""
    import nervaluate
    from seqeval.metrics import f1_score

    gold, predicted = documents(count, each, 0)
    docs = [
        [[{"label": LABELS[x], "start": s, "end": e - 1} for s, e, x in doc] for doc in side]
        for side in (gold, predicted)
    ]
    theirs, found = spent(
        lambda: nervaluate.Evaluator(docs[0], docs[1], tags=list(LABELS), loader="dict").evaluate(), repeat=1
    )
    one, other = columns(gold), columns(predicted)
    records = claims(gold), claims(predicted)
    plain = [parts([[((s, e),) for s, e, _ in doc] for doc in side]) for side in (gold, predicted)]

    both, counts = spent(lambda: spans.semeval(*plain, count))
    whole, _ = spent(lambda: from_records(*records, count))
    by_label, _ = spent(
        lambda: (spans.semeval(one, other, count), spans.semeval_by_label(one, other, count, len(LABELS)))
    )
    exact, _ = spent(lambda: spans.exact(*plain, count))
    total = counts.sum(axis=0)
    for name, right in (("exact", total[1]), ("partial", total[1] + total[3] / 2)):
        ours, expected = 2 * right / (total[4] + total[5]), found["overall"][name].f1
        print(f"{name} F1: ours {ours:.6f}, nervaluate {expected:.6f}")

    tags = [[_tags(doc, each * GAP) for doc in side] for side in (gold, predicted)]
    seqeval, _ = spent(lambda: f1_score(tags[0], tags[1]), repeat=1)
    memory = max(peak(lambda: spans.semeval(*plain, count)), peak(lambda: spans.exact(*plain, count)))

    line("exact and partial from columns", both, "nervaluate, all", theirs, 50)
    line("exact and partial from records", whole, "nervaluate, all", theirs, 20)
    line("four schemes, overall and by label", by_label, "nervaluate, all", theirs, 8)
    line("exact", exact, "seqeval", seqeval, 150)
    print(f"memory above the inputs: {memory:.0f} MB (at most 100)")


def _tags(doc: list, length: int) -> list[str]:
    out = ["O"] * length
    reach = 0
    for start, end, label in sorted(doc):
        if start >= reach:
            out[start:end] = [f"B-{LABELS[label]}"] + [f"I-{LABELS[label]}"] * (end - start - 1)
            reach = end
    return out


def line(what: str, ours: float, whose: str, theirs: float, least: float) -> None:
    """One ratio."""
    print(f"{what}: {ours:.3f} s; {whose}: {theirs:.2f} s; ratio {theirs / ours:.0f} (at least {least:g})")


def resampling_speed(articles: int, each: int, resamples: int, tried: int) -> None:
    """Resampling: one number, and a report of twenty."""
    from sklearn.metrics import f1_score, precision_recall_fscore_support

    draw = np.random.default_rng(0)
    size = articles * each
    article, gold = np.repeat(np.arange(articles), each), draw.integers(0, 3, size)
    predicted = np.where(draw.random(size) < 0.7, gold, draw.integers(0, 3, size))
    nothing = np.full(size, np.nan)
    items = Items(articles, ("a", "b", "c"), 2, article, gold, predicted, nothing, nothing, nothing)
    family = sentences.family(items.classes)
    one = Family(family.name, family.count, tuple(m for m in family.measures if m.name == "f1:macro"))
    twenty = Family(family.name, family.count, family.measures[:20])

    def ours(chosen: Family) -> Any:
        return bootstrap.intervals([Job(chosen, chosen.count(items), articles)], articles, resamples, 0)

    rows = gold.reshape(articles, each), predicted.reshape(articles, each)
    drawn = [draw.integers(0, articles, articles) for _ in range(tried)]

    def theirs(score: Callable) -> None:
        for at in drawn:
            score(rows[0][at].reshape(-1), rows[1][at].reshape(-1))

    single = spent(lambda: theirs(lambda g, p: f1_score(g, p, average="macro")), repeat=1)[0] / tried * resamples
    # a number costs a call: twenty numbers of precision, recall and F1 are twenty calls of the cheapest that gives them
    each_number = spent(lambda: theirs(precision_recall_fscore_support), repeat=1)[0] / tried * resamples
    note = f"scikit-learn ({tried} resamples, times {resamples // tried})"
    line("one number", spent(lambda: ours(one))[0], note, single, 100)
    line("a report of 20 numbers", spent(lambda: ours(twenty))[0], note, 20 * each_number, 1000)
    print(f"memory above the inputs: {peak(lambda: ours(twenty)):.0f} MB (at most 200)")


def nested_speed(size: int) -> None:
    """Matching of spans that lie one in the other, against scipy on the matrix of their overlaps."""
    from scipy.optimize import linear_sum_assignment

    draw = np.random.default_rng(0).integers(1, 4, (2, size)).tolist()
    one = parts([[((at, 5 * size - at),) for at in range(size)]])
    other = parts([[((at + a, 5 * size - at - b),) for at, a, b in zip(range(size), *draw, strict=True)]])
    ours, pairs = spent(lambda: match(one, other))
    left, right, shared = overlaps(one, other)
    free = ~np.isin(left, pairs.gold[pairs.equal]) & ~np.isin(right, pairs.predicted[pairs.equal])
    matrix = np.zeros((size, size), dtype=np.int64)
    matrix[left[free], right[free]] = shared[free]
    theirs, (row, column) = spent(lambda: linear_sum_assignment(matrix, maximize=True))
    total = int(pairs.overlap[~pairs.equal].sum())
    print(f"{size} nested spans: overlap ours {total}, scipy {int(matrix[row, column].sum())}")
    line(f"{size} nested spans, from columns", ours, "scipy, assignment alone", theirs, 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--resamples", type=int, default=10_000)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    span_speed(args.documents, 40)
    nested_speed(1_200)
    resampling_speed(args.documents, 10, args.resamples, 20)


if __name__ == "__main__":
    main()
