"""The XML of Szeged (BioScope, CoNLL-2010): documents of parts of sentences, cues and scopes marked inside them.

Conventions: cues of one ``ref`` are one cue, contiguous or not; a scope holds its cue. A ``ccue`` is a cue of a corpus
without scopes: its scope is null. Where no sentence of a file has scopes, none of its cues has. Negation is no layer
of ours: the ledger counts its cues, document by document. XML is read without entities, document types or network.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from allegedly.builders.importers._corpus import Annotated, File, Metadata, Page, record, rejected, shifted
from allegedly.schemas.records import Annotator, Labels, Record, Rejected, Speculation

#: Kinds of blocks for types of document parts; a part without one is a paragraph, the first of them the lead.
KINDS = {"Title": "title", "SectionTitle": "heading", "SubSectionTitle": "heading"} | dict.fromkeys(
    ("FigureLegend", "TableLegend"), "caption"
)


_REASONS = {
    "negation": "Cues of negation and their scopes: no layer holds them.",
    "uncertain-without-cue": "Sentences called uncertain in which no cue is marked: a speculation has a cue.",
}


@dataclass(slots=True)
class Marks:
    """What is marked in one sentence: spans of cues by reference and type, spans of scopes by id."""

    text: str = ""
    cues: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    scopes: dict[str, tuple[int, int]] = field(default_factory=dict)


def marks(sentence: Any) -> Marks:
    """The words of a sentence element, with cues and scopes."""
    marked = Marks()
    _walk(sentence, marked)
    return marked


def _walk(element: Any, marks: Marks) -> None:
    start = len(marks.text)
    marks.text += element.text or ""
    for child in element:
        if isinstance(child.tag, str):  # neither a comment nor an instruction
            _walk(child, marks)
        marks.text += child.tail or ""
    span = (start, len(marks.text))
    if element.tag == "xcope":
        marks.scopes[element.get("id", "")] = span
    elif element.tag == "cue":
        marks.cues.setdefault((element.get("ref", ""), element.get("type", "speculation")), []).append(span)
    elif element.tag == "ccue":
        marks.cues[f"ccue {len(marks.cues)}", "speculation"] = [span]


def documents(file: File, *, scheme: str, annotator: Annotator, split: str | None) -> Iterator[Record | Rejected]:
    """The documents of one file. A file that is no XML, and a document without sentences, is a ledger line."""
    numbered = 0
    try:
        for _, element in etree.iterparse(
            str(file.path), tag="Document", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            yield from _document(file, element, numbered, scheme=scheme, annotator=annotator, split=split)
            numbered += 1
            element.clear()
    except etree.XMLSyntaxError as error:
        yield rejected(file.origin(), "broken-xml", f"Not XML after document {numbered}: {error.msg}.")


def _document(
    file: File, element: Any, number: int, *, scheme: str, annotator: Annotator, split: str | None
) -> Iterator[Record | Rejected]:
    page, cues = Page(), list[Speculation]()
    dropped: Counter[str] = Counter()
    for kind, sentences in _parts(element):
        page.block(kind)
        for sentence in sentences:
            marked = marks(sentence)
            offset = page.sentence(marked.text).start
            cues.extend(_speculations(marked, offset))
            dropped.update(kind for _, kind in marked.cues if kind != "speculation")
            if sentence.get("certainty") == "uncertain" and not marked.cues:
                dropped["uncertain-without-cue"] += 1
    origin = file.origin(number)
    if not page.sentences:
        yield rejected(origin, "no-text", "A document without a sentence.")
        return
    for rule, count in sorted(dropped.items()):
        yield rejected(origin, rule, _REASONS.get(rule, f"Cues of type {rule}: no layer holds them."), count=count)
    yield record(
        Annotated(
            text=page.text,
            origin=origin,
            blocks=page.blocks,
            sentences=page.sentences,
            labels={annotator: Labels(speculations=tuple(cues))},
            scheme=scheme,
            split=split,
            metadata=Metadata(
                source_id=(element.findtext("DocID") or "").strip() or None,
                title=_title(page),
                language="en",
            ),
        )
    )


def _parts(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """Blocks of a document: kind and sentence elements. Sentences outside any part are one more."""
    lead = "lead"
    loose = document.findall("sentence")
    for part in [*document.iter("DocumentPart"), *([None] if loose else [])]:
        sentences = loose if part is None else [s for s in part.findall("sentence") if marks(s).text.strip()]
        kind = KINDS.get("" if part is None else part.get("type", ""), lead)
        if sentences:
            yield kind, sentences
            lead = "paragraph" if kind == lead else lead


def _title(page: Page) -> str | None:
    block = page.blocks[0]
    return " ".join(page.text[block.start : block.end].split()) if block.kind == "title" else None


def _speculations(marks: Marks, offset: int) -> Iterator[Speculation]:
    for (ref, kind), spans in marks.cues.items():
        if kind == "speculation":
            scope = marks.scopes.get(ref)
            has_scopes = not ref.startswith("ccue ")
            yield Speculation(
                cue=shifted(sorted(set(spans)), offset),
                scope=(shifted([scope], offset) if scope else ()) if has_scopes else None,
            )


def is_szeged(path: Path, *marks: bytes) -> bool:
    """Whether a file looks like this XML: one of the marks stands in its first 64 kB."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return any(mark in head for mark in marks)
