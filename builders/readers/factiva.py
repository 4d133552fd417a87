"""Factiva: exports as text or HTML, with codes before the fields or without, each document an article.

Conventions: DOCX and RTF are opened by their own readers and told apart by the same lines.
"""

from collections.abc import Iterator

from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/plain", "text/html")
ENDINGS = ()
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """Codes before fields, or a line that counts words with the date and the rights behind it."""
    from allegedly.builders.readers import _exports, _factiva

    if not _exports.may_count(raw) or not _factiva.recognise(_exports.lines(raw)):
        return None
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[raw.marked_up])


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of each document."""
    from allegedly.builders.readers import _exports, _factiva

    yield from _exports.read(data, origin, limits, _factiva.documents, _factiva.begins)
