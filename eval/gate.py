"""Gates: what a run must reach before something may go ahead.

Conventions: ``gate.schema.json``. ``min`` and ``max`` look at the value, or at the end of the interval that is worse
(``on = "low"``). ``max_drop`` looks at new minus old against a baseline report, paired by article and counted by group:
under ``proved`` it fails where the drop is larger than allowed and the paired randomisation calls it one, one-sided at 5
percent, since a gate asks about the worse side alone; where there is no randomisation (pooled rankings), where the 95
percent interval lies wholly on the worse side.
Under ``noninferior`` it passes only where the worse end of the interval is better than minus the allowed drop. n/a does
not pass. Where less of a metric is better (loss, error), a drop is a rise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allegedly.eval.compare import about_groups, differences, paired
from allegedly.eval.counts import slice_key
from allegedly.eval.gate_file import Gate
from allegedly.eval.metric import lower_is_better
from allegedly.eval.paired_tests import Difference
from allegedly.eval.report import Report
from allegedly.eval.rows import GateRow, number, shown
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate found: the value, or the difference, with its interval and the one-sided p of a drop (None is n/a);
    passed, failed or n/a."""

    value: float | None
    low: float | None
    high: float | None
    verdict: str
    p: float | None = None

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


#: The one-sided level of the paired randomisation: how many of a hundred equal systems seem to have got worse.
LEVEL = 0.05
_UNKNOWN = Verdict(value=None, low=None, high=None, verdict="n/a")


def check(gates: Sequence[Gate], baseline: Report | None) -> None:
    """UsageError where a gate lacks a baseline: known before any system is asked."""
    for gate in gates:
        if gate.limit == "max_drop" and baseline is None:
            raise UsageError(f"gate on {gate.task}: max_drop needs a report to compare with: --baseline REPORT")


def judge(report: Report, gates: Sequence[Gate], baseline: Report | None = None) -> list[GateRow]:
    """The verdict of each gate for each system, as rows of the report. UsageError where a gate names a system that was
    not run, lacks a baseline, or the baseline has another gold."""
    check(gates, baseline)
    if baseline is not None:
        old = differences(report, baseline)
        if old:
            raise UsageError(f"the baseline does not compare: {'; '.join(old)}")
    changes: Changes = {}
    return [row for gate in gates for row in _rows(report, gate, baseline, changes)]


def warnings(report: Report, baseline: Report) -> list[str]:
    """What makes a baseline old."""
    reasons = []
    if baseline.allegedly != report.allegedly:
        reasons.append(f"the baseline was made by allegedly {baseline.allegedly}, this report by {report.allegedly}")
    if baseline.dataset["content_sha256"] != report.dataset["content_sha256"]:
        reasons.append("the baseline was made on another build of the release, with the same gold")
    return reasons + about_groups([report, baseline])


def _rows(report: Report, gate: Gate, baseline: Report | None, changes: "Changes") -> Iterator[GateRow]:
    names = [about["name"] for about in report.systems]
    if gate.system is not None and gate.system not in names:
        raise UsageError(f"gate on {gate.task}: {unknown('system', gate.system, names)}")
    for name in names if gate.system is None else [gate.system]:
        verdict = (
            _level(report, gate, name) if gate.limit != "max_drop" else _drop(report, gate, name, baseline, changes)
        )
        yield {
            "system": name,
            "task": gate.task,
            "metric": gate.metric,
            "slice": None if gate.slice is None else dict(gate.slice),
            "limit": gate.limit,
            "allowed": gate.allowed,
            "on": gate.on,
            "rule": gate.rule,
            "value": verdict.value,
            "low": verdict.low,
            "high": verdict.high,
            "half_width": verdict.half_width,
            "p": verdict.p,
            "verdict": verdict.verdict,
            "message": _message(name, gate, verdict),
        }


def _level(report: Report, gate: Gate, name: str) -> Verdict:
    try:
        row = report.row(name, gate.task, gate.metric, gate.slice)
    except UsageError:
        return _UNKNOWN
    seen = row["value"]
    if gate.on == "low":
        seen = row["high"] if gate.limit == "max" else row["low"]
    if seen is None:
        return Verdict(value=row["value"], low=row["low"], high=row["high"], verdict="n/a")
    passed = seen >= gate.allowed if gate.limit == "min" else seen <= gate.allowed
    return Verdict(value=row["value"], low=row["low"], high=row["high"], verdict="passed" if passed else "failed")


#: Differences that were found, by what they are of: gates with other limits need the same ones.
Changes = dict[tuple[str, str, str, str | None], Difference | None]


def _drop(report: Report, gate: Gate, name: str, baseline: Report | None, changes: Changes) -> Verdict:
    assert baseline is not None  # judge has checked it
    known = [about["name"] for about in baseline.systems]
    if name not in known and len(known) > 1:
        raise UsageError(f"gate on {gate.task}: the baseline has no system {name!r}; it has {', '.join(known)}")
    old = name if name in known else known[0]
    key = (name, gate.task, gate.metric, slice_key(gate.slice))
    if key not in changes:
        changes[key] = paired(report, name, baseline, old, gate.task, gate.metric, gate.slice)
    change = changes[key]
    if change is None:
        return _UNKNOWN
    return verdict_of(change, gate)


def verdict_of(change: Difference, gate: Gate) -> Verdict:
    """The verdict on a paired difference, new minus old."""
    value, low, high = number(change.value), number(change.low), number(change.high)
    if value is None or low is None or high is None:
        return Verdict(value=value, low=low, high=high, verdict="n/a")
    better, worse_end, better_end = (-value, -high, -low) if lower_is_better(gate.metric) else (value, low, high)
    p = _of_a_drop(number(change.p), better)
    is_drop = better_end < 0 if p is None else p < LEVEL
    passed = not (is_drop and -better > gate.allowed) if gate.rule == "proved" else worse_end > -gate.allowed
    return Verdict(value=value, low=low, high=high, p=p, verdict="passed" if passed else "failed")


def _of_a_drop(p: float | None, better: float) -> float | None:
    """The one-sided p of a drop, of the two-sided p: swapping all groups turns every difference round, so that both
    sides are alike."""
    if p is None:
        return None
    return p / 2 if better < 0 else 1 - p / 2


def _disagree(verdict: Verdict, metric: str) -> bool:
    """Whether interval and randomisation say different things of a drop."""
    if verdict.p is None or verdict.low is None or verdict.high is None:
        return False
    below = verdict.low > 0 if lower_is_better(metric) else verdict.high < 0
    return (verdict.p < LEVEL) != below


def _message(system: str, gate: Gate, verdict: Verdict) -> str:
    where = "" if gate.slice is None else f" where {', '.join(f'{k} = {v}' for k, v in gate.slice.items())}"
    interval = f"[{shown(verdict.low)}, {shown(verdict.high)}], half-width {shown(verdict.half_width)}"
    limit = f"{gate.limit} {gate.allowed:g}"
    limit += f" on {gate.on}" if gate.limit != "max_drop" else f" ({gate.rule}), new minus old"
    if gate.limit == "max_drop" and verdict.p is not None:
        interval += f", one-sided p {shown(verdict.p)}"
        if gate.rule == "proved" and _disagree(verdict, gate.metric):
            limit += ", where interval and paired randomisation disagree, and the latter decides"
    return (
        f"{verdict.verdict.upper()}: {system}: {gate.task} {gate.metric}{where}: "
        f"{shown(verdict.value)} {interval}; {limit}"
    )
