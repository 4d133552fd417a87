"""SFU Review: speculation in product reviews, cues and their scopes, in XML of tokens.

Maps: each speculation cue is a speculation; its scope is all scopes that refer to it, and a scope that refers to
several cues is that of each. The cue is no part of its scope here, other than in BioScope: strip the cue before you
compare. A cue without a scope has an empty one. Articles are reviews, sections their domains, blocks their paragraphs,
sentences the corpus's. The corpus has no splits.
Does not map: the tokens come without their spacing, so the text is set anew (no space before closing punctuation and
clitics); kind, certainty, holder (null). The ledger counts negation cues, scopes that refer to no cue, and marked words
without a cue (``<C>``), a line a review.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    Page,
    detokenised,
    files,
    not_this_corpus,
    record,
    rejected,
    shifted,
    united,
)
from allegedly.schemas.records import Annotator, Labels, Record, Rejected, Span, Speculation

LICENCE = "GPL-3.0-or-later"
CITATION = (
    "Konstantinova, de Sousa, Cruz, Maña, Taboada, Mitkov (2012): A review corpus annotated for negation, speculation and "
    "their scope. LREC 2012."
)
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "sfu-review"
CREATORS = "expert-generated"
LANGUAGE = "en"

ANNOTATOR = Annotator(id="sfu-review", kind="import", name="SFU Review")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Reviews of one file, one domain, or the folder of domains."""
    sources = [file for file in files(path, SCHEME, "application/xml", "**/*.xml") if _is_one(file)]
    if not sources:
        raise not_this_corpus(path, "XML files with <SENTENCE> and <W>, in folders such as BOOKS and CARS")
    for file in sources:
        yield from _review(file)


def _is_one(file: File) -> bool:
    head = file.data()[: 1 << 16]
    return b"<SENTENCE>" in head and b"<W>" in head


@dataclass(slots=True)
class Sentence:
    """Tokens of a sentence; cues and scopes as ranges of tokens."""

    words: list[str] = field(default_factory=list)
    cues: list[tuple[str, str, int, int]] = field(default_factory=list)
    scopes: list[tuple[list[str], int, int]] = field(default_factory=list)
    marked: int = 0


def _review(file: File) -> Iterator[Record | Rejected]:
    try:
        root = etree.fromstring(file.data(), _parser())
    except etree.XMLSyntaxError as error:
        yield rejected(file.origin(), "broken-xml", f"Not XML: {error.msg}.")
        return
    page, labels = Page(), list[Speculation]()
    dropped: Counter[str] = Counter()
    for paragraph in root.iter("P"):
        if paragraph.find("SENTENCE/W") is not None or paragraph.find(".//W") is not None:
            page.block("paragraph" if page.blocks else "lead")
        for element in paragraph.iter("SENTENCE"):
            sentence = Sentence()
            _walk(element, sentence)
            if sentence.words:
                text, spans = detokenised(sentence.words)
                offset = page.sentence(text).start
                labels.extend(_speculations(sentence, [Span(s + offset, e + offset) for s, e in spans]))
                dropped.update(_dropped(sentence))
    if not page.sentences:
        yield rejected(file.origin(), "no-text", "A review without a sentence.")
        return
    for rule, count in sorted(dropped.items()):
        yield rejected(file.origin(), rule, _REASONS[rule], count=count)
    yield record(
        Annotated(
            text=page.text,
            origin=file.origin(),
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: Labels(speculations=tuple(labels))},
            scheme=SCHEME,
            metadata=Metadata(
                source_id=f"{file.path.parent.name}/{file.path.stem}",
                language=LANGUAGE,
                section=file.path.parent.name,
            ),
        )
    )


_REASONS = {
    "negation": "Cues of negation and their scopes: no layer holds them.",
    "scope-without-cue": "A scope that refers to no cue of its sentence.",
    "marked-word": "A word marked without being made a cue.",
}


def _walk(element: Any, sentence: Sentence) -> None:
    start = len(sentence.words)
    for child in element:
        if child.tag == "W":
            word = "".join((child.text or "").split())
            if word:
                sentence.words.append(word)
        else:
            _walk(child, sentence)
    end = len(sentence.words)
    if element.tag == "cue" and end > start:
        sentence.cues.append((element.get("ID", ""), element.get("type", ""), start, end))
    elif element.tag == "xcope" and end > start:
        refs = [cue for ref in element.findall("ref") for cue in (ref.get("SRC") or "").split()]
        sentence.scopes.append((refs, start, end))
    elif element.tag == "C" and element.find(".//cue") is None:
        sentence.marked += 1


def _speculations(sentence: Sentence, spans: list[Span]) -> Iterator[Speculation]:
    def part(start: int, end: int) -> tuple[int, int]:
        return spans[start].start, spans[end - 1].end

    for name, kind, start, end in sentence.cues:
        if kind == "speculation":
            scopes = [part(first, last) for refs, first, last in sentence.scopes if name in refs]
            yield Speculation(cue=shifted([part(start, end)], 0), scope=united(scopes))


def _dropped(sentence: Sentence) -> Counter[str]:
    cues = {name: kind for name, kind, _, _ in sentence.cues}
    return +Counter(
        {
            "negation": sum(kind == "negation" for _, kind, _, _ in sentence.cues),
            "scope-without-cue": sum(not any(ref in cues for ref in refs) for refs, _, _ in sentence.scopes),
            "marked-word": sentence.marked,
        }
    )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
