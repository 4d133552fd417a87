"""Agreement of annotators: Krippendorff's alpha for categories, ordered ones and marked text; Cohen's kappa; pairs.

Conventions: a unit is what all annotators look at, with the values that some of them gave; units of fewer than two
values are left out. NaN where nothing can be told: no unit left, or all values alike.

Source: Krippendorff (2004), "Content Analysis"; coincidences add up unit by unit, so that articles can be resampled.
For marked text each character is a unit and being marked its value: alpha over the coincidences of lengths, in the
manner of Krippendorff, Mathet, Bouvry and Widlöcher (2016). Cohen (1960).
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations

import numpy as np

from allegedly.eval.columns import Floats, Ints, Parts, tally
from allegedly.eval.matching import overlaps
from allegedly.eval.metric import Family, LabelView, Measure, by_part, ratio
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Label

PLACE = 30
METRICS = (
    {
        "names": ("alpha:{part}",),
        "tasks": ("claim-spans", "speculation-cues", "attribution-spans"),
        "definition": "Krippendorff's alpha of gold and system; of spans, character by character",
        "source": "Krippendorff 2004",
    },
)


def families(task: Task) -> list[Family]:
    """Alpha of the characters that gold and the system mark, of each part of the task."""
    return [family(task.parts)]


def family(parts: Sequence[str]) -> Family:
    """Alpha of marked characters of these parts."""

    def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
        return marked(gold, predicted, view.lengths)

    return by_part("marked", parts, count, [Measure("alpha", _marked_alpha, "nominal,unit=character")], 3)


def coincidences(units: Sequence[Sequence[int | None]], values: int) -> Floats:
    """The coincidence matrix, (values, values): each unit's pairs of values, divided by its number of values - 1."""
    table = np.zeros((values, values))
    for unit in units:
        counts = np.bincount([value for value in unit if value is not None], minlength=values)
        if (given := counts.sum()) > 1:
            table += (np.outer(counts, counts) - np.diag(counts)) / (given - 1)
    return table


def alpha(units: Sequence[Sequence[int | None]], values: int, *, level: str = "nominal") -> float:
    """Krippendorff's alpha of values 0 to ``values - 1``; ``level`` is nominal, ordinal or interval."""
    table = coincidences(units, values)
    margin = table.sum(axis=0)
    total = margin.sum()
    distance = _distance(margin, level)
    expected = (np.outer(margin, margin) * distance).sum()
    if total < 2 or expected == 0:
        return float("nan")
    return float(1 - (total - 1) * (table * distance).sum() / expected)


def _distance(margin: Floats, level: str) -> Floats:
    place = np.arange(len(margin), dtype=np.float64)
    if level == "nominal":
        return np.not_equal(place[:, None], place).astype(np.float64)
    if level == "interval":
        return np.square(place[:, None] - place)
    if level == "ordinal":
        # all values between the two, and half of each of them
        middle = np.cumsum(margin) - margin / 2
        return np.square(middle[:, None] - middle)
    raise ValueError(f"unknown level {level!r}, expected nominal, ordinal or interval")


def kappa(first_values: Sequence[int], second_values: Sequence[int]) -> float:
    """Cohen's kappa of two annotators who both gave every unit a value."""
    total = len(first_values)
    first, second = Counter(first_values), Counter(second_values)
    chance = sum(first[value] * second[value] for value in first) / total**2 if total else 1.0
    if chance == 1:
        return float("nan")
    return (sum(a == b for a, b in zip(first_values, second_values, strict=True)) / total - chance) / (1 - chance)


def pairwise_f1(annotators: Sequence[Sequence[Hashable]]) -> float:
    """Mean over the pairs of annotators of the F1 of their marks, as multisets; NaN where no pair has a mark."""
    scores = []
    for first, second in combinations(annotators, 2):
        if len(first) + len(second):
            scores.append(2 * (Counter(first) & Counter(second)).total() / (len(first) + len(second)))
    return float(np.mean(scores)) if scores else float("nan")


def marked(gold: Parts, predicted: Parts, lengths: Ints) -> Ints:
    """Characters that both, one and neither side marks, (articles, 3): two annotators, each character a unit."""
    truth, answer = gold.merged(), predicted.merged()
    left, _, shared = overlaps(truth, answer)
    both = tally(truth.article[left], len(lengths), shared)
    marks = sum(tally(side.article, len(lengths), side.end - side.start) for side in (truth, answer))
    return np.stack((both, marks - 2 * both, lengths - (marks - both)), axis=1)


def _marked_alpha(total: Floats) -> Floats:
    """Alpha from the three columns of ``marked``."""
    both, single, neither = (np.asarray(total[..., k], dtype=np.float64) for k in range(3))
    n = 2 * (both + single + neither)
    inside = 2 * both + single
    return 1 - ratio(2 * single * (n - 1), 2 * inside * (n - inside))
