"""Parts of labels: exact, SemEval-2013's four schemes, characters, tokens, PTC's shares and CofeNet's figures.

Conventions: a whole part is right when all its pieces are equal; duplicates count as often as they stand there
(multisets). Nothing predicted and nothing gold is NaN, one of them alone 0. Overlapping, nested and discontinuous parts
are matched one to one (see ``matching``) wherever a definition does not say otherwise: characters and tokens are sets
(one covered twice counts once), PTC merges pieces that touch or overlap first, CofeNet looks at contiguous pieces by
membership.

Source: SemEval-2013 task 9 (strict, exact, partial, type, with ACT = predicted and POS = gold); PTC, SemEval-2020 task
11 (Da San Martino et al.), C(s, t, h) = |s and t| / h; CofeNet (Wang et al. 2022), ``exe/eval/evaluation.py``.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.columns import Ints, Parts, tally
from allegedly.eval.matching import equal, match, overlaps
from allegedly.eval.metric import SCALE, Family, Measure, defined_mean, harmonic, ratio, triple
from allegedly.eval.metrics.agreement import marked, marked_measure

TOKEN = re.compile(r"\w+|[^\w\s]")
_NAMES = ("f1", "precision", "recall")


def exact(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Equal parts, predicted ones, gold ones: (articles, 3)."""
    right, _ = equal(gold, predicted)
    return _columns(gold, predicted, articles, tally(gold.article[right], articles))


def _columns(gold: Parts, predicted: Parts, articles: int, *more: Ints) -> Ints:
    return np.stack((*more, tally(predicted.article, articles), tally(gold.article, articles)), axis=1)


