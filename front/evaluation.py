"""Evaluation from Python: score systems against a release, compare reports.

Conventions: contract, sections 6 and 7. What evaluation needs of the builders, the labellers, is handed in here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from allegedly import __version__
from allegedly.eval import compare as comparing
from allegedly.eval import evaluate as evaluating
from allegedly.eval import report as reports
from allegedly.eval import runs
from allegedly.eval.cache import Cache
from allegedly.eval.compare import Comparison
from allegedly.eval.gold import Gold, view
from allegedly.eval.report import Report
from allegedly.eval.report_file import MOST
from allegedly.eval.running import Budget, one_run
from allegedly.eval.schemes import Labelling
from allegedly.schemas import stored
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator

MISSING = ("error", "skip", "empty")
#: Fewer resamples have no 2.5 percent quantile worth the name.
FEWEST = 100


def evaluate(
    release: str | Path,
    systems: runs.Systems,
    *,
    tasks: Sequence[str] | None = None,
    split: str = "test",
    options: Mapping[str, runs.Table] | None = None,
    resamples: int = 10_000,
    seed: int = 0,
    missing: str = "error",
    slices: Iterable[str | Mapping[str, Any]] = (),
    cache: str | Path | None = None,
    cache_named: bool = True,
    budget: Budget | None = None,
    gold: Iterable[str] | None = None,
    allow_circular: bool = False,
    progress: Callable[[str], None] = lambda step: None,
    items: Callable[[str, int, int], None] = lambda what, done, total: None,
    say: Callable[[str], None] = lambda message: None,
) -> Report:
    """Score systems (specs, or a dictionary from name to spec or callable) on a split of a release.

    ``options`` holds a table for each system, by name; ``cache`` is a folder that keeps what endpoints answered (not
    ``cache_named``: only what this user wrote there counts); ``gold`` names the kinds of annotators (human, import,
    model, rule) whose gold counts, by default all; ``allow_circular`` scores a system on gold that it made itself;
    ``say`` is told what came from the cache, and what a system could not answer. UsageError for broken predictions,
    unknown names, a split without rows, or a system that made the gold.

    >>> def hedged(texts):
    ...     return ["speculative" if " may " in text else "certain" for text in texts]
    >>> report = evaluate("dataset", {"hedged": hedged}, tasks=["speculation-detection"], resamples=100)
    >>> 0 < report.value("hedged", "speculation-detection") < 1
    True
    """
    if missing not in MISSING:
        raise UsageError(f"missing: found {missing!r}, expected one of {', '.join(MISSING)}")
    check_draws(resamples, seed)
    named = runs.named(systems)
    view_of_split = gold_of(release, split, gold)
    with (
        closing(Cache(None if cache is None else Path(cache), named=cache_named)) as kept,
        one_run(kept),
        runs.connected(
            named, options, labellers=labeller, missing=missing, cache=kept, budget=budget, progress=items, say=say
        ) as connected,
    ):
        return evaluating.evaluate(
            view_of_split,
            connected,
            tasks=None if tasks is None else [tasks] if isinstance(tasks, str) else list(tasks),
            missing=missing,
            slice_by=slices,
            resamples=resamples,
            seed=seed,
            version=__version__,
            allow_circular=allow_circular,
            progress=progress,
        )


def check_draws(resamples: int, seed: int) -> None:
    """UsageError for a number of resamples from which no interval can be had, or a seed that is none."""
    if type(resamples) is not int or not (resamples == 0 or FEWEST <= resamples <= MOST):
        raise UsageError(
            f"resamples: found {resamples!r}, expected a whole number from {FEWEST} to {MOST:,}, or 0 for no intervals"
        )
    if type(seed) is not int or seed < 0:
        raise UsageError(f"seed: found {seed!r}, expected a whole number from 0 on")


def gold_of(release: str | Path, split: str, only: Iterable[str] | None = None) -> Gold:
    """The gold of a split (``all`` for every one) of a release; ``only``: of annotators of these kinds alone. UsageError
    where it has no rows, naming those that have some, or no such gold."""
    opened = stored.Release(release)
    manifest = opened.manifest
    if split != "all":
        stored.check_split(manifest, split)
    dataset = {name: manifest[name] for name in ("name", "version", "content_sha256")}
    dataset["labellers"] = [used["name"] for used in manifest.labellers]
    annotators = [Annotator.from_json(dict(annotator)) for annotator in manifest.annotators]
    kinds = [only] if isinstance(only, str) else only
    records = (record for name in SPLITS for record in opened.records(name))
    return view(records, split=split, dataset=dataset, annotators=annotators, only=kinds)


def labeller(name: str) -> Labelling:
    """A labeller by name. UsageError for an unknown one, or several."""
    from allegedly.builders.labellers._lookup import resolve

    labellers = resolve(name)
    if len(labellers) > 1:
        raise UsageError(f"labeller {name!r}: expected one labeller, found {len(labellers)}")
    only: Labelling = labellers[0]
    return only


def compare(*given: Report | str | Path) -> Comparison:
    """Compare the systems of reports (or of folders that hold one) in pairs, over the same articles.

    >>> systems = {"never": lambda texts: ["certain"] * len(texts), "always": lambda texts: ["speculative"] * len(texts)}
    >>> report = evaluate("dataset", systems, tasks=["speculation-detection"], resamples=100)
    >>> {(pair.a, pair.b) for pair in compare(report).rows}
    {('never', 'always')}
    """
    return comparing.compare(*(report if isinstance(report, Report) else reports.load(report) for report in given))
