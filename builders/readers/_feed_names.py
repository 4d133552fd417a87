"""Names of a feed's elements: those of feeds themselves, and those of modules by the module's prefix.

Conventions: a name is in lower case. What stands in the namespace of feeds, or in none, has a bare name (``title``); what
stands in that of a module that is read has its usual prefix (``dc:creator``, ``content:encoded``), whatever prefix the
feed uses; all else (``media:title`` of a picture, ``itunes:title`` of a show) has a name that nothing asks for.
Source: RSS 0.91 to 2.0; RSS 1.0; RFC 4287; Atom 0.3; Dublin Core; RSS content module.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

ATOM = ("http://www.w3.org/2005/atom", "http://purl.org/atom/ns")
RSS = (
    "",
    "http://purl.org/rss/1.0",
    "http://my.netscape.com/rdf/simple/0.9",
    "http://channel.netscape.com/rdf/simple/0.9",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd",
    "http://purl.org/net/rss1.1",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://cyber.law.harvard.edu/rss",
    "http://rssboard.org/rss-specification",
    "http://www.rssboard.org/rss-specification",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns",
)
#: Modules that say something of an article, by the prefix that they usually have.
MODULES = {
    "dc": ("http://purl.org/dc/elements/1.1", "http://purl.org/dc/elements/1.0"),
    "dcterms": ("http://purl.org/dc/terms",),
    "content": ("http://purl.org/rss/1.0/modules/content",),
    "atom": ATOM,
    "cc": (
        "http://creativecommons.org/ns",
        "http://web.resource.org/cc",
        "http://backend.userland.com/creativecommonsrssmodule",
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html",
    ),
}
#: Prefixes that feeds use without saying what they stand for.
USUAL = {prefix: spaces[0] for prefix, spaces in MODULES.items()} | {
    "creativecommons": MODULES["cc"][0],
    "a10": ATOM[0],
}
_MODULES = {space: prefix for prefix, spaces in MODULES.items() for space in spaces}


def name(element: "etree._Element") -> str:
    """The name of an element; empty for what is no element."""
    return _name(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    space, _, local = tag.rpartition("}")
    space, local = space.removeprefix("{").strip().rstrip("/#").lower(), local.lower()
    if space in RSS:
        return local
    return f"{_MODULES.get(space, '?')}:{local}"


def own(entry: "etree._Element", element: "etree._Element") -> str:
    """The name of a child of an entry: in Atom what is Atom's own is bare."""
    called = name(element)
    return called.removeprefix("atom:") if name(entry).startswith("atom:") else called
