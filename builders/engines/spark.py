"""Spark: tasks on a standalone Spark cluster, or on Spark in one process on this machine.

Conventions: ``spark://host:port`` is the address of a standalone master. Nodes must have this package and the
interpreter's version; folders on the driver's import path are handed on. Java 17 or later must be there.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from allegedly.builders.engines import Result, Shard
from allegedly.builders.engines._address import host_and_port, require_answer
from allegedly.builders.engines._attempt import RETRIES, Attempt, import_path, lost, settled
from allegedly.builders.engines._quiet import environment, tail
from allegedly.schemas.errors import DataError, UsageError

SCHEMES: tuple[str, ...] = ("spark",)
EXTRA: str | None = "spark"

#: A job holds so many shards for each processor: starting one takes tenths of a second.
JOB = 8
#: Jobs in flight: while one ends, the next takes the processors that fall free.
JOBS = 2
#: Java's memory: shards and results are small, and Python's processes have their own.
HEAP = "512m"
LOOPBACK = ("127.0.0.1", "localhost")


@contextmanager
def start(address: str | None, *, workers: int, memory: int) -> Iterator["Spark"]:
    """A Spark of ``workers`` processors on this machine, or the standalone cluster at ``spark://host:port``.

    UsageError where there is no Java, DataError where no master answers or Spark does not start.
    """
    import pyspark

    _require_java()
    if address is not None:
        require_answer(address, "Spark master", "start one with Spark's `sbin/start-master.sh`")
    folder = Path(tempfile.mkdtemp(prefix="allegedly-spark-"))
    interrupt = signal.getsignal(signal.SIGINT)
    gateway = context = None
    try:
        gateway, context = _launch(pyspark, _settings(pyspark.SparkConf(), address, workers, folder), folder)
        yield Spark(context)
    finally:
        _stop(pyspark, gateway, context)
        signal.signal(signal.SIGINT, interrupt)
        shutil.rmtree(folder, ignore_errors=True)


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise UsageError(
            "the engine 'spark' needs Java 17 or later, and there is no `java` "
            + (f"in JAVA_HOME ({home})" if home else "on the path; install one or set JAVA_HOME")
        )


def _settings(settings: Any, address: str | None, workers: int, folder: Path) -> Any:
    """Spark's settings; those that the user's own configuration makes stay."""
    ours = {
        "spark.app.name": "allegedly",
        "spark.driver.memory": HEAP,
        "spark.executor.memory": HEAP,
        "spark.executorEnv.PYTHONPATH": import_path(),
        "spark.local.dir": str(folder),
        "spark.log.level": "ERROR",
        "spark.python.unix.domain.socket.enabled": "true",  # less than half of the time that TCP takes
        "spark.task.maxFailures": str(RETRIES + 1),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if address is None or host_and_port(address)[0] in LOOPBACK:
        ours |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    for name, setting in ours.items():
        settings.setIfMissing(name, setting)
    return settings.setMaster(f"local[{workers},{RETRIES + 1}]" if address is None else address)


def _launch(pyspark: Any, settings: Any, folder: Path) -> tuple[Any, Any]:
    """Java's process, which writes into a log and ends with this one, and Spark in it."""
    from pyspark.java_gateway import launch_gateway

    log = folder / "spark.log"
    own = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    if settings.get("spark.driver.host", None) == "127.0.0.1":
        own["SPARK_LOCAL_IP"] = "127.0.0.1"
    gateway = None
    try:
        with environment(**own), log.open("ab") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about pandas, which is not used here
            gateway = launch_gateway(settings, {"stdout": stream, "stderr": stream})
            return gateway, pyspark.SparkContext(conf=settings, gateway=gateway)
    except Exception as error:
        _stop(pyspark, gateway, None)
        raise DataError(f"Spark did not start: {error}. {tail(log)}".strip()) from error


def _stop(pyspark: Any, gateway: Any, context: Any) -> None:
    """Ends Spark and its Java; pyspark would keep that for another context."""
    if context is not None:
        context.stop()
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()  # Java ends when it reads that
        gateway.proc.wait()
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


@dataclass(frozen=True, slots=True)
class Spark:
    """Runs tasks as Spark's, some shards a job: one a shard would spend its time on starting, one for all would end
    before it gave anything."""

    context: Any

    def map(self, task: Callable[[Shard], Result], shards: Iterable[Shard], *, work: Path) -> Iterator[Result]:
        """The task's result for each shard, in order."""
        attempt: Attempt[Shard, Result] = Attempt(task)
        size = JOB * int(self.context.defaultParallelism)
        rest = iter(shards)
        with ThreadPoolExecutor(JOBS) as threads:
            flying: deque[tuple[list[Shard], Future[list[Any]]]] = deque()
            try:
                while True:
                    while len(flying) < JOBS and (job := list(islice(rest, size))):
                        flying.append((job, threads.submit(self._outcomes, attempt, job)))
                    if not flying:
                        return
                    job, outcomes = flying[0]
                    for shard, outcome in zip(job, outcomes.result(), strict=True):
                        yield settled(shard, outcome)
                    flying.popleft()
            finally:
                if flying:
                    self.context.cancelAllJobs()

    def _outcomes(self, attempt: Attempt[Shard, Result], job: list[Shard]) -> list[Any]:
        """What became of each shard of a job."""
        from py4j.protocol import Py4JError

        try:
            return list(self.context.parallelize(job, len(job)).map(attempt).collect())
        except Py4JError as error:
            reason = str(getattr(error, "java_exception", error)).partition("\n")[0]
            culprit = re.search(r"Task (\d+) in stage", reason)
            raise lost(job[int(culprit[1])] if culprit else job, reason) from error
