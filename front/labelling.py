"""Building and labelling from Python, with systems among the labellers.

Conventions: contract, sections 4 and 6. Builders do not import the evaluation, whose systems they ask: those are handed
in here.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegedly.builders import build as building
from allegedly.builders import label as labelling
from allegedly.builders.systems import Asked, Asking
from allegedly.builders.watch import SILENT, Watch

if TYPE_CHECKING:
    from allegedly.schemas.manifest import Manifest
    from allegedly.schemas.records import Labelled


def build(
    sources: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    recipe: str | Path | Mapping[str, Any] | None = None,
    workers: int | None = None,
    watch: Watch = SILENT,
    **options: Any,
) -> "Manifest":
    """Builds a release of the articles in ``sources`` into the folder ``out`` and returns its manifest.

    ``options`` are the recipe's keys by their last names and win over it. UsageError where the call is wrong (a path
    that is missing, a misspelt key, a folder that holds something else), DataError where the data would not; then the
    folder is as it was.

    >>> Path("mill.txt").write_text("Mill to close\\n\\nHolt said the mill may close in May.") > 0
    True
    >>> manifest = build("mill.txt", "release", train=1, validation=0, test=0)
    >>> manifest.counts["articles"]["train"], manifest.counts["claims"]["train"]
    (1, 2)
    """
    return building.build(sources, out, recipe=recipe, workers=workers, watch=watch, connect=connect, **options)


def label(
    *paths: str | os.PathLike[str],
    text: str | Iterable[str] | None = None,
    labellers: str = "rules",
    labeller_options: str | Path | None = None,
    max_cost: float | None = None,
    max_requests: int | None = None,
    cache: str | Path | None = None,
) -> "Iterator[Labelled]":
    """The articles in files, or in one or several texts, with their labels: ``.article``, ``.labels``,
    ``.sentences``, ``.to_json()``. The options after ``labellers`` are for those that are systems.

    UserWarning for a labeller that fails on an article: its layers are null. UsageError, at once, for a path that is
    missing or a labeller that nobody knows. DataError, after everything else has been yielded, where a file gave no
    article; earlier where a system stays dead or the budget is spent.

    >>> (labelled,) = label(text="The ferry may have hit a rock, Della Royce said.")
    >>> [claim.text for claim in labelled.labels.claims]
    ['The ferry may have hit a rock']
    >>> [(cue.text, cue.holder) for cue in labelled.labels.speculations]
    [('may', 'a1')]
    """
    how = asking(labeller_options, max_cost, max_requests, cache)
    return labelling.label(*paths, text=text, labellers=labellers, connect=connect, asking=how)


def asking(
    options: str | Path | None, max_cost: float | None, max_requests: int | None, cache: str | Path | None
) -> Asking:
    """How systems are asked."""
    return Asking(
        options=None if options is None else Path(options),
        max_cost=max_cost,
        max_requests=max_requests,
        cache=None if cache is None else Path(cache),
    )


def connect(specs: Sequence[str], how: Asking, say: Callable[[str], None]) -> AbstractContextManager[Sequence[Asked]]:
    """The systems of some specs as labellers."""
    from allegedly.eval.labelling import connected

    return connected(
        specs,
        options=how.options,
        max_cost=how.max_cost,
        max_requests=how.max_requests,
        cache=how.cache,
        named=how.named,
        say=say,
    )
