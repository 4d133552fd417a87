"""Agreement: how far two annotators of the same articles say the same, layer by layer and part by part.

Conventions: only articles count that both annotated in the layer. A part agrees exactly where all its spans are equal
(as multisets, empty parts left out), and by characters as far as both cover the same ones; both are F1, which does not
care who is the reference. An attribute is compared on labels paired one to one by the overlap of extent, cue or
content, the largest overlap first (among equals the earlier label), null on either side left out; what is reported is
the share that is equal. Classes of sentences are compared by Cohen's kappa. Intervals are the middle 95 % of a
bootstrap over articles. An undefined figure is NaN.

Source: Cohen 1960 (kappa); Hripcsak and Rothschild 2005 (F1 as agreement where there are no negatives to count).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import NamedTuple, TypeVar

import numpy as np

from allegedly.schemas.derive import sentence_classes
from allegedly.schemas.records import (
    LABELS,
    LAYERS,
    LINK,
    MAIN_PART,
    Article,
    Attribution,
    Claim,
    Labels,
    Part,
    Record,
    Speculation,
)

#: A label of any layer.
L = TypeVar("L", bound=Claim | Speculation | Attribution)

ATTRIBUTES = {
    "claims": ("kind", "worth", "certainty", "polarity"),
    "speculations": ("kind", "certainty"),
    "attributions": ("form", "act", "negated", "source_kind"),
}
CLASSES = {
    "claims": ("claim", ("no_claim", "unimportant", "check_worthy")),
    "speculations": ("speculation", ("certain", "speculative")),
    "attributions": ("attribution", ("none", "attributed")),
}


class Figure(NamedTuple):
    """One figure of agreement; ``first`` and ``second`` say how much each annotator marked, or that was compared."""

    layer: str
    what: str
    measure: str
    value: float
    low: float
    high: float
    articles: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One article, labelled twice."""

    article: Article
    first: Labels
    second: Labels


