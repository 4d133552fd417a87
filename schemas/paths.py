"""Paths that a user names: shown as text, and looked for before anything that takes time."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from allegedly.schemas.errors import DataError, UsageError


def readable(path: str | bytes | os.PathLike[str]) -> str:
    """A path as text: bytes that are no UTF-8 as ``\\xNN``, half of a surrogate pair as ``\\udNNN``."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return str(path).encode("utf-8", "backslashreplace").decode()


def require_text(flags: Mapping[str, object]) -> None:
    """UsageError for the first flag whose words, or name of a folder to make, are no UTF-8: they go into files that are."""
    for flag, given in flags.items():
        for word in given if isinstance(given, list) else [given]:
            if isinstance(word, str) and any("\ud800" <= character <= "\udfff" for character in word):
                raise UsageError(f"--{flag.replace('_', '-')} {readable(word)!r}: is no UTF-8; expected text that is")


@contextmanager
def written(path: str | os.PathLike[str]) -> Iterator[None]:
    """DataError, with the path that the user named and the cause, for what the system refuses while it is written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"--out {readable(path)}: {reason}; nothing was written, or replaced") from error


def require(paths: Iterable[str | os.PathLike[str]]) -> None:
    """UsageError for the first path that is not there."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 -- loading pathlib takes longer than the look
            raise UsageError(f"no such file or folder: {readable(path)!r}; name files or folders that are there")
