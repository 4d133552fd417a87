"""Running a system over items: from the cache what is there, the rest in batches, several at once, tried again when
an endpoint is busy, within a budget.

Conventions: answers come back in the order of the requests whatever finishes first. The clock decides only when to
wait, never what is answered.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

from allegedly.eval import cache as caches
from allegedly.eval.options import Options
from allegedly.eval.system import UNANSWERED, Busy, Dead, Declined, Request, System, target_name
from allegedly.schemas.errors import DataError, UsageError

if TYPE_CHECKING:
    from tenacity import RetryCallState

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds before the second try; each further one waits twice as long, up to the second number.
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
#: Items in a row without an answer after which a system is dead; one that has never said anything is so earlier.
LONGEST_ROW, LONGEST_SILENCE = 20, 3
#: The key of an answer, and the request for it.
Question = tuple[str, Request]


@dataclass(slots=True)
class Budget:
    """What a run may spend: requests, and cost at the prices of the options."""

    max_requests: int | None = None
    max_cost: float | None = None
    requests: int = 0
    cost: float = 0.0
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0, "output": 0})
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.max_requests is not None and self.max_requests < 0:
            raise UsageError(f"--max-requests: found {self.max_requests}, expected a number from 0 on")
        if self.max_cost is not None and not 0 <= self.max_cost < math.inf:
            raise UsageError(f"--max-cost: found {self.max_cost}, expected a number from 0 on")

    def check(self, prices: Mapping[str, Mapping[str, float]]) -> None:
        """UsageError where the cost of a run cannot be known. ``prices``: those of each system that has some, by name."""
        if self.max_cost is None:
            return
        if not prices:
            raise UsageError("--max-cost: no system of this run says what it costs; use --max-requests")
        for name, given in prices.items():
            if not any(given.values()):
                raise UsageError(
                    f"--max-cost needs prices in the options of {name}: prices = {{ input = 0.5, output = 1.5 }}, for a "
                    "million tokens each"
                )

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


@contextmanager
def one_run(cache: caches.Cache) -> Iterator[None]:
    """A run: it ends with what it was for, and where answers are refused, so that nothing of it serves the next one. What
    was killed or interrupted, has spent its budget or lost its system goes on when it is started again."""
    try:
        yield
    except (Spent, Dead, OSError):
        raise
    except Exception:
        cache.end_run()
        raise
    cache.end_run()


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
    say: Callable[[str], None] = lambda message: None,
) -> list[Any]:
    """One raw answer for each request, UNANSWERED where the system has none; ``say`` is told how many of them, and how
    many come from the cache. Spent where the budget ends first, Dead where the system stays dead."""
    with Questions(system, task, spec=spec, options=options, cache=cache, budget=budget) as questions:
        answers = questions.ask(requests, progress, say)
        questions.judge(say)
    return answers


class Questions:
    """The questions of one task to a system, asked in one go or in several."""

    def __init__(
        self,
        system: System,
        task: str,
        *,
        spec: str,
        options: Options,
        cache: caches.Cache,
        budget: Budget | None = None,
    ) -> None:
        self.system, self.task, self.options = system, task, options
        self.identity = system.identity(task)
        self.one_run = bool(getattr(system, "one_run", False))
        self.passing = caches.Cache(None)
        # where nothing says what decides its answers they serve this call only
        self.kept = self.passing if self.identity is None else cache
        around = system.around() if hasattr(system, "around") else None
        self.deciding = (spec, self.identity, around, options.deciding(), task)
        self.asking = _Asking(
            system, task, options, budget or Budget(), lambda rows: self.kept.put(rows, one_run=self.one_run)
        )
        self.answered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.passing.close()

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why items have no answer, by their names."""
        return self.asking.reasons

    def ask(
        self,
        requests: Sequence[Request],
        progress: Callable[[int], None] = lambda count: None,
        say: Callable[[str], None] = lambda message: None,
        decides: Callable[[Request], object] = lambda request: request,
    ) -> list[Any]:
        """One raw answer for each request. ``decides``: what of a request decides its answer."""
        kept, one_run = self.kept, self.one_run
        keys = [caches.key(*self.deciding, decides(request)) for request in requests]
        answers = kept.get(keys, one_run=one_run)
        if known := sum(key in answers for key in keys):
            of = "the run before, which was interrupted" if one_run else "the cache"
            say(f"{self.task}: {known} of {len(keys)} answers come from {of} ({kept.file})")
        progress(known)
        # an item that stands twice is asked once
        missing = list(
            {key: request for key, request in zip(keys, requests, strict=True) if key not in answers}.items()
        )
        size = 1 if getattr(self.system, "single", False) else self.options.batch
        batches = [missing[begin : begin + size] for begin in range(0, len(missing), size)]
        try:
            for rows in _finished(self.asking.rows, batches, self.options.concurrency):
                answers.update(rows)
                progress(len(rows))
        except Spent as error:
            have = sum(key in kept.get([key], one_run=one_run) for key in keys)
            raise Spent(
                f"{self.task}: {error}: {len(keys) - have} of {len(keys)} items have no answer; "
                "what was answered is kept, run again with a higher limit"
            ) from error
        self.answered += sum(answers[key] is not UNANSWERED for key in keys)
        return [answers[key] for key in keys]

    def judge(self, say: Callable[[str], None] = lambda message: None) -> None:
        """After the last item: Dead where nothing was answered; ``say`` is told of abstentions."""
        self.asking.judge(self.answered, say)


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


