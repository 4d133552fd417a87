"""The folder of a build under way: what its stages leave there lets one that was killed go on.

Conventions: the folder is ``.NAME.work`` beside the release, or a folder of that name's own in the one that is given.
It carries a mark; without it nothing in it is touched. It goes when the release stands, and when the build ends with an
error, unless the folder was given; a build that was killed or interrupted leaves it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas.errors import DataError, UsageError

MARK = ".allegedly-work"


def work_path(out: Path, given: Path | None) -> Path:
    """Where the work of a release at ``out`` lies."""
    if given is None:
        return out.parent / f".{out.name}.work"
    if given == out or given.is_relative_to(out):
        raise UsageError(f"--work {given}: lies inside --out {out}, which is replaced; name a folder outside of it")
    # several releases may be built in one shared folder
    return given / f"{out.name}-{hashlib.sha256(os.fsencode(out)).hexdigest()[:8]}.work"


@contextmanager
def work_folder(out: Path, given: Path | None, *, resume: bool = True, watch: Watch = SILENT) -> Iterator[Path]:
    """The folder, made or found. UsageError where something else lies there, DataError where it cannot be written.
    Without ``resume`` it is emptied first."""
    path = work_path(out, given)
    _make(path)
    if not resume:
        _remove(path)
        _make(path)
    try:
        yield path
    except KeyboardInterrupt:
        watch.note(f"what is done lies in {path}; the same command goes on there")
        raise
    except Exception:
        if given is None:
            _remove(path)
        raise
    _remove(path)


def _make(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not _ours(path)):
        raise UsageError(
            f"{path}: lies where the work of this build goes, and is not ours (it has no {MARK}); move it, or name "
            "another folder with --work. Nothing was touched"
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / MARK).touch()
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}; name another folder with --work") from None


def _ours(path: Path) -> bool:
    """Whether a folder has our mark. One that is empty was being made or removed when a build was killed."""
    return path.is_dir() and ((path / MARK).is_file() or next(path.iterdir(), None) is None)


def _remove(path: Path) -> None:
    """Removes the folder, its mark last: what is left of it when the build is killed meanwhile is still ours."""
    for entry in path.iterdir():
        if entry.name != MARK:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    (path / MARK).unlink(missing_ok=True)
    path.rmdir()
