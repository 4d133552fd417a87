"""Lanes: the labels of an article drawn under its text, which stands there once.

Conventions: each label and part has a lane of its own where others would cover it; gold is solid, predicted is dashed, a
thin line joins the pieces of a discontinuous part.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from allegedly.eval.rendering import macro
from allegedly.schemas.records import LABELS, Block, Labels, Part

_BREAK = re.compile(r"\s*\n\s*\n\s*")
#: Kinds of blocks that a page sets apart.
_SHOWN_KINDS = frozenset({"title", "subtitle", "heading", "quote", "byline", "dateline", "boilerplate", "disclaimer"})


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
        depth = next((lane for lane, reach in enumerate(ends) if reach <= start), len(ends))
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
    begin = 0
    if not blocks:
        for gap in _BREAK.finditer(text):
            yield begin, gap.start(), ""
            begin = gap.end()
    for block in blocks:
        # words that stand in no block are shown too
        if text[begin : block.start].strip():
            yield begin, block.start, ""
        yield max(begin, block.start), block.end, block.kind
        begin = max(begin, block.end)
    if text[begin:].strip():
        yield begin, len(text), ""


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
