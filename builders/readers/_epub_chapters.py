"""The chapters of an e-book as paragraphs: its files in order, cut where the table of contents says so.

Conventions: bars for moving about that programs put into chapters are no text, what a program says of where it fetched a
chapter is boilerplate and tells its address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from allegedly.builders.readers import _html_paragraphs, _values, _xml, html
from allegedly.builders.readers._epub import FRONT, Label, Package
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.schemas.records import Origin

_BAR = re.compile(r"(?:^|[\s_-])nav(?:bar|igation)?\d*(?:[\s_-]|$)|pagebreak|doc-(?:pagebreak|pagelist)", re.I)
_MOVES = (
    r"(?:(?:next|previous|prev|back|forward|up|top|home|(?:section|main) menu|menu|sections?|articles?|(?:table of )?contents|"
    r"weiter|zurück|nächste[rs]?|vorherige[rs]?|inhalt(?:sverzeichnis)?|hauptmenü|menü|ressorts?|suivant|précédent|sommaire|retour|"
    r"menu (?:principal|des sections)|rubriques?|siguiente|anterior|índice|menú(?: principal| de secciones)?|secciones|"
    r"successivo|precedente|indice|menu principale|sezioni|próximo|seguinte|sumário|seções|volgende|vorige|inhoud|hoofdmenu)"
    r"(?: (?:article|section|page|story|artikel|seite|section|artículo|articolo|artigo))?)"
)
#: A row of such words is no longer, in letters.
LONGEST_ROW = 150
_BETWEEN = r"[\s|•·/<>«»‹›←→–-]"
#: Words for moving about, in a row.
# possessive, so that a row that ends as none is given up at once
_MORE = rf"(?:(?=[ \t]*+[\n|•·/<>«»‹›←→–-]){_BETWEEN}++{_MOVES})"
_ROW = re.compile(rf"{_BETWEEN}*+{_MOVES}{_MORE}++{_BETWEEN}*+", re.I)
_MOVE = re.compile(rf"{_BETWEEN}*+{_MOVES}{_MORE}*+{_BETWEEN}*+", re.I)
#: How the contents of a book or an issue are headed.
_CONTENTS = re.compile(
    r"(?:table of )?contents|(?:in|inside) this issue|inhalt(?:sverzeichnis)?|in dieser ausgabe|table des matières|sommaire|"
    r"(?:tabla de )?contenidos?|en este número|índice|indice|sommario|sumário|inhoud(?:sopgave)?|in dit nummer|innehåll|indhold",
    re.I,
)
_FETCHED = re.compile(r"this article was downloaded by\b.{0,40}\bfrom\s+(?P<url>https?://\S+)\W*$", re.I)
#: Begins the paragraph that stands where the table of contents leads to.
_MARK = "\ufdd0"


@dataclass(slots=True)
class Chapter:
    """A chapter, or why there is none."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    title: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    encoding: str | None = None
    refused: Refused | None = None


def chapters(book: Package, origin: Origin, limits: Limits) -> Iterator[Chapter]:
    """The chapters in order, and what stands among them but is none."""
    last: Chapter | None = None
    for name in dict.fromkeys(book.chapters):
        try:
            read = list(_read(book, name, origin, limits))
        except Refused as refused:
            read = [Chapter(refused=refused)]
        for chapter in read:
            if last and _goes_on(book, name, last, chapter):
                last.paragraphs += chapter.paragraphs
                last.url = last.url or chapter.url
                continue
            if last:
                yield last
            last = chapter
    if last:
        yield last


def _goes_on(book: Package, name: str, last: Chapter, chapter: Chapter) -> bool:
    """Whether a file is the next part of the chapter before: the table of contents does not know it, and it has no
    heading of its own."""
    known = bool(book.labels) and name not in book.labels
    headed = any(part.kind == "heading" for part in chapter.paragraphs[:2])
    return known and not headed and not chapter.refused and not last.refused


