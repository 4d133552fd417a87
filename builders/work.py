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

from allegedly.builders.disk import on_disk
from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.own_files import first_link, is_empty, is_folder, is_marked, new

MARK = ".allegedly-work"
#: What every build writes anew, also one that goes on where another was killed.
ANEW = ("listing", "ledger.sqlite", "poured")


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
    with on_disk(path):
        # files that are written anew each time: others of these names are not written through
        for entry in path.iterdir():
            if entry.name in ANEW or (not resume and entry.name != MARK):
                _gone(entry)
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
    try:
        if os.path.lexists(path):
            _check(path)
        else:
            path.mkdir(parents=True)
        if not is_marked(path, MARK):
            new(path / MARK)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}; name another folder with --work") from None


def _check(path: Path) -> None:
    """UsageError for what is not ours. A folder that is empty was being made or removed when a build was killed."""
    if not is_marked(path, MARK) and not is_empty(path):
        raise UsageError(
            f"{path}: lies where the work of this build goes, and is not ours (it has no {MARK} of this user's); move it, "
            "or name another folder with --work. Nothing was touched"
        )
    link = first_link(path)
    if link is not None:
        raise UsageError(f"{link}: a link, which no build leaves in its work; move {path} away. Nothing was touched")


def _gone(entry: Path) -> None:
    shutil.rmtree(entry) if is_folder(entry) else entry.unlink()


def _remove(path: Path) -> None:
    """Removes the folder, its mark last: what is left of it when the build is killed meanwhile is still ours."""
    for entry in path.iterdir():
        if entry.name != MARK:
            _gone(entry)
    (path / MARK).unlink(missing_ok=True)
    path.rmdir()
