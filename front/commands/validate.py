"""``allegedly validate``: every problem of a release, an annotation file, predictions or JSON Lines."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allegedly.schemas.records import Problem

HELP = "Check a release, annotation files, predictions or JSON Lines; exit 1 where problems are found."
EXAMPLES = """  allegedly validate release
  allegedly validate annotations/*.json
  allegedly validate predictions.jsonl --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to check."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="folders and files")
    parser.add_argument("--json", action="store_true", help="print the problems of all of them as a JSON array")


def run(args: argparse.Namespace) -> int:
    """Print each problem. 1 where there are some; UsageError for a path that is nothing known, once the others are told."""
    from allegedly import console
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.validate import validate

    problems: list[Problem] = []
    unknown: list[str] = []
    for path in args.paths:
        try:
            found = validate(path)
        except UsageError as error:
            unknown.append(str(error))
            continue
        problems += found
        if not args.json:
            console.show(map(str, found))
        _verdict(path, len(found), beside=bool(args.json or found))
    if args.json and len(unknown) < len(args.paths):
        console.dump([problem.to_json() for problem in problems])
    for message in unknown[:-1]:
        console.alert(f"allegedly: {message}")
    if unknown:
        raise UsageError(unknown[-1])
    return 1 if problems else 0


def _verdict(path: str, count: int, *, beside: bool) -> None:
    from allegedly import console
    from allegedly.schemas.paths import readable

    if console.manner.quiet and not count:
        return  # of many files, those with problems are to be found
    verdict = "no problems" if not count else f"{count} problem{'s' if count != 1 else ''}"
    console.show([f"{readable(path)}: {verdict}"], beside=beside)
