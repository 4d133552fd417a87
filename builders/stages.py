"""Stages: a task mapped over shards by an engine, each shard done once.

Conventions: a task takes a shard and a folder to write into, and returns a small result. Shards, tasks and results are
dataclasses of plain values. A shard's folder appears under its own name only when it is whole, with ``done.json`` in
it: the key (a hash of all that decides: code, settings, shard, the stages before), the result, and a hash of all that lies
there, so that what was damaged since is done again. A build that was killed finds these again and goes on behind them.
Tasks may be run twice, on any machine that shares the folder.
"""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from allegedly.builders.disk import on_disk
from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas.derive import canonical
from allegedly.schemas.hashes import file_sha256

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from allegedly.builders.engines import Engine

    class Shard(DataclassInstance, Protocol):
        """A piece of a stage's work; ``name`` is its folder's."""

        @property
        def name(self) -> str: ...


ShardT = TypeVar("ShardT", bound="Shard")
ResultT = TypeVar("ResultT", bound="DataclassInstance")

DONE = "done.json"
#: What a stage is called by who watches.
STEPS = {
    "order": "sorting articles",
    "alike": "looking for copies",
    "bands": "looking for near copies",
    "measure": "comparing near copies",
    "keys": "looking for what belongs together",
    "place": "placing articles",
    "place-again": "placing articles",
    "across": "looking for near copies across splits",
    "tables": "writing tables",
    "content": "hashing tables",
}


class Stages:
    """Runs the stages of one build in a folder that all its machines share."""

    def __init__(self, engine: "Engine", folder: Path, code: str, watch: Watch = SILENT) -> None:
        """``code`` stands for everything that decides results and is no setting of a task."""
        self.engine, self.folder, self.watch = engine, folder, watch
        self._before = code

    def map(
        self,
        name: str,
        task: Callable[[ShardT, Path], ResultT],
        shards: Iterable[ShardT],
        result: "type[ResultT]",
    ) -> Iterator[ResultT]:
        """The results of all shards, in order. Take them all before the next stage begins: it builds on them."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        settings = canonical([name, self._before, type(task).__qualname__, asdict(task)])  # type: ignore[call-overload]
        once = Once(task=task, result=result, folder=str(folder), settings=settings)
        keys = hashlib.sha256()
        for key, outcome in self.engine.map(once, shards, work=self.folder):
            keys.update(key.encode())
            yield outcome
        self._before = keys.hexdigest()

    def all(
        self,
        name: str,
        task: Callable[[ShardT, Path], ResultT],
        shards: Iterable[ShardT],
        result: "type[ResultT]",
    ) -> list[ResultT]:
        """The results of all shards, in order, at once."""
        return list(self.watched(name, task, list(shards), result))

    def watched(
        self,
        name: str,
        task: Callable[[ShardT, Path], ResultT],
        shards: Sequence[ShardT],
        result: "type[ResultT]",
    ) -> Iterator[ResultT]:
        """As ``map``; the watch hears of every shard."""
        return self.watch.steps(self.map(name, task, shards, result), len(shards), STEPS.get(name, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Once(Generic[ShardT, ResultT]):
    """A task that looks first whether its shard is there already."""

    task: Callable[[ShardT, Path], ResultT]
    result: "type[ResultT]"
    folder: str
    settings: str

    def __call__(self, shard: ShardT) -> tuple[str, ResultT]:
        key = hashlib.sha256(canonical([self.settings, asdict(shard)]).encode()).hexdigest()
        final = Path(self.folder, shard.name)
        done = _done(final, key)
        if done is None:
            with on_disk(final):
                done = self._run(shard, key, final)
        # what a shard left decides too: done again, it may have other names
        return f"{key} {done['sha256']}", self.result(**done["result"])

    def _run(self, shard: ShardT, key: str, final: Path) -> dict[str, Any]:
        making = final.with_name(f".{final.name}.{socket.gethostname()}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        result = asdict(self.task(shard, making))
        outputs = {path.name: path.stat().st_size for path in sorted(making.iterdir())}
        record = {"key": key, "result": result, "outputs": outputs}
        record["sha256"] = _digest(making, record)
        (making / DONE).write_text(json.dumps(record), encoding="utf-8")
        shutil.rmtree(final, ignore_errors=True)
        try:
            making.rename(final)
        except OSError:
            # another machine was given the same shard, and came first
            theirs = _done(final, key)
            if theirs is None:
                raise
            shutil.rmtree(making, ignore_errors=True)
            return theirs
        return record


def _done(folder: Path, key: str) -> dict[str, Any] | None:
    """The record that a shard left, None where it left none or its files are not as it left them."""
    try:
        record = json.loads((folder / DONE).read_text(encoding="utf-8"))
        if record["key"] != key or not all((folder / n).stat().st_size == s for n, s in record["outputs"].items()):
            return None
        given = record.pop("sha256")
        return {**record, "sha256": given} if given == _digest(folder, record) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _digest(folder: Path, record: dict[str, Any]) -> str:
    """A hash of what a shard left: its record and its files."""
    hashes = [file_sha256(folder / name) for name in record["outputs"]]
    return hashlib.sha256(canonical([record, hashes]).encode()).hexdigest()


def code_version(packages: Iterable[str]) -> str:
    """A hash of our own code and of the versions of packages: what a shard that was kept must have been made with."""
    from importlib.metadata import PackageNotFoundError, version

    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    # weights have a hash of their own
    kept = (path for path in root.rglob("*") if path.suffix in (".py", ".json", ".txt", ".toml"))
    for path in sorted(kept):
        status = path.stat()
        digest.update(f"{path.relative_to(root)}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    for name in packages:
        try:
            digest.update(f"{name}\0{version(name)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()
