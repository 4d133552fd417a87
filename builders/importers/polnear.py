"""PolNeAR: attributions in English political news, in brat standoff with one file an annotator.

Maps: each event (``Attribution``, ``Attribution-no-source``) is an attribution; its roles Source, Cue, Content and
Content2 are the parts, every span of a discontinuous part kept. The first annotator of a document by file name gives
the labels, all of them are votes. Title, author, outlet and date come from ``metadata.tsv`` where it lies above the
documents. Splits are the corpus's train, dev (validation) and test; its compartments for quality control are left out
unless named. Sentences are ours (the corpus gives none by hand).
Does not map: form, act, negated, source_kind (the scheme has none; null). It marks outermost attributions only, so
``parent`` is null throughout. The ledger holds the spans marked Discuss and Discard, mentions that no event uses, notes
of annotators, and the trigger of an event that has no parts (such an event stays, with empty parts).
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers import _brat
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
from allegedly.builders.text.sentences import sentences
from allegedly.schemas.records import Annotator, Attribution, Labels, Origin, Part, Record, Rejected

LICENCE = "none stated"
CITATION = (
    "Newell, Margolin, Ruths (2018): An Attribution Relations Corpus for Political News. Proceedings of LREC 2018."
)
MAY_SHIP = False
MAY_TRAIN = True
SCHEME = "polnear"
CREATORS = "expert-generated"
LANGUAGE = "en"
GENRE = "other"
CALIBRATES = ("attributions",)

#: Compartments that are not the core corpus: read only where they are named themselves.
_CONTROL = ("annotator-training", "parc3-replication")
_EVENTS = ("Attribution", "Attribution-no-source")
_ANNOTATION = re.compile(r"(.+)_([0-9a-z]+)\.ann")
_ROLES = {"Source": "source", "Cue": "cue", "Content": "content", "Content2": "content"}


def read(path: Path) -> Iterator[Record | Rejected]:
    """Articles of the folder ``PolNeAR``, its ``data``, or one of its compartments."""
    path = path.resolve()
    texts = [] if path.is_file() else files(path, SCHEME, "text/plain", "**/text/*.txt")
    if not texts:
        raise not_this_corpus(path, "folders `text` with *.txt and `attributions` with *.ann beside each other")
    metadata = _metadata(path)
    annotations = _annotations(texts)
    for text in texts:
        if text.path.parent.parent.name in _CONTROL and text.path.parent.parent != path:
            yield rejected(text.origin(), "quality-control", "Not of the core corpus: import its folder by itself.")
            continue
        yield from _document(text, annotations.get(text.path, {}), metadata.get(text.path.stem, {}))


def _metadata(path: Path) -> dict[str, dict[str, str]]:
    """Rows of metadata.tsv by file name; it lies in the folder or one or two above."""
    for folder in (path, path / "data", path.parent):
        if (folder / "metadata.tsv").is_file():
            with (folder / "metadata.tsv").open(encoding="utf-8", newline="") as lines:
                rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                return {row["filename"]: row for row in rows}
    return {}


def _document(file: File, annotations: dict[str, File], row: dict[str, str]) -> Iterator[Record | Rejected]:
    text = file.text()
    if not annotations:
        yield rejected(file.origin(), "no-annotations", "No file of annotations belongs to this text.")
        return
    labels = {}
    for annotator, ann in annotations.items():
        standoff = _brat.parse(ann.text())
        origin = ann.origin()
        good = {name: m for name, m in standoff.mentions.items() if _brat.wrong(m, text) is None}
        labels[Annotator(id=annotator, kind="import", name=f"PolNeAR annotator {annotator}")] = Labels(
            attributions=tuple(_attribution(name, link, good) for name, link in standoff.links.items() if _is_one(link))
        )
        yield from _ledger(standoff, text, origin, annotator)
    title = _given(row.get("title"))
    blocks = list(paragraphs(text, title))
    yield record(
        Annotated(
            text=text,
            origin=file.origin(),
            blocks=blocks,
            sentences=sentences(text, blocks),
            labels=labels,
            scheme=SCHEME,
            split=file.split(),
            metadata=Metadata(
                source_id=file.path.stem,
                title=title,
                language=LANGUAGE,
                published=_given(row.get("publication_date")),
                authors=tuple(filter(None, [_given(row.get("author"))])),
                outlet=_given(row.get("publisher")),
            ),
        )
    )


def _annotations(texts: list[File]) -> dict[Path, dict[str, File]]:
    """For each text its annotators and their files, in order of file name."""
    by_text: dict[Path, dict[str, File]] = {}
    for folder, base in {(text.path.parent, text.name.rsplit("/", 2)[0]): None for text in texts}:
        for path in sorted((folder.parent / "attributions").glob("*.ann")):
            if m := _ANNOTATION.fullmatch(path.name):
                file = File(path, f"{base}/attributions/{path.name}", SCHEME, "text/plain")
                by_text.setdefault(folder / f"{m[1]}.txt", {})[m[2]] = file
    return by_text


def _given(cell: str | None) -> str | None:
    return None if cell in (None, "", "None", "NA") else cell


def _is_one(link: _brat.Link) -> bool:
    return link.trigger is not None and link.type in _EVENTS


def _attribution(name: str, link: _brat.Link, mentions: dict[str, _brat.Mention]) -> Attribution:
    parts: dict[str, Part] = {"source": (), "cue": (), "content": ()}
    for role, filler in link.roles:
        if role in _ROLES and filler in mentions:
            part = _ROLES[role]
            parts[part] = tuple(sorted({*parts[part], *mentions[filler].part}))
    return Attribution(id=name, source=parts["source"], cue=parts["cue"], content=parts["content"])


def _ledger(standoff: _brat.Standoff, text: str, origin: Origin, annotator: str) -> Iterator[Rejected]:
    used = {filler for link in standoff.links.values() for _, filler in link.roles}
    used |= {link.trigger for link in standoff.links.values() if link.trigger and link.roles}
    empty = {link.trigger for link in standoff.links.values() if link.trigger and not link.roles}
    for name, mention in standoff.mentions.items():
        detail = {
            "annotator": annotator,
            "id": name,
            "type": mention.type,
            "spans": [list(span) for span in mention.part],
        }
        fault = _brat.wrong(mention, text)
        if fault:
            yield rejected(origin, "broken-span", f"{fault[0].upper()}{fault[1:]}.", **detail)
        elif mention.type in ("Discuss", "Discard"):
            reason = f"Text that an annotator marked as {mention.type}; no label says that."
            yield rejected(origin, mention.type.lower(), reason, **detail)
        elif name in empty:
            yield rejected(origin, "trigger-only", "The event has no parts; its trigger is no part.", **detail)
        elif name not in used:
            yield rejected(origin, "unused-mention", "No event uses this mention.", **detail)
    for name, link in standoff.links.items():
        if not _is_one(link):
            yield rejected(origin, "unknown-type", f"Not an attribution: {link.type}.", annotator=annotator, id=name)
    for name, _ in standoff.others:
        yield rejected(origin, "note", "A note of the annotator; labels hold none.", annotator=annotator, id=name)
    for line in standoff.broken:
        yield rejected(origin, "broken-line", "A line that is no brat standoff.", annotator=annotator, line=line)
