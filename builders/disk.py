"""Disk: what the system says where a file of ours cannot be written or read back, as an error that teaches.

Conventions: only our own files; what is wrong with somebody's input is a line of the ledger.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allegedly.schemas.errors import DataError


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """DataError, with the cause and where, for what the system refuses inside."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(folder)
        reason = error.strerror or str(error)
        raise DataError(
            f"{where}: {reason}; make room, or name another folder with --work. Nothing was replaced"
        ) from error
