"""Reading and labelling: files of a shard onto the spool, in a worker that may die.

Conventions: the worker writes records, entries and ledger lines into files of its own and says which bytes of them
belong to which file; what a file left that ended its worker is passed over. Only then are the entries put in order.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

from allegedly.builders.annotations.votes import Voted, labelled
from allegedly.builders.disk import on_disk
from allegedly.builders.gate.admission import Admission, admitted
from allegedly.builders.labellers import _lookup as lookup
from allegedly.builders.readers import _reading as reading
from allegedly.builders.sources.contents import contents, lost, size_and_sha256
from allegedly.builders.sources.find import Source
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.listing import FileShard
from allegedly.builders.sources.workers import Failed, Guard
from allegedly.builders.spool.parts import Entry, Parts, entry
from allegedly.builders.spool.records import article_line
from allegedly.schemas import plugins
from allegedly.schemas.derive import canonical
from allegedly.schemas.hashes import file_sha256
from allegedly.schemas.records import Origin, Rejected

#: Files of a shard, beside its parts: ledger lines, and the account of every input.
REJECTED, INPUTS = "rejected.jsonl", "inputs.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """What a shard of files gave: its name, the names of its parts, and how many files, articles and ledger lines."""

    name: str
    parts: list[str]
    files: int
    articles: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAndLabel:
    """The task of the first stage. ``identity`` names the labellers as they are now: versions, weights, code."""

    labellers: str
    identity: list[str]
    fields: dict[str, str]
    group_by: list[str]
    limits: Limits
    admission: Admission

    def __call__(self, shard: FileShard, folder: Path) -> Spooled:
        parts = Parts(folder)
        files = articles = rejected = 0
        items = ((str(folder), source) for source in shard.sources())
        with (folder / REJECTED).open("wb") as ledger, (folder / INPUTS).open("w", encoding="utf-8") as inputs:
            for (_, source), outcome in _guarded(self, items):
                taken = _lost(source, outcome, ledger) if isinstance(outcome, Failed) else outcome
                for line in taken.entries.lines(folder):
                    parts.add(Entry.from_line(line))
                for line in taken.ledger.lines(folder):
                    ledger.write(line)
                inputs.write(json.dumps([source.file_name, taken.bytes, taken.sha256, taken.articles, taken.rejected]))
                inputs.write("\n")
                files += 1
                articles += taken.articles
                rejected += taken.rejected
        parts.flush()
        for path in folder.glob("worker-*"):
            path.unlink()
        return Spooled(name=shard.name, parts=parts.names, files=files, articles=articles, rejected=rejected)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Bytes of a file that a worker wrote."""

    file: str = ""
    start: int = 0
    end: int = 0

    def lines(self, folder: Path) -> Iterator[bytes]:
        if self.start == self.end:
            return
        with (folder / self.file).open("rb") as stream:
            stream.seek(self.start)
            left = self.end - self.start
            while left > 0:
                line = stream.readline()
                left -= len(line)
                yield line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What one file gave: its size and hash, where its entries and ledger lines stand, how many they are."""

    bytes: int | None
    sha256: str | None
    articles: int = 0
    rejected: int = 0
    entries: _Stretch = _Stretch()
    ledger: _Stretch = _Stretch()


def _lost(source: Source, failed: Failed, ledger: BinaryIO) -> _Taken:
    """A file that ended its worker."""
    gone = lost(source, failed)
    ledger.write(ledger_line(gone.line))
    return _Taken(bytes=gone.bytes, sha256=gone.line.origin.sha256, rejected=1)


def ledger_line(line: Rejected) -> bytes:
    """A line of the ledger as the release has it."""
    text = json.dumps(line.to_json(), ensure_ascii=False, separators=(",", ":"))
    # a lone surrogate becomes its escape, which is what JSON would say anyway
    return text.encode("utf-8", "backslashreplace") + b"\n"


#: The worker of this process and its task: it stays from shard to shard, with the modules that it has loaded.
_worker: list[tuple[int, ReadAndLabel, Guard["_Item", "_Taken"]]] = []

_Item = tuple[str, Source]


def _guarded(task: ReadAndLabel, items: Iterable[_Item]) -> Iterator[tuple[_Item, "_Taken | Failed"]]:
    """Each file with what it gave, from a worker that may die."""
    if not _worker or _worker[0][:2] != (os.getpid(), task):
        if _worker and _worker[0][0] == os.getpid():
            _worker[0][2].close()
        _worker[:] = [(os.getpid(), task, Guard(_Worker(task), 1, task.limits))]
    try:
        yield from _worker[0][2].run(items)
    except BaseException:
        _worker.pop()[2].close()
        raise


@dataclass(slots=True)
class _Worker:
    """Reads and labels one file after the other; lives in a process of its own."""

    task: ReadAndLabel
    _files: "_Files | None" = field(default=None)

    def __call__(self, item: _Item, beat: Callable[[], None]) -> _Taken:
        folder, source = Path(item[0]), item[1]
        # a disk that is full must not look like a file that cannot be read
        with on_disk(folder):
            if self._files is None or self._files.folder != folder:
                if self._files is not None:
                    self._files.close()
                self._files = _Files(folder)
            try:
                return self._read(source, beat, self._files)
            finally:
                self._files.flush()

    def _read(self, source: Source, beat: Callable[[], None], files: "_Files") -> _Taken:
        entries_from, ledger_from = files.entries.tell(), files.ledger.tell()
        articles = rejected = 0
        size, sha256 = None, None
        try:
            data = contents(source, limits=self.task.limits)
        except Refused as refused:
            size = size_and_sha256(source, hashed=False)[0]
            files.ledger.write(ledger_line(refused.rejected(Origin(file_name=source.file_name), "open")))
            rejected = 1
        else:
            size, sha256 = len(data), hashlib.sha256(data).hexdigest()
            articles_read = reading.parsed(
                data, source.file_name, fields=self.task.fields or None, limits=self.task.limits, beat=beat
            )
            admitted_ = admitted(articles_read, self.task.admission)
            for voted in labelled(admitted_, resolved(self.task.labellers), beat, self.task.limits):
                if isinstance(voted, Rejected):
                    files.ledger.write(ledger_line(voted))
                    rejected += 1
                else:
                    files.add(voted, self.task.group_by)
                    articles += 1
        return _Taken(
            bytes=size,
            sha256=sha256,
            articles=articles,
            rejected=rejected,
            entries=_Stretch(files.entries_name, entries_from, files.entries.tell()),
            ledger=_Stretch(files.ledger_name, ledger_from, files.ledger.tell()),
        )


@cache
def resolved(labellers: str) -> tuple[lookup.Labeller, ...]:
    """The labellers of a specification, once a process: weights are loaded before workers are forked. None where all
    labels come from systems, which workers do not ask."""
    return lookup.resolve(labellers) if labellers else ()


class _Files:
    """The files that one worker writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        process = os.getpid()
        self.records_name = f"records-{process}.jsonl"
        self.entries_name = f"worker-{process}-entries.jsonl"
        self.ledger_name = f"worker-{process}-ledger.jsonl"
        self.records = (folder / self.records_name).open("ab")
        self.entries = (folder / self.entries_name).open("ab")
        self.ledger = (folder / self.ledger_name).open("ab")

    def add(self, voted: Voted, group_by: list[str]) -> None:
        """An article's record, and its entry."""
        offset = self.records.tell()
        line = article_line(voted.article.to_json(), voted.votes_json)
        self.records.write(line)
        row = entry(voted.article, group_by, None, self.records_name, offset, len(line))
        self.entries.write(row.to_line())

    def close(self) -> None:
        """Closes them."""
        for file in (self.records, self.entries, self.ledger):
            file.close()

    def flush(self) -> None:
        """What was written can be read by others."""
        for file in (self.records, self.entries, self.ledger):
            file.flush()


def identity(labellers: Sequence[lookup.Labeller]) -> list[str]:
    """What tells that labellers are the same as before: names, versions, hashes of weights and of code."""
    return [
        canonical([labeller.name, labeller.annotator.version, labeller.weights_sha256(), _code_sha256(labeller.name)])
        for labeller in labellers
    ]


def _code_sha256(name: str) -> list[str]:
    """Hashes of the code behind a labeller: of a plugin its module; of a function every module that is loaded from
    elsewhere than where Python installs packages, since any of them may be what the function calls."""
    if ":" not in name:
        return [file_sha256(Path(file)) for file in [plugins.find("labellers", name).__file__] if file]
    installed = tuple(sysconfig.get_paths().values())
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    own = sorted(file for file in files if file and Path(file).is_file() and not file.startswith(installed))
    return [file_sha256(Path(file)) for file in own]
