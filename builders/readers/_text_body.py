"""The body of a text: its lead, paragraphs, headings, captions, and notices between them."""

import re

from allegedly.builders.readers._line_datelines import TIME, dateline
from allegedly.builders.readers._line_notices import notice
from allegedly.builders.readers._text_draft import ENDS, SENTENCE_END, WORD, Draft, Piece

_IMAGE = re.compile(r"!?\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?")


def body(draft: Draft, first: int, last: int) -> None:
    """Gives the pieces between two numbers their kinds."""
    lead = False
    for number in range(first, last):
        piece = draft.pieces[number]
        piece.kind = _body_kind(draft, number, last)
        if piece.kind == "paragraph" and not lead:
            piece.kind, lead = "lead", True
            _dateline(draft, number, piece)
        if piece.kind in ("lead", "paragraph") and number not in draft.splits and (length := _time(draft, piece)):
            draft.splits[number] = ("dateline", length)


def _body_kind(draft: Draft, number: int, last: int) -> str:
    piece = draft.pieces[number]
    form, words = piece.unit.form, piece.words
    if form == "rule" or not WORD.search(words):
        return "boilerplate"
    if form in ("heading", "list", "quote"):
        return form
    raw = draft.source(piece)
    if raw.startswith(("![", "[![")) and not WORD.search(_IMAGE.sub("", raw)):
        return "caption"
    if note := notice(words):
        draft.facts.add_late(note.tells)
        return note.kind
    if draft.only_links(piece) and len(words.split()) > 1:
        return "boilerplate"
    if _is_heading(draft, number, last):
        return "heading"
    return "paragraph"


def _is_heading(draft: Draft, number: int, last: int) -> bool:
    """A short line without a full stop, between paragraphs."""
    piece = draft.pieces[number]
    words = piece.words
    if len(piece.unit.lines) > 1 or len(words) > 80 or len(words.split()) > 10 or number + 1 >= last:
        return False
    if ENDS.search(words) or words[:1].islower() or not re.search(r"[^\W\d_]", words) or TIME.match(words):
        return False
    following = draft.pieces[number + 1]
    if (
        following.unit.form == "text"
        and not SENTENCE_END.search(following.words)
        and len(following.words.split()) <= 10
    ):
        return False
    before = draft.pieces[number - 1] if number else None
    return (
        before is None
        or before.kind != "paragraph"
        or len(before.words.split()) > 10
        or bool(ENDS.search(before.words))
    )


def _dateline(draft: Draft, number: int, piece: Piece) -> None:
    line = dateline(piece.words[:300])
    if line:
        end, tells = line
        draft.facts.add({name: value for name, value in tells.items() if name in ("place", "agency")})
        draft.facts.add({"late_published": tells.get("published")})
        draft.splits[number] = ("dateline", end)


def _time(draft: Draft, piece: Piece) -> int:
    """How many letters of a paragraph are the time of day that it begins with, in a live report."""
    time = TIME.match(piece.words)
    if time:
        return time.end()
    first = piece.unit.lines[0]
    line = draft.text[first.start : first.end]
    return len(line) if len(piece.unit.lines) > 1 and TIME.fullmatch(line) else 0
