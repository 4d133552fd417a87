"""Calibration: is a system as often right as it says?

Conventions: the probability is that of the class the system predicts; sentences without one (abstentions, systems
without scores) are left out. Bins are equally wide and closed above: (0, 0.1], (0.1, 0.2], ...; 0 is in the first.
Counts of a bin: sentences, summed probability, right ones. NaN where no sentence has a probability.

Source: expected calibration error after Naeini et al. (2015) and Guo et al. (2017); Brier (1950); the logarithmic
score after Good (1952), with probabilities held at 1e-12 or more.
"""

import numpy as np

from allegedly.eval.columns import Floats, Ints, Items
from allegedly.eval.metric import SCALE, Family, Measure, ratio
from allegedly.eval.tasks import Task

PLACE = 30
TASKS = ("claim-detection", "speculation-detection", "attribution-detection")
METRICS = (
    {
        "names": ("ece",),
        "definition": "gap of probability and accuracy over ten equal bins (a, b]",
        "source": "Guo et al. 2017",
        "lower_is_better": True,
    },
    {
        "names": ("brier",),
        "definition": "mean squared error of the predicted class's probability",
        "source": "Brier 1950",
        "lower_is_better": True,
    },
    {
        "names": ("log_loss",),
        "definition": "mean logarithmic loss of the predicted class's probability",
        "source": "Good 1952",
        "lower_is_better": True,
    },
)
BINS = 10


def families(task: Task) -> list[Family]:
    """The same for every task of sentences."""
    return [RELIABILITY, LOSSES]


def binned(items: Items) -> Ints:
    """Sentences, summed probability and right ones of each bin, (articles, 3 * BINS)."""
    items = items.only(~np.isnan(items.confidence))
    # a probability stands for the decimal it was written as: 0.3 belongs to (0.2, 0.3] whatever its binary digits
    bins = np.clip(np.ceil(np.round(items.confidence * BINS, 9)).astype(np.int64) - 1, 0, BINS - 1)
    counts = np.zeros((items.articles, BINS, 3), dtype=np.int64)
    cells = (items.article, bins)
    # the stubs of numpy know no index of several arrays for ``at``
    np.add.at(counts, (*cells, 0), 1)  # type: ignore[arg-type]
    np.add.at(counts, (*cells, 1), np.rint(items.confidence * SCALE).astype(np.int64))  # type: ignore[arg-type]
    np.add.at(counts, (*cells, 2), items.predicted == items.gold)  # type: ignore[arg-type]
    return counts.reshape(items.articles, BINS * 3)


def losses(items: Items) -> Ints:
    """Sentences, summed squared error, summed logarithmic loss, (articles, 3)."""
    items = items.only(~np.isnan(items.confidence))
    hit = items.predicted == items.gold
    squared = np.rint((items.confidence - hit) ** 2 * SCALE).astype(np.int64)
    of_truth = np.maximum(np.where(hit, items.confidence, 1 - items.confidence), 1e-12)
    surprise = np.rint(-np.log(of_truth) * SCALE).astype(np.int64)
    counts = np.zeros((items.articles, 3), dtype=np.int64)
    # the stubs of numpy know no index of several arrays for ``at``
    np.add.at(counts, (items.article, 0), 1)  # type: ignore[arg-type]
    np.add.at(counts, (items.article, 1), squared)  # type: ignore[arg-type]
    np.add.at(counts, (items.article, 2), surprise)  # type: ignore[arg-type]
    return counts


def _error(total: Floats) -> Floats:
    bins = np.asarray(total, dtype=np.float64).reshape(*total.shape[:-1], BINS, 3)
    gap = np.abs(bins[..., 1] / SCALE - bins[..., 2])
    return ratio(gap.sum(axis=-1), bins[..., 0].sum(axis=-1))


_PROBABILITY = "probability=predicted class"
RELIABILITY = Family(
    "reliability", binned, (Measure("ece", _error, f"bins={BINS},equal width,edges=(a,b],{_PROBABILITY}"),)
)
LOSSES = Family(
    "losses",
    losses,
    (
        Measure("brier", lambda c: ratio(c[..., 1] / SCALE, c[..., 0]), _PROBABILITY),
        Measure("log_loss", lambda c: ratio(c[..., 2] / SCALE, c[..., 0]), f"floor=1e-12,{_PROBABILITY}"),
    ),
)
