"""A metric is one file: dropped into the package, or named by another package, the command line knows it."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from allegedly.eval import declared
from allegedly.schemas.errors import UsageError

ROOT = Path(__file__).parent.parent.parent
TASK = "speculation-detection"

#: A metric of spans, of which attribution-spans has three parts and claim-spans one.
BEGINS = '''
"""Beginnings of parts, as sets."""

import numpy as np

from allegedly.eval.columns import tally
from allegedly.eval.metric import by_part, triple

METRICS = [
    {
        "names": ["begins_f1:{part}", "begins_precision:{part}", "begins_recall:{part}"],
        "tasks": ["claim-spans", "attribution-spans"],
        "definition": "where parts begin, each place once",
        "source": "this test",
    },
]


def families(task):
    return [by_part("begins", task.parts, count, triple(prefix="begins_"), 3)]


def count(gold, predicted, view):
    sides = [{(a, s) for a, s in zip(p.article, p.start[p.first[:-1]])} for p in (predicted, gold)]
    rows = (sides[0] & sides[1], *sides)
    return np.stack([tally(np.array([a for a, _ in row], dtype=np.int64), view.articles) for row in rows], axis=1)
'''


def example() -> str:
    """The metric that CONTRIBUTING shows."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A metric\n")[2]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]


def copy_of_the_package(folder: Path) -> Path:
    """The installed package, copied; without weights, which no metric needs."""
    for name in ("allegedly", "allegedly.schemas", "allegedly.builders", "allegedly.eval"):
        here = importlib.import_module(name).__path__[0]
        shutil.copytree(
            here,
            folder.joinpath(*name.split(".")),
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", "weights"),
        )
    return folder


