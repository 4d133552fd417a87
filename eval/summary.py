"""The summary of a report: Markdown for a pull request.

Conventions: texts of others are escaped. Numbers have four digits, n/a where undefined.
"""

from collections.abc import Sequence

from allegedly.eval.report import Report
from allegedly.eval.rows import FLOORS, FloorRow, GateRow, Row, beside, interval, named, shown, where
from allegedly.schemas import escape

#: Slices that Markdown shows, the worst.
SLICES = 20


def markdown(report: Report) -> str:
    """Whose labels the gold are, then gates, primary metrics, and the worst slices."""
    dataset = report.dataset
    parts = [f"## {escape.markdown(named(dataset).strip())}, split {escape.markdown(dataset['split'])}\n"]
    parts += [f"{escape.markdown(line)}\n" for line in report.whose_gold]
    parts += [f"> {escape.markdown(warning)}\n" for warning in report.warnings]
    if report.gates:
        parts += [f"**{_verdict(report.gates)}**\n", _gates(report.gates)]
    primary = [row for row in report.results if row["primary"]]
    parts.append(_primary([row for row in primary if row["slice"] is None], report.floors))
    sliced = [row for row in primary if row["slice"] is not None][:SLICES]
    if sliced:
        parts += ["<details><summary>Slices, worst first (exploratory)</summary>\n", _slices(sliced), "</details>\n"]
    how = f"allegedly {report.allegedly}, {report.resamples:,} resamples of groups of articles, seed {report.seed}"
    parts.append(f"{escape.markdown(how)}, gold `{dataset['gold_sha256'][:16]}`\n")
    return "\n".join(parts)


def _verdict(gates: Sequence[GateRow]) -> str:
    failed = sum(gate["verdict"] != "passed" for gate in gates)
    return f"{failed} of {len(gates)} gates failed" if failed else f"all {len(gates)} gates passed"


def _gates(gates: Sequence[GateRow]) -> str:
    head = ("verdict", "system", "metric", "slice", "value", "95 % interval", "limit")
    rows = [
        (
            f"**{gate['verdict']}**",
            escape.markdown(gate["system"]),
            f"{gate['task']} `{gate['metric']}`",
            escape.markdown(where(gate)),
            shown(gate["value"]),
            interval(gate),
            f"{gate['limit']} {gate['allowed']:g}",
        )
        for gate in gates
    ]
    return _table(head, rows)


def _primary(rows: Sequence[Row], floors: Sequence[FloorRow]) -> str:
    more = FLOORS if floors else ()
    head = ("system", "task", "metric", "value", "95 % interval", *more, "articles", "groups", "items")
    cells = [
        (
            escape.markdown(row["system"]),
            row["task"],
            f"`{row['metric']}`",
            shown(row["value"]),
            interval(row),
            *beside(floors, row["task"]),
            f"{row['articles']:,}",
            f"{row['groups']:,}",
            f"{row['items']:,}",
        )
        for row in rows
    ]
    return _table(head, cells)


def _slices(rows: Sequence[Row]) -> str:
    head = ("system", "metric", "slice", "value", "95 % interval", "items")
    cells = [
        (
            escape.markdown(row["system"]),
            f"{row['task']} `{row['metric']}`",
            escape.markdown(where(row)),
            shown(row["value"]),
            interval(row),
            f"{row['items']:,}",
        )
        for row in rows
    ]
    return _table(head, cells)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
