"""What the files of metrics declare: names, definition, source, the tasks they serve, which is primary.

Conventions: a metric is a module of ``eval/metrics``, or one that an entry point in the group ``allegedly.metrics``
names. It holds

    METRICS         a tuple of dictionaries, one for each group of names that share a definition:
        names       as they stand in a report; ``{class}`` stands for each class of the task (of an attribute's task: each
                    value), ``{sought}`` for the class sought, ``:{part}`` for each part and the mean of all (for nothing
                    in a task of one part)
        tasks       names of the tasks they serve; left out: those of TASKS
        definition  what is counted, in a line
        source      paper or specification
        primary     where one of them decides: name of the task -> name of the metric; left out: none
        lower_is_better  whether less is better; left out: more is
    TASKS           names of the tasks that all of them serve, where their dictionaries do not say
    PLACE           where its rows stand among those of a task, less first (1000); then by name of the file
    families(task)  the code: families of ``allegedly.eval.metric`` whose measures have these names

METRICS, TASKS and PLACE are literals above the first function, so that they are read without running the file: a list of
metrics costs no library. Where they are not literal the module is imported.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError

_LAST = 1000
_CONSTANTS = ("METRICS", "TASKS", "PLACE")
_HOLE = re.compile(r":?\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Names of metrics that share a definition. ``primary`` leads from a task to the name that decides there."""

    file: str
    names: tuple[str, ...]
    tasks: tuple[str, ...]
    definition: str
    source: str
    primary: Mapping[str, str] = field(default_factory=dict)
    lower_is_better: bool = False


@cache
def metrics() -> tuple[Metrics, ...]:
    """All that is declared, in the order of reports. UsageError for a file that declares nothing, or wrongly."""
    files = [_read(name, module) for name, module in plugins.modules("metrics").items()]
    return tuple(group for _, _, groups in sorted(files, key=lambda read: read[:2]) for group in groups)


def files(task: str) -> list[str]:
    """The metrics' files that serve a task, in the order of reports."""
    return list(dict.fromkeys(group.file for group in metrics() if task in group.tasks))


@cache
def primary(task: str) -> str:
    """The primary metric of a task. UsageError where no file declares one, or two do."""
    claims = [(group.file, group.primary[task]) for group in metrics() if task in group.primary]
    if len(claims) != 1:
        listed = ", ".join(f"{name} in {file}" for file, name in claims) or "none"
        raise UsageError(f"{task}: expected one primary metric among those declared, found {listed}")
    return claims[0][1]


@cache
def lower_is_better(metric: str) -> bool:
    """Whether less of a metric is better, by its name without class or part."""
    measure = _HOLE.split(metric)[0].partition(":")[0]
    return any(
        group.lower_is_better and measure in {name.partition(":")[0] for name in group.names} for group in metrics()
    )


def expanded(name: str, holes: Mapping[str, Sequence[str]]) -> list[str]:
    """The names that a name with a hole stands for: one for each word that fills it; without the hole where ``part``
    has none. UsageError for a hole that nobody knows."""
    hole = _HOLE.search(name)
    if hole is None:
        return [name]
    if hole[1] not in holes:
        raise UsageError(plugins.unknown("hole in the name of a metric", hole[1], list(holes)))
    before, after = name[: hole.start()], name[hole.end() :]
    colon = ":" if hole[0].startswith(":") else ""
    if hole[1] == "part" and not holes["part"]:
        return [before + after]
    return [f"{before}{colon}{word}{after}" for word in holes[hole[1]]]


def _read(name: str, module: str) -> tuple[int, str, list[Metrics]]:
    values = _literals(module)
    if "METRICS" not in values:
        loaded = plugins.find("metrics", name)
        values = {key: getattr(loaded, key) for key in _CONSTANTS if hasattr(loaded, key)}
    tables = values.get("METRICS")
    if not isinstance(tables, Sequence) or not tables or not all(isinstance(table, Mapping) for table in tables):
        raise UsageError(f"metric {name}: METRICS is {tables!r:.80}; expected a tuple of dictionaries, one or more")
    place = values.get("PLACE", _LAST)
    if not isinstance(place, int):
        raise UsageError(f"metric {name}: PLACE is {place!r}; expected a whole number")
    shared = {"tasks": values["TASKS"]} if "TASKS" in values else {}
    return place, name, [_of(name, {**shared, **table}) for table in tables]


_TYPES: dict[str, tuple[type, ...]] = {
    "names": (tuple, list),
    "tasks": (tuple, list),
    "definition": (str,),
    "source": (str,),
    "primary": (dict,),
    "lower_is_better": (bool,),
}
_NEEDED = ("names", "tasks", "definition", "source")


def _of(name: str, table: Mapping[str, Any]) -> Metrics:
    """One dictionary of METRICS, checked."""
    for key, value in table.items():
        if key not in _TYPES:
            raise UsageError(f"metric {name}: {plugins.unknown('key of METRICS', str(key), list(_TYPES))}")
        if not isinstance(value, _TYPES[key]):
            wanted = " or ".join(kind.__name__ for kind in _TYPES[key])
            raise UsageError(f"metric {name}: {key} is {value!r}; expected {wanted}")
    for key in _NEEDED:
        if not table.get(key):
            raise UsageError(f"metric {name}: METRICS lacks {key!r}; expected {', '.join(_NEEDED)}")
    return Metrics(
        file=name,
        names=tuple(table["names"]),
        tasks=tuple(table["tasks"]),
        definition=table["definition"],
        source=table["source"],
        primary=table.get("primary", {}),
        lower_is_better=table.get("lower_is_better", False),
    )


def _literals(module: str) -> dict[str, Any]:
    """The constants of a module, read from its source; without those that are not literals there."""
    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return {}
    # down to the first function or class: the rest takes long to parse
    source = re.split(
        r"^(?:def|class|async|@)", Path(spec.origin).read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE
    )[0]
    values: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            target, value = node.target.id, node.value
        else:
            continue
        if target in _CONSTANTS:
            try:
                values[target] = ast.literal_eval(value)
            except ValueError:
                continue
    return values


__all__ = ["Metrics", "expanded", "files", "lower_is_better", "metrics", "primary"]
