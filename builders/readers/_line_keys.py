"""Keys with values: ``Author: ...``, ``Region: ...``.

Conventions: names of fields are those of an article, and ``updated``, ``original``, ``place``.
"""

import re

from allegedly.builders.readers._line_bylines import authors_note
from allegedly.builders.readers._line_dates import LONGEST
from allegedly.builders.readers._note import Note
from allegedly.builders.text import dates

KEYS = {
    **dict.fromkeys(
        ("author", "authors", "by", "byline", "writer", "writers", "interview", "text", "words", "story"), "authors"
    ),
    **dict.fromkeys(("written by", "posted by", "reporter", "reporters", "from", "creator", "contributor"), "authors"),
    **dict.fromkeys(
        ("date", "published", "publication date", "pubdate", "posted", "publish date", "date published"), "published"
    ),
    **dict.fromkeys(
        ("published on", "first published", "posted on", "issued", "datetime", "published at"), "published"
    ),
    **dict.fromkeys(("updated", "last updated", "modified", "last modified", "date modified"), "updated"),
    **dict.fromkeys(
        ("source", "outlet", "publication", "newspaper", "publisher", "site", "website", "agency"), "outlet"
    ),
    **dict.fromkeys(("site name", "journal", "magazine", "media", "paper"), "outlet"),
    **dict.fromkeys(
        ("original source", "originally published in", "originally published by", "first published in"), "original"
    ),
    **dict.fromkeys(("original outlet", "originally published", "first published by", "cross-posted from"), "original"),
    **dict.fromkeys(("region", "regions", "country", "countries"), "regions"),
    **dict.fromkeys(
        ("theme", "themes", "topic", "topics", "tag", "tags", "keywords", "keyword", "filed under"), "themes"
    ),
    **dict.fromkeys(("subjects", "labels"), "themes"),
    **dict.fromkeys(("in-depth report", "in-depth reports", "series", "dossier", "special report"), "series"),
    **dict.fromkeys(("section", "category", "categories", "desk", "department", "rubric"), "section"),
    **dict.fromkeys(("url", "link", "permalink", "web address", "canonical", "canonical url", "source url"), "url"),
    **dict.fromkeys(("title", "headline", "subject", "head"), "title"),
    **dict.fromkeys(
        ("subtitle", "subheadline", "sub-headline", "standfirst", "deck", "subhead", "strapline"), "subtitle"
    ),
    **dict.fromkeys(("language", "lang"), "language"),
    **dict.fromkeys(("licence", "license", "copyright", "rights"), "licence"),
    **dict.fromkeys(("location", "place", "dateline", "city"), "place"),
    **dict.fromkeys(("id", "article id", "guid", "identifier"), "source_id"),
}
_KINDS = {
    "authors": "byline",
    "published": "dateline",
    "updated": "dateline",
    "place": "dateline",
    "outlet": "boilerplate",
}
#: Fields that are names, and never a sentence that begins like a key ("City: Residents may have to leave soon.").
_NAMES = frozenset(("place", "outlet", "original", "section", "series", "regions", "themes", "language", "source_id"))
_SENTENCE = re.compile(r"^(?:\S+\s+){5,}\S+[.!?]['\"”’)]*$")
_KEY = re.compile(r"([A-Za-z][A-Za-z -]{0,30}?)\s*:\s+(?=\S)")


def key_value(words: str) -> Note | None:
    """``Author: ...``, ``Region: ...``: a key that is known, and its value."""
    key = _KEY.match(words)
    name = KEYS.get(key[1].lower()) if key and len(words) <= 400 else None
    if not key or not name:
        return None
    value = words[key.end() :]
    if name in _NAMES and _SENTENCE.search(value):
        return None
    if name in ("published", "updated"):
        iso = dates.read(value)
        return Note("dateline", {name: iso} if iso else {}) if iso or len(value) < 60 else None
    if name == "authors":
        return authors_note(value) if len(value) <= LONGEST and not re.search(r"[.!?]\s", value + " ") else None
    if name in ("title", "subtitle"):
        return Note(name, {name: value}, key=key.end()) if len(value) <= 300 else None
    if name in ("outlet", "original") and len(value) > 80:
        return None
    if name in ("themes", "regions"):
        return Note("boilerplate", {name: listed(value)})
    return Note(_KINDS.get(name, "boilerplate"), {name: value})


def listed(value: str) -> tuple[str, ...]:
    """Items with commas, semicolons or bars between."""
    items = (item.strip().strip(" .#[]\"'") for item in re.split("[,;|•·]", value))
    return tuple(dict.fromkeys(item for item in items if item))
