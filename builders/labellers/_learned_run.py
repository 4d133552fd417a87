"""Run the network over articles: sections, windows, and what it says about each piece.

Conventions: a section is a range of pieces of one article that ends where a block does, or after SECTION pieces; it is
decoded by itself, so that memory does not hang on the length of an article. Windows do not overlap: they end with
sentences, and that measured better than sentences seen twice. Windows travel alone: the network's products are of eight
bits, scaled by the largest value in sight, so that in company an article's labels would hang on its neighbours; on one
core a window alone is as fast as many.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allegedly.builders.labellers._learned_text import NOTHING, Pieces, windows
from allegedly.schemas.records import Article

#: Pieces in a section: what memory a run takes at most.
SECTION = 4096
#: Pieces in a window: fewer than training saw, which takes less time and measured no worse.
WINDOW = 120
#: Ids of the marks around a window.
OPENS, CLOSES = 101, 102

#: (ids, features) of a window, a row each -> (1, length, width).
Run = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its pieces as those of a small article, the range of its sentences (those that begin in it, and the
    one that it begins in the midst of), and the blocks of pieces that no stretch crosses."""

    article: int
    text: str
    pieces: Pieces
    blocks: tuple[tuple[int, int], ...]
    last: bool


def sections(number: int, article: Article, pieces: Pieces) -> Iterator[Section]:
    """The sections of an article; one without pieces where it has none."""
    ends = _block_ends(article, pieces)
    start = 0
    while True:
        stop = min(start + SECTION, len(pieces))
        if stop < len(pieces):
            before = int(np.searchsorted(ends, stop, side="right")) - 1
            stop = int(ends[before]) if before >= 0 and ends[before] > start else stop
        inner = [int(e) for e in ends if start < e < stop]
        edges = [start, *inner, stop]
        bounds = np.clip(pieces.bounds, start, stop) - start
        part = Pieces(
            ids=pieces.ids[start:stop],
            start=pieces.start[start:stop],
            end=pieces.end[start:stop],
            sentence=pieces.sentence[start:stop],
            features=pieces.features[start:stop],
            bounds=bounds,
        )
        blocks = tuple((a - start, b - start) for a, b in pairwise(edges) if b > a)
        yield Section(number, article.text, part, blocks, stop == len(pieces))
        if stop == len(pieces):
            return
        start = stop


def _block_ends(article: Article, pieces: Pieces) -> np.ndarray:
    ends = np.searchsorted(pieces.start, np.array([block.end for block in article.blocks], dtype=np.int64))
    return np.unique(ends[ends > 0])


def run(parts: Iterable[Section], network: Run) -> Iterator[tuple[Section, np.ndarray]]:
    """Each section with (pieces, width): what the network says, in order."""
    for section in parts:
        out = np.zeros((0, 0), dtype=np.float32)
        for start, end in windows(section.pieces.bounds, WINDOW, 0):
            output = network(*_inputs(section.pieces, start, end))[0]
            if not len(out):
                out = np.zeros((len(section.pieces), output.shape[1]), dtype=np.float32)
            out[start:end] = output[1:-1]
        yield section, out


def _inputs(pieces: Pieces, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    nothing = np.array([NOTHING], dtype=np.int64)
    ids = np.concatenate([[OPENS], pieces.ids[start:end], [CLOSES]])[None]
    features = np.concatenate([nothing, pieces.features[start:end], nothing])[None]
    return ids, features