def allegedly(path: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The command line, with a folder before all others that Python imports from."""
    places = [str(path), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "allegedly", *arguments]
    return subprocess.run(command, cwd=path, env=environment, capture_output=True, text=True, check=False)


def use(path: Path, task: str, metric: str, definition: str) -> list[dict]:
    """List a metric, score by it with a gate and a slice, and compare: the rows of the report that hold it."""
    listed = json.loads(allegedly(path, "list", "metrics", "--json").stdout)
    (row,) = [row for row in listed if (row["task"], row["metric"]) == (task, metric)]
    assert row["definition"] == definition and row["source"] and not row["primary"]

    gates = path / "gates.toml"
    gates.write_text(f'[[gate]]\ntask = "{task}"\nmetric = "{metric}"\nmin = 0.999\n', encoding="utf-8")
    run = ["eval", str(ROOT / "dataset"), "--system", "labeller:rules", "--task", task, "--out", "report"]
    scored = allegedly(path, *run, "--gate", "gates.toml", "--slices", "language", "--resamples", "200", "--all")
    assert scored.returncode == 1, scored.stderr
    assert f"FAILED: labeller:rules: {task} {metric}" in scored.stdout + scored.stderr
    assert re.search(rf"^labeller:rules +{task} +{re.escape(metric)} ", scored.stdout, re.MULTILINE)

    gates.write_text(gates.read_text(encoding="utf-8").replace("0.999", "0.1"), encoding="utf-8")
    passed = allegedly(path, *run, "--gate", "gates.toml", "--slices", "language", "--resamples", "200")
    assert passed.returncode == 0, passed.stderr
    gates.write_text(f'[[gate]]\ntask = "{task}"\nmetric = "{metric}"\nmax_drop = 0.01\n', encoding="utf-8")
    again = [*run[:-1], "again", "--gate", "gates.toml", "--baseline", "report", "--resamples", "200"]
    assert allegedly(path, *again).returncode == 0
    report = json.loads((path / "report" / "report.json").read_text(encoding="utf-8"))
    return [row for row in report["results"] if row["metric"] == metric]


def check_rows(rows: list[dict], metric: str) -> None:
    """Over all and in a slice, with intervals and a signature."""
    assert [row["slice"] is None for row in rows] == [True, *[False] * (len(rows) - 1)] and len(rows) > 1
    assert rows[0]["low"] < rows[0]["value"] < rows[0]["high"]
    for row in rows:
        assert 0 < row["value"] <= 1 and f"metric={metric}" in row["signature"]


def test_the_example_of_contributing_is_a_metric_of_thirty_lines(tmp_path):
    assert len(example().splitlines()) <= 30
    copy = copy_of_the_package(tmp_path)
    (copy / "allegedly" / "eval" / "metrics" / "f0_5.py").write_text(example(), encoding="utf-8")
    rows = use(copy, TASK, "f0_5:speculative", "F of the class sought, precision weighing twice as much as recall")
    check_rows(rows, "f0_5:speculative")
    report = json.loads((copy / "report" / "report.json").read_text(encoding="utf-8"))
    whole = {row["metric"]: row["value"] for row in report["results"] if row["slice"] is None}
    precision, recall = whole["precision:speculative"], whole["recall:speculative"]
    assert rows[0]["value"] == pytest.approx(1.25 * precision * recall / (0.25 * precision + recall))


def test_a_metric_of_another_package(tmp_path):
    (tmp_path / "begins_plugin.py").write_text(BEGINS, encoding="utf-8")
    about = tmp_path / "begins_plugin-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: begins-plugin\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[allegedly.metrics]\nbegins = begins_plugin\n", encoding="utf-8")
    rows = use(tmp_path, "attribution-spans", "begins_f1:macro", "where parts begin, each place once")
    check_rows(rows, "begins_f1:macro")
    names = {row["metric"] for row in json.loads(allegedly(tmp_path, "list", "metrics", "--json").stdout)}
    assert {"begins_recall", "begins_f1:source", "begins_precision:content"} <= names


BROKEN = {
    "nothing": ("X = 1\n", "METRICS is None; expected a tuple of dictionaries"),
    "empty": ("METRICS = ()\n", r"METRICS is \(\); expected a tuple of dictionaries"),
    "key": ('METRICS = ({"name": "x"},)\n', "unknown key of METRICS 'name'; did you mean 'names'"),
    "lacking": ('METRICS = ({"names": ("x",), "tasks": ("claimer",)},)\n', "METRICS lacks 'definition'"),
    "type": ('METRICS = ({"names": "x"},)\n', "names is 'x'; expected tuple or list"),
    "place": ('PLACE = "x"\nMETRICS = ({"names": ("x",)},)\n', "PLACE is 'x'; expected a whole number"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_declares_wrongly_is_named(name, tmp_path, monkeypatch):
    source, text = BROKEN[name]
    (tmp_path / f"broken_{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(declared.plugins, "modules", lambda kind: {"mine": f"broken_{name}"})
    monkeypatch.setattr(declared.plugins, "find", lambda kind, name_: importlib.import_module(f"broken_{name}"))
    with pytest.raises(UsageError, match=f"metric mine: {text}"):
        declared.metrics.__wrapped__()


def test_holes_in_names():
    holes = {"class": ("a", "b"), "sought": ("b",), "part": ()}
    assert declared.expanded("f1:{class}", holes) == ["f1:a", "f1:b"]
    assert declared.expanded("ap:{sought}", holes) == ["ap:b"]
    assert declared.expanded("exact_f1:{part}", holes) == ["exact_f1"]
    assert declared.expanded("exact_f1:{part}", {**holes, "part": ("cue", "macro")}) == [
        "exact_f1:cue",
        "exact_f1:macro",
    ]
    with pytest.raises(UsageError, match="unknown hole in the name of a metric 'klass'; did you mean 'class'"):
        declared.expanded("f1:{klass}", holes)


WRONG = {
    "counted": ('"names": ("f0_5:{sought}", "f2:{sought}")', "metrics that are counted and those declared differ.*f2"),
    "twice": ('"names": ("f1:{sought}",)', "metrics that are counted and those declared differ, or stand twice"),
    "task": ('"tasks": ("claim-detektion",)', "metric f0-5: unknown task 'claim-detektion'; did you mean"),
    "primary": (
        '"primary": {"claim-detection": "f0_5:check_worthy"}',
        "claim-detection: expected one primary metric .* f0_5:check_worthy in f0-5",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package for all that follow."""
    return copy_of_the_package(tmp_path_factory.mktemp("package"))


@pytest.mark.parametrize("name", WRONG)
def test_a_metric_that_does_not_hold_what_it_declares_is_exit_2(name, copy):
    line, text = WRONG[name]
    key = line.partition(":")[0]
    source = (
        re.sub(rf"{key}: \(.*\)", line, example())
        if key in example()
        else example().replace("    },\n", f"        {line},\n    }},\n", 1)
    )
    (copy / "allegedly" / "eval" / "metrics" / "f0_5.py").write_text(source, encoding="utf-8")
    done = allegedly(copy, "eval", str(ROOT / "dataset"), "--system", "labeller:rules", "--task", "claim-detection")
    assert done.returncode == 2
    assert re.search(text, done.stderr), done.stderr


def test_a_name_that_another_file_has_is_refused(tmp_path):
    package = copy_of_the_package(tmp_path)
    taken = example().replace("f0_5:", "f1:")
    (package / "allegedly" / "eval" / "metrics" / "f0_5.py").write_text(taken, encoding="utf-8")
    arguments = ("eval", str(ROOT / "dataset"), "--system", "labeller:rules", "--task", "speculation-detection")
    run = allegedly(package, *arguments)
    assert run.returncode == 2
    assert (
        "speculation-detection: metrics that are counted and those declared differ, or stand twice: f1:specul"
        in run.stderr
    )
