"""EPUB: an issue or book as an e-book, an article a chapter.

Conventions: chapters are read in the order of the spine; ``origin.record`` counts them from 0. The title is the heading, else
the label in the table of contents. Cover, title page, contents and the like are lines of the ledger where they hold words.
A chapter that was cut into several files is one, several in a file are told by the table of contents.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allegedly.builders.readers import _zipped
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    from allegedly.builders.readers._epub import Package
    from allegedly.builders.readers._epub_chapters import Chapter

MEDIA_TYPES = ("application/epub+zip",)
ENDINGS = ("epub",)
DEFAULT = Limits()
_NO_OUTLET = re.compile(r"calibre|unknown|n/?a|none|sigil|pandoc", re.I)


def recognise(raw: RawFile) -> Claim | None:
    """The member that names the media type, or the one that names the package; what is left of a book, by its name."""
    if raw.archive != "zip":
        return None
    if raw.members and (_zipped.first_member(raw, MEDIA_TYPES[0]) or "META-INF/container.xml" in raw.members):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
    return Claim(Strength.NAME, MEDIA_TYPES[0]) if _zipped.cut_off(raw, ENDINGS) else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a book."""
    from allegedly.builders.readers import _epub, _epub_chapters  # load lxml

    book = _epub.package(data, limits)
    given = _said(book)
    chapters = list(_epub_chapters.chapters(book, origin, limits))
    if not chapters:
        raise Refused("no-article", "is an e-book without chapters")
    for number, chapter in enumerate(chapters):
        here = replace(origin, record=number)
        try:
            yield _article(chapter, here, given)
        except Refused as refused:
            yield refused.rejected(here)


def _article(chapter: "Chapter", origin: Origin, given: dict[str, Any]) -> Article:
    from allegedly.builders.readers import _story, _values

    if chapter.refused:
        raise chapter.refused
    language = _values.language(chapter.language) or given.get("language")
    known = {"title": chapter.title, "section": chapter.section, "url": chapter.url, "language": language}
    return _story.article(
        chapter.paragraphs, replace(origin, encoding=chapter.encoding), what="a chapter", given={**given, **known}
    )


def _said(book: "Package") -> dict[str, Any]:
    """What a book says of all its chapters."""
    from allegedly.builders.readers import _values, _xml

    # of the dates that EPUB 2 tells apart only that of publication counts
    dates = [
        item
        for item in book.says("date")
        if "publication" in " ".join(map(str, item.attrib.values())) or not item.attrib
    ]
    outlets = [name for item in book.says("publisher") if (name := _xml.line(item)) and not _NO_OUTLET.fullmatch(name)]
    languages = [_values.language(_xml.line(item)) for item in book.says("language")]
    return {
        "published": next(filter(None, (_values.date(_xml.line(item)) for item in dates)), None),
        "outlet": next(iter(outlets), None),
        "language": next(filter(None, languages), None),
        "licence": next(filter(None, map(_xml.line, book.says("rights"))), None),
    }
