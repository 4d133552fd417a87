"""Paths that a user names: shown as text, and looked for before anything that takes time."""

import os
from collections.abc import Iterable

from allegedly.schemas.errors import UsageError


def readable(path: str | os.PathLike[str]) -> str:
    """A path as text: bytes that are no UTF-8 as ``\\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def require(paths: Iterable[str | os.PathLike[str]]) -> None:
    """UsageError for the first path that is not there."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 -- loading pathlib takes longer than the look
            raise UsageError(f"no such file or folder: {readable(path)!r}; name files or folders that are there")
