"""What a report answers, in words: which system leads by each task, or why that cannot be told.

Conventions: two systems are told apart where the paired test of `compare`, corrected after Holm, is below .05. Otherwise
the sentence says which differences this test set cannot show. Systems whose counts are equal in every article are said to
predict the same. Numbers have three digits, without the zero before the point.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from allegedly.eval.compare import Comparison, Pair
from allegedly.eval.report import Report
from allegedly.eval.rows import FLOORS, Row, beside
from allegedly.eval.tasks import TASKS

#: Below this a difference is no accident.
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """One task: its metric, the row of each system by name, what stands beside (constant, prior, annotators), and what it
    all says."""

    task: str
    metric: str
    rows: Mapping[str, Row]
    beside: Mapping[str, str]
    says: str
    leader: str | None


def answers(report: Report, comparison: Comparison | None) -> list[Answer]:
    """The answer of each task that was run, in the order of tasks. ``comparison``: of the report's systems, where there
    are two or more."""
    out = []
    for task in TASKS:
        rows = {
            row["system"]: row
            for row in report.results
            if row["task"] == task and row["primary"] and row["slice"] is None
        }
        if not rows:
            continue
        pairs = [] if comparison is None else [pair for pair in comparison.rows if pair.task == task]
        leader, says = _says(rows, pairs)
        floors = dict(zip(FLOORS, beside(report.floors, task, 3), strict=False))
        out.append(
            Answer(task, next(iter(rows.values()))["metric"], rows, floors, says or _alone(rows, floors), leader)
        )
    return out


def _says(rows: Mapping[str, Row], pairs: Sequence[Pair]) -> tuple[str | None, str]:
    """The leader and the sentence of one task."""
    ranked = sorted((row for row in rows.values() if row["value"] is not None), key=lambda row: -(row["value"] or 0.0))
    if len(ranked) < 2:
        return None, ""
    first, second = ranked[0]["system"], ranked[1]["system"]
    pair = next((each for each in pairs if {each.a, each.b} == {first, second}), None)
    if pair is None:
        return None, "their counts are not at hand, so they are not compared"
    if pair.identical:
        return None, f"identical predictions of {first} and {second}"
    if leader(pair) == first:
        over = f" {second}" if len(ranked) > 2 else ""
        return first, f"{first} leads{over} by {_gap(pair, first)}"
    return None, untold(pair)


def untold(pair: Pair) -> str:
    """Why two systems cannot be told apart."""
    count = _articles(pair)
    if pair.p_holm is None or pair.smallest_difference is None:
        return f"cannot be told with {count}: too few to test"
    if pair.smallest_difference <= 0:
        return f"cannot be told with {count}: they do not differ in any way that resampling shows"
    if abs(pair.difference or 0.0) >= pair.smallest_difference:
        return f"cannot be told with {count}: p {chance(pair.p_holm)}, corrected after Holm over all comparisons"
    return f"cannot be told with {count}: differences under {short(pair.smallest_difference, up=True)} are invisible"


def told(pair: Pair) -> str:
    """What one pair of systems says."""
    if pair.identical:
        return "identical predictions"
    first = leader(pair)
    return untold(pair) if first is None else f"{first} leads by {_gap(pair, first)}"


def _articles(pair: Pair) -> str:
    count = f"{pair.articles:,} article{'' if pair.articles == 1 else 's'}"
    return count if pair.groups == pair.articles else f"{count} in {pair.groups:,} groups"


def _gap(pair: Pair, leader: str) -> str:
    """The difference as the leader's, with its interval and p."""
    sign = 1 if leader == pair.b else -1
    ends = [None if end is None else sign * end for end in (pair.low, pair.high)]
    shown = "" if None in ends else f" ({short(min(ends))} to {short(max(ends))})"  # type: ignore[type-var]
    return f"{short(sign * (pair.difference or 0.0))}{shown}, p {chance(pair.p_holm)}"


def chance(value: float | None) -> str:
    """A p in words: ``.012``, ``< .001``."""
    return "n/a" if value is None else "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def short(value: float | None, *, up: bool = False) -> str:
    """A number of three digits without its zero: ``.062``; ``up``: rounded up, to two digits."""
    if value is None:
        return "n/a"
    text = f"{math.ceil(value * 100) / 100:.2f}" if up else f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _alone(rows: Mapping[str, Row], floors: Mapping[str, str]) -> str:
    """What the number of one system says: whether its interval lies above what needs no reading."""
    (row,) = [*rows.values()][:1]
    known = {
        name: float(value) for name in ("constant", "prior") if (value := floors.get(name, "n/a")) not in ("n/a", "")
    }
    if row["value"] is None:
        return "n/a: nothing to score"
    if not known:
        return ""
    name, best = max(known.items(), key=lambda item: item[1])
    if row["low"] is not None and row["low"] > best:
        return f"above the {name}"
    return f"not above the {name}" if row["value"] <= best else f"cannot be told from the {name}"


def summary(found: Sequence[Answer], systems: Sequence[str]) -> Iterator[str]:
    """The whole in a sentence or two."""
    if len(systems) > 1:
        yield from leaders([(answer.task, answer.leader) for answer in found])


def leaders(found: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    """Who leads in which tasks, from each task and its leader."""
    led: dict[str, list[str]] = {}
    for task, leader in found:
        if leader is not None:
            led.setdefault(leader, []).append(task)
    for name, tasks in sorted(led.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(tasks) == len(found) > 1:
            yield f"{name} leads in all {len(found)} tasks."
        else:
            yield f"{name} leads in {len(tasks)} of {len(found)} tasks: {', '.join(tasks)}."
    if not led:
        yield f"No system can be told to lead in any of {len(found)} task{'s' * (len(found) != 1)}."
    elif open_ := [task for task, leader in found if leader is None]:
        yield f"No leader in {len(open_)}: {', '.join(open_)}."


def leader(pair: Pair) -> str | None:
    """Which of two systems leads; None where that cannot be told."""
    if pair.identical or pair.p_holm is None or pair.p_holm >= LEVEL:
        return None
    return pair.b if (pair.difference or 0.0) > 0 else pair.a
