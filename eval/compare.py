"""Comparison of systems over the same gold: paired differences, a test, and what this test set could have shown.

Conventions: pairs are made article by article, and counted by group: copies of an article are one piece of evidence. The
primary test is approximate randomisation that swaps whole groups; Holm's correction is over all pairs of systems by the
primary metric of each task. The interval is the paired bootstrap's. McNemar's test stands beside as an extra, over
sentences, which hang together in groups too. The smallest difference is the one that a two-sided test at 5 percent would
find in 80 percent of such test sets: (1.96 + 0.84) standard errors of the paired difference.

Where two reports of the same gold do not agree on the groups (builds of other releases hold other copies), articles that
either of them puts together go together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from allegedly.eval import bootstrap, makers, paired_tests, tasks
from allegedly.eval.columns import Ints
from allegedly.eval.counts import RIGHT, Counts, Key, slice_key
from allegedly.eval.paired_tests import Difference
from allegedly.eval.report import Report
from allegedly.eval.resamples import by_group, numbered
from allegedly.eval.rows import Dataset, named, number
from allegedly.eval.task_metrics import family_of
from allegedly.schemas.drawn import Drawn, counted, one_line
from allegedly.schemas.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_POWER = 1.959964 + 0.841621


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two systems by one metric: ``difference`` is b minus a, ``low`` to ``high`` its interval; None is n/a. ``identical``:
    whether their counts are equal in every article, by all that was counted for the task."""

    task: str
    metric: str
    a: str
    b: str
    value_a: float | None
    value_b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    smallest_difference: float | None
    mcnemar_extra: float | None
    articles: int
    groups: int
    identical: bool
    signature: str

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self)


@dataclass
class Comparison(Drawn):
    """Pairs of systems by the primary metric of each task that both ran."""

    dataset: Dataset
    systems: list[str]
    rows: list[Pair] = field(default_factory=list)
    whose_gold: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        pairs = f"{counted(len(self.rows), 'pairs')} of {counted(len(self.systems), 'systems')}"
        return one_line(self, f"{named(self.dataset)[:50].strip()}, split {self.dataset['split']}: {pairs}")

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame([row.to_json() for row in self.rows])

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        rows = [row.to_json() for row in self.rows]
        about = {"dataset": self.dataset, "gold": self.whose_gold, "systems": self.systems}
        return {**about, "warnings": self.warnings, "rows": rows}


def compare(*reports: Report, resamples: int | None = None, seed: int | None = None) -> Comparison:
    """Compare all systems of the reports in pairs. UsageError where reports differ in what they scored against, with
    what differs, or where there are not two systems."""
    if not reports:
        raise UsageError("no report to compare; expected at least one, with two systems in all")
    first = reports[0]
    for place, report in enumerate(reports[1:], 2):
        reasons = differences(first, report)
        if reasons:
            raise UsageError(f"report {place} does not compare with the first: {'; '.join(reasons)}")
    systems = _systems(reports)
    if len(systems) < 2:
        raise UsageError(f"found {len(systems)} system in the reports, expected two or more to compare")
    out = Comparison(dataset=first.dataset.copy(), systems=list(systems), whose_gold=_whose_gold(reports))
    groups = joined(first.articles, [report.groups for report in reports])
    rows = [
        row
        for a, b in combinations(systems, 2)
        for row in _pairs(_Side(a, *systems[a]), _Side(b, *systems[b]), groups, resamples, seed)
    ]
    corrected = paired_tests.holm([_nan(row.p) for row in rows])
    out.rows = [replace(row, p_holm=number(p)) for row, p in zip(rows, corrected, strict=True)]
    many = len(set(groups.tolist()))
    if many < bootstrap.FEW:
        out.warnings.append(bootstrap.too_few(many, len(first.articles)))
    out.warnings += makers.warnings(next((report.gold_by for report in reports if report.gold_by), []))
    out.warnings += about_groups(reports)
    return out


