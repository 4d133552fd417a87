"""``labeller:NAME``: one of our labellers under test.

Conventions: labellers belong to the builders, so the front door hands in ``find``, from a name to a labeller: a module
or value with ``label(articles) -> Iterator[Prediction]``, ``ANNOTATOR``, and perhaps ``weights_sha256()``.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError

Find = Callable[[str], Any]


def connect(target: str, options: Options, find: Find | None = None) -> "Labeller":
    """The labeller of that name."""
    if find is None:
        raise UsageError(f"labeller:{target}: labellers run through `allegedly eval` or `allegedly.evaluate` only")
    return Labeller(find(target))


class Labeller:
    """A labeller: it labels every article once, for all tasks."""

    def __init__(self, labeller: Any) -> None:
        self.labeller = labeller

    @property
    def version(self) -> str:
        """Its version, and the hash of its weights where it has some."""
        annotator = getattr(self.labeller, "ANNOTATOR", None)
        weights = getattr(self.labeller, "weights_sha256", lambda: None)()
        named = annotator and annotator.version
        return "+".join(filter(None, (named, weights and f"sha256:{weights[:16]}"))) or "unversioned"

    def lines(self, gold: Gold) -> Iterator[tuple[str, Any]]:
        """The labels of each article, as a line of predictions."""
        articles = [record.article for record in gold.records]
        for article, found in zip(articles, self.labeller.label(articles), strict=True):
            line: dict[str, Any] = {"article": {"id": article.id}, "labels": found.labels.to_json()}
            if found.sentences is not None:
                line["sentences"] = [sentence.to_json(article.id) for sentence in found.sentences]
            yield f"article {article.id}", line

    def close(self) -> None:
        """Nothing to give back."""
