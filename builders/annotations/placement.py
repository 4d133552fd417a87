"""Placement: labels of one copy of a text in another copy, or in what another version of a reader makes of it.

Conventions: an annotation file that states its sentences is placed sentence by sentence: by the hash of their words,
in their order, then anywhere where the words stand once. A part goes where the words of its sentence stand; one that
runs over several sentences only where these follow each other. A label with a part that finds no place is left out; links
to it become ``unresolved`` when labels are numbered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from allegedly.builders.annotations.wording import Stated, Wording, first_from, sentence_at, word_starts, words_hash
from allegedly.schemas.records import LABELS, LAYERS, SENTENCE_BLOCKS, Article, Labels, Part, Span

#: Where less of the sentences is found, the text is another one, and nothing is placed.
LEAST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Labels in another copy, with how many sentences and labels there were and how many of them have no place."""

    labels: Labels
    sentences: int
    sentences_lost: int
    labels_before: int
    labels_lost: int

    @property
    def share_lost(self) -> float:
        """The share of sentences that were not found; 1 where there are none."""
        return self.sentences_lost / self.sentences if self.sentences else 1.0

    @property
    def stands(self) -> bool:
        """Whether enough was found for this to be the same text."""
        return 1 - self.share_lost >= LEAST

    def __str__(self) -> str:
        sentences = f"{self.sentences_lost} of {self.sentences} sentences ({self.share_lost:.0%}) not found"
        return f"{sentences}, {self.labels_lost} of {self.labels_before} labels left out"


def placed(labels: Labels, stated: Sequence[Stated], article: Article) -> Placed:
    """The labels, whose offsets are those of the copy that ``stated`` speaks of, in an article."""
    targets = _Targets(stated, article)
    kept: dict[str, Any] = {}
    before = lost = 0
    for layer in LAYERS:
        own = getattr(labels, layer)
        if own is None:
            continue
        moved = [label for label in (targets.label(layer, label) for label in own) if label is not None]
        kept[layer] = tuple(moved)
        before += len(own)
        lost += len(own) - len(moved)
    return Placed(
        labels=Labels(**kept),
        sentences=len(stated),
        sentences_lost=sum(place is None for place in targets.places),
        labels_before=before,
        labels_lost=lost,
    )


