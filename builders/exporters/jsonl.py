"""JSON Lines: one article with its labels a line, as `allegedly label` prints them.

Conventions: contract, section 3. Lines are in order of article id, but for those that come first: each of these has a
value where all before it had null or an empty list. Loaders take the types of columns from the beginning of a file, and
fail where a column that was null turns out to be text.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from allegedly.schemas.records import Record

#: What ``--out`` names.
PATH = "file"
LAYERS = ("claims", "speculations", "attributions")


def lines(records: Iterable[Record]) -> Iterator[str]:
    """One line a record, without its end; the records lie in a temporary file until all are there."""
    shown: set[str] = set()
    first: set[int] = set()
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as file:
        for number, record in enumerate(records):
            value = record.to_json()
            new = set(_shown(value)) - shown
            if new:
                shown |= new
                first.add(number)
            file.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
        for come_first in (True, False):
            file.seek(0)
            for number, line in enumerate(file):
                if (number in first) is come_first:
                    yield line.rstrip("\n")


def _shown(value: Any, path: str = "") -> Iterator[str]:
    """Where a value holds something of a type, by path; items of a list share one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _shown(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _shown(inner, f"{path}/-")
    elif value is not None:
        yield path


def write(records: Iterable[Record], path: Path) -> None:
    """One line a record, into a file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines(records))
