"""Metadata of an HTML page: what publishers say about it in JSON-LD, meta tags and markup, best source first.

Conventions: ``of`` gives keyword arguments of an article; what a page does not say is left out. Dates are ISO 8601,
as precise as the page is.
Source: schema.org/NewsArticle; ogp.me; Dublin Core terms; parse.ly and Sailthru meta tags.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import datetime
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from allegedly.builders.readers._names import authors
from allegedly.builders.text import dates

_ARTICLE = re.compile(
    r"(?:article|posting|report|review|recipe|liveblog|newsarticle|creativework|podcastepisode|medicalwebpage|qapage)$",
    re.I,
)
_PAGE = re.compile(r"(?:webpage|itempage|aboutpage|videoobject|event|product|book|howto)$", re.I)
JSON_LD_LIMIT = 4_000_000

TITLES = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "citation_title",
    "headline", "fb_title", "title",
)  # fmt: skip
AUTHORS = (
    "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.creator.name", "citation_author",
    "article:author_name", "byl", "cxenseparse:author", "og:author", "article:author", "article.author", "authors",
    "dcsext.author", "rbauthors", "twitter:data1", "vr:author", "shareaholic:article_author_name",
)  # fmt: skip
DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "citation_publication_date", "citation_date",
    "citation_online_date", "publish-date", "publish_date", "publication_date", "publicationdate", "pubdate", "pdate",
    "published", "datecreated", "date_published", "displaydate", "originalpublicationdate", "article_date_original",
    "bt:pubdate", "rnews:datepublished", "shareaholic:article_published_time", "date", "prism.publicationdate",
    "release_date", "created", "last-modified-original", "timestamp", "vr:published_time",
)  # fmt: skip
SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title", "publisher",
         "article:publisher_name", "cre", "al:ios:app_name", "apple-mobile-web-app-title")  # fmt: skip
SECTIONS = ("article:section", "parsely-section", "sailthru.section", "section", "dc.subject.section", "cg", "category")
THEMES = ("article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords", "dc.subject")
LICENCES = ("dc.rights", "dcterms.rights", "dcterms.license", "dc.rights.license", "copyright", "rights")


def of(root: etree._Element) -> dict[str, Any]:
    """The metadata of a page."""
    page = _Page(root)
    found: dict[str, Any] = {
        "title": page.title(),
        "subtitle": page.subtitle(),
        "authors": page.authors(),
        "published": page.published(),
        "outlet": page.outlet(),
        "url": page.url(),
        "section": page.first(SECTIONS) or _text(page.item.get("articleSection")),
        "themes": page.themes(),
        "language": language(
            root.get("lang") or root.get("xml:lang") or page.first(("og:locale", "content-language", "dc.language"))
        ),
        "licence": page.licence(),
    }
    return {name: value for name, value in found.items() if value}


def descriptions(root: etree._Element) -> list[str]:
    """What the page's head says it is about."""
    found = {}
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or "").lower()
        if key in ("og:description", "description", "twitter:description") and element.get("content"):
            found[key] = line(element.get("content"))
    return [found[key] for key in ("og:description", "description", "twitter:description") if key in found]


