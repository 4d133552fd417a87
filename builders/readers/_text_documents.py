"""Several documents in one text: those that are numbered (``Document 1 of 2``), and records of lines with keys
(``Title: ...``, ``Date: ...``, ``Text: ...``) that follow one another.

Conventions: a line with a number belongs to no document. A document whose head is lines with keys gives its fields and
its body, without the word before it (``Text:``); any other stands as it is, and is read as a text of its own. Records
without numbers are several only where the same key opens each and each has a title and a body: a story may well have a
line like ``Date: ...`` twice.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from allegedly.builders.readers import _exports, _markup, _nexis
from allegedly.builders.readers._exports import Document
from allegedly.builders.readers._line_keys import KEYS
from allegedly.builders.sources.limits import Refused
from allegedly.schemas.records import Span

_OF = r"[ \t]{1,9}(?:of|von|de|sur|di|van)[ \t]{1,9}"
_NUMBERED = re.compile(
    r"^[ \t]{0,80}(?:(?:document|dokument|documento|article|artikel|articolo|story|record|item)[ \t]{1,9}"
    rf"(\d{{1,6}}){_OF}(\d{{1,6}})|(\d{{1,6}}){_OF}(\d{{1,6}})[ \t]{{1,9}}"
    r"(?:documents?|dokumenten?|documentos?|documenti|documenten|articles?|artikeln?|stories|records|items))"
    r"[ \t]{0,80}:?[ \t]{0,80}\r?$",
    re.I | re.M,
)
_KEY = re.compile(r"[ \t]{0,80}\**([^\W\d_][\w /-]{0,30}?)[ \t]{0,9}:\**(?:[ \t]+|$)(.*)")
_LINE = re.compile(r"[^\n]*\n?")
#: Words before a body, and how many letters what stands beside them has at least, but for a sentence: ``Text: Kim Lo``
#: tells who wrote a story.
_BODY = frozenset(("text", "body", "full text", "fulltext", "content", "article", "article text", "story", "volltext",
                   "inhalt", "texte", "contenu", "texto", "contenido", "conteúdo", "testo", "contenuto", "tekst"))  # fmt: skip
_SENTENCE, _ENDS = 60, (".", "!", "?", '"', "”", "’", "…")
#: Our fields of a document by the names that lines of text have for them.
_FIELDS = {
    "title": "title",
    "subtitle": "subtitle",
    "authors": "byline",
    "published": "published",
    "outlet": "outlet",
    "section": "section",
    "language": "language",
    "url": "url",
    "licence": "licence",
    "source_id": "source_id",
}
#: So many lines may a head have, and so many of them must have keys that are known.
_LONGEST_HEAD, _LEAST = 30, 2


def parts(text: str) -> list[tuple[Span, Document | None]]:
    """The documents of a text, in order: where each stands, and its fields where its head is lines with keys. Empty
    for a text that is one document without such a head. Refused where their numbers contradict one another."""
    spans = _numbered(text) or _records(text)
    return [(span, _document(text[span.start : span.end])) for span in spans]


def before(text: str, parts: list[tuple[Span, Document | None]]) -> str:
    """What stands before the first document: the cover of an export, or a text that is none of its documents."""
    front = _NUMBERED.sub("", text[: parts[0][0].start]) if parts else ""
    return front.strip(" \t\r\n\ufeff-=_*")


def _numbered(text: str) -> list[Span]:
    """What stands behind lines with numbers that go up, or begin again; one alone must open the text."""
    marks = list(_NUMBERED.finditer(text))
    if not marks or (len(marks) == 1 and text[: marks[0].start()].strip("\ufeff \t\r\n")):
        return []
    counts = [(int(mark[1] or mark[3]), int(mark[2] or mark[4])) for mark in marks]
    for now, after in pairwise(counts):
        if after[0] != 1 and (after[0] <= now[0] or after[1] != now[1]):
            met = f"{after[0]} of {after[1]} behind {now[0]} of {now[1]}"
            what = "holds several documents whose numbers do not go up"
            raise Refused("several-documents", f"{what} ({met}); save each as a file of its own", documents=len(marks))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    spans = [_trimmed(text, mark.end(), end) for mark, end in zip(marks, ends, strict=True)]
    # one line with a number over a text without keys is a line of that text
    return spans if len(spans) > 1 or _document(text[spans[0].start : spans[0].end]) else []


def _records(text: str) -> list[Span]:
    """The stretches that the key of the first line opens, where each is a record with a title and a body."""
    start = _trimmed(text, 0, len(text)).start
    first = _KEY.match(text[start : start + 400].partition("\n")[0])
    if not first or first[1].lower() not in KEYS:
        return []
    opens = re.compile(rf"^[ \t]*\**{re.escape(first[1])}[ \t]*:", re.M)
    starts = [match.start() for match in opens.finditer(text, start)]
    starts = [here for here in starts if here == start or _opens(text, here)]
    spans = [_trimmed(text, here, end) for here, end in pairwise([*starts, len(text)])]
    words = [text[span.start : span.end] for span in spans]
    whole = sum(1 for document in map(_document, words) if document and document.body)
    # one alone stays as it stands, where nothing needs to be taken away
    if whole < min(2, len(spans)) or (len(spans) == 1 and not _names_body(words[0])):
        return []
    return spans


def _names_body(words: str) -> bool:
    keys = (_KEY.match(line) for _, line in islice(_lines(words), _LONGEST_HEAD))
    return any(key[1].lower() in _BODY and _is_body(key[2], "...") for key in keys if key)


def _opens(text: str, start: int) -> bool:
    """Whether a line stands behind a blank one, or one that is a rule."""
    row = text[max(0, start - 200) : start].replace("\r", "").removesuffix("\n").rpartition("\n")[2]
    return _is_frame(row)


def _is_frame(row: str) -> bool:
    """Whether a line is blank, a rule, or says that a document ends."""
    row = row.strip()
    return not row or (len(row) < 200 and bool(_markup.RULE.fullmatch(row) or _nexis.END.fullmatch(row)))


def _trimmed(text: str, start: int, end: int) -> Span:
    """A stretch without the blank lines, and the lines between documents, around it."""
    while start < end and _is_frame(row := text[start : end if (stop := text.find("\n", start, end)) < 0 else stop]):
        start += len(row) + 1
    start = min(start, end)
    while start < end and _is_frame(row := text[max(start, text.rfind("\n", start, end) + 1) : end]):
        end -= len(row) + 1
    return Span(start, max(start, end))


def _document(words: str) -> Document | None:
    """The document that a head of lines with keys opens, with or without a body; None where there is no such head."""
    told: dict[str, Any] = {}
    known, body, blank = 0, "", False
    for start, line in islice(_lines(words), _LONGEST_HEAD):
        if not line.strip():
            blank = True
            continue
        key = _KEY.match(line)
        name = key[1].lower() if key else ""
        if key and name in _BODY and _is_body(key[2], words[start + len(line) :]):
            body, known = words[start + key.start(2) :], known + 1
            break
        ours = _FIELDS.get(KEYS.get(name.removesuffix(" name"), ""))
        if not key or (ours is None and (blank or _is_sentence(key[2]))):
            body = words[start:]
            break
        if ours:
            told.setdefault(ours, key[2].strip())
        known += ours is not None
    if known < _LEAST or not told.get("title"):
        return None
    return Document(body=tuple(_exports.of_text(body, lambda row: False)), **told)


def _is_body(beside: str, after: str) -> bool:
    """Whether what stands behind a word for a body is one: a sentence, or on the lines after it."""
    return _is_sentence(beside) if beside.strip() else bool(after.strip())


def _is_sentence(words: str) -> bool:
    return len(words.strip()) >= _SENTENCE or (" " in words.strip() and words.rstrip().endswith(_ENDS))


def _lines(words: str) -> Iterator[tuple[int, str]]:
    """Where each line starts, and the line without its end."""
    for line in _LINE.finditer(words):
        if line[0]:
            yield line.start(), line[0].rstrip("\r\n")