def _whose_gold(reports: Sequence[Report]) -> list[str]:
    """Whose labels the gold are: reports of one gold agree, but old ones do not say."""
    return next((report.whose_gold for report in reports if report.gold_by), reports[0].whose_gold)


def about_groups(reports: Sequence[Report]) -> list[str]:
    """What a reader must know of the groups of reports of one gold."""
    silent = sum(not report.groups for report in reports)
    if silent == len(reports):
        return ["the reports do not say which articles are copies of each other: each counts as evidence of its own"]
    parted = {tuple(numbered(report.groups).tolist()) for report in reports if report.groups}
    return ["the reports do not agree on which articles are copies of each other: those of either go together"] * (
        len(parted) > 1
    )


def joined(articles: Sequence[str], groupings: Sequence[Sequence[str]]) -> Ints:
    """The number of each article's group, from 0 in the order in which the groups come first: articles that any of the
    groupings puts together go together. An empty grouping says nothing."""
    place = list(range(len(articles)))

    def root(article: int) -> int:
        while place[article] != article:
            place[article] = article = place[place[article]]
        return article

    for groups in groupings:
        first: dict[str, int] = {}
        for article, group in enumerate(groups):
            place[root(article)] = root(first.setdefault(group, article))
    return numbered([str(root(article)) for article in range(len(articles))])


def differences(first: Report, second: Report) -> list[str]:
    """What makes two reports not comparable."""
    known = (
        ("split", first.dataset["split"], second.dataset["split"]),
        ("gold", first.dataset["gold_sha256"], second.dataset["gold_sha256"]),
    )
    reasons = [f"{what} {a} and {b}" for what, a, b in known if a != b]
    if first.articles != second.articles:
        lacking = len(set(first.articles) ^ set(second.articles))
        reasons.append(f"articles: {lacking} are in one of them only")
    return reasons


def _systems(reports: Sequence[Report]) -> dict[str, tuple[Report, str]]:
    """Systems by name; where reports share one, its report's number stands behind it."""
    names = [about["name"] for report in reports for about in report.systems]
    return {
        name if names.count(name) == 1 else f"{name} ({place})": (report, name)
        for place, report in enumerate(reports, 1)
        for name in [about["name"] for about in report.systems]
    }


class _Side(NamedTuple):
    """A system of a comparison: its name there, its report, and its name in the report."""

    name: str
    report: Report
    system: str

    def counts(self, task: str, family: str) -> Counts:
        """Its counts of a family."""
        return self.report.counts[Key(self.system, task, family)]

    def families(self, task: str) -> dict[str, Counts]:
        """Its counts of a task over all articles, by family."""
        counts = self.report.counts.items()
        return {key.family: of for key, of in counts if (key.system, key.task, key.slice) == (self.system, task, None)}

    def tasks(self) -> set[str]:
        """The tasks that it ran."""
        return {key.task for key in self.report.counts if key.system == self.system}


def _pairs(a: _Side, b: _Side, groups: Ints, resamples: int | None, seed: int | None) -> Iterator[Pair]:
    """Both systems by each task that both ran; Holm's correction is still to come."""
    draws, start = resamples or a.report.resamples, a.report.seed if seed is None else seed
    ran = a.tasks() & b.tasks()
    return (_pair(task, a, b, groups, draws, start) for name, task in tasks.TASKS.items() if name in ran)


