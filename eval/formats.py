"""A report in other formats: Markdown for a pull request, JUnit XML for CI, ``model-index`` YAML for a model card.

Conventions: texts of others are escaped for the format they go into. Numbers have four digits, n/a where undefined.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS
from allegedly.schemas import escape


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4f}"


def _interval(row: dict[str, Any]) -> str:
    return "n/a" if row["low"] is None else f"{row['low']:.4f} to {row['high']:.4f}"


def _where(row: dict[str, Any]) -> str:
    return "" if row["slice"] is None else ", ".join(f"{name} = {value}" for name, value in row["slice"].items())


def markdown(report: Report) -> str:
    """Gates first, then primary metrics, then the worst slices."""
    dataset = report.dataset
    title = f"{dataset['name'] or 'dataset'} {dataset['version'] or ''}".strip()
    parts = [f"## {escape.markdown(title)}, split {escape.markdown(dataset['split'])}\n"]
    if report.gates:
        failed = [gate for gate in report.gates if gate["verdict"] != "passed"]
        verdict = (
            f"{len(failed)} of {len(report.gates)} gates failed" if failed else f"all {len(report.gates)} gates passed"
        )
        parts.append(f"**{verdict}**\n")
        gated = [
            (
                f"**{gate['verdict']}**",
                escape.markdown(gate["system"]),
                f"{gate['task']} `{gate['metric']}`",
                escape.markdown(_where(gate)),
                _number(gate["value"]),
                _interval(gate),
                f"{gate['limit']} {gate['allowed']:g}",
            )
            for gate in report.gates
        ]
        parts.append(_table(("verdict", "system", "metric", "slice", "value", "95 % interval", "limit"), gated))
    rows = [
        (
            escape.markdown(row["system"]),
            row["task"],
            f"`{row['metric']}`",
            _number(row["value"]),
            _interval(row),
            f"{row['articles']:,}",
            f"{row['items']:,}",
        )
        for row in report.results
        if row["primary"] and row["slice"] is None
    ]
    parts.append(_table(("system", "task", "metric", "value", "95 % interval", "articles", "items"), rows))
    sliced = [row for row in report.results if row["primary"] and row["slice"] is not None][:20]
    if sliced:
        worst = [
            (
                escape.markdown(row["system"]),
                f"{row['task']} `{row['metric']}`",
                escape.markdown(_where(row)),
                _number(row["value"]),
                _interval(row),
                f"{row['items']:,}",
            )
            for row in sliced
        ]
        parts.append("<details><summary>Slices, worst first (exploratory)</summary>\n")
        parts.append(_table(("system", "metric", "slice", "value", "95 % interval", "items"), worst))
        parts.append("</details>\n")
    parts += [f"> {escape.markdown(warning)}\n" for warning in report.warnings]
    how = f"allegedly {report.allegedly}, {report.resamples:,} resamples of articles, seed {report.seed}"
    parts.append(f"{escape.markdown(how)}, gold `{dataset['gold_sha256'][:16]}`\n")
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def junit(report: Report) -> str:
    """A test case for each gate, failed or passed; for each primary metric where there are no gates."""
    cases = [_gate_case(gate) for gate in report.gates] or [
        _case(row["system"], f"{row['task']} {row['metric']} = {_number(row['value'])} ({_interval(row)})")
        for row in report.results
        if row["primary"] and row["slice"] is None
    ]
    failures = sum(gate["verdict"] == "failed" for gate in report.gates)
    errors = sum(gate["verdict"] == "n/a" for gate in report.gates)
    name = quoteattr(escape.plain(f"allegedly: {report.dataset['name']} {report.dataset['split']}"))
    head = f'<testsuite name={name} tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="0" time="0">'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", head, *cases, "</testsuite>", "</testsuites>", ""]
    )


def _gate_case(gate: dict[str, Any]) -> str:
    name = f"{gate['task']} {gate['metric']} {gate['limit']} {gate['allowed']:g}"
    if gate["slice"]:
        name += f" where {_where(gate)}"
    if gate["verdict"] == "passed":
        return _case(gate["system"], name)
    tag = "failure" if gate["verdict"] == "failed" else "error"
    return _case(gate["system"], name, f"<{tag} message={quoteattr(escape.plain(gate['message']))}/>")


def _case(system: str, name: str, inside: str = "") -> str:
    attributes = f'classname={quoteattr(escape.plain(system))} name={quoteattr(escape.plain(name))} time="0"'
    return f"<testcase {attributes}>{inside}</testcase>" if inside else f"<testcase {attributes}/>"


def model_index(report: Report) -> str:
    """The ``model-index`` of a model card, YAML; JSON strings are YAML strings, so nothing in a name is read as more."""
    lines = ["model-index:"]
    dataset = report.dataset
    for about in report.systems:
        lines += [f"- name: {_yaml(about['name'])}", "  results:"]
        for task in about["tasks"]:
            rows = [
                row
                for row in report.results
                if row["system"] == about["name"]
                and row["task"] == task
                and row["slice"] is None
                and row["primary"]
                and row["value"] is not None
            ]
            if not rows:
                continue
            kind = "text-classification" if TASKS[task].of_sentences else "token-classification"
            lines += [
                "  - task:",
                f"      type: {kind}",
                f"      name: {_yaml(task)}",
                "    dataset:",
                f"      type: {_yaml(dataset['name'] or 'dataset')}",
                f"      name: {_yaml(dataset['name'] or 'dataset')}",
                f"      split: {_yaml(dataset['split'])}",
                f"      revision: {_yaml(str(dataset['version']))}",
                "    metrics:",
            ]
            for row in rows:
                lines += [
                    f"    - type: {_yaml(row['metric'])}",
                    f"      value: {row['value']!r}",
                    f"      name: {_yaml(task + ' ' + row['metric'])}",
                    f"      args: {_yaml(row['signature'])}",
                ]
    return "\n".join(lines) + "\n"


def _yaml(text: str) -> str:
    return json.dumps(escape.plain(text), ensure_ascii=False)


def comma_separated(report: Report) -> str:
    """All rows as CSV; no cell is a formula."""
    import csv
    import io

    out = io.StringIO()
    names = ("system", "task", "metric", "primary", "slice", "value", "low", "high", "articles", "items", "signature")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in report.results:
        cells = {**row, "slice": _where(row)}
        writer.writerow(
            ["" if cells[n] is None else _csv(cells[n]) if isinstance(cells[n], str) else cells[n] for n in names]
        )
    return out.getvalue()


def _csv(text: str) -> str:
    return escape.cell(escape.plain(text))


#: Formats that need no more than the report; ``html`` needs its examples and plots too.
FORMATS: dict[str, Callable[[Report], str]] = {
    "md": markdown,
    "junit": junit,
    "model-index": model_index,
    "csv": comma_separated,
}
