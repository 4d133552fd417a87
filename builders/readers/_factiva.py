"""The layouts of Factiva: with a code before each field (``HD``, ``BY``, ``WC``, ``PD``, ``SN``, ``LP``, ``TD``), and the plain
one, known by the line that counts words, in the languages that it is had in.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from allegedly.builders.readers import _values
from allegedly.builders.readers._exports import RIGHTS, WORDS, Document, aside, dated
from allegedly.builders.readers._paragraphs import Paragraph

_CODES = "SE HD BY CR WC PD ET SN SC ED PG VOL LA CY LP TD CT ART CO IN NS RE IPD IPC PUB AN CLM CX RF NP CN DLN HLP UD"
CODE = re.compile(rf"({'|'.join(_CODES.split())})(?:[ \t]{{2,}}|[ \t]*\t[ \t]*|\s\|\s|\s*$)(.*)", re.S)
#: The same where a document keeps one blank between code and field, as word processors' files come out.
_CLOSE = re.compile(rf"({'|'.join(_CODES.split())})(?:\s+(.*))?", re.S)
#: What such a code has behind it inside a body, where a sentence may begin with "IN" as well.
_INDEX = re.compile(r".*(?: : |\|).*|(?:document|dokument|documento)\s.*", re.I | re.S)
_LAST = re.compile(r"\s*(?:document|dokument|documento|document[eo]?)\s+([A-Z]{2,10}\d{4}[A-Za-z0-9]{6,30})\s*", re.I)
_TIME = re.compile(r"\d{1,2}:\d\d(?:\s*(?:[ap]\.?m\.?|uhr|gmt|utc))?", re.I)
_COVER = re.compile(
    r"(?:factiva|page \d+ of \d+.*|seite \d+ von \d+.*|dow jones.{0,40}|©\s*\d{4} factiva.*|_+|search summary|"
    r"suchzusammenfassung|table of contents|inhaltsverzeichnis)",
    re.I,
)
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af|de)\s+\S", re.I)
#: What names of publishing houses end with.
_HOUSE = re.compile(
    r"\b(?:ltd|limited|inc|llc|llp|plc|corp|corporation|company|co|gmbh|ag|kg|se|s\.?a\.?s?|s\.?l\.?u?|s\.?p\.?a|s\.?r\.?l|b\.?v|"
    r"n\.?v|ab|as|a/s|oy|ltda|media|group|publishing|publications|newspapers|verlag)\.?(?:\s*\([^()]{2,40}\))?$",
    re.I,
)
_SMALL = frozenset(
    ("of", "the", "and", "de", "la", "le", "les", "des", "du", "der", "die", "das", "und", "et", "y", "e", "&")
)
#: So many lines are the most between that which counts words and the story.
FRAME = 14
#: And so many lines that count words are looked at before a text is no export.
LOOKS = 20


def begins(row: str) -> bool:
    """Whether a line begins a paragraph by what it says."""
    return any(mark.fullmatch(row) for mark in (CODE, _LAST, WORDS)) or bool(RIGHTS.match(row))


def recognise(head: str) -> bool:
    """Whether the lines that a file begins with are of this layout."""
    rows = [row.strip() for row in head.split("\n") if row.strip()]
    codes = {match[1] for row in rows if (match := CODE.match(row))}
    counts = islice((number for number, row in enumerate(rows) if len(row) <= 40 and WORDS.fullmatch(row)), LOOKS)
    return _has_codes(codes) or any(_counted(rows, number) for number in counts)


def _has_codes(codes: set[str]) -> bool:
    return "HD" in codes and len(codes & {"WC", "PD", "SN", "LP", "TD", "AN", "LA", "SC"}) >= 3


def _counted(rows: Sequence[str], number: int) -> bool:
    """Whether a line counts the words of a document: the date follows, and who has the rights."""
    if len(rows[number]) > 40 or not WORDS.fullmatch(rows[number]):
        return False
    frame = rows[number + 1 : number + FRAME]
    return any(map(dated, frame[:2])) and any(RIGHTS.match(row) or _LAST.fullmatch(row) for row in frame)


def documents(paragraphs: Sequence[Paragraph]) -> list[Document] | None:
    """The documents in paragraphs; None where these are no export of Factiva."""
    parts = list(_lines(paragraphs))
    for code in (CODE, _CLOSE):
        codes = {match[1] for part in parts if (match := code.fullmatch(part.words))}
        if _has_codes(codes) and (code is CODE or _counts(parts)):
            return [_coded(fields) for fields in _documents(parts, code)]
    rows = [part.words for part in parts]
    counts = [number for number in range(len(rows)) if _counted(rows, number)]
    return list(_plain(parts, counts)) if counts else None


def _counts(parts: Sequence[Paragraph]) -> bool:
    """Whether one of the fields counts words."""
    fields = (_CLOSE.fullmatch(part.words) for part in parts if len(part.words) < 60)
    return any(field[1] == "WC" and WORDS.fullmatch(field[2] or "") for field in fields if field)


def _field(words: str, pattern: re.Pattern[str], code: str) -> tuple[str, str] | None:
    """The code that a paragraph begins with, and the rest; None for one that goes on with the field before."""
    match = pattern.fullmatch(words)
    rest = ((match[2] or "").strip()) if match else ""
    inside = pattern is _CLOSE and code in ("LP", "TD", "HLP") and rest and not _INDEX.fullmatch(rest)
    return (match[1], rest) if match and not (inside and match[1] not in ("PUB", "HD")) else None


def _lines(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs, those with codes inside cut before each: a row of a table may be a line of one."""
    for part in paragraphs:
        rows = part.words.split("\n")
        if len(rows) > 1 and any(begins(row) for row in rows):
            yield from (part._replace(words=row, kind="paragraph", aside=False) for row in rows)
        else:
            yield part


