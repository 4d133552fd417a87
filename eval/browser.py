"""The error browser: gold and predicted labels of one article, side by side, the text standing there once.

Conventions: each label and part has a lane of its own under the text where others would cover it; gold is solid,
predicted is dashed, a thin line joins the pieces of a discontinuous part. Labels are paired as metrics pair them: equal
parts first, the rest by largest overlap.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from allegedly.eval import columns, matching
from allegedly.eval.tasks import TASKS
from allegedly.schemas import derive
from allegedly.schemas.escape import html
from allegedly.schemas.records import LABELS, LAYERS, LINK, MAIN_PART, Block, Labels, Part, Sentence, Span

#: Kinds of a pair, worst first.
KINDS = ("missed", "spurious", "bounds", "attribute", "right")
SAID = {
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
    """A gold label, a predicted one, or both, and what became of them. ``differs``: attribute -> (gold, predicted)."""

    layer: str
    kind: str
    gold: Any = None
    predicted: Any = None
    differs: dict[str, tuple[Any, Any]]


def pairs(gold: Labels, predicted: Labels) -> list[Pair]:
    """All labels of an article, paired; layers that gold or the prediction does not have are left out."""
    return [pair for layer in LAYERS for pair in _layer(layer, getattr(gold, layer), getattr(predicted, layer))]


def _layer(layer: str, gold: Sequence | None, predicted: Sequence | None) -> Iterable[Pair]:
    if gold is None or predicted is None:
        return []
    left = columns.parts([[_spans(label, layer) for label in gold]])
    right = columns.parts([[_spans(label, layer) for label in predicted]])
    found = matching.match(left, right)
    places = zip(left.origin[found.gold].tolist(), right.origin[found.predicted].tolist(), strict=True)
    partner = dict(places)
    taken = set(partner.values())
    out = [
        _paired(layer, label, predicted[partner[at]]) if at in partner else _alone(layer, "missed", gold=label)
        for at, label in enumerate(gold)
    ]
    out += [_alone(layer, "spurious", predicted=label) for at, label in enumerate(predicted) if at not in taken]
    return sorted(out, key=lambda pair: derive.position(pair.gold or pair.predicted)[0])


def _alone(layer: str, kind: str, **label: Any) -> Pair:
    return Pair(layer=layer, kind=kind, differs={}, **label)


def _spans(label: Any, layer: str) -> Part:
    """The part that a label is paired by: its main part, or the first that is not empty."""
    names = (MAIN_PART[layer], *LABELS[layer].PARTS)
    return next((getattr(label, name) for name in names if getattr(label, name)), ())


def _paired(layer: str, gold: Any, predicted: Any) -> Pair:
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


def sentence_pairs(sentences: Sequence[Sentence], said: dict[str, dict[int, str | None]]) -> list[Pair]:
    """Sentences whose class was predicted by itself, each as a pair of classes under the layer of its task."""
    out = []
    for name, classes in said.items():
        task = TASKS[name]
        for sentence in sentences:
            gold, predicted = getattr(sentence, task.column), classes.get(sentence.start)
            if gold is None or sentence.start not in classes:
                continue
            kind = "right" if gold == predicted else "missed" if gold == task.sought else "spurious"
            span = (Span(sentence.start, sentence.end or sentence.start),)
            differs = {} if gold == predicted else {f"class in {name}": (gold, predicted)}
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


def annotated(text: str, layer: str, gold: Labels, predicted: Labels, blocks: Sequence[Block] = ()) -> str:
    """The text as HTML with the lanes of one layer: gold above, predicted below."""
    return layered(text, {layer: (gold, predicted)}, blocks)


def layered(text: str, layers: dict[str, tuple[Labels, Labels]], blocks: Sequence[Block] = ()) -> str:
    """The text once, with the lanes of several layers; the page shows one layer at a time. A block is a paragraph, in
    which line ends are spaces; without blocks, blank lines part paragraphs and line ends stay."""
    drawn = {
        layer: [*lanes(gold, layer, "gold"), *lanes(predicted, layer, "predicted")]
        for layer, (gold, predicted) in layers.items()
    }
    body = "".join(
        _paragraph(text, start, end, kind, drawn) for start, end, kind in _paragraphs(text, blocks) if start < end
    )
    return f'<div class="text{"" if blocks else " lines"}">{body}</div>'


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


def _paragraph(text: str, start: int, end: int, kind: str, drawn: dict[str, list[Lane]]) -> str:
    """One paragraph: its lanes stand close under its lines, predicted ones under gold ones."""
    here = {
        layer: [lane for lane in found if lane.pieces[0].start < end and start < lane.pieces[-1].end]
        for layer, found in drawn.items()
    }
    placed, depths = {}, {}
    for layer, found in here.items():
        gold = max((lane.depth + 1 for lane in found if lane.side == "gold"), default=0)
        placed[layer] = [(lane, lane.depth + (0 if lane.side == "gold" else gold)) for lane in found]
        depths[layer] = max((depth + 1 for _, depth in placed[layer]), default=0)
    points = {edge for found in here.values() for lane in found for piece in lane.pieces for edge in piece}
    edges = sorted({start, end, *(point for point in points if start < point < end)})
    body = "".join(_segment(text, left, right, placed) for left, right in itertools.pairwise(edges))
    style = ";".join(f"--n-{layer}:{count}" for layer, count in depths.items() if count)
    opened = f"<p class={kind}" if kind in _SHOWN_KINDS else "<p"
    return f'{opened} style="{style}">{body}</p>' if style else f"{opened}>{body}</p>"


def _segment(text: str, left: int, right: int, drawn: dict[str, list[tuple[Lane, int]]]) -> str:
    styles, marks = [], []
    for layer, found in drawn.items():
        here = [(lane, depth) for lane, depth in found if lane.pieces[0].start <= left and right <= lane.pieces[-1].end]
        if here:
            strokes = ",".join(_stroke(lane, depth, left) for lane, depth in sorted(here, key=lambda item: item[1]))
            styles.append(f"--{layer}:{strokes}")
        marks += [
            f'<b class="mark {layer}" data-name="{html(lane.label)}{"" if lane.side == "gold" else "′"}"></b>'
            for lane, _ in here
            if lane.pieces[0].start == left
        ]
    words = html(text[left:right])
    if not styles:
        return words
    return f'{"".join(dict.fromkeys(marks))}<span style="{";".join(styles)}">{words}</span>'


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


def table(text: str, found: Sequence[Pair], markup: Sequence = ()) -> str:
    """The pairs as an HTML table: kind, gold, predicted, what differs."""
    rows = "".join(_row(text, pair, markup) for pair in found)
    head = "<tr><th>what</th><th>layer</th><th>gold</th><th>predicted</th><th>differs</th></tr>"
    return f'<table class="pairs"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _row(text: str, pair: Pair, markup: Sequence) -> str:
    differs = "; ".join(f"{name}: {_said(gold)} → {_said(other)}" for name, (gold, other) in pair.differs.items())
    cells = [
        f'<td><span class="kind {pair.kind}">{SAID[pair.kind]}</span></td>',
        f"<td>{pair.layer}</td>",
        f"<td>{_words(text, pair.layer, pair.gold, markup)}</td>",
        f"<td>{_words(text, pair.layer, pair.predicted, markup)}</td>",
        f"<td>{html(differs)}</td>",
    ]
    return f'<tr data-kind="{pair.kind}" data-layer="{pair.layer}">{"".join(cells)}</tr>'


def _said(value: Any) -> str:
    return "not said" if value is None else str(value)


def _words(text: str, layer: str, label: Any, markup: Sequence) -> str:
    if label is None:
        return ""
    if isinstance(label, tuple):  # a sentence
        return html(derive.surface(text, label, markup))
    found = [
        f'<span class="part" style="border-color:var(--{name})" title="{name}">'
        f"{html(derive.surface(text, getattr(label, name), markup))}</span>"
        for name in LABELS[layer].PARTS
        if getattr(label, name)
    ]
    return f'<span class="name">{html(label.id)}</span> {" ".join(found)}'
