"""Exports of press databases: the documents in one file, each an article of its own without the frame around it.

Conventions: the layouts are known by lines, so that text, HTML, DOCX and RTF are one: paragraphs in, documents out. The
text of an article is composed of title, highlight and body; what the frame tells is metadata, what of it is prose (a
caption, a note) stands behind the body, marked. A document without a body is a line of the ledger with its number.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from allegedly.builders.readers import _fields, _values, html
from allegedly.builders.readers._credits import credit
from allegedly.builders.readers._line_people import is_person
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import RawFile
from allegedly.builders.text import date_names, dates
from allegedly.schemas.records import Article, Origin, Rejected

#: How many words a document has, in the languages of the databases.
WORDS = re.compile(
    r"[\d.,'\u00a0\u202f ]*\d\s*(?:words?|w[öo]rter|worte|mots?|palabras?|parole|palavras?|woorden|ord|s[łl][óo]w)\b.{0,20}",
    re.I,
)
#: What says that a look at the lines is worth its time: a count of words, the first of Factiva's codes.
_COUNT = re.compile(r"\d\s*(?:[Ww]ords?|W[öo]rter|Worte|mots?|palabras?|parole|palavras?|woorden|ord|s[łl][óo]w)\b")
_FIRST_CODE = re.compile(r"(?:^|>)\s*HD\b", re.M)
RIGHTS = re.compile(
    r"(?:copyright\b|©|\(c\)\s|all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv[ée]s|"
    r"todos los derechos reservados|tutti i diritti riservati|alle rechten voorbehouden)",
    re.I,
)
_INLINE = re.compile(r"</?(?:p|div|br|tr|td|th|li|ul|h\d|table|body|hr)\b[^<>]{0,500}>", re.I)
_TAG = re.compile(r"<[^<>]{0,500}>")
_CODED = re.compile(r"\s*([A-Z]{2,3})(?:[ ]{2,}|[ ]*\t)(?=\S)")
#: Where somebody wrote from, behind the name.
_FROM = re.compile(r"(?<=[\w.])\s+(?:in|at|from|aus|à|en|a)\s+[A-ZÀ-Ý][^;,|]{2,30}$")
#: What somebody did for a story, behind the name.
_DID = re.compile(r"\s+(?:also )?(?:contributed|reported)\b[^;,]{0,60}", re.I)
#: A text that no line of passes is broken by its writer where this is full.
WIDEST = 100


class Document(NamedTuple):
    """A document of an export: its lines as they are written, its body, and what of the frame is prose."""

    title: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    published: str | None = None
    outlet: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    licence: str | None = None
    source_id: str | None = None
    body: tuple[Paragraph, ...] = ()
    aside: tuple[Paragraph, ...] = ()


def lines(raw: RawFile) -> str:
    """The beginning of a file as lines, those of HTML without its tags; empty for what is no text."""
    return raw.once(_lines)


def may_count(raw: RawFile) -> bool:
    """Whether a file begins with what may be an export of a database that counts words."""
    return raw.once(_may_count)


def _may_count(raw: RawFile) -> bool:
    head = raw.text or ""
    return _COUNT.search(head) is not None or ("HD" in head and _FIRST_CODE.search(head) is not None)


def _lines(raw: RawFile) -> str:
    head = raw.text or ""
    return _TAG.sub("", _INLINE.sub("\n", head)).replace("&nbsp;", " ") if raw.marked_up else head


def of_text(text: str, begins: Callable[[str], bool]) -> Iterator[Paragraph]:
    """The paragraphs of a text: what stands between blank lines, and of that each line, but for those that its writer
    broke. ``begins`` says which lines begin a paragraph in any case."""
    source = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    rows = [_row(row) for row in source.split("\n")]
    width = max(map(len, rows), default=0)
    words, below = "", False
    for row, after in zip(rows, [*rows[1:], ""], strict=True):
        words = f"{words} {row}".strip()
        full = len(row) + 1 + len(after.partition(" ")[0]) > width
        if not (row and after and 50 <= width <= WIDEST and full) or begins(after):
            if words:
                yield Paragraph("paragraph", words, below=below)
            words, below = "", bool(row)
    if words:
        yield Paragraph("paragraph", words, below=below)


def _row(line: str) -> str:
    """A line with single blanks, and a tab behind a code that stands in a column of its own."""
    coded = _CODED.match(line)
    rest = " ".join(line[coded.end() if coded else 0 :].split())
    return f"{coded[1]}\t{rest}" if coded else rest


def of_html(source: str, limits: Limits) -> list[Paragraph]:
    """The paragraphs of a page that a database exports."""
    from allegedly.builders.readers import _html_paragraphs  # loads lxml

    root = _html_paragraphs.tree(source, limits)
    for element in root.iter("span", "div"):
        if re.search(r"headline", element.get("class") or "", re.I):
            element.tag = "h1"
    return list(_html_paragraphs.of(root))


def read(
    data: bytes,
    origin: Origin,
    limits: Limits,
    documents: Callable[[list[Paragraph]], "list[Document] | None"],
    begins: Callable[[str], bool],
) -> Iterator[Article | Rejected]:
    """The articles of an export as text or HTML; of what is none after all, those of the text or the page."""
    from allegedly.builders.readers import _text_article

    marked_up = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    if marked_up:
        source, origin = html.decoded(data, origin)
        paragraphs = of_html(source, limits)
    else:
        source, encoding = encodings.decode(data)
        origin = replace(origin, encoding=encoding)
        paragraphs = list(of_text(source, begins))
    met = documents(paragraphs)
    if met:
        yield from articles(met, origin)
    elif marked_up:
        yield from html.read(data, origin, limits=limits)
    else:
        yield _text_article.of_text(source, replace(origin, reader="text"))


def articles(documents: Iterable[Document], origin: Origin, first: int = 0) -> Iterator[Article | Rejected]:
    """The article of each document, or why there is none. ``first``: the number of the first."""
    met = list(documents)
    for number, document in enumerate(met, first):
        here = replace(origin, record=number) if len(met) > 1 else origin
        try:
            yield _article(document, number, here)
        except Refused as refused:
            yield refused.rejected(here)


def _article(document: Document, number: int, origin: Origin) -> Article:
    from allegedly.builders.readers import _story

    what = f"document {number + 1} of an export"
    if not document.body:
        title = f" ({document.title[:80]!r})" if document.title else ""
        raise Refused("no-article", f"holds {what}{title} without its text; export it with the full text")
    byline = credit(_FROM.sub(_unless_named, _DID.sub("", document.byline or "")))
    given: dict[str, Any] = {
        "title": document.title,
        "subtitle": document.subtitle,
        "authors": byline.people,
        "agencies": byline.agencies,
        "published": dated(document.published),
        "outlet": _fields.outlet(document.outlet),
        "section": document.section,
        "language": _values.language(document.language),
        "url": _values.web_address(document.url or "", None),
        "licence": document.licence,
        "source_id": document.source_id,
    }
    return _story.article([*document.body, *document.aside], origin, what=what, given=given)


def _unless_named(place: re.Match[str]) -> str:
    """Nothing in place of where somebody wrote from; "en" also stands before another name."""
    joining, _, name = place[0].strip().partition(" ")
    return place[0] if joining == "en" and len(name.split()) > 1 and is_person(name) else ""


def aside(kind: str, words: str) -> Paragraph:
    """What stands beside a story, behind its body."""
    return Paragraph(kind, words, None, True)


_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,?", re.I)
_DAY = re.compile(
    r"\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?\s(?:de\s)?\d{4}|[^\W\d_]{3,12}\.?\s\d{1,2},?\s\d{4}|\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}"
)


@lru_cache(maxsize=4096)  # the documents of an export share outlets, days and editions
def dated(line: str | None) -> str | None:
    """The date in a line that holds hardly more: a weekday, a time, the name of an edition."""
    words = (line or "").split()
    if not words or len(line or "") > 80:
        return None
    # "Mar" is a weekday too, elsewhere: first as it stands
    for left in (words, [word for word in words if not _weekday(word)], [word for word in words if not _is_day(word)]):
        if read := dates.read(" ".join(left).strip(" ,")):
            return read
    day = _DAY.search(" ".join(words))
    return dates.read(day[0]) if day and len(line or "") - len(day[0]) <= 40 else None


def _is_day(word: str) -> bool:
    return _weekday(word) or date_names.is_weekday(word.strip(",."))


def _weekday(word: str) -> bool:
    return _WEEKDAY.fullmatch(word) is not None
