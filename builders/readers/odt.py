"""ODT: an article in an OpenDocument text, by LibreOffice and others.

Conventions: as in DOCX: the text is composed of the document's paragraphs, its styles say what title, headings, quotations
and lists are, the lines around the story who wrote it and when; the file's own properties say nothing about the article.
"""

from collections.abc import Iterator

from allegedly.builders.readers import _zipped
from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-flat-xml")
ENDINGS = ("odt", "ott", "fodt")
DEFAULT = Limits()
_MEMBERS = frozenset(("content.xml", "META-INF/manifest.xml"))


def recognise(raw: RawFile) -> Claim | None:
    """The member that names the media type, or members that it has by a text's name; a flat one by what it says."""
    if raw.archive == "zip":
        if _zipped.first_member(raw, MEDIA_TYPES[0]) and raw.members:
            return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
        if raw.ending in ENDINGS and raw.members >= _MEMBERS:
            return Claim(Strength.STRUCTURE, MEDIA_TYPES[0])
        return Claim(Strength.NAME, MEDIA_TYPES[0]) if _zipped.cut_off(raw, ENDINGS) else None
    flat = raw.root == "document" and MEDIA_TYPES[0] in raw.markup and "opendocument:xmlns:office" in raw.markup
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[1]) if flat else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a document."""
    from allegedly.builders.readers import _odt, _story  # load lxml

    yield _story.article(_odt.paragraphs(data, limits), origin, what="an OpenDocument text")
