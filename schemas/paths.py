"""Paths that a user names: shown as text, and looked for before anything that takes time."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from allegedly.schemas.errors import DataError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


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


def files_below(folder: str | os.PathLike[str], pattern: str = "*") -> "list[Path]":
    """What in a folder, at any depth, is no folder and has a name that fits a pattern, in order. OSError for a folder that
    cannot be read: what it holds would be missing without a word."""
    from fnmatch import fnmatchcase
    from pathlib import Path

    def refused(error: OSError) -> None:
        raise error

    found = os.walk(os.fspath(folder), onerror=refused)
    return sorted(Path(here, name) for here, _, names in found for name in names if fnmatchcase(name, pattern))


@contextmanager
def written(path: str | os.PathLike[str]) -> Iterator[None]:
    """DataError, with the path that the user named and the cause, for what the system refuses while it is written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"--out {readable(path)}: {reason}; nothing was written, or replaced") from error


# a Path keeps one slash of two
_ADDRESS = re.compile(r"(?:https?|hf|ftp|s3|gs|file)://?", re.I)
_AT_THE_HUB = re.compile(r"(?:hf://?|https?://?huggingface\.co/)datasets/([\w.-]+/[\w.-]+)", re.I)
_OWNER_AND_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def require_sources(paths: Iterable[str | os.PathLike[str]], where: str = "") -> None:
    """UsageError for the first source that is not there; for an address, or a name as the Hub has them, with what to do.
    ``where`` says what named it."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 -- loading pathlib takes longer than the look
            raise UsageError(where + _missing(os.fsdecode(path)))


def no_release(path: str | os.PathLike[str]) -> str:
    """Why a path is no release, and what to do: nothing is there, a file is, or a folder of something else."""
    given = readable(path)
    if os.path.isdir(path):  # noqa: PTH112 -- loading pathlib takes longer than the look
        return f"{given}: not a release (it has no manifest.json); `allegedly build {given} --out DIR` makes one of articles"
    if os.path.lexists(path):
        return f"{given}: not a release: a file; a release is a folder, with manifest.json in it"
    hint = elsewhere(given) or f"`allegedly build SOURCES --out {given}` makes one"
    return f"{given}: not a release: no such folder; {hint}"


def _missing(path: str) -> str:
    given = readable(path)
    hint = elsewhere(given)
    if hint and _ADDRESS.match(given):
        return f"{given!r} {hint.removeprefix('it ')}"
    absent = f"no such file or folder: {given!r}; name files or folders that are there"
    return f"{absent} ({hint})" if hint else absent


def elsewhere(given: str) -> str | None:
    """What to do about a path that is not here, but at an address or, as its name says, at the Hub; else None."""
    hub = _AT_THE_HUB.match(given)
    if hub is None and _ADDRESS.match(given):
        return "it is an address, and nothing is fetched: download it first (`curl -L -o FILE ADDRESS`), then name the file"
    if hub is None and not _looks_like_the_hub(given):
        return None
    name = hub[1] if hub else given
    does = "it is a dataset of the Hub, and nothing is fetched" if hub else "it looks like a dataset of the Hub"
    local = name.rpartition("/")[2]
    return (
        f"{does}: download it first with `hf download {name} --repo-type dataset --local-dir {local}`, then name that "
        "folder"
    )


def _looks_like_the_hub(path: str) -> bool:
    """Whether a path is an owner and a name, and the name has no ending as files do."""
    return _OWNER_AND_NAME.fullmatch(path) is not None and not re.search(r"\.[A-Za-z][A-Za-z0-9]{0,7}$", path)


def require(paths: Iterable[str | os.PathLike[str]]) -> None:
    """UsageError for the first path that is not there."""
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 -- loading pathlib takes longer than the look
            raise UsageError(f"no such file or folder: {readable(path)!r}; name files or folders that are there")
