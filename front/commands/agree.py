"""``allegedly agree``: how far annotators of the same articles agree."""

import argparse

from allegedly.parsing import names

HELP = "Print how far annotators agree: alpha, unitised alpha, F1 by layer, part and attribute, for each two of them."
EXAMPLES = """  allegedly agree release
  allegedly agree release --split test --annotators first-reader,second-reader
  allegedly agree first/annotations second/annotations --against release --format json --out agreement.json
  allegedly agree release --differences"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is compared, and how it is told."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="RELEASE|FOLDER",
        help="a release whose articles have votes, or folders of annotation files",
    )
    parser.add_argument(
        "--against",
        metavar="RELEASE",
        help="where the texts of annotation files are; without it nothing is said of sentences, tokens and speakers",
    )
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument(
        "--annotators",
        action="extend",
        type=names,
        metavar="ID,ID",
        help="compare these alone (default: all but adjudicators)",
    )
    parser.add_argument(
        "--differences", action="store_true", help="list every label on which two annotators part, instead"
    )
    parser.add_argument("--resamples", type=int, default=1000, metavar="N", help="of articles (default: 1000; 0: none)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the resamples (default: 0)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people, or for programs")
    parser.add_argument("--out", metavar="FILE", help="where to write (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Print the figures, or the differences. UsageError where nobody shares an article."""
    from pathlib import Path

    from allegedly import agreement as told
    from allegedly import console, reporting
    from allegedly.annotated import annotated
    from allegedly.eval.agreement.agreement import agreement, chosen
    from allegedly.eval.agreement.differences import differences
    from allegedly.eval.agreement.sides import compared
    from allegedly.evaluation import check_draws

    check_draws(args.resamples, args.seed)
    articles = annotated(args.paths, against=args.against, split=args.split)
    if args.differences:
        pairs = [two for two in compared(chosen(articles, args.annotators)) if len(two) == 2]
        listed = [each for first, second in pairs for each in differences(articles, first, second)]
        value: dict[str, object] = {"differences": listed}
        lines = told.listed(listed)
    else:
        comparisons = agreement(articles, annotators=args.annotators, resamples=args.resamples, seed=args.seed)
        value = {"resamples": args.resamples, "seed": args.seed, "comparisons": comparisons}
        lines = told.text(comparisons)
    if args.out is not None:
        reporting.write(
            reporting.as_json(value) if args.format == "json" else "".join(f"{line}\n" for line in lines),
            Path(args.out),
        )
    elif args.format == "json":
        console.dump(value)
    else:
        console.show(lines)
    return 0