class _Page:
    """A page's own words about itself, looked up by name."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.meta: dict[str, list[str]] = defaultdict(list)
        for element in root.iter("meta"):
            content = line(element.get("content") or "")
            for key in ("property", "name", "itemprop", "http-equiv"):
                if content and element.get(key):
                    self.meta[element.get(key).strip().lower()].append(content)
        self.items = list(_json_ld(root))
        self.ids = {item["@id"]: item for item in self.items if isinstance(item.get("@id"), str) and len(item) > 1}
        self.item = self._main()

    @cached_property
    def marked(self) -> list[tuple[etree._Element, str]]:
        """Elements that say what they are: class, id, itemprop, rel and the path of a link, in lower case."""
        found = []
        for element in self.root.iter(*_MARKED):
            get = element.attrib.get
            mark = " ".join(filter(None, map(get, ("class", "id", "itemprop", "rel"))))
            if element.tag == "a" and (link := get("href")):
                mark += f" href={urlsplit_path(link)}"
            if mark:
                found.append((element, f" {' '.join(mark.split()).lower()} "))
        return found

    def _aside(self, element: etree._Element) -> bool:
        """Whether an element stands among comments or pointers to other pages."""
        return any(
            re.search("comment|related", (above.get("class") or "") + (above.get("id") or ""))
            for above in element.iterancestors()
        )

    def _main(self) -> dict[str, Any]:
        """The object that is the article; of several the one whose headline the page bears."""
        ranked = [item for item in self.items if _typed(item, _ARTICLE)]
        ranked = [
            item for item in ranked if item.get("headline") or item.get("datePublished") or item.get("articleBody")
        ]
        if len(ranked) > 1:
            told = " ".join([*self.meta.get("og:title", ()), self._tag("title"), self._tag("h1")]).casefold()
            ranked.sort(key=lambda item: (_text(item.get("headline")) or "\0").casefold() not in told)
        return ranked[0] if ranked else next((item for item in self.items if _typed(item, _PAGE)), {})

    def first(self, names: tuple[str, ...]) -> str | None:
        """The content of the first meta tag that is there."""
        return next((self.meta[name][0] for name in names if self.meta.get(name)), None)

    def _tag(self, tag: str) -> str:
        element = next(self.root.iter(tag), None)
        return "" if element is None else words(element)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(item) for item in value[:50]]
        if isinstance(value, dict) and not value.get("name") and value.get("@id") in self.ids:
            return self.ids[value["@id"]]
        return value

    def title(self) -> str | None:
        headline = _text(self.item.get("headline"))
        site = self.outlet() or ""
        heads = [text for element in self.root.iter("h1") if (text := words(element)) and len(text) < 300]
        declared = [
            text
            for text in [headline, *(self.meta[name][0] for name in TITLES if self.meta.get(name)), self._tag("title")]
            if text
        ]
        cut = [_without_site(text, site) for text in declared]
        for head in heads:
            plain = letters(head)
            # what the page shows in its head line, where it also says so in its head
            if len(plain) > 3 and any(plain in letters(text) for text in declared) and plain != letters(site):
                return head
        itemprop = self.root.xpath("(//*[@itemprop='headline'])[1]")
        if itemprop and (text := line(itemprop[0].get("content") or words(itemprop[0]))) and len(text) < 300:
            return text
        if len(heads) == 1 and letters(heads[0]) != letters(site) and len(heads[0]) > 15:
            return heads[0]
        return next((text for text in cut if text and letters(text) != letters(site)), None) or next(iter(heads), None)

    def subtitle(self) -> str | None:
        found = _text(self.item.get("alternativeHeadline"))
        if found and found != _text(self.item.get("headline")):
            return found
        for element, mark in self.marked:
            if element.tag in _HEADED and _STANDFIRST.search(mark) and 15 <= len(text := words(element)) <= 400:
                return text
        return None

    def authors(self) -> tuple[str, ...]:
        site = letters(self.outlet() or "")

        def good(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if letters(name) != site)

        named = good(authors(self._resolved(self.item.get("author"))))
        if named:
            return named
        for name in AUTHORS:
            if name == "twitter:data1" and not re.search(
                r"written|by|von|author|verfasst|geschrieben", self.first(("twitter:label1",)) or "", re.I
            ):
                continue
            if named := good(authors(self.meta.get(name))):
                return named
        for tags, pattern in _BYLINES:
            candidates = [element for element, mark in self.marked if element.tag in tags and pattern.search(mark)]
            for element in [element for element in candidates if not self._aside(element)][:8]:
                text = words(element, "\n")
                if len(text) < 200 and (named := good(authors(text))):
                    return named
        for element in self.root.iter("p", "div", "span", "li", "em", "strong", "i", "td", "small"):
            text = words(element) if len(element) < 4 else ""
            if 5 < len(text) < 120 and (said := _SIGNED.search(text)) and (named := good(authors(said[1]))):
                return named
        return authors(self.meta.get("author"))

    def published(self) -> str | None:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if found := date(_text(self.item.get(key))):
                return self._local(found)
        for item in self.items:
            if not _typed(item, _COMMENT) and (found := date(_text(item.get("datePublished")))):
                return found
        for name in DATES:
            for content in self.meta.get(name, ()):
                if found := date(content):
                    return self._local(found)
        written = self._dated_url()
        for path in _TIMES:
            for element in self.root.xpath(path)[:5]:
                said = element.get("datetime") or element.get("content") or element.get("title") or words(element)
                if (found := date(said)) and (not written or found.startswith(written)):
                    return found
        return written or _guessed(self.root)

    def _local(self, found: str) -> str:
        """The same moment with the outlet's own offset from UTC, where the page gives that too."""
        if not re.search(r"T.*(?:Z|\+00:00)$", found):
            return found
        moment = datetime.datetime.fromisoformat(found).replace(microsecond=0)
        said = [content for name in DATES for content in self.meta.get(name, ())]
        said += [element.get("datetime") or "" for element in self.root.iter("time")][:20]
        said += [stamp for script in self.root.iter("script") for stamp in _STAMP.findall(script.text or "")[:50]][:200]
        for other in said:
            match = _STAMP.match(other) or _NAIVE.match(other)
            if not match:
                continue
            there = datetime.datetime.fromisoformat(match[0])
            if there.tzinfo is None:
                # a time without an offset that is whole quarters of an hour away is the same moment on the outlet's clock
                away = there.replace(tzinfo=datetime.UTC) - moment
                if away and abs(away) <= datetime.timedelta(hours=14) and not away.seconds % 900:
                    there = there.replace(tzinfo=datetime.timezone(away))
            if there.tzinfo and there.utcoffset() and there == moment:
                return there.isoformat()
        return found

    def _dated_url(self) -> str | None:
        match = re.search(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)/", self.url() or "")
        return date(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}") if match else None

    def outlet(self) -> str | None:
        publisher = self._resolved(self.item.get("publisher"))
        if isinstance(publisher, list):
            publisher = publisher[0] if publisher else None
        name = _text(publisher.get("name") if isinstance(publisher, dict) else publisher)
        return self.first(SITES[:1]) or (name if name and "://" not in name else None) or self.first(SITES[1:])

    def url(self) -> str | None:
        canonical = self.root.xpath(
            "(//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href)[1]"
        )
        base = self.first(("og:url",)) or _text(self.item.get("url")) or _text(self.item.get("mainEntityOfPage"))
        for said in [*canonical, base]:
            if said and (address := web_address(str(said), base)):
                return address
        return None

    def themes(self) -> tuple[str, ...]:
        found = [*self.meta.get("article:tag", ()), *self.meta.get("og:article:tag", ())]
        if not found:
            keywords = self.item.get("keywords") or self.first(THEMES[1:])
            found = (
                keywords
                if isinstance(keywords, list)
                else re.split(r"\s*[,;|]\s*", keywords or "")
                if isinstance(keywords, str | None)
                else []
            )
        return tuple(dict.fromkeys(text for item in found[:50] if (text := _text(item)) and len(text) <= 80))

    def licence(self) -> str | None:
        linked = self.root.xpath("(//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' license ')]/@href)[1]")
        return (
            next((line(str(item)) for item in linked), None) or _text(self.item.get("license")) or self.first(LICENCES)
        )


