"""brat standoff in general: text files with a file of annotations beside each.

Maps: mentions, events and relations named after our layers and parts (Claim; Speculation, Hedge, Scope; Source, Speaker,
Cue, Content, Quote; the table is ``NAMES`` in ``_marks.py``). The roles of an event are the parts of one label; its
trigger is the cue, or the extent, where no role is. A relation between two mentions of one layer joins them to one label;
relations and roles named Claimer, Holder and Parent are those links. Attributes named as ours take our values
(``Certainty E1 probable``, ``Negated E1``). A layer is annotated where any document of the folder has something of it.
Documents are named by their path, splits are folders named train, dev or test, sentences are ours.
Does not map: names outside the table, notes and normalisations: a ledger line each. One annotator a document: several
files of annotations for one text are PolNeAR's way, read those with ``polnear``.
"""

from collections.abc import Iterator, Mapping
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
from allegedly.builders.importers._marks import NAMES, Mark, Marked, Scheme, labels, plain
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Annotator, Record, Rejected

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
        scheme.add(_marked(_brat.parse(_beside(text).text()), text.text()))
    for text in texts:
        yield from _document(text, scheme)


def _beside(file: File) -> File:
    path = file.path.with_suffix(".ann")
    return File(path, file.name.removesuffix(".txt") + ".ann", file.reader, file.media_type)


def _document(file: File, scheme: Scheme) -> Iterator[Record | Rejected]:
    text = file.text()
    ann = _beside(file)
    standoff = _brat.parse(ann.text())
    marked = _marked(standoff, text)
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


def _marked(standoff: _brat.Standoff, text: str) -> Marked:
    """Mentions, events and relations as marks and links: an event is its trigger, under the event's own id too."""
    out = Marked()
    for name, mention in standoff.mentions.items():
        fault = _brat.wrong(mention, text)
        if fault:
            out.dropped.append((name, "broken-span", f"{fault[0].upper()}{fault[1:]}."))
        else:
            out.marks[name] = Mark(mention.type, mention.part)
    events = {name: link.trigger for name, link in standoff.links.items() if link.trigger is not None}
    kept = set(events.values())
    copied: set[str] = set()
    for name, link in standoff.links.items():
        if link.trigger is not None:
            copied |= _event(out, name, link, events)
        else:
            (_, first), (_, second) = link.roles
            kept |= {first, second}
            out.links.append((link.type, events.get(first) or first, events.get(second) or second))
    out.marks = {name: mark for name, mark in out.marks.items() if name in kept or name not in copied}
    out.attributes = [(events.get(target) or target, key, value) for _, key, target, value in standoff.attributes]
    for name, _ in standoff.others:
        out.dropped.append((name, "note", "A note or normalisation: labels hold none."))
    return out


def _event(out: Marked, name: str, link: _brat.Link, events: Mapping[str, str | None]) -> set[str]:
    """Joins copies of the fillers of an event's roles to its trigger, and says which were copied. Where a role is the
    trigger's own part, the trigger has no span."""
    trigger = link.trigger or ""
    if trigger not in out.marks or plain(link.type) not in NAMES:
        return set()
    layer, own = NAMES[plain(link.type)]
    out.marks[trigger] = Mark(link.type, out.marks[trigger].part)
    copied = set()
    for role, filler in link.roles:
        target = events.get(filler) or filler
        part = NAMES.get(plain(role))
        if part and target in out.marks and target != trigger and (part[0] == layer or part[1] == "cue"):
            copy = f"{name} {role} {target}"
            out.marks[copy] = Mark(_NAME[layer, part[1]], out.marks[target].part)
            out.links.append((role, trigger, copy))
            copied.add(target)
            if part[1] == own:
                out.marks[trigger] = Mark(link.type, ())
        else:
            out.links.append((role, trigger, target))
    return copied


#: A name for each part of each layer.
_NAME = {place: name for name, place in reversed(NAMES.items())}
