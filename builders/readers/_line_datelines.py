"""Datelines: a line with a date, the place and agency that begin a paragraph, the time of day in a live report."""

import re
from typing import Any

from allegedly.builders.readers._line_bylines import byline
from allegedly.builders.readers._line_dates import dated
from allegedly.builders.readers._note import Note
from allegedly.builders.text import dates

_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
DATELINE = re.compile(
    rf"(?P<place>[^\W\d_a-z][^\W\d_a-z]+(?:[ "
    rf".'’-]+[^\W\d_a-z]+){{0,4}}\.?(?:\s*[,/]\s*[^\W\d_a-z][\w.]+(?:\s[^\W\d_a-z][\w.]+){{0,3}}){{0,3}}|"
    rf"(?P<mixed>[^\W\d_a-z][\w.'’-]+(?:\s[^\W\d_a-z][\w.'’-]+){{0,3}}(?:,\s[^\W\d_a-z][\w.]+(?:\s[^\W\d_a-z]\w+){{0,2}}){{0,2}})(?=,?\s+(?:{_MONTHS}\s\d|\d{{1,2}}\s{_MONTHS}|\())|(?=\())"
    rf"(?P<date>,?\s*(?:{_MONTHS}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+{_MONTHS}(?:,?\s+\d{{4}})?))?"
    r"\s*(?:\((?P<agency>[^()]{2,60})\)|/(?P<slashed>[A-Z][\w ]{1,30})/)?\s*(?:[–—-]{1,2}|_|:(?=\s))\s*(?=[\"“'‘(\w])"
)
TIME = re.compile(
    r"\[?\(?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?(?:GMT|BST|ET|EST|EDT|PT|PST|CET|CEST|UTC|AEST|IST))?\]?\)?"
    r"(?:\s*(?:[–—-]|:|\|)\s+|\s*\n\s*|\s*$)",
    re.I,
)


def date_line(words: str) -> Note | None:
    """A date, alone or with an outlet or a place: ``Global Courier, May 27, 2017``. ``with``: what stands with it."""
    rest, iso, updated = dated(words)
    if not iso:
        return None
    tells: dict[str, Any] = {"updated" if updated else "published": iso}
    rest = rest.strip(" ,;|•·–—-()")
    # two dates: published and updated
    more, second, second_updated = dated(rest)
    if second and more.strip(" ,;|•·–—-") == "":
        tells["updated" if second_updated else "published"] = second
        rest = ""
    if not rest:
        return Note("dateline", tells)
    if note := byline(rest):
        return Note("byline", {**note.tells, **tells})
    if len(rest.split()) > 10 or re.search(r"[.!?]$|[a-z]\. ", rest):
        return None
    named = re.findall(r"[^\W\d_]+", rest)
    if not named or sum(word.islower() for word in named) > len(named) / 2:
        return None
    tells["with"] = re.sub(r"^(?:in|from)\s+", "", rest)
    return Note("dateline", tells)


def dateline(words: str) -> tuple[int, dict[str, Any]] | None:
    """The dateline that begins a paragraph: where it ends, and what it tells (place, outlet, published)."""
    line = DATELINE.match(words)
    if not line or line.end() > 150:
        return None
    place, agency = line["place"], line["agency"] or line["slashed"]
    dash = words[line.start() : line.end()].rstrip()[-1:]
    if dash == ":" and not agency:
        return None
    if not agency and not line["date"]:
        # without an agency or a date only capitals tell: "NATO - which ..." is none
        if not place or words[line.end()].islower() or not re.search(r"\s[–—-]{1,2}\s*$", words[: line.end()]):
            return None
        if len(re.sub(r"\W", "", place)) < 4:
            return None
    tells: dict[str, Any] = {"place": place.strip(" ,") if place else None}
    if agency:
        tells["agency"] = agency
    if iso := dates.read((line["date"] or "").strip(" ,")):
        tells["published"] = iso
    return line.end(), tells