_COMMENT = re.compile(r"^comment$|person|organization|imageobject", re.I)
_MARKED = tuple(
    """
    a span p div li strong cite h2 h3 h4 h5 h6 ul section
    address b em i td header footer figure small dd
    """.split()
)
_ANY = frozenset(_MARKED)
_INLINE = frozenset(("a", "span", "p", "div", "li", "strong", "cite", "b", "em"))
_HEADED = frozenset(("h2", "h3", "p", "div", "span", "strong"))
_STANDFIRST = re.compile(r"standfirst|sub-?title|subhead|subline|(?:__| )dek |alternativeheadline")
#: Where a page names its authors, best first: tags, and what the element says it is.
_BYLINES = (
    (_ANY, re.compile(r" author (?!.*\bcomment)(?=.*)")),
    (_INLINE, re.compile(r" (?:fn|vcard) ")),
    (
        _INLINE,
        re.compile(
            r"author-name|author__name|authorname|byline__name|byline-name|post-author|entry-author|recipe-expert-name"
        ),
    ),
    (_INLINE, re.compile(r"byline|autor|auteur")),
    (_ANY, re.compile(r"author| username ")),
    (frozenset("a"), re.compile(r"href=\S*/(?:authors?|autor(?:en|es)?|auteurs?|staff|redaktion)/")),
)
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
_SIGNED = re.compile(
    r"^(?:by|von|par|por|autor(?:in)?:|author:|text:|text & fotos?:|text von|ein artikel von|artikel von|posted by|written by|"
    r"geschrieben von|(?:posted|published) on .{6,24} by)\s+((?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w'’-]+)(?=\s*(?:$|[|,–-]))",
    re.I,
)


