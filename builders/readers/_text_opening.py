"""The opening of a text: title, subtitle and the lines about the article, up to where the body begins."""

import re

from allegedly.builders.readers import _markup
from allegedly.builders.readers._line_bylines import byline
from allegedly.builders.readers._line_datelines import TIME, dateline
from allegedly.builders.readers._line_people import is_name, is_outlet, titled
from allegedly.builders.readers._lines import kicker
from allegedly.builders.readers._note import Note
from allegedly.builders.readers._text_draft import ENDS, LINK, SENTENCE_END, WORD, Draft, Piece

LONGEST_TITLE = 250
#: Full stops that end no sentence.
_SHORTENED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|Prof|Sen|Gov|Gen|Rep)\.")


def opening(draft: Draft, last: int) -> int:
    """Tells title, subtitle and the lines about the article; returns the number of the piece where the body begins.
    ``last``: that of the piece where it ends."""
    number, titled = 0, "title" in draft.facts
    while number < last:
        piece = draft.pieces[number]
        if (not titled or _repeats_title(draft, piece)) and _is_title(draft, number, last):
            piece.kind, titled = "title", True
            _title(draft, piece)
        elif note := _about(draft, number, last, titled):
            piece.kind = note.kind
            draft.facts.add(note.tells)
            if note.key:
                draft.splits[number] = ("boilerplate", note.key)
            titled = titled or note.kind == "title"
        elif titled and _is_subtitle(draft, number, last):
            piece.kind = "subtitle"
            draft.facts.add({"subtitle": piece.words})
        else:
            break
        draft.seen.add(piece.kind)
        number += 1
    return number


def _repeats_title(draft: Draft, piece: Piece) -> bool:
    """Whether the title that front matter gave stands at the top of the text too."""
    if draft.front is None or "title" in draft.seen:
        return False
    return piece.unit.form == "heading" or piece.words == draft.facts.values["title"]


def _about(draft: Draft, number: int, last: int, titled: bool) -> Note | None:
    piece = draft.pieces[number]
    if piece.unit.form in ("list", "quote"):
        return None
    if piece.unit.form == "heading" and (not titled or not byline(piece.words)):
        return None
    if note := draft.note_of(piece):
        return note
    if not titled and number + 1 < last and (note := kicker(piece.words)):
        return note
    return _bare_name(draft, number, last) if titled else None


def _bare_name(draft: Draft, number: int, last: int) -> Note | None:
    """A line that is nothing but a name, among the lines about the article: an author or an outlet."""
    piece = draft.pieces[number]
    words, _, place = piece.words.partition(", ")
    if not is_name(words) or len(piece.unit.lines) > 1 or (place and not is_outlet(words)):
        return None
    following = draft.note_of(draft.pieces[number + 1]) if number + 1 < last else None
    original = draft.facts.values.get("original")
    outlet = is_outlet(words)
    if original and words.casefold() == str(original).casefold():
        return Note("boilerplate")
    if outlet and (following or draft.seen & {"byline", "dateline"}):
        known = "outlet" in draft.facts or draft.facts.beside_date
        return Note("boilerplate", {"original" if known else "outlet": words})
    if following and "dateline" in draft.seen and "authors" in draft.facts:
        return Note("boilerplate", {"original": words})
    if following and "authors" not in draft.facts and following.kind == "dateline":
        return Note("byline", {"authors": (titled(words),)})
    return None


def _is_title(draft: Draft, number: int, last: int) -> bool:
    piece = draft.pieces[number]
    words = piece.words
    if piece.unit.form == "heading":
        return True
    if piece.unit.form != "text" or not WORD.search(words) or len(words) > LONGEST_TITLE:
        return False
    if draft.note_of(piece) and not draft.only_links(piece):
        return False
    if number + 1 < last and kicker(words) and not draft.note_of(draft.pieces[number + 1]):
        return False
    if len(piece.unit.lines) > 4 or dateline(words[:300]) or TIME.match(words):
        return False
    count = len(words.split())
    if re.search(r"[.,;:]['\"”’)]*$", words):
        return words.endswith(".") and _is_sentence_title(draft, number, last, count)
    return count <= 40


def _is_sentence_title(draft: Draft, number: int, last: int, count: int) -> bool:
    """Whether a sentence with its full stop is a title: what stands alone over more, and is short, or shorter than what
    follows, or has a byline or date below it."""
    words = draft.pieces[number].words
    if last - number <= 2 or words[:1].islower() or ". " in _SHORTENED.sub("", words):
        return False
    following = draft.pieces[number + 1]
    note = draft.note_of(following)
    if count <= 10 or (note and note.kind in ("byline", "dateline")):
        return True
    return count <= 18 and len(following.words) > 1.5 * len(words)


def _title(draft: Draft, piece: Piece) -> None:
    draft.facts.add({"title": piece.words})
    links = LINK.findall(draft.source(piece))
    if len(links) == 1 and draft.only_links(piece):
        draft.facts.add({"url": _markup.target("]" + links[0][1])})


def _is_subtitle(draft: Draft, number: int, last: int) -> bool:
    piece = draft.pieces[number]
    if "subtitle" in draft.facts or piece.unit.form not in ("text", "heading") or len(piece.words) > 300:
        return False
    if number == 0 or draft.pieces[number - 1].kind != "title" or number + 1 >= last:
        return False
    if dateline(piece.words[:300]) or TIME.match(piece.words):
        return False
    following = draft.note_of(draft.pieces[number + 1])
    if following and following.kind in ("byline", "dateline"):
        return True
    if piece.unit.form == "heading" or following:
        return False
    short = len(piece.words.split()) < 12 and not ENDS.search(piece.words)
    return short and bool(SENTENCE_END.search(draft.pieces[number + 1].words)) and not _listing(draft, number)


def _listing(draft: Draft, number: int) -> bool:
    """Whether a short line stands among other short lines: a table or a programme, not a subtitle or heading."""
    neighbours = [draft.pieces[near].words for near in (number - 1, number + 1) if 0 <= near < len(draft.pieces)]
    return all(len(words.split()) <= 8 and not ENDS.search(words) for words in neighbours)
