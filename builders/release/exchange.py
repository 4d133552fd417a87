"""Taking a folder's place: a release is made in a sibling folder and exchanged with the old one in one step.

Conventions: the sibling is ``.NAME.building`` and holds ``new`` (the release being made) and, where the
kernel cannot exchange, ``old`` (the former release, for the moment between two renames). A lock beside it says which
process builds; its time is the time of the lock's file. What lies in the folder and is not listed by the old manifest
is carried along by hard link, else by copy.

Source: renameat2(2), RENAME_EXCHANGE.
"""

import ctypes
import errno
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.stored import beside

AT_FDCWD, RENAME_EXCHANGE = -100, 2
#: What a release writes whatever lies there.
WRITTEN = ("README.md", "croissant.json", "manifest.json", "rejected.jsonl", "data/*/*.parquet")


class Place:
    """The folder that a release is to take: checked, locked, then exchanged."""

    def __init__(self, out: str | Path, mine: Iterable[Path] = ()) -> None:
        self.out = Path(os.path.realpath(out))
        self.side = beside(self.out)
        self.new = self.side / "new"
        self.mine = frozenset(Path(os.path.realpath(path)) for path in mine)
        self._lock: int | None = None

    def __enter__(self) -> "Place":
        check_mount(self.out)
        self._lock = _locked(self.out)
        try:
            self._recover()
            self._check()
            self.new.mkdir(parents=True)
        except BaseException:
            self._unlock()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()
        self._unlock()

    def exchange(self) -> None:
        """Puts the finished release where the old one stands, with what lay beside that."""
        listed = _listed(self.out)
        _carry(self.out, self.new, listed)
        if self.out.is_dir():
            shutil.copystat(self.out, self.new)
        flush(self.new)
        (self.side / "exchanging").touch()
        _swap(self.new, self.out, self.side / "old")
        _fsync(self.out.parent)
        for former in (self.new, self.side / "old"):
            # what appeared, or was replaced, between carrying and exchanging
            _carry(former, self.out, listed, _listed(self.out))
        _fsync(self.out)
        (self.side / "exchanging").unlink()

    def excluded(self, path: Path) -> bool:
        """Whether a path is this build's own output or workplace, and so no source."""
        real = Path(os.path.realpath(path))
        if real.is_relative_to(self.side) or real == lock_path(self.out):
            return True
        return real.is_relative_to(self.out) and real.relative_to(self.out).as_posix() in self._outputs

    def own(self, name: str) -> bool:
        """Whether a file lies in the folder that no manifest of ours lists: the user's, and carried along."""
        return os.path.lexists(self.out / name) and name not in self._outputs

    @property
    def _outputs(self) -> frozenset[str]:
        if not hasattr(self, "_known_outputs"):
            self._known_outputs = _listed(self.out)
        return self._known_outputs

    def _check(self) -> None:
        if not self.out.exists():
            return
        if not self.out.is_dir():
            raise UsageError(f"--out {self.out}: is a file; expected a folder that is absent, empty or a release")
        if (self.out / "manifest.json").is_file() and _listed(self.out):
            return
        other = next(_others(self.out, self.mine), None)
        if other is not None:
            raise UsageError(
                f"--out {self.out}: holds {other.relative_to(self.out).as_posix()!r}, which is no part of a release; "
                "expected a folder that is absent, empty, a release of ours, or holds only this build's sources, "
                "annotations and recipe. Nothing was touched"
            )
        clash = next((path for pattern in WRITTEN for path in sorted(self.out.glob(pattern))), None)
        if clash is not None:
            raise UsageError(
                f"--out {self.out}: holds {clash.relative_to(self.out).as_posix()!r}, which a release has of its own and "
                "would replace; move it, or name another folder. Nothing was touched"
            )

    def _recover(self) -> None:
        """Puts right what a build that was killed left behind."""
        old = self.side / "old"
        if old.is_dir() and not self.out.exists():
            old.rename(self.out)
        if (self.side / "exchanging").exists() and self.out.is_dir():
            for former in (self.new, old):
                _carry(former, self.out, _listed(former), _listed(self.out))
        self._clear()

    def _clear(self) -> None:
        if self.side.exists():
            shutil.rmtree(self.side)

    def _unlock(self) -> None:
        if self._lock is not None:
            lock_path(self.out).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None


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


def lock_path(out: Path) -> Path:
    return out.parent / f".{out.name}.lock"


def _locked(out: Path) -> int:
    """An open, locked file beside the folder. UsageError where another process holds it."""
    import fcntl

    path = lock_path(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(_held(out, handle)) from None
            # the holder before us may have removed the file between our opening and locking it
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                os.truncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
                return handle
            os.close(handle)
    except OSError as error:
        raise DataError(f"--out {out}: cannot write beside it, in {out.parent}: {error.strerror}") from None


def _held(out: Path, handle: int) -> str:
    from datetime import datetime

    since = datetime.fromtimestamp(os.fstat(handle).st_mtime).astimezone().isoformat(timespec="seconds")
    holder = os.pread(handle, 20, 0).decode() or "unknown"
    os.close(handle)
    return f"--out {out}: another build holds this folder: process {holder}, since {since}; wait for it, or end it"


def _listed(folder: Path) -> frozenset[str]:
    """Paths that a release's manifest speaks for; empty where it is no release of ours."""
    try:
        value = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not {"content_sha256", "allegedly", "outputs"} <= value.keys():
            return frozenset()
        return frozenset({"manifest.json", *(output["path"] for output in value["outputs"])})
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return frozenset()


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


def _carry(old: Path, new: Path, listed: frozenset[str], own: frozenset[str] | None = None) -> None:
    """Links (else copies) what lies in ``old``, and its manifest does not list, to the same place in ``new``. What lies
    there already stays, but for what is older and not the new release's ``own``, where that is given."""
    if not old.is_dir():
        return
    for path in sorted(_entries(old)):
        name = path.relative_to(old).as_posix()
        target = new / name
        if name in listed:
            continue
        if path.is_dir() and not path.is_symlink():
            _folder(path, target)
        elif not os.path.lexists(target):
            _folder(path.parent, target.parent)
            _link(path, target)
        elif own is not None and name not in own and _newer(path, target):
            target.unlink()
            _link(path, target)
    _prune(new, old, listed)


def _newer(path: Path, target: Path) -> bool:
    found, there = path.lstat(), target.lstat()
    return not os.path.samestat(found, there) and found.st_mtime_ns > there.st_mtime_ns


def _entries(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(here, name)


def _folder(path: Path, target: Path) -> None:
    if not target.exists():
        target.mkdir(parents=True)
        shutil.copystat(path, target)


def _prune(new: Path, old: Path, listed: frozenset[str]) -> None:
    """Removes folders that only the old release's own files had filled, and so would be carried along empty."""
    own = {parent for name in listed for parent in Path(name).parents if parent != Path()}
    for name in sorted(own, key=lambda p: len(p.parts), reverse=True):
        folder = new / name
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EEXIST):
            raise
        # many file systems have no hard links, and say so in many ways
        if not stat.S_ISFIFO(path.lstat().st_mode):
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
