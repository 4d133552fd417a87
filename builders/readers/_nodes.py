"""Nodes: a text as editors keep it, a tree of paragraphs, headings and spans, as pieces.

Conventions: a node says its type (``type``, ``_type``, ``nodeType``, ``blockName``), holds words or other nodes, and may
wrap either (``data``, ``model``, ``attrs``). Spans in a row are one piece. Of pictures and embedded things only the
caption is read. A text may be such a tree written as JSON.
Source: ProseMirror and TipTap, Contentful, Slate, Lexical, Draft.js, Editor.js, Portable Text, Prismic, Gutenberg, Quill.
"""

# ruff: noqa: SIM905 - names read better as words in a row

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeAlias

from allegedly.builders.readers import _json
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import pieces
from allegedly.builders.text.articles import Piece

Node: TypeAlias = Mapping[str, Any]
_TYPES = ("type", "_type", "nodeType", "blockName")
_WRAPPERS = ("data", "model", "attrs", "attributes")
_CHILDREN = ("content", "children", "nodes", "blocks", "items", "innerBlocks")
_WORDS = ("text", "value", "innerHTML", "content", "html")
#: Types of whole trees, and names under which one may lie.
_ROOTS = frozenset("doc document root".split())
_LINES = frozenset("paragraph p unstyled block normal text".split())
_HEADING = re.compile(r"(?:sub)?(?:heading|header|headline)[\w-]*|h[1-6]|interstitial")
_QUOTE = re.compile(r"block-?quote|pull-?quote|quote")
_ITEM = re.compile(r"(?:(?:un)?ordered-?|bullet-?|number-?|o-|check-?)?list-?items?|li")
_LIST = re.compile(r"(?:(?:un)?ordered-?|bullet-?|number-?|check-?)?list|ul|ol")
#: Types of what stands in a line.
_SPANS = frozenset(
    """
    text span link hyperlink a autolink mention hashtag emoji code-text linebreak line-break br hardbreak hard-break
    entry-hyperlink asset-hyperlink resource-hyperlink tab
    """.split()
)
_BREAKS = frozenset("linebreak line-break br hardbreak hard-break".split())
#: Types of what is no text: nothing of theirs is read but a caption.
_OTHER = re.compile(
    r".*(?:image|picture|photo|video|audio|embed|iframe|gallery|advert|oembed|map|asset).*|ad|hr|figure|media"
)
#: Types of what leads elsewhere in the middle of a text.
_ELSEWHERE = re.compile(r"interstitial-link|link-list|(?:related|recommended|promo|newsletter|read-?more)[\w-]*")
_TITLES = ("title", "headline")


def unpacked(value: Any, limits: Limits) -> Any:
    """The tree that a text is when read as JSON; else the value as it is."""
    if not isinstance(value, str) or value[:100].lstrip()[:1] not in ("{", "["):
        return value
    try:
        tree = _json.parsed(value.strip(), limits)
    except Refused:
        return value
    return tree if is_tree(tree) else value


def is_tree(value: Any) -> bool:
    """Whether a value is the text of an editor."""
    if isinstance(value, list):
        return _is_list(value)
    return isinstance(value, dict) and (_is_delta(value) or _is_list(_rooted(value)))


def is_prose(value: Any) -> bool:
    """Whether a value is the text of an editor wherever it stands: messages in parts have spans, and no paragraphs."""
    return is_tree(value) and _has_paragraph(value if isinstance(value, list) else _rooted(value))


def _has_paragraph(nodes: Sequence[Any]) -> bool:
    inner = (node for node in nodes if isinstance(node, dict))
    return any(_type(node) in _LINES - {"text"} or _has_paragraph(_children(node)) for node in inner)


def _rooted(value: Node) -> list[Any]:
    """The nodes of a whole document; none for what is no document."""
    for name in _ROOTS:
        if isinstance(inner := value.get(name), dict) and (nodes := _children(inner)):
            return nodes
    known = _type(value) in _ROOTS or _TYPES[0] not in value
    return _children(value) if known and not any(name in value for name in _TITLES) else []


def _is_list(nodes: Sequence[Any]) -> bool:
    """Whether all are nodes, none a record of its own, and one of them is a paragraph with words."""
    return all(map(_is_node, nodes)) and any(map(_is_paragraph, nodes))


def _is_node(node: Any) -> bool:
    """Whether a value may be a block: it has a type, or holds spans (as Slate has it)."""
    if not isinstance(node, dict) or any(name in node for name in _TITLES):
        return False
    spans = node.get("children")
    return any(name in node for name in _TYPES) or (isinstance(spans, list) and any(map(_is_span, spans)))


