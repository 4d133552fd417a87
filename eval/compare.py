"""Comparison of systems over the same gold: paired differences, a test, and what this test set could have shown.

Conventions: pairs are made article by article. The primary test is approximate randomisation that swaps whole articles;
Holm's correction is over all pairs of systems by the primary metric of each task. The interval is the paired
bootstrap's. McNemar's test stands beside as an extra: it ignores that the sentences of an article hang together. The
smallest difference is the one that a two-sided test at 5 percent would find in 80 percent of such test sets:
(1.96 + 0.84) standard errors of the paired difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from allegedly.eval import bootstrap, tasks
from allegedly.eval.bootstrap import Difference
from allegedly.eval.report import RIGHT, Counts, Key, Report, family_of, number, slice_key
from allegedly.schemas.errors import UsageError

_POWER = 1.959964 + 0.841621
_SAME = {"split": "split", "gold_sha256": "gold"}


@dataclass
class Comparison:
    """Pairs of systems by the primary metric of each task that both ran."""

    dataset: dict[str, Any]
    systems: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_pandas(self):
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"dataset": self.dataset, "systems": self.systems, "warnings": self.warnings, "rows": self.rows}


def compare(*reports: Report, resamples: int | None = None, seed: int | None = None) -> Comparison:
    """Compare all systems of the reports in pairs. UsageError where reports differ in what they scored against, with
    what differs, or where there are not two systems."""
    if not reports:
        raise UsageError("no report to compare; expected at least one, with two systems in all")
    first = reports[0]
    for at, other in enumerate(reports[1:], 2):
        found = differences(first, other)
        if found:
            raise UsageError(f"report {at} does not compare with the first: {'; '.join(found)}")
    systems = _systems(reports)
    if len(systems) < 2:
        raise UsageError(f"found {len(systems)} system in the reports, expected two or more to compare")
    out = Comparison(dataset=dict(first.dataset), systems=list(systems))
    rows = [
        row
        for (a, (one, name)), (b, (other, named)) in combinations(systems.items(), 2)
        for row in _pair(a, one, name, b, other, named, resamples, seed)
    ]
    for row, p in zip(rows, bootstrap.holm([_nan(row["p"]) for row in rows]), strict=True):
        row["p_holm"] = number(p)
    out.rows = rows
    if len(first.articles) < bootstrap.FEW:
        out.warnings.append(f"{len(first.articles)} articles: intervals are too narrow under {bootstrap.FEW}")
    return out


def differences(one: Report, other: Report) -> list[str]:
    """What makes two reports not comparable."""
    found = [
        f"{what} {one.dataset[key]} and {other.dataset[key]}"
        for key, what in _SAME.items()
        if one.dataset[key] != other.dataset[key]
    ]
    if one.articles != other.articles:
        lacking = len(set(one.articles) ^ set(other.articles))
        found.append(f"articles: {lacking} are in one of them only")
    return found


def _systems(reports: Sequence[Report]) -> dict[str, tuple[Report, str]]:
    """Systems by name; where reports share one, its report's number stands behind it."""
    names = [about["name"] for report in reports for about in report.systems]
    return {
        name if names.count(name) == 1 else f"{name} ({at})": (report, name)
        for at, report in enumerate(reports, 1)
        for name in [about["name"] for about in report.systems]
    }


def _pair(
    a: str, one: Report, name: str, b: str, other: Report, named: str, resamples: int | None, seed: int | None
) -> Iterator[dict[str, Any]]:
    ran = [{key.task for key in report.counts if key.system == s} for report, s in ((one, name), (other, named))]
    for task in (tasks.TASKS[task] for task in tasks.TASKS if task in ran[0] & ran[1]):
        family, measure = family_of(task, task.primary)
        key = family.measures[0].name
        left, right = one.counts[Key(name, task.name, key)], other.counts[Key(named, task.name, key)]
        if left.articles != right.articles:
            raise UsageError(
                f"{task.name}: {a} was scored on {len(left.articles)} articles and {b} on {len(right.articles)}, "
                "not the same ones; score both with the same --missing"
            )
        draws, start = resamples or one.resamples, one.seed if seed is None else seed
        counts = left.at(one.articles), right.at(one.articles)
        gap = bootstrap.difference(family, measure, counts[1], counts[0], len(left.articles), draws, start)
        p = bootstrap.randomisation(family, measure, counts[1], counts[0], draws, start)
        values = [bootstrap.point(family, side)[measure.name] for side in counts]
        yield {
            "task": task.name,
            "metric": measure.name,
            "a": a,
            "b": b,
            "value_a": number(values[0]),
            "value_b": number(values[1]),
            "difference": number(gap.value),
            "low": number(gap.low),
            "high": number(gap.high),
            "p": number(p),
            "p_holm": None,
            "smallest_difference": number(_POWER * gap.error),
            "mcnemar_extra": _mcnemar(one.counts, name, other.counts, named, task.name),
            "articles": len(left.articles),
            "signature": f"difference=b minus a; interval=paired bootstrap, {draws} resamples of articles; "
            f"p=approximate randomisation of articles, {draws} draws; correction=Holm; seed={start}",
        }


def _mcnemar(one: Mapping[Key, Counts], name: str, other: Mapping[Key, Counts], named: str, task: str) -> float | None:
    left, right = one.get(Key(name, task, RIGHT)), other.get(Key(named, task, RIGHT))
    if left is None or right is None:
        return None
    return bootstrap.mcnemar(*(np.concatenate(side.values).tolist() if side.values else [] for side in (left, right)))


def paired(
    new: Report,
    name: str,
    old: Report,
    named: str,
    task: str,
    metric: str,
    slice: Mapping[str, str] | None = None,
) -> Difference | None:
    """The paired difference of one metric, new minus old, over all or in a slice; None where one of them lacks it.
    UsageError where the two did not score the same articles."""
    family, measure = family_of(tasks.find(task), metric)
    key = family.measures[0].name
    sides = [r.counts.get(Key(s, task, key, slice_key(slice))) for r, s in ((new, name), (old, named))]
    left, right = sides
    if left is None or right is None:
        return None
    if left.articles != right.articles:
        raise UsageError(
            f"{task}: new and old were not scored on the same articles; score both with the same --missing"
        )
    counts = left.at(new.articles), right.at(new.articles)
    return bootstrap.difference(family, measure, counts[0], counts[1], len(left.articles), new.resamples, new.seed)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
