"""Votes: what one annotator says of an article, with the scores that came with it; those of labellers are made here.

Conventions: a labeller that fails on an article, or says of it what cannot stand, has no vote on it: its layers are
null unless another one labels them, and a line of the ledger names it and the reason. Of a system's answer the labels
that cannot stand are left out alone, each with a line. An article over a limit (seconds,
memory, labels) goes to the ledger itself. Neither costs another article anything. UsageError and DataError end the
build: they say that the labeller cannot work at all.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from allegedly.builders.annotations.bounds import bounded
from allegedly.builders.labellers._lookup import Labeller
from allegedly.builders.sources.limits import Limits, Refused, verdict
from allegedly.builders.systems import Answered, Asked
from allegedly.schemas import check
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Annotator, Article, Labels, Prediction, Rejected, Sentence, Vote
from allegedly.schemas.schema import errors

Beat = Callable[[], None]
DEFAULT = Limits()
#: Articles are handed to labellers so many at a time.
BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredVote:
    """A vote with the scores that came with it."""

    annotator: Annotator
    labels: Labels
    sentences: tuple[Sentence, ...] = ()

    @property
    def vote(self) -> Vote:
        return Vote(annotator=self.annotator, labels=self.labels)

    def to_json(self) -> dict[str, Any]:
        return {
            "annotator": self.annotator.to_json(),
            "labels": self.labels.to_json(),
            "sentences": [[s.start, s.end, dict(s.scores)] for s in self.sentences if s.scores is not None],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "ScoredVote":
        return cls(
            annotator=Annotator.from_json(value["annotator"]),
            labels=Labels.from_json(value["labels"]),
            sentences=tuple(Sentence(start=start, end=end, scores=scores) for start, end, scores in value["sentences"]),
        )


@dataclass(slots=True)
class Ballot:
    """What labellers said of one article: their votes, also as JSON, and a line of the ledger for each that failed."""

    votes: list[ScoredVote] = field(default_factory=list)
    votes_json: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Rejected] = field(default_factory=list)


def votes(articles: Sequence[Article], labellers: Sequence[Labeller], beat: Beat, limits: Limits) -> list[Ballot]:
    """What the labellers say of each article."""
    ballots = [Ballot() for _ in articles]
    for labeller in labellers:
        for ballot, outcome in zip(ballots, _outcomes(articles, labeller, beat, limits), strict=True):
            if isinstance(outcome, Rejected):
                ballot.lines.append(outcome)
            else:
                vote, value = outcome
                ballot.votes.append(vote)
                ballot.votes_json.append(value)
    return ballots


_Vote = tuple[ScoredVote, dict[str, Any]]


def _outcomes(articles: Sequence[Article], labeller: Labeller, beat: Beat, limits: Limits) -> list[_Vote | Rejected]:
    """A labeller's vote on each article, or why it has none."""
    try:
        predictions = list(labeller.label(articles))
        if len(predictions) != len(articles):
            raise ValueError(f"gave {len(predictions)} predictions for {len(articles)} articles")
        return [_vote(article, labeller, made) for article, made in zip(articles, predictions, strict=True)]
    except (UsageError, DataError):
        raise
    except Exception as error:
        line = _failed(articles[0], labeller, error, limits) if len(articles) == 1 else None
    if line is not None:
        return [line]
    outcomes: list[_Vote | Rejected] = []
    for article in articles:
        beat()
        outcomes += _outcomes([article], labeller, beat, limits)
    return outcomes


def _vote(article: Article, labeller: Labeller | Asked, prediction: Prediction) -> _Vote | Rejected:
    vote = _scored(labeller.annotator, prediction)
    value = vote.to_json()
    problem = next(_problems(article, value), None)
    if problem is None:
        return vote, value
    path, found, expected = problem
    reason = f"its labels are not valid: {path}: found {found}, expected {expected}; {labeller.name!r} is left out"
    return _line(article, "invalid-labels", reason, {"path": path, "labeller": labeller.name})


def _failed(article: Article, labeller: Labeller, error: Exception, limits: Limits) -> Rejected:
    """The line about an article that a labeller failed on."""
    if isinstance(error, Refused | MemoryError):
        return verdict(error, limits).rejected(article.origin, "label")
    kind = type(error).__name__
    reason = f"the labeller {labeller.name!r} failed on it and is left out: {kind}: {error}"[:300]
    return _line(article, "labeller-failed", reason, {"error": kind, "labeller": labeller.name})


def _line(article: Article, rule: str, reason: str, detail: dict[str, Any]) -> Rejected:
    return Rejected(origin=article.origin, stage="label", rule=rule, reason=reason, detail=detail)


