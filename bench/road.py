"""What an article costs on the road through a build: microseconds of CPU for each stage, all stages in one process.

Conventions: articles are those of ``bench/memory.py`` (twenty sentences of twelve words). Garbage is collected as
seldom as in the workers of a build. A small build goes before, so that what is done once a process (loading modules,
compiling schemas) is in no stage; ``between`` is what the process that drives the stages does between them, and at both
ends. ``--datasets`` adds what the library `datasets` takes to read the same files and to write them as Parquet, once it has
done so with the small ones, and how many times that the road takes: both in this process, so that the ratio is the
same on a slower machine. ``--profile`` prints instead where a build spends its time, by the name of a column of Python's
profiler; it slows everything down, small functions most.

    python bench/road.py [--articles N] [--labellers NAME] [--datasets] [--profile tottime|cumtime]
"""

import argparse
import cProfile
import gc
import os
import pstats
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

import memory

from allegedly.builders import build as building
from allegedly.builders.spool import labelling

#: Articles of the build that goes before.
WARM = 200


class Here:
    """An engine that runs every task in this process, and sums up the CPU seconds of each kind."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def map(self, task: Any, shards: Iterable[Any], *, work: Path) -> Iterator[Any]:
        """The task's result for each shard, in order."""
        for shard in shards:
            start = process_time()
            result = task(shard)
            self.seconds[type(task.task).__name__] += process_time() - start
            yield result


class Unguarded:
    """A guard that lets a file's reader work in this process."""

    def __init__(self, task: Callable[[Any, Callable[[], None]], Any], workers: int, limits: Any) -> None:
        self.task = task

    def run(self, items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Each item with its result, in order."""
        for item in items:
            yield item, self.task(item, lambda: None)

    def close(self) -> None:
        """Nothing to close."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=8000)
    parser.add_argument("--labellers", default="none")
    parser.add_argument("--datasets", action="store_true", help="beside reading and writing by the library `datasets`")
    parser.add_argument("--profile", choices=("tottime", "cumtime"))
    arguments = parser.parse_args()
    profile = cProfile.Profile() if arguments.profile else None
    with tempfile.TemporaryDirectory() as folder:
        seconds(Path(folder) / "warm", WARM, arguments.labellers)
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        taken = seconds(Path(folder) / "road", arguments.articles, arguments.labellers, profile)
        if arguments.datasets:
            of_datasets(Path(folder) / "warm")
            beside = of_datasets(Path(folder) / "road")
    if profile is not None:
        pstats.Stats(profile).sort_stats(arguments.profile).print_stats(60)
        return
    print("| stage | µs an article |\n|---|---:|")
    for stage, spent in {**taken, "all": sum(taken.values())}.items():
        print(f"| {stage} | {spent / arguments.articles * 1e6:.0f} |")
    if arguments.datasets:
        print(f"| datasets | {beside / arguments.articles * 1e6:.0f} |")
        print(f"\n{sum(taken.values()) / beside:.1f} times what datasets takes")


def seconds(folder: Path, count: int, labellers: str, profile: cProfile.Profile | None = None) -> dict[str, float]:
    """CPU seconds of each stage of a build of so many articles, in the order of the road."""
    folder.mkdir()
    memory.write(folder / "news", count)
    engine = Here()

    @contextmanager
    def started(*_: object, **__: object) -> Iterator[Here]:
        yield engine

    with patch.object(building, "started", started), patch.object(labelling, "Guard", Unguarded):
        start = process_time()
        if profile is not None:
            profile.enable()
        building.build(folder / "news", folder / "out", labellers=labellers, workers=1)
        if profile is not None:
            profile.disable()
        whole = process_time() - start
    return {**engine.seconds, "between": whole - sum(engine.seconds.values())}


def of_datasets(folder: Path) -> float:
    """CPU seconds in which the library reads the files of a build and writes what they hold as Parquet."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import datasets

    datasets.disable_progress_bars()
    files = sorted(map(str, (folder / "news").iterdir()))
    start = process_time()
    rows = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(folder / "cache"))
    rows.to_parquet(folder / "news.parquet")
    return process_time() - start


if __name__ == "__main__":
    main()
