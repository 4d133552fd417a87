"""Which articles enter the numbers of a task.

Conventions: an article whose gold layer is null is left out; one without a prediction is left out (``skip``) or stands
without labels (``empty``). What is left out is counted by its reason.
"""

import numpy as np
from numpy.typing import NDArray

from allegedly.eval.gold import Gold
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import Task
from allegedly.schemas.errors import UsageError

#: From a reason to how many were left out for it.
LeftOut = dict[str, int]


def entering(
    task: Task, gold: Gold, predicted: Predictions, missing: str, name: str
) -> tuple[NDArray[np.bool_], LeftOut]:
    """Which articles enter, and how many do not for which reason. UsageError counts those without a prediction."""
    has_gold = np.array([getattr(record.labels, task.layer) is not None for record in gold.records])
    answered = np.array([predicted.answered(task, article) for article in range(len(gold.records))])
    lacking = has_gold & ~answered
    left_out = {"articles whose gold layer is null": int((~has_gold).sum())}
    if lacking.any():
        if missing not in ("skip", "empty"):
            first = ", ".join(gold.article(int(place)).id for place in np.flatnonzero(lacking)[:3])
            raise UsageError(
                f"{name}: {task.name}: {int(lacking.sum())} of {int(has_gold.sum())} articles have no prediction "
                f"(first: {first}); expected one for each, or --missing skip or --missing empty"
            )
        what = "left out" if missing == "skip" else "scored as abstentions"
        left_out[f"articles without a prediction, {what}"] = int(lacking.sum())
    return (has_gold & answered if missing == "skip" else has_gold), left_out
