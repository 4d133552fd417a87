"""Loading a release with `datasets`, after its files were checked against its manifest.

Conventions: what is altered or missing is a DataError; a split without rows, or a name that nobody knows, a UsageError.
"""

from pathlib import Path
from typing import Any

from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.hashes import file_sha256
from allegedly.schemas.plugins import unknown
from allegedly.schemas.stored import check_split, home, manifest


def load(path: str | Path, config: str = "sentences", split: str | None = None, *, streaming: bool = False) -> Any:
    """A DatasetDict of the splits that have rows, or the Dataset of one split (their iterable kin with ``streaming``).

    DataError where a file's size or hash differs from the manifest, UsageError for a split without rows.
    """
    from datasets import load_dataset

    release = manifest(path)
    if config not in release.counts:
        raise UsageError(unknown("config", config, list(release.counts)))
    if split is not None and split not in SPLITS:
        raise UsageError(unknown("split", split, list(SPLITS)))
    if split is not None:
        check_split(release, split, config)
    checked(path)
    if not any(release.counts[config].values()):
        raise UsageError(f"{config}: no split has rows in {path}")
    return load_dataset(str(home(Path(path)).resolve()), config, split=split, streaming=streaming)  # nosec B615 # a folder


def checked(path: str | Path) -> None:
    """DataError for the first file that is not as the manifest says."""
    folder = home(Path(path))
    for output in manifest(path).outputs:
        file = folder / output["path"]
        if not file.is_file():
            raise DataError(f"{file}: missing, but manifest.json lists it; build the release again")
        size = file.stat().st_size
        if size != output["bytes"]:
            raise DataError(f"{file}: {size} bytes, but manifest.json says {output['bytes']}; build the release again")
        digest = file_sha256(file)
        if digest != output["sha256"]:
            raise DataError(
                f"{file}: its SHA-256 is {digest}, but manifest.json says {output['sha256']}; build the release again"
            )
