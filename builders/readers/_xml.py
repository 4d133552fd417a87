"""XML: the tree of a file, parsed without entities of its own, document types, network or huge trees.

Conventions: names are local, without their namespaces. Entities that HTML and NITF know (``&eacute;``) are
letters; a file that declares entities is refused, for they can stand for other files and for a billion letters.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5

from lxml import etree

from allegedly.builders.readers import _values
from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.text import html_blocks, html_tree

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""")
#: What stands before the first element: declaration, comments, document type.
_PROLOGUE = re.compile(
    r"\s*+(?:<\?(?:[^?]++|\?(?!>))*+\?>\s*+|<!--(?:[^-]++|-(?!->))*+-->\s*+|<!DOCTYPE\b[^\[<>]*+(?:\[[^\]]*+\]\s*+)?>\s*+)*+"
)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


def tree(data: bytes, limits: Limits) -> tuple[etree._Element, str]:
    """The root element of a file and the name of its encoding. Refused where it is broken, or passes a limit."""
    declared = _DECLARED.search(data[:1024])
    source, encoding = encodings.decode(data, declared[1].decode("ascii") if declared else None)
    return parsed(source, limits), encoding


def parsed(source: str, limits: Limits) -> etree._Element:
    """The root element of a text. Refused where it is broken, or passes a limit."""
    if "<!ENTITY" in source:
        raise Refused("xml-entities", "declares XML entities, which are not read, for they can stand for other files")
    # an attribute takes four letters at least: the tags of most files need not be counted
    if re.search(rf"<[^<>]{{{4 * limits.attributes}}}", source):
        html_tree.scan(source, limits)
    # the number of the line that an error names is that of the file
    source = _ENTITY.sub(_letter, _PROLOGUE.sub(lambda head: "\n" * head[0].count("\n"), source, count=1))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(source.encode(), parser)
    except etree.XMLSyntaxError as error:
        if "Excessive depth" in str(error.msg):
            raise over("nesting-limit", "the depth of nested elements", limits.nesting) from error
        raise _broken(error) from error
    except UnicodeEncodeError as error:
        raise Refused("broken-xml", f"is broken XML: {error}") from error
    if (deepest := html_tree.depth(root)) > limits.nesting:
        raise over("nesting-limit", "the depth of nested elements", limits.nesting, deepest)
    return root


def _letter(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _XML_OWN else html5.get(f"{entity[1]};", entity[0])


def _broken(error: etree.XMLSyntaxError) -> Refused:
    line, column = error.position
    message = re.sub(r"\s*\(<string>,.*\)$", "", str(error.msg))
    cut = (
        "; it seems to be cut off, fetch it again" if re.search(r"premature end|not terminated", message, re.I) else ""
    )
    return Refused("broken-xml", f"is broken XML: {message}{cut}", line=line, column=column)


def name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The namespace of an element; empty where it has none."""
    return element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[:1] == "{" else ""


def every(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """All elements of these names below an element, in order."""
    return iter(()) if element is None else element.iterdescendants(*(f"{{*}}{name}" for name in names))


def first(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first element below an element that has the first of these names that there is."""
    for wanted in names:
        if (inner := next(every(element, wanted), None)) is not None:
            return inner
    return None


def children(element: etree._Element | None, *names: str) -> list[etree._Element]:
    """The children of these names."""
    return [] if element is None else list(element.iterchildren(*(f"{{*}}{name}" for name in names)))


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of these names; None where there is none."""
    return next(iter(children(element, *names)), None)


def said(element: etree._Element | None, key: str) -> str | None:
    """The words of an attribute in one line; None where there are none."""
    return None if element is None else _values.line(element.get(key) or "") or None


def line(element: etree._Element | None) -> str | None:
    """The words of an element in one line; None where there are none."""
    return None if element is None else _values.line(html_blocks.flat("".join(element.itertext()))) or None


def language(element: etree._Element | None) -> str | None:
    """The language that an element, or one around it, says it is in."""
    while element is not None:
        if tag := element.get(LANG):
            return str(tag)
        element = element.getparent()
    return None
