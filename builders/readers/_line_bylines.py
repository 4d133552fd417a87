"""Bylines: ``By Jane Doe and John Roe, Harbour Post, 5 May 2020``."""

import re
from typing import Any

from allegedly.builders.readers._line_dates import LONGEST, dated
from allegedly.builders.readers._line_people import JOB, SMALL, people
from allegedly.builders.readers._note import Note

_BY = re.compile(
    r"(?:(?:written|posted|words|text|story|reported|report|reporting|analysis|opinion|comment|review|interview|"
    r"article|edited|exclusive|commentary|essay|column)\s+)?by\s*:?\s+",
    re.I,
)
_BY_ELSEWHERE = re.compile(r"(?:Von|Par|Por|Di|Door|Av|Af)\s+(?=[A-ZÀ-Ý][\w.’'-]+(?:\s+[\w.’'-]+){1,3}$)")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr)\.")
_GOES_ON = re.compile(r"[.!?]\s+[A-Z]?[a-z]")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTICLE = re.compile(SMALL)
_LINKING = frozenset(("and", "in", "at", "for", "the", "with", "und", "et"))


def byline(words: str) -> Note | None:
    """``By Jane Doe and John Roe, Harbour Post, 5 May 2020``."""
    by = _BY.match(words) or _BY_ELSEWHERE.match(words)
    return authors_note(words[by.end() :], strict=True) if by and len(words) <= LONGEST else None


def authors_note(value: str, strict: bool = False) -> Note | None:
    """The note of a value that names authors, and perhaps an outlet and a date; None where it names nobody. ``strict``: it
    holds hardly anything else."""
    tells: dict[str, Any] = {}
    rest, iso, updated = dated(value)
    if iso:
        tells["updated" if updated else "published"] = iso
    names, outlet = people(rest)
    if (not names and not outlet) or (strict and not _whole(rest, names, outlet)):
        return None
    tells["authors"] = names
    if outlet:
        tells["outlet"] = outlet
    return Note("byline", tells)


def _whole(rest: str, names: tuple[str, ...], outlet: str | None) -> bool:
    """Whether a byline holds hardly more than names: ``By Monday, the talks had failed`` does not."""
    if _GOES_ON.search(_ABBREVIATION.sub("", rest)):
        return False
    lower = [word for word in _LETTERS.findall(rest) if word.islower() and not _PARTICLE.fullmatch(word)]
    unknown = [word for word in lower if word not in _LINKING and not JOB.fullmatch(word)]
    several = any(" " in name for name in names)
    return (several or bool(outlet) or " " not in rest) and len(unknown) <= (2 if unknown and JOB.search(rest) else 0)
