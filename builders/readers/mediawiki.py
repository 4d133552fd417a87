"""MediaWiki: the pages of a wiki's dump that are articles, Wikinews' among them.

Conventions: the text is composed of the title and the page's words, without templates, tables, files and lists of
sources. Pages of other name spaces and redirects are passed over, and counted in the ledger. The date is the one that the
page gives, never that of a revision; the outlet is the wiki. ``origin.record`` counts all pages, from 0.
Source: mediawiki.org/xml/export-0.11.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from allegedly.builders.readers import _values
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text import articles
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPES = ("application/vnd.mediawiki.export+xml",)
ENDINGS = ()
DEFAULT = Limits()
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REDIRECT = re.compile(r"\s*#\s*[^\W\d_]{5,20}\s*:?\s*\[\[")
_ENTITY = re.compile(rb"<!ENTITY\b", re.I)


@dataclass(slots=True)
class _Wiki:
    """What a dump says of its wiki."""

    name: str | None = None
    base: str | None = None
    language: str | None = None
    spaces: frozenset[str] = frozenset()


def recognise(raw: RawFile) -> Claim | None:
    """The root element of a dump."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.root == "mediawiki" else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a dump."""
    from lxml import etree

    if _ENTITY.search(data[: 1 << 20]):
        raise Refused("xml-entities", "declares XML entities, which are not read, for they can stand for other files")
    wiki, passed, number, broken = _Wiki(), Counter[str](), -1, False
    origin = replace(origin, encoding="utf-8")
    try:
        for number, page in enumerate(_pages(data, wiki)):
            here = replace(origin, record=number)
            if beside := _beside(page, wiki):
                passed[beside] += 1
                continue
            try:
                yield _article(page, wiki, here)
            except Refused as refused:
                yield refused.rejected(here)
    except etree.XMLSyntaxError as error:
        broken = True
        line, column = error.position
        message = re.sub(r"\s*\(<string>,.*\)$", "", str(error.msg))
        reason = f"is broken XML, {number + 1} pages could be read: {message}; fetch it again"
        yield Refused("broken-xml", reason, line=line, column=column).rejected(replace(origin, record=number + 1))
    if passed:
        what = ", ".join(f"{name} ({count})" for name, count in passed.most_common())
        yield Refused("passed-over", f"holds pages that are no articles, passed over: {what}", **passed).rejected(
            origin
        )
    elif number < 0 and not broken:
        yield Refused("no-article", "is the dump of a wiki without a page").rejected(origin)


def _pages(data: bytes, wiki: _Wiki) -> "Iterator[etree._Element]":
    """The pages, one in memory at a time."""
    from lxml import etree

    elements = etree.iterparse(
        io.BytesIO(data), events=("end",), remove_comments=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False,
    )  # fmt: skip
    for _, element in elements:
        name = etree.QName(element).localname
        if name == "siteinfo":
            _told(element, wiki)
        elif name == "page":
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _told(siteinfo: "etree._Element", wiki: _Wiki) -> None:
    wiki.name, wiki.base = _text(siteinfo, "sitename"), _text(siteinfo, "base")
    wiki.language = siteinfo.getparent().get(_LANG)
    spaces = siteinfo.iterfind(".//{*}namespace")
    wiki.spaces = frozenset(space.text.lower() for space in spaces if space.text and space.get("key") != "0")


def _text(element: "etree._Element", name: str) -> str | None:
    return _values.line(element.findtext(f"{{*}}{name}") or "") or None


def _source(page: "etree._Element") -> str:
    """The source of a page's last revision."""
    revisions = page.findall("{*}revision")
    return (revisions[-1].findtext("{*}text") or "") if revisions else ""


def _beside(page: "etree._Element", wiki: _Wiki) -> str | None:
    """What a page is that is no article; None for one that is."""
    space, title = _text(page, "ns"), _text(page, "title") or ""
    before, colon, _ = title.partition(":")
    if (space or "0") != "0" or (
        space is None and colon and before.lower() in (wiki.spaces or {"talk", "user", "template"})
    ):
        return "pages of other name spaces"
    return "redirects" if page.find("{*}redirect") is not None or _REDIRECT.match(_source(page)) else None


def _article(page: "etree._Element", wiki: _Wiki, origin: Origin) -> Article:
    from allegedly.builders.readers import _wikitext

    title, source = _text(page, "title"), _source(page)
    kind = page.findtext("{*}revision/{*}model")
    if kind not in (None, "wikitext"):
        raise Refused("no-article", f"holds a page of {kind}, no wikitext", found=str(kind)[:40])
    story = _wikitext.story(source)
    if not any(kind in ("paragraph", "list") for kind, _ in story.pieces):
        raise Refused("no-article", f"holds a page without words: {(title or 'without a title')[:100]}")
    words, blocks = articles.compose([("title", title or ""), *articles.led(story.pieces)])
    return articles.article(
        words,
        origin,
        blocks=blocks,
        title=title,
        published=story.published,
        outlet=wiki.name,
        url=_address(title, wiki.base),
        language=_values.language(wiki.language),
        source_id=_text(page, "id"),
    )


def _address(title: str | None, base: str | None) -> str | None:
    """The address of a page: that of the main page with another name."""
    if not title or not base or "/" not in base:
        return None
    return _values.web_address(f"{base.rpartition('/')[0]}/{quote(title.replace(' ', '_'), safe='/:,()')}", None)
