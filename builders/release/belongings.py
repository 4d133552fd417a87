"""Belongings: which files of a folder an earlier build made, so that the next one may replace them.

Conventions: a manifest is data, since anybody may have written it. It speaks for itself and for what it lists of the names
that a release may have, as long as the file has the hash that it gives. All else is the user's.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.manifest import PAGES, Output, is_name, placed
from allegedly.schemas.opening import Unsound, checked, regular
from allegedly.schemas.own_files import is_folder
from allegedly.schemas.stored import MANIFEST, MOST_MANIFEST

#: What tells that a file is the one that was hashed: device, number, size, times of writing and of change.
Signature = tuple[int, ...]
#: Errors of the machine, not of a file: what cannot be read for them may well be ours.
_FAILING = frozenset([errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE])
#: Files that an earlier build made, by name.
Own = Mapping[str, Signature]


def is_release(folder: Path) -> bool:
    """Whether a folder holds a manifest of ours."""
    return _outputs(folder) is not None


def own(folder: Path) -> dict[str, Signature]:
    """The files of a folder that a release made there: none where no manifest of ours lies. DataError where the disk fails."""
    outputs = _outputs(folder)
    if outputs is None:
        return {}
    files = {MANIFEST: _signature(folder / MANIFEST)}
    for output in outputs:
        try:
            with checked(folder, output) as file:
                files[output["path"]] = _of(os.fstat(file.fileno()))
        except Unsound as unsound:
            _raise_if_failing(unsound.__cause__, folder / output["path"])
    return files


def still_own(folder: Path, known: Own) -> frozenset[str]:
    """Those of them that are as they were when they were hashed."""
    return frozenset(name for name, signature in known.items() if _signature(folder / name) == signature)


def in_the_way(folder: Path, known: Own) -> Iterator[str]:
    """Names of a release's files that stand there and are not its own. A recipe is none: the user's own stays."""
    names = [MANIFEST, *(name for name in PAGES if name != "recipe.toml")]
    for config in CONFIGS:
        inner = folder / "data" / config
        if not is_folder(inner) or not is_folder(folder / "data"):
            yield from (str(path.relative_to(folder)) for path in (folder / "data", inner) if _is_there(path))
            continue
        files = (f"data/{config}/{path.name}" for path in sorted(inner.iterdir()))
        names += [name for name in files if placed(name, CONFIGS, SPLITS)]
    yield from (name for name in names if name not in known and os.path.lexists(folder / name))


def _raise_if_failing(error: BaseException | None, path: Path) -> None:
    if isinstance(error, OSError) and error.errno in _FAILING:
        raise DataError(
            f"{path}: {error.strerror}; whether the release there is ours cannot be told. Nothing was touched"
        )


def _is_there(path: Path) -> bool:
    """Whether something that is no folder stands where a release has one."""
    return os.path.lexists(path) and not is_folder(path)


def _outputs(folder: Path) -> list[Output] | None:
    """What the manifest of a folder lists, as far as a release may have such files; None where none of ours is there."""
    try:
        with regular(folder, MANIFEST) as stream:
            value = json.loads(stream.read(MOST_MANIFEST))
    except OSError as error:
        _raise_if_failing(error, folder / MANIFEST)
        return None
    except (ValueError, RecursionError, Unsound):
        return None
    if not isinstance(value, dict) or not {"content_sha256", "allegedly", "outputs"} <= value.keys():
        return None
    listed = value["outputs"] if isinstance(value["outputs"], list) else []
    return [Output(path=o["path"], bytes=o["bytes"], sha256=o["sha256"], rows=None) for o in listed if _is_output(o)]


def _is_output(value: Any) -> bool:
    if not isinstance(value, dict) or not {"path", "bytes", "sha256"} <= value.keys():
        return False
    kinds = isinstance(value["path"], str) and isinstance(value["bytes"], int) and isinstance(value["sha256"], str)
    return kinds and is_name(value["path"], CONFIGS, SPLITS)


def _signature(path: Path) -> Signature:
    try:
        return _of(path.lstat())
    except OSError:
        return ()


def _of(status: os.stat_result) -> Signature:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
