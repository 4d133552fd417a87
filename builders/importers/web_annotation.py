"""W3C Web Annotations: JSON-LD beside the text files that the annotations target.

Maps: an annotation whose body tags it with a name of ours (``NAMES`` in ``_marks.py``: claim, hedge, scope, source, cue,
content ...) is a part; several selectors on one text make it discontinuous. A body with the purpose ``linking`` joins it
to the annotation that it names (its ``source`` or ``id``), into one label where both are of one layer; with the value
claimer, holder or parent it is that link. Other tags ``key=value`` (``worth=check_worthy``, ``negated``) are attributes.
Selectors: TextPositionSelector (code points, half-open, as the recommendation has it), TextQuoteSelector where its words
stand once; both together must agree. Annotators are the creators: the first by id gives the labels, all are votes.
The target's text is the file that its address ends in, beside the annotations or below them. Splits are folders named
train, dev or test, sentences are ours.
Against a release (`allegedly import web-annotation FILES|FOLDERS --against RELEASE --by WHO --out DIR`): what `allegedly export
web-annotation` wrote comes home label for label, with what people changed, whoever they are.
Does not map: names outside the table, other selectors, whole-text targets, replies: a ledger line each.
Source: W3C Recommendation Web Annotation Data Model, 23 February 2017.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allegedly.builders.annotations import given
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.importers import _web
from allegedly.builders.importers._brought import Brought, settled
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
from allegedly.builders.importers._marks import Marked, Scheme, labels
from allegedly.builders.importers._web_document import Document
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Annotator, Json, Labels, Problem, Record, Rejected

LICENCE = "that of your corpus"
CITATION = "that of your corpus; the format: Sanderson, Ciccarese, Young (2017): Web Annotation Data Model. W3C."
MAY_SHIP = False
MAY_TRAIN = False
SCHEME = "web-annotation"


@dataclass(slots=True)
class Target:
    """A text and what each annotator marked in it."""

    file: File
    text: str
    marked: dict[str, Marked] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Iterator[Record | Rejected]:
    """The texts that annotations in a file, or in all files *.json and *.jsonld of a folder, target."""
    targets: dict[Path, Target] = {}
    ledger: list[Rejected] = []
    annotated = False
    for file in files(path, SCHEME, "application/ld+json", "**/*.json", "**/*.jsonld"):
        for number, annotation in enumerate(_annotations(file)):
            annotated = True
            ledger.extend(_take(file, number, annotation, targets))
    if not annotated:
        raise not_this_corpus(path, 'JSON-LD with "type": "Annotation", and the text files that it targets')
    yield from ledger
    scheme = Scheme()
    for target in targets.values():
        for marked in target.marked.values():
            scheme.add(marked)
    for _, target in sorted(targets.items()):
        yield from _article(target, scheme)


def _annotations(file: File) -> list[Json]:
    """The annotations of a file."""
    try:
        document = json.loads(file.text())
    except ValueError:
        return []
    return list(_web.annotations(document))


def _take(file: File, number: int, annotation: Json, targets: dict[Path, Target]) -> Iterator[Rejected]:
    """Files one annotation under its text and creator; yields why not."""
    name = str(annotation.get("id") or f"{file.name}#{number}")
    detail = {"id": name}
    found = _web.reading(annotation)
    if found is None:
        yield rejected(file.origin(number), "no-target", "Not stretches of one text.", **detail)
        return
    text = _web.text_file(file.path.parent, found.address)
    if text is None:
        yield rejected(file.origin(number), "no-text", "No text file of the target's name lies here.", **detail)
        return
    if text not in targets:
        beside = f"{file.name.rpartition('/')[0]}/{text.relative_to(file.path.parent).as_posix()}".lstrip("/")
        targets[text] = Target(source := File(text, beside, SCHEME, "text/plain"), source.text())
    target = targets[text]
    part = _web.place(found, target.text)
    if isinstance(part, str) or found.kind is None:
        rule = "selector" if isinstance(part, str) else "unknown-type"
        tags = ", ".join(map(repr, found.tags)) or "nothing"
        reason = part if isinstance(part, str) else f"No layer has anything named {tags}."
        yield rejected(file.origin(number), rule, reason, **detail)
        return
    for words in found.talk:
        yield rejected(file.origin(number), "note", "A comment: labels hold none.", **detail, words=words[:80])
    creator, shown = _creator(annotation)
    target.names[creator] = shown
    _web.mark(found, name, part, target.marked.setdefault(creator, Marked()))


def _creator(annotation: Json) -> tuple[str, str]:
    """Id and name of who made it; the scheme's name where nobody is named."""
    creator = next(iter(_web.listed(annotation.get("creator"))), None)
    if isinstance(creator, dict):
        name = str(creator.get("id") or creator.get("name") or creator.get("nickname") or SCHEME)
        return name, str(creator.get("name") or creator.get("nickname") or name)
    return (str(creator), str(creator)) if creator else (SCHEME, "Web Annotation")


def _article(target: Target, scheme: Scheme) -> Iterator[Record | Rejected]:
    origin = target.file.origin()
    if not target.text.strip():
        yield rejected(origin, "no-text", "A text without words.")
        return
    votes: dict[Annotator, Labels] = {}
    for creator in sorted(target.marked):
        marked = target.marked[creator]
        annotator = Annotator(id=creator, kind="import", name=target.names[creator])
        votes[annotator] = labels(marked, scheme)
        for name, rule, reason in marked.dropped:
            yield rejected(origin, rule, reason, annotator=creator, id=name)
    blocks = tuple(paragraphs(target.text))
    whole = article(target.text, origin, blocks=blocks)
    if not votes:
        yield rejected(origin, "no-annotations", "No annotation of this text could be used.")
        return
    yield record(
        Annotated(
            text=target.text,
            origin=origin,
            blocks=blocks,
            sentences=whole.sentences,
            labels=votes,
            scheme=SCHEME,
            split=target.file.split(),
            metadata=Metadata(source_id=target.file.path.name, language=whole.language),
        )
    )


#: No file says what somebody looked at.
SUBMITTED = False
OPTIONS = given.APPROVED


def annotations(path: Path, articles: Articles) -> Iterator[Given | Problem | Note]:
    """The labels of each article that annotations of a file, or of the files *.json and *.jsonld of a folder, target.
    Whoever made them, they are one annotator's. Of a document with an annotation that cannot be read no article is given."""
    found: list[tuple[Brought, bool]] = []
    for file in given.files(path, "*.json*"):
        if isinstance(file, Problem):
            yield file
            continue
        if path.is_dir() and file.suffix not in (".json", ".jsonld"):
            continue
        text = given.text(file)
        if isinstance(text, Problem):
            yield text
            continue
        document = Document(file, text, articles)
        met = list(document.read())
        yield from met
        broken = any(isinstance(each, Problem) for each in met)
        found += [(brought, broken) for brought in document.found.values()]
    scheme = Scheme()
    for brought, _ in found:
        scheme.add(brought.marked)
    for brought, broken in found:
        for each in settled(brought, scheme, lambda _, part: part):
            if not (broken and isinstance(each, Given)):
                yield each
