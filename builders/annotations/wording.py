"""Wording: the words of a text as any copy of it has them, so that a stretch is known again without its text.

Conventions: of markup nothing counts; a run of white space, line ends too, is one space, none at either end; quotation
marks of every shape are ``"`` and ``'``, two single ones in a row one double. A hash of words is the first 16 hex digits of
SHA-256 over these words in UTF-8.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from allegedly.schemas.records import Span

_MARKS = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›`´′", "'"))


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a stretch of text; ``starts`` and ``ends`` lead from each code point of ``words`` to what it stands for
    in the text."""

    words: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str, span: Span | None = None, markup: Sequence[Span] = ()) -> "Wording":
        """The words of a span of a text, or of all of it."""
        start, end = span or (0, len(text))
        letters: list[str] = []
        places: list[list[int]] = []
        for offset in _shown(start, end, markup):
            letter = text[offset].translate(_MARKS)
            if letter.isspace():
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    places.append([offset, offset + 1])
            elif letter == "'" == (letters[-1] if letters else "") and places[-1][1] == offset:
                letters[-1] = '"'
                places[-1][1] = offset + 1
            else:
                letters.append(letter)
                places.append([offset, offset + 1])
        if letters and letters[-1] == " ":
            letters.pop()
            places.pop()
        return cls("".join(letters), tuple(low for low, _ in places), tuple(high for _, high in places))

    def skips(self, span: Span) -> list[Span]:
        """The stretches of the span that stand for no code point of the words: what leads from its offsets to theirs."""
        kept = set(self.starts)
        skipped: list[Span] = []
        for offset in range(span.start, span.end):
            if offset in kept:
                continue
            if skipped and skipped[-1].end == offset:
                skipped[-1] = Span(skipped[-1].start, offset + 1)
            else:
                skipped.append(Span(offset, offset + 1))
        return skipped


def _shown(start: int, end: int, markup: Sequence[Span]) -> list[int]:
    """The offsets from start to end that no markup hides."""
    if not markup:
        return list(range(start, end))
    hidden = {offset for low, high in markup for offset in range(max(low, start), min(high, end))}
    return [offset for offset in range(start, end) if offset not in hidden]


def words_hash(words: str) -> str:
    """The hash by which words are known again."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A sentence as an annotation file states it: where it stood, the hash of its words, and what of it is no word."""

    start: int
    end: int
    hash: str
    skips: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str, span: Span, markup: Sequence[Span] = ()) -> "Stated":
        """What a file states of a sentence of a text."""
        wording = Wording.of(text, span, markup)
        return cls(start=span.start, end=span.end, hash=words_hash(wording.words), skips=tuple(wording.skips(span)))

    @classmethod
    def from_json(cls, value: dict[str, object]) -> "Stated":
        """From an entry of the file's ``sentences``."""
        skips = value.get("skips") or []
        assert isinstance(skips, list)
        start, end = value["start"], value["end"]
        assert isinstance(start, int) and isinstance(end, int)
        return cls(
            start=start,
            end=end,
            hash=str(value["hash"]),
            skips=tuple(Span(skip["start"], skip["end"]) for skip in skips),
        )

    def to_json(self) -> dict[str, object]:
        """An entry of the file's ``sentences``; ``skips`` only where there are some."""
        value: dict[str, object] = {"start": self.start, "end": self.end, "hash": self.hash}
        if self.skips:
            value["skips"] = [{"start": low, "end": high} for low, high in self.skips]
        return value

    @property
    def length(self) -> int:
        """Code points of its words."""
        return self.place(self.end)

    def place(self, offset: int) -> int:
        """How many code points of its words stand before an offset of the text."""
        before = sum(min(high, offset) - low for low, high in self.skips if low < offset)
        return offset - self.start - before


def sentence_at(starts: Sequence[int], offset: int) -> int:
    """The number of the last sentence that begins at an offset or before; -1 before the first."""
    return bisect_right(starts, offset) - 1


def word_starts(words: str) -> list[int]:
    """Where words begin: at the start and behind each space."""
    return [0, *(number + 1 for number, letter in enumerate(words) if letter == " ")] if words else []


def first_from(places: Sequence[int], low: int, high: int) -> int | None:
    """The first of some places, in order, from low on and not behind high; None where there is none."""
    number = bisect_left(places, low)
    return places[number] if number < len(places) and places[number] <= high else None
