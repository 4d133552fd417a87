"""Sides: what annotators said of a layer of the articles that they share.

Conventions: an annotator's labels of an article are None where that layer is not annotated. An article counts in a layer
where two or more of the annotators compared annotated it. Labels are matched one to one by their main part, as metrics
match them (see ``matching``): equal parts first, then the largest overlap; a label without that part is matched to none.
A part that is null is not annotated: nothing is made of it, nor of what is matched to its label.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from allegedly.eval.columns import Parts, parts
from allegedly.eval.label_numbers import facts
from allegedly.eval.matching import match
from allegedly.schemas import check
from allegedly.schemas.derive import position
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import MAIN_PART, Article, Label, Labels, Part, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """An article with the labels of each who annotated it, by annotator. ``article`` is None where its text is not at
    hand; ``group``: articles that are resampled together; ``adjudicators``: annotators who settled what others had said."""

    id: str
    name: str
    group: str
    votes: Mapping[str, Labels]
    article: Article | None = None
    adjudicators: frozenset[str] = frozenset()


class Pair(NamedTuple):
    """Two labels that are matched; ``equal``: whether their main parts are."""

    article: int
    first: Label
    second: Label
    equal: bool


@dataclass(frozen=True)
class Sides:
    """A layer of articles, and the annotators that are compared. ``labels[a][i]`` is what annotator ``a`` said of article
    ``i``."""

    layer: str
    articles: Sequence[Voted]
    annotators: tuple[str, ...]
    _kept: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def labels(self) -> list[list[Sequence[Label] | None]]:
        """Labels by annotator and article; None where an article does not count."""
        kept = self._kept.get("labels")
        if kept is None:
            said = [
                [ordered(voted.votes[by], self.layer) if by in voted.votes else None for voted in self.articles]
                for by in self.annotators
            ]
            enough = [sum(side[place] is not None for side in said) > 1 for place in range(len(self.articles))]
            kept = [[these if many else None for these, many in zip(side, enough, strict=True)] for side in said]
            self._kept["labels"] = kept
        return kept  # type: ignore[return-value]

    @property
    def enter(self) -> list[bool]:
        """Which articles count."""
        return [any(side[place] is not None for side in self.labels) for place in range(len(self.articles))]

    def pairs_of_annotators(self) -> Iterator["Sides"]:
        """The same for each two of the annotators."""
        for two in combinations(self.annotators, 2):
            kept = self._kept.get(two)
            if not isinstance(kept, Sides):
                kept = self if two == self.annotators else Sides(self.layer, self.articles, two)
                self._kept[two] = kept
            yield kept

    def matched(self) -> list[Pair]:
        """The labels of two annotators, matched."""
        kept = self._kept.get("matched")
        if kept is None:
            kept = self._kept["matched"] = list(_matched(self.labels[0], self.labels[1], MAIN_PART[self.layer]))
        return kept  # type: ignore[return-value]

    def parts(self, name: str) -> tuple[Parts, Parts]:
        """The parts of a name of two annotators, without those of labels that are matched to one whose part is null, and
        without articles of which one of them says nothing of the part."""
        nothing = {id(label) for pair in self.matched() for label, other in _both(pair) if getattr(other, name) is None}
        silent = [any(silent_on(side[place], name) for side in self.labels) for place in range(len(self.articles))]
        of: list[list[list[Part | None]]] = [
            [
                [None if mute or id(label) in nothing else getattr(label, name) for label in these or ()]
                for these, mute in zip(side, silent, strict=True)
            ]
            for side in self.labels
        ]
        return parts(of[0]), parts(of[1])


def ordered(labels: Labels, layer: str) -> Sequence[Label] | None:
    """The labels of a layer by position, then by what they say: where overlaps tie, the order of a file decides nothing."""
    these: Sequence[Label] | None = getattr(labels, layer)
    return these and sorted(these, key=lambda label: (position(label)[:3], facts(label)))


def _both(pair: Pair) -> tuple[tuple[Label, Label], tuple[Label, Label]]:
    return (pair.first, pair.second), (pair.second, pair.first)


def silent_on(labels: Sequence[Label] | None, part: str) -> bool:
    """Whether an annotator says nothing of a part: it is null in all labels of the article, and there are some."""
    return bool(labels) and all(getattr(label, part) is None for label in labels or ())


def _matched(
    first: Sequence[Sequence[Label] | None], second: Sequence[Sequence[Label] | None], main: str
) -> Iterator[Pair]:
    """Which of equal parts are matched, what else the labels say decides, so that no order of the input does."""
    sides = (first, second)
    said = [[[facts(label) for label in these or ()] for these in side] for side in sides]
    numbers = {fact: n for n, fact in enumerate(sorted({f for side in said for these in side for f in these}))}
    columns = [
        parts(
            [[getattr(label, main) for label in these or ()] for these in side],
            [[numbers[fact] for fact in these] for these in facts_of_side],
        )
        for side, facts_of_side in zip(sides, said, strict=True)
    ]
    flat = [[label for these in side for label in these or ()] for side in sides]
    pairs = match(columns[0], columns[1])
    for left, right, equal in zip(pairs.gold.tolist(), pairs.predicted.tolist(), pairs.equal.tolist(), strict=True):
        places = int(columns[0].origin[left]), int(columns[1].origin[right])
        yield Pair(int(columns[0].article[left]), flat[0][places[0]], flat[1][places[1]], equal)


def of_records(records: Iterable[Record], *, checked: bool = False) -> list[Voted]:
    """The articles of a release that have votes of two annotators or more. ``checked``: the votes are no release's, and were
    checked as what they are. DataError as ``of_record``."""
    return [of_record(record, checked=checked) for record in records if len(record.votes) > 1]


def of_record(record: Record, *, checked: bool = False) -> Voted:
    """An article of a release with its votes. DataError for a vote that cannot be of its text, unless they were ``checked``."""
    article = record.article
    for vote in () if checked else record.votes:
        for path, found, expected in check.vote(vote.labels.to_json(), article.text, article.markup):
            raise DataError(
                f"article {article.id!r}: the vote of {vote.annotator.id!r}: {path}: found {found}, expected {expected}; "
                "`allegedly validate` says all that is wrong with the release"
            )
    return Voted(
        id=article.id,
        name=article.origin.file_name,
        group=record.group or article.id,
        votes={vote.annotator.id: vote.labels for vote in record.votes},
        article=article,
        adjudicators=frozenset(vote.annotator.id for vote in record.votes if vote.annotator.supersedes),
    )


def compared(articles: Sequence[Voted]) -> list[tuple[str, ...]]:
    """Pairs of annotators that share articles, in order of their names; first all together, where there are more."""
    pairs = sorted({two for voted in articles for two in combinations(sorted(voted.votes), 2)})
    everybody = tuple(sorted({name for two in pairs for name in two}))
    return [everybody, *pairs] if len(everybody) > 2 else list(pairs)
