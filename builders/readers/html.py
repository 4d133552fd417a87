"""HTML: a news page as title, subtitle and body, with the metadata that the page gives.

Conventions: the text is composed, a blank line between blocks. The body is what trafilatura takes for the article;
titles, authors and dates are read from JSON-LD, meta tags and markup first. What the page says of itself in the body
again (the title, a byline, a date line) is no paragraph: the title is dropped, the others are marked.
Source: Barbaresi 2021, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import PAGE_ROOTS, Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/html", "application/xhtml+xml")
ENDINGS = ("html", "htm", "xhtml", "shtml")
DEFAULT = Limits()
_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body)\b", re.I)
_FIRST = re.compile(r"<(?![?!])")
#: A first element in the namespace of XHTML, by its own prefix.
_XHTML = re.compile(
    r"""<(?:([\w.-]+):)?[\w.-]+\b[^<>]*?\sxmlns(?(1):\1)\s*=\s*["']http://www\.w3\.org/1999/xhtml["']"""
)
_TAG = re.compile(r"<(?:article|main|section|div|p|h[1-6]|table|meta|title|script|link|style|header|span|a|ul)\b", re.I)


def recognise(raw: RawFile) -> Claim | None:
    """A page, a fragment that begins with a tag, or what its name calls so and holds a tag at all. XML is a page only
    where its root is one: other formats have a ``<body>`` and a ``<p>`` too."""
    if raw.text is None:
        return None
    named = raw.ending in ENDINGS
    if not raw.marked_up:
        tagged = named and (_PAGE.search(raw.text) or _TAG.search(raw.text))
        return Claim(Strength.STRUCTURE, MEDIA_TYPES[0]) if tagged else None
    if _is_xhtml(raw) if raw.xml else _PAGE.search(raw.markup):
        return Claim(Strength.STRUCTURE, MEDIA_TYPES[1] if raw.markup.startswith("<?xml") else MEDIA_TYPES[0])
    if _TAG.match(raw.markup) and not raw.xml:
        return Claim(Strength.LIKELY, MEDIA_TYPES[0])
    return Claim(Strength.NAME, MEDIA_TYPES[0]) if named else None


def _is_xhtml(raw: RawFile) -> bool:
    """Whether the first element of XML is that of a page, or of a part of one."""
    first = _FIRST.search(raw.markup)
    return raw.root in PAGE_ROOTS or (first is not None and _XHTML.match(raw.markup, first.start()) is not None)


def read(
    data: bytes, origin: Origin, *, declared: str | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The article of a page. ``declared`` is the charset of an HTTP header, where there was one."""
    try:
        source, origin = decoded(data, origin, declared)
        yield article(source, origin, limits)
    except Refused as refused:
        yield refused.rejected(origin)


def decoded(data: bytes, origin: Origin, declared: str | None = None) -> tuple[str, Origin]:
    """The source of a page as text, by its header, its byte order mark, what it declares, or its bytes."""
    charset = declared or in_source(data)
    try:
        source, name = encodings.decode(data, charset)
    except Refused as refused:
        # as browsers do: broken characters are marked, NULs dropped; the page around them can be read
        if refused.rule not in ("undecodable", "nul-bytes"):
            raise
        source, name = data.replace(b"\0", b"").decode("utf-8", "replace"), "utf-8"
        if source.count("\ufffd") * 100 > len(source):
            raise
    return source, replace(origin, encoding=name)


_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.I,
)


def in_source(data: bytes) -> str | None:
    """The charset that a page or feed declares in its first bytes."""
    match = _CHARSET.search(data[:8192])
    return (match[1] or match[2]).decode("ascii") if match else None


def article(source: str, origin: Origin, limits: Limits, **given: Any) -> Article:
    """The article of a page's source. ``given``: metadata from outside, which stands where the page says nothing."""
    from allegedly.builders.readers import _web_page  # loads lxml

    return _web_page.article(source, origin, limits, given)
