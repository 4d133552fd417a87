"""JSON Lines: one article with its labels a line, as `allegedly label` prints them.

Conventions: contract, section 3. Lines are in order of article id.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from allegedly.schemas.records import Record

#: What ``--out`` names.
PATH = "file"
LAYERS = ("claims", "speculations", "attributions")


def lines(records: Iterable[Record]) -> Iterator[str]:
    """One line a record, without its end."""
    for record in records:
        yield json.dumps(record.to_json(), ensure_ascii=False, allow_nan=False)


def write(records: Iterable[Record], path: Path) -> None:
    """One line a record, into a file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines(records))
