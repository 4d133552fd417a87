"""``labeller:NAME``: one of our labellers under test.

Conventions: labellers belong to the builders, so the front door hands in ``labellers``, from a name to a labeller: a
module or value with ``label(articles) -> Iterator[Prediction]``, ``annotator``, and perhaps ``weights_sha256()``.
"""

from collections.abc import Iterator
from typing import Any

from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.eval.schemes import Labellers, Labelling
from allegedly.schemas.errors import UsageError

TARGET = "name of a labeller, as `allegedly list labellers` prints it"
TASKS = None
NEEDS_TASK = False
EXTRA = None
CACHED = False


def connect(target: str, options: Options, labellers: Labellers | None = None) -> "Labeller":
    """The labeller of that name. UsageError where nobody handed in where labellers are found."""
    if labellers is None:
        raise UsageError(f"labeller:{target}: labellers run through `allegedly eval` or `allegedly.evaluate` only")
    return Labeller(labellers(target))


class Labeller:
    """A labeller: it labels every article once, for all tasks."""

    def __init__(self, labeller: Labelling) -> None:
        self.labeller = labeller

    @property
    def version(self) -> str:
        """Its version, and the hash of its weights where it has some."""
        annotator = getattr(self.labeller, "annotator", None)
        weights = getattr(self.labeller, "weights_sha256", lambda: None)()
        named = annotator and annotator.version
        return "+".join(filter(None, (named, weights and f"sha256:{weights[:16]}"))) or "unversioned"

    def lines(self, gold: Gold) -> Iterator[tuple[str, Any]]:
        """The labels of each article, as a line of predictions."""
        articles = [record.article for record in gold.records]
        for article, prediction in zip(articles, self.labeller.label(articles), strict=True):
            line: dict[str, Any] = {"article": {"id": article.id}, "labels": prediction.labels.to_json()}
            if prediction.sentences is not None:
                line["sentences"] = [sentence.to_json(article.id) for sentence in prediction.sentences]
            yield f"article {article.id}", line

    def close(self) -> None:
        """Nothing to give back."""
