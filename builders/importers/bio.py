"""CoNLL-style columns with BIO tags: a token a line, a blank line between sentences.

Maps: every column whose values are all ``O``, ``_`` or tags such as ``B-source`` and ``I-source`` (also IOB1, BIOES, BILOU)
is read; a run of one type is a part, by the names of ``_marks.py`` (source, speaker, cue, content, quote, claim, hedge,
speculation, scope). ``cue`` is that of an attribution, or of a speculation where the files have neither source nor
content. The token is the first column that is no number. A line ``-DOCSTART-``, ``# newdoc id = NAME`` or
``#doc NAME`` begins a document, else a file is one. Splits are files or folders named train, dev or test.
Does not map: such columns link nothing, so each part is a label of its own and its other parts are null; a part that
goes on in another sentence is two. The tokens come without their spacing: they are set a space apart. Types outside the
table are counted in the ledger, a line a document and type.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    Page,
    files,
    not_this_corpus,
    record,
    rejected,
    shifted,
    tokens,
)
from allegedly.builders.importers._marks import NAMES, Mark, Marked, Scheme, labels, plain
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import Annotator, Record, Rejected

LICENCE = "that of your corpus"
CITATION = "that of your corpus; the tags: Ramshaw, Marcus (1995): Text Chunking using Transformation-Based Learning."
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "bio"

ANNOTATOR = Annotator(id="bio", kind="import", name="BIO columns")
_TAG = re.compile(r"O|_|([BIESLU])-(\S+)")
_DOCUMENT = re.compile(r"-DOCSTART-|#\s*(?:newdoc(?:\s+id)?|doc(?:_id)?)\b\s*[=:]?\s*(\S.*)?")


@dataclass(slots=True)
class Document:
    """Sentences of rows; a row is the columns of a token."""

    name: str | None
    sentences: list[list[list[str]]] = field(default_factory=list)


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of one file, or of all files *.conll, *.bio, *.tsv, *.txt below a folder."""
    sources = [
        (file, documents)
        for file in files(path, SCHEME, "text/plain", "**/*.conll", "**/*.bio", "**/*.tsv", "**/*.txt")
        if _columns(documents := _documents(file))
    ]
    if not sources:
        raise not_this_corpus(path, "files of columns, a token a line, with a column of tags such as O, B-cue, I-cue")
    types = {kind for _, documents in sources for document in documents for kind in _types(document)}
    scheme = Scheme()
    marked = {
        (file.name, number): _marked(document, _columns(documents), types)
        for file, documents in sources
        for number, document in enumerate(documents)
    }
    for _, marks in marked.values():
        scheme.add(marks)
    for file, documents in sources:
        for number, document in enumerate(documents):
            page, marks = marked[file.name, number]
            yield from _article(file, number if len(documents) > 1 else None, document, page, marks, scheme)


def _documents(file: File) -> list[Document]:
    """The documents of a file; none where it is not text."""
    try:
        lines = file.text().split("\n")
    except DataError:
        return []
    out = [Document(None)]
    sentence: list[list[str]] = []
    for line in [*lines, ""]:
        line = line.rstrip("\r")
        start = _DOCUMENT.match(line)
        if (start or not line.strip()) and sentence:
            out[-1].sentences.append(sentence)
            sentence = []
        if start:
            out.append(Document((start[1] or "").strip() or None))
        elif line.strip() and not line.startswith("# "):
            sentence.append(line.split("\t") if "\t" in line else line.split())
    return [document for document in out if document.sentences]


def _columns(documents: list[Document]) -> list[int]:
    """The columns of tags: nothing but tags, and one that begins or holds a part."""
    rows = [row for document in documents for sentence in document.sentences for row in sentence]
    width = min((len(row) for row in rows), default=0)
    return [
        column
        for column in range(1, width)
        if all(_TAG.fullmatch(row[column]) for row in rows) and any("-" in row[column] for row in rows)
    ]


def _types(document: Document) -> set[str]:
    return {
        plain(tag[2])
        for sentence in document.sentences
        for row in sentence
        for c in row[1:]
        if (tag := _TAG.fullmatch(c)) and tag[2]
    }


def _word(row: list[str]) -> str:
    return next((column for column in row if not column.isdigit()), row[0]) if len(row) > 2 else row[0]


def _marked(document: Document, columns: list[int], types: set[str]) -> tuple[Page, Marked]:
    page, out, unknown = Page(), Marked(), Counter[str]()
    for sentence in document.sentences:
        text, spans = tokens([_word(row) for row in sentence])
        offset = page.sentence(text).start
        for column in columns:
            for kind, first, last in _runs([row[column] for row in sentence]):
                part = shifted([(spans[first].start, spans[last - 1].end)], offset)
                name = (
                    "hedge" if plain(kind) == "cue" and not types & {"source", "speaker", "content", "quote"} else kind
                )
                out.marks[f"{len(out.marks)}"] = Mark(name, part)
                unknown[kind] += plain(kind) not in NAMES
    for kind, count in sorted(unknown.items()):
        if count:
            out.dropped.append((kind, "unknown-type", f"No layer has anything named {kind!r}: {count} of them."))
    out.marks = {name: mark for name, mark in out.marks.items() if plain(mark.name) in NAMES}
    return page, out


def _runs(tags: list[str]) -> Iterator[tuple[str, int, int]]:
    """Runs of one type: what begins with B, S or U, or follows another type; E and L end one."""
    kind, start = None, 0
    for place, tag in enumerate([*tags, "O"]):
        match = _TAG.fullmatch(tag)
        letter, following = (match[1], match[2]) if match else (None, None)
        if kind is not None and (following != kind or letter in ("B", "S", "U")):
            yield kind, start, place
            kind = None
        if following is not None and kind is None:
            kind, start = following, place
        if letter in ("E", "L", "S", "U") and kind is not None:
            yield kind, start, place + 1
            kind = None


def _article(
    file: File, number: int | None, document: Document, page: Page, marks: Marked, scheme: Scheme
) -> Iterator[Record | Rejected]:
    origin = file.origin(number)
    settled = labels(marks, scheme)
    for name, rule, reason in marks.dropped:
        yield rejected(origin, rule, reason, type=name)
    yield record(
        Annotated(
            text=page.text,
            origin=origin,
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: settled},
            scheme=SCHEME,
            split=file.split(by_name=True),
            metadata=Metadata(source_id=document.name or (file.path.stem if number is None else None)),
        )
    )
