"""The folder of a report: made beside the one whose place it takes, and exchanged with it in one step.

Conventions: it is made in ``.allegedly-report-`` and a random suffix, beside its place, together with a mark that is
locked for as long as its process lives. What lies in the former folder and is no file of a report is carried along: it is
in both until the exchange, by hard link where the file system has them. Of two processes that write one report at once,
the later stays, whole. What was left by one that was killed is cleared by the next, and nothing else is.

Source: renameat2(2), RENAME_EXCHANGE.
"""

import ctypes
import errno
import fcntl
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from allegedly.schemas import own_files
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable

PREFIX = ".allegedly-report-"
MARK, NEW, FORMER = "mark", "new", "former"
#: A folder that is moved rather than carried: other processes may have its files open.
CACHE = ".cache"
#: Files and folders beside a report that are carried along; with more it is somebody's own folder.
CARRIED = 1000
#: Seconds that another process may take to put its own report there.
PATIENCE = 60.0
AT_FDCWD, RENAME_EXCHANGE = -100, 2
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def check(folder: Path) -> None:
    """Whether a report can be written there. UsageError where the folder is no folder, or where the process stands in
    it; DataError where it cannot be exchanged with another, or nothing can be written beside it."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{readable(folder)}: is no folder; expected one for the report, or a new name")
    real = Path(os.path.realpath(folder))
    with suppress(FileNotFoundError):
        if Path.cwd().is_relative_to(real):
            raise UsageError(
                f"{readable(folder)}: holds the current folder, which a report there would replace; name a folder in it"
            )
    if os.path.ismount(real) or str(real) in _mounts():
        raise DataError(
            f"{readable(folder)}: is a mount point, which cannot be exchanged in one step; name a folder inside it"
        )
    if real.is_dir() and _holds_many(real):
        raise UsageError(
            f"{readable(folder)}: holds more than {CARRIED} other files; name a folder of the report's own"
        )
    above = next(parent for parent in real.parents if parent.exists())
    if not above.is_dir():
        raise DataError(f"{readable(folder)}: {readable(above)} is no folder; name another")
    if not os.access(above, os.W_OK | os.X_OK):
        raise DataError(f"{readable(folder)}: cannot write beside it, in {readable(above)}; name another folder")


def _mounts() -> set[str]:
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return set()
    return {line.split(" ")[4].replace("\\040", " ") for line in lines}


def _holds_many(folder: Path) -> bool:
    count = 0
    for here, folders, files in os.walk(folder):
        if Path(here) == folder and CACHE in folders:
            folders.remove(CACHE)
        count += len(folders) + len(files)
        if count > CARRIED:
            return True
    return False


@contextmanager
def opened(folder: Path, *names: str) -> Iterator[list[BinaryIO]]:
    """Regular files of a folder, all of one report also while another takes its place. OSError, with its path, where one
    is not there."""
    with ExitStack() as stack:
        yield _files(folder, names, stack)


def _files(folder: Path, names: Sequence[str], stack: ExitStack) -> list[BinaryIO]:
    while True:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, handle)
        try:
            return [stack.enter_context(_file(handle, folder, name)) for name in names]
        except FileNotFoundError:
            # else another took its place, and this one was cleared while we opened it
            if os.path.samestat(os.fstat(handle), folder.stat()):
                raise


def _file(folder: int, path: Path, name: str) -> BinaryIO:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path / name)) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is no regular file", str(path / name))
    return open(handle, "rb")  # noqa: PTH123 -- it has a descriptor


@contextmanager
def replacing(folder: Path, own: Set[str]) -> Iterator[Path]:
    """A new folder, which takes the place of ``folder`` when the block ends, and is cleared when it fails. ``own``: names
    of files that are a report's, and so not carried along. DataError where the system refuses; the former report is
    whole then."""
    check(folder)
    real = Path(os.path.realpath(folder))
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        with _side(real.parent) as side:
            try:
                yield side / NEW
                with _alone(real.parent):
                    _place(side, real, own)
            except BaseException:
                _clear(side, real, own)
                raise
    except OSError as error:
        where = error.filename if isinstance(error.filename, str | bytes) else folder
        reason = error.strerror or str(error)
        raise DataError(
            f"{readable(where)}: {reason}; no report was written, {readable(folder)} is as it was"
        ) from error


@contextmanager
def _side(parent: Path) -> Iterator[Path]:
    """A folder to make a report in, with its mark, which is locked inside."""
    made = None
    while made is None:
        made = _marked(parent / f"{PREFIX}{secrets.token_hex(8)}")
    side, mark = made
    try:
        yield side
    finally:
        os.close(mark)


def _marked(side: Path) -> tuple[Path, int] | None:
    """A new folder with its mark, open and locked; None where another process took it, before, for one that was left."""
    side.mkdir(mode=0o700)
    try:
        mark = os.open(side / MARK, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    except OSError:
        side.rmdir()
        raise
    try:
        if not _locked(mark) or not os.fstat(mark).st_nlink:
            os.close(mark)
            return None
        (side / NEW).mkdir()
    except OSError:
        os.close(mark)
        (side / MARK).unlink()
        side.rmdir()
        raise
    return side, mark


def _locked(mark: int) -> bool:
    """Whether the mark is locked now, by this process; so it is too where the file system has no locks."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """No other process exchanges a report in this folder inside. DataError where one does for a minute."""
    handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise DataError(
                        f"{readable(parent)}: another process holds this folder; no report was written"
                    ) from None
                time.sleep(0.02)
            except OSError:
                break  # file systems without locks: the exchange itself is one step all the same
        yield
    finally:
        os.close(handle)


def _place(side: Path, folder: Path, own: Set[str]) -> None:
    """Puts the finished folder where the former one stands, and clears what is left of that."""
    for left in sorted(folder.parent.glob(f"{PREFIX}*")):
        if left != side:
            _clear_left(left, folder, own)
    new = side / NEW
    for path in sorted(new.iterdir()):
        _flush(path)
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in own and path.name != CACHE:
                _carry(path, new / path.name)
        shutil.copystat(folder, new)
    _flush(new)
    _exchange(new, folder, side / FORMER)
    with suppress(OSError):  # the report stands; it was only not made durable
        own_files.flushed(folder.parent)
    _clear(side, folder, own)


def _carry(path: Path, target: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, target, symlinks=True, copy_function=_link)
    else:
        _link(path, target)


def _link(path: str | Path, target: str | Path) -> None:
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EEXIST, errno.EIO):
            raise
        # many file systems have no hard links, and say so in many ways
        if not stat.S_ISFIFO(os.lstat(path).st_mode):
            shutil.copy2(path, target, follow_symlinks=False)


def _exchange(new: Path, folder: Path, aside: Path) -> None:
    """In one step; where the system cannot, by two renames, between which the former folder stands ``aside``."""
    if not folder.exists():
        new.rename(folder)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    number = errno.ENOSYS
    if hasattr(libc, "renameat2"):
        if not libc.renameat2(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(folder), RENAME_EXCHANGE):
            return
        number = ctypes.get_errno()
    if number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(folder))
    folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        aside.rename(folder)
        raise


def _clear_left(left: Path, folder: Path, own: Set[str]) -> None:
    """Clears a folder of a process of ours that is no more."""
    if own_files.is_empty(left):
        with suppress(OSError):
            left.rmdir()
    if not own_files.is_marked(left, MARK):
        return
    with suppress(OSError), ExitStack() as stack:
        mark = os.open(left / MARK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        stack.callback(os.close, mark)
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _clear(left, folder, own)


def _clear(side: Path, folder: Path, own: Set[str]) -> None:
    """Removes a folder of ours, as far as the system lets us: the next run goes on. What lies in it, is no file of a
    report, and is not in the report's folder, goes there."""
    with suppress(OSError):
        if (side / FORMER).is_dir() and not folder.exists():
            (side / FORMER).rename(folder)  # its process was killed between two renames
        for left in (side / NEW, side / FORMER):
            if own_files.is_folder(left):
                _empty(left, folder, own)
                left.rmdir()
        (side / MARK).unlink()
        side.rmdir()


def _empty(left: Path, folder: Path, own: Set[str]) -> None:
    for path in sorted(left.iterdir()):
        if path.name in own and not own_files.is_folder(path):
            path.unlink()
        else:
            _give_back(path, folder / path.name, path.name == CACHE)


def _give_back(path: Path, target: Path, ours: bool) -> None:
    """Moves what only stands here. What stands there too goes; what differs stays, unless it is ours."""
    if not os.path.lexists(target):
        if target.parent.is_dir():
            path.rename(target)
    elif own_files.is_folder(path):
        if own_files.is_folder(target):
            for inner in sorted(path.iterdir()):
                _give_back(inner, target / inner.name, ours)
        path.rmdir()
    elif ours or _are_same(path, target):
        path.unlink()


def _are_same(path: Path, target: Path) -> bool:
    one, other = path.lstat(), target.lstat()
    if os.path.samestat(one, other):
        return True
    if stat.S_ISLNK(one.st_mode) and stat.S_ISLNK(other.st_mode):
        return path.readlink() == target.readlink()
    regular = stat.S_ISREG(one.st_mode) and stat.S_ISREG(other.st_mode)
    return regular and (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
