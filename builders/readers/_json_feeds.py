"""Feeds in JSON: what a feed says of all its entries, given to each entry that says nothing else.

Conventions: the title of a feed is the outlet of its entries, as in RSS; its language is theirs, and in JSON Feed its authors.
Source: JSON Feed 1.1; RSS as programs turn it into JSON (``feed`` and ``items`` or ``entries``; ``channel`` and ``item``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from allegedly.builders.readers import _fields

_ENTRIES = ("items", "entries", "item", "entry")
_VERSION = "jsonfeed.org/version/"


def spread(value: Any) -> Any:
    """The value, its entries with what their feed says of them; as it is where it is no feed."""
    if not isinstance(value, dict):
        return value
    if isinstance(rss := value.get("rss"), dict):
        return {**value, "rss": spread(rss)}
    if isinstance(channel := value.get("channel"), dict):
        return {**value, "channel": _given(channel, channel)}
    if _VERSION in str(value.get("version")):
        return _given(value, value)
    return _given(value, feed) if isinstance(feed := value.get("feed"), dict) else value


def _given(holder: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any]:
    """What holds entries, these with what a feed says."""
    told = {"outlet": _fields.single(feed.get("title")), "language": _fields.single(feed.get("language"))}
    if feed is holder:
        told["authors"] = feed.get("authors") or feed.get("author")
    about = {name: words for name, words in told.items() if words}
    entries = ((name, holder[name]) for name in _ENTRIES if isinstance(holder.get(name), list))
    return {**holder, **{name: list(_with(items, about)) for name, items in entries}}


def _with(items: list[Any], about: Mapping[str, Any]) -> Iterator[Any]:
    for item in items:
        own = _fields.values(item) if isinstance(item, dict) else None
        yield item if own is None else {**{name: told for name, told in about.items() if name not in own}, **item}
