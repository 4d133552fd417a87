"""Loading a release with `datasets`, from files that were checked against its manifest.

Conventions: what is altered or missing is a DataError; a split without rows, or a name that nobody knows, a UsageError.
Which files are read hangs on the manifest alone: neither the card nor what else lies in the folder has a say.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allegedly.schemas.arrow import CONFIGS, SPLITS
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.opening import checked as checked_file
from allegedly.schemas.plugins import unknown
from allegedly.schemas.stored import Release, check_split


def load(
    path: str | Path,
    config: str = "sentences",
    split: str | None = None,
    *,
    streaming: bool = False,
    names: bool = False,
) -> Any:
    """A DatasetDict of the splits that have rows, or the Dataset of one split (their iterable kin with ``streaming``).

    ``names``: beside each column of class numbers (``claim``) one with their names (``claim_name``); other configs than
    sentences have words anyway, and no such columns.

    DataError where a file's size or hash differs from the manifest, with ``streaming`` also while rows are taken;
    UsageError for a split without rows.

    >>> load("dataset", "claims", "test").column_names[:3]
    ['id', 'article_id', 'text']
    """
    if config not in CONFIGS:
        raise UsageError(unknown("config", config, list(CONFIGS)))
    if split is not None and split not in SPLITS:
        raise UsageError(unknown("split", split, list(SPLITS)))
    release = Release(path)
    if split is not None:
        check_split(release.manifest, split, config)
    checked(path, release)
    if not any(release.manifest.counts[config].values()):
        raise UsageError(f"{config}: no split has rows in {path}")
    with warnings.catch_warnings():
        # what a notebook lacks for bars that are not drawn
        warnings.filterwarnings("ignore", "IProgress not found")
        from datasets.exceptions import DatasetGenerationError

    from allegedly.builders.release.loading import CheckedRelease

    builder = CheckedRelease(release=release, config_name=config, names=names)
    if streaming:
        return builder.as_streaming_dataset(split=split)
    with _without_bars():
        try:
            builder.download_and_prepare()
        except DatasetGenerationError as error:
            if isinstance(error.__cause__, DataError):
                raise error.__cause__ from None
            raise
        return builder.as_dataset(split=split)


@contextmanager
def _without_bars() -> Iterator[None]:
    """No bars of `datasets` meanwhile, which stay behind in a notebook; afterwards as it was."""
    from datasets import config
    from datasets.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    # who set the environment variable has the say, and whoever goes against it is warned
    if are_progress_bars_disabled() or config.HF_DATASETS_DISABLE_PROGRESS_BARS is not None:
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


def checked(path: str | Path, release: Release | None = None) -> None:
    """DataError for the first file that is not as the manifest says."""
    release = release or Release(path)
    for output in release.manifest.outputs:
        checked_file(release.folder, output).close()
