"""The ending of a text: notices, credits and author notes after the body."""

import re

from allegedly.builders.readers._line_keys import listed
from allegedly.builders.readers._line_notices import author_note, biography, tells
from allegedly.builders.readers._line_people import is_name, is_outlet
from allegedly.builders.readers._note import Note
from allegedly.builders.readers._text_draft import FEW, LINK, SENTENCE_END, Draft, Piece

_HEADING = re.compile(r"(?:about the authors?|notes?|related.*|read more.*|tags|share|comments)\W*", re.I)


def ending(draft: Draft) -> int:
    """Tells notices, credits and author notes at the end; returns the number of the piece where the body ends."""
    last = len(draft.pieces)
    authors = _authors_ahead(draft)
    heard: list[tuple[Piece, Note]] = []
    while last > 1:
        piece = draft.pieces[last - 1]
        note = _tail_note(draft, piece, authors)
        if note is None:
            break
        piece.kind = note.kind
        heard.append((piece, note))
        last -= 1
    if not any(_is_body(draft, piece) for piece in draft.pieces[:last]):
        for piece, _ in heard:
            piece.kind = None
        return len(draft.pieces)
    for _, note in reversed(heard):
        _hear(draft, note)
    return last


def _hear(draft: Draft, note: Note) -> None:
    """Takes what a note at the end tells; what the opening tells stands over it."""
    facts = note.tells
    draft.facts.add_late(facts)
    if facts.get("outlet") and "authors" not in facts:
        draft.facts.add({"source_line": facts["outlet"]})
    if note.kind == "byline" and facts.get("authors"):
        draft.facts.add({"late_authors": facts["authors"]})
    for name in ("themes", "published", "updated", "section"):
        if facts.get(name):
            draft.facts.add({f"late_{name}": facts[name]})


def _is_body(draft: Draft, piece: Piece) -> bool:
    return draft.note_of(piece) is None and (
        (piece.unit.form != "heading" and bool(SENTENCE_END.search(piece.words))) or len(piece.words) > 150
    )


def _tail_note(draft: Draft, piece: Piece, authors: tuple[str, ...]) -> Note | None:
    if piece.unit.form == "heading" and _HEADING.fullmatch(piece.words):
        return Note("boilerplate")
    if piece.unit.form not in ("text", "rule", "list"):
        return None
    if piece.unit.form == "list" and _list_of_links(draft, piece):
        return Note("boilerplate")
    apart = piece.unit.form == "list" or _all_emphasis(piece)
    if author_note(piece.words, authors) or (apart and biography(piece.words)):
        return Note("author_note", tells(piece.words))
    return draft.note_of(piece) if piece.unit.form != "list" else None


def _list_of_links(draft: Draft, piece: Piece) -> bool:
    words = draft.source(piece)
    rest, links = LINK.subn("", words)
    return links > 0 and not re.search(r"[^\W\d_]{2}", rest)


def _all_emphasis(piece: Piece) -> bool:
    return bool(piece.marks) and piece.marks[0].start == piece.unit.start and piece.marks[-1].end == piece.unit.end


def _authors_ahead(draft: Draft) -> tuple[str, ...]:
    """The authors that the first lines name, before anything else is decided."""
    names = list(draft.facts.values.get("authors") or ())
    for piece in draft.pieces[:FEW]:
        note = draft.note_of(piece)
        if note and note.tells.get("authors"):
            names.extend(note.tells["authors"])
        if note and note.tells.get("with"):
            names.extend(name for name in listed(note.tells["with"]) if is_name(name))
        if piece.unit.form == "text" and is_name(piece.words) and not is_outlet(piece.words):
            names.append(piece.words)
    return tuple(dict.fromkeys(names))
