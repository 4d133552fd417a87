"""Circular numbers: gold that was made by the very system that is scored on it.

Conventions: a system's own annotator is the one that its labeller signs as, in whatever version. A system that merely
wraps a labeller is known by who signs its labels (``by``): that counts where rules, or a labeller that the release names,
made the gold. Answers in a file, and those signed as people, imports or annotation files are, are only warned about: a
file may be an export of the gold, given back to see that all is well, or labels of rules that a person mended. So is a
system whose very labels, parts and attributes, are nearly all of the gold: people who correct a system's suggestions
leave most of them as they were.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from allegedly.eval.gold import Gold
from allegedly.eval.label_numbers import facts
from allegedly.eval.makers import Maker
from allegedly.eval.predictions import Predictions
from allegedly.eval.tasks import TASKS, Task
from allegedly.schemas.records import Annotator

#: Gold of at least so many labels, of which this share is a system's own, was made from its suggestions.
ENOUGH, ALIKE = 20, 0.9


class Circle(NamedTuple):
    """A layer of the gold, in how many of the articles that have it the system made it, the tasks that it decides, who
    signs both, and whether that is the system's own annotator rather than a signature in its predictions."""

    layer: str
    made: int
    of: int
    tasks: tuple[str, ...]
    by: str
    version: str | None
    own: bool


def circles(
    gold: Gold, answers: Mapping[str, Predictions], annotator: Annotator | None, fixed: bool = False
) -> list[Circle]:
    """Where a system meets its own labels. ``answers``: its predictions of each task; ``annotator``: as whom its
    labeller signs, None for a system that is no labeller; ``fixed``: whether its answers come from a file."""
    tasks: dict[str, list[str]] = {}
    for name in answers:
        for layer in layers(TASKS[name]):
            tasks.setdefault(layer, []).append(name)
    out = []
    for layer, names in tasks.items():
        made = [makers[layer] for makers in gold.makers if layer in makers]
        found = Counter(by for maker in made for by in maker.signed)
        own = {annotator.id} if annotator else set()
        for by in sorted(found.keys() & (own | _signers(layer, (answers[name] for name in names)))):
            versions = {maker.annotator.version for maker in made if maker.annotator.id == by}
            circular = by in own or (not fixed and _by_labeller(by, made, gold))
            out.append(
                Circle(layer, found[by], len(made), tuple(names), by, min(versions, key=str, default=None), circular)
            )
    return out


def suggested(system: str, gold: Gold, answers: Mapping[str, Predictions], but: Sequence[Circle]) -> Iterator[str]:
    """A warning for each layer whose gold is nearly all the system's very labels, those of ``but`` aside. No system finds nine
    labels in ten, parts and attributes, of an independent reader."""
    given = {layer: predicted for name, predicted in answers.items() for layer in layers(TASKS[name])}
    for layer in (layer for layer in given if layer not in {circle.layer for circle in but}):
        of, same, said = 0, 0, 0
        for place, record in enumerate(gold.records):
            own, found = getattr(record.labels, layer), given[layer].layers.get(place, {}).get(layer)
            if own is not None and found is not None:
                both = Counter(map(facts, own)) & Counter(map(facts, found))
                of, same, said = of + len(own), same + both.total(), said + len(found)
        if of >= ENOUGH and same >= ALIKE * max(of, said):
            yield (
                f"{system}: {same} of the gold's {of} {layer} are its very labels, parts and attributes: where people "
                "corrected its suggestions, the numbers say how little they changed, not how right it is"
            )


def layers(task: Task) -> tuple[str, ...]:
    """The layers whose labels decide the gold of a task."""
    return (task.layer, "attributions") if task.kind == "claimer" else (task.layer,)


def _signers(layer: str, answers: Iterable[Predictions]) -> set[str]:
    return {
        label.by
        for predicted in answers
        for of_article in predicted.layers.values()
        for label in of_article.get(layer) or ()
        if label.by
    }


def _by_labeller(by: str, made: Sequence[Maker], gold: Gold) -> bool:
    """Whether who signs so is automatic: rules, or a labeller that the release was built with."""
    kinds = {maker.annotator.kind for maker in made if maker.annotator.id == by}
    return "rule" in kinds or by in gold.dataset.get("labellers", ())


def refusal(system: str, found: Sequence[Circle], version: str | None) -> str:
    """Why a system is not scored on these layers, and what to do."""
    layers_ = "; ".join(f"{_of(circle)} (decides {', '.join(circle.tasks)})" for circle in found)
    this = f", this system version {version}" if version else ""
    return (
        f"{system}: would be scored on gold that it made itself: {layers_}{this}. Such numbers say nothing: name other "
        "tasks by --task, score only what others annotated by --gold human,import, or take them with --allow-circular"
    )


def warning(system: str, circle: Circle) -> str:
    """The same for a report that has such numbers."""
    if circle.own:
        return f"{system}: circular: it made gold itself, {_of(circle)}"
    return (
        f"{system}: its answers are signed by {circle.by}, who made gold too, {_of(circle)}: are they the gold itself?"
    )


def _of(circle: Circle) -> str:
    version = f" version {circle.version}" if circle.version else ""
    return f"{circle.layer} in {circle.made} of {circle.of} articles, by {circle.by}{version}"
