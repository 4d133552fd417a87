"""Metadata of a text: what its lines tell, put together.

Conventions: what stands beside a date may be an outlet, a place or an author; the rest of the text decides.
"""

import re
from itertools import islice
from typing import Any

from allegedly.builders.readers import _values
from allegedly.builders.readers._line_people import is_name, is_outlet, is_person, is_place, titled
from allegedly.builders.readers._text_draft import FEW, Draft
from allegedly.schemas.records import Original

#: So many letters of the body are searched for a name.
BEGINNING = 20_000


def metadata(draft: Draft) -> dict[str, Any]:
    """The fields of an article that its text tells."""
    facts = draft.facts.values
    outlet, place = facts.get("outlet"), facts.get("place")
    beside_date = dict.fromkeys(part for line in draft.facts.beside_date for part in _parts(line))
    body = _first_words(draft) if beside_date else ""
    for beside in islice(beside_date, FEW):
        role = _beside(draft, beside, place, body)
        if role == "author":
            facts.setdefault("authors", (titled(beside.split(",")[0]),))
        elif role == "outlet" and outlet is None:
            outlet = beside
    original, source = facts.get("original"), facts.get("source_line")
    if source and outlet is None:
        outlet = source
    elif source and original is None and source.casefold() != str(outlet).casefold():
        original = source
    outlet = outlet or facts.get("agency")
    url = facts.get("original_url")
    return {
        "title": facts.get("title"),
        "subtitle": facts.get("subtitle"),
        "authors": tuple(facts.get("authors") or facts.get("late_authors") or ()),
        "outlet": outlet,
        "published": facts.get("published")
        or facts.get("late_published")
        or facts.get("updated")
        or facts.get("late_updated"),
        "original": Original(outlet=original, url=url) if original or url else None,
        "url": facts.get("url"),
        "section": facts.get("section") or facts.get("late_section"),
        "series": facts.get("series"),
        "themes": tuple(facts.get("themes") or facts.get("late_themes") or ()),
        "regions": tuple(facts.get("regions") or ()),
        "licence": facts.get("licence"),
        "language": _values.language(facts.get("language")),
        "source_id": facts.get("source_id"),
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
    if "authors" not in draft.facts and is_name(name) and ("outlet" in draft.facts or is_person(name)):
        return "author"
    return "outlet"


def _parts(line: str) -> list[str]:
    """What bars and dots part."""
    return [part.strip() for part in re.split(r"[|•·]", line) if part.strip()]
