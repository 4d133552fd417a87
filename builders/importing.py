"""Imports: a corpus that others annotated becomes a release like any other.

Conventions: the corpus's own splits stand, nothing is shuffled; a corpus without splits falls by hash, as in a build.
The release is called after the importer, carries the corpus's licence and citation, and its ledger says what the
importer left out.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from allegedly.builders.release import finish as release
from allegedly.builders.watch import SILENT, Watch
from allegedly.schemas import plugins
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import Record, Rejected
from allegedly.schemas.stored import Manifest

#: A licence that the card may name; others are told in words.
_LICENCE = re.compile(r"[A-Za-z0-9.+-]+")


def import_corpus(
    name: str,
    source: str | Path,
    out: str | Path,
    *,
    version: str = "0.1.0",
    date: str | None = None,
    watch: Watch = SILENT,
) -> Manifest:
    """Reads a corpus with an importer and writes the release.

    UsageError for an unknown importer or a source that is not there; DataError where the source is not the corpus.
    """
    importer = plugins.find("importers", name)
    path = Path(source)
    if not path.exists():
        raise UsageError(f"{source}: no such file or folder; name the corpus, or a file of it, as SOURCE")
    sizes: dict[str, int] = {}
    return release.write(
        _read(importer, path, sizes),
        out,
        name=name,
        version=version,
        date=date,
        licence=importer.LICENCE if _LICENCE.fullmatch(importer.LICENCE) else "other",
        description=_description(importer),
        citation=importer.CITATION,
        creators=getattr(importer, "CREATORS", "found"),
        sizes=sizes,
        watch=watch,
    )


def _read(importer: ModuleType, path: Path, sizes: dict[str, int]) -> Iterator[Record | Rejected]:
    """What the importer gives. Notes the size of each file that something comes from."""
    above = path.resolve().parent
    try:
        for item in importer.read(path):
            name = (item.article.origin if isinstance(item, Record) else item.origin).file_name
            # a name that is no UTF-8 is written another way, and leads to no file
            if name not in sizes and (above / name).is_file():
                sizes[name] = (above / name).stat().st_size
            yield item
    except csv.Error as error:
        raise DataError(
            f"{path}: a table that breaks off: {error}; look for a quotation mark that never closes"
        ) from error


def _description(importer: ModuleType) -> str:
    """What the importer says about the corpus, its licence and what may be done with it."""
    page = " ".join((importer.__doc__ or "").split())
    ship = "may be passed on" if importer.MAY_SHIP else "is not to be passed on"
    return f"{page} Licence of the corpus: {importer.LICENCE}. What is made of it {ship} on these terms."