def _documents(parts: Sequence[Paragraph], pattern: re.Pattern[str]) -> Iterator[dict[str, list[Paragraph]]]:
    """The fields of each document, by code."""
    fields: dict[str, list[Paragraph]] = {}
    code = ""
    for part in parts:
        field = _field(part.words, pattern, code)
        if field:
            if (field[0] in fields and field[0] in ("HD", "SE", "AN")) or (code == "AN" and "HD" in fields):
                yield fields
                fields = {}
            code = field[0]
            fields.setdefault(code, [])
        if code and not (code == "AN" and fields["AN"]):
            words = field[1] if field else part.words
            fields[code].extend([part._replace(words=words)] if words else [])
    if "HD" in fields:
        yield fields


def _coded(fields: dict[str, list[Paragraph]]) -> Document:
    def told(*codes: str) -> str | None:
        return " ".join(part.words for code in codes for part in fields.get(code, ())) or None

    number = _LAST.fullmatch(told("AN") or "")
    captions = [
        aside("caption", part.words) for code in ("CT", "ART") for part in fields.get(code, ()) if code == "ART"
    ]
    notes = [aside("author_note", part.words) for part in fields.get("CX", ())]
    return Document(
        title=told("HD"),
        byline=told("BY"),
        published=told("PD"),
        outlet=told("SN"),
        section=told("SE") or told("CLM"),
        language=told("LA"),
        licence=told("CY"),
        source_id=number[1] if number else told("AN"),
        body=tuple(part for code in ("HLP", "LP", "TD") for part in fields.get(code, ())),
        aside=(*captions, *notes),
    )


def _plain(parts: Sequence[Paragraph], counts: Sequence[int]) -> Iterator[Document]:
    """The documents around the lines that count words."""
    start = 0
    for number, count in enumerate(counts):
        after = counts[number + 1] if number + 1 < len(counts) else len(parts)
        end = next((row for row in range(count, after) if _LAST.fullmatch(parts[row].words)), None)
        last = _LAST.fullmatch(parts[end].words) if end is not None else None
        stop = end if end is not None else (after if after == len(parts) else max(count + 1, after - 2))
        yield _document(parts[start:count], parts[count + 1 : stop], last[1] if last else None)
        start = stop + 1 if end is not None else stop


def _document(head: Sequence[Paragraph], rest: Sequence[Paragraph], number: str | None) -> Document:
    head = [part for part in head if not _COVER.fullmatch(part.words) and not RIGHTS.match(part.words)][-4:]
    byline = head.pop().words if len(head) > 1 and _is_byline(head[-1]) else None
    titles = [place for place, part in enumerate(head) if part.kind in ("title", "heading")]
    at = titles[-1] if titles else len(head) - 1
    rights = next((place for place, part in enumerate(rest[:FRAME]) if RIGHTS.match(part.words)), None)
    end = rights + 1 if rights is not None else _frame(rest)
    frame = [part.words for part in rest[:end]]
    day = next((place for place, line in enumerate(frame) if dated(line)), 0)
    names = [line for line in frame[day + 1 :] if not _TIME.fullmatch(line)]
    return Document(
        title=head[at].words if head else None,
        byline=byline,
        published=frame[day] if frame else None,
        outlet=names[0] if names else None,
        section=head[at - 1].words if at > 0 and len(head[at - 1].words) < 40 else None,
        language=next((line for line in names[1:] if _values.language(line) and not line.isupper()), None),
        licence=frame[-1] if rights is not None else None,
        source_id=number,
        body=tuple(_without_house(rest[end:], names[0] if names else "")),
    )


def _without_house(body: Sequence[Paragraph], outlet: str) -> Sequence[Paragraph]:
    """A body without the line that names the publishing house under it."""
    words = body[-1].words if len(body) > 1 and len(body[-1].words) <= 90 else ""
    names = re.findall(r"[^\W\d_]+|&", words)
    named = all(name in _SMALL or not name.islower() for name in names) and bool(names)
    house = _HOUSE.search(words) or (_values.letters(words) == _values.letters(outlet) != "")
    return body[:-1] if named and house else body


def _is_byline(part: Paragraph) -> bool:
    words = part.words
    if part.kind != "paragraph" or len(words) > 120 or words.endswith((".", "?", "!")):
        return False
    names = words.split()
    return bool(_BY.match(words)) or (2 <= len(names) <= 4 and all(name[0].isupper() for name in names))


def _frame(rest: Sequence[Paragraph]) -> int:
    """Where the story begins in a document that does not say who has the rights: after the language, or the last code."""
    for place, part in enumerate(rest[:FRAME]):
        if _values.language(part.words) and not part.words.isupper() and len(part.words) < 25:
            return place + 1
    return next((place for place, part in enumerate(rest[:FRAME]) if len(part.words) > 60), min(len(rest), 3))
