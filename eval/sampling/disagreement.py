"""How far annotators part on each sentence.

Conventions: of two annotators and a layer, a sentence scores half a point where its class differs, and half of the share of
the labels that touch it (by extent, cue, source or content) which have no counterpart: a label matched to an equal one
counts whole, to one that overlaps half (see ``sides``). Layers add up, so that a sentence has 0 to 3; of more than two
annotators it is the mean over the pairs. Who settled what others had said is not asked. Attributes count only by the
sentence's class.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from allegedly.eval.agreement.sides import Sides, Voted
from allegedly.schemas.derive import overlapped, sentence_classes
from allegedly.schemas.records import LAYERS, Article, Label, Labels

#: The class of a sentence that follows from each layer.
CLASS = {"claims": "claim", "speculations": "speculation", "attributions": "attribution"}
EQUAL, OVERLAPPING = 1.0, 0.5


def disagreement(articles: Sequence[Voted]) -> list[list[float] | None]:
    """For each article, whose text is at hand, how far its annotators part on each of its sentences; None where no two of
    them annotated one layer."""
    scores: list[list[list[float]]] = [[] for _ in articles]
    for two in sorted({two for voted in articles for two in _pairs(voted)}):
        places = [place for place, voted in enumerate(articles) if two in _pairs(voted)]
        for place, score in zip(places, _of_two([articles[place] for place in places], two), strict=True):
            if score is not None:
                scores[place].append(score)
    return [[sum(of) / len(of) for of in zip(*pairs, strict=True)] if pairs else None for pairs in scores]


def _pairs(voted: Voted) -> list[tuple[str, ...]]:
    return list(combinations(sorted(voted.votes.keys() - voted.adjudicators), 2))


def _of_two(articles: Sequence[Voted], two: tuple[str, ...]) -> list[list[float] | None]:
    totals: list[list[float] | None] = [None] * len(articles)
    for layer in LAYERS:
        sides = Sides(layer, articles, two)
        credit: dict[int, float] = {}
        for pair in sides.matched():
            credit |= dict.fromkeys((id(pair.first), id(pair.second)), EQUAL if pair.equal else OVERLAPPING)
        for place, enters in enumerate(sides.enter):
            article = articles[place].article
            if enters and article is not None:
                both = [side[place] or () for side in sides.labels]
                score = list(_of_layer(layer, article, both, credit))
                before = totals[place] or [0.0] * len(score)
                totals[place] = [old + new for old, new in zip(before, score, strict=True)]
    return totals


def _of_layer(
    layer: str, article: Article, both: Sequence[Sequence[Label]], credit: Mapping[int, float]
) -> Iterator[float]:
    first, second = (
        [getattr(sentence, CLASS[layer]) for sentence in sentence_classes(article, _only(layer, labels))]
        for labels in both
    )
    labels, agreed = [0] * len(first), [0.0] * len(first)
    bounds = bounds_of(article)
    for label in (*both[0], *both[1]):
        for number in touched(label, *bounds):
            labels[number] += 1
            agreed[number] += credit.get(id(label), 0.0)
    for one, other, count, alike in zip(first, second, labels, agreed, strict=True):
        differ = one is not None and other is not None and one != other
        yield 0.5 * differ + (0.5 * (1 - alike / count) if count else 0.0)


def _only(layer: str, labels: Sequence[Label]) -> Labels:
    """Labels of one layer."""
    of_layer: dict[str, Any] = {layer: tuple(labels)}
    return Labels(**of_layer)


def bounds_of(article: Article) -> tuple[list[int], list[int]]:
    """Where the sentences start and end."""
    return [span.start for span in article.sentences], [span.end for span in article.sentences]


def touched(label: Label, starts: Sequence[int], ends: Sequence[int]) -> set[int]:
    """Numbers of the sentences that a label touches; a speculation by its cue."""
    return {n for part in label.PARTS if part != "scope" for n in overlapped(getattr(label, part), starts, ends)}
