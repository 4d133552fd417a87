"""``allegedly sample``: articles or sentences worth a person's time, with the probability of each."""

import argparse

HELP = "Draw articles or sentences worth a person's time: where labels differ, where they are unsure, or at random."
EXAMPLES = """  allegedly sample release --n 50 --by disagreement > sample.jsonl
  allegedly sample release --n 200 --by uncertainty --unit sentences --stratify outlet,layer
  allegedly sample release --n 100 --by disagreement --labellers rules,learned --seed 7 --out sample.jsonl
  allegedly export drafts release --only sample.jsonl --option labels=none --out drafts"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release, how many units are drawn, and by what."""
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument("--n", type=int, required=True, metavar="N", help="how many")
    parser.add_argument(
        "--by",
        required=True,
        metavar="disagreement|uncertainty|random",
        help="disagreement: where annotators, or labellers, differ; uncertainty: where scores or confidences are neither "
        "high nor low; random: each as probable as the next",
    )
    parser.add_argument("--unit", default="articles", metavar="articles|sentences", help="(default: articles)")
    parser.add_argument(
        "--stratify",
        metavar="outlet,layer",
        help="draw from each outlet, each set of layers that a unit has labels of, or both, in proportion",
    )
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the draw (default: 0)")
    parser.add_argument(
        "--labellers",
        metavar="NAME",
        help="for disagreement: two labellers to compare, with a comma, or one, against the labels of the release",
    )
    parser.add_argument("--out", metavar="FILE", help="where to write (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Print the units, a line each. UsageError for a choice that nobody knows."""
    import json
    from pathlib import Path

    from allegedly import console, reporting
    from allegedly.sampled import BY, STRATA, UNITS, Plan, sample
    from allegedly.schemas.arrow import SPLITS
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.plugins import unknown

    if args.n < 1:
        raise UsageError(f"--n: found {args.n}, expected 1 or more")
    strata = tuple(filter(None, map(str.strip, (args.stratify or "").split(","))))
    choices = [("by", args.by, BY), ("unit", args.unit, UNITS), *(("stratify", name, STRATA) for name in strata)]
    for flag, given, known in choices:
        if given not in known:
            raise UsageError(f"--{flag}: {unknown('choice', given, list(known))}")
    if args.split not in (None, "all", *SPLITS):
        raise UsageError(f"--split: {unknown('split', args.split, [*SPLITS, 'all'])}")
    if args.labellers is not None and args.by != "disagreement":
        raise UsageError(f"--labellers: what is drawn --by {args.by} compares no labels; leave it out")
    plan = Plan(
        n=args.n,
        by=args.by,
        unit=args.unit,
        stratify=strata,
        split=args.split,
        seed=args.seed,
        labellers=args.labellers,
    )
    made = sample(args.release, plan)
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in made.lines]
    console.show((f"allegedly: {note}" for note in made.notes), beside=True)
    if args.out is not None:
        reporting.write("".join(lines), Path(args.out))
    else:
        console.write(line.encode() for line in lines)
    return 0
