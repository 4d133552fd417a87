"""Nexis: exports of LexisNexis Academic and Nexis Uni as text or HTML, each document an article.

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
    """The number of documents or the mark of a body, and a line that counts words."""
    from allegedly.builders.readers import _exports, _nexis

    if not _exports.may_count(raw) or not _nexis.recognise(_exports.lines(raw)):
        return None
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[raw.marked_up])


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of each document."""
    from allegedly.builders.readers import _exports, _nexis

    yield from _exports.read(data, origin, limits, _nexis.documents, _nexis.begins)
