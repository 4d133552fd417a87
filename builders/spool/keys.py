"""Keys: hashes of what ties an article to others, 64 bits each.

Conventions: an article *offers* its address and its outlet with its title; it *refers* to the same of the first
publication that it names; it *has* its address and what the recipe groups by. Equal keys tie; what is only offered
ties where somebody refers to it.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from urllib.parse import urlsplit

from allegedly.schemas.records import Article

#: What a recipe may group by.
GROUPINGS = ("author", "outlet", "day")


def offered(article: Article) -> tuple[int, ...]:
    """Where an article is published."""
    return tuple(sorted({*_address(article.url), *_title(article.outlet, article.title)}))


def referred(article: Article) -> tuple[int, ...]:
    """Where an article says that it was published first."""
    original = article.original
    if original is None:
        return ()
    return tuple(sorted({*_address(original.url), *_title(original.outlet, article.title)}))


def had(article: Article, group_by: Iterable[str]) -> tuple[int, ...]:
    """What ties an article to every other that has it too."""
    grouping = (key for name in group_by for key in _grouping(article, name))
    return tuple(sorted({*_address(article.url), *grouping}))


def _hashed(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest(), "big")


def _address(url: str | None) -> Iterator[int]:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return
    path = parts.path.rstrip("/")
    # an outlet's front page is the address of no article
    if parts.netloc and (path or parts.query):
        yield _hashed("url", parts.netloc.casefold().removeprefix("www."), path, parts.query)


def _title(outlet: str | None, title: str | None) -> Iterator[int]:
    if outlet and title:
        yield _hashed("title", _folded(outlet), _folded(title))


def _grouping(article: Article, name: str) -> Iterator[int]:
    names = {
        "author": article.authors,
        "outlet": (article.outlet,),
        "day": ((article.published or "")[:10],),
    }[name]
    for text in names:
        if text and (name != "day" or len(text) == 10):
            yield _hashed(name, _folded(text))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
