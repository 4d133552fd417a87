"""Options of a system: one table of the file given as ``--system-options``.

Conventions: ``system_options.schema.json`` for the options that systems share; a system's module may declare others of
its own (`allegedly.eval.schemes`). A value that is not given is the default.
"""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from allegedly.schemas import secrets
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import errors, schema

#: Options of one system's own: name -> JSON Schema.
Own = Mapping[str, Mapping[str, Any]]
_NONE: Own = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a system is asked, and how its answers are read. ``own``: options of the system's own, by name."""

    tasks: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    threshold: float | None = None
    batch: int = 32
    concurrency: int = 1
    timeout: float = 60.0
    retries: int = 5
    rate: float | None = None
    prices: Mapping[str, float] = field(default_factory=dict)
    pointers: Mapping[str, str] = field(default_factory=dict)
    input: str = "texts"
    cues: str = "predicted"
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    temperature: float = 0.0
    max_tokens: int = 1024
    max_completion_tokens: int | None = None
    depends: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)

    def shared(self) -> dict[str, Any]:
        """The options that systems share, by name."""
        return {name: getattr(self, name) for name in SHARED}

    def deciding(self) -> dict[str, Any]:
        """What of the shared options decides an answer: the part of a cache's key that they give. Which of its own
        options do, a system says in ``identity``."""
        names = ("labels", "threshold", "pointers", "input", "cues", "temperature", "max_tokens")
        settings = {name: getattr(self, name) for name in names}
        if self.max_completion_tokens is not None:
            settings["max_completion_tokens"] = self.max_completion_tokens
        return {name: dict(set_) if isinstance(set_, Mapping) else set_ for name, set_ in settings.items()}


def read(
    path: Path, own: Mapping[str, Own] | None = None, say: Callable[[str], None] = lambda message: None
) -> dict[str, Options]:
    """The tables of a file, by name of system. ``own``: the own options of this run's systems, by name; ``say`` is told
    of tables for systems of other runs, which one file may serve too. None: every table is read. UsageError where the
    file is missing or broken, with the nearest key."""
    chosen: dict[str, Options] = {}
    for given, table in parsed(path).items():
        name = secrets.masked(given)  # systems are named after their specs, without the secrets in them
        where = f"{path}: [{name}]"
        if own is not None and name not in own and isinstance(table, dict):
            say(f"{where}: not used: {unknown('system', name, list(own))}")
        elif name in chosen:
            raise UsageError(f"{where}: a second table for this system; expected one")
        else:
            chosen[name] = options(table, where, (own or {}).get(name, _NONE))
    return chosen


def parsed(path: Path) -> dict[str, Any]:
    """What a file of options holds, unchecked. UsageError where it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; expected a TOML file of system options") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: broken TOML: {error}") from error


def options(table: Any, where: str = "options", own: Own = _NONE) -> Options:
    """One table as Options. UsageError names the key that is wrong, and the right one."""
    if isinstance(table, Options):
        return table
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: found {table!r}, expected a table of options of one system")
    shared = list(schema("system_options")["properties"])
    for name in table:
        if name not in shared and name not in own:
            raise UsageError(f"{where}: {unknown('option', name, [*shared, *own])}")
    given = {name: setting for name, setting in table.items() if name not in own}
    for name, number in _numbers(table):
        if not math.isfinite(number):
            raise UsageError(f"{where}/{name}: found {number}, expected a finite number")
    for path, stated, expected in errors("system_options", given):
        raise UsageError(f"{where}{path}: found {stated}, expected: {expected}")
    given |= {name: tuple(given[name]) for name in ("tasks", "depends", "env") if name in given}
    if isinstance(given.get("labels"), list | tuple):
        # names of columns are names of their numbers
        given["labels"] = {str(number): name for number, name in enumerate(given["labels"])}
    return Options(**given, own=_own({name: table[name] for name in own if name in table}, where, own))


def _numbers(table: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Numbers of a table and of the tables in it, with where they stand."""
    for name, setting in table.items():
        if isinstance(setting, float):
            yield name, setting
        elif isinstance(setting, Mapping):
            yield from ((f"{name}/{inner}", number) for inner, number in _numbers(setting))


def _own(given: Mapping[str, Any], where: str, own: Own) -> dict[str, Any]:
    """The options of a system's own, checked, with the defaults that its module declares."""
    if not own:
        return {}
    import jsonschema_rs

    from allegedly.schemas.schema import shortened

    node = {"type": "object", "properties": {name: dict(described) for name, described in own.items()}}
    for problem in jsonschema_rs.validator_for(node).iter_errors(dict(given)):
        path = "/" + "/".join(map(str, problem.instance_path))
        raise UsageError(f"{where}{path}: found {shortened(problem.instance)}, expected: {problem.message}")
    return {name: described["default"] for name, described in own.items() if "default" in described} | dict(given)


#: Names of the shared options.
SHARED = tuple(each.name for each in fields(Options) if each.name != "own")
