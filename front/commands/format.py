"""``allegedly format``: annotation files in one form."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from allegedly.schemas.records import Problem

HELP = "Put annotation files into one form, in place; exit 1 where a file was changed, as fixers do, or is none."
EXAMPLES = """  allegedly format annotations/*.json
  allegedly format annotations --check"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="annotation files, or folders of them (*.json, at any depth)"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; say which files would be changed")


def run(args: argparse.Namespace) -> int:
    """Format each file. 1 where one was changed, or would be, and where one is no annotation file; it stays as it is."""
    from allegedly import console
    from allegedly.schemas.paths import readable, require

    require(args.files)
    changed = refused = count = 0
    for path in _files(args.files):
        count += 1
        problems, other = _formatted(path, write=not args.check)
        for problem in problems:
            console.alert(problem)
        if other:
            console.show([f"{readable(path)}: {'would be formatted' if args.check else 'formatted'}"])
        changed, refused = changed + other, refused + bool(problems)
    did = "would change" if args.check else "changed"
    same = count - changed - refused
    console.say(
        f"{count} file{'s' if count != 1 else ''}: {changed} {did}, {same} as they should be, {refused} refused"
    )
    return 1 if changed or refused else 0


def _files(named: "Iterable[str]") -> "Iterator[Path]":
    """The files named, and those in folders that are named, in order."""
    from pathlib import Path

    from allegedly.schemas.paths import files_below

    for path in map(Path, named):
        yield from files_below(path, "*.json") if path.is_dir() else (path,)


def _formatted(path: "Path", *, write: bool) -> tuple["list[Problem]", bool]:
    """What keeps a file from being formatted, and whether it had another form; then it is written whole or not at all,
    and keeps its permissions."""
    import os
    import stat

    from allegedly.builders.annotations.formatting import formatted
    from allegedly.schemas import own_files
    from allegedly.schemas.records import Problem

    if not own_files.is_file(path):
        found = "a symbolic link" if path.is_symlink() else "no regular file"
        return [Problem(file=str(path), found=found, expected="an annotation file itself")], False
    data = path.read_bytes()
    fresh, findings = formatted(data)
    if fresh is None:
        return [
            Problem(file=str(path), path=place, found=found, expected=expected) for place, found, expected in findings
        ], False
    if fresh == data:
        return [], False
    if write:
        with own_files.whole(path) as file:
            os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(fresh)
    return [], True
