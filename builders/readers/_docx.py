"""DOCX: the paragraphs of a word processor's document, as a reader of the printed page sees them.

Conventions: deleted, moved away and hidden text is no text, inserted text is; headers, footers, comments, macros and links
are not read. Notes come after the story; a text box comes after the paragraph that holds it.
Source: ISO/IEC 29500-1, WordprocessingML (transitional and strict).
"""

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from allegedly.builders.readers import _xml
from allegedly.builders.readers._paragraphs import Paragraph, of_table, of_words, styled
from allegedly.builders.readers._zipped import Zipped
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text.html_blocks import flat

WHAT = "Word"
_MAIN = "word/document.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
#: Elements whose content nobody sees on the page.
_UNSEEN = frozenset(
    ("del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rt", "rPr", "object", "sectPr", "annotationRef")
)  # fmt: skip
_LETTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "footnoteRef": "", "endnoteRef": ""}
_MATHS = re.compile(r"\{[^}]*/math\}t")
#: So many styles may stand one on the other.
DEEPEST = 20


def paragraphs(data: bytes, limits: Limits) -> list[Paragraph]:
    """The paragraphs of a document, in order. Refused where it is none, is locked, or passes a limit."""
    archive = Zipped(data, WHAT, limits)
    main = _main(archive)
    root = _xml.tree(archive.needed(main), limits)[0]
    body = next((child for child in root if _xml.name(child) == "body"), None)
    if body is None:
        raise Refused("no-article", f"is a {WHAT} document without a body", root=_xml.name(root))
    folder = posixpath.dirname(main)
    document = _Document(_xml.namespace(root), _styles(archive.read(f"{folder}/styles.xml"), limits))
    story = [*document.blocks(body), *of_words("paragraph", document.open)]
    document.open = ""
    for notes in ("footnotes", "endnotes"):
        if source := archive.read(f"{folder}/{notes}.xml"):
            story += document.notes(_xml.tree(source, limits)[0])
    return story


def _main(archive: Zipped) -> str:
    """The name of the member that holds the text."""
    relations = archive.read("_rels/.rels")
    if relations and _MAIN not in archive.members:
        for relation in _xml.tree(relations, archive.limits)[0].iter(_RELATIONS):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return (relation.get("Target") or "").lstrip("/")
    return _MAIN


def _styles(source: bytes | None, limits: Limits) -> dict[str, tuple[str, int | None]]:
    """What the styles of a document make of a paragraph, by their ids; a style stands on another."""
    own: dict[str, tuple[str, int | None] | None] = {}
    based: dict[str, str] = {}
    for style in _xml.tree(source, limits)[0] if source else ():
        key = _attribute(style, "styleId")
        if _xml.name(style) != "style" or not key:
            continue
        own[key] = styled(_value(style, "name") or key) or _outlined(style)
        based[key] = _value(style, "basedOn") or ""
    kinds = {}
    for key in own:
        here = key
        for _ in range(DEEPEST):
            if kind := own.get(here):
                kinds[key] = kind
                break
            here = based.get(here, "")
    return kinds


def _attribute(element: etree._Element, key: str) -> str | None:
    """An attribute of WordprocessingML, whatever its namespace is."""
    return next((str(value) for name, value in element.attrib.items() if str(name).rpartition("}")[2] == key), None)


def _value(element: etree._Element, name: str) -> str | None:
    """The value of the first element of a name below an element."""
    inner = _xml.first(element, name)
    return None if inner is None else _attribute(inner, "val")


def _outlined(element: etree._Element) -> tuple[str, int | None] | None:
    """A heading, by its level in the outline; the level of body text is 9."""
    level = _value(element, "outlineLvl") or ""
    return ("heading", int(level) + 1) if level.isdigit() and int(level) < 9 else None


def _on(properties: etree._Element | None, name: str) -> bool:
    """Whether a property is there, and not turned off."""
    found = _xml.children(properties, name)
    return bool(found) and _attribute(found[0], "val") not in ("0", "false", "off")


