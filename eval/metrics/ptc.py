"""Propaganda techniques' shares: how much of each predicted piece is gold, and of each gold piece predicted.

Conventions: pieces that touch or overlap are merged first, and merged pieces are counted; shares are summed in
billionths. Nothing predicted and nothing gold is NaN, one of them alone 0.

Source: PTC, SemEval-2020 task 11 (Da San Martino et al.), C(s, t, h) = |s and t| / h.
"""

import numpy as np

from allegedly.eval.columns import Floats, Ints, Parts, tally
from allegedly.eval.matching import overlaps
from allegedly.eval.metric import SCALE, Family, LabelView, Measure, by_part, harmonic, ratio
from allegedly.eval.metrics.spans import columns
from allegedly.eval.tasks import Task
from allegedly.schemas.records import Label

PLACE = 20
METRICS = (
    {
        "names": ("ptc_f1:{part}", "ptc_precision:{part}", "ptc_recall:{part}"),
        "tasks": ("claim-spans", "speculation-cues", "attribution-spans"),
        "definition": "shares of pieces covered, touching and overlapping pieces merged first",
        "source": "SemEval-2020 task 11",
        "primary": {"claim-spans": "ptc_f1"},
    },
)
_MERGED = "touching and overlapping pieces merged"


def families(task: Task) -> list[Family]:
    """Shares of each part of the task."""
    return [by_part("ptc", task.parts, count, MEASURES, 4)]


def count(gold: Parts, predicted: Parts, view: LabelView[Label]) -> Ints:
    """The shares of a view's articles."""
    return shares(gold, predicted, view.articles)


def shares(gold: Parts, predicted: Parts, articles: int) -> Ints:
    """PTC: summed shares of predicted and of gold pieces in billionths, merged pieces predicted and gold:
    (articles, 4)."""
    truth, answer = gold.merged(), predicted.merged()
    left, right, shared = overlaps(truth, answer)
    lengths = (answer.end - answer.start)[right], (truth.end - truth.start)[left]
    article = truth.article[left]
    sums = (tally(article, articles, np.rint(shared * SCALE / length).astype(np.int64)) for length in lengths)
    return columns(truth, answer, articles, *sums)


def _precision(total: Floats) -> Floats:
    return ratio(total[..., 0] / SCALE, total[..., 2])


def _recall(total: Floats) -> Floats:
    return ratio(total[..., 1] / SCALE, total[..., 3])


MEASURES = (
    Measure("ptc_f1", lambda total: harmonic(_precision(total), _recall(total)), _MERGED),
    Measure("ptc_precision", _precision, _MERGED),
    Measure("ptc_recall", _recall, _MERGED),
)
