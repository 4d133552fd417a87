"""The commonest kinds of error of a system, with an example each.

Conventions: kinds are what became of a label (missed, invented, other bounds, another attribute) in a layer; bounds are
told apart by part, attributes by name and values.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allegedly.eval.error_pairs import Judged, Pair
from allegedly.schemas.derive import surface
from allegedly.schemas.records import LABELS, MAIN_PART, Article, Label, Part

#: Kinds that are told, and words of an example.
MOST, WORDS = 3, 14
_WHAT = {"claims": "claim", "speculations": "doubt", "attributions": "attribution"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: how often it was made, and the words of one of them, with its article."""

    what: str
    count: int
    words: str
    article: str


def commonest(place: int, judged: Sequence[Judged]) -> list[Kind]:
    """The three commonest kinds of error of the system at a place; fewer where there are no more."""
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, str]] = {}
    for example, pairs in judged:
        for pair in pairs[place]:
            for what in _kinds(pair):
                counts[what] += 1
                first.setdefault(what, (_words(example.article, pair), example.article.id))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    return [Kind(what, count, *first[what]) for what, count in ranked]


def _kinds(pair: Pair) -> Iterator[str]:
    if isinstance(pair.gold, tuple):  # a sentence
        for name, (gold, predicted) in pair.differs.items():
            yield f"{name.removeprefix('class in ')}: {_said(gold)} taken for {_said(predicted)}"
        return
    what = _WHAT[pair.layer]
    if pair.kind == "missed":
        yield f"{what} missed"
    elif pair.kind == "spurious":
        yield f"{what} that gold does not have"
    elif pair.kind == "bounds" and isinstance(pair.gold, LABELS[pair.layer]):
        for part in LABELS[pair.layer].PARTS:
            if getattr(pair.gold, part) is not None and getattr(pair.gold, part) != getattr(pair.predicted, part):
                yield f"{what} with other bounds of its {part}"
    if pair.kind in ("bounds", "attribute"):
        for name, (gold, predicted) in pair.differs.items():
            if isinstance(gold, tuple):
                yield f"{what} with another {name}"
            else:
                yield f"{what}, {name.replace('_', ' ')}: {_said(gold)} taken for {_said(predicted)}"


def _said(value: object) -> str:
    return "nothing" if value is None else str(value).lower().replace("_", " ")


def _words(article: Article, pair: Pair) -> str:
    said = pair.gold if pair.gold is not None else pair.predicted
    part = said if isinstance(said, tuple) else _main(pair.layer, said)
    words = surface(article.text, part, article.markup).split(" ")
    return " ".join(words[:WORDS]) + ("…" if len(words) > WORDS else "")


def _main(layer: str, label: Label | None) -> Part:
    names = (MAIN_PART[layer], *LABELS[layer].PARTS)
    return next((getattr(label, name) for name in names if getattr(label, name)), ())
