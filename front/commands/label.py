"""``allegedly label``: articles with their labels, straight from files."""

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allegedly.schemas.records import Record, Rejected

HELP = "Read articles and print them with their claims, speculative statements and attributions."
EXAMPLES = (
    "  allegedly label --example --format text\n"
    "  allegedly label news/*.txt > labels.jsonl\n"
    "  allegedly label page.html --labellers rules --format text\n"
    "  allegedly label news --labellers mypackage.mine:label"
)
#: Lines on standard error about what was not taken; then a count.
SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Files, and how they are labelled and printed."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="files or folders of articles, in any format that build reads"
    )
    parser.add_argument("--example", action="store_true", help="label the article that comes with allegedly")
    parser.add_argument(
        "--labellers",
        default="rules",
        metavar="NAME",
        help="rules, none, learned, package.module:function, or several with commas",
    )
    parser.add_argument(
        "--format", choices=("jsonl", "text"), default="jsonl", help="JSON Lines for programs, text for people"
    )
    parser.add_argument("--workers", type=int, default=None, metavar="N", help="processes that read and label")


def run(args: argparse.Namespace) -> int:
    """Print each article. 1 where a file gave none."""
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.paths import require

    if bool(args.files) == args.example:
        raise UsageError("name files to label, or --example for the article that comes with allegedly")
    if args.workers is not None and args.workers < 1:
        raise UsageError(f"--workers {args.workers}: at least one is needed")
    require(args.files)  # what is wrong is reported before the readers and labellers are loaded
    from allegedly import console
    from allegedly.builders.label import labelled, without_article
    from allegedly.builders.labellers._lookup import better_than
    from allegedly.schemas.records import Rejected

    ledger: list[Rejected] = []
    articles: set[str] = set()
    show = _text if args.format == "text" else _jsonl
    if args.format == "jsonl":
        console.as_data()
    better = better_than(args.labellers)
    if better is not None:
        console.say(f"allegedly: --labellers {better} labels better (docs/labels.md)")
    paths = [_example()] if args.example else args.files
    for value in labelled(paths, args.labellers, count=args.workers):
        if isinstance(value, Rejected):
            ledger.append(value)
            if len(ledger) <= SHOWN:
                console.say(_complaint(value))
        else:
            show(value, first=not articles)
            articles.add(value.article.origin.file_name)
    if len(ledger) > SHOWN:
        console.say(f"allegedly: ... and {len(ledger) - SHOWN} more")
    return 1 if without_article(ledger, articles) else 0


def _example() -> str:
    from importlib.resources import files

    return str(files("allegedly") / "example" / "article.txt")


def _complaint(line: "Rejected") -> str:
    where = line.origin.file_name + ("" if line.origin.record is None else f", record {line.origin.record}")
    return f"allegedly: {where}: {line.reason} ({line.rule})"


def _jsonl(record: "Record", *, first: bool) -> None:
    print(json.dumps(record.to_json(), ensure_ascii=False))


def _text(record: "Record", *, first: bool) -> None:
    from shutil import get_terminal_size

    from allegedly import render

    terminal = sys.stdout.isatty()
    colour = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = min(get_terminal_size().columns, 120) if terminal else 100
    if first:
        print(render.legend(colour))
    print()
    for line in render.lines(record, width=width, colour=colour):
        print(line)