class _Asking:
    """One task's questions to a system: what fails is tried again, then item by item, then given up."""

    def __init__(
        self,
        system: System,
        task: str,
        options: Options,
        budget: Budget,
        put: Callable[[list[tuple[str, Any]]], None],
    ) -> None:
        self.system, self.task, self.options, self.budget, self.put = system, task, options, budget, put
        self.pace = _Pace(options.rate)
        self.lock = threading.Lock()
        #: Whether anything was answered, and whether any batch was given up.
        self.answered = self.failed = False
        #: Items without an answer: all of them, since the last answer, and the first one with its reason.
        self.lost = self.row = 0
        self.first = ""
        self.reasons: dict[str, str] = {}

    def rows(self, batch: list[Question]) -> list[tuple[str, Any]]:
        """Keys and answers of a batch. Of one that fails each item is asked alone, so that one item costs no other its
        answer."""
        try:
            answers = self._tried([request for _, request in batch])
        except Declined as declined:
            self.failed = True
            if len(batch) == 1:
                self._give_up(batch[0][1], declined)
                return [(batch[0][0], UNANSWERED)]
            return [row for item in batch for row in self.rows([item])]
        rows = [(key, answer) for (key, _), answer in zip(batch, answers, strict=True)]
        self.put(rows)
        with self.lock:
            self.answered, self.row = True, 0
        return rows

    def _give_up(self, request: Request, declined: Declined) -> None:
        """Count an abstention. Dead where too many stand in a row."""
        with self.lock:
            self.lost += 1
            self.row += 1
            self.reasons[target_name(request)] = str(declined)
            self.first = self.first or f"{target_name(request)}: {declined}"
            most = LONGEST_ROW if self.answered or declined.spoke else LONGEST_SILENCE
            if self.row >= most:
                raise Dead(self._dead(f"{self.row} items in a row have no answer"))

    def judge(self, answered: int, say: Callable[[str], None]) -> None:
        """After the last item: Dead where nothing was answered; ``say`` is told of abstentions."""
        if self.lost and not answered:
            raise Dead(self._dead("no item has an answer"))
        if self.lost:
            how = "1 item has no answer, counted as an abstention"
            how = how if self.lost == 1 else f"{self.lost} items have no answer, counted as abstentions; the first"
            say(f"{self.task}: {how}: {self.first}")

    def _dead(self, what: str) -> str:
        return f"{self.task}, from {self.first}; gave up after {self.options.retries + 1} tries; {what}"

    def _tried(self, requests: list[Request]) -> Sequence[Any]:
        """The answers of one batch, tried again while the system is busy."""
        from tenacity import Retrying, retry_if_exception, stop_after_attempt

        # what has never answered, or no longer does, gets one try for each further item
        suspect = self.row >= 3 or (self.failed and not self.answered)
        tries = Retrying(
            stop=stop_after_attempt(1 if suspect else self.options.retries + 1),
            wait=_pause,
            retry=retry_if_exception(lambda error: isinstance(error, Busy) and not getattr(error, "final", False)),
            sleep=time.sleep,
            reraise=True,
        )
        try:
            return tries(self._once, requests)
        except Declined:
            raise
        except Busy as busy:
            first = target_name(requests[0])
            tried = 1 if suspect else self.options.retries + 1
            raise Dead(f"{self.task}, from {first} on: {busy}; gave up after {tried} tries") from busy

    def _once(self, requests: list[Request]) -> Sequence[Any]:
        """One try: one request of the budget, and its tokens, whatever came of it."""
        self.pace.wait()
        self.budget.take()
        try:
            answers = self.system.answer(self.task, requests)
        finally:
            self._count()
        if len(answers) != len(requests):
            raise Dead(f"{self.task}: {len(answers)} answers for {len(requests)} items, expected one for each")
        return answers

    def _count(self) -> None:
        spent = getattr(self.system, "spent", None)
        if spent is None:
            return
        tokens = spent()
        if tokens is not None:
            sent, received = tokens
            self.budget.spend(sent, received, self.options.prices)
        elif self.budget.max_cost is not None:
            raise Dead(f"{self.task}: an answer without its usage, so --max-cost cannot be kept; use --max-requests")


def _pause(state: "RetryCallState") -> float:
    """Seconds until the next try: what the system asked for, else twice as long each time."""
    busy = state.outcome.exception() if state.outcome else None
    asked = busy.after if isinstance(busy, Busy) else None
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(state.attempt_number - 1, 16) if asked is None else asked)
