"""Words and the tags that parts of labels give them: what formats of tagged words share.

Conventions: words are those that our labellers see (``_tokens.py``), sentence by sentence, markup left out. A part is tagged
by itself: ``B-claim`` begins one, ``I-claim`` goes on, ``O`` is none (IOB2). A tag for each word cannot say everything: of
parts that overlap the longest stands, a part in several pieces becomes several runs, one over several sentences is cut
at their ends, one that ends inside a word takes all of it. Each of these is counted. A part that some label of an article
leaves null is not annotated there, which is not ``O``.

Source: Ramshaw, Marcus (1995); Tjong Kim Sang, Veenstra (1999) for IOB2.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from allegedly.builders.labellers._tokens import word_spans
from allegedly.builders.text.markup import masked
from allegedly.schemas.records import Article, Label, Part, Record, Span

#: What a run of words is called, by layer and part; systems under test and `import bio` know the same names.
NAMES = {
    ("claims", "extent"): "claim",
    ("speculations", "cue"): "speculation",
    ("speculations", "scope"): "scope",
    ("attributions", "source"): "source",
    ("attributions", "cue"): "cue",
    ("attributions", "content"): "content",
    ("attributions", "speaker"): "speaker",
}
Kind = tuple[str, str]
OUTSIDE, BEGINS, INSIDE = 0, 1, 2
#: What is counted of the parts of a kind, with what it means.
COUNTED = {
    "parts": "parts of labels that are not empty",
    "as they are": "written so that reading the tags gives the same words",
    "overlapping": "overlap a longer one, which stands: left out, or written in pieces only",
    "repeated": "equal to another part of the kind: written once",
    "in pieces": "of several spans: each is a run, and nothing says that they belong together",
    "cut": "run over several sentences: cut at their ends",
    "widened": "begin or end inside a word: all of it is taken",
    "without words": "lie outside the words of sentences: left out",
}


class Run(NamedTuple):
    """Words in a row of one sentence, by their places; ``last`` is behind them."""

    first: int
    last: int


class Words:
    """The words of an article. ``starts`` and ``ends`` are offsets in its text, ``sentences`` pairs a sentence with the
    run of its words; sentences without words are left out."""

    def __init__(self, article: Article) -> None:
        text = masked(article.text, article.markup)
        self.text = article.text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sentences: list[tuple[Span, Run]] = []
        for sentence in article.sentences:
            first = len(self.starts)
            for start, end in word_spans(text, *sentence):
                self.starts.append(start)
                self.ends.append(end)
            if len(self.starts) > first:
                self.sentences.append((sentence, Run(first, len(self.starts))))
        self.bounds = [run.first for _, run in self.sentences]

    def word(self, place: int) -> str:
        """As it stands in the text."""
        return self.text[self.starts[place] : self.ends[place]]

    def over(self, span: Span) -> Run:
        """The words that a span touches, over whatever sentences."""
        return Run(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))

    def cut(self, run: Run) -> list[Run]:
        """A run cut where sentences begin."""
        inside = self.bounds[bisect_right(self.bounds, run.first) : bisect_left(self.bounds, run.last)]
        return [Run(*two) for two in pairwise((run.first, *inside, run.last))]


@dataclass(slots=True)
class Tally:
    """What became of the parts, by kind, and how many articles are not annotated there."""

    parts: dict[Kind, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in NAMES})
    left_out: Counter[Kind] = field(default_factory=Counter)

    def said(self) -> str | None:
        """A sentence about what the tags do not hold; None where they hold everything."""
        total: Counter[str] = Counter()
        for counts in self.parts.values():
            total.update(counts)
        whole, parts = total.pop("as they are", 0), total.pop("parts", 0)
        if whole == parts:
            return None
        rest = ", ".join(f"{total[name]:,} {name}" for name in COUNTED if total[name])
        return f"{whole:,} of {parts:,} parts are written as they are; {rest} (README.md there says what that means)"


def tags(record: Record, words: Words, kind: Kind, tally: Tally) -> list[int] | None:
    """A tag for each word: OUTSIDE, BEGINS or INSIDE; None where nobody annotated this."""
    parts = parts_of(record, kind)
    if parts is None:
        tally.left_out[kind] += 1
        return None
    found = [OUTSIDE] * len(words.starts)
    for run in _runs(parts, words, tally.parts[kind]):
        found[run.first : run.last] = [BEGINS, *[INSIDE] * (run.last - run.first - 1)]
    return found


def parts_of(record: Record, kind: Kind) -> list[Part] | None:
    """The parts of a kind that are not empty; None where the layer, or the part of some label, is null."""
    layer, name = kind
    labels: Sequence[Label] | None = getattr(record.labels, layer)
    if labels is None:
        return None
    parts: list[Part | None] = [getattr(label, name) for label in labels]
    return None if None in parts else [part for part in parts if part]


def _runs(parts: Sequence[Part], words: Words, counts: Counter[str]) -> list[Run]:
    """The runs that stand, and the count of what became of each part."""
    pieces = [[run for span in part if (run := words.over(span)).first < run.last] for part in parts]
    cut = [[run for piece in these for run in words.cut(piece)] for these in pieces]
    owner: dict[int, Run] = {}
    everything = sorted({run for runs in cut for run in runs}, key=lambda run: (run.first - run.last, run.first))
    for run in everything:
        if not any(place in owner for place in range(*run)):
            owner |= dict.fromkeys(range(*run), run)
    standing = set(owner.values())
    seen: set[tuple[Run, ...]] = set()
    for part, these, runs in zip(parts, pieces, cut, strict=True):
        marks = {
            "overlapping": not standing.issuperset(runs),
            "repeated": tuple(runs) in seen,
            "in pieces": len(part) > 1,
            "cut": len(runs) > len(these),
            "widened": any(_wider(span, words) for span in part),
            "without words": len(these) < len(part),
        }
        counts.update(name for name, holds in marks.items() if holds)
        counts.update(["parts", *(() if any(marks.values()) else ("as they are",))])
        if runs:
            seen.add(tuple(runs))
    return sorted(standing)


def _wider(span: Span, words: Words) -> bool:
    """Whether the words that a span touches reach beyond it."""
    run = words.over(span)
    return run.first < run.last and (words.starts[run.first] < span.start or words.ends[run.last - 1] > span.end)


def names(kind: Kind) -> list[str]:
    """The tags of a kind in words, in the order of their numbers."""
    return ["O", f"B-{NAMES[kind]}", f"I-{NAMES[kind]}"]


def readme(about: str, tally: Tally, articles: int) -> str:
    """What a folder holds, and what its tags do not say."""
    head = ["", *COUNTED, "articles left out"]
    rows = [
        [".".join(kind), *(f"{tally.parts[kind][name]}" for name in COUNTED), str(tally.left_out[kind])]
        for kind in NAMES
    ]
    table = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    meanings = [f"- **{name}**: {meaning}" for name, meaning in COUNTED.items()]
    left = "- **articles left out**: of these nobody annotated the part, which is not the same as finding none"
    return "\n".join(
        [
            about,
            "",
            f"{articles:,} articles. A part may be counted in several columns.",
            "",
            *table,
            "",
            *meanings,
            left,
            "",
        ]
    )
