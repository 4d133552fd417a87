"""``file:PATH``: predictions as JSON Lines, JSON, CSV, TSV or Parquet, packed by gzip or not.

Conventions: contract, section 7. ``lines`` gives each line with where it stands; what they hold decides the tasks.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.eval import predictions
from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError

TARGET = "predictions as .jsonl, .json, .csv, .tsv or .parquet; .gz behind all but the last"
TASKS = None
NEEDS_TASK = False
READS = ("threshold", "cues")
EXTRA = None
CACHED = False
FIXED = True


def connect(target: str, options: Options) -> "File":
    """The file at a path. UsageError where there is none."""
    path = Path(target)
    if not path.is_file():
        raise UsageError(f"file:{target}: no such file; expected predictions as .jsonl, .json, .csv, .tsv or .parquet")
    return File(path)


class File:
    """A file of predictions: it holds its answers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def version(self) -> str:
        """The hash of its bytes."""
        with self.path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"

    def lines(self, gold: Gold) -> Iterator[tuple[str, Any]]:
        """Each line with where it stands."""
        return predictions.lines(self.path, needs_task=False)

    def close(self) -> None:
        """Nothing to give back."""
