"""When a page was published: from its JSON-LD, its meta tags, its address, elements with a time, a date in its text.

Conventions: dates are ISO 8601, as precise as the page is. A moment that the page gives in UTC is given with the
outlet's own offset where the page gives that too.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from allegedly.builders.readers import _json_ld
from allegedly.builders.readers._statements import Statements, words
from allegedly.builders.readers._values import date, first_line

DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date", "citation_date",
    "citation_online_date", "publish-date", "publish_date", "publication_date", "publicationdate", "pubdate", "pdate",
    "published", "datecreated", "date_published", "displaydate", "originalpublicationdate", "article_date_original",
    "bt:pubdate", "rnews:datepublished", "shareaholic:article_published_time", "date", "prism.publicationdate",
    "release_date", "created", "last-modified-original", "timestamp", "vr:published_time",
)  # fmt: skip
_TIMES = [
    "//time[@itemprop='datePublished' or @pubdate or contains(@class, 'published') or contains(@class, 'entry-date')]",
    "//*[@itemprop='datePublished']",
    "//abbr[contains(@class, 'published')]",
    (
        "//*[self::article or self::header or self::main]//time[@datetime]"
        "[not(ancestor::*[contains(@class, 'comment') or contains(@id, 'comment') or contains(@class, 'related')])]"
    ),
]
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?![.\d]*(?:Z|[+-]\d))")


def published(page: Statements) -> str | None:
    """The date or moment of publication; None where the page gives none."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if moment := date(first_line(page.item.get(key))):
            return _local(page, moment)
    for item in page.items:
        if not _json_ld.is_aside(item) and (moment := date(first_line(item.get("datePublished")))):
            return moment
    for name in DATES:
        for content in page.meta.get(name, ()):
            if moment := date(content):
                return _local(page, moment)
    day = _dated_url(page)
    return _shown(page, day) or day or _guessed(page.root)


def _shown(page: Statements, day: str | None) -> str | None:
    """The moment of an element that stands for the date; on the day of the page's address where that has one."""
    for path in _TIMES:
        for element in page.root.xpath(path)[:5]:
            written = element.get("datetime") or element.get("content") or element.get("title") or words(element)
            if (moment := date(written)) and (not day or moment.startswith(day)):
                return moment
    return None


def _local(page: Statements, moment: str) -> str:
    """The same moment with the outlet's own offset from UTC, where the page gives that too."""
    if not re.search(r"T.*(?:Z|\+00:00)$", moment):
        return moment
    utc = datetime.datetime.fromisoformat(moment).replace(microsecond=0)
    for stamp in _stamps(page):
        match = _STAMP.match(stamp) or _NAIVE.match(stamp)
        if match and (local := _beside(datetime.datetime.fromisoformat(match[0]), utc)):
            return local.isoformat()
    return moment


def _stamps(page: Statements) -> Iterator[str]:
    """Moments anywhere on the page: meta tags, elements, scripts."""
    yield from (content for name in DATES for content in page.meta.get(name, ()))
    yield from islice((element.get("datetime") or "" for element in page.root.iter("time")), 20)
    scripts = (stamp for script in page.root.iter("script") for stamp in _STAMP.findall(script.text or "")[:50])
    yield from islice(scripts, 200)


def _beside(local: datetime.datetime, utc: datetime.datetime) -> datetime.datetime | None:
    """A local time that is the same moment, with its offset; None for another moment, and for one in UTC."""
    if local.tzinfo is None:
        # a time without an offset that is whole quarters of an hour away is the same moment on the outlet's clock
        away = local.replace(tzinfo=datetime.UTC) - utc
        if away and abs(away) <= datetime.timedelta(hours=14) and not away.seconds % 900:
            local = local.replace(tzinfo=datetime.timezone(away))
    return local if local.tzinfo and local.utcoffset() and local == utc else None


def _dated_url(page: Statements) -> str | None:
    match = re.search(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)/", page.url() or "")
    return date(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}") if match else None


def _guessed(root: etree._Element) -> str | None:
    """A date that the page shows somewhere, by htmldate's rules."""
    from htmldate import find_date

    try:
        return date(find_date(root, original_date=True, extensive_search=True, outputformat="%Y-%m-%d"))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
