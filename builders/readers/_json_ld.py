"""JSON-LD: the objects that a page holds about itself in its scripts.

Conventions: objects come outermost first. JSON is read as publishers write it; what cannot be read is nothing.
Source: W3C JSON-LD 1.1; schema.org/NewsArticle.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_ARTICLE = re.compile(
    r"(?:article|posting|report|review|recipe|liveblog|newsarticle|creativework|podcastepisode|medicalwebpage|qapage)$",
    re.I,
)
_PAGE = re.compile(r"(?:webpage|itempage|aboutpage|videoobject|event|product|book|howto)$", re.I)
_ASIDE = re.compile(r"^comment$|person|organization|imageobject", re.I)
#: What no article is, and no page with one: the site, the house, a list of links, what somebody wrote below.
_OTHER = re.compile(
    r"(?:organization|business|agency|person|website|list|listitem|object|product|offer|event|place|action|comment|question"
    r"|answer|rating|brand|service|dataset|application|movie|book|series|game|collectionpage|searchresultspage|profilepage"
    r"|contactpage|aboutpage|checkoutpage|faqpage)$",
    re.I,
)
#: Keys under which objects hold others.
_HOLDERS = (
    "@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "author", "publisher",
)  # fmt: skip
LONGEST = 4_000_000


def is_article(item: Mapping[str, Any]) -> bool:
    """Whether an object is of a type that articles have."""
    return _typed(item, _ARTICLE)


def is_page(item: Mapping[str, Any]) -> bool:
    """Whether an object is of a type that a page with one article may have."""
    return _typed(item, _PAGE)


def is_aside(item: Mapping[str, Any]) -> bool:
    """Whether an object is a comment, a person, an organisation or a picture."""
    return _typed(item, _ASIDE)


def other(item: Mapping[str, Any]) -> str | None:
    """The type of an object that is none of an article, nor of a page with one; None for those, and for types not known."""
    kinds = item.get("@type")
    named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    return named[0] if named and all(_OTHER.search(kind) and not _ARTICLE.search(kind) for kind in named) else None


def _typed(item: Mapping[str, Any], pattern: re.Pattern[str]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and bool(pattern.search(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def objects(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """All objects that a page's JSON-LD holds, outermost first."""
    for script in scripts:
        if len(script) <= LONGEST:
            source = re.sub(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$", "", script)
            yield from _objects(_parsed(source.strip().rstrip(";")), 0)


def _parsed(source: str) -> Any:
    """JSON as publishers write it: with bare line breaks in strings, commas before brackets, or objects in a row."""
    for repaired in (source, re.sub(r",\s*([}\]])", r"\1", source), html.unescape(source)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        return json.JSONDecoder(strict=False).raw_decode(source)[0]
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, level: int) -> Iterator[dict[str, Any]]:
    if level > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, level + 1)
    elif isinstance(value, dict):
        yield value
        for key in _HOLDERS:
            if isinstance(value.get(key), dict | list):
                yield from _objects(value[key], level + 1)
