"""brat standoff: a text and a file of annotations an article, with all that brat needs to open them.

Conventions: `builders/annotations/standoff.py`. Each label carries a note of the type Allegedly: its article, the hash of
its text, its id, and what brat cannot show. ``articles.jsonl`` says of each article which layers are annotated.
`allegedly import brat FOLDER --against RELEASE --by WHO` reads it again.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from allegedly.builders.annotations import standoff
from allegedly.builders.annotations.kept import Kept
from allegedly.builders.exporters import _sets
from allegedly.builders.exporters._lookup import Loss
from allegedly.builders.exporters._sets import Labelled
from allegedly.schemas.derive import text_sha256
from allegedly.schemas.records import ATTRIBUTES, LINK, Article, Json, Part, Record

#: What ``--out`` names.
PATH = "folder"
OPTIONS = _sets.OPTIONS
#: Attributions come first, since the others lead to them.
ORDER = ("attributions", "speculations", "claims")

README = """# Articles with labels in brat standoff

An article is a text (`*.txt`) and its labels (`*.ann`). `annotation.conf` and `visual.conf` tell brat what there is;
`articles.jsonl` says which layers of each article are annotated. Leave the texts as they are: offsets count their characters.

    cp -r FOLDER brat/data/          # this folder, where your brat keeps its collections
    python standalone.py             # in brat's folder; then annotate in the browser
    allegedly import brat FOLDER --against RELEASE --by WHO --out annotations/

A label is an event. Mark the words that say it (cue) as Attribution or Speculation, a claim as Claim; then draw an arrow from
it to its Source, Content, Speaker_name or Scope. Where an attribution has no cue, mark its content as Attribution_on_content.
Arrows named Parent, Holder and Claimer lead to the attribution that says it. Notes of the type Allegedly bring labels home as
they were: leave them.
"""


def write(records: Iterable[Record], path: Path, *, labels: str = "winning", by: str | None = None) -> None:
    """Texts, annotations and configuration into a folder. UsageError for an option that is not one."""
    for given, folder in _sets.texts("brat", records, path, labels, by):
        _sets.write(folder / f"{given.record.article.id}.ann", annotations(given))
        with (folder / standoff.ARTICLES).open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(_about(given), ensure_ascii=False) + "\n")
    _sets.write(path / "annotation.conf", standoff.annotation_conf())
    _sets.write(path / "visual.conf", standoff.visual_conf())
    _sets.write(path / "README.md", README)


def losses(records: Iterable[Record], *, labels: str = "winning", by: str | None = None) -> Iterator[Loss]:
    """Labels that mark no words: brat has no place for them, nor for links to them."""
    for record in records:
        for given in _sets.sets("brat", record, labels, by):
            article = record.article
            found = [(layer, label) for layer in ORDER for label in getattr(given.labels, layer) or ()]
            lost = {label.id for layer, label in found if not _parts(article, layer, label)}
            for layer, label in found:
                if label.id in lost:
                    yield Loss("a label that marks no words", f"{article.id}:{label.id}")
                elif getattr(label, LINK[layer]) in lost:
                    yield Loss("a link to a label that marks no words", f"{article.id}:{label.id}")


def _about(given: Labelled) -> Json:
    article = given.record.article
    return {
        "article_id": article.id,
        "file_name": article.origin.file_name,
        "text_sha256": text_sha256(article.text),
        "layers": given.layers,
    }


class Event(NamedTuple):
    """A label as an event: its layer, the label, its parts as brat shows them, the trigger's first."""

    layer: str
    label: Any
    parts: dict[str, Part]


def annotations(given: Labelled) -> str:
    """The file of annotations of one article."""
    article = given.record.article
    events = [
        Event(layer, label, parts)
        for layer in ORDER
        for label in getattr(given.labels, layer) or ()
        if (parts := _parts(article, layer, label))
    ]
    return "".join(f"{line}\n" for line in Standoff(article, events).lines())


def _parts(article: Article, layer: str, label: Any) -> dict[str, Part]:
    """The parts of a label that have words, in the order in which they are triggers."""
    names = [part for held, part in standoff.TRIGGERS if held == layer]
    given = {part: standoff.shown(article.text, getattr(label, part) or ()) for part in names}
    return {part: spans for part, spans in given.items() if spans}


class Standoff:
    """Lines of brat about events of an article. Parts that are no triggers are shared by labels."""

    def __init__(self, article: Article, events: list[Event]) -> None:
        self.article, self.events = article, events
        self.ids = {event.label.id: f"E{number}" for number, event in enumerate(events, 1)}
        self.mentions: dict[tuple[str, Part, str], str] = {}
        self.attributes = 0

    def lines(self) -> Iterator[str]:
        """All lines: mentions, the event, its attributes and its note, label by label."""
        for event in self.events:
            yield from self._event(event)

    def _event(self, event: Event) -> Iterator[str]:
        layer, label, parts = event
        name = self.ids[label.id]
        (trigger, spans), *others = parts.items()
        kind = standoff.TRIGGERS[layer, trigger]
        anchor, line = self._mention(kind, spans, label.id)
        yield from line
        roles = []
        for part, filled in others:
            role = standoff.ROLES[layer, part]
            mention, line = self._mention(role, filled, "")
            yield from line
            roles.append(f" {role}:{mention}")
        target = self.ids.get(getattr(label, LINK[layer]) or "")
        if target is not None:
            roles.append(f" {LINK[layer].capitalize()}:{target}")
        yield f"{name}\t{kind}:{anchor}{''.join(roles)}"
        yield from self._attributes(layer, label, name)
        yield f"#{name[1:]}\t{standoff.NOTE} {name}\t{json.dumps(self._kept(layer, label).to_json())}"

    def _mention(self, kind: str, spans: Part, owner: str) -> tuple[str, list[str]]:
        """The id of a mention, and its line where it is a new one."""
        known = self.mentions.get((kind, spans, owner))
        if known is not None:
            return known, []
        name = f"T{len(self.mentions) + 1}"
        self.mentions[kind, spans, owner] = name
        places = ";".join(f"{start} {end}" for start, end in spans)
        words = " ".join(self.article.text[start:end] for start, end in spans)
        return name, [f"{name}\t{kind} {places}\t{words}"]

    def _attributes(self, layer: str, label: Any, name: str) -> Iterator[str]:
        for key in ATTRIBUTES[layer]:
            value = getattr(label, key)
            if value is not None and value is not False:
                self.attributes += 1
                shown = "" if value is True else f" {value}"
                yield f"A{self.attributes}\t{standoff.attribute_name(layer, key)} {name}{shown}"

    def _kept(self, layer: str, label: Any) -> Kept:
        kept = Kept.of(self.article, layer, label, standoff.shown)
        link = getattr(label, LINK[layer])
        if link in (None, "unresolved") or link in self.ids:
            return kept
        return replace(kept, unresolved=True)
