"""Taking a folder's place: a release is made in a sibling folder and exchanged with the old one in one step.

Conventions: the sibling is ``.NAME.building``; it carries a mark, and without it nothing in it is touched. It holds
``new`` (the release being made) and, where the kernel cannot exchange, ``old`` (the former release, for the moment
between two renames). What lies in the folder and is not the old release's own (see ``belongings``) is carried along by
hard link, else by copy; where it stands in the way of a file of the new release, the build is refused.

Source: renameat2(2), RENAME_EXCHANGE.
"""

import ctypes
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from allegedly.builders.release.belongings import Own, in_the_way, is_release, own, still_own
from allegedly.builders.release.lock import Lock
from allegedly.schemas import own_files
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.own_files import is_folder
from allegedly.schemas.stored import MARK, beside

AT_FDCWD, RENAME_EXCHANGE = -100, 2


class Place:
    """The folder that a release is to take: checked, locked, then exchanged."""

    def __init__(self, out: str | Path, mine: Iterable[Path] = ()) -> None:
        self.out = Path(os.path.realpath(out))
        self.side = beside(self.out)
        self.new = self.side / "new"
        self.mine = frozenset(Path(os.path.realpath(path)) for path in mine)
        self._lock = Lock(self.out)
        self._own: Own = {}
        self._unfinished = False

    def __enter__(self) -> "Place":
        check_mount(self.out)
        self._lock.take()
        try:
            self._check_side()
            self._recover()
            self._own = own(self.out)
            self._check()
            self._begin()
        except OSError as error:
            self._lock.release()
            raise DataError(
                f"--out {self.out}: cannot write beside it: {error.strerror or error}; make room, or name another folder"
            ) from error
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if not self._unfinished:
                self._clear()
        finally:
            self._lock.release()

    def exchange(self) -> None:
        """Puts the finished release where the old one stands, with what lay beside that."""
        former_own = still_own(self.out, self._own)
        self._check_clashes(former_own)
        ours = _names(self.new)
        _carry(self.out, self.new, former_own)
        if self.out.is_dir():
            shutil.copystat(self.out, self.new)
        flush(self.new)
        (self.side / "exchanging").touch()
        _swap(self.new, self.out, self.side / "old")
        self._unfinished = True
        try:
            _fsync(self.out.parent)
            for former in (self.new, self.side / "old"):
                # what appeared, or was replaced, between carrying and exchanging
                _carry(former, self.out, still_own(former, self._own), ours)
            _fsync(self.out)
            (self.side / "exchanging").unlink()
        except OSError as error:
            raise DataError(
                f"--out {self.out}: the new release stands, but {error.strerror or error}: what was put into the former "
                f"folder meanwhile lies in {self.side}; the next build carries it along"
            ) from error
        self._unfinished = False

    def excluded(self, path: Path) -> bool:
        """Whether a path is this build's own output or workplace, and so no source."""
        real = Path(os.path.realpath(path))
        if real.is_relative_to(self.side) or real == self._lock.path:
            return True
        return real.is_relative_to(self.out) and real.relative_to(self.out).as_posix() in self._own

    def own(self, name: str) -> bool:
        """Whether a file lies in the folder that no release of ours made: the user's, and carried along."""
        return os.path.lexists(self.out / name) and name not in self._own

    def _check(self) -> None:
        if not self.out.exists():
            return
        if not self.out.is_dir():
            raise UsageError(f"--out {self.out}: is a file; expected a folder that is absent, empty or a release")
        known = is_release(self.out)
        other = None if known else next(_others(self.out, self.mine), None)
        if other is not None:
            raise UsageError(
                f"--out {self.out}: holds {other.relative_to(self.out).as_posix()!r}, which is no part of a release; "
                "expected a folder that is absent, empty, a release of ours, or holds only this build's sources, "
                "annotations and recipe. Nothing was touched"
            )
        clash = next(in_the_way(self.out, self._own), None)
        if clash is not None:
            why = ", and it is not as manifest.json there says: it was put there or changed since" if known else ""
            raise UsageError(
                f"--out {self.out}: holds {clash!r}, which a release has of its own and would replace{why}; "
                "move it, or name another folder. Nothing was touched"
            )

    def _check_clashes(self, former_own: frozenset[str]) -> None:
        """DataError where something of the user's stands where the new release has a file."""
        for path in sorted(_entries(self.out)) if self.out.is_dir() else ():
            name = path.relative_to(self.out).as_posix()
            target = self.new / name
            both = is_folder(path) and is_folder(target)
            if name not in former_own and os.path.lexists(target) and not both:
                raise DataError(
                    f"--out {self.out}: {name!r} was put there or changed, and the new release has a file of that name; "
                    "move it, and build again. Nothing was replaced"
                )

    def _check_side(self) -> None:
        if (
            os.path.lexists(self.side)
            and not own_files.is_marked(self.side, MARK)
            and not own_files.is_empty(self.side)
        ):
            raise UsageError(
                f"{self.side}: lies where the release is made, and is not ours (it has no {MARK} of this user's); move it. "
                "Nothing was touched"
            )

    def _begin(self) -> None:
        if not os.path.lexists(self.side):
            self.side.mkdir()
        try:
            own_files.new(self.side / MARK)
            self.new.mkdir()
        except OSError:
            with suppress(OSError):
                self._clear()
            raise

    def _recover(self) -> None:
        """Puts right what a build that was killed left behind."""
        old = self.side / "old"
        if is_folder(old) and not os.path.lexists(self.out):
            old.rename(self.out)
        if os.path.lexists(self.side / "exchanging") and self.out.is_dir():
            for former in (self.new, old):
                if is_folder(former):
                    _carry(former, self.out, frozenset(own(former)), frozenset(own(self.out)))
        self._clear()

    def _clear(self) -> None:
        """Removes the sibling, its mark last: what is left of it when a build is killed meanwhile is still ours."""
        if not os.path.lexists(self.side):
            return
        for path in self.side.iterdir():
            if path.name != MARK:
                shutil.rmtree(path) if is_folder(path) else path.unlink()
        (self.side / MARK).unlink(missing_ok=True)
        self.side.rmdir()


