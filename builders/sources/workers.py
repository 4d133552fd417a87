"""Workers: run a task over many items in processes that may die, and lose no item but the one that killed its worker.

Conventions: ``task(item, beat)`` runs in a forked process that lives for many items. ``beat()`` starts the clock anew.
The clock counts processor time, so that a busy machine rejects no file that a quiet one takes; waiting (a sleep, a
read that never ends) is cut off after as long, not counting the wait for a processor. Work over the limit has OutOfTime
raised into it, so that a task may give up one record and go on; where that does not reach it, since it never returns to
the interpreter or takes every exception for nothing, the kernel ends the process ``GRACE`` times as late. Memory counts
from what the process held when it began.

An item that ends a worker which had done others before is tried once more in a fresh one, so that what an item comes
back as does not depend on its neighbours; one whose worker is killed from outside is tried twice more, the last time
with nothing else at work, since what kills is mostly the kernel where all together need too much memory.
Exceptions of a task are values (Failed), but for UsageError and DataError: they end the run.
"""

import faulthandler
import gc
import os
import pickle
import re
import resource
import selectors
import signal
import struct
import sys
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from allegedly.builders.sources.limits import Limits, OutOfTime, too_large, too_long
from allegedly.schemas.errors import DataError, UsageError

#: Where the system does not tell how long a process waited for a processor, waiting may take so many times as long.
WAITING = 20
#: How many times the limit of seconds code may work that OutOfTime does not end; and how often that is raised, in parts
#: of the limit.
GRACE, AGAIN = 1.5, 0.2
#: A batch aims at this much work, in seconds, and holds at most this many items.
BATCH_SECONDS, BATCH_ITEMS = 0.05, 64
#: How far ahead of the oldest unfinished item others are handed out.
WINDOW = 512
#: An item whose worker is killed from outside so many times is given up.
KILLS = 3
HEADER = struct.Struct("<Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What became of an item whose task did not return: rule and reason as in the ledger."""

    rule: str
    reason: str
    detail: dict[str, Any] = field(default_factory=dict)


Beat = Callable[[], None]
Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def guarded(
    task: Callable[[Item, Beat], Result], items: Iterable[Item], *, workers: int = 1, limits: Limits | None = None
) -> Iterator[tuple[Item, Result | Failed]]:
    """Each item with its result, or Failed, in the order of the items. Items and results travel by pickle."""
    with Guard(task, workers, limits or Limits()) as guard:
        yield from guard.run(items)


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    inbox: int
    outbox: int
    fresh: bool = True
    unsent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    assigned: deque[int] = field(default_factory=deque)
    since: float = 0.0


class Guard(Generic[Item, Result]):
    """Workers that stay: one set of items after the other goes to the same processes. The parent's side: who works on
    what, and what came back."""

    def __init__(self, task: Callable[[Item, Beat], Result], workers: int, limits: Limits) -> None:
        self.task, self.count, self.limits = task, max(1, workers), limits
        self.selector = selectors.DefaultSelector()
        self.workers: list[_Worker] = []
        self.items: dict[int, Item] = {}
        self.results: dict[int, Result | Failed] = {}
        self.again: deque[int] = deque()  # lost their worker through a neighbour
        self.alone: deque[int] = deque()  # may have ended their worker: tried once more in a fresh one
        self.last: deque[int] = deque()  # killed twice from outside: tried with nothing else at work
        self.deaths: Counter[int] = Counter()
        self.batch = 1
        self.next_in = self.next_out = 0
        self.more = True

    def __enter__(self) -> "Guard[Item, Result]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | Failed]]:
        """Each item with its result, or Failed, in order. Take them all, or close the guard."""
        left, self.more = iter(items), True
        while True:
            self._hand_out(left)
            while self.next_out in self.results:
                at = self.next_out
                self.next_out += 1
                self.deaths.pop(at, None)
                yield self.items.pop(at), self.results.pop(at)
                self._poll(0)
                self._hand_out(left)
            if not self.more and self.next_out == self.next_in:
                return
            self._poll(None)

    def close(self) -> None:
        """End all workers, at once."""
        self._dismiss()
        self.selector.close()

    def _dismiss(self) -> None:
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGKILL)
        for worker in list(self.workers):
            self._bury(worker)

    def _hand_out(self, items: Iterator[Item]) -> None:
        while self.alone:
            self._assign(self._hire(), [self.alone.popleft()])
        if self._one_at_a_time():
            return
        for worker in self._ready():
            batch = self._batch(items)
            if not batch:
                return
            self._assign(worker, batch)

    def _one_at_a_time(self) -> bool:
        """Whether all others must wait for an item that is tried with nothing else at work; hands it out if they do."""
        busy = [worker for worker in self.workers if worker.assigned]
        if any(self.deaths[number] == KILLS - 1 for worker in busy for number in worker.assigned):
            return True
        if self.last and not busy:
            self._dismiss()
            self._assign(self._hire(), [self.last.popleft()])
            return True
        return bool(self.last)

    def _ready(self) -> Iterator[_Worker]:
        """Workers that can take a batch: idle ones, new ones where there is work, then those near their end."""
        yield from [worker for worker in self.workers if not worker.assigned]
        while (self.more or self.again) and len(self.workers) < self.count:
            yield self._hire()
        if self.batch > 1:
            yield from [worker for worker in self.workers if len(worker.assigned) <= self.batch // 2]

    def _batch(self, items: Iterator[Item]) -> list[int]:
        batch = [self.again.popleft() for _ in range(min(self.batch, len(self.again)))]
        while self.more and len(batch) < self.batch and self.next_in < self.next_out + WINDOW:
            try:
                self.items[self.next_in] = next(items)
            except StopIteration:
                self.more = False
                break
            batch.append(self.next_in)
            self.next_in += 1
        return batch

    def _assign(self, worker: _Worker, batch: list[int]) -> None:
        if not worker.assigned:
            worker.since = time.perf_counter()
        worker.assigned.extend(batch)
        if not worker.unsent:
            self.selector.register(worker.inbox, selectors.EVENT_WRITE, worker)
        worker.unsent += _frame([(at, self.items[at]) for at in batch])
        self._write(worker)

    def _hire(self) -> _Worker:
        child_in, inbox = os.pipe()
        outbox, child_out = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # the child runs the task and nothing else; threads of the parent hold no lock that it needs
            warnings.simplefilter("ignore", DeprecationWarning)
            # an interrupt that falls into what Python runs around a fork would be lost: it waits until that is over
            waiting = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            pid = os.fork()
        if not pid:
            _child(self, child_in, child_out, (inbox, outbox), parent)
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)
        os.close(child_in)
        os.close(child_out)
        os.set_blocking(inbox, False)
        os.set_blocking(outbox, False)
        worker = _Worker(pid=pid, inbox=inbox, outbox=outbox)
        self.selector.register(outbox, selectors.EVENT_READ, worker)
        self.workers.append(worker)
        return worker

    def _poll(self, timeout: float | None) -> None:
        for key, _ in self.selector.select(timeout):
            worker = key.data
            if worker not in self.workers:
                continue
            if key.fd == worker.inbox:
                self._write(worker)
            else:
                self._read(worker)

    def _write(self, worker: _Worker) -> None:
        try:
            while worker.unsent:
                del worker.unsent[: os.write(worker.inbox, memoryview(worker.unsent)[: 1 << 16])]
        except BlockingIOError:
            return
        except BrokenPipeError:
            worker.unsent.clear()  # it died: its other pipe tells
        # nothing left to write: watching a pipe that is always writable would spin
        self.selector.unregister(worker.inbox)

    def _read(self, worker: _Worker) -> None:
        while True:
            try:
                data = os.read(worker.outbox, 1 << 20)
            except BlockingIOError:
                break
            if not data:
                self._take(worker)
                self._died(worker)
                return
            worker.received += data
        self._take(worker)

    def _take(self, worker: _Worker) -> None:
        """The results that came in whole."""
        at, data = 0, worker.received
        while len(data) - at >= HEADER.size:
            end = at + HEADER.size + HEADER.unpack_from(data, at)[0]
            if len(data) < end:
                break
            number, result, error = pickle.loads(memoryview(data)[at + HEADER.size : end])  # nosec B301 # own worker
            at = end
            if error is not None:
                raise error
            worker.assigned.popleft()
            worker.fresh = False
            self.results[number] = result
            self._pace(worker)
        del data[:at]

    def _pace(self, worker: _Worker) -> None:
        """Batches double while a whole one takes less than they aim at, and halve where one takes longer."""
        now = time.perf_counter()
        spent, worker.since = now - worker.since, now
        if spent * self.batch < BATCH_SECONDS / 2:
            self.batch = min(self.batch * 2, BATCH_ITEMS)
        elif spent * self.batch > BATCH_SECONDS:
            self.batch = max(1, self.batch // 2)

    def _died(self, worker: _Worker) -> None:
        status = self._bury(worker)
        left = list(worker.assigned)
        if left:
            culprit, *left = left
            failed = _verdict(status, self.limits)
            self.deaths[culprit] += 1
            if self._again(worker, culprit, failed):
                (self.last if self.deaths[culprit] == KILLS - 1 else self.alone).append(culprit)
            else:
                self.results[culprit] = failed
        self.again = deque(sorted([*self.again, *left]))

    def _again(self, worker: _Worker, culprit: int, failed: Failed) -> bool:
        """Whether an item whose worker died is tried once more, in a fresh one."""
        if failed.detail.get("signal") == "SIGKILL":
            # from outside: the kernel when memory is short, or a person. Seldom the item's fault, unless it repeats
            return self.deaths[culprit] < KILLS
        return not worker.fresh and failed.rule != "time-limit" and self.deaths[culprit] == 1

    def _bury(self, worker: _Worker) -> int:
        self.workers.remove(worker)
        for fd in (worker.inbox, worker.outbox):
            if fd in self.selector.get_map():
                self.selector.unregister(fd)
            os.close(fd)
        return os.waitpid(worker.pid, 0)[1]


def _frame(value: Any) -> bytes:
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(data)) + data


