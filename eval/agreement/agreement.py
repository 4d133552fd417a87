"""Agreement: votes in, figures with intervals out.

    articles with votes -> sides of a layer -> counts of each article -> figures, intervals, tables, articles

Conventions: annotators are compared in pairs, and where there are more than two also all together: sentences and tokens
then by alpha of all of them, labels summed over the pairs. Groups of articles are resampled, as in an evaluation; there
is no interval under ten groups. None is n/a.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np

from allegedly.eval.agreement import labels, sentences
from allegedly.eval.agreement.kinds import Kind
from allegedly.eval.agreement.sides import Sides, Voted, compared
from allegedly.eval.bootstrap import Job, intervals, point
from allegedly.eval.columns import Ints
from allegedly.eval.resamples import by_group, numbered
from allegedly.eval.rows import number
from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import LAYERS

RESAMPLES = 1000


class Figure(TypedDict):
    """One figure: of what in which layer, its interval, in how many articles, and how many items it is over: sentences,
    tokens, matched labels, or for F1 what both annotators marked."""

    layer: str
    of: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    articles: int
    items: int


class Confusion(TypedDict):
    """How often the first annotator gives an attribute one value (rows) and the second another, over matched labels."""

    layer: str
    attribute: str
    values: list[str]
    counts: list[list[int]]


class Shared(TypedDict):
    """An article that they share: F1 of its labels of all layers, exact and by overlap, and by overlap of each layer."""

    id: str
    name: str
    exact_f1: float | None
    overlap_f1: float | None
    layers: dict[str, float | None]


class Agreed(TypedDict):
    """How far annotators agree on the articles that they share."""

    annotators: list[str]
    articles: int
    figures: list[Figure]


class Comparison(Agreed):
    """The same, with what they confuse, and the articles with least agreement first."""

    confusions: list[Confusion]
    least: list[Shared]


def agreement(
    articles: Sequence[Voted],
    *,
    annotators: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> list[Comparison]:
    """Every comparison of annotators, or of those named. UsageError for a name that nobody has, and where no article has
    labels of two of them."""
    of = chosen(articles, annotators)
    return [_comparison(of, these, resamples, seed) for these in compared(of)]


def chosen(articles: Sequence[Voted], annotators: Sequence[str] | None) -> list[Voted]:
    """The articles with the votes of these annotators alone; for None of all who read for themselves: an adjudicator has
    seen what the others said. UsageError for a name that nobody has, and where no article has labels of two of them."""
    everybody = sorted({name for voted in articles for name in voted.votes})
    for name in annotators or ():
        if name not in everybody:
            raise UsageError(unknown("annotator", name, everybody))
    of = [only(voted, annotators) for voted in articles]
    if not compared(of):
        raise UsageError(
            "no article has labels of two annotators; name two folders, or a release that has votes of both"
        )
    return of


def only(voted: Voted, annotators: Sequence[str] | None = None) -> Voted:
    """An article with the votes of these annotators alone; for None of all who read for themselves."""
    names = set(voted.votes) - voted.adjudicators if annotators is None else set(annotators)
    return replace(voted, votes={name: said for name, said in voted.votes.items() if name in names})


def _comparison(voted: Sequence[Voted], annotators: tuple[str, ...], resamples: int, seed: int) -> Comparison:
    articles = [each for each in voted if sum(name in each.votes for name in annotators) > 1]
    groups = numbered([each.group for each in articles])
    counted = [row for layer in LAYERS for row in _counted(Sides(layer, articles, annotators))]
    jobs = [
        Job(kind.family, by_group(counts, groups), len(set(groups[enter].tolist())))
        for _, kind, counts, enter in counted
    ]
    figures: list[Figure] = []
    confusions: list[Confusion] = []
    found = intervals(jobs, int(groups.max(initial=-1)) + 1, resamples, seed)
    for (layer, kind, counts, enter), job, ends in zip(counted, jobs, found, strict=True):
        values, total = point(job.family, job.counts), counts.sum(axis=0)
        for measure, _, over in kind.scores:
            low, high = ends[measure]
            if over(total):
                figures.append(
                    Figure(
                        layer=layer,
                        of=kind.of,
                        measure=measure,
                        value=number(values[measure]),
                        low=number(low),
                        high=number(high),
                        articles=int(enter.sum()),
                        items=over(total),
                    )
                )
        if kind.table is not None and kind.table(total).any():
            cells = kind.table(total).tolist()
            confusions.append(Confusion(layer=layer, attribute=kind.of, values=list(kind.values), counts=cells))
    whole = {layer: counts for layer, kind, counts, _ in counted if kind.of == "labels"}
    return Comparison(
        annotators=list(annotators),
        articles=len(articles),
        figures=figures,
        confusions=confusions,
        least=_least(articles, whole),
    )


def _counted(sides: Sides) -> Iterator[tuple[str, Kind, Ints, Any]]:
    """Layer, kind, its counts, and which articles count; nothing where no article has the layer of two annotators."""
    enter = np.array(sides.enter, dtype=bool)
    if enter.any():
        for kind in (*sentences.kinds(sides.layer, len(sides.annotators)), *labels.kinds(sides.layer)):
            yield sides.layer, kind, kind.count(sides), enter


def _least(articles: Sequence[Voted], whole: dict[str, Ints]) -> list[Shared]:
    """The articles, those first in which fewest labels are matched; those without labels last."""

    def f1(counts: Ints, column: int) -> float | None:
        marked = int(counts[2] + counts[3])
        return None if not marked else float(2 * counts[column] / marked)

    shared = []
    for place, voted in enumerate(articles):
        total = sum((counts[place] for counts in whole.values()), np.zeros(4, dtype=np.int64))
        of_layers = {layer: f1(counts[place], 1) for layer, counts in whole.items()}
        shared.append(
            Shared(id=voted.id, name=voted.name, exact_f1=f1(total, 0), overlap_f1=f1(total, 1), layers=of_layers)
        )
    return sorted(shared, key=lambda each: (_last(each["overlap_f1"]), _last(each["exact_f1"]), each["id"]))


def _last(share: float | None) -> float:
    return 2.0 if share is None else share
