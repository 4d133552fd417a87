"""``allegedly robustness``: what edits that keep the labels do to the scores of systems."""

import argparse
from pathlib import Path

from allegedly.parsing import names

HELP = "Edit the articles so that the labels stay, or follow, and show which scores moved."
EXAMPLES = """  allegedly robustness dataset --system labeller:rules
  allegedly robustness dataset --system python:model:predict --task speculation-detection --edit quotes --edit names
  allegedly robustness dataset --system labeller:rules --split all --out robustness.md"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release, the systems and the edits."""
    add = parser.add_argument
    add("release", help="folder of a release")
    add("--system", action="append", required=True, metavar="[NAME=]SPEC", help="a system; may be given several times")
    add("--task", action="append", metavar="NAME", help="a task; all that the systems run by default")
    add("--edit", action="append", metavar="NAME", help="quotes, capitals, contractions, names, hedge-inserted, ...")
    add("--split", default="test", help="train, validation, test or all (default: test)")
    add(
        "--missing", choices=("skip", "empty"), help="articles without a prediction: leave out, or score as abstentions"
    )
    add("--system-options", type=Path, metavar="FILE", help="TOML, a table a system")
    add(
        "--gold",
        action="extend",
        type=names,
        metavar="KIND,...",
        help="only gold that these made: human, import, model, rule (default: all)",
    )
    add("--allow-circular", action="store_true", help="score a system on gold that it made itself")
    add("--resamples", type=int, default=10_000, metavar="N", help="resamples of groups of articles (default: 10000)")
    add("--seed", type=int, default=0, metavar="N", help="seed of edits and resamples (default: 0)")
    add("--cache", type=Path, metavar="DIR", help="where answers of endpoints are kept")
    add("--out", type=Path, metavar="FILE", help="write the table here, as Markdown")
    add("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Score before and after each kind of edit, and print what moved."""
    from allegedly import console
    from allegedly.eval import options as system_options
    from allegedly.eval import schemes
    from allegedly.eval.foreign import aside
    from allegedly.eval.robustness import HEAD, NOTE, as_markdown, cells
    from allegedly.eval.runs import named
    from allegedly.render.columns import aligned
    from allegedly.reporting import write
    from allegedly.robustness import robustness
    from allegedly.schemas.escape import line

    own = {name: schemes.parted(spec)[0].options for name, spec in named(args.system).items() if isinstance(spec, str)}
    with aside():  # what a model prints is no part of the table
        moved = robustness(
            args.release,
            args.system,
            edits=args.edit,
            tasks=args.task,
            split=args.split,
            options=system_options.read(args.system_options, own, console.say) if args.system_options else None,
            resamples=args.resamples,
            seed=args.seed,
            missing=args.missing or "error",
            cache=args.cache,
            gold=args.gold,
            allow_circular=args.allow_circular,
            progress=console.say,
        )
    for warning in moved.warnings:
        console.say(f"warning: {warning}")
    if args.out:
        write(as_markdown(moved), args.out)
    if args.json:
        console.dump(moved.to_json(), 1)
        return 0
    console.show(line(text) for text in moved.whose_gold)
    console.show(aligned([HEAD, *([line(cell) for cell in cells(row)] for row in moved.rows)]))
    console.show([NOTE])
    for kind in moved.unchanged:
        console.say(f"{kind}: no article gave it a place")
    return 0
