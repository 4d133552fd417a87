"""No labels: every layer stays null, for datasets that people annotate.

Conventions: null means not annotated; an empty list would claim that nothing is there.
"""

from collections.abc import Iterator, Sequence

from allegedly.schemas.records import Annotator, Article, Labels, Prediction

LAYERS: tuple[str, ...] = ()
ANNOTATOR = Annotator(id="none", kind="rule", name="No labels", version="1")


def label(articles: Sequence[Article]) -> Iterator[Prediction]:
    """One empty prediction an article."""
    for _ in articles:
        yield Prediction(labels=Labels())
