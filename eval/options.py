"""Options of a system: one table of the file given as ``--system-options``.

Conventions: ``system_options.schema.json``; a value that is not given is the default. The repr is what is printed with
a score and what the cache is keyed by.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import errors, schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a system is asked, and how its answers are read."""

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
    prompts: str | None = None
    allow_pickle: bool = False

    def deciding(self) -> dict[str, Any]:
        """What of the options decides an answer: the part of a cache's key that the options give."""
        names = ("labels", "threshold", "pointers", "input", "cues", "temperature", "max_tokens")
        values = {name: getattr(self, name) for name in names}
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}


def read(path: Path) -> dict[str, Options]:
    """The tables of a file, by name of system. UsageError where it is missing or broken, with the nearest key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; expected a TOML file of system options") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: broken TOML: {error}") from error
    return {name: options(table, f"{path}: [{name}]") for name, table in tables.items()}


def options(table: Any, where: str = "options") -> Options:
    """One table as Options. UsageError names the key that is wrong, and the right one."""
    if isinstance(table, Options):
        return table
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: found {table!r}, expected a table of options of one system")
    known = list(schema("system_options")["properties"])
    for name in table:
        if name not in known:
            raise UsageError(f"{where}: {unknown('option', name, known)}")
    for path, found, expected in errors("system_options", dict(table)):
        raise UsageError(f"{where}{path}: found {found}, expected: {expected}")
    names = {f.name for f in fields(Options)}
    given: dict[str, Any] = {name: value for name, value in table.items() if name in names}
    if "tasks" in given:
        given["tasks"] = tuple(given["tasks"])
    return Options(**given)
