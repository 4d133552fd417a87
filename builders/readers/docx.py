"""DOCX: an article in a word processor's document, by Word and others.

Conventions: the text is composed of the document's paragraphs, a blank line between two. The styles say what title,
headings, quotations and lists are, the lines around the story who wrote it and when; the file's own properties (who saved
it, when it was made) say nothing about the article. Notes, captions and tables stand beside the story.
"""

from collections.abc import Iterator

from allegedly.builders.readers import _zipped
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)
ENDINGS = ("docx", "docm", "dotx", "dotm")
DEFAULT = Limits()
#: The first bytes of the old office documents: a locked document of the new kind lies in one of them.
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def recognise(raw: RawFile) -> Claim | None:
    """The members that only Word's documents have; what is left of one, by its name; one that a password locks."""
    if "[Content_Types].xml" in raw.members and any(name.lower().startswith("word/") for name in raw.members):
        return Claim(Strength.STRUCTURE, MEDIA_TYPES[0])
    if raw.data.startswith(_OLD) and _LOCKED in raw.data:
        return Claim(Strength.STRUCTURE if raw.ending in ENDINGS else Strength.POSSIBLE, MEDIA_TYPES[0])
    return Claim(Strength.NAME, MEDIA_TYPES[0]) if _zipped.cut_off(raw, ENDINGS) else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a document."""
    from allegedly.builders.readers import _databases, _docx, _exports, _story  # load lxml

    if data.startswith(_OLD):
        reason = "is an office document locked with a password; save it without one first"
        raise Refused("encrypted", reason, found=_docx.WHAT)
    paragraphs = list(_docx.paragraphs(data, limits))
    if exported := _databases.documents(paragraphs):
        yield from _exports.articles(exported, origin)
    else:
        yield _story.article(paragraphs, origin, what="a Word document")
