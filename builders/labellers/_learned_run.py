"""Run the network over articles: sections, windows sorted by length, and what it says about each piece.

Conventions: a section is a range of pieces of one article that ends where a block does, or after SECTION pieces; it is
decoded by itself, so that memory does not hang on the length of an article. Of a piece that lies in two windows the one
counts in which it stands further from the edge. Windows travel in batches of equal shape wherever they can.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allegedly.builders.labellers._learned_text import COUNTS, NOTHING, Pieces, windows
from allegedly.schemas.records import Article

#: Pieces in a section, and windows that are sorted together.
SECTION, TOGETHER = 4096, 64
#: Pieces in one batch, padding included: what memory a run takes at most.
BATCH = 500
#: Ids of the marks around a window.
OPENS, CLOSES = 101, 102

#: (ids, features, mask) of a batch -> (rows, length, width).
Run = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its pieces as those of a small article, the range of its sentences (those that begin in it, and the
    one that it begins in the midst of), and the blocks of pieces that no stretch crosses."""

    article: int
    text: str
    pieces: Pieces
    blocks: tuple[tuple[int, int], ...]
    last: bool


def sections(number: int, article: Article, found: Pieces) -> Iterator[Section]:
    """The sections of an article; one without pieces where it has none."""
    ends = _block_ends(article, found)
    start = 0
    while True:
        stop = min(start + SECTION, len(found))
        if stop < len(found):
            at = int(np.searchsorted(ends, stop, side="right")) - 1
            stop = int(ends[at]) if at >= 0 and ends[at] > start else stop
        inner = [int(e) for e in ends if start < e < stop]
        edges = [start, *inner, stop]
        bounds = np.clip(found.bounds, start, stop) - start
        part = Pieces(
            ids=found.ids[start:stop],
            start=found.start[start:stop],
            end=found.end[start:stop],
            sentence=found.sentence[start:stop],
            features=found.features[start:stop],
            bounds=bounds,
        )
        blocks = tuple((a - start, b - start) for a, b in pairwise(edges) if b > a)
        yield Section(number, article.text, part, blocks, stop == len(found))
        if stop == len(found):
            return
        start = stop


def _block_ends(article: Article, found: Pieces) -> np.ndarray:
    ends = np.searchsorted(found.start, np.array([block.end for block in article.blocks], dtype=np.int64))
    return np.unique(ends[ends > 0])


@dataclass(frozen=True, slots=True)
class _Window:
    section: int
    start: int
    end: int
    # of which pieces this window's output counts
    kept: tuple[int, int]


def _windows(section: int, found: Pieces) -> list[_Window]:
    ranges = windows(found.bounds)
    cuts = [0, *((left[1] + right[0]) // 2 for left, right in pairwise(ranges)), len(found)]
    return [
        _Window(section, start, end, (cuts[at], cuts[at + 1])) for at, (start, end) in enumerate(ranges) if end > start
    ]


def run(found: Iterable[Section], network: Run) -> Iterator[tuple[Section, np.ndarray]]:
    """Each section with (pieces, width): what the network says, in order."""
    waiting: list[Section] = []
    count = 0
    for section in found:
        waiting.append(section)
        count += -(-len(section.pieces) // 180)
        if count >= TOGETHER:
            yield from _run(waiting, network)
            waiting, count = [], 0
    yield from _run(waiting, network)


def _run(found: Sequence[Section], network: Run) -> Iterator[tuple[Section, np.ndarray]]:
    spread = [w for at, section in enumerate(found) for w in _windows(at, section.pieces)]
    spread.sort(key=lambda w: (w.end - w.start, w.section, w.start))
    out: list[np.ndarray | None] = [None] * len(found)
    for part in _batches(spread):
        said = network(*_inputs(found, part))
        for row, w in zip(said, part, strict=True):
            if out[w.section] is None:
                out[w.section] = np.zeros((len(found[w.section].pieces), said.shape[2]), dtype=np.float32)
            left, right = w.kept
            out[w.section][left:right] = row[left - w.start + 1 : right - w.start + 1]  # type: ignore[index]
    for section, said in zip(found, out, strict=True):
        yield section, np.zeros((0, 0), dtype=np.float32) if said is None else said


def _batches(found: Sequence[_Window]) -> Iterator[list[_Window]]:
    part: list[_Window] = []
    for w in found:
        if part and (len(part) + 1) * (w.end - w.start + 2) > BATCH:
            yield part
            part = []
        part.append(w)
    if part:
        yield part


def _inputs(found: Sequence[Section], part: Sequence[_Window]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    length = max(w.end - w.start for w in part) + 2
    ids = np.zeros((len(part), length), dtype=np.int64)
    features = np.tile(np.array(NOTHING, dtype=np.int64), (len(part), length, 1))
    mask = np.zeros((len(part), length), dtype=bool)
    for at, w in enumerate(part):
        count = w.end - w.start
        ids[at, 0], ids[at, count + 1] = OPENS, CLOSES
        ids[at, 1 : count + 1] = found[w.section].pieces.ids[w.start : w.end]
        features[at, 1 : count + 1, : len(COUNTS)] = found[w.section].pieces.features[w.start : w.end]
        mask[at, : count + 2] = True
    return ids, features, mask
