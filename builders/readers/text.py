"""Plain text and Markdown: the file as it is, with blocks that say what each stretch of it is.

Conventions: the text is the decoded file, verbatim, without a byte order mark. What stands around the article (byline,
date, credits, notices, links) tells its metadata and is marked, never deleted. An article without a title has none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from allegedly.builders.readers import _front, _layout, _lines, _markup
from allegedly.builders.readers._layout import Unit
from allegedly.builders.sources.encodings import decode
from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text.articles import article
from allegedly.schemas.derive import surface
from allegedly.schemas.records import Article, Block, Origin, Original, Rejected, Span

_ENDS = re.compile(r"[.!?…:;,]['\"”’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*$")
_WORD = re.compile(r"[^\W_]")
_LINK = re.compile(r"\[([^\[\]]{1,300})\](\([^()\s]*(?:\([^()\s]*\))?[^()\s]*\))")
LONGEST_TITLE = 250
#: So many of the lines about an article are asked who wrote it and where; a text of nothing else has thousands.
FEW = 12


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
    """The article in a text file."""
    text, encoding = decode(data)
    if not text.strip():
        raise Refused("empty-file", "holds nothing but white space")
    yield of_text(text, replace(origin, encoding=encoding, reader="text"))


def of_text(text: str, origin: Origin) -> Article:
    """The article that a text is."""
    return _Reading(text, markdown=origin.media_type == "text/markdown").article(origin)


@dataclass(slots=True)
class _Piece:
    """A unit of the text, its words without markup, and what it was found to be."""

    unit: Unit
    words: str
    marks: list[Span]
    kind: str | None = None
    note: _lines.Note | None = None
    noted: bool = False


@dataclass(slots=True)
class _Told:
    """What the lines around an article tell; the first to say so wins."""

    values: dict[str, Any] = field(default_factory=dict)
    beside_date: list[str] = field(default_factory=list)

    def add(self, tells: dict[str, Any]) -> None:
        for name, value in tells.items():
            if name == "with":
                self.beside_date.append(value)
            elif value:
                self.values.setdefault(name, value)

    def __contains__(self, name: str) -> bool:
        return name in self.values


class _Reading:
    """One text on its way to an article."""

    def __init__(self, text: str, *, markdown: bool) -> None:
        self.text = text
        self.told = _Told()
        front = _front.matter(text)
        self.front = front.span if front else None
        if front:
            self.told.add(front.tells)
        begin = front.span.end if front else 0
        #: What lines tell that are no text of the article, by their words: a line is asked about more than once.
        self.notes: dict[str, _lines.Note] = {}
        units = _layout.units(
            text, begin, lambda line: self._told_by(self._bare(line)) is not None, markdown or bool(front)
        )
        self.pieces = [self._piece(unit) for unit in units]
        #: Kinds of the pieces before the body.
        self.seen: set[str] = set()
        #: The first letters of a piece, counted without markup, that are a block of their own: its kind, their number.
        self.splits: dict[int, tuple[str, int]] = {}

    def article(self, origin: Origin) -> Article:
        """The pieces told apart, then blocks, markup and metadata."""
        last = self._tail()
        at = self._head(last)
        self._body(at, last)
        blocks, markup = self._blocks()
        return article(self.text, origin, blocks=blocks, markup=markup, **self._metadata())

    def _bare(self, line: str) -> str:
        return _plain(line, 0, len(line), _markup.inline(line, 0, len(line)))

    def _told_by(self, words: str) -> _lines.Note | None:
        note = self.notes.get(words) or _lines.note(words)
        if note:
            self.notes[words] = note
        return note

    def _piece(self, unit: Unit) -> _Piece:
        marks = _markup.merged([*unit.marks, *_markup.inline(self.text, unit.start, unit.end)])
        return _Piece(unit, _plain(self.text, unit.start, unit.end, marks), marks)

    # what stands before the body

    def _head(self, last: int) -> int:
        """Title, subtitle and the lines about the article; returns where the body begins."""
        at, titled = 0, "title" in self.told
        while at < last:
            piece = self.pieces[at]
            if (not titled or self._repeats_title(piece)) and self._is_title(at, last):
                piece.kind, titled = "title", True
                self._title(piece)
            elif found := self._about(at, last, titled):
                piece.kind = found.kind
                self.told.add(found.tells)
                if found.key:
                    self.splits[at] = ("boilerplate", found.key)
                titled = titled or found.kind == "title"
            elif titled and self._is_subtitle(at, last):
                piece.kind = "subtitle"
                self.told.add({"subtitle": piece.words})
            else:
                break
            self.seen.add(piece.kind)
            at += 1
        return at

    def _repeats_title(self, piece: _Piece) -> bool:
        """Whether the title that front matter gave stands at the top of the text too."""
        if self.front is None or "title" in self.seen:
            return False
        return piece.unit.form == "heading" or piece.words == self.told.values["title"]

    def _about(self, at: int, last: int, titled: bool) -> _lines.Note | None:
        piece = self.pieces[at]
        if piece.unit.form in ("list", "quote"):
            return None
        if piece.unit.form == "heading" and (not titled or not _lines.byline(piece.words)):
            return None
        if note := self._note_of(piece):
            return note
        if not titled and at + 1 < last and (note := _lines.kicker(piece.words)):
            return note
        return self._bare_name(at, last) if titled else None

    def _note_of(self, piece: _Piece) -> _lines.Note | None:
        """What a piece tells, if it is no text of the article."""
        if not piece.noted:
            piece.note, piece.noted = self._found_note(piece), True
        return piece.note

    def _found_note(self, piece: _Piece) -> _lines.Note | None:
        if not _WORD.search(piece.words) or piece.unit.form == "rule":
            return _lines.Note("boilerplate")
        if note := self._told_by(piece.words):
            return self._linked(piece, note)
        if self._only_links(piece):
            return _lines.Note("boilerplate")
        return None

    def _linked(self, piece: _Piece, note: _lines.Note) -> _lines.Note:
        """The same note with what links tell: items of a list, the address of the first publication."""
        told = [name for name in ("themes", "regions", "original") if name in note.tells]
        if not told:
            return note
        links = _LINK.findall(self.text[piece.unit.start : piece.unit.end])
        tells = dict(note.tells)
        for name in told:
            if name != "original" and links:
                tells[name] = tuple(dict.fromkeys(self._bare(words) for words, _ in links))
        if "original" in tells:
            address = next((url for _, target in links if (url := _markup.target("]" + target))), None)
            tells["original_url"] = address
        return replace(note, tells=tells)

    def _only_links(self, piece: _Piece) -> bool:
        """Whether a piece is a row of links, and nothing else."""
        words = self.text[piece.unit.start : piece.unit.end]
        rest, links = _LINK.subn("", words)
        return links > 0 and "![" not in words and not _WORD.search(rest)

    def _bare_name(self, at: int, last: int) -> _lines.Note | None:
        """A line that is nothing but a name, among the lines about the article: an author or an outlet."""
        piece = self.pieces[at]
        words, _, place = piece.words.partition(", ")
        if not _lines.is_name(words) or len(piece.unit.lines) > 1 or (place and not _lines.is_outlet(words)):
            return None
        following = self._note_of(self.pieces[at + 1]) if at + 1 < last else None
        original = self.told.values.get("original")
        outlet = _lines.is_outlet(words)
        if original and words.casefold() == str(original).casefold():
            return _lines.Note("boilerplate")
        if outlet and (following or self.seen & {"byline", "dateline"}):
            known = "outlet" in self.told or self.told.beside_date
            return _lines.Note("boilerplate", {"original" if known else "outlet": words})
        if following and "dateline" in self.seen and "authors" in self.told:
            return _lines.Note("boilerplate", {"original": words})
        if following and "authors" not in self.told and following.kind == "dateline":
            return _lines.Note("byline", {"authors": (_lines.titled(words),)})
        return None

    def _is_title(self, at: int, last: int) -> bool:
        piece = self.pieces[at]
        words = piece.words
        if piece.unit.form == "heading":
            return True
        if piece.unit.form != "text" or not _WORD.search(words) or len(words) > LONGEST_TITLE:
            return False
        if self._note_of(piece) and not self._only_links(piece):
            return False
        if at + 1 < last and _lines.kicker(words) and not self._note_of(self.pieces[at + 1]):
            return False
        if len(piece.unit.lines) > 4 or _lines.dateline(words[:300]) or _lines.TIME.match(words):
            return False
        count = len(words.split())
        if re.search(r"[.,;:]['\"”’)]*$", words):
            # a sentence of its own is a title only where it is short and more follows
            return (
                words.endswith(".") and count <= 10 and last - at > 2 and not words[:1].islower() and ". " not in words
            )
        return count <= 40

    def _title(self, piece: _Piece) -> None:
        self.told.add({"title": piece.words})
        links = _LINK.findall(self.text[piece.unit.start : piece.unit.end])
        if len(links) == 1 and self._only_links(piece):
            self.told.add({"url": _markup.target("]" + links[0][1])})

    def _is_subtitle(self, at: int, last: int) -> bool:
        piece = self.pieces[at]
        if "subtitle" in self.told or piece.unit.form not in ("text", "heading") or len(piece.words) > 300:
            return False
        if at == 0 or self.pieces[at - 1].kind != "title" or at + 1 >= last:
            return False
        if _lines.dateline(piece.words[:300]) or _lines.TIME.match(piece.words):
            return False
        following = self._note_of(self.pieces[at + 1])
        if following and following.kind in ("byline", "dateline"):
            return True
        if piece.unit.form == "heading" or following:
            return False
        short = len(piece.words.split()) < 12 and not _ENDS.search(piece.words)
        return short and bool(_SENTENCE_END.search(self.pieces[at + 1].words)) and not self._listing(at)

    def _listing(self, at: int) -> bool:
        """Whether a short line stands among other short lines: a table or a programme, not a subtitle or heading."""
        others = [self.pieces[near].words for near in (at - 1, at + 1) if 0 <= near < len(self.pieces)]
        return all(len(words.split()) <= 8 and not _ENDS.search(words) for words in others)

    # what stands after it

    def _tail(self) -> int:
        """Notices, credits and author notes at the end; returns where the body ends."""
        last = len(self.pieces)
        authors = self._authors_ahead()
        heard: list[tuple[_Piece, _lines.Note]] = []
        while last > 1:
            piece = self.pieces[last - 1]
            note = self._tail_note(piece, authors)
            if note is None:
                break
            piece.kind = note.kind
            heard.append((piece, note))
            last -= 1
        if not any(self._is_body(piece) for piece in self.pieces[:last]):
            for piece, _ in heard:
                piece.kind = None
            return len(self.pieces)
        for _piece, note in reversed(heard):
            self.told.add({name: value for name, value in note.tells.items() if name in _TAIL_TELLS})
            source = note.tells.get("outlet")
            if source and "authors" not in note.tells:
                self.told.add({"source_line": source})
            if note.kind == "byline" and note.tells.get("authors"):
                self.told.add({"late_authors": note.tells["authors"]})
            for name in ("themes", "published", "updated", "section"):
                if note.tells.get(name):
                    self.told.add({f"late_{name}": note.tells[name]})
        return last

    def _is_body(self, piece: _Piece) -> bool:
        return self._note_of(piece) is None and (
            (piece.unit.form != "heading" and bool(_SENTENCE_END.search(piece.words))) or len(piece.words) > 150
        )

    def _tail_note(self, piece: _Piece, authors: tuple[str, ...]) -> _lines.Note | None:
        if piece.unit.form == "heading" and re.fullmatch(
            r"(?:about the authors?|notes?|related.*|read more.*|tags|share|comments)\W*", piece.words, re.I
        ):
            return _lines.Note("boilerplate")
        if piece.unit.form not in ("text", "rule", "list"):
            return None
        if piece.unit.form == "list" and self._list_of_links(piece):
            return _lines.Note("boilerplate")
        apart = piece.unit.form == "list" or self._all_emphasis(piece)
        if _lines.author_note(piece.words, authors) or (apart and _lines.biography(piece.words)):
            return _lines.Note("author_note", _lines._notice_tells(piece.words))
        return self._note_of(piece) if piece.unit.form != "list" else None

    def _list_of_links(self, piece: _Piece) -> bool:
        words = self.text[piece.unit.start : piece.unit.end]
        rest, links = _LINK.subn("", words)
        return links > 0 and not re.search(r"[^\W\d_]{2}", rest)

    def _all_emphasis(self, piece: _Piece) -> bool:
        return bool(piece.marks) and piece.marks[0].start == piece.unit.start and piece.marks[-1].end == piece.unit.end

    def _authors_ahead(self) -> tuple[str, ...]:
        """The authors that the first lines name, before anything else is decided."""
        names = list(self.told.values.get("authors") or ())
        for piece in self.pieces[:FEW]:
            note = self._note_of(piece)
            if note and note.tells.get("authors"):
                names.extend(note.tells["authors"])
            if note and note.tells.get("with"):
                names.extend(name for name in _lines.listed(note.tells["with"]) if _lines.is_name(name))
            if piece.unit.form == "text" and _lines.is_name(piece.words) and not _lines.is_outlet(piece.words):
                names.append(piece.words)
        return tuple(dict.fromkeys(names))

    # what stands between

    def _body(self, at: int, last: int) -> None:
        lead = False
        for here in range(at, last):
            piece = self.pieces[here]
            piece.kind = self._body_kind(here, last)
            if piece.kind == "paragraph" and not lead:
                piece.kind, lead = "lead", True
                self._dateline(here, piece)
            if piece.kind in ("lead", "paragraph") and here not in self.splits and (length := self._time(piece)):
                self.splits[here] = ("dateline", length)

    def _body_kind(self, here: int, last: int) -> str:
        piece = self.pieces[here]
        form, words = piece.unit.form, piece.words
        if form == "rule" or not _WORD.search(words):
            return "boilerplate"
        if form in ("heading", "list", "quote"):
            return form
        raw = self.text[piece.unit.start : piece.unit.end]
        if raw.startswith(("![", "[![")) and not _WORD.search(
            re.sub(r"!?\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?", "", raw)
        ):
            return "caption"
        if note := _lines.notice(words):
            self.told.add({name: value for name, value in note.tells.items() if name in _TAIL_TELLS})
            return note.kind
        if self._only_links(piece) and len(words.split()) > 1:
            return "boilerplate"
        if self._is_heading(here, last):
            return "heading"
        return "paragraph"

    def _is_heading(self, here: int, last: int) -> bool:
        """A short line without a full stop, between paragraphs."""
        piece = self.pieces[here]
        words = piece.words
        if len(piece.unit.lines) > 1 or len(words) > 80 or len(words.split()) > 10 or here + 1 >= last:
            return False
        if _ENDS.search(words) or words[:1].islower() or not re.search(r"[^\W\d_]", words) or _lines.TIME.match(words):
            return False
        following = self.pieces[here + 1]
        if (
            following.unit.form == "text"
            and not _SENTENCE_END.search(following.words)
            and len(following.words.split()) <= 10
        ):
            return False
        before = self.pieces[here - 1] if here else None
        return (
            before is None
            or before.kind != "paragraph"
            or len(before.words.split()) > 10
            or bool(_ENDS.search(before.words))
        )

    def _dateline(self, here: int, piece: _Piece) -> None:
        found = _lines.dateline(piece.words[:300])
        if found:
            end, tells = found
            self.told.add({name: value for name, value in tells.items() if name in ("place", "agency")})
            self.told.add({"late_published": tells.get("published")})
            self.splits[here] = ("dateline", end)

    def _time(self, piece: _Piece) -> int:
        """How many letters of a paragraph are the time of day that it begins with, in a live report."""
        found = _lines.TIME.match(piece.words)
        if found:
            return found.end()
        first = piece.unit.lines[0]
        line = self.text[first.start : first.end]
        return len(line) if len(piece.unit.lines) > 1 and _lines.TIME.fullmatch(line) else 0

    # what comes of it

    def _blocks(self) -> tuple[list[Block], list[Span]]:
        blocks, markup = [], []
        if self.front:
            blocks.append(Block(kind="boilerplate", start=self.front.start, end=self.front.end))
            markup.append(self.front)
        for at, piece in enumerate(self.pieces):
            start, end, kind = piece.unit.start, piece.unit.end, piece.kind or "paragraph"
            markup.extend(piece.marks)
            if at in self.splits:
                first, count = self.splits[at]
                cut = self._offset(piece, count)
                rest = cut + len(self.text[cut:end]) - len(self.text[cut:end].lstrip())
                stop = start + len(self.text[start:cut].rstrip())
                blocks.append(Block(kind=first, start=start, end=stop))
                start = rest
            if start < end:
                blocks.append(Block(kind=kind, start=start, end=end))
        return blocks, _markup.merged(markup)

    def _offset(self, piece: _Piece, count: int) -> int:
        """Where in the text the words of a piece have reached a length; marks that close there are passed."""
        at, seen, space = piece.unit.start, 0, True
        marks = iter(piece.marks)
        mark = next(marks, None)
        while at < piece.unit.end and seen < count:
            if mark and at >= mark.start:
                at, mark = mark.end, next(marks, None)
                continue
            here = self.text[at].isspace()
            seen += not (here and space)
            space = here
            at += 1
        while mark and mark.start == at and self.text[mark.end : mark.end + 1].isspace():
            at, mark = mark.end, next(marks, None)
        return at

    def _metadata(self) -> dict[str, Any]:
        told = self.told.values
        outlet, place = told.get("outlet"), told.get("place")
        beside_date = dict.fromkeys(part for line in self.told.beside_date for part in _lines.parts(line))
        body = self._first_words() if beside_date else ""
        for beside in islice(beside_date, FEW):
            found = self._beside(beside, place, body)
            if found == "author":
                told.setdefault("authors", (_lines.titled(beside.split(",")[0]),))
            elif found == "outlet" and outlet is None:
                outlet = beside
        original, source = told.get("original"), told.get("source_line")
        if source and outlet is None:
            outlet = source
        elif source and original is None and source.casefold() != str(outlet).casefold():
            original = source
        outlet = outlet or told.get("agency")
        url = told.get("original_url")
        return {
            "title": told.get("title"),
            "subtitle": told.get("subtitle"),
            "authors": tuple(told.get("authors") or told.get("late_authors") or ()),
            "outlet": outlet,
            "published": told.get("published")
            or told.get("late_published")
            or told.get("updated")
            or told.get("late_updated"),
            "original": Original(outlet=original, url=url) if original or url else None,
            "url": told.get("url"),
            "section": told.get("section") or told.get("late_section"),
            "series": told.get("series"),
            "themes": tuple(told.get("themes") or told.get("late_themes") or ()),
            "regions": tuple(told.get("regions") or ()),
            "licence": told.get("licence"),
            "language": told.get("language"),
            "source_id": told.get("source_id"),
        }

    def _first_words(self) -> str:
        """What the body begins with."""
        words, length = [], 0
        for piece in self.pieces:
            if piece.kind in ("lead", "paragraph") and length < 20_000:
                words.append(piece.words)
                length += len(piece.words) + 1
        return " ".join(words)[:20_000]

    def _beside(self, name: str, place: str | None, body: str) -> str:
        """What stands beside a date: an outlet, a place or an author."""
        first = name.split(",")[0].strip()
        if place and first.casefold() == place.split(",")[0].casefold():
            return "place"
        if _lines.is_place(name):
            return "place"
        if _lines.is_outlet(name):
            return "outlet"
        if "," in name:
            return "place"
        if len(first.split()) == 1 and re.search(rf"\b(?:in|from|at|to|of|near|outside)\s+{re.escape(first)}\b", body):
            return "place"
        if "authors" not in self.told and _lines.is_name(name) and ("outlet" in self.told or _lines.is_person(name)):
            return "author"
        return "outlet"


_TAIL_TELLS = ("original", "original_url", "licence", "url", "regions", "series", "source_id", "language")


def _plain(text: str, start: int, end: int, marks: list[Span]) -> str:
    return surface(text, (Span(start, end),), marks)


__all__ = ["of_text", "read"]
