"""A pytest plugin: the fixture ``allegedly_scores``, so that a model's own tests can assert on a score.

    def test_hedges_are_found(allegedly_scores):
        report = allegedly_scores("dataset", "python:model:predict", tasks=["speculation-detection"])
        assert report.value("python:model:predict", "speculation-detection") >= 0.8

Conventions: arguments and result are those of ``allegedly.evaluate``. Each call is made once a session; an equal one
gets the same report. Nothing but pytest is imported until the fixture is called.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def allegedly_scores() -> Callable[..., Any]:
    """``allegedly_scores(release, systems, **options)``: the report of systems on a release, made once a session."""
    kept: list[tuple[Any, Any]] = []

    def scores(release: str | Path, systems: Any, **options: Any) -> Any:
        asked = (str(release), systems, options)
        # callables compare by identity and are held here, so that none takes another's place
        for before, report in kept:
            if before == asked:
                return report
        from allegedly import evaluate

        report = evaluate(release, systems, **options)
        kept.append((asked, report))
        return report

    return scores
