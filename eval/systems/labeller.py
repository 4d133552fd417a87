"""``labeller:NAME``: one of our labellers under test, or a function of yours that labels.

Conventions: labellers belong to the builders, so the front door hands in ``labellers``, from a name to a labeller: a
module or value with ``label(articles) -> Iterator[Prediction]``, ``annotator``, and perhaps ``weights_sha256()``. A fault
of one of ours is ours; a function of yours that raises is a system that is dead.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from allegedly.eval.foreign import foreign
from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.eval.plain import plain
from allegedly.eval.schemes import Labellers, Labelling
from allegedly.eval.system import Dead
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator, Prediction

TARGET = "name of a labeller, as `allegedly list labellers` prints it"
TASKS = None
NEEDS_TASK = False
READS = ("threshold", "cues")
EXTRA = None
CACHED = False


def connect(target: str, options: Options, labellers: Labellers | None = None) -> "Labeller":
    """The labeller of that name. UsageError where nobody handed in where labellers are found, and for names of labels:
    a labeller's are ours."""
    if labellers is None:
        raise UsageError(f"labeller:{target}: labellers run through `allegedly eval` or `allegedly.evaluate` only")
    if options.labels:
        raise UsageError(f"labeller:{target}: labels is not for labeller:, whose labels have our names")
    with _theirs(target):
        return Labeller(labellers(target), target)


def _theirs(target: str) -> AbstractContextManager[None]:
    """Where somebody's function runs, as opposed to a labeller that comes as a plugin."""
    return foreign(f"labeller:{target}") if ":" in target else nullcontext()


class Labeller:
    """A labeller: it labels every article once, for all tasks."""

    def __init__(self, labeller: Labelling, target: str) -> None:
        self.labeller, self.target = labeller, target

    @property
    def annotator(self) -> Annotator | None:
        """Who it signs as; None for a function that says nothing of it."""
        annotator: Annotator | None = getattr(self.labeller, "annotator", None)
        return annotator

    @property
    def version(self) -> str:
        """Its version, and the hash of its weights where it has some."""
        annotator = self.annotator
        weights: str | None = getattr(self.labeller, "weights_sha256", lambda: None)()
        named = None if annotator is None else annotator.version
        return "+".join(filter(None, (named, weights and f"sha256:{weights[:16]}"))) or "unversioned"

    def lines(self, gold: Gold) -> Iterator[tuple[str, Any]]:
        """The labels of each article, as a line of predictions. Dead where it gives no Prediction for each."""
        articles = [record.article for record in gold.records]
        with _theirs(self.target):
            predictions = iter(self.labeller.label(articles))
        for number, article in enumerate(articles):
            with _theirs(self.target):
                prediction = next(predictions, None)
                if not isinstance(prediction, Prediction):
                    given = f"{type(prediction).__name__} for article {article.id}, number {number}"
                    raise Dead(f"labeller:{self.target}: found {given}, expected a Prediction for each article")
                line = plain(prediction) if ":" in self.target else _of_ours(prediction, article.id)
            yield f"article {article.id}", {"article": {"id": article.id}, **line}
        with _theirs(self.target):
            if next(predictions, None) is not None:
                raise Dead(f"labeller:{self.target}: more Predictions than articles, which are {len(articles)}")

    def close(self) -> None:
        """Nothing to give back."""


def _of_ours(prediction: Prediction, article: str) -> dict[str, Any]:
    line: dict[str, Any] = {"labels": prediction.labels.to_json()}
    if prediction.sentences is not None:
        line["sentences"] = [sentence.to_json(article) for sentence in prediction.sentences]
    return line