def _pair(task: tasks.Task, a: _Side, b: _Side, groups: Ints, draws: int, seed: int) -> Pair:
    family, measure = family_of(task, task.primary)
    left, right = (side.counts(task.name, family.measures[0].name) for side in (a, b))
    _alike(left, right, task.name)
    if left.articles != right.articles:
        raise UsageError(
            f"{task.name}: {a.name} was scored on {len(left.articles)} articles and {b.name} on {len(right.articles)}, "
            "not the same ones; score both with the same --missing"
        )
    entering = _entering(left, a.report.articles, groups)
    old, new = (by_group(side.of(a.report.articles), groups) for side in (left, right))
    gap = paired_tests.difference(family, measure, new, old, entering, draws, seed)
    p = paired_tests.randomisation(family, measure, new, old, draws, seed)
    return Pair(
        task=task.name,
        metric=measure.name,
        a=a.name,
        b=b.name,
        value_a=number(bootstrap.point(family, old)[measure.name]),
        value_b=number(bootstrap.point(family, new)[measure.name]),
        difference=number(gap.value),
        low=number(gap.low),
        high=number(gap.high),
        p=number(p),
        p_holm=None,
        smallest_difference=number(_POWER * gap.error),
        mcnemar_extra=_mcnemar(a, b, task.name, groups),
        articles=len(left.articles),
        groups=entering,
        identical=_identical(task.name, a, b),
        signature=f"difference=b minus a; interval=paired bootstrap, {draws} resamples of groups of articles; "
        f"p=approximate randomisation of groups of articles, {draws} draws; correction=Holm; seed={seed}",
    )


def _identical(task: str, a: _Side, b: _Side) -> bool:
    """Whether two systems have the same counts in every article, in every family of a task."""
    left, right = (side.families(task) for side in (a, b))
    return left.keys() == right.keys() and all(
        left[family].articles == right[family].articles and _same(left[family], right[family]) for family in left
    )


def _same(left: Counts, right: Counts) -> bool:
    if isinstance(left.values, list) or isinstance(right.values, list):
        lists = isinstance(left.values, list) and isinstance(right.values, list)
        return lists and len(left.values) == len(right.values) and all(map(np.array_equal, left.values, right.values))
    return bool(np.array_equal(left.values, right.values))


def _alike(left: Counts, right: Counts, task: str) -> None:
    """UsageError where counts of one family were not counted alike: by versions that count other things."""
    if isinstance(left.values, list) or isinstance(right.values, list):
        return
    wide = left.values.shape[1], right.values.shape[1]
    if wide[0] != wide[1]:
        raise UsageError(f"{task}: counts of {wide[0]} and of {wide[1]} columns do not compare; score both anew")


def _entering(counts: Counts, articles: Sequence[str], groups: Ints) -> int:
    """How many groups the articles that enter fall into."""
    enter = set(counts.articles)
    return len({group for article, group in zip(articles, groups.tolist(), strict=True) if article in enter})


def _mcnemar(a: _Side, b: _Side, task: str, groups: Ints) -> float | None:
    """McNemar's test over the sentences of both, group by group; None where one of them has no such answers."""
    sides = [side.report.counts.get(Key(side.system, task, RIGHT)) for side in (a, b)]
    if any(side is None for side in sides):
        return None
    rights = [side.of(a.report.articles) for side in sides if side is not None]
    if any(len(left) != len(right) for left, right in zip(*rights, strict=True)):
        raise UsageError(f"{task}: {a.name} and {b.name} were not scored on the same sentences; score both anew")
    gaps = [int(left.sum()) - int(right.sum()) for left, right in zip(*rights, strict=True)]
    of_group = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(of_group, groups, gaps)
    return paired_tests.clustered_mcnemar(of_group)


def paired(
    new: Report,
    name: str,
    old: Report,
    named: str,
    task: str,
    metric: str,
    slice: Mapping[str, str] | None = None,
) -> Difference | None:
    """The paired difference of one metric, new minus old, over all or in a slice, with the p of the paired randomisation;
    None where one of them lacks it. UsageError where the two did not score the same articles."""
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
    _alike(left, right, task)
    groups = joined(new.articles, [new.groups, old.groups])
    ours, theirs = (by_group(side.of(new.articles), groups) for side in (left, right))
    entering = _entering(left, new.articles, groups)
    change = paired_tests.difference(family, measure, ours, theirs, entering, new.resamples, new.seed)
    p = paired_tests.randomisation(family, measure, ours, theirs, new.resamples, new.seed)
    return change._replace(p=p)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