#: Exit status of a worker that retires after a MemoryError.
OUT_OF_MEMORY = 77


def _verdict(status: int, limits: Limits) -> Failed:
    code = os.waitstatus_to_exitcode(status)
    if -code in (signal.SIGVTALRM, signal.SIGPROF, signal.SIGALRM):
        return Failed(rule="time-limit", reason=too_long(limits.seconds), detail={"limit": limits.seconds})
    if code == OUT_OF_MEMORY:
        return Failed(rule="memory-limit", reason=too_large(limits.memory), detail={"limit": limits.memory})
    if code < 0:
        name = signal.Signals(-code).name
        return Failed(rule="crashed", reason=f"ended its worker process by {name}", detail={"signal": name})
    return Failed(rule="crashed", reason=f"ended its worker process with exit code {code}", detail={"exit_code": code})


def _child(pool: Guard[Any, Any], inbox: int, outbox: int, others: tuple[int, int], parent: int) -> None:
    """The worker's side; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends us
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for worker in pool.workers:
            os.close(worker.inbox)
            os.close(worker.outbox)
        for fd in others:
            os.close(fd)
        _die_with(parent)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        faulthandler.disable()  # the crash becomes a value; its trace would be noise
        _bound_memory(pool.limits.memory)
        # articles are trees that end with their file: looking for circles in them costs a tenth of the time
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        _work(pool.task, pool.limits.seconds, inbox, outbox)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)  # the parent is gone
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


class _Clock:
    """The limit of seconds, from one beat to the next: of work by the kernel's timer, of waiting by a look now and
    then at what passed neither in work nor in the queue for a processor."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began = (0.0, 0.0)
        try:
            self.queue: int | None = os.open("/proc/self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self.queue = None
        signal.signal(signal.SIGALRM, self._look)
        signal.signal(signal.SIGPROF, self._over)

    def beat(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, self.seconds, self.seconds * AGAIN)
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds * GRACE)
        signal.setitimer(signal.ITIMER_REAL, self.seconds * 1.1)
        self.began = self._waited()

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _over(self, *_: object) -> None:
        raise OutOfTime(self.seconds)

    def _waited(self) -> tuple[float, float]:
        """Seconds that passed without work; seconds in the queue for a processor."""
        queued = 0.0 if self.queue is None else int(os.pread(self.queue, 100, 0).split()[1]) / 1e9
        return time.monotonic() - time.process_time(), queued

    def _look(self, *_: object) -> None:
        idle, queued = (now - then for now, then in zip(self._waited(), self.began, strict=True))
        # without the queue's length a crowded machine looks like one that waits
        allowed = self.seconds if self.queue is not None else self.seconds * WAITING
        if idle - queued >= allowed:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGALRM)
        signal.setitimer(signal.ITIMER_REAL, max(0.01, allowed - idle + queued))


