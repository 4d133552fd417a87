"""A leaderboard: many reports, a table for each data set and signature of a task, so that all numbers of one compare.

Conventions: two numbers are ranked together when all of their signatures but system and version is equal. Ranks are by
the primary metric; systems whose intervals overlap the best one's are marked, since their order may be chance. Where
numbers of one data set and task were made differently, their tables say by what they differ.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.eval import makers
from allegedly.eval import report as reports
from allegedly.eval.metric import lower_is_better
from allegedly.eval.report import Report
from allegedly.eval.rows import Row, interval, named, shown
from allegedly.eval.tasks import TASKS
from allegedly.render.tables import Table
from allegedly.schemas.canonical import canonical
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.escape import markdown
from allegedly.schemas.paths import files_below


@dataclass(frozen=True, slots=True)
class Ranked:
    """A number on a board: ``report``: the place of its report, ``rank``: from 1, None for n/a, ``close``: whether its
    interval overlaps the best one's."""

    row: Row
    report: str
    rank: int | None
    close: bool

    def to_json(self) -> dict[str, Any]:
        """The row of the report with the place beside it."""
        return {**self.row, "report": self.report, "rank": self.rank, "close": self.close}


@dataclass(frozen=True, slots=True)
class Board:
    """Systems of one data set and task by its primary metric, the best first. ``made``: what tells the numbers from
    those of other tables of the same data set and task."""

    dataset: str
    task: str
    metric: str
    rows: tuple[Ranked, ...]
    made: str = ""

    @property
    def table(self) -> Table:
        """The board as a table of a page."""
        return Table.of(HEAD, map(_cells, self.rows), (2, 3, 4, 5))


def read(folder: Path, unread: Callable[[str], None] | None = None) -> dict[str, Report]:
    """The reports in a folder and below it, by their place in it; ``unread`` is told of each that cannot be read. UsageError
    where there is none, or none that can."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; expected one that holds reports")
    files = files_below(folder, reports.JSON_FILE)
    if not files:
        raise UsageError(f"{folder}: holds no report; expected folders that `eval --out` wrote")
    found = {}
    for file in files:
        try:
            found[file.parent.relative_to(folder).as_posix()] = reports.load(file)
        except (UsageError, DataError) as error:
            if unread is None or (file == files[-1] and not found):
                raise UsageError(f"{folder}: no report can be read: {error}") from None
            unread(f"left out: {error}")
    return found


def boards(given: Mapping[str, Report]) -> list[Board]:
    """A board for each data set, task and signature, in this order; data sets by name."""
    found: dict[tuple[str, str], dict[str, list[tuple[Row, str]]]] = {}
    for place, report in given.items():
        dataset = f"{named(report.dataset).strip()}, split {report.dataset['split']}"
        for row in report.results:
            if row["primary"] and row["slice"] is None and row["task"] in TASKS:
                made = canonical(signature(row["signature"]))
                found.setdefault((dataset, row["task"]), {}).setdefault(made, []).append((row, place))
    order = sorted(found, key=lambda key: (key[0], list(TASKS).index(key[1])))
    return [board for key in order for board in _boards(*key, found[key])]


def _boards(dataset: str, task: str, by_signature: Mapping[str, list[tuple[Row, str]]]) -> Iterator[Board]:
    """The boards of one data set and task, those with most systems first."""
    less = lower_is_better(TASKS[task].primary)
    signatures = {made: json.loads(made) for made in by_signature}
    names = sorted({name for fields in signatures.values() for name in fields})
    apart = [name for name in names if len({fields.get(name) for fields in signatures.values()}) > 1]
    for made, rows in sorted(by_signature.items(), key=lambda item: (-len(item[1]), item[0])):
        rows.sort(key=lambda item: (item[0]["value"] is None, _order(item[0], less), item[0]["system"], item[1]))
        differs = ", ".join(f"{name} {str(signatures[made].get(name))[:16]}" for name in apart)
        yield Board(dataset, task, TASKS[task].primary, tuple(_ranked(rows, less)), differs)


def _order(row: Row, less: bool) -> float:
    """Less for the better number; 0 for n/a."""
    return 0.0 if row["value"] is None else row["value"] if less else -row["value"]


def _ranked(rows: Sequence[tuple[Row, str]], less: bool) -> Iterator[Ranked]:
    best = rows[0][0]
    known = [_order(row, less) for row, _ in rows if row["value"] is not None]
    for row, place in rows:
        rank = None if row["value"] is None else 1 + sum(order < _order(row, less) for order in known)
        yield Ranked(row, place, rank, _overlap(row, best))


def _overlap(row: Row, best: Row) -> bool:
    if row["low"] is None or row["high"] is None or best["low"] is None or best["high"] is None:
        return False
    return row["low"] <= best["high"] and best["low"] <= row["high"]


def signature(text: str) -> dict[str, str]:
    """The fields of a signature that must be equal for two numbers to be ranked."""
    pairs = re.findall(r"(?:^|; )([a-z]+)=(.*?)(?=; [a-z]+=|\Z)", text, re.DOTALL)
    return {name: value for name, value in pairs if name not in ("system", "version")}


HEAD = ("rank", "system", "value", "95 % interval", "articles", "groups", "report")


NOTE = "* the interval overlaps that of the best: the order may be chance; `allegedly compare` tests pairs"


def _cells(ranked: Ranked) -> tuple[str, ...]:
    row, rank = ranked.row, ranked.rank
    place = "" if rank is None else f"{rank}{'*' if ranked.close and rank > 1 else ''}"
    return (
        place,
        row["system"],
        shown(row["value"]),
        interval(row),
        f"{row['articles']:,}",
        f"{row['groups']:,}",
        ranked.report,
    )


def whose_gold(given: Mapping[str, Report]) -> list[str]:
    """Whose labels the gold are, with what a reader must know of it: the first lines of the boards."""
    lines = [line for report in given.values() if report.gold_by for line in report.whose_gold]
    warned = [line for report in given.values() for line in makers.warnings(report.gold_by)]
    silent = [place for place, report in given.items() if not report.gold_by]
    if silent:
        lines.append(f"gold: {', '.join(silent)} {'does' if len(silent) == 1 else 'do'} not say who made it")
    return list(dict.fromkeys([*lines, *warned]))


def as_markdown(listed: Sequence[Board], gold: Sequence[str] = ()) -> str:
    """All boards as Markdown, under whose labels the ``gold`` are."""
    parts = [f"{markdown(line)}\n" for line in gold]
    for board in listed:
        lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
        lines += [f"| {' | '.join(markdown(cell) for cell in _cells(ranked))} |" for ranked in board.rows]
        head = f"## {markdown(board.dataset)}: {board.task} `{board.metric}`\n"
        made = f"\n{markdown(board.made)}\n" if board.made else ""
        parts.append(f"{head}{made}\n" + "\n".join(lines) + "\n")
    return "\n".join([*parts, markdown(NOTE).replace("\\`", "`") + "\n"])


def as_page(listed: Sequence[Board], title: str, gold: Sequence[str] = ()) -> str:
    """All boards as one HTML page that loads nothing, under whose labels the ``gold`` are."""
    from allegedly.render.pages import render

    return render(
        Path(__file__).parent / "templates", "leaderboard.html", title=title, gold=gold, boards=listed, note=NOTE
    )