def check_mount(out: Path) -> None:
    """DataError for a folder that is a mount point: it cannot be exchanged with another."""
    if out.exists() and (os.path.ismount(out) or str(out) in _mounts()):
        raise DataError(
            f"--out {out}: is a mount point, which cannot be exchanged in one step; name a folder inside it. "
            "Nothing was read"
        )


def _mounts() -> set[str]:
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return set()
    return {line.split(" ")[4].replace("\\040", " ") for line in lines}


def _others(folder: Path, mine: frozenset[Path]) -> Iterator[Path]:
    """Files under a folder that are neither in ``mine`` nor below it."""
    if any(folder.is_relative_to(own) for own in mine):
        return
    for path in sorted(folder.iterdir()):
        real = Path(os.path.realpath(path))
        if real in mine or path in mine:
            continue
        if path.is_dir() and not path.is_symlink():
            if any(own.is_relative_to(real) for own in mine):
                yield from _others(path, mine)
            elif next(path.iterdir(), None) is not None:
                yield path
        else:
            yield path


def _carry(old: Path, new: Path, former_own: frozenset[str], new_own: frozenset[str] | None = None) -> None:
    """Links (else copies) what lies in ``old``, and is not that release's own, to the same place in ``new``. What lies
    there already stays, but for what is older and, where ``new_own`` is given, none of these; beside one of these it is
    kept under another name."""
    if not is_folder(old):
        return
    for path in sorted(_entries(old)):
        name = path.relative_to(old).as_posix()
        target = new / name
        if name in former_own:
            continue
        if is_folder(path):
            _folder(path, target)
        elif not os.path.lexists(target):
            _folder(path.parent, target.parent)
            _link(path, target)
        elif new_own is not None and _newer(path, target):
            if name in new_own:
                _link(path, _free(target))
            else:
                target.unlink()
                _link(path, target)
    _prune(new, former_own)


def _newer(path: Path, target: Path) -> bool:
    found, there = path.lstat(), target.lstat()
    return not os.path.samestat(found, there) and found.st_mtime_ns > there.st_mtime_ns


def _free(target: Path) -> Path:
    """A name beside one that is taken."""
    number, free = 1, target.with_name(f"{target.name}.kept")
    while os.path.lexists(free):
        number, free = number + 1, target.with_name(f"{target.name}.kept-{number + 1}")
    return free


def _entries(folder: Path) -> Iterator[Path]:
    """Everything below a folder, links not followed. OSError where a folder cannot be read: it cannot be carried along."""
    for here, folders, files in os.walk(folder, onerror=_raise):
        for name in (*folders, *files):
            yield Path(here, name)


def _raise(error: OSError) -> None:
    raise error


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.relative_to(folder).as_posix() for path in _entries(folder))


def _folder(path: Path, target: Path) -> None:
    if not target.exists():
        target.mkdir(parents=True)
        shutil.copystat(path, target)


def _prune(new: Path, former_own: frozenset[str]) -> None:
    """Removes folders that only the old release's own files had filled, and so would be carried along empty."""
    folders = {parent for name in former_own for parent in Path(name).parents if parent != Path()}
    for name in sorted(folders, key=lambda p: len(p.parts), reverse=True):
        if own_files.is_empty(new / name):
            (new / name).rmdir()


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EEXIST):
            raise
        # many file systems have no hard links, and say so in many ways
        if not stat.S_ISREG(path.lstat().st_mode) and not path.is_symlink():
            raise
        shutil.copy2(path, target, follow_symlinks=False)


def _swap(new: Path, out: Path, aside: Path) -> None:
    """Exchanges two folders in one step where the kernel can; else by two renames, the former release standing at
    ``aside`` between them, where `load` and the next build find it."""
    if not out.exists():
        new.rename(out)
        return
    try:
        _exchange(new, out)
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP):
            raise DataError(f"--out {out}: cannot be exchanged: {error.strerror}; it is as it was") from None
        out.rename(aside)
        _fsync(aside.parent)
        new.rename(out)


def _exchange(left: Path, right: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if libc.renameat2(AT_FDCWD, os.fsencode(left), AT_FDCWD, os.fsencode(right), RENAME_EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def flush(folder: Path) -> None:
    """Makes every file and folder below durable."""
    for path in _entries(folder):
        if not path.is_symlink() and (path.is_file() or path.is_dir()):
            _fsync(path)
    _fsync(folder)


def _fsync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:
        # a file that was carried along and that we may not read: it was not written by us
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def placed(out: str | Path, mine: Iterable[Path] = ()) -> Iterator[Place]:
    """``with placed(out) as place``: checked and locked inside, cleared afterwards."""
    with Place(out, mine) as place:
        yield place
