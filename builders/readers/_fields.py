"""Records of other people: their field names to ours, and a record with a text to an article.

Conventions: names are compared without case, ``_``, ``-`` and blanks. ``fields`` maps our names to theirs: a JSON
pointer (``/body``, ``/meta/by/0``) or a plain name. The text is taken verbatim, and the title is a field only; a
text that holds HTML is read as HTML.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from allegedly.builders.readers import _values
from allegedly.builders.readers._names import authors
from allegedly.builders.sources.limits import Limits, Refused, lone_surrogate
from allegedly.builders.text import articles, pieces
from allegedly.schemas.records import Article, Origin

#: Ours, and what others call it: the first that a record has is taken.
NAMES = {
    "text": (
        "text articlebody maintext fulltext bodytext articletext plaintext cleanedtext contenttext content body "
        "bodyhtml contenthtml article story html"
    ),
    "title": "title headline heading articletitle webtitle name",
    "subtitle": "subtitle subheadline alternativeheadline subheading standfirst deck dek kicker",
    "authors": "authors author byline creator creators writer writers by",
    "published": (
        "published datepublished publishedat publishdate publicationdate pubdate publisheddate datepublish date "
        "datetime createdat created timestamp webpublicationdate time"
    ),
    "url": "url link canonicalurl weburl permalink articleurl sourceurl href",
    "outlet": "outlet source publisher sitename publication newspaper sourcename provider sourcedomain domain site media",
    "language": "language lang inlanguage locale",
    "section": "section articlesection sectionname category",
    "series": "series",
    "themes": "themes tags keywords topics theme categories subjects",
    "regions": "regions region locations",
    "licence": "licence license copyright rights usageterms copyrightnotice",
    "source_id": "id sourceid articleid docid documentid uid uuid guid identifier uri",
}
#: From a name to ours, and its rank among the names of ours.
_OURS = {theirs: (ours, rank) for ours, names in NAMES.items() for rank, theirs in enumerate(names.split())}


@lru_cache(maxsize=1024)
def plain(name: str) -> str:
    """A name without what people write differently."""
    return re.sub(r"[\s_.-]", "", name).lower()


def known(names: Iterable[Any], fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which of our fields a record's names give: ours to theirs."""
    theirs: dict[str, tuple[int, str]] = {}
    for name in names:
        if isinstance(name, str) and (ranked := _OURS.get(plain(name.strip("\ufeff")))):
            ours, rank = ranked
            if ours not in theirs or rank < theirs[ours][0]:
                theirs[ours] = (rank, name)
    columns = {ours: name for ours, (_, name) in theirs.items()}
    for ours, name in (fields or {}).items():
        if name.removeprefix("/") in names:
            columns[ours] = name.removeprefix("/")
    return columns


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer, or a plain name, points at; None where there is nothing."""
    steps = [pointer] if not pointer.startswith("/") else pointer[1:].split("/")
    for step in steps:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def values(record: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Our fields of a record: those that ``fields`` names from there, the others by their common names. A common name
    that holds nothing gives way to the next."""
    ranked: dict[str, list[tuple[int, Any]]] = {}
    for name, value in record.items():
        named = _OURS.get(plain(name)) if isinstance(name, str) else None
        if named is None or value in (None, "", [], {}):
            continue
        ours, rank = named
        if ours != "text" or is_text(value):
            ranked.setdefault(ours, []).append((rank, value))
    ours_to_values = {ours: min(pairs, key=lambda pair: pair[0])[1] for ours, pairs in ranked.items()}
    for ours, pointer in (fields or {}).items():
        ours_to_values[ours] = pointed(record, pointer)
    return ours_to_values


def is_text(value: Any) -> bool:
    """Whether a value can be an article's text: words, or a list of paragraphs."""
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def article(
    record: Mapping[str, Any], origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits
) -> Article:
    """The article of a record. Refused where it has no text."""
    named = values(record, fields)
    words = named.pop("text", None)
    if not is_text(words):
        where = (fields or {}).get("text")
        names = ", ".join(sorted(str(name) for name in record)[:12]) or "none"
        wanted = f"no text at {where!r}" if where else "no field with a text (text, body, content, article, ...)"
        raise Refused(
            "no-article", f"has {wanted}; its fields are: {names[:200]}; name it with `text = ...` in [fields]"
        )
    words = words if isinstance(words, str) else "\n\n".join(words)
    checked(words)
    if pieces.holds_html(words):
        words, blocks = articles.compose(pieces.pieces(words, limits))
        if not words:
            raise Refused("no-article", "has a text that is HTML without words")
    else:
        blocks = pieces.paragraphs(words)
    return articles.article(words, origin, blocks=blocks, **metadata(named))


def checked(words: str) -> None:
    """Refused for text that no encoding can hold."""
    try:
        words.encode()
    except UnicodeEncodeError:
        raise lone_surrogate() from None


def metadata(named: Mapping[str, Any]) -> dict[str, Any]:
    """Values of our fields in the form that an article wants; what is not understood is left out."""
    out: dict[str, Any] = {}
    for ours in ("title", "subtitle", "outlet", "url", "section", "series", "licence", "source_id"):
        if value := single(named.get(ours)):
            out[ours] = value
    out["authors"] = authors(named.get("authors"))
    for ours in ("themes", "regions"):
        out[ours] = several(named.get(ours))
    if published := _values.date(named.get("published")):
        out["published"] = published
    if language := _values.language(single(named.get("language"))):
        out["language"] = language
    return out


def single(value: Any) -> str | None:
    """One line of text: of an object its name, of a list its first."""
    if isinstance(value, dict):
        value = next(
            (value[key] for key in ("name", "title", "@id", "url", "id", "#text", "value") if value.get(key)), None
        )
    if isinstance(value, list):
        return next(filter(None, map(single, value[:20])), None) if value else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str | int | float):
        return _values.line(str(value)) or None
    return None


def several(value: Any) -> tuple[str, ...]:
    """Several lines of text: a list, or one text with commas or semicolons."""
    if isinstance(value, str):
        value = re.split(r"\s*[;|]\s*" if ";" in value or "|" in value else r"\s*,\s*", value)
    if not isinstance(value, list | tuple):
        value = [value]
    return tuple(dict.fromkeys(filter(None, map(single, value[:200]))))
