"""NewsML-G2: the IPTC's XML for news items, alone or many in a message.

Conventions: the text is composed of headline and the first content that has words: XHTML, NITF, plain text. An item that
holds its text elsewhere, a picture, a package of links, an item that was taken back are lines of the ledger.
Source: IPTC, NewsML-G2 2.33.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

_ROOTS = {
    name: f"application/vnd.iptc.g2.{name}+xml"
    for name in ("newsitem", "newsmessage", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem")
}  # fmt: skip
MEDIA_TYPES = tuple(_ROOTS.values())
ENDINGS = ("newsml",)
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """A root element of NewsML-G2 in its namespace."""
    media_type = _ROOTS.get(raw.root)
    return Claim(Strength.SIGNATURE, media_type) if media_type and "iptc.org/std/nar" in raw.markup else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of an item or a message."""
    from allegedly.builders.readers import _xml  # loads lxml

    root, encoding = _xml.tree(data, limits)
    origin = replace(origin, encoding=encoding)
    items = [item for item in root.iter() if _xml.name(item).lower() in _ROOTS and _xml.name(item) != "newsMessage"]
    if not items:
        raise Refused("no-article", "is a NewsML-G2 message without items in it")
    for number, item in enumerate(items):
        here = replace(origin, record=number) if len(items) > 1 else origin
        try:
            yield _article(item, here, limits)
        except Refused as refused:
            yield refused.rejected(here)


def _article(item: "etree._Element", origin: Origin, limits: Limits) -> Article:
    from allegedly.builders.readers import _newsml, _xml, _xml_story

    name = _xml.name(item)
    if name == "packageItem":
        count = sum(1 for _ in _xml.every(item, "itemRef"))
        raise Refused(
            "no-article", f"is a package of {count} links to items, no text; read the items themselves", links=count
        )
    if name != "newsItem":
        raise Refused("no-article", f"is a NewsML-G2 {name}, no news text", found=name)
    return _xml_story.article(_newsml.pieces(item, limits), origin, what="an item", **_newsml.metadata(item))
