"""Tasks for the contract of engines: in a module of their own, so that every engine's processes can import them."""

import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from allegedly.builders.sources.workers import guarded
from allegedly.schemas.errors import DataError, UsageError


def squared(number: int) -> tuple[int, int]:
    """The number, its square."""
    return number, number * number


@dataclass(frozen=True)
class Written:
    """Writes a file and gives its path, as tasks do."""

    folder: str

    def __call__(self, number: int) -> tuple[str, int]:
        path = Path(self.folder) / f"{number}.txt"
        path.write_text(f"{number}\n" * number)
        return str(path), path.stat().st_size


def slow_at_first(number: int) -> int:
    """The first shards end last."""
    time.sleep(0.3 if number < 2 else 0)
    return number


def refused(number: int) -> int:
    """Raises what a shard of its number stands for."""
    if number == 1:
        raise UsageError("the recipe says nothing")
    if number == 2:
        raise DataError("the disk is full")
    if number == 3:
        raise ValueError("3 is odd")
    if number == 4:
        raise SystemExit("4 leaves")
    return number


@dataclass(frozen=True)
class Mortal:
    """Ends its process by SIGKILL the first ``times`` that it runs the shard ``mortal``, and counts its runs."""

    folder: str
    times: int
    mortal: int = 3

    def __call__(self, number: int) -> int:
        if number == self.mortal:
            runs = Path(self.folder) / "runs"
            with runs.open("a") as file:
                file.write(".")
            if len(runs.read_text()) <= self.times:
                os.kill(os.getpid(), signal.SIGKILL)
        return number


def forking(number: int) -> tuple[list[int], bool]:
    """Runs guarded work in a process of its own, as reading does; whether the task runs in the main thread."""
    results = [result for _, result in guarded(lambda item, _: item * number, range(5))]
    return results, threading.current_thread() is threading.main_thread()


@dataclass(frozen=True)
class Endless:
    """Says who it is and what it forked, then works without end."""

    folder: str

    def __call__(self, number: int) -> int:
        def work(item: int, _: object) -> None:
            Path(self.folder, f"pid-{os.getpid()}").touch()
            while True:
                time.sleep(0.05)

        Path(self.folder, f"pid-{os.getpid()}").touch()
        list(guarded(work, [number]))
        return number


def node(number: int) -> str:
    """Which node of a cluster runs this: Spark's executor is this process's parent's parent, Ray's raylet its parent."""
    time.sleep(0.1)
    parent = os.getppid()
    command = Path(f"/proc/{parent}/cmdline").read_bytes()
    if b"pyspark" not in command:
        return str(parent)
    return Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1]
