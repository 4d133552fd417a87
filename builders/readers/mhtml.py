"""MHTML: a web page that a browser saved as one file, with its pictures.

Conventions: the page is read as HTML is; its address is where it was saved from, and the day on which it was saved says
nothing about the article. Frames, style sheets and pictures beside the page are not read.
Source: RFC 2557; the files of Chromium, Internet Explorer and UnMHT.
"""

from collections.abc import Iterator

from allegedly.builders.readers import _mail_head
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("multipart/related",)
ENDINGS = _mail_head.PAGE_ENDINGS
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """The header lines with which a browser saves a page."""
    if raw.text is None:
        return None
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if _mail_head.is_page(raw) else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a page."""
    from allegedly.builders.readers import _mail_parts, _values, html

    message = _mail_parts.parsed(data.lstrip(b"\xef\xbb\xbf \t\r\n"), limits)
    page = next((part for part in _mail_parts.parts(message) if part.html), None)
    if page is None:
        raise Refused("no-article", "is a saved page without HTML in it")
    source, origin = html.decoded(page.data, origin, page.charset)
    address = page.location or _mail_head.header(message, "snapshot-content-location")
    given = {
        "url": _values.web_address(address, _mail_head.header(message, "content-base") or None),
        "title": _mail_head.header(message, "subject") or None,
    }
    yield html.article(source, origin, limits, **{name: value for name, value in given.items() if value})