def _is_paragraph(node: Node) -> bool:
    kind = _type(node)
    return (not kind or kind in _LINES) and _has_words(node)


def _has_words(node: Any) -> bool:
    """Whether anything is said in a node; looks no further than the first word."""
    if not isinstance(node, dict):
        return isinstance(node, str) and bool(node.strip())
    return bool((_said(_bare(node)) or "").strip()) or any(map(_has_words, _children(node)))


def _is_delta(value: Node) -> bool:
    steps = value.get("ops")
    return isinstance(steps, list) and any(
        isinstance(step, dict) and isinstance(step.get("insert"), str) for step in steps
    )


def parts(value: Any, limits: Limits) -> Iterator[Piece]:
    """The pieces of a tree."""
    if isinstance(value, dict) and _is_delta(value):
        inserted = (step.get("insert") for step in value["ops"] if isinstance(step, dict))
        lines = "".join(words for words in inserted if isinstance(words, str)).split("\n")
        yield from (("paragraph", line) for line in lines)
        return
    for node in value if isinstance(value, list) else _rooted(value):
        for kind, words in _of(node, "paragraph"):
            yield from _read(kind, words, limits)


def _read(kind: str, words: str, limits: Limits) -> Iterator[Piece]:
    """The pieces of words that may hold HTML; one where they are more than a paragraph."""
    if not pieces.holds_html(words):
        yield kind, html.unescape(words)
    elif kind == "paragraph":
        yield from pieces.pieces(words, limits)
    else:
        yield kind, " ".join(inner for _, inner in pieces.pieces(words, limits))


def _of(node: Any, kind: str) -> Iterator[Piece]:
    """The pieces of a node, its spans joined; ``kind`` is that of the node around it."""
    if isinstance(node, list):
        yield "list", " | ".join(filter(None, map(_line, node)))  # a row of a table
    if not isinstance(node, dict):
        yield from [(kind, node)] if isinstance(node, str) else []
        return
    if _ELSEWHERE.fullmatch(_type(node)):
        return
    node, children = _bare(node), _children(node)
    other = _OTHER.fullmatch(_type(node))
    kind = "caption" if other else _kind(node) or kind
    if not other and (not children or isinstance(node.get("items"), list)):
        yield kind, _said(node) or ""
    for inline, group in groupby(children, lambda child: not _LIST.fullmatch(_type(node)) and _is_span(child)):
        if inline:
            yield kind, "".join(map(_line, group))
        else:
            for child in group:
                yield from _of(child, kind)
    if isinstance(caption := node.get("caption"), str):
        yield "caption", caption


def _bare(node: Node) -> Node:
    """A node with what it wraps beside what it says itself."""
    inner = [value for name in _WRAPPERS if isinstance(value := node.get(name), dict)]
    return {name: value for wrapped in [*inner, node] for name, value in wrapped.items()} if inner else node


def _type(node: Node) -> str:
    """The type of a node: lower case, words with ``-`` between, without a maker's name in front."""
    told = next((value for name in _TYPES if isinstance(value := node.get(name), str)), "")
    return _type_name(told)


@lru_cache(maxsize=1024)
def _type_name(told: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", "-", told[:100].rpartition("/")[2]).lower()


def _kind(node: Node) -> str | None:
    """The kind of a block, by its type, its style, or as an item of a list; None where it has none of its own."""
    style = node.get("style")
    named = [_type(node), style.lower() if isinstance(style, str) else ""]
    if node.get("listItem") or any(_ITEM.fullmatch(name) or _LIST.fullmatch(name) for name in named):
        return "list"
    if any(_HEADING.fullmatch(name) for name in named):
        return "heading"
    return "quote" if any(_QUOTE.fullmatch(name) for name in named) else None


def _children(node: Node) -> list[Any]:
    node = _bare(node)
    return next((value for name in _CHILDREN if isinstance(value := node.get(name), list) and value), [])


def _said(node: Node) -> str | None:
    return next((value for name in _WORDS if isinstance(value := node.get(name), str)), None)


def _is_span(node: Any) -> bool:
    """Whether a node stands in a line."""
    if not isinstance(node, dict):
        return False
    kind = _type(node)
    return kind in _SPANS or (not kind and _said(node) is not None and not _children(node))


def _line(node: Any) -> str:
    """The words of a span, and of spans in it."""
    if not isinstance(node, dict):
        return node if isinstance(node, str) else ""
    if _type(node) in _BREAKS:
        return "\n"
    children = _children(node)
    if children:
        return "".join(map(_line, children))
    bare = _bare(node)
    return _said(bare) or (bare["label"] if isinstance(bare.get("label"), str) else "")
