"""Ray: tasks on a Ray cluster, or on one of its own on this machine.

Conventions: ``ray://host:port`` is the address of a cluster's head as ``ray start`` prints it (port 6379), joined from a
machine that is one of its nodes: driver and nodes share a folder, so Ray's client protocol is not needed. A cluster's
nodes must have this package; folders on the driver's import path are handed on.
"""

import logging
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from allegedly.builders.engines import Result, Shard
from allegedly.builders.engines._address import require_answer
from allegedly.builders.engines._attempt import RETRIES, Attempt, Fault, import_path, lost, settled
from allegedly.builders.engines._quiet import environment, quiet, tail
from allegedly.schemas.errors import DataError, UsageError

SCHEMES: tuple[str, ...] = ("ray",)
EXTRA: str | None = "ray"

#: Shards in flight for each processor: enough that none waits for the oldest.
AHEAD = 8
#: Results are small: the least that Ray's store of objects may have, in bytes.
STORE = 80 << 20


@contextmanager
def start(address: str | None, *, workers: int, memory: int) -> Iterator["Ray"]:
    """A Ray of ``workers`` processors on this machine, or the cluster at ``ray://host:port``.

    UsageError where Ray runs in this process already, DataError where none answers there.
    """
    import ray

    if ray.is_initialized():
        raise UsageError("Ray runs in this process already, with settings of its own: call ray.shutdown() first")
    if address is not None:
        require_answer(address, "Ray cluster", "start one with `ray start --head`; it is joined from one of its nodes")
    with environment(RAY_USAGE_STATS_ENABLED="0", RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0"):
        # not below the user's own folder for temporary files: the names of sockets may have 107 bytes
        folder = Path(tempfile.mkdtemp(prefix="allegedly-ray-", dir="/tmp"))  # nosec B108 # a fresh folder; paths of sockets must be short
        log = folder / "start.log"
        try:
            _join(ray, address, workers, folder, log)
            with _silent(ray):
                yield Ray(ray, int(ray.cluster_resources().get("CPU", workers)))
        finally:
            with quiet(log):
                ray.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


def _join(ray: Any, address: str | None, workers: int, folder: Path, log: Path) -> None:
    own: dict[str, Any] = {
        "num_cpus": workers,
        "include_dashboard": False,
        "object_store_memory": STORE,
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": str(folder),
    }
    try:
        with quiet(log):
            ray.init(
                address="local" if address is None else address.removeprefix("ray://"),
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                runtime_env={"env_vars": {"PYTHONPATH": import_path()}},
                **(own if address is None else {}),
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise DataError(f"Ray did not start: {error}. {tail(log)}".strip()) from error


@contextmanager
def _silent(ray: Any) -> Iterator[None]:
    """What Ray tells of processes that died stays off standard output, which is the command's; no setting does that."""
    worker = ray._private.worker
    kept = worker.print_worker_logs
    worker.print_worker_logs = lambda *_, **__: None
    try:
        yield
    finally:
        worker.print_worker_logs = kept


@dataclass(frozen=True, slots=True)
class Ray:
    """Runs tasks as Ray's."""

    ray: Any
    processors: int

    def map(self, task: Callable[[Shard], Result], shards: Iterable[Shard], *, work: Path) -> Iterator[Result]:
        """The task's result for each shard, in order."""
        run = self.ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(_attempted)
        attempt: Attempt[Shard, Result] = Attempt(task)
        rest = iter(shards)
        flying = deque((shard, run.remote(attempt, shard)) for shard in islice(rest, AHEAD * self.processors))
        while flying:
            shard, reference = flying.popleft()
            result = settled(shard, self._outcome(shard, reference))
            flying.extend((shard, run.remote(attempt, shard)) for shard in islice(rest, 1))
            yield result
        # what flies when the iterator is closed ends with the engine: Ray 2.60 ends the driver with "tried to complete
        # task that was not pending" where a cancelled task ends at that moment

    def _outcome(self, shard: object, reference: Any) -> Any:
        try:
            return self.ray.get(reference)
        except self.ray.exceptions.RayError as error:
            raise lost(shard, f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}") from error


def _attempted(attempt: Attempt[Shard, Result], shard: Shard) -> Result | Fault:
    return attempt(shard)
