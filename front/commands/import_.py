"""``allegedly import``: a corpus that others annotated becomes a release; labels of a release's articles become
annotation files."""

import argparse
import time
from typing import TYPE_CHECKING

from allegedly.parsing import names, pairs

if TYPE_CHECKING:
    from allegedly.builders.importing import Imported
    from allegedly.progress import Terminal
    from allegedly.schemas.manifest import Manifest

HELP = "Turn a corpus of the field into a release, or labels of a release's articles into annotation files."
EXAMPLES = """  allegedly list importers
  allegedly import polnear PolNeAR/data --out releases/polnear
  allegedly import bioscope abstracts.xml --out releases/bioscope
  allegedly import brat my-annotations --out releases/mine --version 1.2.0
  allegedly import drafts my-drafts --against release --by me --out annotations
  allegedly import label-studio export.json --against release --by me --layers claims --out annotations"""
#: Flags that go with ``--against`` alone, and those that do not go with it.
BESIDE, WITHOUT = ("by", "kind", "guideline", "supersedes", "layers"), ("version", "date")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The importer, what it reads, and for labels of a release's articles whose they are."""
    parser.add_argument("name", help="the importer, as `allegedly list importers` names them")
    parser.add_argument(
        "source", nargs="+", help="the folder of the corpus, or a file of it; with --against any number of both"
    )
    parser.add_argument(
        "--out", required=True, metavar="DIR", help="where the release goes, replaced in one step; or annotation files"
    )
    parser.add_argument("--version", metavar="X.Y.Z", help="version of the release (default: 0.1.0)")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="date for card and Croissant (default: none)")
    parser.add_argument("--against", metavar="RELEASE", help="read labels of the articles of this release")
    parser.add_argument("--by", metavar="WHO", help="id of the annotator whose labels these are")
    parser.add_argument("--kind", choices=("human", "model"), help="what the annotator is (default: human)")
    parser.add_argument("--guideline", metavar="TEXT", help="guideline followed, with its version")
    parser.add_argument(
        "--supersedes",
        action="extend",
        type=names,
        metavar="A,B",
        help="ids of annotators whose labels of the same articles give way to these",
    )
    parser.add_argument(
        "--layers",
        action="extend",
        type=names,
        metavar="A,B",
        help="layers that become annotated (default: those that the files say they cover)",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an option of the importer with --against, as often as needed",
    )
    parser.add_argument("--json", action="store_true", help="print the manifest, or what was written, as JSON")


def run(args: argparse.Namespace) -> int:
    """Import, and print what came of it."""
    from allegedly.schemas import plugins
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.paths import require_text

    options = pairs(args.option, "--option", "KEY=VALUE")
    require_text({name: getattr(args, name) for name in ("out", *BESIDE, *WITHOUT)})
    plugins.find("importers", args.name)  # a wrong name is reported before the builder is loaded
    wrong = [f"--{name}" for name in (WITHOUT if args.against else BESIDE) if getattr(args, name) is not None]
    if options and not args.against:
        wrong.append("--option")
    if args.against and not args.by:
        raise UsageError("--against needs --by WHO, the id of the annotator whose labels these are")
    if wrong:
        rest = "makes annotation files, which have none" if args.against else "goes with --against RELEASE only"
        raise UsageError(f"{', '.join(wrong)}: import {'--against ' if args.against else ''}{rest}")
    return _annotations(args, options) if args.against else _release(args)


def _release(args: argparse.Namespace) -> int:
    from allegedly import console
    from allegedly.builders.importing import import_corpus
    from allegedly.progress import Terminal
    from allegedly.schemas.errors import UsageError

    if len(args.source) > 1:
        raise UsageError(f"{len(args.source)} sources; a release is imported from one: its folder, or a file of it")
    watch = Terminal()
    started = time.monotonic()
    version = args.version or "0.1.0"
    try:
        manifest = import_corpus(args.name, args.source[0], args.out, version=version, date=args.date, watch=watch)
    finally:
        watch.close()
    if args.json:
        console.dump(manifest.to_json())
    else:
        console.show(_summary(manifest, watch, args.out, time.monotonic() - started))
    return 0


def _annotations(args: argparse.Namespace, options: dict[str, str]) -> int:
    """Annotation files of what could be read; 1 where something could not."""
    from allegedly import console
    from allegedly.builders.importing import import_annotations
    from allegedly.schemas.records import Annotator, Problem

    annotator = Annotator(
        id=args.by, kind=args.kind or "human", guideline=args.guideline, supersedes=tuple(args.supersedes or ())
    )
    layers = None if args.layers is None else tuple(args.layers)
    imported = import_annotations(
        args.name, args.source, args.out, against=args.against, annotator=annotator, layers=layers, options=options
    )
    for message in imported.messages():
        console.alert(message) if isinstance(message, Problem) else console.say(message)
    if args.json:
        console.dump(_told(imported))
    else:
        console.show(_outcome(imported, args.out))
    return 1 if imported.problems else 0


def _told(imported: "Imported") -> dict[str, object]:
    return {
        "files": [str(path) for path in imported.files],
        "problems": [problem.to_json() for problem in imported.problems],
        "notes": [str(note) for note in imported.notes],
    }


def _outcome(imported: "Imported", out: str) -> list[str]:
    """What was written, and what was not."""
    from allegedly.schemas.drawn import counted
    from allegedly.schemas.paths import readable

    lines = [f"{readable(out)}: {counted(len(imported.files), 'annotation files')} written"]
    if imported.problems:
        files = len({problem.file for problem in imported.problems})
        wrong = f"{counted(len(imported.problems), 'problems')} in {counted(files, 'files')}"
        lines.append(f"{wrong}: what they are about was not written, or replaced")
    return lines


def _summary(manifest: "Manifest", watch: "Terminal", out: str, seconds: float) -> list[str]:
    """What was imported, in a few lines."""
    from allegedly.schemas.paths import readable

    counts = manifest.counts
    where = readable(out)
    articles = ", ".join(f"{split} {rows}" for split, rows in counts["articles"].items())
    labels = ", ".join(f"{sum(counts[layer].values())} {layer}" for layer in ("claims", "speculations", "attributions"))
    lines = [
        f"{where}: {manifest.name} {manifest.version}, {sum(counts['articles'].values())} articles in {seconds:.1f} s",
        f"splits: {articles}",
        f"labels: {labels}; {sum(counts['sentences'].values())} sentences",
    ]
    if watch.rules:
        rules = ", ".join(f"{count} {rule}" for rule, count in watch.rules.most_common())
        lines.append(f"left out: {sum(watch.rules.values())} ({rules}), see {where}/rejected.jsonl")
    return lines
