"""What stands beside articles, for ``bench/fuzz.py``: predictions, annotations, recipes, gates, options of systems, manifests
and reports, each right at first and then changed.

Conventions: what is broken is a UsageError, a DataError or a problem; anything else that is raised is a crash.
"""

import contextlib
import json
import tempfile
from functools import cache
from pathlib import Path

from allegedly import validate
from allegedly.builders.annotations import files as annotations
from allegedly.builders.recipe import resolve
from allegedly.eval import gate_file, report
from allegedly.eval import options as system_options
from allegedly.eval.gold import Gold
from allegedly.eval.options import options
from allegedly.eval.predictions import Predictions
from allegedly.eval.systems import file as held
from allegedly.evaluation import gold_of
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError

RELEASE = Path(__file__).parent.parent / "dataset"
GATES = b"""[[gate]]
task = "speculation-detection"
metric = "f1:speculative"
min = 0.5
on = "low"
slice = { outlet = "Harbour Post" }

[[gate]]
task = "claim-detection"
max_drop = 0.05
rule = "noninferior"
system = "labeller:rules"
"""
OPTIONS = b"""[mine]
tasks = ["claim-detection"]
labels = { "0" = "no_claim", yes = "check_worthy" }
threshold = 0.4
batch = 8
timeout = 2.5
"""
RECIPE = b"""name = "harbour-news"
version = "1.0.0"
date = "2024-05-01"
licence = "CC0-1.0"
sources = ["sources"]
labellers = "rules,none"
duplicates = "drop-near"
near = 0.8
[splits]
near = 0.5
train = 0.8
validation = 0.1
test = 0.1
group_by = ["outlet", "day"]
[fields]
text = "/body"
[limits]
seconds = 9.5
bytes = 100000
[engine]
name = "local"
memory = "1GiB"
"""


@cache
def _gold() -> Gold:
    return gold_of(RELEASE, "test")


@cache
def seeds(kind: str) -> tuple[tuple[str, bytes], ...]:
    """Names and bytes of files of a kind that are right."""
    if kind == "predictions":
        records = list(stored.records(RELEASE, "test"))[:2]
        lines = [json.dumps(record.to_json(), ensure_ascii=False) for record in records]
        named = [(r.article.id, s.start) for r in records for s in r.sentences][:6]
        classes = [{"task": "claim-detection", "id": f"{a}:{s}", "label": "no_claim", "score": 0.5} for a, s in named]
        table = "task,id,label,score\n" + "".join(f"claim-detection,{a}:{s},check_worthy,0.25\n" for a, s in named)
        spoken = json.dumps(
            {"article": {"id": records[0].article.id}, "labels": {"claims": [{"extent": [{"text": "the", "nth": 0}]}]}}
        )
        return (
            ("a.jsonl", "\n".join(lines).encode()),
            ("b.jsonl", "\n".join([*map(json.dumps, classes), spoken]).encode()),
            ("c.json", json.dumps(classes).encode()),
            ("d.csv", table.encode()),
            ("e.tsv", table.replace(",", "\t").encode()),
        )
    if kind == "annotations":
        found = sorted((RELEASE / "annotations").rglob("*.json"), key=lambda path: path.stat().st_size)
        return tuple((path.name, path.read_bytes()) for path in found[:6])
    if kind == "manifests":
        return (("manifest.json", (RELEASE / "manifest.json").read_bytes()),)
    return {
        "recipes": (("recipe.toml", RECIPE), ("own.toml", (RELEASE / "recipe.toml").read_bytes())),
        "gates": (("gates.toml", GATES),),
        "options": (("options.toml", OPTIONS),),
        "reports": (("report.json", _report()[0]), ("counts.parquet", _report()[1])),
    }[kind]


@cache
def _report() -> tuple[bytes, bytes]:
    """A report's own file, and its counts."""
    from allegedly import evaluate

    answers = {"mine": lambda texts: ["certain"] * len(texts)}
    made = evaluate(RELEASE, answers, tasks=["speculation-detection"], resamples=100)
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder, "report"))
        return Path(folder, "report", "report.json").read_bytes(), Path(folder, "report", "counts.parquet").read_bytes()


def read(kind: str, name: str, data: bytes) -> None:
    """Reads such a file as a command does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        if kind == "reports":
            for beside, whole in seeds(kind):
                Path(folder, beside).write_bytes(whole)
        path.write_bytes(data)
        if kind in ("predictions", "annotations"):
            validate(path)
        with contextlib.suppress(UsageError, DataError):
            _read(kind, path)


def _read(kind: str, path: Path) -> None:
    if kind == "predictions":
        predictions = Predictions(_gold(), task="claim-detection")
        for where, each in held.connect(str(path), options({})).lines(_gold()):
            predictions.add(each, where)
        predictions.finish()
    elif kind == "annotations":
        annotations.find(path.parent)
    elif kind == "recipes":
        resolve([path.parent], path)
    elif kind == "gates":
        gate_file.read(path)
    elif kind == "options":
        system_options.read(path, {"mine": {}})
    elif kind == "manifests":
        validate(path.parent)
        stored.manifest(path.parent)
    else:
        report.load(path.parent)