def _work(task: Callable[[Any, Beat], Any], seconds: float, inbox: int, outbox: int) -> None:
    clock = _Clock(seconds)
    with open(inbox, "rb", buffering=1 << 16) as stream:
        while header := stream.read(HEADER.size):
            for number, item in pickle.loads(stream.read(HEADER.unpack(header)[0])):  # nosec B301 # own build
                clock.beat()
                frame = _result(task, number, item, clock.beat)
                clock.stop()
                view = memoryview(frame)
                while view:
                    view = view[os.write(outbox, view) :]


def _result(task: Callable[[Any, Beat], Any], number: int, item: Any, beat: Beat) -> bytes:
    try:
        return _frame((number, task(item, beat), None))
    except MemoryError:
        raise
    except (DataError, UsageError) as error:
        return _frame((number, None, error))
    except OutOfTime as late:
        failed = Failed(rule=late.rule, reason=str(late), detail=late.detail)
    except RecursionError:
        failed = Failed(rule="nesting-limit", reason="is nested too deeply to be read")
    except BaseException as error:
        said = re.sub(r"\b0x[0-9a-fA-F]+", "0x…", str(error).partition("\n")[0])[:300]
        kind = type(error).__name__
        failed = Failed(rule="fault", reason=f"could not be processed: {kind}: {said}", detail={"error": kind})
    return _frame((number, failed, None))


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends; elsewhere than on Linux the closed pipe tells."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(0)


def _bound_memory(memory: int) -> None:
    try:
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        held = 0
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    bound = held + memory
    resource.setrlimit(resource.RLIMIT_AS, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
