"""Listing: the files of a build on disk, cut into shards.

Conventions: a shard is a file of JSON lines, one a source, in the order in which sources are found. How many there are
hangs on the files alone. A source's line holds what tells that its file is the same as before: size, times, number.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allegedly.builders.sources.choice import Choice
from allegedly.builders.sources.find import Source
from allegedly.schemas.records import Rejected

#: A shard holds at least so many files or bytes, if there are as many; about ``SHARDS`` share more than that.
LEAST_FILES, LEAST_BYTES = 64, 4 << 20
SHARDS = 2048
#: Every file.
ALL = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShard:
    """Some of the files: the listing that names them, its hash, and how many they are."""

    name: str
    listing: str
    sha256: str
    files: int

    def sources(self) -> Iterator[Source]:
        """The files, in order."""
        with Path(self.listing).open(encoding="ascii") as lines:
            for line in lines:
                path, file_name, *_ = json.loads(line)
                yield Source(path=path, file_name=file_name)


def listed(
    sources: Iterable[Source | Rejected],
    folder: Path,
    *,
    excluded: Callable[[Path], bool],
    rejected: Callable[[Rejected], None],
    choice: Choice = ALL,
    passed_over: Callable[[int], None] = lambda files: None,
) -> list[FileShard]:
    """Writes the listing of all files into a folder. What is no file goes to ``rejected``; what is ``excluded`` is
    left out; what is not in the ``choice`` is counted for ``passed_over``."""
    folder.mkdir(exist_ok=True)
    whole = folder / "all.jsonl"
    files = size = others = 0
    with whole.open("w", encoding="ascii") as out:
        for source in sources:
            if not choice.takes(source.origin.file_name if isinstance(source, Rejected) else source.file_name):
                others += 1
            elif isinstance(source, Rejected):
                rejected(source)
            elif not excluded(Path(source.path)):
                line, bytes_ = _line(source)
                out.write(line)
                files += 1
                size += bytes_
    if others:
        passed_over(others)
    shards = list(_cut(whole, folder, max(LEAST_FILES, files // SHARDS), max(LEAST_BYTES, size // SHARDS)))
    whole.unlink()
    return shards


def _line(source: Source) -> tuple[str, int]:
    """A source's line and its size in bytes."""
    try:
        status = Path(source.path).stat()
    except OSError:
        return json.dumps([source.path, source.file_name]) + "\n", 0  # it went away: reading says so
    same = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    return json.dumps([source.path, source.file_name, *same]) + "\n", status.st_size


def _cut(whole: Path, folder: Path, most_files: int, most_bytes: int) -> Iterator[FileShard]:
    lines: list[str] = []
    number = size = 0
    with whole.open(encoding="ascii") as listing:
        for line in listing:
            lines.append(line)
            size += (json.loads(line)[2:] or [0])[0]
            if len(lines) >= most_files or size >= most_bytes:
                yield _shard(folder, number, lines)
                lines, size, number = [], 0, number + 1
    if lines:
        yield _shard(folder, number, lines)


def _shard(folder: Path, number: int, lines: list[str]) -> FileShard:
    name = f"{number:06d}"
    path = folder / f"{name}.jsonl"
    text = "".join(lines)
    path.write_text(text, encoding="ascii")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return FileShard(name=name, listing=str(path), sha256=digest, files=len(lines))
