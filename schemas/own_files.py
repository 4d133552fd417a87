"""Files of our own beside somebody else's: written whole or not at all, under names that nobody can foresee.

Conventions: what is being written lies in the same folder under ``.allegedly-`` and a random suffix, made with O_EXCL and
O_NOFOLLOW, and takes its place by a rename, which replaces a link and does not follow it. Nothing that was there before
is opened for writing. Permissions are those of a new file.
"""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: Names of what is being written begin so.
PREFIX = ".allegedly-"
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def whole(path: str | Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of ``path`` when the block ends, and is removed when it fails.

    OSError where the system refuses; then what stood there stands there still.
    """
    path = Path(path)
    fresh = _unforeseen(path.parent)
    try:
        with open(os.open(fresh, os.O_RDWR | _NEW, 0o666), "w+b") as file:  # noqa: PTH123 -- it has a descriptor
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        flushed(path.parent)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def write(path: str | Path, content: str | bytes) -> None:
    """Writes a file whole or not at all; text as UTF-8. OSError as for ``whole``."""
    with whole(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def aside(path: str | Path) -> Iterator[Path]:
    """A path of the same name in a new folder beside ``path``, for writers that open files themselves. What stands there
    when the block ends takes the place of ``path``: a file that of a file, a folder that of an empty folder."""
    path = Path(path)
    folder = _unforeseen(path.parent)
    folder.mkdir(mode=0o700)
    try:
        yield folder / path.name
        made = folder / path.name
        flush(made)
        if is_folder(made) and is_folder(path):
            path.rmdir()
        made.replace(path)
        flushed(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new(path: Path, content: bytes = b"") -> None:
    """Writes a file where nothing is, not even a link. FileExistsError where something is."""
    handle = os.open(path, os.O_WRONLY | _NEW, 0o666)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)


def is_folder(path: Path) -> bool:
    """Whether a folder is there, and not a link to one."""
    return stat.S_ISDIR(_mode(path))


def is_marked(folder: Path, mark: str) -> bool:
    """Whether a folder is ours: no link, made by this user, with a file in it that is the mark."""
    try:
        own, there = folder.lstat(), (folder / mark).lstat()
    except OSError:
        return False
    mine = own.st_uid == there.st_uid == os.geteuid()
    return mine and stat.S_ISDIR(own.st_mode) and stat.S_ISREG(there.st_mode)


def is_file(path: Path) -> bool:
    """Whether a regular file is there, and not a link to one."""
    return stat.S_ISREG(_mode(path))


def is_empty(folder: Path) -> bool:
    """Whether a folder, and no link to one, holds nothing."""
    return is_folder(folder) and next(folder.iterdir(), None) is None


def first_link(folder: Path) -> Path | None:
    """The first symbolic link anywhere below a folder; None where there is none."""
    for here, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            if stat.S_ISLNK(_mode(Path(here, name))):
                return Path(here, name)
    return None


def flush(path: Path) -> None:
    """Makes a file, or a folder with all files below it, durable."""
    if is_folder(path):
        for inner in path.iterdir():
            flush(inner)
    if is_folder(path) or stat.S_ISREG(_mode(path)):
        flushed(path)


def flushed(path: Path) -> None:
    """Makes a file durable, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _unforeseen(folder: Path) -> Path:
    return folder / f"{PREFIX}{secrets.token_hex(8)}"
