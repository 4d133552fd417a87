"""``allegedly label``: articles with their labels, straight from files."""

import argparse
import json
from collections import Counter
from typing import TYPE_CHECKING

from allegedly.parsing import names

if TYPE_CHECKING:
    from allegedly.builders.recipe import Input
    from allegedly.schemas.records import Record, Rejected

HELP = "Read articles and print them with their claims, speculative statements and attributions."
EXAMPLES = (
    "  allegedly label --example --format text\n"
    "  allegedly label news/*.txt > labels.jsonl\n"
    "  allegedly label page.html --labellers rules --format text\n"
    "  allegedly label news --labellers mypackage.mine:label\n"
    "  allegedly label news --labellers openai:my-model@http://localhost:8000/v1 --cache answers\n"
    "  curl -s https://news.example/story.html | allegedly label -\n"
    "  find news -name '*.html' | allegedly label --files-from - --languages en"
)
#: Lines on standard error about what was not taken; then a count.
SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Files, and how they are labelled and printed."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files or folders of articles, in any format that build reads; - is standard input",
    )
    parser.add_argument("--text", metavar="TEXT", help="label this text, as it stands, in place of files")
    parser.add_argument("--example", action="store_true", help="label the article that comes with allegedly")
    parser.add_argument(
        "--labellers",
        action="append",
        metavar="NAME",
        help="rules, quotes, none, learned, package.module:function, a system such as openai:MODEL@URL or "
        "command:PROGRAM, or several with commas (default: rules)",
    )
    systems = parser.add_argument_group("how labellers that are systems are asked")
    systems.add_argument("--labeller-options", metavar="FILE", help="TOML of their options")
    systems.add_argument("--max-cost", type=float, metavar="COST", help="cost at most, at the prices of the options")
    systems.add_argument("--max-requests", type=int, metavar="N", help="requests at most")
    systems.add_argument("--cache", metavar="DIR", help="where answers are kept (default: nowhere)")
    parser.add_argument(
        "--format", choices=("jsonl", "text"), default="jsonl", help="JSON Lines for programs, text for people"
    )
    parser.add_argument("--workers", type=int, default=None, metavar="N", help="processes that read and label")
    inputs = parser.add_argument_group("which files are read, and what of them is taken")
    inputs.add_argument("--include", action="append", metavar="GLOB", help="only files whose name fits one of these")
    inputs.add_argument("--exclude", action="append", metavar="GLOB", help="no files whose name fits one of these")
    inputs.add_argument("--files-from", metavar="LIST", help="a file that names a source a line; - is standard input")
    inputs.add_argument("--min-words", type=int, metavar="N", help="articles of fewer words are refused (default: 0)")
    inputs.add_argument(
        "--languages", action="extend", type=names, metavar="TAG", help="only articles in these languages: en,pt-BR"
    )
    inputs.add_argument(
        "--gate", choices=("default", "off"), help="whether texts that are no articles are refused (default: default)"
    )


def run(args: argparse.Namespace) -> int:
    """Print each article. 1 where a file gave none."""
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.paths import require_sources

    named = bool(args.files or args.files_from)
    if named + args.example + (args.text is not None) != 1:
        raise UsageError(
            "name files to label, or --example for the article that comes with allegedly, or --text TEXT; one of them "
            "(- is standard input)"
        )
    if args.workers is not None and args.workers < 1:
        raise UsageError(f"--workers {args.workers}: at least one is needed")
    require_sources(
        file for file in args.files if file != "-"
    )  # what is wrong is reported before the readers and labellers are loaded
    from allegedly import console
    from allegedly.builders.label import Labellers, labelled, of_texts, without_article
    from allegedly.builders.labellers._lookup import better_than
    from allegedly.builders.systems import shown
    from allegedly.labelling import asking, connect
    from allegedly.schemas.records import LAYERS, Rejected

    labellers = ",".join(args.labellers or ["rules"])
    ledger: list[Rejected] = []
    articles: set[str] = set()
    uncovered: Counter[str] = Counter()
    show = _text if args.format == "text" else _jsonl
    if args.format == "jsonl":
        console.as_data()
    how = Labellers(
        labellers,
        connect,
        asking(args.labeller_options, args.max_cost, args.max_requests, args.cache),
        console.say,
    )
    layers = {layer: None for labeller in how.local for layer in labeller.layers}
    if how.systems:
        layers = dict.fromkeys(LAYERS)
    better = better_than(labellers)
    if better is not None:
        console.say(f"allegedly: --labellers {better} labels better (docs/labels.md)")
    if args.text is not None:
        values = of_texts([args.text], how)
    else:
        paths = [_example()] if args.example else args.files
        values = labelled(paths, how, count=args.workers, input_=_input(args))
    for value in values:
        if isinstance(value, Rejected):
            ledger.append(value)
            if len(ledger) <= SHOWN or console.manner.verbose:
                console.alert(_complaint(value))
        else:
            show(value, first=not articles)
            articles.add(value.article.origin.file_name)
            uncovered.update(layer for layer in layers if getattr(value.labels, layer) is None)
    if len(ledger) > SHOWN and not console.manner.verbose:
        console.alert(f"allegedly: ... and {len(ledger) - SHOWN} more")
    if uncovered:
        counts = ", ".join(f"{layer} in {count}" for layer, count in uncovered.items())
        console.say(
            f"allegedly: null, since {shown(labellers)} does not cover the language or failed: {counts} of the articles"
        )
    return 1 if without_article(ledger, articles) else 0


def _input(args: argparse.Namespace) -> "Input":
    """The flags of the input, checked as a recipe's are."""
    from allegedly.builders.recipe import resolve

    keys = ("include", "exclude", "files_from", "min_words", "languages", "gate")
    options = {key: getattr(args, key) for key in keys}
    return resolve(args.files or ([_example()] if args.example else []), None, options).input


def _example() -> str:
    from importlib.resources import files

    return str(files("allegedly") / "example" / "article.txt")


def _complaint(line: "Rejected") -> str:
    where = line.origin.file_name + ("" if line.origin.record is None else f", record {line.origin.record}")
    return f"allegedly: {where}: {line.reason} ({line.rule})"


def _jsonl(record: "Record", *, first: bool) -> None:
    print(json.dumps(record.to_json(), ensure_ascii=False))


def _text(record: "Record", *, first: bool) -> None:
    from allegedly.painting import painted

    painted(record, first=first)
