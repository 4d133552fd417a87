"""The rows of a report, as they stand in ``report.json``, and how their numbers are printed.

Conventions: ``report.schema.json``. Numbers are None where they are n/a: undefined, or without an interval. A slice is
None over all articles. ``low`` and ``high`` are the ends of the 95 percent interval.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

#: What may stand beside a primary number, in order.
FLOORS = ("constant", "prior", "annotators")


class Dataset(TypedDict):
    """What was scored against: a split of a release, known by the hash of its gold."""

    name: str | None
    version: str | None
    content_sha256: str | None
    split: str
    gold_sha256: str


class SystemRow(TypedDict):
    """A system: how it was reached, what tells one state of it from another, and the tasks that it ran or did not."""

    name: str
    spec: str
    version: str | None
    options: Mapping[str, Any]
    tasks: list[str]
    absent: list[str]


class Row(TypedDict):
    """A number: ``articles``, their ``groups`` and ``items`` are those that enter, ``signature`` is how it was made."""

    system: str
    task: str
    metric: str
    primary: bool
    slice: Mapping[str, str] | None
    value: float | None
    low: float | None
    high: float | None
    articles: int
    groups: int
    items: int
    signature: str


class GateRow(TypedDict):
    """A gate for one system; ``value`` of a ``max_drop`` is new minus old, ``p`` that of the paired randomisation; None
    where there is none."""

    system: str
    task: str
    metric: str
    slice: Mapping[str, str] | None
    limit: str
    allowed: float
    on: str
    rule: str | None
    value: float | None
    low: float | None
    high: float | None
    half_width: float | None
    p: NotRequired[float | None]
    verdict: str
    message: str


class LeftOut(TypedDict):
    """What was left out of a task, or stands for nothing, and how often."""

    system: str
    task: str
    reason: str
    count: int


class FloorRow(TypedDict):
    """What a primary number stands between: the value of a ``constant`` answer, of a ``prior``, or of two ``annotators``
    against each other; ``of`` says in words what was answered, or who they are."""

    task: str
    metric: str
    answer: str
    of: str
    value: float | None
    articles: int


def number(value: float) -> float | None:
    """A number for a row: None for n/a."""
    return None if math.isnan(value) else float(value)


def shown(number: float | None, digits: int = 4) -> str:
    """A number with so many digits; n/a for None."""
    return "n/a" if number is None else f"{number:.{digits}f}"


class Ends(TypedDict):
    """What rows, and whatever has an interval, have of it."""

    low: float | None
    high: float | None


def interval(row: Ends, digits: int = 4) -> str:
    """The interval of a row; n/a where there is none."""
    if row["low"] is None or row["high"] is None:
        return "n/a"
    return f"{row['low']:.{digits}f} to {row['high']:.{digits}f}"


def beside(floors: Sequence[FloorRow], task: str, digits: int = 4) -> tuple[str, ...]:
    """What stands beside the primary number of a task: constant, prior, annotators; of several pairs the least and the
    most. Nothing where the report has none of any task."""
    if not floors:
        return ()
    cells = []
    for answer in FLOORS:
        found = [row for row in floors if row["task"] == task and row["answer"] == answer]
        known = [row["value"] for row in found if row["value"] is not None]
        ends = dict.fromkeys(shown(end, digits) for end in (min(known), max(known))) if known else {"n/a": None}
        cells.append(" to ".join(ends) if found else "")
    return tuple(cells)


def where(row: Row | GateRow) -> str:
    """The slice of a row in words; empty over all."""
    return ", ".join(f"{name} = {field}" for name, field in (row["slice"] or {}).items())


def named(dataset: Dataset) -> str:
    """A data set in words: name and version."""
    return f"{dataset['name'] or 'dataset'} {dataset['version'] or ''}"
