"""Lanes: where the labels of an article are drawn under its text, before anything is drawn.

Conventions: a label has one lane, which its parts share, from the first word of any of them to the last; labels of one
layer and side that cover each other stand on lanes of their own, the outer one on top. In a block the lanes of the layers
stand under each other in the order of ``LAYERS``, and those of the sides of a layer in theirs; a layer that a block has
nothing of takes no room there. Labels nested deeper than ``DEEPEST`` have no lane: lists of labels name them.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from allegedly.schemas.records import LABELS, LAYERS, Block, Label, Labels, Part, Span

#: Lanes of a layer and side in one block.
DEEPEST = 8
#: Parts in the order in which one hides another where both stand on the same words.
_FIRST = {"cue": 0, "source": 1, "extent": 2, "content": 2, "scope": 3}
GAP = "gap"


@dataclass(frozen=True, slots=True)
class Mark:
    """A label as it is drawn. ``side``: 0 for the labels that stand, 1 and on for those beside them; ``name``: what it is
    called on the page, unique in its article; ``tone``: what became of it, for pages that colour by that."""

    name: str
    layer: str
    side: int
    pieces: tuple[tuple[int, int, str], ...]
    tone: str = ""

    @property
    def start(self) -> int:
        """Where its first piece begins."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where its last piece ends."""
        return max(end for _, end, _ in self.pieces)

    def part(self, start: int) -> str:
        """The part that stands at an edge of the text; ``gap`` between the pieces."""
        here = [(_FIRST[part], part) for left, right, part in self.pieces if left <= start < right]
        return min(here)[1] if here else GAP


def mark(label: Label, layer: str, *, side: int = 0, name: str | None = None, tone: str = "") -> Mark | None:
    """A label as it is drawn; None for one without any words."""
    parts: list[tuple[str, Part]] = [(part, getattr(label, part) or ()) for part in LABELS[layer].PARTS]
    pieces = sorted((start, end, part) for part, spans in parts for start, end in spans if start < end)
    return Mark(label.id if name is None else name, layer, side, tuple(pieces), tone) if pieces else None


def marks(labels: Labels, *, side: int = 0) -> list[Mark]:
    """All labels of an article that have words."""
    drawn = (mark(label, layer, side=side) for layer in LAYERS for label in getattr(labels, layer) or ())
    return [each for each in drawn if each is not None]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One lane under a stretch of text: ``row`` from the lowest, which is 0; ``ends``: whether the label ends there."""

    row: int
    layer: str
    part: str
    side: int
    tone: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text over which the same labels run. ``names``: those labels; ``begin``: those whose first word this is."""

    start: int
    end: int
    strokes: tuple[Stroke, ...] = ()
    names: tuple[str, ...] = ()
    begin: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Laid:
    """A stretch of text of one kind: a block, or what stands between two; ``rows``: its lanes."""

    kind: str
    start: int
    end: int
    rows: int = 0
    stretches: list[Stretch] = field(default_factory=list)


def laid(text: str, blocks: Sequence[Block], markup: Sequence[Span], drawn: Sequence[Mark]) -> Iterator[Laid]:
    """The whole text, block by block, what stands between them too, without the markup; lanes where labels are."""
    depths = _depths(drawn)
    kept = sorted((each for each in drawn if depths[id(each)] < DEEPEST), key=lambda each: each.start)
    active: list[Mark] = []
    at = 0
    for kind, start, end in _regions(text, blocks):
        while at < len(kept) and kept[at].start < end:
            active.append(kept[at])
            at += 1
        active = [each for each in active if each.end > start]
        region = Laid(kind, start, end)
        rows = _rows(active, depths)
        region.rows = len(rows)
        region.stretches = list(_stretches(region, active, depths, rows, markup))
        yield region


def _regions(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, int, int]]:
    begin = 0
    for block in sorted(blocks, key=lambda block: (block.start, block.end)):
        if begin < block.start:
            yield "", begin, block.start
        if max(begin, block.start) < block.end:
            yield block.kind, max(begin, block.start), block.end
        begin = max(begin, block.end)
    if begin < len(text):
        yield "", begin, len(text)


def _depths(drawn: Iterable[Mark]) -> dict[int, int]:
    """The lane of each mark among those of its layer and side: the first that is free where it begins."""
    ends: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    depths = {}
    for each in sorted(drawn, key=lambda each: (each.start, -each.end, each.name)):
        lanes = ends[each.layer, each.side]
        depth = next((lane for lane, end in enumerate(lanes[:DEEPEST]) if end <= each.start), min(len(lanes), DEEPEST))
        if depth == len(lanes):
            lanes.append(each.end)
        elif depth < DEEPEST:
            lanes[depth] = each.end
        depths[id(each)] = depth
    return depths


def _rows(active: Iterable[Mark], depths: dict[int, int]) -> dict[tuple[int, int, int], int]:
    """The lanes that a block has, with their rows from the lowest."""
    found = sorted({_lane(each, depths) for each in active}, reverse=True)
    return {lane: row for row, lane in enumerate(found)}


def _lane(each: Mark, depths: dict[int, int]) -> tuple[int, int, int]:
    return LAYERS.index(each.layer), each.side, depths[id(each)]


def _stretches(
    region: Laid,
    active: Sequence[Mark],
    depths: dict[int, int],
    rows: dict[tuple[int, int, int], int],
    markup: Sequence[Span],
) -> Iterator[Stretch]:
    hidden = _hidden(region, markup)
    edges = {region.start, region.end, *(edge for span in hidden for edge in span)}
    edges |= {
        min(max(edge, region.start), region.end)
        for each in active
        for left, right, _ in each.pieces
        for edge in (left, right)
    }
    waiting = sorted(active, key=lambda each: each.start)
    here: list[Mark] = []
    place = gone = 0
    for left, right in pairwise(sorted(edges)):
        here = [each for each in here if each.end > left]
        while place < len(waiting) and waiting[place].start <= left:
            here += [waiting[place]] if waiting[place].end > left else []
            place += 1
        while gone < len(hidden) and hidden[gone].end <= left:
            gone += 1
        if gone < len(hidden) and hidden[gone].start <= left:
            continue
        strokes = sorted(
            (rows[_lane(each, depths)], each.layer, each.part(left), each.side, each.tone, right == each.end)
            for each in here
        )
        yield Stretch(
            left,
            right,
            tuple(Stroke(*stroke) for stroke in strokes),
            tuple(each.name for each in here),
            tuple(each for each in here if each.start == left),
        )


def _hidden(region: Laid, markup: Sequence[Span]) -> list[Span]:
    """The markup inside a stretch of text, cut to it."""
    first = max(0, bisect_right(markup, (region.start, region.start)) - 1)
    out = []
    for start, end in markup[first:]:
        if start >= region.end:
            break
        if end > region.start and start < end:
            out.append(Span(max(start, region.start), min(end, region.end)))
    return out