def annotators(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Pairs of annotators that share articles, in order of their ids."""
    together = {pair for record in records for pair in combinations(sorted(v.annotator.id for v in record.votes), 2)}
    return sorted(together)


def pairs(records: Sequence[Record], first: str, second: str) -> list[Pair]:
    """The articles that both annotated."""
    shared = []
    for record in records:
        votes = {vote.annotator.id: vote.labels for vote in record.votes}
        if first in votes and second in votes:
            shared.append(Pair(record.article, votes[first], votes[second]))
    return shared


def agreement(pairs: Sequence[Pair], *, resamples: int = 1000, seed: int = 0) -> Iterator[Figure]:
    """All figures, layer by layer: classes of sentences, parts, attributes. A layer that no article has twice has
    none."""
    for layer in LAYERS:
        both = [
            pair for pair in pairs if getattr(pair.first, layer) is not None and getattr(pair.second, layer) is not None
        ]
        if both:
            yield from _of_layer(layer, both, partial(_figure, layer, resamples=resamples, seed=seed))


def _of_layer(layer: str, both: Sequence[Pair], figure: Callable[..., Figure]) -> Iterator[Figure]:
    column, classes = CLASSES[layer]
    yield figure("sentences", "kappa", [_confusion(pair, column, classes) for pair in both], _kappa)
    for part in LABELS[layer].PARTS:
        yield figure(part, "exact F1", [_exact(pair, layer, part) for pair in both], _f1)
        yield figure(part, "character F1", [_characters(pair, layer, part) for pair in both], _f1)
    for name in ATTRIBUTES[layer]:
        yield figure(name, "share equal", [_equal(pair, layer, name) for pair in both], _share)
    yield figure(LINK[layer], "share equal", [_linked(pair, layer) for pair in both], _share)


def _figure(
    layer: str,
    what: str,
    measure: str,
    counts: Sequence[np.ndarray | tuple[int, int, int]],
    score: Callable[[np.ndarray], float],
    *,
    resamples: int,
    seed: int,
) -> Figure:
    """One figure from the counts of each article."""
    table = np.array(counts)
    low, high = _interval(table, score, resamples, seed)
    total = table.sum(axis=0)
    first, second = (total[1], total[2]) if total.ndim == 1 else (total.sum(), total.sum())
    return Figure(layer, what, measure, score(total), low, high, len(counts), int(first), int(second))


def _interval(
    table: np.ndarray, score: Callable[[np.ndarray], float], resamples: int, seed: int
) -> tuple[float, float]:
    drawn = np.random.default_rng(seed).integers(0, len(table), size=(resamples, len(table)))
    scores = np.array([score(table[rows].sum(axis=0)) for rows in drawn])
    defined = scores[~np.isnan(scores)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, (0.025, 0.975))
    return low, high


def _f1(counts: np.ndarray) -> float:
    both, first, second = counts
    return float(2 * both / (first + second)) if first + second else float("nan")


def _share(counts: np.ndarray) -> float:
    return float(counts[0] / counts[1]) if counts[1] else float("nan")


def _kappa(table: np.ndarray) -> float:
    total = table.sum()
    if not total:
        return float("nan")
    by_chance = float((table.sum(axis=0) * table.sum(axis=1)).sum() / total**2)
    return float((np.trace(table) / total - by_chance) / (1 - by_chance)) if by_chance < 1 else float("nan")


def _confusion(pair: Pair, column: str, classes: Sequence[str]) -> np.ndarray:
    table = np.zeros((len(classes), len(classes)), dtype=np.int64)
    sides = (sentence_classes(pair.article, labels) for labels in (pair.first, pair.second))
    for first, second in zip(*sides, strict=True):
        values = getattr(first, column), getattr(second, column)
        if None not in values:
            table[classes.index(values[0]), classes.index(values[1])] += 1
    return table


def _parts(labels: Labels, layer: str, part: str) -> list[Part]:
    return [spans for label in getattr(labels, layer) if (spans := getattr(label, part))]


def _exact(pair: Pair, layer: str, part: str) -> tuple[int, int, int]:
    first, second = (Counter(_parts(labels, layer, part)) for labels in (pair.first, pair.second))
    return (first & second).total(), first.total(), second.total()


def _characters(pair: Pair, layer: str, part: str) -> tuple[int, int, int]:
    first, second = (
        {offset for spans in _parts(labels, layer, part) for span in spans for offset in range(*span)}
        for labels in (pair.first, pair.second)
    )
    return len(first & second), len(first), len(second)


def matched(first: Sequence[L], second: Sequence[L], part: str) -> list[tuple[L, L]]:
    """Labels paired one to one, the largest overlap of a part first."""
    covered = [[_places(getattr(label, part)) for label in side] for side in (first, second)]
    overlaps = sorted(
        (-len(left & right), row, column)
        for row, left in enumerate(covered[0])
        for column, right in enumerate(covered[1])
        if left & right
    )
    taken: tuple[set[int], set[int]] = (set(), set())
    matches = []
    for _, row, column in overlaps:
        if row not in taken[0] and column not in taken[1]:
            taken[0].add(row)
            taken[1].add(column)
            matches.append((first[row], second[column]))
    return matches


def _places(part: Part | None) -> set[int]:
    return {offset for span in part or () for offset in range(*span)}


def _equal(pair: Pair, layer: str, name: str) -> tuple[int, int, int]:
    values = [
        (getattr(left, name), getattr(right, name))
        for left, right in matched(getattr(pair.first, layer), getattr(pair.second, layer), MAIN_PART[layer])
    ]
    compared = [(left, right) for left, right in values if left is not None and right is not None]
    return sum(left == right for left, right in compared), len(compared), len(compared)


def _linked(pair: Pair, layer: str) -> tuple[int, int, int]:
    """Links are equal where both are null, or lead to attributions that are themselves a pair."""
    if pair.first.attributions is None or pair.second.attributions is None:
        return 0, 0, 0
    same = {(a.id, b.id) for a, b in matched(pair.first.attributions, pair.second.attributions, "content")}
    links = [
        (getattr(left, LINK[layer]), getattr(right, LINK[layer]))
        for left, right in matched(getattr(pair.first, layer), getattr(pair.second, layer), MAIN_PART[layer])
    ]
    right = sum(link == (None, None) or link in same for link in links)
    return right, len(links), len(links)


def table(figures: Sequence[Figure]) -> str:
    """Figures as a Markdown table."""
    lines = ["| layer | what | measure | agreement | 95 % interval | marked by either |", "|---|---|---|---|---|---|"]
    for figure in figures:
        interval = f"{_shown(figure.low)} to {_shown(figure.high)}"
        counts = f"{figure.first:,} / {figure.second:,}"
        lines.append(
            f"| {figure.layer} | {figure.what} | {figure.measure} | {_shown(figure.value)} | {interval} | {counts} |"
        )
    return "\n".join(lines)


def _shown(share: float) -> str:
    return "n/a" if share != share else f"{share:.2f}"
