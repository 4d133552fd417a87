"""TSV: a table of articles with tabs between its columns, a row each; conventions as in CSV."""

from collections.abc import Iterator, Mapping

from allegedly.builders.readers import csv
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.records import Article, Origin, Rejected

DEFAULT = Limits()


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    yield from csv.rows(data, origin, fields, limits, "\t")
