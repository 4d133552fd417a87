"""Opening the files of a release: those that its manifest lists, as the manifest says they are, and nothing else.

Conventions: the folder is the one that the user named; below it no link is followed, and nothing but a regular file is
read. A file is hashed on the handle from which it is then read.
"""

import errno
import hashlib
import io
import os
import stat
from contextlib import suppress
from pathlib import Path

from allegedly.schemas.errors import DataError
from allegedly.schemas.manifest import Output

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
AGAIN = "fetch the release again, or build it anew"


class Unsound(DataError):
    """A file of a release is not what its manifest says: what was found and what was expected, also for a problem."""

    def __init__(self, file: Path, found: str, expected: str, message: str | None = None) -> None:
        super().__init__(f"{file}: {message or f'found {found}, expected {expected}; {AGAIN}'}")
        self.file, self.found, self.expected = file, found, expected


def regular(folder: Path, name: str) -> io.BufferedReader:
    """Opens the regular file ``name`` below a folder, following no link on the way. FileNotFoundError where nothing is
    there; Unsound for a link, a pipe, a device or a folder."""
    *parents, last = name.split("/")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    path = folder
    try:
        for parent in parents:
            path /= parent
            inner = _below(here, parent, path, os.O_DIRECTORY)
            os.close(here)
            here = inner
        # a named pipe must not hold us up until somebody writes to it
        handle = _below(here, last, path / last, os.O_NONBLOCK)
    finally:
        with suppress(OSError):
            os.close(here)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "something else")
        raise Unsound(folder / name, kind, "a regular file")
    return open(handle, "rb")  # noqa: PTH123 -- it has a descriptor


def _below(here: int, name: str, path: Path, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=here)
    except OSError as error:
        mode = _mode(here, name)
        if stat.S_ISLNK(mode):
            hint = "a copy with the links resolved (cp -rL) can be read"
            raise Unsound(
                path, "a symbolic link", "a file or folder of the release itself", f"is a symbolic link; {hint}"
            ) from None
        if error.errno in (errno.ENXIO, errno.ENOTDIR) and mode:
            raise Unsound(path, "a socket, a device or a file", "a file or folder of the release") from None
        if isinstance(error, FileNotFoundError):
            raise
        raise Unsound(path, error.strerror or str(error), "a file that can be read") from None


def _mode(here: int, name: str) -> int:
    try:
        return os.stat(name, dir_fd=here, follow_symlinks=False).st_mode
    except OSError:
        return 0


def checked(folder: Path, output: Output) -> io.BufferedReader:
    """Opens a file that the manifest lists, at its beginning, after it was hashed. Unsound where it is missing, no
    regular file, or of another size or hash."""
    file = folder / output["path"]
    try:
        stream = regular(folder, output["path"])
    except FileNotFoundError:
        missing = f"missing, but manifest.json lists it; {AGAIN}"
        raise Unsound(file, "no file", "the file that manifest.json lists", missing) from None
    try:
        size = os.fstat(stream.fileno()).st_size
        if size != output["bytes"]:
            message = f"{size} bytes, but manifest.json says {output['bytes']}; {AGAIN}"
            raise Unsound(file, f"{size} bytes", f"{output['bytes']} bytes", message)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != output["sha256"]:
            message = f"its SHA-256 is {digest}, but manifest.json says {output['sha256']}; {AGAIN}"
            raise Unsound(file, f"sha256 {digest}", f"sha256 {output['sha256']}", message)
        stream.seek(0)
    except OSError as error:
        stream.close()
        raise Unsound(file, error.strerror or str(error), "a file that can be read") from error
    except BaseException:
        stream.close()
        raise
    return stream
