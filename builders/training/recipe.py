"""Recipes of training: which encoder, which corpora, which options, in TOML.

Conventions: a corpus's path is relative to the folder of the corpora, or to the recipe where it begins with a dot; the
corpora ``release``, ``news`` and ``demonstration`` are releases of ours, of which the last two teach the heads of our own
scheme. Unknown keys are errors with the nearest name.
"""

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from allegedly.builders.training.data import Corpus
from allegedly.builders.training.fit import Options
from allegedly.schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of. ``start`` names the recipe of the stage with whose weights it begins; None for the
    encoder's own."""

    name: str
    encoder: str
    corpora: tuple[Corpus, ...]
    options: Options
    start: str | None = None


def read(path: Path, corpora: Path) -> Recipe:
    """The recipe of a file. UsageError for one that is not there or has a key that nobody knows."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such recipe") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: no TOML: {error}") from None
    _known(path, table, ("name", "encoder", "start", "corpus", "options"))
    listed = []
    for item in table.get("corpus", ()):
        _known(path, item, [f.name for f in fields(Corpus)])
        item = {
            **item,
            "path": (path.parent if item["path"].startswith(".") else corpora) / item["path"],
            "hold": tuple(item.get("hold", ())),
            "calibrate": tuple(item.get("calibrate", ())),
        }
        if not item["path"].exists():
            raise UsageError(f"{item['path']}: no such corpus; --corpora names the folder that {path} counts from")
        listed.append(Corpus(**item))
    _known(path, table.get("options", {}), [f.name for f in fields(Options)])
    return Recipe(
        name=table.get("name", path.stem),
        encoder=table["encoder"],
        corpora=tuple(listed),
        options=Options(**table.get("options", {})),
        start=table.get("start"),
    )


def encoder(name: str) -> Path:
    """The folder of a pretrained encoder: a path, or a package that holds it in ``model``."""
    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise UsageError(f"encoder {name!r} is not installed: pip install 'allegedly[train]'")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _known(path: Path, table: dict[str, Any], names: Sequence[str]) -> None:
    for key in table:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise UsageError(f"{path}: unknown key {key!r}{hint} Known: {', '.join(names)}.")
