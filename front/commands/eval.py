"""``allegedly eval``: score systems against the gold of a release."""

import argparse
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from allegedly.parsing import names

if TYPE_CHECKING:
    from allegedly.eval.report import Report

HELP = "Score systems against the gold of a release, with intervals; gates decide the exit code."
EXAMPLES = """  allegedly eval dataset --system labeller:rules --out report
  allegedly eval dataset --system mine=file:predictions.jsonl --task speculation-detection
  allegedly eval dataset --system python:model:predict --task claim-detection --gate gates.toml --baseline report"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release, the systems, and how they are scored."""
    add = parser.add_argument
    add("release", help="folder of a release")
    add("--system", action="append", required=True, metavar="[NAME=]SPEC", help="a system; may be given several times")
    add("--task", action="append", metavar="NAME", help="a task; all that the systems run by default")
    add("--split", default="test", help="train, validation, test or all (default: test)")
    add(
        "--missing", choices=("skip", "empty"), help="articles without a prediction: leave out, or score as abstentions"
    )
    add("--system-options", type=Path, metavar="FILE", help="TOML, a table a system")
    add("--gate", type=Path, metavar="FILE", help="TOML of [[gate]] tables; exit 1 where one fails")
    add("--baseline", type=Path, metavar="REPORT", help="the report that max_drop looks at")
    add(
        "--slices",
        action="extend",
        type=names,
        metavar="FIELD,...",
        help="fields, or filters such as outlet=Harbour Post&year=2017",
    )
    add(
        "--gold",
        action="extend",
        type=names,
        metavar="KIND,...",
        help="only gold that these made: human, import, model, rule (default: all)",
    )
    add("--allow-circular", action="store_true", help="score a system on gold that it made itself")
    add(
        "--resamples",
        type=int,
        default=10_000,
        metavar="N",
        help="resamples of groups of articles, 100 or more, 0 for no intervals (default: 10000)",
    )
    add("--seed", type=int, default=0, metavar="N", help="seed of the resamples (default: 0)")
    add("--cache", type=Path, metavar="DIR", help="where answers of endpoints are kept (default: OUT/.cache)")
    add("--max-requests", type=int, metavar="N", help="requests at most")
    add("--max-cost", type=float, metavar="COST", help="cost at most, at the prices of the options")
    add("--out", type=Path, metavar="DIR", help="write the report here, in place of an earlier one")
    add("--all", action="store_true", help="print every metric, not the primary ones alone")
    add("--json", action="store_true", help="print the report as JSON")


def run(args: argparse.Namespace) -> int:
    """Score, judge the gates, write the report. 1 where a gate does not pass."""
    from allegedly import console, reporting
    from allegedly.eval import gate, gate_file
    from allegedly.eval import report as reports
    from allegedly.eval.foreign import aside
    from allegedly.evaluation import check_draws
    from allegedly.schemas.paths import readable

    # what is wrong with the command is reported before anything is asked
    check_draws(args.resamples, args.seed)
    if args.out:
        reports.check(args.out)
    gates = gate_file.read(args.gate) if args.gate else []
    baseline = reports.load(args.baseline) if args.baseline else None
    gate.check(gates, baseline)
    with aside():  # what a model prints is no part of the report
        report = _scored(args, gate_file.wanted_slices(gates))
    with reporting.counts_of(args.baseline or args.release):
        report.gates = gate.judge(report, gates, baseline)
    if baseline is not None:
        report.warnings += gate.warnings(report, baseline)
    if args.out:
        reporting.save(report, args.out)
    reporting.summarise(report)
    try:
        console.dump(report.to_json(), 1) if args.json else console.show(_table(report, args.all))
    finally:
        # told also where nobody reads the table any more
        for warning in report.warnings:
            console.say(f"warning: {warning}")
        for judged in report.gates:
            console.alert(judged["message"])
        if args.out:
            console.say(f"report: {readable(args.out)}")
    return 1 if any(row["verdict"] != "passed" for row in report.gates) else 0


def _scored(args: argparse.Namespace, gated: Iterable[Mapping[str, str]]) -> "Report":
    """The report of the systems, on the slices asked for and those that gates look at."""
    from allegedly import console
    from allegedly.eval import options as system_options
    from allegedly.eval import schemes
    from allegedly.eval.running import Budget
    from allegedly.eval.runs import named
    from allegedly.evaluation import evaluate

    of = {name: schemes.parted(spec)[0] for name, spec in named(args.system).items() if isinstance(spec, str)}
    own = {name: scheme.options for name, scheme in of.items()}
    kept = args.out / ".cache" if args.out and any(scheme.cached for scheme in of.values()) else None
    steps = _Steps()
    return evaluate(
        args.release,
        args.system,
        tasks=args.task,
        split=args.split,
        options=system_options.read(args.system_options, own, console.say) if args.system_options else None,
        missing=args.missing or "error",
        slices=[*(args.slices or ()), *gated],
        resamples=args.resamples,
        seed=args.seed,
        gold=args.gold,
        allow_circular=args.allow_circular,
        cache=args.cache or kept,
        cache_named=args.cache is not None,
        budget=Budget(max_requests=args.max_requests, max_cost=args.max_cost),
        progress=steps,
        items=steps.inside,
        say=console.say,
    )


class _Steps:
    """Progress: a line for a step that begins two seconds after the last line, or is ten seconds under way."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, step: str) -> None:
        self._line(step, 2)

    def inside(self, what: str, done: int, total: int) -> None:
        """How far a step is."""
        self._line(f"{what}: {done} of {total}", 10)

    def _line(self, text: str, pause: float) -> None:
        from allegedly import console

        now = time.monotonic()
        if console.manner.verbose or now - self.last >= pause:
            self.last = now
            console.say(text)


def _table(report: "Report", everything: bool) -> list[str]:
    """Whose labels the gold are; numbers with their intervals, one a line; then what was left out, and did not run."""
    from allegedly.eval.rows import FLOORS, beside, interval, shown, where
    from allegedly.render.columns import aligned
    from allegedly.schemas.escape import line

    more = FLOORS if report.floors else ()
    rows = [("system", "task", "metric", "value", "95 % interval", *more, "articles", "groups", "items", "slice")]
    for row in report.results:
        if everything or row["primary"]:
            counts = (str(row["articles"]), str(row["groups"]), str(row["items"]))
            # of the whole split and its primary metric alone
            floors = (
                beside(report.floors, row["task"]) if row["primary"] and row["slice"] is None else ("",) * len(more)
            )
            numbers = (shown(row["value"]), interval(row), *floors, *counts)
            rows.append((row["system"], row["task"], row["metric"], *numbers, where(row)))
    lines = aligned([[line(cell) for cell in row] for row in rows])
    left_out = [f"{left['system']}: {left['task']}: {left['reason']}: {left['count']}" for left in report.left_out]
    absent = [f"{s['name']}: not run: {', '.join(s['absent'])}" for s in report.systems if s["absent"]]
    return [*map(line, report.whose_gold), *lines, *left_out, *absent]
