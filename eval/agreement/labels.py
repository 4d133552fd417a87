"""Agreement on labels: whole ones, their parts, their attributes.

Conventions: a whole label agrees exactly where its parts are equal, by overlap where it is matched (see ``sides``). A part
agrees exactly where all its spans are equal (as multisets, empty ones left out), by overlap where it is matched with one
that shares a character. Of an attribute, F1 is over the labels that have it: exact where the main parts are equal too;
alpha is over the matched labels that both have it. A label whose attribute is null is taken out, with its match.

A link agrees where both are null (the author), or lead to attributions that are matched. Speakers agree where their words
are equal, case folded, or both are empty (``speaker_text``); where no text is at hand nothing is said of them. For alpha
the author, and nobody, is one value throughout; every other target and name is a value of its own article.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from allegedly.eval.agreement import alpha
from allegedly.eval.agreement.kinds import Kind, Scored, Sums, f1_scores, pooled
from allegedly.eval.agreement.sides import Pair, Sides
from allegedly.eval.columns import Floats, Ints, tally
from allegedly.eval.matching import equal, match
from allegedly.schemas.derive import folded
from allegedly.schemas.records import ATTRIBUTES, LABELS, LINK, Label
from allegedly.schemas.schema import values

#: The attribute whose values have an order, and that order.
ORDERED = {"certainty": ("possible", "probable", "certain")}
SCHEMA = {"claims": "claim", "speculations": "speculation", "attributions": "attribution"}
#: The value that all articles share: the author, nobody.
SHARED = ""
#: What a label says, from its side (0, 1) and article; None where nothing is said.
Said = Callable[[Label, int, int], str | None]


def kinds(layer: str) -> Iterator[Kind]:
    """Whole labels, parts, attributes, the link to an attribution and, of attributions, the speaker."""
    yield Kind("labels", pooled(_whole), f1_scores())
    for part in LABELS[layer].SPANS:
        yield Kind(part, pooled(_of_part(part)), f1_scores())
    for name in ATTRIBUTES[layer]:
        yield _attribute(layer, name)
    yield _named(LINK[layer], links)
    if layer == "attributions":
        yield _named("speaker_text", _speakers)


def _whole(sides: Sides) -> Ints:
    """Labels with equal parts, matched ones, the first's, the second's."""
    counts = np.zeros((len(sides.articles), 4), dtype=np.int64)
    parts = LABELS[sides.layer].PARTS
    for pair in sides.matched():
        counts[pair.article, 1] += 1
    for place, (first, second) in enumerate(zip(*sides.labels, strict=True)):
        said = [
            Counter(tuple(getattr(x, part) or () for part in parts) for x in side or ()) for side in (first, second)
        ]
        counts[place, 0] = (said[0] & said[1]).total()
        counts[place, 2:] = said[0].total(), said[1].total()
    return counts


def _of_part(part: str) -> Callable[[Sides], Ints]:
    """Equal parts, matched ones, the first's, the second's."""

    def count(sides: Sides) -> Ints:
        first, second = sides.parts(part)
        many = len(sides.articles)
        exact, _ = equal(first, second)
        overlapping = match(first, second).gold
        places = (first.article[exact], first.article[overlapping], first.article, second.article)
        return np.stack([tally(these, many) for these in places], axis=1)

    return count


class Compared(NamedTuple):
    """What two annotators say of an attribute: the matched labels that both have it, with both values, and how many of
    each one's labels have it in each article."""

    pairs: list[tuple[Pair, str, str]]
    having: Ints


def compare(sides: Sides, said: Said) -> Compared:
    """An attribute of the labels of two annotators. A label that says nothing is taken out with its match."""
    having = np.zeros((len(sides.articles), 2), dtype=np.int64)
    for side, of_articles in enumerate(sides.labels):
        for place, these in enumerate(of_articles):
            having[place, side] = sum(said(label, side, place) is not None for label in these or ())
    pairs = []
    for pair in sides.matched():
        first, second = said(pair.first, 0, pair.article), said(pair.second, 1, pair.article)
        if first is not None and second is not None:
            pairs.append((pair, first, second))
        elif first is not None or second is not None:
            having[pair.article, int(first is None)] -= 1
    return Compared(pairs, having)


