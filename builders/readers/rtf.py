"""RTF: an article in rich text, as word processors and editorial systems write it.

Conventions: as in DOCX: the text is composed of the document's paragraphs, its styles say what headings are, the lines
around the story who wrote it and when. What a press database exports is told from the paragraphs.
"""

from collections.abc import Iterator

from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/rtf",)
ENDINGS = ("rtf",)
DEFAULT = Limits()
_START = b"{\\rtf"


def recognise(raw: RawFile) -> Claim | None:
    """The first word of every document, after white space and a byte order mark."""
    head = raw.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return Claim(Strength.STRUCTURE, MEDIA_TYPES[0]) if head.startswith(_START) else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a document."""
    from allegedly.builders.readers import _databases, _exports, _rtf, _story

    paragraphs = list(_rtf.paragraphs(data, limits))
    if exported := _databases.documents(paragraphs):
        yield from _exports.articles(exported, origin)
    else:
        yield _story.article(paragraphs, origin, what="an RTF document")
