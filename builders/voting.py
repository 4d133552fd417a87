"""Automatic votes: what the labellers of a build say of each article, as votes with the scores that came with them.

Conventions: a labeller that fails on an article sends that article to the ledger, and no other. UsageError and
DataError end the build: they say that the labeller cannot work at all.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from allegedly.builders.spool import Spooled
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Article, Labels, Prediction, Rejected


def votes(articles: Sequence[Article], labellers: Sequence[Any]) -> Sequence[list[Spooled] | Rejected]:
    """The votes on each article, or why it could not be labelled."""
    if not articles:
        return []
    try:
        return _votes(articles, labellers)
    except (UsageError, DataError, MemoryError):
        raise
    except Exception as error:
        if len(articles) > 1:
            return [found for article in articles for found in votes([article], labellers)]
        reason = f"the labeller failed on it: {type(error).__name__}: {error}"[:300]
        detail = {"error": type(error).__name__}
        return [
            Rejected(origin=articles[0].origin, stage="label", rule="labeller-failed", reason=reason, detail=detail)
        ]


def _votes(articles: Sequence[Article], labellers: Sequence[Any]) -> list[list[Spooled]]:
    found: list[list[Spooled]] = [[] for _ in articles]
    for labeller in labellers:
        predictions = list(labeller.label(articles))
        if len(predictions) != len(articles):
            raise ValueError(f"gave {len(predictions)} predictions for {len(articles)} articles")
        for mine, prediction in zip(found, predictions, strict=True):
            mine.append(_spooled(labeller.ANNOTATOR, prediction))
    return found


def _spooled(annotator: Any, prediction: Prediction) -> Spooled:
    return Spooled(annotator=annotator, labels=rounded(prediction.labels), sentences=tuple(prediction.sentences or ()))


def rounded(labels: Labels) -> Labels:
    """Confidences with 4 decimals, so that they are the same on every machine."""
    return Labels(**{layer: _rounded(getattr(labels, layer)) for layer in LAYERS})


def _rounded(found: tuple | None) -> tuple | None:
    if not found or all(label.confidence is None for label in found):
        return found
    return tuple(
        label if label.confidence is None else replace(label, confidence=round(label.confidence, 4)) for label in found
    )
