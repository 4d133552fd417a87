"""ProQuest: exports as text or HTML, each document an article.

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
    """Numbers or rules between documents, and the key of a full text."""
    from allegedly.builders.readers import _exports, _proquest

    if not raw.once(_proquest.may_be) or not _proquest.recognise(_exports.lines(raw)):
        return None
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[raw.marked_up])


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of each document."""
    from allegedly.builders.readers import _exports, _proquest

    yield from _exports.read(data, origin, limits, _proquest.documents, _proquest.begins)