#: Rules of lines about a labeller; those of others are about the article, which is not taken.
OF_A_LABELLER = ("labeller-failed", "invalid-labels", "invalid-label", "quotation-nowhere", "over-bounds")


def _scored(annotator: Annotator, prediction: Prediction) -> ScoredVote:
    return ScoredVote(
        annotator=annotator, labels=rounded(prediction.labels), sentences=tuple(prediction.sentences or ())
    )


def rounded(labels: Labels) -> Labels:
    """Confidences with 4 decimals, so that they are the same on every machine."""
    return Labels(**{layer: _rounded(getattr(labels, layer)) for layer in LAYERS})


def _rounded(labels: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if not labels or all(label.confidence is None for label in labels):
        return labels
    return tuple(
        label if label.confidence is None else replace(label, confidence=round(label.confidence, 4)) for label in labels
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """An article with the votes of labellers, checked, and the same votes as JSON."""

    article: Article
    votes: tuple[ScoredVote, ...]
    votes_json: tuple[dict[str, Any], ...]


def labelled(
    articles: Iterable[Article | Rejected],
    labellers: Sequence[Labeller],
    beat: Beat = lambda: None,
    limits: Limits = DEFAULT,
) -> Iterator[Voted | Rejected]:
    """Each article with the votes of the labellers; ledger lines as they come, for labellers that failed on an article,
    and for articles over a limit, which are not taken. ``beat`` is called whenever something is done."""
    waiting: list[Article] = []
    for article in articles:
        beat()
        if isinstance(article, Rejected):
            yield article
            continue
        waiting.append(article)
        if len(waiting) == BATCH:
            yield from _voted(waiting, labellers, beat, limits)
            waiting = []
            beat()
    yield from _voted(waiting, labellers, beat, limits)


def _voted(
    articles: Sequence[Article], labellers: Sequence[Labeller], beat: Beat, limits: Limits
) -> Iterator[Voted | Rejected]:
    for article, ballot in zip(articles, votes(articles, labellers, beat, limits), strict=True):
        refused = bounded(article, [vote.labels for vote in ballot.votes], limits)
        yield from ballot.lines
        if refused is not None:
            yield refused.rejected(article.origin, "label")
        elif all(line.rule in OF_A_LABELLER for line in ballot.lines):
            yield Voted(article=article, votes=tuple(ballot.votes), votes_json=tuple(ballot.votes_json))


def answered(answer: Answered, system: Asked, limits: Limits = DEFAULT) -> tuple[ScoredVote | None, list[Rejected]]:
    """A system's vote on an article, None where it has none, and the lines of the ledger about it."""
    article, prediction, told = answer
    lines = list(told)
    if prediction is None:
        return None, lines
    outcome = _vote(article, system, prediction)
    if isinstance(outcome, Rejected):
        return None, [*lines, outcome]
    refused = bounded(article, [outcome[0].labels], limits)
    if refused is not None:
        reason = f"the article {refused}; {system.name!r} is left out"
        return None, [*lines, _line(article, "over-bounds", reason, {"labeller": system.name})]
    return outcome[0], lines


Other = TypeVar("Other")


def with_answers(
    values: Iterable[Voted | Other], systems: Sequence[Asked], limits: Limits = DEFAULT
) -> Iterator[Voted | Other | Rejected]:
    """Articles with the votes of systems too, and their ledger lines, in order: the first system answers first. What is
    no article with votes is passed on."""
    passed: Iterable[Voted | Other | Rejected] = values
    for system in systems:
        passed = _with_answers(passed, system, limits)
    yield from passed


def _with_answers(values: Iterable[Voted | Other], system: Asked, limits: Limits) -> Iterator[Voted | Other | Rejected]:
    waiting: deque[Voted | Other] = deque()

    def articles() -> Iterator[Article]:
        for value in values:
            waiting.append(value)
            if isinstance(value, Voted):
                yield value.article

    for answer in system.label(articles()):
        while not isinstance(value := waiting.popleft(), Voted):
            yield value
        vote, lines = answered(answer, system, limits)
        yield from lines
        if vote is not None:
            value = replace(value, votes=(*value.votes, vote), votes_json=(*value.votes_json, vote.to_json()))
        yield value
    yield from waiting


def _problems(article: Article, vote: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What of a labeller's output cannot stand."""
    sentences = [{"start": start, "end": end, "scores": scores} for start, end, scores in vote["sentences"]]
    yield from errors("prediction", {"article": {"id": article.id}, "labels": vote["labels"], "sentences": sentences})
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in article.blocks]
    yield from check.labels(vote["labels"], article.text, markup=article.markup, blocks=blocks)
