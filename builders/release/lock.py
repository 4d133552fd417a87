"""The lock of a folder: a file beside it that says which process builds there, held as long as that process lives.

Conventions: the file is ``.NAME.lock``. It holds the number of the process and a mark; one with anything else in it is
somebody else's and is left alone. Its time is the time of the lock.
"""

import fcntl
import os
import re
import stat
from pathlib import Path

from allegedly.schemas.errors import DataError, UsageError

_MARK = "allegedly"
#: What a lock of ours holds: nothing yet, a process (as older versions wrote it), or a process and the mark.
_OURS = re.compile(rf"(\d{{1,10}})?( {_MARK}\n)?".encode())


class Lock:
    """The lock of the folder ``out``, once it was taken."""

    def __init__(self, out: Path) -> None:
        self.out, self.path = out, lock_path(out)
        self._handle: int | None = None

    def take(self) -> None:
        """UsageError where another process holds it, or the file is not ours; DataError where it cannot be written."""
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            while self._handle is None:
                self._handle = self._taken()
        except OSError as error:
            raise DataError(
                f"--out {self.out}: cannot write beside it, in {self.out.parent}: {error.strerror}"
            ) from None

    def release(self) -> None:
        """Gives it back; the file goes."""
        if self._handle is not None:
            if _same(self._handle, self.path):
                self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def _taken(self) -> int | None:
        """The open, locked file; None where its holder removed it between our opening and locking it."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
        try:
            self._check(handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(self._held(handle)) from None
            if not _same(handle, self.path):
                os.close(handle)
                return None
            text = f"{os.getpid()} {_MARK}\n".encode()
            os.pwrite(handle, text, 0)
            os.truncate(handle, len(text))
            return handle
        except BaseException:
            os.close(handle)
            raise

    def _check(self, handle: int) -> None:
        status = os.fstat(handle)
        ours = stat.S_ISREG(status.st_mode) and status.st_nlink <= 1 and status.st_size <= 64
        if not ours or not _OURS.fullmatch(os.pread(handle, 64, 0)):
            raise UsageError(
                f"{self.path}: lies where the lock of this build goes, and is not ours; move it. Nothing was touched"
            )

    def _held(self, handle: int) -> str:
        from datetime import datetime

        since = datetime.fromtimestamp(os.fstat(handle).st_mtime).astimezone().isoformat(timespec="seconds")
        holder = os.pread(handle, 20, 0).decode().partition(" ")[0] or "unknown"
        return f"--out {self.out}: another build holds this folder: process {holder}, since {since}; wait for it, or end it"


def lock_path(out: Path) -> Path:
    """Where the lock of a folder lies."""
    return out.parent / f".{out.name}.lock"


def _same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except OSError:
        return False
