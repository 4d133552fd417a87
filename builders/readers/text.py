"""Plain text and Markdown: the file as it is, with blocks that say what each stretch of it is.

Conventions: the text is the decoded file, verbatim, without a byte order mark. What stands around the article (byline,
date, credits, notices, links) tells its metadata and is marked, never deleted. An article without a title has none.
"""

from collections.abc import Iterator
from dataclasses import replace

from allegedly.builders.readers import _exports, _text_documents
from allegedly.builders.readers._text_article import of_text
from allegedly.builders.sources.encodings import decode
from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text.blank import is_blank
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("text/plain", "text/markdown")
ENDINGS = ("txt", "text", "md", "markdown")
MARKDOWN = ("md", "markdown")


def recognise(raw: RawFile) -> Claim | None:
    """Any text; by its name Markdown, which may begin with a tag or hold a table."""
    if raw.text is None:
        return None
    if raw.ending in MARKDOWN:
        return Claim(Strength.LIKELY, "text/markdown")
    return Claim(Strength.ANY, "text/plain")


def read(data: bytes, origin: Origin) -> Iterator[Article | Rejected]:
    """The article in a text file; those of several documents that stand in one."""
    text, encoding = decode(data)
    if is_blank(text):
        raise Refused("empty-file", "holds nothing but white space")
    origin = replace(origin, encoding=encoding, reader="text")
    parts = _text_documents.parts(text)
    if not parts:
        yield of_text(text, origin)
    if front := _text_documents.before(text, parts):
        reason = f"holds text before its first document, passed over: {front[:60]!r}; put it into a file of its own"
        yield Refused("passed-over", reason, count=1).rejected(origin)
    for number, (span, document) in enumerate(parts):
        yield _document(text[span.start : span.end], document, number, _numbered(origin, number, len(parts)))


def _numbered(origin: Origin, number: int, count: int) -> Origin:
    return replace(origin, record=number) if count > 1 else origin


def _document(words: str, document: _exports.Document | None, number: int, origin: Origin) -> Article | Rejected:
    """The article of one of several documents: of its fields where it has them, else of its text as it stands."""
    if document:
        return next(_exports.articles([document], origin, number))
    if is_blank(words):
        return Refused("no-article", f"holds document {number + 1} without a text").rejected(origin)
    return of_text(words, origin)
