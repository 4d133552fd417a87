"""Which metrics serve a task.

Conventions: what a metric is stands in its own file (see ``declared``), so that ``allegedly list metrics`` imports nothing
heavy; ``families`` brings the code that counts.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from allegedly.eval import declared
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import find as find_plugin
from allegedly.schemas.plugins import unknown

if TYPE_CHECKING:
    from allegedly.eval.metric import Family, Measure
from allegedly.eval.tasks import TASKS, Task, attribute_classes


@cache
def families(task: Task) -> "tuple[Family, ...]":
    """The families of metrics that count a task, in the order of a report's rows. UsageError where a file counts
    others than it declares."""
    counted = tuple(
        family for name in declared.files(task.name) for family in find_plugin("metrics", name).families(task)
    )
    names = [measure.name for family in counted for measure in family.measures]
    if len(set(names)) < len(names) or sorted(names) != sorted(metrics(task)):
        wrong = ", ".join(sorted(set(names) ^ set(metrics(task))) or sorted({n for n in names if names.count(n) > 1}))
        raise UsageError(f"{task.name}: metrics that are counted and those declared differ, or stand twice: {wrong}")
    return counted


def family_of(task: Task, metric: str) -> "tuple[Family, Measure]":
    """The family and measure of a metric. UsageError for one that the task has not."""
    for family in families(task):
        for measure in family.measures:
            if measure.name == metric:
                return family, measure
    raise UsageError(f"{task.name}: {unknown('metric', metric, metrics(task))}")


def metrics(task: Task) -> list[str]:
    """Names of all metrics of a task, the same that its families count."""
    return [name for name, _ in _declared(task)]


@cache
def _declared(task: Task) -> tuple[tuple[str, declared.Metrics], ...]:
    """Each name of a metric of the task, with what is declared of it. UsageError for a task that is none."""
    holes = {
        "class": task.classes or attribute_classes(task),
        "sought": (task.sought,) if task.sought else (),
        "part": (*task.parts, "macro") if len(task.parts) > 1 else (),
    }
    for group in declared.metrics():
        for name in (*group.tasks, *group.primary):
            if name not in TASKS:
                raise UsageError(f"metric {group.file}: {unknown('task', name, list(TASKS))}")
    return tuple(
        (name, group)
        for group in declared.metrics()
        if task.name in group.tasks
        for pattern in group.names
        for name in declared.expanded(pattern, holes)
    )


def table() -> Iterator[dict[str, str | bool]]:
    """A row for each task and metric: what ``allegedly list metrics`` prints."""
    for task in TASKS.values():
        for metric, group in _declared(task):
            yield {
                "task": task.name,
                "metric": metric,
                "definition": group.definition,
                "source": group.source,
                "primary": metric == task.primary,
            }
