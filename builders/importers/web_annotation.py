"""W3C Web Annotations: JSON-LD beside the text files that the annotations target.

Maps: an annotation whose body tags it with a name of ours (``NAMES`` in ``_marks.py``: claim, hedge, scope, source, cue,
content ...) is a part; several selectors on one text make it discontinuous. A body with the purpose ``linking`` joins it
to the annotation that it names (its ``source`` or ``id``), into one label where both are of one layer; with the value
claimer, holder or parent it is that link. Other tags ``key=value`` (``worth=check_worthy``, ``negated``) are attributes.
Selectors: TextPositionSelector (code points, half-open, as the recommendation has it), TextQuoteSelector where its words
stand once; both together must agree. Annotators are the creators: the first by id gives the labels, all are votes.
The target's text is the file that its address ends in, beside the annotations or below them. Splits are folders named
train, dev or test, sentences are ours.
Does not map: names outside the table, other selectors, whole-text targets, replies: a ledger line each.
Source: W3C Recommendation Web Annotation Data Model, 23 February 2017.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    files,
    not_this_corpus,
    paragraphs,
    record,
    rejected,
    united,
)
from allegedly.builders.importers._marks import NAMES, Mark, Marked, Scheme, labels, plain
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Annotator, Json, Labels, Part, Record, Rejected, Span

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
    """The annotations of a file: one, a list, a page or a collection of pages."""
    try:
        document = json.loads(file.text())
    except ValueError:
        return []
    return list(_flat(document))


def _flat(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, dict):
        if "Annotation" in _list(value.get("type")):
            yield value
        for key in ("items", "first"):
            yield from _flat(value.get(key))


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _take(file: File, number: int, annotation: Json, targets: dict[Path, Target]) -> Iterator[Rejected]:
    """Files one annotation under its text and creator; yields why not."""
    name = str(annotation.get("id") or f"{file.name}#{number}")
    detail = {"id": name}
    places = [place for place in _list(annotation.get("target")) if isinstance(place, dict) and place.get("source")]
    addresses = {str(place["source"]) for place in places}
    if len(addresses) != 1:
        yield rejected(file.origin(number), "no-target", "Not stretches of one text.", **detail)
        return
    text = _text(file.path.parent, addresses.pop())
    if text is None:
        yield rejected(file.origin(number), "no-text", "No text file of the target's name lies here.", **detail)
        return
    if text not in targets:
        beside = f"{file.name.rpartition('/')[0]}/{text.relative_to(file.path.parent).as_posix()}".lstrip("/")
        targets[text] = Target(source := File(text, beside, SCHEME, "text/plain"), source.text())
    target = targets[text]
    spans, fault = [], None
    for place in places:
        span, wrong = _span(target.text, _list(place.get("selector")))
        spans.append(span)
        fault = fault or wrong
    bodies = [body for body in _list(annotation.get("body")) if isinstance(body, dict)]
    tags = [str(b["value"]) for b in bodies if b.get("value") is not None and b.get("purpose") != "linking"]
    kind = next((tag for tag in tags if plain(tag) in NAMES), None)
    if fault or kind is None:
        reason = fault or f"No layer has anything named {', '.join(map(repr, tags)) or 'nothing'}."
        yield rejected(file.origin(number), "selector" if fault else "unknown-type", reason, **detail)
        return
    creator, shown = _creator(annotation)
    target.names[creator] = shown
    marked = target.marked.setdefault(creator, Marked())
    marked.marks[name] = Mark(kind, _part(spans))
    for tag in tags:
        if tag is not kind:
            key, equals, value = tag.partition("=")
            marked.attributes.append((name, key, value if equals else None))
    for body in bodies:
        if body.get("purpose") == "linking":
            marked.links.append((str(body.get("value") or "part of"), name, str(body.get("source") or body.get("id"))))


def _part(spans: list[Span | None]) -> Part:
    return united(span for span in spans if span is not None)


def _text(folder: Path, address: str) -> Path | None:
    """The file that an address ends in: its path below the folder, else its name there. Never one outside it."""
    steps = [unquote(step) for step in urlsplit(address).path.split("/") if step not in ("", ".", "..")]
    for start in range(len(steps)):
        path = folder.joinpath(*steps[start:])
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None


def _span(text: str, selectors: list[Any]) -> tuple[Span | None, str | None]:
    """The stretch that selectors of one place mean, or what is wrong."""
    span = None
    for selector in selectors:
        kind = selector.get("type") if isinstance(selector, dict) else None
        if kind == "TextPositionSelector":
            start, end = selector.get("start"), selector.get("end")
            if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
                return None, f"A position outside the text of {len(text)} characters, or empty."
            span = Span(start, end)
    for selector in selectors:
        if isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector":
            exact = str(selector.get("exact") or "")
            if span is not None and text[span.start : span.end] != exact:
                return None, "The words at the position are not those quoted."
            if span is None:
                span = _quoted(text, str(selector.get("prefix") or ""), exact, str(selector.get("suffix") or ""))
                if span is None:
                    return None, "The words quoted do not stand in the text, or more than once."
    return span, None if span else "No selector of positions or of words."


def _quoted(text: str, prefix: str, exact: str, suffix: str) -> Span | None:
    whole = prefix + exact + suffix
    first = text.find(whole)
    if not exact or first < 0 or text.find(whole, first + 1) >= 0:
        return None
    return Span(first + len(prefix), first + len(prefix) + len(exact))


def _creator(annotation: Json) -> tuple[str, str]:
    """Id and name of who made it; the scheme's name where nobody is named."""
    creator = next(iter(_list(annotation.get("creator"))), None)
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
