"""``allegedly init``: a repository to begin with, of a dataset or of a model."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

KINDS = ("dataset", "model")
HELP = "Write a repository to begin with, of a dataset or a model, with an example and a CI workflow that works."
EXAMPLES = """  allegedly init my-dataset --kind dataset
  allegedly init my-model --kind model"""

#: The next commands in the repository of each kind.
NEXT = {
    "dataset": ("allegedly build --recipe recipe.toml --out release",),
    "model": (
        "allegedly build --recipe gold/recipe.toml --out release",
        "allegedly eval release --system model=python:model:predict --task speculation-detection --gate gate.toml",
    ),
}
#: In the package, names that begin with a dot begin so, and a program that is none of the package's own ends so.
DOT, PROGRAM = "dot-", ".in"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where, and what for."""
    parser.add_argument("folder", metavar="DIR", help="where the repository goes; not there yet, or an empty folder")
    parser.add_argument("--kind", choices=KINDS, required=True, help="what the repository is for")


def run(args: argparse.Namespace) -> int:
    """Write the repository, whole or not at all. UsageError where something is there."""
    from importlib.resources import files
    from pathlib import Path

    from allegedly import __version__, console
    from allegedly.schemas import own_files
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.paths import readable, require_text

    require_text({"folder": args.folder})
    folder = Path(args.folder).absolute()
    if (folder.exists() or folder.is_symlink()) and not own_files.is_empty(folder):
        raise UsageError(
            f"{readable(args.folder)}: holds something, or is no folder; name one that is empty or not there"
        )
    values = {"@NAME@": _name(folder, args.kind), "@VERSION@": __version__}
    folder.mkdir(parents=True, exist_ok=True)
    try:
        written = sorted(_copied(files("allegedly") / "repositories" / args.kind, folder, values))
    except BaseException:
        _empty(folder)
        raise
    console.show(f"{readable(args.folder)}/{path.relative_to(folder).as_posix()}" for path in written)
    for command in (f"cd {readable(args.folder)}", *NEXT[args.kind]):
        console.say(f"next: {command}")
    return 0


def _name(folder: "Path", kind: str) -> str:
    """The name of the dataset: that of the folder, where a recipe may hold it."""
    import re

    return folder.name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", folder.name) else f"my-{kind}"


def _empty(folder: "Path") -> None:
    """Removes what was written: nothing else was there."""
    import shutil

    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _copied(source: "Traversable", target: "Path", values: dict[str, str]) -> "list[Path]":
    """Writes what is in a folder of the package, with the values in place of their names; gives the files."""
    from allegedly.schemas import own_files

    written = []
    for entry in source.iterdir():
        name = entry.name.removesuffix(PROGRAM)
        path = target / (f".{name.removeprefix(DOT)}" if name.startswith(DOT) else name)
        if entry.is_dir():
            path.mkdir()
            written += _copied(entry, path, values)
            continue
        text = entry.read_text(encoding="utf-8")
        for place, value in values.items():
            text = text.replace(place, value)
        own_files.new(path, text.encode())
        written.append(path)
    return written
