"""Running a system over items: from the cache what is there, the rest in batches, several at once, tried again when
an endpoint is busy, within a budget.

Conventions: answers come back in the order of the requests whatever finishes first. The clock decides only when to
wait, never what is answered.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from allegedly.eval import cache as caches
from allegedly.eval.options import Options
from allegedly.eval.system import Busy, Dead, Request, System, target_name
from allegedly.schemas.errors import DataError

if TYPE_CHECKING:
    from tenacity import RetryCallState

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds before the second try; each further one waits twice as long, up to the second number.
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


@dataclass(slots=True)
class Budget:
    """What a run may spend: requests, and cost at the prices of the options."""

    max_requests: int | None = None
    max_cost: float | None = None
    requests: int = 0
    cost: float = 0.0
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0, "output": 0})
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def take(self) -> None:
        """Count one request. DataError where the budget is spent."""
        with self._lock:
            if self.max_requests is not None and self.requests >= self.max_requests:
                raise Spent(f"stopped at --max-requests {self.max_requests}")
            if self.max_cost is not None and self.cost >= self.max_cost:
                raise Spent(f"stopped at --max-cost {self.max_cost:g}, having spent {self.cost:.4f}")
            self.requests += 1

    def spend(self, sent: int, received: int, prices: Mapping[str, float]) -> None:
        """Count tokens, and what they cost at prices for a million."""
        with self._lock:
            self.tokens["input"] += sent
            self.tokens["output"] += received
            self.cost += (sent * prices.get("input", 0.0) + received * prices.get("output", 0.0)) / 1e6


class Spent(DataError):
    """The budget is spent."""


def ask(
    system: System,
    task: str,
    requests: Sequence[Request],
    *,
    spec: str,
    options: Options,
    cache: caches.Cache,
    budget: Budget | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> list[Any]:
    """One raw answer for each request. DataError where the budget ends first, Dead where the system does."""
    budget = budget or Budget()
    identity = system.identity(task)
    if identity is None:
        cache = caches.Cache(None)  # nothing says what decides its answers: they serve this run only
    keys = [caches.key(spec, identity, options.deciding(), task, request) for request in requests]
    answers = cache.get(keys)
    progress(sum(key in answers for key in keys))
    # an item that stands twice is asked once
    missing = list({key: request for key, request in zip(keys, requests, strict=True) if key not in answers}.items())
    size = 1 if getattr(system, "single", False) else options.batch
    batches = [missing[begin : begin + size] for begin in range(0, len(missing), size)]
    pace = _Pace(options.rate)

    def run(batch: list[tuple[str, Request]]) -> list[tuple[str, Any]]:
        batch_answers = _tried(system, task, [request for _, request in batch], options, budget, pace)
        rows = [(key, answer) for (key, _), answer in zip(batch, batch_answers, strict=True)]
        cache.put(rows)
        return rows

    try:
        for rows in _finished(run, batches, options.concurrency):
            answers.update(rows)
            progress(len(rows))
    except Spent as error:
        have = sum(key in cache.get([key]) for key in keys)
        raise DataError(
            f"{task}: {error}: {len(keys) - have} of {len(keys)} items have no answer; "
            "what was answered is kept, run again with a higher limit"
        ) from error
    return [answers[key] for key in keys]


def _finished(run: Callable[[Item], Result], batches: Sequence[Item], concurrency: int) -> Iterator[Result]:
    """Results as they come; the first error stops what has not begun."""
    if concurrency == 1:
        yield from map(run, batches)
        return
    with ThreadPoolExecutor(concurrency) as pool:
        waiting: set[Future[Result]] = set()
        left = iter(batches)
        try:
            while True:
                while len(waiting) < concurrency and (batch := next(left, None)) is not None:
                    waiting.add(pool.submit(run, batch))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()


class _Pace:
    """Not more than ``rate`` requests a second, over all threads."""

    def __init__(self, rate: float | None) -> None:
        self.step = 1 / rate if rate else 0.0
        self.free = 0.0
        self.lock = threading.Lock()

    def wait(self) -> None:
        """Sleep until the next request may go."""
        if not self.step:
            return
        with self.lock:
            now = time.monotonic()
            pause = max(0.0, self.free - now)
            self.free = max(now, self.free) + self.step
        time.sleep(pause)


def _tried(
    system: System, task: str, requests: list[Request], options: Options, budget: Budget, pace: _Pace
) -> Sequence[Any]:
    """The answers of one batch, tried again while the system is busy."""
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

    tries = Retrying(
        stop=stop_after_attempt(options.retries + 1),
        wait=_pause,
        retry=retry_if_exception_type(Busy),
        sleep=time.sleep,
        reraise=True,
    )
    try:
        return tries(_once, system, task, requests, options, budget, pace)
    except Busy as busy:
        first = target_name(requests[0])
        raise Dead(f"{task}, from {first} on: {busy}; gave up after {options.retries + 1} tries") from busy


def _pause(state: "RetryCallState") -> float:
    """Seconds until the next try: what the system asked for, else twice as long each time."""
    busy = state.outcome.exception() if state.outcome else None
    asked = busy.after if isinstance(busy, Busy) else None
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(state.attempt_number - 1, 16) if asked is None else asked)


def _once(
    system: System, task: str, requests: list[Request], options: Options, budget: Budget, pace: _Pace
) -> Sequence[Any]:
    """One try: one request of the budget."""
    pace.wait()
    budget.take()
    answers = system.answer(task, requests)
    if len(answers) != len(requests):
        raise Dead(f"{task}: {len(answers)} answers for {len(requests)} items, expected one for each, in order")
    spent = getattr(system, "spent", None)
    if spent is not None:
        sent, received = spent()
        budget.spend(sent, received, options.prices)
    return answers
