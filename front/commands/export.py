"""``allegedly export``: a release in another format."""

import argparse
import os
from typing import TYPE_CHECKING

from allegedly.parsing import pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from allegedly.builders.exporters._lookup import Exporter
    from allegedly.schemas.records import Record

HELP = "Write a release in another format; jsonl is the gold in the shape that `label` prints."
EXAMPLES = """  allegedly export jsonl release > gold.jsonl
  allegedly export jsonl release --split test --out test.jsonl
  allegedly export label-studio release --out tasks
  allegedly export drafts release --only sample.jsonl --out drafts"""

#: Bytes by which an earlier export is known: names of columns, the first keys of an object.
OPENING = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    """The exporter and the release."""
    parser.add_argument("name", help="the exporter, as `allegedly list exporters` names them")
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument(
        "--only",
        metavar="FILE",
        help="only the articles that this file names, as `allegedly sample` prints them, or whose sentences it names",
    )
    parser.add_argument("--config", help="the table to export, where the exporter takes one")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an option of the exporter, as often as needed",
    )
    parser.add_argument("--out", metavar="PATH", help="where to write (default: standard output, where it can)")
    parser.add_argument("--lossy", action="store_true", help="go on without what the format cannot carry")


def run(args: argparse.Namespace) -> int:
    """Write the release. UsageError for what the exporter cannot do, DataError for what it would lose."""
    from pathlib import Path

    from allegedly.builders.exporters import _lookup

    exporter = _lookup.resolve(args.name)  # a wrong name is told before Parquet is loaded
    from allegedly.schemas import plugins, stored
    from allegedly.schemas.arrow import SPLITS
    from allegedly.schemas.errors import UsageError

    if args.split not in (None, "all", *SPLITS):
        raise UsageError(plugins.unknown("split", args.split, [*SPLITS, "all"]))
    options = exporter.chosen(args.config, pairs(args.option, "--option", "KEY=VALUE"))
    from allegedly import console
    from allegedly.only import chosen, only

    wanted = None if args.only is None else chosen(args.only, stored.Release(args.release), args.split)

    def records() -> "Iterator[Record]":
        every = stored.records(args.release, args.split)
        return every if wanted is None else only(every, wanted)

    _tell(exporter, records(), options, lossy=args.lossy)
    if args.out is not None:
        said = _write(exporter, records(), Path(args.out), options)
        if said is not None:
            console.say(f"allegedly: export {exporter.name}: {said}")
    else:
        console.write(_lookup.written(exporter, records(), options))
    return 0


def _tell(exporter: "Exporter", records: "Iterator[Record]", options: dict[str, str], *, lossy: bool) -> None:
    """Lists what the format cannot carry. DataError where there is any and nobody said to go on without it."""
    from allegedly import console
    from allegedly.builders.exporters import _lookup
    from allegedly.schemas.errors import DataError

    lines = _lookup.lost(exporter, records, options)
    for line in lines:
        console.say(line)
    if lines and not lossy:
        raise DataError(
            f"export {exporter.name}: the format cannot carry all of the release, and nothing was written; --lossy goes "
            "on without what is listed above"
        )


def _write(exporter: "Exporter", records: "Iterator[Record]", path: "Path", options: dict[str, str]) -> str | None:
    """Writes beside the path, then takes its place, so that nothing half written is ever there; straight into what is a
    pipe or a device. UsageError where something stands there that is no earlier export, which then stays."""
    import errno
    import itertools

    from allegedly.schemas import own_files
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.paths import readable, written

    if path.is_dir() and any(path.iterdir()):
        raise UsageError(
            f"--out {readable(path)}: is a folder that holds something; name a file, or a folder that is empty or absent"
        )
    if exporter.path == "folder" and os.path.lexists(path) and not path.is_dir():
        raise UsageError(f"--out {readable(path)}: is a file; export {exporter.name} writes a folder")
    first = next(records, None)
    given = itertools.chain([first] if first is not None else [], records)
    if path.exists() and not path.is_file() and not path.is_dir():
        with written(path):
            return exporter.write(given, path, **options)
    with written(path):
        if path.parent.exists() and not path.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        path.parent.mkdir(parents=True, exist_ok=True)
    with written(path), own_files.aside(path) as part:
        if exporter.path == "folder":
            part.mkdir()
        said = exporter.write(given, part, **options)
        if path.is_file() and not _begin_alike(path, part):
            raise UsageError(
                f"--out {readable(path)}: holds something that is no earlier export of this format, and would be "
                "replaced; remove it, or name another file. It is as it was"
            )
    return said


def _begin_alike(old: "Path", new: "Path") -> bool:
    """Whether a file begins as an export does that is to take its place; an empty file is nobody's."""
    with old.open("rb") as former, new.open("rb") as fresh:
        opening = former.read(OPENING)
        return not opening or (len(opening) == OPENING and opening == fresh.read(OPENING))
