"""The paragraphs of a message's text: plain or HTML, with quoted mail, signatures and the frame told apart.

Conventions: a message that was forwarded in the text is the story, and its own header lines stand for those of the mail
around it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from allegedly.builders.readers import _html_paragraphs, _layout, _lines
from allegedly.builders.readers._layout import Unit
from allegedly.builders.readers._mail_frame import framed
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Span

_MARK = re.compile(
    r"\W*(?:-{2,}\s*(?:forwarded message|original message|forwarded by\b.{0,80}|weitergeleitete nachricht|"
    r"urspr[üu]ngliche nachricht|original-nachricht|message transf[ée]r[ée]|message d['’]origine|mensaje reenviado|"
    r"mensaje original|messaggio inoltrato|messaggio originale|mensagem encaminhada|doorgestuurd bericht|"
    r"vidarebefordrat meddelande)\s*-{2,}|begin forwarded message:|anfang der weitergeleiteten nachricht:|"
    r"d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])\s*:|"
    r"inicio del mensaje reenviado:|inizio messaggio inoltrato:)\W*$",
    re.I,
)
_KEYS = {
    **dict.fromkeys(("from", "von", "de", "da", "van", "från", "fra"), "from"),
    **dict.fromkeys(("subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "emne"), "subject"),
    **dict.fromkeys(("date", "sent", "datum", "gesendet", "envoyé", "fecha", "enviado", "data", "inviato", "verzonden"), "date"),
    **dict.fromkeys(("to", "an", "à", "para", "a", "aan", "till", "cc", "bcc", "kopie", "reply-to", "antwort an"), "to"),
}  # fmt: skip
_FIELD = re.compile(r"\W{0,3}([^\W\d_][\w -]{0,14}?)\W{0,3}:\W{0,2}(?=\S)(.*)$")
_WROTE = re.compile(
    r"(?:on|am|le|el|il|op|den)\b.{5,200}\b(?:wrote|schrieb|écrit|escribió|ha scritto|schreef|skrev)\b.{0,60}:$",
    re.I | re.S,
)
_SIGNATURE = re.compile(r"^-- ?$", re.M)
_LIST_FOOT = re.compile(r"^_{20,}\s*$", re.M)
#: A text before a forwarded message that is longer is a story of its own.
COMMENT = 600
#: In so many paragraphs a forwarded message begins.
_ABOVE = 20
#: So many letters may stand after the line that begins a signature, or the foot of a mailing list.
FOOT = 1500


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What the header lines of a message forwarded in the text say."""

    sender: str
    subject: str
    date: str


def of_html(source: str, limits: Limits) -> list[Paragraph]:
    """The paragraphs of a part in HTML."""
    root = _html_paragraphs.tree(source, limits)
    forwarded = any(_is_mark(line) for words in root.itertext() for line in words.split("\n"))
    for element in list(root.iter("blockquote", "div")):
        mark = f"{element.get('type') or ''} {element.get('class') or ''}".lower()
        quoted = element.tag == "blockquote" and re.search(r"\bcite\b|gmail_quote|yahoo_quoted", mark)
        if quoted and forwarded:
            element.tag = "div"
        elif quoted or re.search(r"gmail_signature|moz-signature|\bsignature\b", mark):
            # an address is furniture to those who take blocks out of HTML
            element.tag = "address"
            for inner in element.iter(
                "p", "div", "blockquote", "h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "tr", "td"
            ):
                inner.tag = "address"
    return list(_html_paragraphs.of(root))


def _is_mark(line: str) -> bool:
    """Whether a line says that a forwarded message follows; a long one is none, and would take long to tell."""
    return len(line) < 200 and bool(_MARK.match(line.strip()))


def of_plain(source: str) -> list[Paragraph]:
    """The paragraphs of a plain part: hard-wrapped lines put together; quoted mail and what follows the story aside."""
    foot = _foot(source)
    width = max((len(line) for line in source[:foot].split("\n")), default=0)
    units = _whole(source, _layout.units(source[:foot], 0, _is_note, False), width)
    story = [part for unit in units for part in _unit(source, unit, width)]
    rest = (Paragraph("boilerplate", " ".join(words.split()), None, True) for words in source[foot:].split("\n\n"))
    return [*story, *(part for part in rest if re.search(r"\w", part.words))]


