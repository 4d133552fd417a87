"""``allegedly validate``: every problem of a release, an annotation file, predictions or JSON Lines."""

import argparse

HELP = "Check a release, annotation files, predictions or JSON Lines; exit 1 where problems are found."
EXAMPLES = """  allegedly validate release
  allegedly validate annotations/0f3c.json
  allegedly validate predictions.jsonl --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    parser.add_argument("path", help="a folder or file")
    parser.add_argument("--json", action="store_true", help="print the problems as a JSON array")


def run(args: argparse.Namespace) -> int:
    """Print each problem. 1 where there are some."""
    from allegedly import console
    from allegedly.schemas.paths import readable
    from allegedly.schemas.validate import validate

    problems = validate(args.path)
    if args.json:
        console.dump([problem.to_json() for problem in problems])
    else:
        console.show(map(str, problems))
    count = len(problems)
    verdict = "no problems" if not count else f"{count} problem{'s' if count != 1 else ''}"
    console.show([f"{readable(args.path)}: {verdict}"], beside=bool(args.json or count))
    return 1 if problems else 0
