"""Bodies: the text of a record, in the forms that records have it, as a text and its blocks.

Conventions: words are taken verbatim; HTML, and a body in parts (sections with headlines, elements of a story, the nodes
of an editor), is composed with a blank line between pieces. A title that opens the text is a title there, not its lead. A
text that its maker cut is refused.
"""

# ruff: noqa: SIM905 - names read better as words in a row

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from allegedly.builders.readers import _furniture, _nodes, _values
from allegedly.builders.sources.limits import Limits, Refused, lone_surrogate
from allegedly.builders.text import articles, pieces
from allegedly.builders.text.articles import Piece
from allegedly.schemas.records import Block

_CUT = re.compile(r"\[\+?\s?(\d[\d,.]*) (?:more )?(?:chars|characters)\]\s*\Z")
_KEPT_BACK = re.compile(r"\s*only available in (?:paid|professional|corporate)[\w ,]* plans?\s*\Z", re.I)
#: What stands in place of a text that was taken down.
_TAKEN_DOWN = re.compile(r"\s*\[\s*(?:removed|deleted)(?: by \w+)?\s*\]\s*", re.I)
#: The name of a file or an address, where a text may stand: of a document kept elsewhere.
_NAME = re.compile(
    r"(?:https?|ftp|file|s3|gs)://\S+|[\w./\\-]+\.(?:txt|html?|json|xml|pdf|docx?|md|csv|gz|warc|tsv|rtf)", re.I
)
#: Names that parts of a body have, and nothing else: what has another is a record.
_PART = frozenset(
    """
    type subtype kind tag role level style class text content value html bodyhtml bodytext paragraph paragraphs
    headline heading items list_type additional_properties _id context qas language base
    """.split()
)
_WORDS = ("bodyHtml", "html", "text", "content", "paragraph", "value", "bodyText", "bodyTextSummary", "context")
#: The forms in which one text stands in an object, the best first, and what else is said there of the text alone.
_FORMS = (
    "rendered",
    "processed",
    "html",
    "value",
    "text",
    "plain",
    "content",
    "raw",
    "#text",
    "$t",
    "__cdata",
    "__html",
)
_OF_FORMS = frozenset("protected format summary type mimetype contenttype language lang base encoding".split())
_HEADINGS = ("header", "heading", "headline", "h1", "h2", "h3", "h4", "subheading", "interstitial")


def is_text(value: Any) -> bool:
    """Whether a value can be an article's text: words, a list of paragraphs, or a body in parts."""
    if isinstance(value, str):
        return bool(value.strip()) and not (len(value) < 300 and _NAME.fullmatch(value.strip()))
    if isinstance(value, dict):
        return isinstance(value.get("sections"), list) or _form(value) is not None or _nodes.is_tree(value)
    if not isinstance(value, list) or not value:
        return False
    parts = all(isinstance(item, str) or (isinstance(item, dict) and _is_part(item)) for item in value)
    return parts or _nodes.is_tree(value)


def _is_part(item: Mapping[str, Any]) -> bool:
    words = any(name in item and not isinstance(item[name], dict | list) for name in _WORDS)
    return (words or "paragraphs" in item) and all(str(name).lower() in _PART for name in item)


def _form(value: Mapping[str, Any]) -> str | None:
    """The best form of a text in an object that holds nothing else; None for any other object."""
    if not all(name in _FORMS or str(name).lower().replace("_", "") in _OF_FORMS for name in value):
        return None
    forms = [form for name in _FORMS if isinstance(form := value.get(name), str)]
    return next((form for form in forms if form.strip()), next(iter(forms), None))


def body(value: Any, title: str | None, limits: Limits) -> tuple[str, tuple[Block, ...]]:
    """The text that a value is, and its blocks. Refused where it holds no words, or was cut."""
    value = _nodes.unpacked(value, limits)
    words = _words(value)
    if words is None:
        text, blocks = articles.compose(_parts(value, limits))
        checked(text)
    else:
        checked(words)
        refuse_cut(words)
        if pieces.holds_html(words):
            text, blocks = articles.compose(_furniture.marked(pieces.pieces(words, limits)))
            if not text:
                raise Refused("no-article", "has a text that is HTML without words")
        else:
            text, blocks = words, pieces.paragraphs(words)
    if not text.strip():
        raise Refused("no-article", "has a text without words")
    return text, titled(text, blocks, title)


def _words(value: Any) -> str | None:
    """The words of a value that has them in one piece; None for a body in parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _form(value)
    return "\n\n".join(value) if all(isinstance(item, str) for item in value) else None


def refuse_cut(words: str) -> None:
    """Refused for a text of which its maker gives the beginning only, or a note that it is not there."""
    if cut := _CUT.search(words[-60:]):
        reason = f"holds only the beginning of its text, {cut[1]} characters were cut off; fetch the article itself"
        raise Refused("truncated", reason, missing=cut[1])
    if _TAKEN_DOWN.fullmatch(words[:100]):
        raise Refused("no-article", f"holds {words.strip()} in place of its text, which was taken down")
    if _KEPT_BACK.match(words[:100]):
        raise Refused(
            "truncated", "holds a note in place of its text, that it is for those who pay; fetch the article itself"
        )


def _parts(value: Any, limits: Limits) -> list[Piece]:
    """The pieces of a body in parts."""
    read = _nodes.parts(value, limits) if _nodes.is_tree(value) else _of_parts(value, limits, "paragraph")
    return _furniture.marked(
        articles.led((kind if kind != "lead" else "paragraph", words) for kind, words in list(read))
    )


def _of_parts(value: Any, limits: Limits, kind: str) -> Iterator[Piece]:
    if isinstance(value, str):
        body = pieces.pieces(value, limits) if kind == "paragraph" else [(kind, _values.first_line(value) or "")]
        yield from body
    elif isinstance(value, list):
        for item in value:
            yield from _of_parts(item, limits, kind)
    elif isinstance(value, dict):
        yield from _of_parts(value.get("summary"), limits, "subtitle")
        yield from _of_parts(value.get("headline"), limits, "heading")
        own = "heading" if str(value.get("type") or value.get("tag")).lower() in _HEADINGS else kind
        for name in ("sections", "paragraphs", "items"):
            yield from _of_parts(value.get(name), limits, kind)
        yield from _of_parts(
            next((value[name] for name in _WORDS if isinstance(value.get(name), str)), None), limits, own
        )


def titled(text: str, blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """The blocks of a text, its first line a title where it is the record's title, and the next paragraph its lead."""
    if not title or not blocks or blocks[0].kind not in ("lead", "heading", "paragraph"):
        return blocks
    first, *others = blocks
    line, _, after = text[first.start : first.end].partition("\n")
    if _values.letters(line) != _values.letters(title) or not (others or after.strip()):
        return blocks
    opening = Block(kind="title", start=first.start, end=first.start + len(line.rstrip()))
    if after.strip():
        others.insert(0, Block(kind="paragraph", start=first.end - len(after.lstrip()), end=first.end))
    if not any(block.kind == "lead" for block in others):
        lead = next((number for number, block in enumerate(others) if block.kind == "paragraph"), None)
        others = [replace(block, kind="lead") if number == lead else block for number, block in enumerate(others)]
    return opening, *others


def checked(words: str) -> None:
    """Refused for text that no encoding can hold."""
    try:
        words.encode()
    except UnicodeEncodeError:
        raise lone_surrogate() from None
