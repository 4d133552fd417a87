"""Metadata of a text: what its lines tell, put together.

Conventions: what stands beside a date may be an outlet, a place or an author; the rest of the text decides.
"""

import re
from itertools import islice
from typing import Any

from allegedly.builders.readers._line_people import is_name, is_outlet, is_person, is_place, titled
from allegedly.builders.readers._text_draft import FEW, Draft
from allegedly.schemas.records import Original

#: So many letters of the body are searched for a name.
BEGINNING = 20_000


def metadata(draft: Draft) -> dict[str, Any]:
    """The fields of an article that its text tells."""
    told = draft.told.values
    outlet, place = told.get("outlet"), told.get("place")
    beside_date = dict.fromkeys(part for line in draft.told.beside_date for part in _parts(line))
    body = _first_words(draft) if beside_date else ""
    for beside in islice(beside_date, FEW):
        role = _beside(draft, beside, place, body)
        if role == "author":
            told.setdefault("authors", (titled(beside.split(",")[0]),))
        elif role == "outlet" and outlet is None:
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


def _first_words(draft: Draft) -> str:
    """What the body begins with."""
    words, length = [], 0
    for piece in draft.pieces:
        if piece.kind in ("lead", "paragraph") and length < BEGINNING:
            words.append(piece.words)
            length += len(piece.words) + 1
    return " ".join(words)[:BEGINNING]


def _beside(draft: Draft, name: str, place: str | None, body: str) -> str:
    """What stands beside a date: an outlet, a place or an author."""
    first = name.split(",")[0].strip()
    if place and first.casefold() == place.split(",")[0].casefold():
        return "place"
    if is_place(name):
        return "place"
    if is_outlet(name):
        return "outlet"
    if "," in name:
        return "place"
    if len(first.split()) == 1 and re.search(rf"\b(?:in|from|at|to|of|near|outside)\s+{re.escape(first)}\b", body):
        return "place"
    if "authors" not in draft.told and is_name(name) and ("outlet" in draft.told or is_person(name)):
        return "author"
    return "outlet"


def _parts(line: str) -> list[str]:
    """What bars and dots part."""
    return [part.strip() for part in re.split(r"[|•·]", line) if part.strip()]
