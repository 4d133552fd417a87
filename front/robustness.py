"""Robustness from Python: score systems on articles as they are and as edits leave them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from allegedly.eval import robustness as measuring
from allegedly.eval import runs
from allegedly.eval.cache import Cache
from allegedly.eval.robustness import Robustness
from allegedly.eval.running import one_run
from allegedly.evaluation import check_draws, gold_of, labeller


def robustness(
    release: str | Path,
    systems: runs.Systems,
    *,
    edits: Sequence[str] | None = None,
    tasks: Sequence[str] | None = None,
    split: str = "test",
    options: Mapping[str, runs.Table] | None = None,
    resamples: int = 10_000,
    seed: int = 0,
    missing: str = "error",
    cache: str | Path | None = None,
    gold: Iterable[str] | None = None,
    allow_circular: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Robustness:
    """Score systems, given as for ``evaluate``, on a split before and after each kind of edit; ``gold`` and
    ``allow_circular`` as there."""
    check_draws(resamples, seed)
    view_of_split = gold_of(release, split, gold)
    with (
        closing(Cache(None if cache is None else Path(cache))) as kept,
        one_run(kept),
        runs.connected(
            runs.named(systems), options, labellers=labeller, missing=missing, cache=kept, say=progress
        ) as connected,
    ):
        return measuring.robustness(
            view_of_split,
            connected,
            kinds=edits,
            tasks=tasks,
            missing=missing,
            resamples=resamples,
            seed=seed,
            allow_circular=allow_circular,
            progress=progress,
        )
