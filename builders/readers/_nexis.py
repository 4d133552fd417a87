"""The layouts of Nexis: LexisNexis Academic (``1 of 2 DOCUMENTS``, keys in capitals) and Nexis Uni (``Body``, ``End of
Document``), in the languages that they are had in.
"""

# ruff: noqa: SIM905 - words read better in a row

import re
from collections.abc import Iterator, Sequence

from allegedly.builders.readers._exports import RIGHTS, WORDS, Document, aside, dated
from allegedly.builders.readers._field_names import plain
from allegedly.builders.readers._paragraphs import Paragraph

START = re.compile(
    r"\s*(?:\d+ (?:of|von|de|sur|di|van) \d+ (?:documents?|dokumenten?|documentos?|documenti|documenten)|"
    r"dokument \d+ von \d+|document \d+ de \d+)\s*",
    re.I,
)
END = re.compile(
    r"\s*(?:end of document|ende des dokuments|fin du document|fin del documento|fine del documento|einde van document)\s*",
    re.I,
)
BODY = re.compile(r"\s*(?:body|volltext|corps|cuerpo|testo|tekst|texte int[ée]gral)\s*:?\s*", re.I)
#: Headings of what stands behind the body.
_BEHIND = re.compile(
    r"\s*(?:graphic|grafik|graphique|classification|klassifi[kz]ierung|clasificaci[óo]n|notes?|link to image)\s*:?\s*",
    re.I,
)
#: A line that marks where something begins or ends is shorter.
LONGEST_MARK = 80
#: What a key tells goes on in no more lines.
MOST_BELOW = 4
_EDITION = re.compile(
    r"(?:[\w.'-]+ ){0,4}[\w'-]*(?:edition|ausgabe|[ée]dition|edici[óo]n|edizione|editie)(?:\s*[-–,;\d].{0,25})?|"
    r"\d+ edition.{0,20}|correction appended|(?:(?:early|late|city|first|second|third) )?final(?: edition)?",
    re.I,
)
_KEY = re.compile(r"([^\W\d_][\w -]{1,24}?)\s?:(?:\s+(.*))?", re.S)
#: Keys of the frame, and what they tell; nothing where they tell nothing that an article has.
KEYS = {
    **dict.fromkeys(("byline", "autor", "autorin", "auteur", "autore", "verfasser"), "byline"),
    **dict.fromkeys(("section", "rubrik", "rubrique", "ressort", "seccion", "sezione", "rubriek"), "section"),
    **dict.fromkeys(("length", "lange", "laenge", "longueur", "longitud", "lunghezza", "lengte"), "length"),
    **dict.fromkeys(("highlight", "kurzfassung", "encart", "zusammenfassung"), "subtitle"),
    **dict.fromkeys(("language", "sprache", "langue", "idioma", "lingua", "taal"), "language"),
    **dict.fromkeys(("graphic", "grafik", "graphique", "grafico"), "caption"),
    **dict.fromkeys(("correction", "notes", "note", "korrektur"), "note"),
    "url": "url",
    **dict.fromkeys(
        """
            dateline loaddate update datechargement ladedatum fechadecarga publicationtype typepublication
            publikationsart pubtype zeitungstyp typedepublication journalcode codedujournal documenttype docid accno
            subject thema sujet organization company unternehmen ticker industry branche person personne city state
            country land pays geographic geographie series type column edition ausgabe issn distribution copyright
            correctiondate dateofpublication name docinfo
            """.split(),
        "",
    ),
}
#: Keys that stand behind a body, whose words a body hardly has.
_TAIL = frozenset(
    """
        loaddate update datechargement ladedatum fechadecarga publicationtype typepublication publikationsart pubtype
        zeitungstyp journalcode documenttype docid accno
        """.split()
)


def key(words: str) -> tuple[str, str, str] | None:
    """A key of the frame, what it tells, and the rest; None for a paragraph without one."""
    if ":" not in words[:28]:  # no key is longer
        return None
    match = _KEY.fullmatch(words[:4000])
    name = plain(match[1]) if match else ""
    return (match[1], KEYS[name], (match[2] or "").strip()) if match and name in KEYS else None


def begins(row: str) -> bool:
    """Whether a line begins a paragraph by what it says."""
    return (
        key(row) is not None
        or (len(row) < LONGEST_MARK and any(mark.fullmatch(row) for mark in (START, END, BODY, _BEHIND)))
        or bool(RIGHTS.match(row))
    )


def recognise(head: str) -> bool:
    """Whether the lines that a file begins with are of this layout."""
    rows = [row.strip() for row in head.split("\n")]
    marked = any(START.fullmatch(row) or END.fullmatch(row) or BODY.fullmatch(row) for row in rows if len(row) < 60)
    return marked and any(_length(row) for row in rows if len(row) < 80)


def _length(words: str) -> bool:
    told = key(words)
    return told is not None and told[1] == "length" and (not told[2] or WORDS.fullmatch(told[2]) is not None)


def documents(paragraphs: Sequence[Paragraph]) -> list[Document] | None:
    """The documents in paragraphs; None where these are no export of Nexis."""
    words = [part.words for part in paragraphs]
    marks = any(
        START.fullmatch(line) or END.fullmatch(line) or BODY.fullmatch(line) for line in words if len(line) < 60
    )
    if not marks or not any(_length(line) for line in words if len(line) < 80):
        return None
    counted = any(START.fullmatch(line) for line in words)
    parts = list(_parts(paragraphs, START if counted else END, before=not counted))
    return [_document(part, counted) for part in parts]


