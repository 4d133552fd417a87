"""Paths that a user names: shown as text, and looked for before anything that takes time."""

import os
from collections.abc import Iterable

from allegedly.schemas.errors import UsageError


def readable(path: str | bytes | os.PathLike[str]) -> str:
    """A path as text: bytes that are no UTF-8 as ``\\xNN``, half of a surrogate pair as ``\\udNNN``."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return str(path).encode("utf-8", "backslashreplace").decode()


def require(paths: Iterable[str | os.PathLike[str]]) -> None:
    """UsageError for the first path that is not there."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 -- loading pathlib takes longer than the look
            raise UsageError(f"no such file or folder: {readable(path)!r}; name files or folders that are there")
