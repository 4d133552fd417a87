"""brat standoff in general: text files with a file of annotations beside each.

Maps: mentions, events and relations named after our layers and parts (Claim; Speculation, Hedge, Scope; Source, Speaker,
Cue, Content, Quote; the table is ``NAMES`` in ``_marks.py``). The roles of an event are the parts of one label; its
trigger is the cue, or the extent, where no role is. A relation between two mentions of one layer joins them to one label;
relations and roles named Claimer, Holder and Parent are those links. Attributes named as ours take our values
(``Certainty E1 probable``, ``Negated E1``). A layer is annotated where any document of the folder has something of it.
Documents are named by their path, splits are folders named train, dev or test, sentences are ours.
Against a release (`allegedly import brat FILES|FOLDERS --against RELEASE --by WHO --out DIR`): what `allegedly export brat` wrote
comes home label for label, with what people changed; files of others too, if their texts are the release's. A text that was
changed, and what has no place in labels, is told with file and line, and its article is not taken.
Does not map: names outside the table, notes and normalisations: a ledger line each. One annotator a document: several
files of annotations for one text are PolNeAR's way, read those with ``polnear``.
"""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from allegedly.builders.annotations import given
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.kept import Kept
from allegedly.builders.annotations.standoff import ARTICLES, NOTE, ROLES, shown
from allegedly.builders.importers import _brat
from allegedly.builders.importers._brat_marks import marked_of
from allegedly.builders.importers._brought import Brought, beside, settled
from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    files,
    not_this_corpus,
    paragraphs,
    record,
    rejected,
)
from allegedly.builders.importers._marks import Marked, Scheme, labels, plain
from allegedly.builders.text.articles import article
from allegedly.schemas import strict_json
from allegedly.schemas.records import LAYERS, Annotator, Problem, Record, Rejected
from allegedly.schemas.schema import shortened

LICENCE = "that of your corpus"
CITATION = (
    "that of your corpus; the format: Stenetorp et al. (2012): brat: a Web-based Tool for NLP-Assisted Text Annotation."
)
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "brat"

ANNOTATOR = Annotator(id="brat", kind="import", name="brat standoff")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Documents of a folder, or the one text file that is named."""
    texts = [file for file in files(path, SCHEME, "text/plain", "**/*.txt") if _beside(file).path.is_file()]
    if not texts:
        raise not_this_corpus(path, "text files *.txt with annotations *.ann of the same name beside them")
    scheme = Scheme()
    for text in texts:
        scheme.add(marked_of(_brat.parse(_beside(text).text()), text.text()))
    for text in texts:
        yield from _document(text, scheme)


def _beside(file: File) -> File:
    path = file.path.with_suffix(".ann")
    return File(path, file.name.removesuffix(".txt") + ".ann", file.reader, file.media_type)


def _document(file: File, scheme: Scheme) -> Iterator[Record | Rejected]:
    text = file.text()
    ann = _beside(file)
    standoff = _brat.parse(ann.text())
    marked = marked_of(standoff, text)
    settled = labels(marked, scheme)
    for name, rule, reason in marked.dropped:
        yield rejected(ann.origin(), rule, reason, id=name)
    for line in standoff.broken:
        yield rejected(ann.origin(), "broken-line", "A line that is no brat standoff.", line=line)
    if not text.strip():
        yield rejected(file.origin(), "no-text", "A text without words.")
        return
    blocks = tuple(paragraphs(text))
    whole = article(text, file.origin(), blocks=blocks)
    yield record(
        Annotated(
            text=text,
            origin=file.origin(),
            blocks=blocks,
            sentences=whole.sentences,
            labels={ANNOTATOR: settled},
            scheme=SCHEME,
            split=file.split(),
            metadata=Metadata(
                source_id=file.name.partition("/")[2].removesuffix(".txt") or file.path.stem,
                language=whole.language,
            ),
        )
    )


#: No file says what somebody looked at.
SUBMITTED = False
OPTIONS = given.APPROVED


def annotations(path: Path, articles: Articles) -> Iterator[Given | Problem | Note]:
    """The labels of each file of annotations of a folder, or of the one that is named."""
    found: list[tuple[Brought, list[Note]]] = []
    tables: dict[Path, dict[str, tuple[str, ...]]] = {}
    for file in given.files(path, "*.ann"):
        if isinstance(file, Problem):
            yield file
            continue
        file = file.with_suffix(".ann") if file.suffix == ".txt" else file
        if file.parent not in tables:
            tables[file.parent] = {}
            yield from _said(file.parent / ARTICLES, tables[file.parent])
        for item in _brought(file, articles, tables[file.parent]):
            if isinstance(item, Problem):
                yield item
            else:
                found.append(item)
    scheme = Scheme()
    for brought, _ in found:
        scheme.add(brought.marked)
    for brought, notes in found:
        yield from notes
        yield from settled(brought, scheme, shown)


def _said(file: Path, layers: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Fills in which layers of each article an export says to be annotated."""
    text = given.text(file) if file.is_file() else ""
    if isinstance(text, Problem):
        yield text
        return
    for number, line in enumerate(text.split("\n"), 1):
        try:
            value = strict_json.loads(line) if line.strip() else None
            if value is not None:
                layers[str(value["article_id"])] = tuple(layer for layer in LAYERS if layer in value["layers"])
        except (ValueError, TypeError, LookupError):
            expected = "an object with `article_id` and `layers`, as the export wrote it"
            yield Problem(file=str(file), line=number, found="a line that is none", expected=expected)


