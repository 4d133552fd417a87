"""doccano: labels of the lines that `allegedly export doccano` wrote.

Gives annotation files: `allegedly import doccano FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Reads exports of the type
JSONL(Relation); of a folder all files `*.jsonl` below it. What came back as it went out is taken with `--option approved=yes` only.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import items
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.builders.annotations.items import Answer, Item, Opened
from allegedly.builders.annotations.regions import Marked, Region, Relation, Slip
from allegedly.schemas.records import Problem
from allegedly.schemas.schema import shortened

OPTIONS = {"approved": "yes: the file holds approved documents only, so that those that nobody changed count too"}


def annotations(path: Path, articles: Articles, *, approved: str | None = None) -> Iterator[Given | Problem | Note]:
    """The labels in each file."""
    return items.annotations(path, "*.jsonl", articles, _items, _marked, approved=approved)


def _items(file: str, text: str) -> Iterator[Item | Problem]:
    for number, value in items.lines(file, text):
        if isinstance(value, Problem):
            yield value
        else:
            yield Item("line", number, value.get("allegedly"), value.get("text"), (Answer(None, value, sure=False),))


def _marked(line: Any, opened: Opened) -> Marked:
    """The entities and relations of a line."""
    regions, relations = [], []
    if line.get("entities") is None:
        keys = ", ".join(sorted(line)[:9])
        opened.slips.append(Slip("entities", f"none, but {shortened(keys, 60)}", "a list: export as JSONL(Relation)"))
    for number, entity in items.listed(line, "entities", opened):
        span = opened.span(entity.get("start_offset"), entity.get("end_offset"), f"entity {number}")
        name, label = entity.get("id"), entity.get("label")
        if type(name) is not int or not isinstance(label, str):
            opened.slips.append(Slip(f"entity {number}", shortened(entity, 60), "an entity with `id` and `label`"))
        elif span is not None:
            regions.append(Region(id=str(name), name=label, start=span[0], end=span[1]))
    for number, relation in items.listed(line, "relations", opened):
        ends, name = (relation.get("from_id"), relation.get("to_id")), relation.get("type")
        if not all(type(end) is int for end in ends) or not isinstance(name, str):
            expected = "a relation with `from_id`, `to_id` and `type`"
            opened.slips.append(Slip(f"relation {number}", shortened(relation, 60), expected))
        else:
            relations.append(Relation(name, str(ends[0]), str(ends[1])))
    return Marked(tuple(opened.labelled(regions)), tuple(relations))
