"""Keys: hashes of what ties an article to others, 64 bits each.

Conventions: an article *offers* its address and its outlet with its title; it *refers* to the same of the first
publication that it names; it *has* its address and what the recipe groups by. Equal keys tie; what is only offered
ties where somebody refers to it.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from urllib.parse import urlsplit

from allegedly.schemas.records import Article

#: Parameters that say where a reader came from: of analytics, advertisers, newsletters and social networks.
_TRACKING = re.compile(
    r"(?:utm_\w+|(?:fb|gc|dc|twc|yc)lid|msclkid|gclsrc|w?braid|igshid?|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|__s|vero_\w+|oly_\w+|"
    r"at_(?:medium|campaign|custom\d|format|link_\w+|ptr_name|bbc_team)|ns_(?:mchannel|source|campaign|linkname|fee)|"
    r"cmp(?:id)?|icid|ito|ref(?:_?src|_?url|errer)?|smid|smtyp|xtor|ocid|sr_share|ftag|_g[al]|guccounter|guce_\w+)(?:=|\Z)",
    re.I,
)
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
    path, query = parts.path.rstrip("/"), _query(parts.query)
    # an outlet's front page is the address of no article
    if parts.netloc and (path or query):
        yield _hashed("url", parts.netloc.casefold().removeprefix("www."), path, query)


def _query(query: str) -> str:
    """The parameters of an address that say what it shows, without those that say who came from where."""
    return "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))


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
