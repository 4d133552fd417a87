"""Word pieces of an article, what casing and punctuation tell about them, and windows over them.

Conventions: a piece is a half-open stretch of the article's text, in code points. Pieces run through the sentences in
order; nothing outside a sentence has pieces. A window is a half-open range of pieces; the network sees it between the
two marks of its vocabulary. Windows begin and end at sentences where those are short enough, and overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from allegedly.builders.text.markup import masked
from allegedly.schemas.records import Article

#: Pieces in a window, its two marks left out, and how many of them at most are also in the window before.
SIZE, OVERLAP = 220, 40
#: A stretch longer than this many characters is tokenized in parts, so that memory does not hang on one sentence.
STRETCH = 2000
#: Values of each feature: casing, what precedes, quotation, edge, block. All are columns of one table.
COUNTS = (7, 3, 4, 5, 4)
OFFSETS = tuple(sum(COUNTS[:at]) for at in range(len(COUNTS)))
#: The row of a piece that goes on with the word of the piece before.
CONTINUED = OFFSETS[1] + 1
#: The row of the features of a mark or of padding.
NOTHING = tuple(offset + count - 1 for offset, count in zip(OFFSETS, COUNTS, strict=True))

_QUOTES = {"“": 1, "„": 1, "«": 1, "”": -1, "»": -1, '"': 0, "‟": 1}
_LOWER, _TITLE, _UPPER, _MIXED, _DIGIT, _OTHER, _NO_CASE = range(7)
_BLOCKS = {"title": 1, "subtitle": 1, "heading": 1, "caption": 2, "list": 2, "quote": 2}


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one article, an array a column; ``features`` has one column a feature, as rows of one table;
    ``bounds`` are the first pieces of the sentences and the end of the last one, sentences without pieces included."""

    ids: np.ndarray
    start: np.ndarray
    end: np.ndarray
    sentence: np.ndarray
    features: np.ndarray
    bounds: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


class Encoding(Protocol):
    """A text in pieces: their rows in the vocabulary, where they stand in the text, half-open, and what they read."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    tokens: list[str]


class Tokenizer(Protocol):
    """What cuts texts into pieces: the one of the package ``tokenizers``, or another that does the same."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> Sequence[Encoding]: ...


@cache
def tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a file, without padding and truncation."""
    import tokenizers

    loaded = tokenizers.Tokenizer.from_file(str(path))
    loaded.no_padding()
    loaded.no_truncation()
    cutting: Tokenizer = loaded
    return cutting


def pieces(article: Article, words: Tokenizer) -> Pieces:
    """The pieces of an article's sentences. ``words`` is a tokenizer."""
    text = masked(article.text, article.markup)
    stretches = [
        (index, left, right)
        for index, (start, end) in enumerate(article.sentences)
        for left, right in _stretches(text, start, end)
    ]
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    sentence: list[int] = []
    continued: list[bool] = []
    for first in range(0, len(stretches), 64):
        part = stretches[first : first + 64]
        encodings = words.encode_batch([text[left:right] for _, left, right in part], add_special_tokens=False)
        for (index, left, _), encoding in zip(part, encodings, strict=True):
            offsets = encoding.offsets
            ids.extend(encoding.ids)
            starts.extend(left + a for a, _ in offsets)
            ends.extend(left + b for _, b in offsets)
            sentence.extend([index] * len(offsets))
            continued.extend(token.startswith("##") for token in encoding.tokens)
    kept = [index for index in range(len(ids)) if ends[index] > starts[index]]
    if len(kept) != len(ids):
        ids, starts, ends, sentence = ([column[index] for index in kept] for column in (ids, starts, ends, sentence))
        continued = [continued[index] for index in kept]
    number = np.array(sentence, dtype=np.int32)
    bounds = np.searchsorted(number, np.arange(len(article.sentences) + 1)).astype(np.int32)
    return Pieces(
        ids=np.array(ids, dtype=np.int64),
        start=np.array(starts, dtype=np.int32),
        end=np.array(ends, dtype=np.int32),
        sentence=number,
        features=_features(article, starts, ends, sentence, continued),
        bounds=bounds,
    )


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in parts of bounded length, cut at white space where there is some."""
    parts = []
    while end - start > STRETCH:
        cut = text.rfind(" ", start + STRETCH // 2, start + STRETCH)
        cut = start + STRETCH if cut < 0 else cut
        parts.append((start, cut))
        start = cut
    return [*parts, (start, end)]


def _features(
    article: Article, starts: Sequence[int], ends: Sequence[int], sentence: Sequence[int], continued: Sequence[bool]
) -> np.ndarray:
    text, count = masked(article.text, article.markup), len(starts)
    out = np.zeros((count, len(COUNTS)), dtype=np.int64)
    block, inside, block_end = -1, False, -1
    blocks = article.blocks
    for piece in range(count):
        start, end = starts[piece], ends[piece]
        opens = False
        if start >= block_end:
            while block + 1 < len(blocks) and (block < 0 or start >= blocks[block].end):
                block += 1
            block_end = blocks[block].end if blocks else len(text)
            inside, opens = False, True
        surface = text[start:end]
        mark = _QUOTES.get(surface)
        if mark is None:
            quotation = 1 if inside else 0
        else:
            # a straight mark opens where none is open
            inside = mark > 0 or (mark == 0 and not inside)
            quotation = 2 if inside else 3
        begins = piece == 0 or sentence[piece] != sentence[piece - 1]
        closes = piece + 1 == count or sentence[piece] != sentence[piece + 1]
        out[piece] = (
            _casing(surface),
            1 if continued[piece] else 2 if start == 0 or text[start - 1].isspace() else 0,
            quotation,
            1 if opens else 2 if begins else 3 if closes else 0,
            _BLOCKS.get(blocks[block].kind, 0) if blocks else 0,
        )
    return out + np.array(OFFSETS, dtype=np.int64)


def _casing(surface: str) -> int:
    if surface.islower():
        return _LOWER
    if surface.isupper():
        return _UPPER if len(surface) > 1 else _TITLE
    if surface[0].isupper() and surface[1:].islower():
        return _TITLE
    if surface[0].isdigit():
        return _DIGIT
    return _MIXED if surface.isalpha() and surface.lower() != surface else _OTHER


def windows(
    bounds: np.ndarray, size: int = SIZE, overlap: int = OVERLAP, first: int | None = None
) -> list[tuple[int, int]]:
    """Ranges of pieces that cover them all. ``first`` is the size of the first window, where it differs."""
    total = int(bounds[-1])
    ranges, start = [], 0
    room = first or size
    while start < total:
        end = min(total, start + room)
        room = size
        if end < total:
            cut = int(bounds[np.searchsorted(bounds, end, side="right") - 1])
            end = cut if cut > start + overlap else end
        ranges.append((start, end))
        if end == total:
            break
        back = int(bounds[np.searchsorted(bounds, end - overlap, side="left")])
        start = back if start < back < end else end - overlap if back > end else end
    return ranges
