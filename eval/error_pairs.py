"""Pairs of labels for the error browser: what became of each gold and each predicted label of an article.

Conventions: labels are paired as metrics pair them: equal parts first, the rest by largest overlap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allegedly.eval import columns, matching
from allegedly.eval.examples import Example
from allegedly.eval.tasks import TASKS
from allegedly.schemas import derive
from allegedly.schemas.records import LABELS, LAYERS, LINK, MAIN_PART, Article, Label, Labels, Part, Sentence, Span

#: Kinds of a pair, worst first.
KINDS = ("missed", "spurious", "bounds", "attribute", "right")
MEANING = {
    "missed": "gold, not predicted",
    "spurious": "predicted, not gold",
    "bounds": "overlaps, other bounds",
    "attribute": "right bounds, other attribute",
    "right": "right",
}
_SKIPPED = frozenset({"id", "text", "by", "confidence", "scheme", *LINK.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A gold label, a predicted one, or both, and what became of them; of a sentence, its span. ``differs``: attribute ->
    (gold, predicted)."""

    layer: str
    kind: str
    gold: Label | Part | None = None
    predicted: Label | Part | None = None
    differs: dict[str, tuple[object, object]]


def pairs(gold: Labels, predicted: Labels, article: Article) -> list[Pair]:
    """All labels of an article, paired; layers that gold or the prediction does not have are left out."""
    return [
        pair for layer in LAYERS for pair in _layer(layer, getattr(gold, layer), getattr(predicted, layer), article)
    ]


def _layer(
    layer: str, gold: Sequence[Label] | None, predicted: Sequence[Label] | None, article: Article
) -> Iterable[Pair]:
    if gold is None or predicted is None:
        return []
    left = columns.parts([[_spans(label, layer) for label in gold]])
    right = columns.parts([[_spans(label, layer) for label in predicted]])
    matched = matching.match(left, right)
    places = zip(left.origin[matched.gold].tolist(), right.origin[matched.predicted].tolist(), strict=True)
    partner = dict(places)
    taken = set(partner.values())
    placed = [
        (label, _paired(layer, label, predicted[partner[place]], article))
        if place in partner
        else (label, Pair(layer=layer, kind="missed", gold=label, differs={}))
        for place, label in enumerate(gold)
    ]
    placed += [
        (label, Pair(layer=layer, kind="spurious", predicted=label, differs={}))
        for place, label in enumerate(predicted)
        if place not in taken
    ]
    return [pair for _, pair in sorted(placed, key=lambda item: derive.position(item[0])[0])]


def _spans(label: Label, layer: str) -> Part:
    """The part that a label is paired by: its main part, or the first that is not empty."""
    names = (MAIN_PART[layer], *LABELS[layer].PARTS)
    return next((getattr(label, name) for name in names if getattr(label, name)), ())


def _paired(layer: str, gold: Label, predicted: Label, article: Article) -> Pair:
    parts = LABELS[layer].PARTS
    bounds = [
        name for name in parts if getattr(gold, name) is not None and getattr(gold, name) != getattr(predicted, name)
    ]
    names = [name for name in gold.__slots__ if name not in parts and name not in _SKIPPED]
    differs = {
        name: (getattr(gold, name), getattr(predicted, name))
        for name in names
        if getattr(gold, name) is not None and _said(gold, name, article) != _said(predicted, name, article)
    }
    kind = "bounds" if bounds else "attribute" if differs else "right"
    return Pair(layer=layer, kind=kind, gold=gold, predicted=predicted, differs=differs)


def _said(label: Label, name: str, article: Article) -> object:
    """What a label says of an attribute: of the speaker, whom the article names in several places, the words."""
    value = getattr(label, name)
    if name != "speaker" or value is None:
        return value
    return derive.folded(article, value)


def sentence_pairs(sentences: Sequence[Sentence], answers: dict[str, dict[int, str | None]]) -> list[Pair]:
    """Sentences whose class was predicted by itself, each as a pair of classes under the layer of its task."""
    out = []
    for name, classes in answers.items():
        task = TASKS[name]
        for sentence in sentences:
            gold, predicted = getattr(sentence, task.column), classes.get(sentence.start)
            if gold is None or sentence.start not in classes:
                continue
            kind = "right" if gold == predicted else "missed" if gold == task.sought else "spurious"
            span = (Span(sentence.start, sentence.end or sentence.start),)
            differs: dict[str, tuple[object, object]] = (
                {} if gold == predicted else {f"class in {name}": (gold, predicted)}
            )
            out.append(Pair(layer=task.layer, kind=kind, gold=span, predicted=span, differs=differs))
    return out


#: An article with its gold, and the pairs of each system; none where it said nothing of the article.
Judged = tuple[Example, list[list[Pair]]]


def judged(systems: Sequence[str], examples: Iterable[Example]) -> list[Judged]:
    """What became of every label and sentence of each article, by each of some systems."""
    return [(example, [_of_system(example, name) for name in systems]) for example in examples]


def _of_system(example: Example, name: str) -> list[Pair]:
    answer = example.answers.get(name)
    if answer is None:
        return []
    found = pairs(example.gold, answer.labels, example.article)
    return found + sentence_pairs(example.sentences, answer.sentences)
