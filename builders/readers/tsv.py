"""TSV: a table of articles with tabs between its columns, a row each; conventions as in CSV."""

from collections.abc import Iterator, Mapping

from allegedly.builders.readers import csv
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/tab-separated-values",)
ENDINGS = ("tsv", "tab")
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """What its name calls so; or a text whose first line has tabs and names columns that we know."""
    if raw.text is None:
        return Claim(Strength.NAME, MEDIA_TYPES[0]) if raw.ending in ENDINGS and csv.is_holed(raw) else None
    if raw.ending in ENDINGS:
        return Claim(Strength.NAME, MEDIA_TYPES[0])
    table = "\t" in raw.first_line and csv.names_columns(raw)
    return Claim(Strength.POSSIBLE, MEDIA_TYPES[0]) if table else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    yield from csv.rows(data, origin, fields, limits, "\t")
