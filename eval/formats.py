"""A report in formats for programs: JUnit XML for CI, ``model-index`` YAML for a model card, CSV; and all by name.

Conventions: texts of others are escaped for the format they go into. Numbers have four digits, n/a where undefined.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from allegedly.eval.report import Report
from allegedly.eval.rows import GateRow, SystemRow, interval, shown, where
from allegedly.eval.summary import markdown
from allegedly.eval.tasks import TASKS
from allegedly.schemas import escape

#: Characters of a line of YAML: none is broken, where its second half might be a command of a log.
_UNBROKEN = 10**9


def junit(report: Report) -> str:
    """A test case for each gate, failed or passed; for each primary metric where there are no gates."""
    from xml.etree import ElementTree

    primary = [row for row in report.results if row["primary"] and row["slice"] is None]
    verdicts = [gate["verdict"] for gate in report.gates]
    root = ElementTree.Element("testsuites")
    counts = {
        "name": escape.plain(f"allegedly: {report.dataset['name']} {report.dataset['split']}"),
        "tests": str(len(report.gates or primary)),
        "failures": str(verdicts.count("failed")),
        "errors": str(verdicts.count("n/a")),
        "skipped": "0",
        "time": "0",
    }
    suite = ElementTree.SubElement(root, "testsuite", counts)
    properties = ElementTree.SubElement(suite, "properties")
    for line in report.whose_gold:
        ElementTree.SubElement(properties, "property", {"name": "gold", "value": escape.plain(line)})
    cases = [(gate["system"], _gate_name(gate)) for gate in report.gates] or [
        (row["system"], f"{row['task']} {row['metric']} = {shown(row['value'])} ({interval(row)})") for row in primary
    ]
    for system, name in cases:
        about = {"classname": escape.plain(system), "name": escape.plain(name), "time": "0"}
        ElementTree.SubElement(suite, "testcase", about)
    for case, gate in zip(suite.iterfind("testcase"), report.gates, strict=False):
        if gate["verdict"] != "passed":
            tag = "failure" if gate["verdict"] == "failed" else "error"
            ElementTree.SubElement(case, tag, {"message": escape.plain(gate["message"])})
    ElementTree.indent(root, space="")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _gate_name(gate: GateRow) -> str:
    name = f"{gate['task']} {gate['metric']} {gate['limit']} {gate['allowed']:g}"
    return f"{name} where {where(gate)}" if gate["slice"] else name


def model_index(report: Report) -> str:
    """The ``model-index`` of a model card, YAML: a result for each system and task that has a number."""
    from huggingface_hub.repocard_data import eval_results_to_model_index
    from huggingface_hub.utils import yaml_dump

    models = []
    for about in report.systems:
        # one by one: the library takes results of one kind of task on one data set for one task
        results = [
            result
            for evaluated in _evaluated(report, about)
            for model in eval_results_to_model_index(about["name"], [evaluated])
            for result in model["results"]
        ]
        models.append({"name": escape.words(about["name"]), "results": results})
    return str(yaml_dump({"model-index": models}, sort_keys=False, width=_UNBROKEN))


def _evaluated(report: Report, about: SystemRow) -> Iterator[Any]:
    """The primary number of each task of a system, as an ``EvalResult`` of huggingface_hub."""
    from huggingface_hub.repocard_data import EvalResult

    dataset = report.dataset
    name = escape.words(dataset["name"] or "dataset")
    for row in report.results:
        if row["system"] != about["name"] or not row["primary"] or row["slice"] is not None or row["value"] is None:
            continue
        yield EvalResult(
            task_type="text-classification" if TASKS[row["task"]].of_sentences else "token-classification",
            task_name=row["task"],
            dataset_type=name,
            dataset_name=name,
            dataset_split=escape.words(dataset["split"]),
            dataset_revision=escape.words(str(dataset["version"])),
            metric_type=row["metric"],
            metric_value=row["value"],
            metric_name=f"{row['task']} {row['metric']}",
            metric_args={"signature": escape.words(row["signature"])},
            dataset_args={"gold": [escape.words(line) for line in report.whose_gold]},
        )


def comma_separated(report: Report) -> str:
    """All rows as CSV; no cell is a formula, and no line a command of a log."""
    out = io.StringIO()
    names = [
        "system",
        "task",
        "metric",
        "primary",
        "slice",
        "value",
        "low",
        "high",
        "articles",
        "groups",
        "items",
        "signature",
    ]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in report.results:
        cells: dict[str, Any] = {**row, "slice": where(row)}
        writer.writerow([escape.cell(cells[n]) if isinstance(cells[n], str) else cells[n] for n in names])
    return out.getvalue()


#: Formats that need no more than the report; ``html`` needs its examples and plots too.
FORMATS: dict[str, Callable[[Report], str]] = {
    "md": markdown,
    "junit": junit,
    "model-index": model_index,
    "csv": comma_separated,
}