def _brought(
    file: Path, articles: Articles, layers: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Brought, list[Note]] | Problem]:
    """What a file of annotations says of its article, with its notes by people; or what is wrong with it."""
    text, shown_as = given.verbatim(file), str(file)
    if isinstance(text, Problem):
        yield text
        return
    standoff = _brat.parse(text)
    kept, notes, wrong = _notes(standoff, shown_as)
    for line in standoff.broken:
        expected = "a line of brat standoff, each id once"
        wrong.append(
            Problem(file=shown_as, line=line, found="a line that is none, or its id a second time", expected=expected)
        )
    first = next(iter(kept.values()), None)
    named = file.stem if file.stem in articles.by_id or first is None else first.article
    article_ = beside(file.with_suffix(".txt"), articles, named, None if first is None else first.text_sha256, shown_as)
    if isinstance(article_, Problem):
        yield article_
        return
    marked = marked_of(standoff, article_.text)
    marked.dropped = [dropped for dropped in marked.dropped if dropped[1] != "note"]
    if article_.id in layers:
        _tidied(marked, standoff, kept)
    yield from wrong
    if not wrong:
        brought = Brought(
            shown_as, article_, marked, lambda name: standoff.at.get(name.split(" ")[0]), kept, layers.get(article_.id)
        )
        yield brought, notes


def _notes(standoff: _brat.Standoff, file: str) -> tuple[dict[str, Kept], list[Note], list[Problem]]:
    """What an export kept of events, by their ids; notes of people, which labels do not hold; what is broken."""
    kept: dict[str, Kept] = {}
    notes: list[Note] = []
    wrong: list[Problem] = []
    for name, about in standoff.others:
        line = standoff.at.get(name) or 1
        kind, _, rest = about.partition(" ")
        if kind != NOTE:
            notes.append(
                Note(file, line, f"{name} is a note or the like, which labels do not hold: {shortened(about)}")
            )
            continue
        target, _, value = rest.partition("\t")
        try:
            kept[target] = Kept.from_json(strict_json.loads(value))
        except ValueError as error:
            found = f"{name}, a note of the type {NOTE} that is broken: {error}"
            wrong.append(Problem(file=file, line=line, path="note", found=found, expected="it as the export wrote it"))
    return kept, notes, wrong


def _tidied(marked: Marked, standoff: _brat.Standoff, kept: Container[str]) -> None:
    """In a file that we exported: parts that no label has are slips; and what a person did not mark as negated is not."""
    joined = {end for _, source, target in marked.links for end in (source, target)}
    for name, mark in list(marked.marks.items()):
        if name in standoff.mentions and mark.name in ROLES.values() and name not in joined:
            marked.dropped.append((name, "loose", f"A {mark.name} that no label has."))
    said = {name for name, key, _ in marked.attributes if plain(key) in ("negated", "negation")}
    for name, (layer, _) in marked.places().items():
        if layer == "attributions" and name in standoff.links and name not in said and name not in kept:
            marked.attributes.append((name, "negated", "false"))