class _Document:
    """A document's namespace and styles, and the walk through it."""

    def __init__(self, space: str, styles: dict[str, tuple[str, int | None]]) -> None:
        self.space, self.styles = space, styles
        self.boxes: list[Paragraph] = []
        self.names: dict[str, str] = {}
        #: Words of paragraphs whose end was deleted: they go on in the next.
        self.open = ""

    def blocks(self, parent: etree._Element) -> Iterator[Paragraph]:
        """The paragraphs below an element, those of tables and content controls too."""
        for child in parent:
            name = self._own(child)
            if name == "p":
                yield from self._paragraph(child)
                boxes, self.boxes = self.boxes, []
                yield from boxes
            elif name == "tbl":
                rows = [
                    [list(self.blocks(cell)) for cell in self._inner(row, "tc")] for row in self._inner(child, "tr")
                ]
                yield from of_table(rows)
            elif name == "sdt" and _is_contents(child):
                continue
            elif name not in _UNSEEN and name not in ("pPr", "sdtPr"):
                yield from self.blocks(child)

    def notes(self, root: etree._Element) -> Iterator[Paragraph]:
        """The notes at the foot of pages; the lines that part them from the text are none."""
        for note in root:
            if self._own(note) in ("footnote", "endnote") and _attribute(note, "type") is None:
                yield from (part._replace(kind="boilerplate", aside=True) for part in self.blocks(note))

    def _own(self, element: etree._Element) -> str:
        """The name of an element of WordprocessingML, and of what may stand around such; else that with its prefix."""
        tag = element.tag if isinstance(element.tag, str) else ""
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = self._named(tag)
        return name

    def _named(self, tag: str) -> str:
        if _MATHS.fullmatch(tag):
            return "t"
        space, _, name = tag.rpartition("}")
        return name if space[1:] == self.space or name in ("Fallback", "AlternateContent", "Choice") else tag

    def _inner(self, parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
        """The rows of a table, the cells of a row, in content controls and insertions too."""
        for child in parent:
            name = self._own(child)
            if name == wanted:
                properties = _xml.children(child, "trPr", "tcPr")
                if not any(_on(part, "del") or _on(part, "cellDel") for part in properties):
                    yield child
            elif name in ("sdt", "sdtContent", "customXml", "ins"):
                yield from self._inner(child, wanted)

    def _paragraph(self, element: etree._Element) -> Iterator[Paragraph]:
        properties = _xml.child(element, "pPr")
        words = self.open + "".join(self._words(element))
        mark = _xml.child(properties, "rPr")
        self.open = words if _on(mark, "del") or _on(mark, "moveFrom") else ""
        if not self.open:
            kind, level = self._kind(properties)
            yield from of_words(kind, words, level)

    def _kind(self, properties: etree._Element | None) -> tuple[str, int | None]:
        if properties is None:
            return "paragraph", None
        style = next((_attribute(child, "val") for child in _xml.children(properties, "pStyle")), None)
        kind = _outlined(properties) or self.styles.get(style or "") or styled(style or "")
        numbered = _xml.children(properties, "numPr")
        return kind or ("list" if numbered and _value(numbered[0], "numId") != "0" else "paragraph", None)

    def _words(self, element: etree._Element) -> Iterator[str]:
        """The words of a paragraph; boxes in it are put aside."""
        for child in element:
            name = self._own(child)
            if name == "t":
                yield flat(child.text or "")
            elif name in _LETTERS:
                yield _LETTERS[name]
            elif name == "sym":
                code = _attribute(child, "char") or ""
                yield chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) and code[0] not in "FfDd" else ""
            elif name == "txbxContent":
                self._box(child)
            elif name == "r":
                yield (
                    ""
                    if any(_on(part, "vanish") for part in _xml.children(child, "rPr"))
                    else "".join(self._words(child))
                )
            elif name not in _UNSEEN:
                yield from self._words(child)

    def _box(self, element: etree._Element) -> None:
        held, self.open = self.open, ""
        boxes, self.boxes = self.boxes, []
        inner = [part._replace(aside=True) for part in self.blocks(element)]
        self.boxes = [*boxes, *inner]
        self.open = held


def _is_contents(element: etree._Element) -> bool:
    """Whether a content control is a table of contents."""
    properties = _xml.child(element, "sdtPr")
    gallery = "" if properties is None else _value(properties, "docPartGallery") or ""
    return "contents" in gallery.lower()
