"""The file of gates: what it may hold, and the gates that stand in it.

Conventions: ``gate.schema.json``; one limit a gate, min, max or max_drop. Limits are shares as metrics are, from 0 to 1
(from -1 on where a metric falls below 0), never percent.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.eval import slices
from allegedly.eval.task_metrics import family_of
from allegedly.eval.tasks import find
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import errors, schema

_LIMITS = ("min", "max", "max_drop")
#: Metrics that may pass 1.
UNBOUNDED = ("log_loss",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate, checked: ``limit`` is min, max or max_drop, ``allowed`` its number."""

    task: str
    metric: str
    limit: str
    allowed: float
    on: str = "value"
    rule: str | None = None
    slice: Mapping[str, str] | None = None
    system: str | None = None


def read(path: Path) -> list[Gate]:
    """The gates of a TOML file. UsageError names the table, what was found, and the right name."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; expected a TOML file of [[gate]] tables") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: broken TOML: {error}") from None
    return gates(document, str(path))


def gates(document: Mapping[str, Any], where: str = "gates") -> list[Gate]:
    """The gates of a parsed file."""
    for key in document:
        if key != "gate":
            raise UsageError(f"{where}: {unknown('table', key, ['gate'])}")
    tables = document.get("gate")
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{where}: found no [[gate]] table, expected one or more")
    known = list(schema("gate")["properties"]["gate"]["items"]["properties"])
    for place, table in enumerate(tables, 1):
        for key in table if isinstance(table, Mapping) else ():
            if key not in known:
                raise UsageError(f"{where}: gate {place}: {unknown('key', key, known)}")
            if isinstance(table[key], float) and not math.isfinite(table[key]):
                raise UsageError(f"{where}: gate {place}: {key}: found {table[key]}, expected a number")
    for path, stated, expected in errors("gate", dict(document)):
        raise UsageError(f"{where}: {path}: found {stated}, expected: {expected}")
    return [_gate(table, f"{where}: gate {place}") for place, table in enumerate(tables, 1)]


def _gate(table: Mapping[str, Any], where: str) -> Gate:
    limits = [name for name in _LIMITS if name in table]
    if len(limits) != 1:
        raise UsageError(f"{where}: found {' and '.join(limits) or 'no limit'}, expected one of {', '.join(_LIMITS)}")
    limit = limits[0]
    if "rule" in table and limit != "max_drop":
        raise UsageError(f"{where}: rule is for max_drop only")
    if "on" in table and limit == "max_drop":
        raise UsageError(f"{where}: on is for min and max only; max_drop has rule")
    try:
        task = find(table["task"])
        metric = table.get("metric", task.primary)
        family_of(task, metric)
        for field in table.get("slice", ()):
            if field not in slices.FIELDS:
                raise UsageError(unknown("field of a slice", field, list(slices.FIELDS)))
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    if table.get("slice") == {}:
        raise UsageError(f"{where}: slice names no field; expected some of {', '.join(slices.FIELDS)}, or no slice")
    return Gate(
        task=task.name,
        metric=metric,
        limit=limit,
        allowed=_allowed(table[limit], limit, metric, f"{where}: {limit}"),
        on=table.get("on", "value"),
        rule=table.get("rule", "proved") if limit == "max_drop" else None,
        slice={name: str(value) for name, value in sorted(table["slice"].items())} if "slice" in table else None,
        system=table.get("system"),
    )


def _allowed(given: float, limit: str, metric: str, where: str) -> float:
    """The number of a limit. UsageError for one that no share can be, percent above all."""
    if abs(given) > 10**15:
        raise UsageError(f"{where}: found a very large number, expected a share from 0 to 1")
    bounded = metric not in UNBOUNDED
    if bounded and (abs(given) > 1 or (limit == "max_drop" and given == 1)):
        share = f"{given / 100:g} for {given:g} %" if abs(given) <= 100 else "0.8 for 80 %"
        what = "below 1" if limit == "max_drop" else "of at most 1"
        raise UsageError(f"{where}: found {given:g}, expected a share {what}: {metric} is no percentage; write {share}")
    return float(given)


def wanted_slices(gates: Sequence[Gate]) -> list[Mapping[str, str]]:
    """The slices that gates look at, for the evaluation to count."""
    return [gate.slice for gate in gates if gate.slice is not None]
