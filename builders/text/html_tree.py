"""An HTML page as a tree: decoded, bounded before it is parsed, parsed without network, entities or huge trees.

Conventions: attributes and nesting are counted on the source, as a browser splits it into tags, so that no parser
sees what passes a limit. Elements that close themselves (``p``, ``li``, ``td``) do not nest.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import re
from functools import lru_cache

from lxml import etree, html

from allegedly.builders.sources.limits import Limits, Refused, over

#: A comment, or a tag with its attributes; quantifiers are possessive, so the scan is linear on any input.
_TAGS = re.compile(
    r"<(?:!--(?:[^-]++|-(?!->))*+"
    r"|(?P<raw>script|style|textarea|noembed|template)\b(?P<own>(?:[^>=]++|=(?:\s*+(?:\"[^\"]*+\"|'[^']*+'))?+)*+)>?"
    r"(?:[^<]++|<(?!/(?:script|style|textarea|noembed|template)\b))*+"
    r"|(?P<close>/?)(?P<name>[a-z][^\s/>]*+)(?P<rest>(?:[^>=]++|=(?:\s*+(?:\"[^\"]*+\"|'[^']*+'))?+)*+))",
    re.I,
)
#: The same without the tags that close elements.
_OPENING = re.compile(_TAGS.pattern.replace("(?P<close>/?)", ""), re.I)
_ATTRIBUTE = re.compile(r"[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")
_FLAT = frozenset(
    """
    p li td th tr dt dd option optgroup thead tbody tfoot colgroup html head body rp rt area base br col
    embed hr img input link meta param source track wbr
    """.split()
)
#: The source may seem this many times deeper than the tree turns out to be, by elements left open.
SEEMING = 10
#: All elements are of one class. The usual choice by name calls back into Python whenever an element is touched.
_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def scan(source: str, limits: Limits) -> None:
    """Refused where an element has too many attributes, or elements nest too deeply, as far as the source shows."""
    # no tree is deeper than its source has tags that open elements
    nested = source.count("<") - source.count("</") > SEEMING * limits.nesting
    depth = deepest = 0
    most = 2 * limits.attributes
    for tag in (_TAGS if nested else _OPENING).finditer(source):
        start, end = tag.span()
        if end - start > most:
            _attributes(tag["rest"] if tag["name"] else tag["own"], limits)
        if not nested or not (name := tag["name"]) or name.lower() in _FLAT or tag["rest"].endswith("/"):
            continue
        depth = max(0, depth - 1) if tag["close"] else depth + 1
        deepest = max(deepest, depth)
    if deepest > SEEMING * limits.nesting:
        raise over("nesting-limit", "the depth of nested elements", limits.nesting, deepest)


def _attributes(written: str | None, limits: Limits) -> None:
    """Refused where the attributes of an element, as they are written, are too many."""
    if written and len(written) > 2 * limits.attributes:
        count = sum(1 for _ in _ATTRIBUTE.finditer(written))
        if count > limits.attributes:
            raise over("attributes-limit", "the number of attributes of an element", limits.attributes, count)


def tree(source: str, limits: Limits) -> html.HtmlElement:
    """The tree of a page. Refused for what passes a limit or holds no element."""
    scan(source, limits)
    source = _closed(_DECLARATION.sub("", source).replace("\0", ""))
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Refused("no-article", "is HTML without an element in it") from error
    if _deeper(limits.nesting)(root):
        raise over("nesting-limit", "the depth of nested elements", limits.nesting, depth(root))
    return root


@lru_cache(maxsize=16)
def _deeper(nesting: int) -> etree.XPath:
    """Whether elements nest more deeply than so many levels, told without a look at each."""
    return etree.XPath("boolean(" + "/*" * (nesting + 1) + ")")


def _closed(source: str) -> str:
    """A source without a comment that nothing closes: it runs to the end, and costs the parser its length squared."""
    at = source.find("<!--", source.rfind("-->") + 1)
    return source if at < 0 else source[:at]


def depth(root: etree._Element) -> int:
    """How deep elements nest."""
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest
