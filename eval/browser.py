"""The error browser: gold and predicted labels of one article, side by side, the text standing there once.

Conventions: each label and part has a lane of its own under the text where others would cover it; gold is solid,
predicted is dashed, a thin line joins the pieces of a discontinuous part. Labels are paired as metrics pair them: equal
parts first, the rest by largest overlap.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from allegedly.eval import columns, matching
from allegedly.eval.rendering import macro
from allegedly.eval.tasks import TASKS
from allegedly.schemas import derive
from allegedly.schemas.records import (
    LABELS,
    LAYERS,
    LINK,
    MAIN_PART,
    Block,
    Label,
    Labels,
    Part,
    Sentence,
    Span,
)

#: Kinds of a pair, worst first.
KINDS = ("missed", "spurious", "bounds", "attribute", "right")
MEANING = {
    "missed": "gold, not predicted",
    "spurious": "predicted, not gold",
    "bounds": "overlaps, other bounds",
    "attribute": "right bounds, other attribute",
    "right": "right",
}
_BREAK = re.compile(r"\s*\n\s*\n\s*")
#: Kinds of blocks that a page sets apart.
_SHOWN_KINDS = frozenset({"title", "subtitle", "heading", "quote", "byline", "dateline", "boilerplate", "disclaimer"})
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


def pairs(gold: Labels, predicted: Labels) -> list[Pair]:
    """All labels of an article, paired; layers that gold or the prediction does not have are left out."""
    return [pair for layer in LAYERS for pair in _layer(layer, getattr(gold, layer), getattr(predicted, layer))]


def _layer(layer: str, gold: Sequence[Label] | None, predicted: Sequence[Label] | None) -> Iterable[Pair]:
    if gold is None or predicted is None:
        return []
    left = columns.parts([[_spans(label, layer) for label in gold]])
    right = columns.parts([[_spans(label, layer) for label in predicted]])
    matched = matching.match(left, right)
    places = zip(left.origin[matched.gold].tolist(), right.origin[matched.predicted].tolist(), strict=True)
    partner = dict(places)
    taken = set(partner.values())
    placed = [
        (label, _paired(layer, label, predicted[partner[at]]))
        if at in partner
        else (label, Pair(layer=layer, kind="missed", gold=label, differs={}))
        for at, label in enumerate(gold)
    ]
    placed += [
        (label, Pair(layer=layer, kind="spurious", predicted=label, differs={}))
        for at, label in enumerate(predicted)
        if at not in taken
    ]
    return [pair for _, pair in sorted(placed, key=lambda item: derive.position(item[0])[0])]


def _spans(label: Label, layer: str) -> Part:
    """The part that a label is paired by: its main part, or the first that is not empty."""
    names = (MAIN_PART[layer], *LABELS[layer].PARTS)
    return next((getattr(label, name) for name in names if getattr(label, name)), ())


def _paired(layer: str, gold: Label, predicted: Label) -> Pair:
    parts = LABELS[layer].PARTS
    bounds = [
        name for name in parts if getattr(gold, name) is not None and getattr(gold, name) != getattr(predicted, name)
    ]
    names = [name for name in gold.__slots__ if name not in parts and name not in _SKIPPED]
    differs = {
        name: (getattr(gold, name), getattr(predicted, name))
        for name in names
        if getattr(gold, name) is not None and getattr(gold, name) != getattr(predicted, name)
    }
    kind = "bounds" if bounds else "attribute" if differs else "right"
    return Pair(layer=layer, kind=kind, gold=gold, predicted=predicted, differs=differs)


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


@dataclass(frozen=True, slots=True)
class Lane:
    """One part of one label: its pieces, its side, and the height at which it is drawn."""

    part: str
    side: str
    pieces: Part
    label: str
    depth: int


def lanes(labels: Labels, layer: str, side: str) -> list[Lane]:
    """The parts of a layer's labels, each at the least depth at which it crosses no other."""
    units = [
        (part[0].start, -part[-1].end, name, label.id, part)
        for label in getattr(labels, layer) or ()
        for name in LABELS[layer].PARTS
        if (part := getattr(label, name))
    ]
    ends: list[int] = []
    out = []
    for start, end, name, label, part in sorted(units):
        depth = next((at for at, reach in enumerate(ends) if reach <= start), len(ends))
        if depth == len(ends):
            ends.append(0)
        ends[depth] = -end
        out.append(Lane(name, side, part, label, depth))
    return out


@dataclass(frozen=True, slots=True)
class Mark:
    """The name of a label where it begins."""

    layer: str
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text over which the same labels run; ``style``: their lanes, empty where there are none."""

    words: str
    style: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text; ``kind``: of those that a page sets apart, else empty; ``style``: how many lanes it has."""

    kind: str
    style: str
    segments: tuple[Segment, ...]


def layered(text: str, layers: dict[str, tuple[Labels, Labels]], blocks: Sequence[Block] = ()) -> Markup:
    """The text once, with the lanes of several layers; the page shows one layer at a time. A block is a paragraph, in
    which line ends are spaces; without blocks, blank lines part paragraphs and line ends stay."""
    drawn = {
        layer: [*lanes(gold, layer, "gold"), *lanes(predicted, layer, "predicted")]
        for layer, (gold, predicted) in layers.items()
    }
    paragraphs = [
        _paragraph(text, start, end, kind, drawn) for start, end, kind in _paragraphs(text, blocks) if start < end
    ]
    return macro("article.html", "text", paragraphs, not blocks)