def _whole(source: str, units: Iterable[Unit], width: int) -> Iterator[Unit]:
    """The same units; a line that was full and the unit that begins on the next line are one."""
    last: Unit | None = None
    for unit in units:
        below = last and last.form == unit.form == "text" and source.count("\n", last.end, unit.start) == 1
        if last and below and _full(_line(source, last.lines[-1]), _line(source, unit.lines[0]), width):
            last.lines += unit.lines
            last.end = unit.end
            continue
        if last:
            yield last
        last = unit
    if last:
        yield last


def _line(source: str, line: Span) -> str:
    return source[line.start : line.end]


def _full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the next line had no room in a line that was wrapped by hand or by program."""
    return 50 <= width <= 120 and len(line) + 1 + len(following.split(None, 1)[0] if following else "") > 0.85 * width


def _is_note(line: str) -> bool:
    return _lines.note(line) is not None


def _foot(source: str) -> int:
    """Where a signature, or the foot of a mailing list, begins; the end of the text where there is none."""
    for pattern in (_SIGNATURE, _LIST_FOOT):
        starts = [mark.start() for mark in pattern.finditer(source)]
        if starts and len(source) - starts[-1] <= FOOT and source[: starts[-1]].strip():
            return starts[-1]
    return len(source)


def _unit(source: str, unit: Unit, width: int) -> Iterator[Paragraph]:
    """What the lines of one paragraph are."""
    if unit.form == "rule":
        return
    if unit.form == "quote":
        # a line that follows quoted ones is none, where it has no mark
        for quoted, span in groupby(unit.lines, key=lambda line: source[line.start] == ">"):
            words = " ".join(source[line.start : line.end] for line in span)
            yield Paragraph("boilerplate" if quoted else "paragraph", " ".join(words.split()), None, quoted)
        return
    if unit.form == "heading":
        yield Paragraph("heading", surface(source, (Span(unit.start, unit.end),), unit.marks))
        return
    lines = [
        surface(source, (line,), [mark for mark in unit.marks if line.start <= mark.start < line.end])
        for line in unit.lines
    ]
    if unit.form == "list":
        yield Paragraph("list", "\n".join(filter(None, lines)))
    else:
        yield Paragraph("paragraph", _unwrapped(lines, width))


def _unwrapped(lines: Sequence[str], width: int) -> str:
    """Lines as one text; a line that was full goes on in the next."""
    words = lines[0]
    for line, following in pairwise(lines):
        words += (" " if _full(line, following, width) else "\n") + following
    return words


def told(story: list[Paragraph]) -> tuple[list[Paragraph], Forwarded | None]:
    """The same paragraphs with the frame of mail aside, and what a message forwarded in them says of itself."""
    story, forwarded = _unfolded(story)
    out = []
    for part in framed(story):
        quoted = not part.aside and len(part.words) < 300 and _WROTE.match(part.words)
        out.append(part._replace(kind="boilerplate", aside=True) if quoted else part)
    return out, forwarded


def _unfolded(story: list[Paragraph]) -> tuple[list[Paragraph], Forwarded | None]:
    """The story of a forwarded message without the lines above it, which stand aside."""
    lines = [(number, line) for number, part in enumerate(story[:_ABOVE]) for line in part.words.split("\n")]
    start = _start([line for _, line in lines])
    if start is None or sum(len(line) for _, line in lines[:start]) > COMMENT:
        return story, None
    found, count = _head([line for _, line in lines[start:]])
    if not found.keys() & {"from", "subject"}:
        return story, None
    end = start + count
    above = Paragraph("boilerplate", "\n".join(line for _, line in lines[:end]), None, True)
    last = lines[end - 1][0]
    rest = [line for number, line in lines[end:] if number == last]
    split = [story[last]._replace(words="\n".join(rest))] if rest else []
    forwarded = Forwarded(found.get("from", ""), found.get("subject", ""), found.get("date", ""))
    return [above, *split, *story[last + 1 :]], forwarded


def _start(lines: list[str]) -> int | None:
    """Where the header lines of a forwarded message begin: after a line that says so, or by themselves."""
    for number, line in enumerate(lines):
        if _is_mark(line):
            return number + 1
        if _FIELD.match(line):
            found, _ = _head(lines[number : number + 6])
            if found.keys() >= {"from", "subject"} and len(found) > 2:
                return number
    return None


def _head(lines: list[str]) -> tuple[dict[str, str], int]:
    """What the header lines say that some lines begin with, and how many they are."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        field = _FIELD.match(line)
        key = _KEYS.get(field[1].lower().strip()) if field else None
        if not field or not key:
            return found, number
        found.setdefault(key, field[2].strip(" *"))
    return found, len(lines)
