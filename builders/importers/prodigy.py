"""Prodigy: labels that people accepted of the lines that `allegedly export prodigy` wrote.

Gives annotation files: `allegedly import prodigy FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Reads what `prodigy db-out`
writes; of a folder all files `*.jsonl` below it. Lines that nobody accepted are not taken.
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

OPTIONS = {"annotator": "whose answers are taken, as `_annotator_id` has them"}


def annotations(path: Path, articles: Articles, *, annotator: str | None = None) -> Iterator[Given | Problem | Note]:
    """The labels that were accepted in each file."""
    return items.annotations(path, "*.jsonl", articles, _items, _marked, annotator=annotator)


def _items(file: str, text: str) -> Iterator[Item | Problem]:
    for number, value in items.lines(file, text):
        if isinstance(value, Problem):
            yield value
            continue
        who = value.get("_annotator_id", value.get("_session_id"))
        accepted = value.get("answer") == "accept"
        answers = (Answer(None if who is None else str(who), value),) if accepted else ()
        yield Item("line", number, value.get("allegedly"), value.get("text"), answers)


def _marked(line: Any, opened: Opened) -> Marked:
    """The spans and relations of a line."""
    regions = {}
    for number, span in items.listed(line, "spans", opened):
        region = _region(span, number, opened)
        if region is not None and region.id in regions:
            opened.slips.append(
                Slip(f"span {number}", f"a second one of id {shortened(region.id, 40)}", "one span an id")
            )
        elif region is not None:
            regions[region.id] = region
    relations = []
    for number, relation in items.listed(line, "relations", opened):
        path, name = f"relation {number}", relation.get("label")
        start, end = (_end(relation.get(key), regions, opened, path) for key in ("head_span", "child_span"))
        if not isinstance(name, str):
            opened.slips.append(Slip(path, shortened(relation, 60), "a relation with a label"))
        elif start is not None and end is not None:
            relations.append(Relation(name, start, end))
    return Marked(tuple(opened.labelled(regions.values())), tuple(relations))


def _region(span: dict[str, Any], number: int, opened: Opened) -> Region | None:
    """A span; a new one has no id, and is called by its number."""
    path, name = f"span {number}", span.get("label")
    place = opened.span(span.get("start"), span.get("end"), path)
    if not isinstance(name, str):
        opened.slips.append(Slip(path, shortened(span, 60), "a span with a label"))
    if place is None or not isinstance(name, str):
        return None
    opened.same_words(*place, span.get("text"), path)
    own, label = span.get("id"), span.get("label_id")
    return Region(
        id=own if isinstance(own, str) else path,
        name=name,
        start=place[0],
        end=place[1],
        label=label if isinstance(label, str) else "",
    )


def _end(span: Any, regions: dict[str, Region], opened: Opened, path: str) -> str | None:
    """The id of the span that a relation begins or ends at: by its id, else by place and label."""
    if not isinstance(span, dict):
        opened.slips.append(Slip(path, shortened(span, 60), "`head_span` and `child_span`: spans of the line"))
        return None
    own = span.get("id")
    if isinstance(own, str) and own in regions:
        return own
    start, end = opened.offsets(span.get("start")), opened.offsets(span.get("end"))
    found = [
        each.id for each in regions.values() if (each.start, each.end, each.name) == (start, end, span.get("label"))
    ]
    if len(found) != 1:
        what = "none of the spans" if not found else f"one of {len(found)} spans of the same label and place"
        opened.slips.append(
            Slip(path, f"a relation whose partner is {what}: {shortened(span, 60)}", "one span of the line")
        )
        return None
    return found[0]
