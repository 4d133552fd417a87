"""Pipes: standard input and named pipes as sources, poured into files, and lists of sources.

Conventions: a pipe can be read once, so its bytes are poured into a file before the files are found; it is called
``stdin``, ``pipe``, or as the named pipe is. No more of it is kept than one byte over the limit of bytes of a file, by
which reading it is refused. Only a pipe that was named is read; one that lies in a folder is a line of the ledger.
"""

# ruff: noqa: PTH100, PTH116, PTH119, PTH120, PTH123
# names are bytes to the system: os keeps those that are no UTF-8

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from allegedly.builders.sources.find import Named
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import readable, require_sources

STANDARD_INPUT = Path("-")
_DESCRIPTOR = re.compile(r"/dev/fd/\d+|/proc/[^/]+/fd/\d+")
_PIECE = 1 << 20


def named(
    sources: Iterable[str | os.PathLike[str]], files_from: str | os.PathLike[str] | None = None
) -> list[Named | str]:
    """What is to be read: the sources, those of a list behind them. UsageError for one that is not there."""
    paths = [os.fsdecode(os.fspath(source)) for source in sources]
    require_sources(path for path in paths if path != "-")
    listed = [] if files_from is None else _listed(os.fsdecode(os.fspath(files_from)))
    return [*paths, *_with_names(listed)]


def _listed(listing: str) -> list[str]:
    """The paths in a list, a path a line; blank lines are none. UsageError with the line where one is not there."""
    where = "standard input" if listing == "-" else readable(listing)
    try:
        data = sys.stdin.buffer.read() if listing == "-" else Path(listing).read_bytes()
    except OSError as error:
        raise UsageError(
            f"--files-from {where}: cannot be read: {error.strerror}; name a file with a path a line"
        ) from None
    paths = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        path = os.fsdecode(line)
        if line.strip():
            require_sources([path], f"--files-from {where}, line {number}: ")
            paths.append(path)
    if not paths:
        raise UsageError(f"--files-from {where}: names no file; expected a path a line")
    return paths


def _with_names(paths: Sequence[str]) -> Iterator[Named]:
    """Paths of a list with names from the folder on that holds them all: equal names would not tell them apart."""
    if not paths:
        return
    whole = [os.path.abspath(path) for path in paths]
    folder = os.path.commonpath([os.path.dirname(path) for path in whole])
    above = os.path.basename(folder)
    for path in whole:
        inner = os.path.relpath(path, folder)
        yield Named(path=path, name=f"{above}/{inner}" if above else inner)


def poured(sources: Iterable[Named | str], folder: Path, limits: Limits) -> list[Named | str]:
    """The sources, each pipe among them as a file in ``folder``, which is made where there is one."""
    return [_poured(source, folder / str(number), limits.bytes + 1) for number, source in enumerate(sources)]


def _poured(source: Named | str, folder: Path, most: int) -> Named | str:
    standard = source == str(STANDARD_INPUT)
    path = source if isinstance(source, str) else source.path
    if not standard and not _is_pipe(path):
        return source
    folder.mkdir(parents=True)
    file = folder / "poured"
    if standard:
        _pour(sys.stdin.buffer, file, most)
    else:
        with open(path, "rb") as stream:
            _pour(stream, file, most)
    return Named(path=str(file), name=source.name if isinstance(source, Named) else _pipe_name(path))


def _pipe_name(path: str) -> str:
    if path in (str(STANDARD_INPUT), "/dev/stdin"):
        return "stdin"
    return "pipe" if _DESCRIPTOR.fullmatch(path) else os.path.basename(path)


def _is_pipe(path: str) -> bool:
    mode = os.stat(path).st_mode
    return stat.S_ISFIFO(mode) or (stat.S_ISCHR(mode) and path == "/dev/stdin")


def _pour(stream: BinaryIO, file: Path, most: int) -> None:
    with file.open("wb") as out:
        while most > 0 and (piece := stream.read(min(_PIECE, most))):
            out.write(piece)
            most -= len(piece)