def _paragraphs(text: str, blocks: Sequence[Block]) -> Iterable[tuple[int, int, str]]:
    """Stretches of text with their kind; together they hold all that is not white space."""
    at = 0
    if not blocks:
        for gap in _BREAK.finditer(text):
            yield at, gap.start(), ""
            at = gap.end()
    for block in blocks:
        # words that stand in no block are shown too
        if text[at : block.start].strip():
            yield at, block.start, ""
        yield max(at, block.start), block.end, block.kind
        at = max(at, block.end)
    if text[at:].strip():
        yield at, len(text), ""


def _paragraph(text: str, start: int, end: int, kind: str, drawn: dict[str, list[Lane]]) -> Paragraph:
    """One paragraph: its lanes stand close under its lines, predicted ones under gold ones."""
    here = {
        layer: [lane for lane in lanes if lane.pieces[0].start < end and start < lane.pieces[-1].end]
        for layer, lanes in drawn.items()
    }
    placed, depths = {}, {}
    for layer, lanes in here.items():
        gold = max((lane.depth + 1 for lane in lanes if lane.side == "gold"), default=0)
        placed[layer] = [(lane, lane.depth + (0 if lane.side == "gold" else gold)) for lane in lanes]
        depths[layer] = max((depth + 1 for _, depth in placed[layer]), default=0)
    points = {edge for lanes in here.values() for lane in lanes for piece in lane.pieces for edge in piece}
    edges = sorted({start, end, *(point for point in points if start < point < end)})
    return Paragraph(
        kind=kind if kind in _SHOWN_KINDS else "",
        style=";".join(f"--n-{layer}:{count}" for layer, count in depths.items() if count),
        segments=tuple(_segment(text, left, right, placed) for left, right in itertools.pairwise(edges)),
    )


def _segment(text: str, left: int, right: int, drawn: dict[str, list[tuple[Lane, int]]]) -> Segment:
    styles: list[str] = []
    marks: list[Mark] = []
    for layer, lanes in drawn.items():
        here = [(lane, depth) for lane, depth in lanes if lane.pieces[0].start <= left and right <= lane.pieces[-1].end]
        if here:
            strokes = ",".join(_stroke(lane, depth, left) for lane, depth in sorted(here, key=lambda item: item[1]))
            styles.append(f"--{layer}:{strokes}")
        marks += [
            Mark(layer, lane.label if lane.side == "gold" else f"{lane.label}′")
            for lane, _ in here
            if lane.pieces[0].start == left
        ]
    return Segment(text[left:right], ";".join(styles), tuple(dict.fromkeys(marks)))


def _stroke(lane: Lane, depth: int, left: int) -> str:
    """One layer of a CSS background: solid for gold, dashed for predicted, thin between the pieces of a part."""
    inside = any(start <= left < end for start, end in lane.pieces)
    colour = f"var(--{lane.part})"
    top = f"calc(100% - var(--room) + {depth * 6 + (2 if inside else 3)}px)"
    if not inside:
        return f"linear-gradient({colour},{colour}) 0 {top}/100% 1px no-repeat"
    if lane.side == "gold":
        return f"linear-gradient({colour},{colour}) 0 {top}/100% 4px no-repeat"
    return f"repeating-linear-gradient(90deg,{colour} 0 4px,transparent 4px 7px) 0 {top}/100% 4px no-repeat"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an article, as the part of that name; ``name`` is empty for a sentence."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class LabelWords:
    """A label in words: its id, and its parts that are not empty; no parts where there is no label."""

    name: str = ""
    parts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in words."""

    kind: str
    layer: str
    gold: LabelWords
    predicted: LabelWords
    differs: str

    @property
    def what(self) -> str:
        """Its kind in words."""
        return MEANING[self.kind]


def row(text: str, pair: Pair, markup: Sequence[Span] = ()) -> PairRow:
    """A pair as a row: what became of it, gold, predicted, what differs."""
    return PairRow(
        kind=pair.kind,
        layer=pair.layer,
        gold=_in_words(text, pair.layer, pair.gold, markup),
        predicted=_in_words(text, pair.layer, pair.predicted, markup),
        differs="; ".join(
            f"{name}: {_known(gold)} → {_known(predicted)}" for name, (gold, predicted) in pair.differs.items()
        ),
    )


def _known(attribute: object) -> str:
    return "not said" if attribute is None else str(attribute)


def _in_words(text: str, layer: str, label: Label | Part | None, markup: Sequence[Span]) -> LabelWords:
    if label is None:
        return LabelWords()
    if isinstance(label, tuple):  # a sentence
        return LabelWords(parts=(Words("", derive.surface(text, label, markup)),))
    parts = [
        Words(name, derive.surface(text, getattr(label, name), markup))
        for name in LABELS[layer].PARTS
        if getattr(label, name)
    ]
    return LabelWords(label.id, tuple(parts))
