"""Near duplicates side by side: what two articles of a group share, and what only one of them has.

Conventions: sentences are compared by their words, in order, as `diff` compares lines.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from allegedly.schemas.derive import surfaces
from allegedly.schemas.records import Article, Record

#: Pairs that a page shows, and sentences of each article.
MOST, SENTENCES = 20, 60


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of each article, or of one of them."""

    first: str
    second: str
    same: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles of one group, sentence by sentence; ``shared``: the share of sentences that both have."""

    first: Article
    second: Article
    shared: float
    rows: tuple[Row, ...]


class Groups:
    """Keeps what is needed of the articles as they pass by."""

    def __init__(self) -> None:
        self._first: dict[str, Article] = {}
        self._more: defaultdict[str, list[Article]] = defaultdict(list)

    def add(self, record: Record) -> None:
        """The next article."""
        group = record.group or record.article.id
        if group in self._first:
            self._more[group].append(record.article)
        else:
            self._first[group] = record.article

    def __len__(self) -> int:
        return sum(map(len, self._more.values()))

    def pairs(self) -> Iterator[Pair]:
        """The first article of each group beside each of the others, those that share most first."""
        found = [pair(self._first[group], other) for group, others in self._more.items() for other in others]
        found.sort(key=lambda each: (-each.shared, each.first.id, each.second.id))
        yield from found[:MOST]


def pair(first: Article, second: Article) -> Pair:
    """Two articles compared."""
    left, right = (surfaces(each.text, each.sentences[:SENTENCES], each.markup) for each in (first, second))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    rows = list(_rows(matcher, left, right))
    return Pair(first, second, round(matcher.ratio(), 4), tuple(rows))


def _rows(matcher: "SequenceMatcher[str]", left: list[str], right: list[str]) -> Iterable[Row]:
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for step in range(max(i2 - i1, j2 - j1)):
            first = left[i1 + step] if i1 + step < i2 else ""
            second = right[j1 + step] if j1 + step < j2 else ""
            yield Row(first, second, tag == "equal")
