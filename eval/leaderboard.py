"""A leaderboard: many reports, one table a task, and no ranking of numbers that do not compare.

Conventions: two numbers are ranked together when all of their signatures but system and version is equal. Ranks are by
the primary metric; systems whose intervals overlap the best one's are marked, since their order may be chance.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.eval import report as reports
from allegedly.eval.metric import lower_is_better
from allegedly.eval.report import Report
from allegedly.eval.tasks import TASKS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.escape import html, markdown


@dataclass(frozen=True)
class Board:
    """Systems of one task by its primary metric, the best first."""

    task: str
    metric: str
    rows: tuple[dict[str, Any], ...]


def read(folder: Path) -> dict[str, Report]:
    """The reports in a folder and below it, by their place in it. UsageError where there are none."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; expected one that holds reports")
    files = sorted(folder.rglob(reports.JSON_FILE))
    if not files:
        raise UsageError(f"{folder}: holds no report; expected folders that `eval --out` wrote")
    return {file.parent.relative_to(folder).as_posix(): reports.load(file) for file in files}


def boards(found: dict[str, Report]) -> list[Board]:
    """One board a task. UsageError where reports do not compare, with what differs."""
    _check(found)
    out = []
    for task in TASKS.values():
        rows = [
            {**row, "report": place}
            for place, report in found.items()
            for row in report.results
            if row["task"] == task.name and row["primary"] and row["slice"] is None
        ]
        if rows:
            less = lower_is_better(task.primary)
            rows.sort(key=lambda row: (row["value"] is None, _order(row["value"], less), row["system"], row["report"]))
            out.append(Board(task.name, task.primary, tuple(_ranked(rows, less))))
    return out


def _order(value: float | None, less: bool) -> float:
    return 0.0 if value is None else value if less else -value


def _ranked(rows: Sequence[dict[str, Any]], less: bool):
    best = rows[0]
    for row in rows:
        rank = None if row["value"] is None else 1 + sum(_better(other["value"], row["value"], less) for other in rows)
        both = best["low"] is not None and row["low"] is not None
        close = both and row["low"] <= best["high"] and best["low"] <= row["high"]
        yield {**row, "rank": rank, "close": bool(close)}


def _better(one: float | None, other: float, less: bool) -> bool:
    return one is not None and (one < other if less else one > other)


def _check(found: dict[str, Report]) -> None:
    """Refuse to rank numbers with other signatures."""
    first: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}
    for place, report in found.items():
        for row in report.results:
            if not row["primary"] or row["slice"] is not None:
                continue
            fields = signature(row["signature"])
            where, before = first.setdefault((row["task"], row["metric"]), (place, fields))
            differ = [
                f"{name} {before.get(name)} and {fields.get(name)}"
                for name in before
                if before[name] != fields.get(name)
            ]
            if differ:
                raise UsageError(
                    f"{where} and {place} cannot be ranked together on {row['task']} {row['metric']}: {'; '.join(differ)}"
                )


def signature(text: str) -> dict[str, str]:
    """The fields of a signature that must be equal for two numbers to be ranked."""
    pairs = re.findall(r"(?:^|; )([a-z]+)=(.*?)(?=; [a-z]+=|$)", text)
    return {name: value for name, value in pairs if name not in ("system", "version")}


HEAD = ("rank", "system", "value", "95 % interval", "articles", "report")


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    value = "n/a" if row["value"] is None else f"{row['value']:.4f}"
    interval = "n/a" if row["low"] is None else f"{row['low']:.4f} to {row['high']:.4f}"
    rank = "" if row["rank"] is None else f"{row['rank']}{'*' if row['close'] and row['rank'] > 1 else ''}"
    return rank, row["system"], value, interval, f"{row['articles']:,}", row["report"]


NOTE = "* the interval overlaps that of the best: the order may be chance; `allegedly compare` tests pairs"


def as_markdown(found: Sequence[Board]) -> str:
    """All boards as Markdown."""
    parts = []
    for board in found:
        lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
        lines += [f"| {' | '.join(markdown(cell) for cell in _cells(row))} |" for row in board.rows]
        parts.append(f"## {board.task}: `{board.metric}`\n\n" + "\n".join(lines) + "\n")
    return "\n".join([*parts, markdown(NOTE).replace("\\`", "`") + "\n"])


def _cell(name: str, text: str) -> str:
    """A cell that says what it is, where a phone shows the table as a list."""
    kind = ' class="number"' if name in ("value", "95 % interval", "articles") else ""
    return f'<td{kind} data-head="{html(name)}">{html(text)}</td>'


def as_page(found: Sequence[Board], title: str, style: str) -> str:
    """All boards as one HTML page that loads nothing."""
    parts = []
    for board in found:
        head = "".join(f"<th>{name}</th>" for name in HEAD)
        body = "".join(f"<tr>{''.join(map(_cell, HEAD, _cells(row)))}</tr>" for row in board.rows)
        parts.append(
            f"<h2>{html(board.task)} <code>{html(board.metric)}</code></h2>"
            f'<div class="scroll"><table class="wide"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">\n<link rel="icon" href="data:,">\n'
        f"<title>{html(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<h1>{html(title)}</h1>\n"
        f'{"".join(parts)}\n<p class="quiet">{html(NOTE)}</p>\n</body>\n</html>\n'
    )