def _read(book: Package, name: str, origin: Origin, limits: Limits) -> Iterator[Chapter]:
    """The chapters in a file; nothing for one without words."""
    source = book.archive.read(name)
    if source is None:
        raise Refused("no-article", f"is a chapter that is not in the file: {name[:100]}")
    words, where = html.decoded(source, origin)
    root = _html_paragraphs.tree(words, limits)
    front = name in book.frame or _is_front(root, name)
    labels = _places(book.labels.get(name, []))
    _marked(root, labels)
    paragraphs = [
        part for part in _html_paragraphs.of(root) if len(part.words) > LONGEST_ROW or not _ROW.fullmatch(part.words)
    ]
    if not any(re.search(r"\w", part.words) for part in paragraphs if part.words[:1] != _MARK):
        return
    if front or _is_contents(root, paragraphs):
        raise Refused("front-matter", f"is the cover, contents or the like of an e-book ({name[-60:]}), no article")
    language = next(
        (item.get("lang") or item.get("xml:lang") for item in root.iter("html", "body") if item.attrib), None
    )
    named = _xml.line(root.find(".//title"))
    # the book's title in the head of a chapter says nothing about the chapter
    if named and any(
        _values.letters(named) in _values.letters(title) for title in map(_xml.line, book.says("title")) if title
    ):
        named = None
    for label, inner in _cut(paragraphs, labels):
        yield _chapter(Chapter(language=language, encoding=where.encoding), inner, label, named)


def _is_front(root: etree._Element, name: str) -> bool:
    """Whether a file says, by its name or by its kind, that it is the frame of a book."""
    kinds = " ".join(item.get("epub:type") or "" for item in root.iter("body", "section", "article", "nav", "div"))
    stem = name.rpartition("/")[2].rpartition(".")[0]
    return any(map(FRONT.fullmatch, kinds.split())) or bool(FRONT.fullmatch(stem))


def _is_contents(root: etree._Element, paragraphs: list[Paragraph]) -> bool:
    """Whether a file is hardly more than links into the book."""
    named = ["".join(link.itertext()) for link in root.iter("a") if not re.match(r"\w+:|#", link.get("href") or "#")]
    links = [len(words.split()) for words in named if len(words) > LONGEST_ROW or not _MOVE.fullmatch(words)]
    if sum(links) > 0.5 * sum(len(part.words.split()) for part in paragraphs):
        return len(links) > 1 or sum(links) > 3
    head, *listed = [part.words for part in paragraphs if part.words[:1] != _MARK]
    return bool(_CONTENTS.fullmatch(head)) and not any(re.search(r"[.!?…][\"”’»)]*$", words) for words in listed)


def _places(labels: list[Label]) -> list[Label]:
    """The labels of a file that begin a chapter: the outermost; where one leads to the whole file, it alone counts."""
    outermost = min((label.depth for label in labels), default=0)
    outer = [label for label in labels if label.depth == outermost]
    whole = [label for label in outer if not label.fragment]
    return outer if len(outer) > 1 and len(whole) < 2 else outer[:1]


def _marked(root: etree._Element, labels: list[Label]) -> None:
    """Takes bars out of a tree, and marks where labels lead to."""
    for element in list(root.iter("div", "p", "span", "hr")):
        if _BAR.search(f"{element.get('class') or ''} {element.get('role') or ''} {element.get('epub:type') or ''}"):
            element.clear(keep_tail=True)
    if len(labels) < 2:
        return
    wanted = {label.fragment: number for number, label in enumerate(labels) if label.fragment}
    for element in list(root.iter()):
        number = wanted.pop(element.get("id") or element.get("name") or "", None)
        if number is not None and element.getparent() is not None:
            mark = etree.Element("p")
            mark.text = f"{_MARK}{number}"
            element.addprevious(mark)


def _cut(paragraphs: list[Paragraph], labels: list[Label]) -> Iterator[tuple[Label | None, list[Paragraph]]]:
    """The paragraphs under each label."""
    label, inner = (labels[0] if labels else None), list[Paragraph]()
    for part in paragraphs:
        if part.words.startswith(_MARK):
            if any(re.search(r"\w", before.words) for before in inner):
                yield label, inner
            label, inner = labels[int(part.words[1:].split()[0])], []
        else:
            inner.append(part)
    if inner:
        yield label, inner


def _chapter(chapter: Chapter, paragraphs: list[Paragraph], label: Label | None, named: str | None) -> Chapter:
    """A chapter with its title: its first heading, where nothing but a kicker stands before it; else what labels say."""
    heading = next((part for part in paragraphs[:3] if part.kind == "heading"), None)
    said = label.words if label else named
    plain = _values.letters(said or "")
    agrees = heading and plain and plain in _values.letters(heading.words)
    chapter.title = heading.words.replace("\n", " ") if heading and (agrees or heading in paragraphs[:2]) else said
    chapter.section = label.section if label else None
    for part in paragraphs:
        if fetched := _FETCHED.match(part.words):
            chapter.url = _values.web_address(fetched["url"], None)
            part = Paragraph("boilerplate", part.words, None, True)
        chapter.paragraphs.append(part)
    return chapter
