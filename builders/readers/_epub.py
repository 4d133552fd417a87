"""EPUB: what the package of an e-book says: its chapters in reading order, their labels, what it says of itself.

Conventions: names are those of members of the archive. Links that lead out of the file are not followed.
Source: W3C, EPUB 3.3; IDPF, Open Packaging Format 2.0.1 (with the NCX of DAISY).
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from allegedly.builders.readers import _xml
from allegedly.builders.readers._zipped import Zipped
from allegedly.builders.sources.limits import Limits, Refused

WHAT = "EPUB"
_NCX = "application/x-dtbncx+xml"
#: How fonts are made unreadable to others, which hides no text.
_OBFUSCATED = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#rc")
_FRONT = (
    "cover|title-?page|half-?title-?page|toc|contents|nav|copyright(?:-page)?|colophon|imprint|landmarks|loi|lot|index"
)
#: What a member is called, or the guide says it is, that is no chapter.
FRONT = re.compile(rf"(?:{_FRONT})(?:[-_. ]?(?:page|\d{{1,3}}))?", re.I)


@dataclass(slots=True)
class Label:
    """An entry of the table of contents: its words, how deep it stands, the words of the one around it."""

    words: str
    depth: int
    section: str | None
    fragment: str


@dataclass(slots=True)
class Package:
    """An e-book: its members, the chapters in order, their labels, and which of them are its frame."""

    archive: Zipped
    root: etree._Element
    chapters: list[str] = field(default_factory=list)
    labels: dict[str, list[Label]] = field(default_factory=dict)
    frame: set[str] = field(default_factory=set)

    def says(self, name: str) -> list[etree._Element]:
        """What the package says of itself under a name of Dublin Core."""
        metadata = _xml.first(self.root, "metadata")
        return (
            [] if metadata is None else [item for item in _xml.every(metadata, name) if "dc/" in _xml.namespace(item)]
        )


def package(data: bytes, limits: Limits) -> Package:
    """The package of an e-book. Refused where there is none, or where it is locked."""
    archive = Zipped(data, WHAT, limits)
    _check_locked(archive, limits)
    container = _xml.tree(archive.needed("META-INF/container.xml"), limits)[0]
    path = next((unquote(item.get("full-path") or "") for item in _xml.every(container, "rootfile")), "")
    book = Package(archive, _xml.tree(archive.needed(path), limits)[0])
    folder = posixpath.dirname(path)
    items = {item.get("id"): item for item in _xml.every(book.root, "item")}
    names = {key: _member(folder, item.get("href") or "")[0] for key, item in items.items()}
    for item in _xml.every(book.root, "itemref"):
        if name := names.get(item.get("idref")):
            book.chapters.append(name)
            if item.get("linear") == "no" or FRONT.fullmatch(str(item.get("idref"))):
                book.frame.add(name)
    for item in _xml.every(book.root, "reference"):
        if FRONT.fullmatch(item.get("type") or ""):
            book.frame.add(_member(folder, item.get("href") or "")[0])
    for key, item in items.items():
        if "nav" in (item.get("properties") or "").split():
            book.frame.add(names[key])
            _contents(book, names[key], limits)
    if not book.labels:
        for key, item in items.items():
            if item.get("media-type") == _NCX:
                _contents(book, names[key], limits)
    return book


def _check_locked(archive: Zipped, limits: Limits) -> None:
    source = archive.read("META-INF/encryption.xml")
    methods = _xml.every(_xml.tree(source, limits)[0], "EncryptionMethod") if source else iter(())
    if any(method.get("Algorithm") not in _OBFUSCATED and _data(method) for method in methods):
        raise Refused(
            "encrypted", "is an e-book locked by digital rights management; nobody but its shop's program can read it"
        )


def _data(method: etree._Element) -> bool:
    """Whether an encryption method is that of a member, and not of a key."""
    parent = method.getparent()
    return parent is not None and _xml.name(parent) == "EncryptedData"


def _member(folder: str, href: str) -> tuple[str, str]:
    """The name of the member that a link leads to, and the place in it; an address for a link out of the file."""
    path, _, fragment = href.partition("#")
    if re.match(r"[a-z][a-z0-9+.-]*:", path, re.I):
        return href, ""
    return posixpath.normpath(posixpath.join(folder, unquote(path))) if path else "", unquote(fragment)


def _contents(book: Package, name: str, limits: Limits) -> None:
    """Takes the labels of a table of contents: that of EPUB 3, or an NCX."""
    source = book.archive.read(name)
    if source is None:
        return
    root = _xml.tree(source, limits)[0]
    folder = posixpath.dirname(name)
    navs = [nav for nav in _xml.every(root, "nav") if "toc" in " ".join(map(str, nav.attrib.values()))]
    entries = _points(root, 0, None) if _xml.name(root) == "ncx" else _items(navs[0] if navs else root, 0, None)
    for href, label in entries:
        target, label.fragment = _member(folder, href)
        if target and label.words:
            book.labels.setdefault(target, []).append(label)


def _points(parent: etree._Element, depth: int, section: str | None) -> Iterator[tuple[str, Label]]:
    """The entries of an NCX: links, labels."""
    for point in parent:
        if _xml.name(point) == "navMap":
            yield from _points(point, depth, section)
        if _xml.name(point) == "navPoint":
            words = _xml.line(_xml.child(point, "navLabel")) or ""
            content = _xml.child(point, "content")
            yield ("" if content is None else content.get("src") or ""), Label(words, depth, section, "")
            yield from _points(point, depth + 1, words or section)


def _items(parent: etree._Element, depth: int, section: str | None) -> Iterator[tuple[str, Label]]:
    """The entries of the table of contents of EPUB 3."""
    for child in parent:
        if _xml.name(child) == "li":
            head = _xml.child(child, "a", "span")
            words = _xml.line(head) or ""
            yield ("" if head is None else head.get("href") or ""), Label(words, depth, section, "")
            for inner in _xml.children(child, "ol"):
                yield from _items(inner, depth + 1, words or section)
        elif _xml.name(child) in ("ol", "body", "section", "div", "nav"):
            yield from _items(child, depth, section)
