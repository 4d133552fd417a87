"""The files of rules as they stand: read once, and checked for what they are written in.

Conventions: what is wrong in a file is a UsageError: whoever changed the file is the one who can mend it, so that a command
ends at once instead of leaving out the labels of article after article. The message names the file and the place.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from allegedly.schemas.errors import UsageError
from allegedly.schemas.plugins import hint

_FOLDER = Path(__file__).parent
_CALLED = {str: "a text", bool: "true or false", dict: "a table", list: "a list", int: "a number", float: "a number"}


def text(file: str, folder: Path = _FOLDER) -> str:
    """The text of a file. UsageError for one that cannot be read or is not UTF-8."""
    try:
        data = (folder / file).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}); expected a file beside the labellers") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{file}, line {line}: found the byte {data[error.start]:#04x}, which is no UTF-8; save the file as UTF-8"
        ) from None


def parsed(file: str, content: str) -> dict[str, Any]:
    """The tables of a text in TOML. UsageError, with the line, where it is none."""
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: {error}; expected TOML") from None


@cache
def toml(file: str) -> dict[str, Any]:
    """The tables of a file that ships. UsageError where it cannot be read."""
    return parsed(file, text(file))


def is_none(name: object, known: Iterable[str]) -> str:
    """What is said of a value that is none of those that are known, with the nearest."""
    return f"{name!r} is none{_others(str(name), known)}"


def is_no_field(key: str, known: Iterable[str]) -> str:
    """What is said of a field that is none of those that are known, with the nearest."""
    return f"is no field{_others(key, known)}"


def _others(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = hint(name, names)
    return f"{near} There are {', '.join(names)}" if near else f"; there are {', '.join(names)}"


def checked(where: str, value: object, kinds: Mapping[str, type], needed: Iterable[str] = ()) -> dict[str, Any]:
    """A table whose keys are some that are known, each of its kind. UsageError for another key or kind, or one that is
    missing."""
    table: dict[str, Any] = expected(where, value, dict)
    for key, item in table.items():
        if key not in kinds:
            raise UsageError(f"{where}, {key}: {is_no_field(key, kinds)}")
        expected(f"{where}, {key}", item, kinds[key])
    for key in needed:
        if key not in table:
            raise UsageError(f"{where}, {key}: is missing; expected {_CALLED[kinds[key]]}")
    return table


def expected(where: str, value: Any, kind: type) -> Any:
    """A value of a kind. UsageError for one of another."""
    if type(value) is not kind:
        raise UsageError(f"{where}: found {_shown(value)}, expected {_CALLED[kind]}")
    return value


def texts(where: str, value: object) -> dict[str, str]:
    """A table of texts by name. UsageError for anything else."""
    table: dict[str, str] = expected(where, value, dict)
    for key, item in table.items():
        expected(f"{where}, {key}", item, str)
    return table


def lower(where: str, words: str) -> tuple[str, ...]:
    """The words of a list. UsageError for one with a capital: words are looked up in lower case."""
    found = tuple(words.split())
    for word in found:
        if word != word.lower():
            raise UsageError(
                f"{where}: {word!r} fits no word, as they are looked up in lower case; write {word.lower()!r}"
            )
    return found


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
