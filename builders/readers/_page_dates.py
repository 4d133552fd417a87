"""When a page was published: from its JSON-LD, its meta tags, its address, elements with a time, a line beside its title.

Conventions: dates are ISO 8601, as precise as the page is. A moment that the page gives in UTC is given with the
outlet's own offset where the page gives that too. Only what a page says of its own publication counts: no date in its
story, no year of a copyright line. The date of an update stands where the page shows no other.
"""

import datetime
import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from allegedly.builders.readers import _json_ld
from allegedly.builders.readers._line_dates import in_midst, stages
from allegedly.builders.readers._page_frame import Page, outside
from allegedly.builders.readers._statements import words
from allegedly.builders.readers._values import date, day_in_address, first_line

DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date", "citation_date",
    "citation_online_date", "publish-date", "publish_date", "publication_date", "publicationdate", "pubdate", "pdate",
    "published", "datecreated", "date_published", "displaydate", "originalpublicationdate", "article_date_original",
    "bt:pubdate", "rnews:datepublished", "shareaholic:article_published_time", "date", "prism.publicationdate",
    "release_date", "created", "timestamp", "vr:published_time",
)  # fmt: skip
#: Elements that stand for the date of publication, best first.
_TIMES = (
    "//time[@itemprop='datePublished' or @pubdate or contains(@class, 'published') or contains(@class, 'entry-date')]",
    "//*[@itemprop='datePublished']",
    "//abbr[contains(@class, 'published')]",
    "//time[@datetime][ancestor::article or ancestor::header or ancestor::main]",
)
_UPDATED = re.compile(r"updat|modif|aktuali|geändert|mise? à jour|actualiz|aggiorna|atualiz|gewijzigd|bijgewerkt", re.I)
#: Words beside a date in the line that it stands in; with more it stands in a sentence.
_FEW_WORDS = 8
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?![.\d]*(?:Z|[+-]\d))")


def published(page: Page) -> str | None:
    """The date or moment of publication; None where the page gives none."""
    if moment := _stated(page):
        return _local(page, moment)
    day = day_in_address(page.url or "") or day_in_address(page.address or "")
    return _shown(page, day) or day or _framed(page)


def _stated(page: Page) -> str | None:
    """What the page says in JSON-LD and meta tags."""
    if moment := date(first_line(page.item.get("datePublished"))):
        return moment
    for name in DATES:
        for content in page.meta.get(name, ()):
            if moment := date(content):
                return moment
    for item in page.items:
        if not _json_ld.is_aside(item) and (moment := date(first_line(item.get("datePublished")))):
            return moment
    return date(first_line(page.item.get("dateCreated") or page.item.get("uploadDate")))


def _shown(page: Page, day: str | None) -> str | None:
    """The moment of an element that stands for the date; on the day of the page's address where that has one."""
    heading = page.heading
    for path in _TIMES:
        for element in page.root.xpath(path)[:12]:
            written = element.get("datetime") or element.get("content") or element.get("title") or words(element)
            moment = date(written)
            if moment and (not day or moment.startswith(day)) and not _is_other(element, heading):
                return moment
    return None


def _is_other(element: etree._Element, heading: etree._Element | None) -> bool:
    """Whether a time is that of an update, of something beside the article, or one that a sentence names."""
    named = " ".join(filter(None, map(element.get, ("class", "itemprop", "id"))))
    if _UPDATED.search(named) or outside(element, heading):
        return True
    around = next(element.iterancestors("p", "div", "li", "header", "section", "blockquote", "td"), None)
    if around is None or around.tag in ("section", "header", "div"):
        return bool(_UPDATED.search(_before(element)))
    shown = words(around)
    beside = len(shown.split()) - len(words(element).split())
    sentence = beside > 4 and re.search(r"[.!?][\"”’»)]*$", shown)
    if around.tag == "blockquote" or beside > 2 * _FEW_WORDS or sentence:
        return True
    return bool(_UPDATED.search(_before(element)))


def _before(element: etree._Element) -> str:
    """The few words right before an element."""
    before = element.getprevious()
    tail = (before.tail or "") if before is not None else ""
    parent = element.getparent()
    text = tail.strip() or (words(before) if before is not None and before.tag in ("span", "strong", "b") else "")
    if not text and before is None and parent is not None:
        text = parent.text or ""
    return text[-30:]


def _framed(page: Page) -> str | None:
    """The date in a line of its own beside the title; that of an update where there is no other."""
    updates = []
    for line, marked in page.frame():
        for updated, moment in stages(line, strict=not marked):
            if len(moment) < len("2025-03-11"):
                continue
            if not updated:
                return moment
            updates.append(moment)
    if updates:
        return updates[0]
    # far from the title, as at the foot of the story, only where it is the page's one such date
    far = {
        moment for line in page.labelled() for _, moment in stages(line, strict=True) if len(moment) > len("2025-03")
    }
    if len(far) == 1:
        return far.pop()
    return next(filter(None, (in_midst(line)[1] for line in page.changed())), None)


def _local(page: Page, moment: str) -> str:
    """The same moment with the outlet's own offset from UTC, where the page gives that too."""
    if not re.search(r"T.*(?:Z|\+00:00)$", moment):
        return moment
    utc = datetime.datetime.fromisoformat(moment).replace(microsecond=0)
    for stamp in _stamps(page):
        match = _STAMP.match(stamp) or _NAIVE.match(stamp)
        if match and (local := _beside(datetime.datetime.fromisoformat(match[0]), utc)):
            return local.isoformat()
    return moment


def _stamps(page: Page) -> Iterator[str]:
    """Moments anywhere on the page: meta tags, elements, scripts."""
    yield from (content for name in DATES for content in page.meta.get(name, ()))
    yield from islice((element.get("datetime") or "" for element in page.root.iter("time")), 20)
    scripts = (stamp for script in page.scripts for stamp in _STAMP.findall(script.text)[:50])
    yield from islice(scripts, 200)


def _beside(local: datetime.datetime, utc: datetime.datetime) -> datetime.datetime | None:
    """A local time that is the same moment, with its offset; None for another moment, and for one in UTC."""
    if local.tzinfo is None:
        # a time without an offset that is whole quarters of an hour away is the same moment on the outlet's clock
        away = local.replace(tzinfo=datetime.UTC) - utc
        if away and abs(away) <= datetime.timedelta(hours=14) and not away.seconds % 900:
            local = local.replace(tzinfo=datetime.timezone(away))
    return local if local.tzinfo and local.utcoffset() and local == utc else None
