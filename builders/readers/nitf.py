"""NITF: the IPTC's XML for news texts, as agencies and newspapers' archives deliver it.

Conventions: the text is composed of headline and body, a blank line between two blocks. An abstract that an indexer wrote
is no text, a first paragraph that stands beside the full text is read once.
Source: IPTC, News Industry Text Format 3.6.
"""

from collections.abc import Iterator
from dataclasses import replace

from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/vnd.iptc.nitf",)
ENDINGS = ("nitf",)
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """The root element."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.root == "nitf" else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a document."""
    from allegedly.builders.readers import _nitf, _xml, _xml_story  # load lxml

    root, encoding = _xml.tree(data, limits)
    origin = replace(origin, encoding=encoding)
    yield _xml_story.article(_nitf.pieces(root), origin, what="a NITF document", **_nitf.metadata(root))
