"""Short descriptions: which one is the text of a record, for want of another, because the record is one of news.

Conventions: a record of news has a headline, and beside it a date of publication, an author or the address of a page; or
nothing else but a class, as data to train classifiers on have. A name is no headline: packages, products and places have
a name and a description.
"""

# ruff: noqa: SIM905 - names read better as words in a row

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from allegedly.builders.readers._field_names import TEASERS, ours, plain

#: Our fields that tell of news, but for names that anything in a database has.
_SIGNS = frozenset(("published", "authors", "url"))
_LOOSE = frozenset("created createdat timestamp time".split())
#: What stands beside headline and description in data to train on, and what no news has.
_CLASSES = frozenset("classindex class classes label labels index category section split unnamed:0".split())
_OTHER_THINGS = frozenset("price prices sku isbn version versions dependencies scripts plugins".split())


def among(names: Collection[Any]) -> str | None:
    """The name of the short description that is the text of records with these names; None where they are not of news."""
    named = {name: plain(name) for name in names if isinstance(name, str)}
    short = next((name for name, bare in named.items() if bare in TEASERS), None)
    others = {name: bare for name, bare in named.items() if bare not in TEASERS}
    if short is None or not _OTHER_THINGS.isdisjoint(others.values()):
        return None
    told = {name: known[0] for name, bare in others.items() if bare not in _LOOSE and (known := ours(name))}
    headlines = {name for name, field in told.items() if field == "title" and others[name] != "name"}
    alone = all(name in headlines or not bare or bare in _CLASSES for name, bare in others.items())
    return short if headlines and (alone or not _SIGNS.isdisjoint(told.values())) else None


def of(record: Mapping[str, Any]) -> str | None:
    """The same for one record, by the names that hold something; an address of a whole site tells of no news."""
    name = among(
        [name for name, value in record.items() if value not in (None, "", [], {}) and not _is_site(name, value)]
    )
    return name if name is not None and isinstance(record[name], str) else None


def _is_site(name: str, value: Any) -> bool:
    known = ours(name) if isinstance(name, str) and isinstance(value, str) else None
    if known is None or known[0] != "url":
        return False
    try:
        return not urlsplit(value.strip()).path.strip("/")
    except ValueError:
        return True
