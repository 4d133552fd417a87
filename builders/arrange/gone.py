"""Gone: articles that arranging sends to the ledger, on disk, with what annotation files may still ask about them.

Conventions: one line of JSON each; ``dropped`` where no copy of the text stays.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allegedly.schemas.records import Rejected

FILE = "gone.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An article that does not stay: the number that its text's id is, its source id, its line of the ledger."""

    text: int
    source_id: str | None
    line: Rejected
    dropped: bool


def write_gone(folder: Path, gone: Iterable[Gone]) -> None:
    """Writes them into a folder, which has a file only where there are any."""
    lines = [
        json.dumps([article.text, article.source_id, article.line.to_json(), article.dropped]).encode("ascii") + b"\n"
        for article in gone
    ]
    if lines:
        (folder / FILE).write_bytes(b"".join(lines))


def read_gone(folder: Path) -> Iterator[Gone]:
    """Those of a folder."""
    path = folder / FILE
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            text, source_id, value, dropped = json.loads(line)
            yield Gone(text=text, source_id=source_id, line=Rejected.from_json(value), dropped=dropped)
