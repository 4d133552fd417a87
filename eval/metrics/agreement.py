"""Agreement of a system with gold: Krippendorff's alpha of marked text.

Conventions: each character is a unit, and being marked its value. NaN where all characters are alike. How far annotators
agree is another matter: see ``allegedly.eval.agreement``.

Source: Krippendorff (2004), "Content Analysis".
"""

from collections.abc import Sequence

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
