"""Reuters' corpora RCV1 and RCV2: a ``newsitem`` a file, as NIST hands them out.

Conventions: the text is composed of headline, dateline and paragraphs; topics and regions are the corpus's codes.
Source: Lewis et al. 2004, "RCV1: A New Benchmark Collection for Text Categorization Research".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from allegedly.builders.sources.limits import Limits
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPES = ("application/xml",)
ENDINGS = ()
DEFAULT = Limits()
#: The country in front of a title, which has no headline of its own then: ``GERMANY: Bridge closed.``
_PLACE = re.compile(r"^[^\W\d_a-z]{2}[^a-z:]{1,60}:\s+")


def recognise(raw: RawFile) -> Claim | None:
    """The root element with its number; NewsML-G2 has one of the same name in its own namespace."""
    own = raw.root == "newsitem" and "iptc.org/std/nar" not in raw.markup and "itemid" in raw.markup
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if own else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of an item."""
    from allegedly.builders.readers import _values, _xml, _xml_story  # load lxml
    from allegedly.builders.readers._credits import credit

    root, encoding = _xml.tree(data, limits)
    text = _xml.child(root, "text")
    place, byline = (_xml.line(_xml.first(root, name)) for name in ("dateline", "byline"))
    told = credit(byline)
    body = [("byline", byline if byline and not told.people else ""), ("dateline", place or "")]
    said = {item.get("element"): item.get("value") for item in _xml.every(root, "dc")}
    yield _xml_story.article(
        [*body, *(_xml_story.pieces(text, {}) if text is not None else [])],
        replace(origin, encoding=encoding),
        what="a Reuters newsitem",
        title=_xml.line(_xml.first(root, "headline"))
        or _PLACE.sub("", _xml.line(_xml.first(root, "title")) or "").rstrip("."),
        authors=told.people,
        agencies=told.agencies,
        published=_xml_story.day(_values.date(said.get("dc.date.published") or root.get("date"))),
        outlet=said.get("dc.publisher"),
        source_id=root.get("itemid"),
        themes=_codes(root, "topics"),
        regions=_codes(root, "countries"),
        licence=_xml.line(_xml.first(root, "copyright")),
        language=_values.language(_xml.language(root)),
    )


def _codes(root: "etree._Element", kind: str) -> tuple[str, ...]:
    """The codes of a kind that the item is filed under."""
    return tuple(
        code.get("code") or ""
        for codes in root.iter("codes")
        if kind in (codes.get("class") or "")
        for code in codes.iter("code")
        if code.get("code")
    )
