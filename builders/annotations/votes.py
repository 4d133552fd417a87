"""Votes: what one annotator says of an article, with the scores that came with it; those of labellers are made here.

Conventions: a labeller that fails on an article sends that article to the ledger, and no other. UsageError and
DataError end the build: they say that the labeller cannot work at all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allegedly.builders.labellers._lookup import Labeller
from allegedly.schemas import check
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Annotator, Article, Labels, Prediction, Rejected, Sentence, Vote
from allegedly.schemas.schema import errors

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


def votes(articles: Sequence[Article], labellers: Sequence[Labeller]) -> Sequence[list[ScoredVote] | Rejected]:
    """The votes on each article, or why it could not be labelled."""
    if not articles:
        return []
    try:
        return _votes(articles, labellers)
    except (UsageError, DataError, MemoryError):
        raise
    except Exception as error:
        if len(articles) > 1:
            return [vote for article in articles for vote in votes([article], labellers)]
        reason = f"the labeller failed on it: {type(error).__name__}: {error}"[:300]
        detail = {"error": type(error).__name__}
        return [
            Rejected(origin=articles[0].origin, stage="label", rule="labeller-failed", reason=reason, detail=detail)
        ]


def _votes(articles: Sequence[Article], labellers: Sequence[Labeller]) -> list[list[ScoredVote]]:
    all_votes: list[list[ScoredVote]] = [[] for _ in articles]
    for labeller in labellers:
        predictions = list(labeller.label(articles))
        if len(predictions) != len(articles):
            raise ValueError(f"gave {len(predictions)} predictions for {len(articles)} articles")
        for mine, prediction in zip(all_votes, predictions, strict=True):
            mine.append(_scored(labeller.annotator, prediction))
    return all_votes


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
    articles: Iterable[Article | Rejected], labellers: Sequence[Labeller], beat: Callable[[], None] = lambda: None
) -> Iterator[Voted | Rejected]:
    """Each article with the votes of the labellers; ledger lines as they come, and for articles whose labels cannot
    stand. ``beat`` is called whenever something is done."""
    waiting: list[Article] = []
    for article in articles:
        beat()
        if isinstance(article, Rejected):
            yield article
            continue
        waiting.append(article)
        if len(waiting) == BATCH:
            yield from _voted(waiting, labellers)
            waiting = []
            beat()
    yield from _voted(waiting, labellers)


def _voted(articles: Sequence[Article], labellers: Sequence[Labeller]) -> Iterator[Voted | Rejected]:
    for article, given in zip(articles, votes(articles, labellers), strict=True):
        if isinstance(given, Rejected):
            yield given
            continue
        values = tuple(vote.to_json() for vote in given)
        problem = next((problem for value in values for problem in _problems(article, value)), None)
        if problem is None:
            yield Voted(article=article, votes=tuple(given), votes_json=values)
        else:
            path, value, expected = problem
            reason = f"its labels are not valid: {path}: found {value}, expected {expected}"
            yield Rejected(
                origin=article.origin, stage="label", rule="invalid-labels", reason=reason, detail={"path": path}
            )


def _problems(article: Article, vote: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What of a labeller's output cannot stand."""
    sentences = [{"start": start, "end": end, "scores": scores} for start, end, scores in vote["sentences"]]
    yield from errors("prediction", {"article": {"id": article.id}, "labels": vote["labels"], "sentences": sentences})
    blocks = [{"kind": block.kind, "start": block.start, "end": block.end} for block in article.blocks]
    yield from check.labels(vote["labels"], article.text, markup=article.markup, blocks=blocks)