def _typed(item: dict, pattern: re.Pattern) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and bool(pattern.search(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _json_ld(root: etree._Element) -> Iterator[dict[str, Any]]:
    """All objects that the page's JSON-LD holds, outermost first."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > JSON_LD_LIMIT:
            continue
        source = (
            re.sub(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$", "", script.text)
            .strip()
            .rstrip(";")
        )
        yield from _objects(_parsed(source), 0)


def _parsed(source: str) -> Any:
    """JSON as publishers write it: with bare line breaks in strings, commas before brackets, or objects in a row."""
    for repaired in (source, re.sub(r",\s*([}\]])", r"\1", source), html.unescape(source)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.JSONDecoder(strict=False).raw_decode(source)[0]
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, level: int) -> Iterator[dict[str, Any]]:
    if level > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, level + 1)
    elif isinstance(value, dict):
        yield value
        for key in (
            "@graph",
            "mainEntity",
            "mainEntityOfPage",
            "itemListElement",
            "item",
            "hasPart",
            "author",
            "publisher",
        ):
            if isinstance(value.get(key), dict | list):
                yield from _objects(value[key], level + 1)


def _text(value: Any) -> str | None:
    """One line out of what JSON-LD may hold in a place."""
    if isinstance(value, list):
        return next(filter(None, map(_text, value[:20])), None)
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or value.get("@id") or value.get("url"))
    if not isinstance(value, str):
        return None
    return line(re.sub(r"<[^<>]{0,500}>", "", value)) or None


def line(text: str) -> str:
    """One line of text: entities resolved, white space as single blanks, without half surrogates."""
    text = html.unescape(html.unescape(text)) if "&" in text else text
    return " ".join(text.encode("utf-8", "ignore").decode("utf-8").replace("\u200b", "").replace("\xad", "").split())


def words(element: etree._Element, gap: str = "") -> str:
    """The words in an element, scripts left out; ``gap`` stands between its pieces."""
    if next(element.iter("script", "style", "svg"), None) is None:
        joined = gap.join(element.itertext())
    else:
        joined = gap.join(
            map(str, element.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::svg)]"))
        )
    return joined.strip() if gap else " ".join(joined.replace("\xad", "").replace("\u200b", "").split())


def urlsplit_path(link: str) -> str:
    """The path of a link, whatever the link is."""
    return link.partition("?")[0].partition("#")[0][:200]


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


_SITE = re.compile(r"\s+[|–—·•»«-]\s+|\s+::\s+|\s*\|\s*")


def _without_site(text: str, site: str) -> str:
    """A title without the outlet's name after (or before) a bar or dash."""
    parts = [part for part in _SITE.split(text) if part]
    if len(parts) < 2:
        return text
    bare = letters(site)
    if bare:
        for at in (-1, 0):
            here = letters(parts[at])
            if here and (here in bare or bare in here):
                kept = parts[:-1] if at else parts[1:]
                start = text.find(kept[0])
                return text[start : text.rfind(kept[-1]) + len(kept[-1])]
    longest = max(parts, key=len)
    return longest if "|" in text or len(longest) > 0.7 * len(text) else text


def web_address(said: str, base: str | None) -> str | None:
    try:
        address = urljoin(base, said.strip()) if base and "://" in base else said.strip()
        parts = urlsplit(address)
    except ValueError:
        return None
    return line(address) if parts.scheme in ("http", "https") and parts.netloc else None


_LANGUAGE = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?\b", re.I)


def language(said: str | None) -> str | None:
    """A BCP 47 tag out of ``en_GB``, ``EN-us`` and the like."""
    match = _LANGUAGE.match((said or "").strip())
    if not match or match[1].lower() in ("und", "mul", "xx"):
        return None
    parts = [match[1].lower(), match[2] and match[2].title(), match[3] and match[3].upper()]
    return "-".join(filter(None, parts))


_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


def date(value: Any) -> str | None:
    """A date of a page or record as ISO 8601, as precise as it is given; None where there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{9,13}", value.strip())):
        return _epoch(float(value))
    if isinstance(value, dict | list):
        return date(_text(value))
    text = " ".join(str(value).split())[:100]
    found = dates.read(text)
    if not found and (day := _DAY.match(text)):
        found = dates.read(day[0])
    return found


def _epoch(number: float) -> str | None:
    if number > 1e11:
        number /= 1000
    if not 1e8 < number < 4e9:
        return None
    return datetime.datetime.fromtimestamp(int(number), datetime.UTC).isoformat().replace("+00:00", "Z")


def _guessed(root: etree._Element) -> str | None:
    """A date that the page shows somewhere, by htmldate's rules."""
    from htmldate import find_date

    try:
        return date(find_date(root, original_date=True, extensive_search=True, outputformat="%Y-%m-%d"))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
