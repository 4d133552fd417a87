"""The source of a feed as an XML tree, and what is mended on the way.

Conventions: a feed that is XML is parsed as it is. One that is not quite XML is mended as feed readers do, and only so:
white space before the declaration, letters in another encoding than declared, entities of HTML, stray ampersands, letters
that XML may not hold, prefixes that are not declared, HTML in a content that is neither escaped nor CDATA. What is still
broken then is refused with the first complaint.
XML is parsed without entities, document types, network or huge trees.
"""

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from allegedly.builders.readers._feed_names import USUAL
from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.schemas.records import Origin

if TYPE_CHECKING:
    from lxml import etree

_ENTITY = re.compile(rb"<!ENTITY\b", re.I)
_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.I)
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,400}\?>\s*")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
#: What XML 1.0 may not hold, written as letters or as numbers.
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_NUMBER = re.compile(r"&#(?:0*(?:[0-8]|1[1249]|1[5-8]|2\d|3[01])|x0*(?:[0-8bcBC]|[0e-fE-F]|1[0-9a-fA-F]));")
#: A content with elements that is not in CDATA.
_CONTENT = re.compile(
    r"<(description|content:encoded|summary|content)((?:\s[^<>]{0,300})?)>"
    r"((?:[^<\]]++|\](?!\]>)|<(?!/\1\s*>|!\[CDATA\[|\1[\s>]))++)</\1\s*>"
)
_ROOT_TAG = re.compile(r"<(?![?!])[\w.:-]+")
_PREFIX = re.compile(r"[<\s]([A-Za-z][\w.-]{0,40}):[A-Za-z][\w.-]*")


def parsed(data: bytes, origin: Origin, limits: Limits) -> "tuple[etree._Element, Origin]":
    """The root of a feed, and its origin with the encoding. Refused for entities of its own, for what is no XML even when
    mended, and for what passes a limit."""
    from allegedly.builders.text import html_tree

    if _ENTITY.search(data[: 1 << 20]) or _ENTITY.search(data.replace(b"\0", b"")[: 1 << 20]):
        raise Refused("xml-entities", "declares XML entities, which are not read, for they can stand for other files")
    # attributes and depth are counted as in HTML; the text serves for counting only. What stands in CDATA is no element
    # of the feed: it is counted when its entry is read
    html_tree.scan("".join(_split(data.decode("utf-8", "replace"))[::2]), limits)
    root, encoding = _root(data)
    if (deepest := html_tree.depth(root)) > limits.nesting:
        raise over("nesting-limit", "the depth of nested elements", limits.nesting, deepest)
    return root, replace(origin, encoding=encoding)


def _root(data: bytes) -> "tuple[etree._Element, str]":
    from lxml import etree

    # with a document type that is not loaded, entities would be lost without a complaint
    mended = _mended(data) if _DOCTYPE.search(data[: 1 << 16]) else None
    try:
        root = _tree(data if mended is None else mended[0])
        return root, (root.getroottree().docinfo.encoding or "utf-8").lower() if mended is None else mended[1]
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        complaint = _broken(error)
    for raw in (False, True):
        try:
            source, encoding = _mended(data, raw=raw)
            return _tree(source), encoding
        except (etree.XMLSyntaxError, ValueError, LookupError, Refused):
            continue
    raise complaint


def _tree(source: bytes) -> "etree._Element":
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        recover=False,
    )  # fmt: skip
    return etree.fromstring(source, parser)


def _broken(error: Exception) -> Refused:
    position = getattr(error, "position", None)
    message = re.sub(r"\s*\(<string>,.*\)$", "", str(getattr(error, "msg", None) or error))
    where = {"line": position[0], "column": position[1]} if position else {}
    return Refused("broken-xml", f"is broken XML: {message}", **where)


def _mended(data: bytes, *, raw: bool = False) -> tuple[bytes, str]:
    """The source with what is mended, in UTF-8, and the encoding that it was in. ``raw``: contents are HTML that was put
    into the feed as it was."""
    declared = _DECLARED.match(data[:1024])
    source, encoding = encodings.decode(data, declared[1].decode() if declared else None)
    source = _ILLEGAL.sub("", _DECLARATION.sub("", source.lstrip("\ufeff"), count=1).lstrip())
    if raw:
        source = _CONTENT.sub(r"<\1\2><![CDATA[\3]]></\1>", source)
    parts = _split(source)
    parts[::2] = [_ILLEGAL_NUMBER.sub("", _AMPERSAND.sub(_written, part)) for part in parts[::2]]
    return _prefixed("".join(parts), parts[::2]).encode(), encoding


def _split(source: str) -> list[str]:
    """What stands outside of CDATA, and the sections of CDATA between, by turns."""
    parts, start = [], 0
    while (opening := source.find("<![CDATA[", start)) >= 0 and (closing := source.find("]]>", opening)) >= 0:
        parts += [source[start:opening], source[opening : closing + 3]]
        start = closing + 3
    return [*parts, source[start:]]


def _written(match: re.Match[str]) -> str:
    """An entity of HTML as its letter; an ampersand that begins none as XML writes it."""
    if match[1] and (letter := html.unescape(match[0])) != match[0]:
        return html.escape(letter, quote=True)
    return "&amp;" + match[0][1:]


def _prefixed(source: str, marked_up: list[str]) -> str:
    """The source with a declaration for each prefix that has none."""
    tag = _ROOT_TAG.search(source)
    used = {prefix for part in marked_up for prefix in _PREFIX.findall(part)} - {"xml", "xmlns"}
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}" not in source)
    if tag is None or not missing:
        return source
    spaces = "".join(f' xmlns:{prefix}="{USUAL.get(prefix.lower(), "urn:undeclared:" + prefix)}"' for prefix in missing)
    return source[: tag.end()] + spaces + source[tag.end() :]
