"""``allegedly validate``: every problem of a release, an annotation file, predictions or JSON Lines."""

import argparse
import json
import sys

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
    from allegedly.schemas.escape import line
    from allegedly.schemas.validate import validate

    problems = validate(args.path)
    if args.json:
        print(json.dumps([problem.to_json() for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            print(line(str(problem)))
    count = len(problems)
    verdict = "no problems" if not count else f"{count} problem{'s' if count != 1 else ''}"
    print(f"{args.path}: {verdict}", file=sys.stderr if args.json or count else sys.stdout)
    return 1 if problems else 0
