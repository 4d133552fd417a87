"""Pins: the splits of named files, fixed by a table.

Conventions: the table is TSV (CSV by its suffix) in UTF-8 with the columns ``file_name`` (``origin.file_name``) and
``split``; what other columns hold is not looked at. Where a file holds several articles, all of them go to its split.
"""

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import UsageError


def read_pins(path: Path) -> dict[str, str]:
    """The split of each file that a table names. UsageError where it is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="," if path.suffix.lower() == ".csv" else "\t", strict=True)
            missing = [name for name in ("file_name", "split") if name not in (rows.fieldnames or ())]
            if missing:
                raise UsageError(f"{path}: no column {' and '.join(missing)}; expected the columns file_name and split")
            return _pins(path, rows)
    except OSError as error:
        raise UsageError(f"{path}: no table of pinned splits: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: not a table of pinned splits: {error}") from None


def _pins(path: Path, rows: "csv.DictReader[str]") -> dict[str, str]:
    pins: dict[str, str] = {}
    for row in rows:
        name, split = row["file_name"] or "", row["split"] or ""
        where = f"{path}, line {rows.line_num}"
        if not name or split not in SPLITS:
            raise UsageError(
                f"{where}: found file_name {name!r} and split {split!r}, expected a name and one of {SPLITS}"
            )
        if pins.setdefault(name, split) != split:
            raise UsageError(f"{where}: {name} is in {split} here and in {pins[name]} above; expected one split")
    return pins


def pins_sha256(pins: Mapping[str, str]) -> str:
    """What a manifest says of pins: a hash of names and splits in order of name."""
    return hashlib.sha256(json.dumps(sorted(pins.items())).encode()).hexdigest()
