"""Marks on kept answers, which only the user who asked can make.

Conventions: an HMAC-SHA256 under a key of 32 random bytes in the user's state folder (``XDG_STATE_HOME``, else
``~/.local/state``), made at first use and readable by the user alone. Where no such file can be had the key lives as long
as the process: marks made today then say nothing tomorrow.
"""

import hashlib
import hmac
import os
import secrets
import stat
from functools import cache
from pathlib import Path

_SIZE = 32


def mark(*parts: str) -> str:
    """The mark of some texts together."""
    return hmac.new(_key(), "\0".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return _of(os.environ.get("XDG_STATE_HOME") or "")


@cache
def _of(state: str) -> bytes:
    try:
        folder = (Path(state) if state else Path.home() / ".local" / "state") / "allegedly"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "answers.key"
        return _read(file) or _made(file) or _read(file) or secrets.token_bytes(_SIZE)
    except (OSError, RuntimeError):  # no home, or none that can be written
        return secrets.token_bytes(_SIZE)


def _read(file: Path) -> bytes | None:
    """The key in a file that is the user's own; None where there is none."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as opened:
        about = os.fstat(opened.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid():
            raise OSError(f"{file}: not the user's own file")
        key = opened.read(_SIZE)
    return key if len(key) == _SIZE else None


def _made(file: Path) -> bytes | None:
    """A new key; None where another process was faster."""
    key = secrets.token_bytes(_SIZE)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(key)
        os.link(fresh, file, follow_symlinks=False)  # whole or not at all, and never over another's
    except FileExistsError:
        return None
    finally:
        fresh.unlink()
    return key
