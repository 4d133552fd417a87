"""``allegedly import``: a corpus that others annotated becomes a release."""

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allegedly.progress import Terminal
    from allegedly.schemas.manifest import Manifest

HELP = "Turn a corpus of the field into a release, with its own splits, sentences and names."
EXAMPLES = """  allegedly list importers
  allegedly import polnear PolNeAR/data --out releases/polnear
  allegedly import bioscope abstracts.xml --out releases/bioscope
  allegedly import brat my-annotations --out releases/mine --version 1.2.0"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The importer and the corpus."""
    parser.add_argument("name", help="the importer, as `allegedly list importers` names them")
    parser.add_argument("source", help="the folder of the corpus, or a file of it")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the release goes; replaced in one step")
    parser.add_argument("--version", default="0.1.0", metavar="X.Y.Z", help="version of the release (default: 0.1.0)")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="date for card and Croissant (default: none)")
    parser.add_argument("--json", action="store_true", help="print the manifest as JSON")


def run(args: argparse.Namespace) -> int:
    """Import, and print what came of it."""
    from allegedly.schemas import plugins
    from allegedly.schemas.paths import require_text

    require_text({"out": args.out, "version": args.version, "date": args.date})
    plugins.find("importers", args.name)  # a wrong name is reported before the builder is loaded
    from allegedly import console
    from allegedly.builders.importing import import_corpus
    from allegedly.progress import Terminal

    watch = Terminal()
    started = time.monotonic()
    try:
        manifest = import_corpus(args.name, args.source, args.out, version=args.version, date=args.date, watch=watch)
    finally:
        watch.close()
    if args.json:
        console.dump(manifest.to_json())
    else:
        console.show(_summary(manifest, watch, args.out, time.monotonic() - started))
    return 0


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
