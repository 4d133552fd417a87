"""A text on its way to an article: its pieces, what each was found to be, and what the lines around it tell.

Conventions: offsets are those of the text; the words of a piece are without markup, white space as single spaces.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from allegedly.builders.readers import _front, _layout, _lines, _markup
from allegedly.builders.readers._layout import Unit
from allegedly.builders.readers._note import Note
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Span

ENDS = re.compile(r"[.!?…:;,]['\"”’»)\]]*$")
SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*$")
WORD = re.compile(r"[^\W_]")
LINK = re.compile(r"\[([^\[\]]{1,300})\](\([^()\s]*(?:\([^()\s]*\))?[^()\s]*\))")
#: So many of the lines about an article are asked who wrote it and where; a text of nothing else has thousands.
FEW = 12
#: What a line at the end of a text, or inside its body, may tell.
LATE_FIELDS = ("original", "original_url", "licence", "url", "regions", "series", "source_id", "language")


@dataclass(slots=True)
class Piece:
    """A unit of the text, its words without markup, and what it was found to be."""

    unit: Unit
    words: str
    marks: list[Span]
    kind: str | None = None
    note: Note | None = None
    noted: bool = False


@dataclass(slots=True)
class Facts:
    """What the lines around an article tell; the first to say so wins."""

    values: dict[str, Any] = field(default_factory=dict)
    beside_date: list[str] = field(default_factory=list)

    def add(self, tells: dict[str, Any]) -> None:
        """Takes what a line tells."""
        for name, value in tells.items():
            if name == "with":
                self.beside_date.append(value)
            elif value:
                self.values.setdefault(name, value)

    def add_late(self, tells: dict[str, Any]) -> None:
        """Takes what a line after the beginning may tell."""
        self.add({name: value for name, value in tells.items() if name in LATE_FIELDS})

    def __contains__(self, name: str) -> bool:
        return name in self.values


class Draft:
    """One text, cut into pieces; its kinds are filled in by the opening, the ending and the body."""

    def __init__(self, text: str, *, markdown: bool) -> None:
        self.text = text
        self.facts = Facts()
        front = _front.matter(text)
        self.front = front.span if front else None
        if front:
            self.facts.add(front.tells)
        begin = front.span.end if front else 0
        #: What lines tell that are no text of the article, by their words: a line is asked about more than once.
        self.notes: dict[str, Note] = {}
        units = _layout.units(
            text, begin, lambda line: self._line_note(self.bare(line)) is not None, markdown or bool(front)
        )
        self.pieces = [self._piece(unit) for unit in units]
        #: Kinds of the pieces before the body.
        self.seen: set[str] = set()
        #: The first letters of a piece, counted without markup, that are a block of their own: its kind, their number.
        self.splits: dict[int, tuple[str, int]] = {}

    def source(self, piece: Piece) -> str:
        """A piece as it stands in the text."""
        return self.text[piece.unit.start : piece.unit.end]

    def bare(self, line: str) -> str:
        """The words of a line without markup."""
        return _plain(line, 0, len(line), _markup.inline(line, 0, len(line)))

    def _line_note(self, words: str) -> Note | None:
        note = self.notes.get(words) or _lines.note(words)
        if note:
            self.notes[words] = note
        return note

    def _piece(self, unit: Unit) -> Piece:
        marks = _markup.merged([*unit.marks, *_markup.inline(self.text, unit.start, unit.end)])
        return Piece(unit, _plain(self.text, unit.start, unit.end, marks), marks)

    def note_of(self, piece: Piece) -> Note | None:
        """What a piece tells, if it is no text of the article."""
        if not piece.noted:
            piece.note, piece.noted = self._note(piece), True
        return piece.note

    def _note(self, piece: Piece) -> Note | None:
        if not WORD.search(piece.words) or piece.unit.form == "rule":
            return Note("boilerplate")
        if note := self._line_note(piece.words):
            return self._linked(piece, note)
        return Note("boilerplate") if self.only_links(piece) else None

    def _linked(self, piece: Piece, note: Note) -> Note:
        """The same note with what links tell: items of a list, the address of the first publication."""
        names = [name for name in ("themes", "regions", "original") if name in note.tells]
        if not names:
            return note
        links = LINK.findall(self.source(piece))
        tells = dict(note.tells)
        for name in names:
            if name != "original" and links:
                tells[name] = tuple(dict.fromkeys(self.bare(words) for words, _ in links))
        if "original" in tells:
            addresses = (_markup.target("]" + target) for _, target in links)
            tells["original_url"] = next(filter(None, addresses), None)
        return replace(note, tells=tells)

    def only_links(self, piece: Piece) -> bool:
        """Whether a piece is a row of links, and nothing else."""
        words = self.source(piece)
        if "](" not in words or "![" in words:
            return False
        rest, links = LINK.subn("", words)
        return links > 0 and not WORD.search(rest)


def _plain(text: str, start: int, end: int, marks: list[Span]) -> str:
    return surface(text, (Span(start, end),), marks)
