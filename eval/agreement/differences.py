"""What two annotators say differently, label by label.

Conventions: labels are paired as the figures pair them (see ``sides``). Parts are quoted with `` + `` between their spans,
white space as single spaces; without the text they are given as offsets.
"""

from collections.abc import Iterator, Sequence
from typing import TypedDict

from allegedly.eval.agreement import labels
from allegedly.eval.agreement.sides import Sides, Voted
from allegedly.schemas.derive import surface
from allegedly.schemas.records import ATTRIBUTES, LABELS, LAYERS, LINK, MAIN_PART, Label, Part, Span


class Difference(TypedDict):
    """One difference: ``what`` is a part, an attribute or ``label`` (only one of them has it), ``words`` are those of the
    label, ``first`` and ``second`` what each says, None where nothing."""

    article: str
    name: str
    layer: str
    what: str
    words: str | None
    first: str | None
    second: str | None


def differences(articles: Sequence[Voted], first: str, second: str) -> Iterator[Difference]:
    """Everything on which two annotators part, article by article."""
    shared = [voted for voted in articles if first in voted.votes and second in voted.votes]
    of_layers = [Sides(layer, shared, (first, second)) for layer in LAYERS]
    links = [labels.links(sides) for sides in of_layers]
    for place, voted in enumerate(shared):
        for sides, said in zip(of_layers, links, strict=True):
            yield from _of_article(sides, place, voted, said)


def _of_article(sides: Sides, place: int, voted: Voted, said: labels.Said) -> Iterator[Difference]:
    layer, main = sides.layer, MAIN_PART[sides.layer]
    pairs = [pair for pair in sides.matched() if pair.article == place]

    def differ(what: str, label: Label, first: str | None, second: str | None) -> Difference:
        return Difference(
            article=voted.id,
            name=voted.name,
            layer=layer,
            what=what,
            words=quoted(voted, getattr(label, main)),
            first=first,
            second=second,
        )

    for side, of_articles in enumerate(sides.labels):
        paired = {id(pair[1 + side]) for pair in pairs}
        for label in of_articles[place] or ():
            if id(label) not in paired:
                yield differ("label", label, *(("marked", None) if side == 0 else (None, "marked")))
    for pair in pairs:
        for part in LABELS[layer].SPANS:
            left, right = getattr(pair.first, part), getattr(pair.second, part)
            if left != right:
                yield differ(part, pair.first, quoted(voted, left), quoted(voted, right))
        for name in ATTRIBUTES[layer]:
            left, right = getattr(pair.first, name), getattr(pair.second, name)
            if left != right:
                yield differ(name, pair.first, _said(left), _said(right))
        link = LINK[layer]
        if said(pair.first, 0, place) != said(pair.second, 1, place):
            left, right = (
                _target(voted, by, getattr(x, link)) for by, x in zip(sides.annotators, pair[1:3], strict=True)
            )
            yield differ(link, pair.first, left, right)


def quoted(voted: Voted, part: Part | None) -> str | None:
    """The words of a part, its offsets where there is no text; None for null."""
    if part is None:
        return None
    text = voted.article
    return " + ".join(
        f"{start}-{end}" if text is None else surface(text.text, (Span(start, end),), text.markup)
        for start, end in part
    )


def _said(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _target(voted: Voted, annotator: str, link: str | None) -> str:
    """What a link leads to: the source and the content of an attribution, or the author."""
    if link is None:
        return "the author"
    said = next((label for label in voted.votes[annotator].attributions or () if label.id == link), None)
    return link if said is None else f"{quoted(voted, said.source) or 'no source'}: {quoted(voted, said.content)}"