@dataclass(slots=True)
class _Targets:
    """Where the sentences of one copy stand in the words of another: the place of each, None where it has none."""

    stated: Sequence[Stated]
    article: Article
    wording: Wording = field(init=False)
    starts: list[int] = field(init=False)
    places: list[int | None] = field(init=False)
    _word_starts: list[int] = field(init=False)
    _windows: dict[int, dict[str, list[int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.wording = Wording.of(self.article.text, None, self.article.markup)
        self.starts = [sentence.start for sentence in self.stated]
        self._word_starts = word_starts(self.wording.words)
        self.places = [None] * len(self.stated)
        self._by_sentences()
        self._between()
        self._anywhere()
        self._without_silent()

    def _by_sentences(self) -> None:
        """Those that are sentences there too, in their order."""
        ours = {low: number for number, low in enumerate(self.wording.starts)}
        theirs = [
            (ours[found.starts[0]], words_hash(found.words))
            for span in self.article.sentences
            if (found := Wording.of(self.article.text, span, self.article.markup)).words and found.starts[0] in ours
        ]
        matcher = SequenceMatcher(
            None, [sentence.hash for sentence in self.stated], [name for _, name in theirs], autojunk=False
        )
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                place, length = theirs[block.b + step][0], self.stated[block.a + step].length
                # a file whose skips do not fit its sentence leads nowhere
                if words_hash(self.wording.words[place : place + length]) == self.stated[block.a + step].hash:
                    self.places[block.a + step] = place

    def _between(self) -> None:
        """Those that other bounds hide, between the neighbours that were found."""
        low = 0
        for number, sentence in enumerate(self.stated):
            place = self.places[number]
            if place is None:
                following = (later for later in self.places[number + 1 :] if later is not None)
                high = next(following, len(self.wording.words)) - sentence.length
                place = first_from(self._found(sentence), low, high)
                self.places[number] = place
            if place is not None:
                low = place + sentence.length

    def _anywhere(self) -> None:
        """Those that were moved, where their words stand once and nothing else was placed."""
        taken = {place for place in self.places if place is not None}
        for number, sentence in enumerate(self.stated):
            if self.places[number] is None:
                free = [place for place in self._found(sentence) if place not in taken]
                if len(free) == 1:
                    self.places[number] = free[0]
                    taken.add(free[0])

    def _found(self, sentence: Stated) -> list[int]:
        """All places where the words of a sentence stand. What is as long is hashed once."""
        length = sentence.length
        if length < 1:
            return []
        if length not in self._windows:
            windows: dict[str, list[int]] = {}
            for low in self._word_starts:
                window = self.wording.words[low : low + length]
                if len(window) == length:
                    windows.setdefault(words_hash(window), []).append(low)
            self._windows[length] = windows
        return self._windows[length].get(sentence.hash, [])

    def _without_silent(self) -> None:
        """Takes the places away where no label may stand."""
        silent = [block for block in self.article.blocks if block.kind not in SENTENCE_BLOCKS]
        for number, (place, sentence) in enumerate(zip(self.places, self.stated, strict=True)):
            if place is not None:
                start, end = self._text_span(place, place + sentence.length)
                if any(block.start < end and start < block.end for block in silent):
                    self.places[number] = None

    def _text_span(self, low: int, high: int) -> Span:
        return Span(self.wording.starts[low], self.wording.ends[high - 1])

    def label(self, layer: str, label: Any) -> Any:
        """A label with its parts where they stand here; None where one of them has no place."""
        parts: dict[str, Part] = {}
        for name in LABELS[layer].SPANS:
            part = getattr(label, name)
            if part:
                spans = [self._moved(span) for span in part]
                whole = tuple(span for span in spans if span is not None)
                if len(whole) < len(spans) or any(a.end > b.start for a, b in pairwise(whole)):
                    return None
                parts[name] = whole
        return replace(label, text="", **parts)

    def _moved(self, span: Span) -> Span | None:
        """A span of the other copy here."""
        first, last = sentence_at(self.starts, span.start), sentence_at(self.starts, span.end - 1)
        if first < 0 or span.start >= self.stated[first].end or span.end > self.stated[last].end:
            return None
        if not all(self._follows(number) for number in range(first, last)):
            return None
        low, high = self._place(first, span.start), self._place(last, span.end)
        if low is None or high is None or not 0 <= low < high <= len(self.wording.words):
            return None
        return self._text_span(low, high)

    def _place(self, number: int, offset: int) -> int | None:
        place = self.places[number]
        return None if place is None else place + self.stated[number].place(offset)

    def _follows(self, number: int) -> bool:
        """Whether a sentence and the next one stand one behind the other here, with no words between."""
        place, following = self.places[number], self.places[number + 1]
        if place is None or following is None:
            return False
        end = place + self.stated[number].length
        return 0 <= following - end <= 1 and not self.wording.words[end:following].strip()


def stated(article: Article, labels: Labels) -> Iterator[Stated]:
    """What a file states of an article's sentences; a block without sentences that a label touches counts as one."""
    touched = [
        span for layer, kind in LABELS.items() for label in getattr(labels, layer) or () for span in _spans(kind, label)
    ]
    silent = [
        Span(block.start, block.end)
        for block in article.blocks
        if block.kind not in SENTENCE_BLOCKS and any(block.start < end and start < block.end for start, end in touched)
    ]
    for span in sorted([*article.sentences, *silent]):
        yield Stated.of(article.text, span, article.markup)


def _spans(kind: Any, label: Any) -> Iterator[Span]:
    for part in kind.SPANS:
        yield from getattr(label, part) or ()
