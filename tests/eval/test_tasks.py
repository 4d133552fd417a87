"""Tasks and metrics: the tables and the code that counts say the same."""

import subprocess
import sys

import pytest

from allegedly.eval import task_metrics, tasks
from allegedly.schemas.errors import UsageError

PRIMARY = {
    "claim-detection": "f1:check_worthy",
    "check-worthiness": "map",
    "speculation-detection": "f1:speculative",
    "attribution-detection": "f1:attributed",
    "claim-spans": "ptc_f1",
    "claim-kind": "f1",
    "quote-form": "f1",
    "certainty": "f1",
    "speculation-kind": "f1",
    "claimer": "f1",
    "speculation-cues": "exact_f1",
    "speculation-scopes": "exact_f1",
    "attribution-spans": "exact_f1:macro",
    "speaker": "f1",
    "attribution-links": "overlap_f1",
}


def test_tasks_and_their_primary_metrics():
    assert {name: task.primary for name, task in tasks.TASKS.items()} == PRIMARY


@pytest.mark.parametrize("task", tasks.TASKS.values(), ids=lambda task: task.name)
def test_metrics_listed_are_those_that_are_counted(task):
    counted = [measure.name for family in task_metrics.families(task) for measure in family.measures]
    assert sorted(counted) == sorted(task_metrics.metrics(task))
    assert task.primary in counted


def test_every_metric_has_a_definition_and_a_source():
    rows = list(task_metrics.table())
    assert len(rows) > 300
    assert all(row["definition"] and row["source"] for row in rows)
    assert sum(row["primary"] for row in rows) == len(tasks.TASKS)


def test_metrics_of_the_contract_are_there():
    names = {row["metric"] for row in task_metrics.table()}
    wanted = "precision:attributed f1:macro exact_f1:content cofenet_exact_f1:content cofenet_begin_f1:source "
    wanted += "cofenet_jaccard:cue ptc_f1 char_f1:content ap:check_worthy ece brier mcc pcs"
    assert set(wanted.split()) <= names


def test_unknown_task_offers_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'claim-spans'"):
        tasks.find("claim-span")


def test_the_tables_import_no_numpy():
    code = "import sys, allegedly.eval.task_metrics as t; list(t.table()); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
