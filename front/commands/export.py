"""``allegedly export``: a release in another format."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from allegedly.builders.exporters._lookup import Exporter
    from allegedly.schemas.records import Record

HELP = "Write a release in another format; jsonl is the gold in the shape that `label` prints."
EXAMPLES = """  allegedly export jsonl release > gold.jsonl
  allegedly export jsonl release --split test --out test.jsonl"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The exporter and the release."""
    parser.add_argument("name", help="the exporter, as `allegedly list exporters` names them")
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument("--config", help="the table to export, where the exporter takes one")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an option of the exporter, as often as needed",
    )
    parser.add_argument("--out", metavar="PATH", help="where to write (default: standard output, where it can)")


def run(args: argparse.Namespace) -> int:
    """Write the release. UsageError for what the exporter cannot do."""
    from pathlib import Path

    from allegedly.builders.exporters import _lookup

    exporter = _lookup.resolve(args.name)  # a wrong name is told before Parquet is loaded
    from allegedly.schemas import plugins, stored
    from allegedly.schemas.arrow import SPLITS
    from allegedly.schemas.errors import UsageError

    if args.split not in (None, "all", *SPLITS):
        raise UsageError(plugins.unknown("split", args.split, [*SPLITS, "all"]))
    options = exporter.chosen(args.config, args.option)
    records = stored.records(args.release, args.split)
    if args.out is not None:
        _write(exporter, records, Path(args.out), options)
    else:
        sys.stdout.buffer.writelines(_lookup.written(exporter, records, options))
        sys.stdout.buffer.flush()
    return 0


def _write(exporter: "Exporter", records: "Iterator[Record]", path: "Path", options: dict[str, str]) -> None:
    """Writes beside the path, then takes its place, so that a file half written is never left there."""
    import itertools

    from allegedly.schemas import own_files
    from allegedly.schemas.errors import UsageError

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and any(path.iterdir()):
        raise UsageError(
            f"--out {path}: is a folder that holds something; name a file, or a folder that is empty or absent"
        )
    if exporter.path == "folder" and path.exists() and not path.is_dir():
        raise UsageError(f"--out {path}: is a file; export {exporter.name} writes a folder")
    first = next(records, None)
    with own_files.aside(path) as part:
        if exporter.path == "folder":
            part.mkdir()
        exporter.write(itertools.chain([first] if first is not None else [], records), part, **options)