def _parts(paragraphs: Sequence[Paragraph], mark: re.Pattern[str], *, before: bool) -> Iterator[list[Paragraph]]:
    """The stretches after each mark, or ``before`` each; what is left over is one where it has keys."""
    part: list[Paragraph] = []
    opened = before
    for paragraph in paragraphs:
        short = len(paragraph.words) < LONGEST_MARK
        if short and mark.fullmatch(paragraph.words):
            if opened and part:
                yield part
            part, opened = [], True
        elif not (short and END.fullmatch(paragraph.words)):
            part.append(paragraph)
    if opened and any(key(paragraph.words) for paragraph in part):
        yield part


def _document(part: list[Paragraph], counted: bool) -> Document:
    head, body, tail = _cut(part, counted)
    told: dict[str, str] = {}
    front: list[str] = []
    last = None
    for paragraph in head:
        if (pair := key(paragraph.words)) is not None:
            told.setdefault(pair[1], pair[2])
            last = pair[1]
        elif RIGHTS.match(paragraph.words):
            last = None
        elif paragraph.below and last is not None:
            told[last] = f"{told[last]} {paragraph.words}"
        elif paragraph.below and front and _goes_on(front[-1], paragraph.words, counted):
            front[-1] = f"{front[-1]} {paragraph.words}"
        else:
            front.append(paragraph.words)
            last = None
    title, subtitle, outlet, date = (_academic if counted else _uni)(front)
    beside = list(_beside(tail, told))
    return Document(
        title=title,
        subtitle=told.get("subtitle") or subtitle,
        byline=told.get("byline"),
        published=date,
        outlet=outlet,
        section=(told.get("section") or "").split(";")[0].strip() or None,
        language=told.get("language"),
        url=told.get("url"),
        body=tuple(body),
        aside=tuple(beside),
    )


def _goes_on(line: str, below: str, counted: bool) -> bool:
    """Whether a line of the head goes on in the one right under it: a title that was wrapped. Where documents are not
    counted, all lines of a head may stand under one another."""
    if not counted and not below[:1].islower():
        return False
    return not any(dated(words) or _EDITION.fullmatch(words) for words in (line, below))


def _cut(part: list[Paragraph], counted: bool) -> tuple[list[Paragraph], list[Paragraph], list[Paragraph]]:
    """Head, body and tail of a document."""
    first = next((number for number, paragraph in enumerate(part) if BODY.fullmatch(paragraph.words)), None)
    if first is None:
        keys = [number for number, paragraph in enumerate(part) if key(paragraph.words)]
        run = keys[0] if keys else len(part)
        while run < len(part) and (key(part[run].words) or _below_key(part, run)):
            run += max(1, _below_key(part, run))
        head, rest = part[:run], part[run:]
    else:
        head, rest = part[:first], part[first + 1 :]
    last = next((number for number, paragraph in enumerate(rest) if _ends(paragraph.words, counted)), len(rest))
    return head, rest[:last], rest[last:]


def _below_key(part: list[Paragraph], number: int) -> int:
    """How many lines from this one on go on with the key above them: few, before a blank line, or another key. A body may
    stand right under the key that counts its words."""
    above = key(part[number - 1].words)
    end = number
    while end < len(part) and part[end].below and not key(part[end].words):
        end += 1
    after = key(part[end].words) if end < len(part) else None
    whole = end < len(part) and not (after and plain(after[0]) in _TAIL)
    return end - number if above and above[1] != "length" and whole and end - number <= MOST_BELOW else 0


def _ends(words: str, counted: bool) -> bool:
    """Whether a paragraph is the first behind a body."""
    if _BEHIND.fullmatch(words) or (RIGHTS.match(words) and len(words) < 160):
        return True
    pair = key(words)
    if pair is None:
        return False
    return plain(pair[0]) in _TAIL or (pair[0].isupper() if counted else pair[1] == "language" and len(words) < 60)


def _academic(front: list[str]) -> tuple[str | None, str | None, str | None, str | None]:
    """Title, subtitle, outlet and date: the outlet stands before the date, the title behind it."""
    day = next((number for number, line in enumerate(front) if dated(line)), None)
    if day is None:
        titles = front[1:] or front
        return (titles[-1] if titles else None), None, (front[0] if len(front) > 1 else None), None
    titles = front[day + 1 :]
    # the last line is the title, be it of an edition
    titles = [line for line in titles[:-1] if not _EDITION.fullmatch(line)] + titles[-1:]
    return (titles[0] if titles else None), " ".join(titles[1:]) or None, (front[0] if day else None), front[day]


def _uni(front: list[str]) -> tuple[str | None, str | None, str | None, str | None]:
    """Title, subtitle, outlet and date: they stand in the order of title, outlet, date."""
    day = next((number for number in reversed(range(len(front))) if dated(front[number])), None)
    before = front if day is None else front[:day]
    before = before[-2:] if day is not None else before[:2]
    date = None if day is None else front[day]
    return (before[0] if before else None), None, (before[1] if len(before) > 1 else None), date


def _beside(tail: list[Paragraph], told: dict[str, str]) -> Iterator[Paragraph]:
    """What of the tail is prose; what its keys tell goes into ``told``."""
    kind = "boilerplate"
    for paragraph in tail:
        pair = key(paragraph.words)
        if _BEHIND.fullmatch(paragraph.words):
            kind = "caption" if paragraph.words.strip().lower().startswith("gra") else "boilerplate"
        elif pair and pair[1] in ("caption", "note"):
            kind = "caption" if pair[1] == "caption" else "author_note"
            if pair[2]:
                yield aside(kind, pair[2])
        elif pair:
            told.setdefault(pair[1], pair[2])
            kind = "boilerplate"
        elif not RIGHTS.match(paragraph.words) and len(paragraph.words.split()) > 2:
            yield aside(kind, paragraph.words)
