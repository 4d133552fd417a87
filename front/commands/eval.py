"""``allegedly eval``: score systems against the gold of a release."""

import json
import sys
import time
from pathlib import Path

HELP = "Score systems against the gold of a release, with intervals; gates decide the exit code."
EXAMPLES = """  allegedly eval dataset --system labeller:rules --out report
  allegedly eval dataset --system mine=file:predictions.jsonl --task speculation-detection
  allegedly eval dataset --system python:model:predict --task claim-detection --gate gates.toml --baseline report"""


def arguments(parser) -> None:
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
    add("--slices", default="", metavar="FIELD,...", help="fields, or filters such as outlet=Harbour Post&year=2017")
    add("--resamples", type=int, default=10_000, metavar="N", help="resamples of articles (default: 10000)")
    add("--seed", type=int, default=0, metavar="N", help="seed of the resamples (default: 0)")
    add("--cache", type=Path, metavar="DIR", help="where answers of endpoints are kept (default: OUT/.cache)")
    add("--max-requests", type=int, metavar="N", help="requests at most")
    add("--max-cost", type=float, metavar="COST", help="cost at most, at the prices of the options")
    add("--out", type=Path, metavar="DIR", help="write the report here, in place of an earlier one")
    add("--all", action="store_true", help="print every metric, not the primary ones alone")
    add("--json", action="store_true", help="print the report as JSON")


def run(args) -> int:
    from allegedly import reporting
    from allegedly.eval import gate
    from allegedly.eval import options as system_options
    from allegedly.eval import report as reports
    from allegedly.eval.running import Budget
    from allegedly.evaluation import evaluate

    # what is wrong with the command is found before anything is asked
    if args.out:
        reporting.check(args.out)
    gates = gate.read(args.gate) if args.gate else []
    options = system_options.read(args.system_options) if args.system_options else None
    baseline = reports.load(args.baseline) if args.baseline else None
    chosen = [field.strip() for field in args.slices.split(",") if field.strip()]
    cache = args.cache or (args.out / ".cache" if args.out and _is_asked(args.system) else None)
    steps = _Steps()
    report = evaluate(
        args.release,
        args.system,
        tasks=args.task,
        split=args.split,
        options=options,
        missing=args.missing or "error",
        slices=[*chosen, *gate.wanted_slices(gates)],
        resamples=args.resamples,
        seed=args.seed,
        cache=cache,
        budget=Budget(max_requests=args.max_requests, max_cost=args.max_cost),
        progress=steps,
        items=steps.inside,
    )
    report.gates = gate.judge(report, gates, baseline)
    if baseline is not None:
        report.warnings += gate.warnings(report, baseline)
    if args.out:
        reporting.save(report, args.out)
    reporting.summarise(report)
    print(json.dumps(report.to_json(), indent=1, ensure_ascii=False) if args.json else _table(report, args.all))
    for line in report.warnings:
        _say(f"warning: {line}")
    for row in report.gates:
        _say(row["message"])
    if args.out:
        _say(f"report: {args.out}")
    return 1 if any(row["verdict"] != "passed" for row in report.gates) else 0


def _is_asked(systems: list[str]) -> bool:
    """Whether a system is asked rather than read: only then is there something to keep."""
    return any(spec.partition("=")[2].startswith(_ASKED) or spec.startswith(_ASKED) for spec in systems)


_ASKED = ("openai:", "http:", "https:", "command:", "transformers:", "sklearn:", "spacy:")


def _say(message: str) -> None:
    text = "".join(character if character.isprintable() else repr(character)[1:-1] for character in message)
    print(text, file=sys.stderr, flush=True)


class _Steps:
    """Progress: a line for a step that begins two seconds after the last line, or is ten seconds under way."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, step: str) -> None:
        self._line(step, 2)

    def inside(self, what: str, done: int, total: int) -> None:
        self._line(f"{what}: {done} of {total}", 10)

    def _line(self, text: str, pause: float) -> None:
        now = time.monotonic()
        if now - self.last >= pause:
            self.last = now
            _say(text)


def _table(report, everything: bool) -> str:
    """Numbers with their intervals, one a line."""
    from allegedly.eval.gate import shown

    rows = [("system", "task", "metric", "value", "95 % interval", "articles", "items", "slice")]
    for row in report.rows:
        if everything or row["primary"]:
            interval = "n/a" if row["low"] is None else f"{shown(row['low'])} to {shown(row['high'])}"
            where = "" if row["slice"] is None else ", ".join(f"{k} = {v}" for k, v in row["slice"].items())
            numbers = (shown(row["value"]), interval, str(row["articles"]), str(row["items"]))
            rows.append((row["system"], row["task"], row["metric"], *numbers, where))
    clean = [[_plain(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in clean) for at in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in clean]
    out = [f"{left['system']}: {left['task']}: {left['reason']}: {left['count']}" for left in report.left_out]
    absent = [f"{s['name']}: not run: {', '.join(s['absent'])}" for s in report.systems if s["absent"]]
    return "\n".join([*lines, *map(_plain, [*out, *absent])])


def _plain(text: str) -> str:
    """One line that sends no control characters to a terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
