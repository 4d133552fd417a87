"""Plugins: a module is one, its file name is its name; other packages add theirs by entry points.

Conventions: a trailing underscore in a file name (``import_.py``) is not part of the plugin's name; underscores
inside it read as hyphens on the command line (``german_news_quotes`` is ``german-news-quotes``). Names that begin
with an underscore are no plugins. Entry points stand in the group ``allegedly.<kind>`` (``allegedly.readers``) and
name a module.
"""

import difflib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from allegedly.schemas.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PACKAGES = {
    "readers": "allegedly.builders.readers",
    "importers": "allegedly.builders.importers",
    "exporters": "allegedly.builders.exporters",
    "engines": "allegedly.builders.engines",
    "labellers": "allegedly.builders.labellers",
    "systems": "allegedly.eval.systems",
    "metrics": "allegedly.eval.metrics",
}


def names(kind: str) -> list[str]:
    """All plugins of a kind, sorted, ours and those of other packages."""
    return sorted({*_modules(kind), *_entry_points(kind)})


def modules(kind: str) -> dict[str, str]:
    """The module of each plugin by the plugin's name, none imported; ours stand before those of other packages."""
    return {**{name: point.module for name, point in _entry_points(kind).items()}, **_modules(kind)}


def find(kind: str, name: str) -> ModuleType:
    """The module of a plugin. UsageError for an unknown name, with the known ones."""
    own = _modules(kind)
    if name in own:
        return import_module(own[name])
    others = _entry_points(kind)
    if name in others:
        module: ModuleType = others[name].load()
        return module
    raise UsageError(unknown(kind.removesuffix("s"), name, [*own, *others]))


def find_declared(kind: str, name: str, needed: Iterable[str]) -> ModuleType:
    """The module of a plugin, which declares all that is needed. UsageError as ``find``, and for what it lacks."""
    module = find(kind, name)
    missing = [key for key in needed if not hasattr(module, key)]
    if missing:
        raise UsageError(f"{kind.removesuffix('s')} {name!r}: its file {module.__file__} lacks {', '.join(missing)}")
    return module


def unknown(what: str, name: str, known: list[str]) -> str:
    """A sentence for a name that nobody knows, with the nearest one."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown {what} {name!r}{hint} Known: {', '.join(sorted(known)) or 'none'}."


def options(given: Iterable[str]) -> dict[str, str]:
    """Options written ``KEY=VALUE``. UsageError for what is not."""
    pairs = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--option {pair}: write it as KEY=VALUE")
        pairs[key] = value
    return pairs


def _modules(kind: str) -> dict[str, str]:
    package = PACKAGES[kind]
    folder = Path(__file__).parent.parent.joinpath(*package.split(".")[1:])
    # an editable install keeps each package in a folder of its own: ask the import system where it is
    if not folder.is_dir():
        folder = Path(import_module(package).__path__[0])
    return {
        m.name.rstrip("_").replace("_", "-"): f"{package}.{m.name}"
        for m in iter_modules([str(folder)])
        if not m.name.startswith("_")
    }


def _entry_points(kind: str) -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points  # 20 ms: only where a name is looked up

    return {point.name: point for point in entry_points(group=f"allegedly.{kind}")}
