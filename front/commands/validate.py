"""``allegedly validate``: every problem of a release, an annotation file, predictions or JSON Lines."""

import json
import sys

HELP = "Check a release, annotation files, predictions or JSON Lines; exit 1 where problems are found."
EXAMPLES = """  allegedly validate release
  allegedly validate annotations/0f3c.json
  allegedly validate predictions.jsonl --json"""


def arguments(parser) -> None:
    parser.add_argument("path", help="a folder or file")
    parser.add_argument("--json", action="store_true", help="print the problems as a JSON array")


def run(args) -> int:
    from allegedly.schemas.validate import validate

    found = validate(args.path)
    if args.json:
        print(json.dumps([problem.to_json() for problem in found], indent=2, ensure_ascii=False))
    else:
        for problem in found:
            print(_plain(str(problem)))
    count = len(found)
    verdict = "no problems" if not count else f"{count} problem{'s' if count != 1 else ''}"
    print(f"{args.path}: {verdict}", file=sys.stderr if args.json or count else sys.stdout)
    return 1 if found else 0


def _plain(text: str) -> str:
    """One line that sends no control characters to a terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
