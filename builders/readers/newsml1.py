"""NewsML 1: the IPTC's older XML for news items, alone or many in a document.

Conventions: a story is a component with lines of its own (headline, byline); the text is composed of its headline and the
first content below it that has words: NITF, XHTML, plain text. Captions and abstracts are no stories. An item that holds
its text elsewhere, a picture, an item that was taken back are lines of the ledger.
Source: IPTC, NewsML 1.2.
"""

from collections.abc import Iterator
from dataclasses import replace

from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/vnd.iptc.newsml",)
ENDINGS = ()
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """The root element."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.root == "newsml" else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a document."""
    from allegedly.builders.readers import _newsml1, _xml, _xml_story  # load lxml

    root, encoding = _xml.tree(data, limits)
    origin = replace(origin, encoding=encoding)
    stories = [(item, story) for item in _xml.every(root, "NewsItem") for story in _newsml1.stories(item)]
    if not stories:
        raise Refused("no-article", "is a NewsML document without items in it")
    for number, (item, story) in enumerate(stories):
        here = replace(origin, record=number) if len(stories) > 1 else origin
        try:
            body = _newsml1.pieces(item, story, limits)
            yield _xml_story.article(body, here, what="an item", **_newsml1.metadata(root, item, story))
        except Refused as refused:
            yield refused.rejected(here)
