"""ODT: the paragraphs of an OpenDocument text, as a reader of the printed page sees them.

Conventions: deleted and hidden text, comments, headers, footers, tables of contents and links are no text. Notes come
after the story, a text box after the paragraph that holds it. A flat document is one XML file.
Source: OASIS, OpenDocument 1.3, part 3.
"""

# ruff: noqa: SIM905 - names of elements read better as words in a row

import re
from collections.abc import Iterator

from lxml import etree

from allegedly.builders.readers import _xml
from allegedly.builders.readers._paragraphs import Paragraph, of_table, of_words, styled
from allegedly.builders.readers._zipped import Zipped
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text.html_blocks import flat

WHAT = "OpenDocument"
_UNSEEN = frozenset(
    """
    tracked-changes sequence-decls variable-decls user-field-decls dde-connection-decls forms annotation
    table-of-content illustration-index table-index object-index user-index alphabetical-index bibliography note-citation ruby-text
    hidden-text hidden-paragraph page-number page-count object object-ole title desc script
    """.split()
)
_LETTERS = {"tab": " ", "line-break": "\n", "soft-page-break": ""}
DEEPEST = 20


def paragraphs(data: bytes, limits: Limits) -> list[Paragraph]:
    """The paragraphs of a document, in order. Refused where it is none, is locked, or passes a limit."""
    if data[:2] == b"PK":
        archive = Zipped(data, WHAT, limits)
        manifest = archive.read("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest or "encrypted-package" in archive.members:
            raise archive.locked()
        roots = [_xml.tree(archive.needed("content.xml"), limits)[0]]
        if source := archive.read("styles.xml"):
            roots.append(_xml.tree(source, limits)[0])
    else:
        roots = [_xml.tree(data, limits)[0]]
    body = next((child for child in roots[0] if _xml.name(child) == "body"), None)
    kind = next(iter(body), None) if body is not None else None
    if kind is None or _xml.name(kind) != "text":
        what = "empty document" if kind is None else _xml.name(kind)
        raise Refused("no-article", f"is an {WHAT} {what}, where a text was expected", found=what)
    document = _Document(roots)
    return [*document.blocks(kind, "paragraph"), *document.notes]


def _attribute(element: etree._Element, key: str) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).rpartition("}")[2] == key), "")


class _Document:
    """A document's styles, and the walk through it."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self.parents: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.notes: list[Paragraph] = []
        self.boxes: list[Paragraph] = []
        for root in reversed(roots):
            for style in _xml.every(root, "style"):
                name = _attribute(style, "name")
                self.parents[name] = _attribute(style, "parent-style-name")
                if any(_attribute(child, "display") == "none" for child in _xml.children(style, "text-properties")):
                    self.hidden.add(name)

    def blocks(self, parent: etree._Element, kind: str) -> Iterator[Paragraph]:
        """The paragraphs below an element, which are of a kind where no style says more."""
        for child in parent:
            name = _xml.name(child)
            if name in _UNSEEN:
                continue
            if name in ("p", "h"):
                yield from self._paragraph(child, kind)
                boxes, self.boxes = self.boxes, []
                yield from boxes
            elif name == "list":
                yield from self.blocks(child, "list")
            elif name == "table":
                yield from of_table([[list(self.blocks(cell, kind)) for cell in row] for row in self._rows(child)])
            elif name == "text-box":
                yield from (part._replace(aside=True) for part in self.blocks(child, "paragraph"))
            elif name != "note":
                yield from self.blocks(child, kind)

    def _rows(self, table: etree._Element) -> Iterator[list[etree._Element]]:
        """The rows of a table, each its cells; those of a table in a cell are none."""
        for child in table:
            if _xml.name(child) == "table-row":
                yield _xml.children(child, "table-cell")
            elif _xml.name(child) in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._rows(child)

    def _paragraph(self, element: etree._Element, kind: str) -> Iterator[Paragraph]:
        words = "".join(self._words(element))
        told = self._styled(_attribute(element, "style-name"))
        level = None
        if told:
            kind, level = told
        elif _xml.name(element) == "h":
            given = _attribute(element, "outline-level")
            kind, level = "heading", int(given) if given.isdigit() else 1
        yield from of_words(kind, words, level)

    def _styled(self, style: str) -> tuple[str, int | None] | None:
        """What a style makes of a paragraph, or one that it stands on."""
        for _ in range(DEEPEST):
            if not style:
                break
            # a style's name has its blanks as _20_
            if kind := styled(re.sub(r"_([0-9a-f]{2})_", lambda code: chr(int(code[1], 16)), style)):
                return kind
            style = self.parents.get(style, "")
        return None

    def _words(self, element: etree._Element) -> Iterator[str]:
        """The words of a paragraph; notes and boxes in it are put aside."""
        if _attribute(element, "style-name") not in self.hidden:
            yield flat(element.text or "")
            for child in element:
                yield from self._inner(child)
                yield flat(child.tail or "")

    def _inner(self, child: etree._Element) -> Iterator[str]:
        name = _xml.name(child)
        if name in _LETTERS:
            yield _LETTERS[name]
        elif name == "s":
            yield " "
        elif name == "note":
            boxes, self.boxes = self.boxes, []
            for body in _xml.children(child, "note-body"):
                parts = list(self.blocks(body, "paragraph"))
                self.notes += (part._replace(kind="boilerplate", aside=True) for part in parts)
            self.boxes = boxes
        elif name == "text-box":
            boxes, self.boxes = self.boxes, []
            inner = [part._replace(aside=True) for part in self.blocks(child, "paragraph")]
            self.boxes = [*boxes, *inner]
        elif name not in _UNSEEN:
            yield from self._words(child)
