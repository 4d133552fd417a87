"""Local: a pool of processes on this machine that may die; the default."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from allegedly.builders.engines import Result, Shard
from allegedly.builders.engines._attempt import Attempt, Fault, lost, settled
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.workers import Beat, Failed, guarded

SCHEMES: tuple[str, ...] = ()
EXTRA: str | None = None

#: Shards take as long as they take. Address space is no measure of memory held (Arrow and DuckDB reserve far more than
#: they use), so tasks bound their own.
LIMITS = Limits(seconds=365 * 24 * 3600, memory=1 << 50)


def start(address: str | None, *, workers: int, memory: int) -> AbstractContextManager["Pool"]:
    """A pool of ``workers`` processes, forked when work comes. It joins no address."""
    return nullcontext(Pool(workers))


@dataclass(frozen=True, slots=True)
class Pool:
    """Runs tasks in forked processes."""

    workers: int

    def map(self, task: Callable[[Shard], Result], shards: Iterable[Shard], *, work: Path) -> Iterator[Result]:
        """The task's result for each shard, in order."""
        attempt: Attempt[Shard, Result] = Attempt(task)
        with closing(_guarded(attempt, shards, self.workers)) as outcomes:
            for shard, outcome in outcomes:
                if isinstance(outcome, Failed):
                    raise lost(shard, outcome.reason)
                yield settled(shard, outcome)


def _guarded(
    attempt: Callable[[Shard], Result | Fault], shards: Iterable[Shard], workers: int
) -> Generator[tuple[Shard, Result | Fault | Failed]]:
    """Each shard with what became of it."""

    def task(shard: Shard, _: Beat) -> Result | Fault:
        return attempt(shard)

    yield from guarded(task, shards, workers=workers, limits=LIMITS)
