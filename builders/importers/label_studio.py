"""Label Studio: labels that people submitted of the tasks that `allegedly export label-studio` wrote.

Gives annotation files: `allegedly import label-studio FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Reads exports of the
type JSON; of a folder all files `*.json` below it. A task without a submitted annotation is not taken.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import items
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.items import Answer, Item, Opened
from allegedly.builders.annotations.regions import Marked, Region, Relation, Slip
from allegedly.schemas import strict_json
from allegedly.schemas.records import Problem
from allegedly.schemas.schema import shortened

OPTIONS = {"annotator": "whose annotations are taken, as `completed_by` has them: an e-mail address or a number"}
#: What a region is in a result, and what stands on one.
LABELS, CHOICES, RELATION = "labels", "choices", "relation"
_ID = re.compile(r"\b[acs][0-9]+\b")


def annotations(path: Path, articles: Articles, *, annotator: str | None = None) -> Iterator[Given | Problem | Note]:
    """The labels that were submitted in each file."""
    return items.annotations(path, "*.json", articles, _items, _marked, annotator=annotator)


def _items(file: str, text: str) -> Iterator[Item | Problem]:
    """The tasks of an export."""
    try:
        tasks = strict_json.loads(text)
    except ValueError as error:
        yield Problem(file=file, found=f"no JSON: {error}", expected="an export of Label Studio of the type JSON")
        return
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks]):
        place = f"task {number}"
        data = task.get("data") if isinstance(task, dict) else None
        if not isinstance(data, dict):
            minimal = isinstance(task, dict) and "allegedly" in task
            found = "a task of JSON-MIN, which drops relations" if minimal else shortened(task, 60)
            yield Problem(file=file, path=place, found=found, expected="a task with `data`: export as JSON")
            continue
        given_answers = task.get("annotations")
        if not isinstance(given_answers, list | None):
            yield Problem(file=file, path=f"{place}/annotations", found=shortened(given_answers), expected="a list")
            continue
        answers = tuple(_answers(given_answers or ()))
        yield Item(place, None, data.get("allegedly"), data.get("text"), answers)


def _answers(annotations: Any) -> Iterator[Answer]:
    """The annotations that somebody submitted; what was skipped is none."""
    for annotation in annotations:
        if not isinstance(annotation, dict):
            yield Answer(None, annotation)
        elif not annotation.get("was_cancelled"):
            yield Answer(_who(annotation.get("completed_by")), annotation.get("result"))


def _who(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return str(value) if isinstance(value, str) or type(value) is int else None


def _marked(result: Any, opened: Opened) -> Marked:
    """The regions and relations of a result; its entries of one region share an id."""
    regions: dict[str, Region] = {}
    attributes: dict[str, dict[str, str]] = {}
    relations: list[Relation] = []
    if not isinstance(result, list):
        opened.slips.append(Slip("result", shortened(result, 60), "a list of regions and relations"))
        return Marked()
    for number, entry in enumerate(result):
        path = f"result {number}"
        kind = entry.get("type") if isinstance(entry, dict) else None
        if kind == LABELS:
            region = _region(entry, opened, path)
            if region is not None and region.id in regions:
                opened.slips.append(Slip(path, f"a second region of id {shortened(region.id, 40)}", "one region an id"))
            elif region is not None:
                regions[region.id] = region
        elif kind == CHOICES:
            _attribute(entry, attributes, opened, path)
        elif kind == RELATION:
            relations += _relations(entry, opened, path)
        else:
            opened.slips.append(
                Slip(path, shortened(entry, 60), f"an object of type {LABELS}, {CHOICES} or {RELATION}")
            )
    for name in sorted(attributes.keys() - regions.keys()):
        opened.slips.append(Slip(shortened(name, 40), "choices of a region that is not there", "a region of that id"))
    marked = tuple(
        Region(id=r.id, name=r.name, start=r.start, end=r.end, label=r.label, attributes=attributes.get(r.id, {}))
        for r in regions.values()
    )
    return Marked(marked, tuple(relations))


def _region(entry: dict[str, Any], opened: Opened, path: str) -> Region | None:
    value, name = entry.get("value"), entry.get("id")
    label = _word(value, LABELS)
    if not isinstance(value, dict) or not isinstance(name, str) or label is None:
        opened.slips.append(Slip(path, shortened(entry, 60), "a region with `id` and one label in `value`"))
        return None
    span = opened.span(value.get("start"), value.get("end"), path)
    if span is None:
        return None
    opened.same_words(*span, value.get("text"), path)
    return Region(id=name, name=label, start=span[0], end=span[1], label=_note(entry.get("meta")))


def _note(meta: Any) -> str:
    """The label's id, which stands in the notes of a region, perhaps among words of the annotator."""
    notes = meta.get("text") if isinstance(meta, dict) else None
    notes = [notes] if isinstance(notes, str) else notes
    words = " ".join(note for note in notes if isinstance(note, str)) if isinstance(notes, list) else ""
    found = _ID.search(words)
    return found[0] if found else ""


def _attribute(entry: dict[str, Any], attributes: dict[str, dict[str, str]], opened: Opened, path: str) -> None:
    """Notes the value of an attribute of a region; the control is called by layer and attribute."""
    value, name, control = entry.get("value"), entry.get("id"), entry.get("from_name")
    word = _word(value, CHOICES)
    if not isinstance(name, str) or not isinstance(control, str) or word is None:
        opened.slips.append(Slip(path, shortened(entry, 60), "one choice of a region, with `id` and `from_name`"))
        return
    own = attributes.setdefault(name, {})
    if own.setdefault(control.partition("-")[2], word) != word:
        opened.slips.append(Slip(path, f"two values of {shortened(control, 40)}", "one"))


def _relations(entry: dict[str, Any], opened: Opened, path: str) -> Iterator[Relation]:
    """A relation for each name that one has; an arrow to the left runs the other way."""
    ends, labels = (entry.get("from_id"), entry.get("to_id")), entry.get(LABELS)
    if not all(isinstance(end, str) for end in ends) or not isinstance(labels, list) or not labels:
        found = "a relation without a name" if all(isinstance(end, str) for end in ends) else shortened(entry, 60)
        opened.slips.append(Slip(path, found, "`from_id`, `to_id` and `labels`"))
        return
    start, end = reversed(ends) if entry.get("direction") == "left" else ends
    for label in labels:
        if isinstance(label, str):
            yield Relation(label, str(start), str(end))
        else:
            opened.slips.append(Slip(path, shortened(label, 60), "the name of a relation"))


def _word(value: Any, key: str) -> str | None:
    """The one word in a list that a value holds; None where there is none, or more."""
    words = value.get(key) if isinstance(value, dict) else None
    return words[0] if isinstance(words, list) and len(words) == 1 and isinstance(words[0], str) else None