def _attribute(layer: str, name: str) -> Kind:
    known = ("false", "true") if name == "negated" else tuple(values(SCHEMA[layer], name))
    numbers = {value: number for number, value in enumerate(known)}
    many = len(known)

    def said(label: Label, side: int, article: int) -> str | None:
        value = getattr(label, name)
        return None if value is None else str(value).lower()

    def count(sides: Sides) -> Ints:
        compared = compare(sides, said)
        counts = np.zeros((len(sides.articles), 4 + many**2), dtype=np.int64)
        counts[:, 2:4] = compared.having
        for pair, first, second in compared.pairs:
            counts[pair.article, 0] += pair.equal and first == second
            counts[pair.article, 1] += first == second
            counts[pair.article, 4 + numbers[first] * many + numbers[second]] += 1
        return counts

    def table(total: Sums) -> Sums:
        return np.asarray(total[..., 4:]).reshape(*total.shape[:-1], many, many)

    def nominal(total: Sums) -> Floats:
        return alpha.nominal(table(total) + np.swapaxes(table(total), -1, -2))

    scores = [Scored("alpha", nominal, lambda total: int(table(total).sum()))]
    if name in ORDERED:
        order = [numbers[value] for value in ORDERED[name]]

        def ordered(total: Sums) -> Floats:
            cells = table(total)[..., order, :][..., order]
            return alpha.ordinal(cells + np.swapaxes(cells, -1, -2))

        scores.append(Scored("alpha:ordinal", ordered, lambda total: int(table(total)[np.ix_(order, order)].sum())))
    return Kind(name, pooled(count), (*scores, *f1_scores()), known, table)


def _named(name: str, sayings: Callable[[Sides], Said]) -> Kind:
    """A link, or the speaker: values that belong to their article."""

    def count(sides: Sides) -> Ints:
        compared = compare(sides, sayings(sides))
        counts = np.zeros((len(sides.articles), 8), dtype=np.int64)
        counts[:, 2:4] = compared.having
        given: dict[int, Counter[str]] = {}
        for pair, first, second in compared.pairs:
            alike = first == second
            counts[pair.article, [0, 1, 4, 5]] += (pair.equal and alike, alike, 1, alike)
            given.setdefault(pair.article, Counter()).update((first, second))
        for place, names in given.items():
            counts[place, 6] = names.pop(SHARED, 0)
            counts[place, 7] = sum(many * (many - 1) for many in names.values())
        return counts

    scored = Scored("alpha", lambda total: alpha.named(total[..., 4:]), lambda total: int(total[4]))
    return Kind(name, pooled(count), (scored, *f1_scores()))


def links(sides: Sides) -> Said:
    """Targets by what they are matched with; nothing is said where a side has no attributions to lead to."""
    targets = Sides("attributions", sides.articles, sides.annotators)
    numbers: list[dict[tuple[int, str], str]] = [{}, {}]
    for number, pair in enumerate(targets.matched()):
        numbers[0][pair.article, pair.first.id] = numbers[1][pair.article, pair.second.id] = f"matched {number}"
    there = [[side[place] is not None for place in range(len(sides.articles))] for side in targets.labels]
    link = LINK[sides.layer]

    def said(label: Label, side: int, article: int) -> str | None:
        if not there[side][article]:
            return None
        target = getattr(label, link)
        return SHARED if target is None else numbers[side].get((article, target), f"{side} {target}")

    return said


def _speakers(sides: Sides) -> Said:
    def said(label: Label, side: int, article: int) -> str | None:
        part, text = getattr(label, "speaker", None), sides.articles[article].article
        return None if part is None or text is None else folded(text, part)

    return said


__all__ = ["ORDERED", "Compared", "compare", "kinds", "links"]
