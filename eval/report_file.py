"""The file of a report, read: whatever is wrong with it is said before anything is made of it.

Conventions: ``report.schema.json``. Reports of earlier versions lack what came later (groups, who made the gold); rows
without ``groups`` count each article as one.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from allegedly.eval.counts import Counts, Key
from allegedly.eval.tasks import TASKS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.plugins import unknown
from allegedly.schemas.schema import errors

#: The most resamples: their values are held for every number of a report.
MOST = 1_000_000
_WROTE = "expected a report that `eval --out` wrote"


def read(file: BinaryIO, path: Path) -> dict[str, Any]:
    """The value of an open report; ``path``: where it lies. UsageError where it is none, with what is wrong and where."""
    name = readable(path)
    try:
        value = json.loads(
            file.read().decode("utf-8"), object_pairs_hook=_object, parse_constant=_finite, parse_float=_finite
        )
    except RecursionError:
        raise UsageError(f"{name}: JSON nested too deeply; {_WROTE}") from None
    except ValueError as error:
        raise UsageError(f"{name}: broken JSON: {error}; {_WROTE}") from None
    for where, stated, expected in errors("report", value):
        raise UsageError(f"{name}: {where}: found {stated}: {expected}; {_WROTE}")
    assert isinstance(value, dict)  # the schema says so
    for row in value["results"]:
        row.setdefault("groups", row["articles"])
    value["seed"], value["resamples"] = int(value["seed"]), int(value["resamples"])
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


def check(value: Mapping[str, Any], counts: Mapping[Key, Counts], file: Path) -> None:
    """UsageError where parts of a report contradict each other, or its counts do."""
    for problem in (*_problems(value), *_problems_of_counts(value, counts)):
        raise UsageError(f"{readable(file)}: {problem}; {_WROTE}")


def _problems(value: Mapping[str, Any]) -> Iterator[str]:
    names = [about["name"] for about in value["systems"]]
    yield from (f"two systems are named {name!r}" for name in _twice(names))
    yield from (f"the article {name!r} stands twice" for name in _twice(value["articles"]))
    if value.get("groups") and len(value["groups"]) != len(value["articles"]):
        yield f"{len(value['groups'])} groups for {len(value['articles'])} articles, expected one for each"
    for row in (*value["results"], *value["gates"], *value["left_out"]):
        if row["task"] not in TASKS:
            yield f"made by allegedly {value['allegedly']}: {unknown('task', row['task'], list(TASKS))}"
        if row["system"] not in names:
            yield f"a number of {row['system']!r}, which is none of its systems"
    for about in value["systems"]:
        yield from (unknown("task", task, list(TASKS)) for task in about["tasks"] if task not in TASKS)


def _problems_of_counts(value: Mapping[str, Any], counts: Mapping[Key, Counts]) -> Iterator[str]:
    places = {article: place for place, article in enumerate(value["articles"])}
    for key, counted in counts.items():
        strange = [article for article in counted.articles if article not in places]
        if strange:
            yield f"its counts hold the article {strange[0]!r}, which it does not list; they are of another report"
        order = [places.get(article, -1) for article in counted.articles]
        if order != sorted(order):
            yield f"its counts of {key.system}, {key.task} are not in the order of its articles"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
