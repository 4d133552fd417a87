"""The agreement of those whose votes stand behind a gold, as a report shows it: alpha alone.

Conventions: labellers, and kinds of annotators that the gold was restricted against, are none of them. Of a gold with votes
on more articles than ``MOST`` nothing is computed: `allegedly agree` does that when it is asked for.
"""

from collections.abc import Sequence
from dataclasses import replace

from allegedly.eval.agreement.agreement import Agreed, agreement
from allegedly.eval.agreement.sides import compared, of_records
from allegedly.eval.floors import counts
from allegedly.eval.gold import Gold
from allegedly.eval.tasks import Task

MOST = 1000


def of_gold(gold: Gold, tasks: Sequence[Task], *, resamples: int, seed: int) -> list[Agreed]:
    """What annotators reach in the layers of these tasks, all together and in pairs; nothing where there are no two."""
    layers = {task.layer for task in tasks}
    records = [
        replace(record, votes=tuple(vote for vote in record.votes if counts(gold, vote.annotator)))
        for record in gold.records
    ]
    voted = of_records(records)
    if not compared(voted) or len(voted) > MOST:
        return []
    return [
        Agreed(
            annotators=each["annotators"],
            articles=each["articles"],
            figures=[f for f in each["figures"] if f["measure"].startswith("alpha") and f["layer"] in layers],
        )
        for each in agreement(voted, resamples=resamples, seed=seed)
    ]