def semeval(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Pairs that are equal with one label, equal, overlap with one label, overlap; predicted, gold; predicted and gold
    without gold parts whose label is null and what was matched to them: (articles, 8)."""
    pairs = match(gold, predicted)
    label = gold.label[pairs.gold]
    same = (label == predicted.label[pairs.predicted]) & (label >= 0)
    article = gold.article[pairs.gold]
    kinds = (pairs.equal & same, pairs.equal, ~pairs.equal & same, ~pairs.equal)
    labelled = gold.label >= 0
    beside = np.zeros(len(predicted), dtype=bool)
    # where no gold part has a label there is nothing to be wrong about
    beside[pairs.predicted[label < 0]] = True
    left = predicted.article[~beside] if labelled.any() or not len(gold) else predicted.article[:0]
    counts = _columns(gold, predicted, articles, *(tally(article[kind], articles) for kind in kinds))
    return np.column_stack((counts, tally(left, articles), tally(gold.article[labelled], articles)))


def semeval_by_label(gold: Parts, predicted: Parts, articles: int, labels: int) -> Ints:
    """The four schemes label by label, matched inside one label: (articles, labels, 4) with equal pairs, overlapping
    pairs, predicted and gold. Strict equals exact there, and type counts both sorts of pairs in full."""

    def split(side: Parts) -> Parts:
        article = side.article * labels + side.label
        order = np.argsort(article, kind="stable")
        return Parts(article[order], np.full(len(side), -1), side.first, side.start[order], side.end[order], order)

    if not (gold.single and predicted.single):
        raise ValueError("scores by label are for parts of one piece")
    one, other = split(gold), split(predicted)
    pairs = match(one, other)
    article = one.article[pairs.gold]
    counts = (tally(article[kind], articles * labels) for kind in (pairs.equal, ~pairs.equal))
    return _columns(one, other, articles * labels, *counts).reshape(articles, labels, 4)


def _scheme(name: str, right: Callable[[NDArray], NDArray], below: int, suffix: str) -> list[Measure]:
    """F1, precision and recall of a SemEval scheme: what it counts as right, and the columns it is divided by."""
    predicted, gold = below, below + 1
    return [
        Measure(f"{name}_f1{suffix}", lambda c: ratio(2 * right(c), c[..., predicted] + c[..., gold])),
        Measure(f"{name}_precision{suffix}", lambda c: ratio(right(c), c[..., predicted])),
        Measure(f"{name}_recall{suffix}", lambda c: ratio(right(c), c[..., gold])),
    ]


def semeval_measures(at: int, suffix: str, *, labels: bool) -> list[Measure]:
    """Measures from the columns of ``semeval``; strict and type only where parts carry labels."""
    schemes = {"partial": lambda c: c[..., at + 1] + c[..., at + 3] / 2}
    if labels:
        schemes["strict"] = lambda c: c[..., at]
        schemes["type"] = lambda c: c[..., at] + c[..., at + 2]
    below = {"partial": at + 4}
    return [m for name, right in schemes.items() for m in _scheme(name, right, below.get(name, at + 6), suffix)]


def characters(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Characters of both, of predicted, of gold, each once: (articles, 3)."""
    one, other = gold.merged(), predicted.merged()
    left, _, shared = overlaps(one, other)
    return np.stack(
        (
            tally(one.article[left], articles, shared),
            *(tally(side.article, articles, side.end - side.start) for side in (other, one)),
        ),
        axis=1,
    )


def tokens(gold: Parts, predicted: Parts, texts: Sequence[str]) -> Ints:
    """Tokens of both, of predicted, of gold, each once: (articles, 3). A token belongs to what it overlaps."""
    counts = np.zeros((len(texts), 3), dtype=np.int64)
    one, other = gold.merged(), predicted.merged()
    edges = [np.searchsorted(side.article, np.arange(len(texts) + 1)) for side in (one, other)]
    for article, text in enumerate(texts):
        left, right = (slice(edge[article], edge[article + 1]) for edge in edges)
        if left.start == left.stop and right.start == right.stop:
            continue
        spans = np.array([found.span() for found in TOKEN.finditer(text)], dtype=np.int64).reshape(-1, 2)
        is_gold, is_predicted = (
            np.searchsorted(side.start[at], spans[:, 1], side="left")
            > np.searchsorted(side.end[at], spans[:, 0], side="right")
            for side, at in ((one, left), (other, right))
        )
        counts[article] = ((is_gold & is_predicted).sum(), is_predicted.sum(), is_gold.sum())
    return counts


def shares(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """PTC: summed shares of predicted and of gold pieces in billionths, merged pieces predicted and gold:
    (articles, 4)."""
    one, other = gold.merged(), predicted.merged()
    left, right, shared = overlaps(one, other)
    lengths = (other.end - other.start)[right], (one.end - one.start)[left]
    article = one.article[left]
    sums = (tally(article, articles, np.rint(shared * SCALE / length).astype(np.int64)) for length in lengths)
    return _columns(one, other, articles, *sums)


def shares_measures(at: int, suffix: str) -> list[Measure]:
    """PTC's precision, recall and F1."""

    def precision(c: NDArray) -> NDArray:
        return ratio(c[..., at] / SCALE, c[..., at + 2])

    def recall(c: NDArray) -> NDArray:
        return ratio(c[..., at + 1] / SCALE, c[..., at + 3])

    options = "touching and overlapping pieces merged"
    return [
        Measure(f"ptc_f1{suffix}", lambda c: harmonic(precision(c), recall(c)), options),
        Measure(f"ptc_precision{suffix}", precision, options),
        Measure(f"ptc_recall{suffix}", recall, options),
    ]


def pieces(side: Parts) -> dict[int, list[tuple[int, int]]]:
    """The contiguous pieces of each article, in order, duplicates kept."""
    found: dict[int, list[tuple[int, int]]] = {}
    article = side.article[side.owners()]
    for key, start, end in sorted(zip(article.tolist(), side.start.tolist(), side.end.tolist(), strict=True)):
        found.setdefault(key, []).append((start, end))
    return found


def cofenet(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """Contiguous pieces by membership: gold ones found, gold ones, predicted ones that are none; the same by where
    they begin; then Jaccard summed in billionths and its items: (articles, 8)."""
    counts = np.zeros((articles, 8), dtype=np.int64)
    left, right = pieces(gold), pieces(predicted)
    for article in sorted({*left, *right}):
        counts[article] = _cofenet(left.get(article, []), right.get(article, []))
    return counts


def _cofenet(gold: list[tuple[int, int]], predicted: list[tuple[int, int]]) -> list[int]:
    out = []
    for one, other in ((gold, predicted), ([s for s, _ in gold], [s for s, _ in predicted])):
        known, found = set(one), set(other)
        out += [sum(piece in found for piece in one), len(one), sum(piece not in known for piece in other)]
    exact_gold, exact_predicted = set(gold), set(predicted)
    values = [
        1.0 if piece in exact_predicted else max((_hull(piece, other) for other in predicted), default=0.0)
        for piece in gold
    ]
    strays = sum(piece not in exact_gold and not any(_hull(piece, other) > 0 for other in gold) for piece in predicted)
    return [*out, sum(round(value * SCALE) for value in values), len(gold) + strays]


def _hull(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Shared characters over those from the first to the last of both."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, shared / (max(one[1], other[1]) - min(one[0], other[0])))


def cofenet_measures(at: int, suffix: str) -> list[Measure]:
    """Exact and begin F1, precision and recall, and Jaccard."""
    measures = []
    for name, k in (("exact", at), ("begin", at + 3)):
        # columns: found, gold, strays; predicted as they count it is found + strays
        measures += [
            Measure(
                f"cofenet_{name}_f1{suffix}",
                lambda c, k=k: ratio(2 * c[..., k], c[..., k] + c[..., k + 1] + c[..., k + 2]),
            ),
            Measure(f"cofenet_{name}_precision{suffix}", lambda c, k=k: ratio(c[..., k], c[..., k] + c[..., k + 2])),
            Measure(f"cofenet_{name}_recall{suffix}", lambda c, k=k: ratio(c[..., k], c[..., k + 1])),
        ]
    measures.append(Measure(f"cofenet_jaccard{suffix}", lambda c: ratio(c[..., at + 6] / SCALE, c[..., at + 7])))
    return measures


#: What each way of counting needs: a width, a count of (gold, predicted, view), measures from a column on.
_WAYS: dict[str, tuple[int, Callable, Callable]] = {
    "exact": (3, lambda g, p, v: exact(g, p, v.articles), lambda at, s, _: triple(_NAMES, at, s, "exact_")),
    "semeval": (
        8,
        lambda g, p, v: semeval(g, p, v.articles),
        lambda at, s, labels: semeval_measures(at, s, labels=labels),
    ),
    "characters": (3, lambda g, p, v: characters(g, p, v.articles), lambda at, s, _: triple(_NAMES, at, s, "char_")),
    "tokens": (
        3,
        lambda g, p, v: tokens(g, p, v.texts),
        lambda at, s, _: triple(_NAMES, at, s, "token_", options=f"token={TOKEN.pattern}"),
    ),
    "ptc": (4, lambda g, p, v: shares(g, p, v.articles), lambda at, s, _: shares_measures(at, s)),
    "cofenet": (8, lambda g, p, v: cofenet(g, p, v.articles), lambda at, s, _: cofenet_measures(at, s)),
    "marked": (3, lambda g, p, v: marked(g, p, v.lengths), lambda at, s, _: [marked_measure(at, s)]),
}


def family(way: str, names: Sequence[str], *, attribute: str | None = None) -> Family:
    """A way of counting over the parts of these names. Several parts are apart, ``:content``, with ``:macro``, the
    mean over the parts that are defined."""
    width, count, measures_of = _WAYS[way]

    def counts(view) -> Ints:
        return np.concatenate([count(*view.parts(name, attribute), view) for name in names], axis=1)

    if len(names) == 1:
        return Family(way, counts, tuple(measures_of(0, "", attribute is not None)))
    by_part = [measures_of(at * width, f":{name}", attribute is not None) for at, name in enumerate(names)]
    macro = [
        Measure(
            f"{alike[0].name.partition(':')[0]}:macro",
            lambda c, alike=alike: defined_mean([measure.score(c) for measure in alike]),
            ",".join(filter(None, (alike[0].options, "mean over the parts that are defined"))),
        )
        for alike in zip(*by_part, strict=True)
    ]
    return Family(way, counts, tuple(measure for measures in by_part for measure in measures) + tuple(macro))
