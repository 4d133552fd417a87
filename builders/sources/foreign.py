"""Foreign: what files of annotation tools look like, and which importer reads them.

Conventions: a *kind* is known by its content: by keys that a tool gives to what somebody labelled, by the first line of a
text; never by its name alone. Importers are named as `allegedly import` names them.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from allegedly.builders.sources.limits import Refused


class Kind(NamedTuple):
    """What a file looks like, in words, and the importer that reads it."""

    what: str
    importer: str


LABEL_STUDIO = Kind("an export of Label Studio", "label-studio")
DOCCANO = Kind("JSON Lines of doccano", "doccano")
PRODIGY = Kind("JSON Lines of Prodigy", "prodigy")
WEB_ANNOTATION = Kind("W3C Web Annotations", "web-annotation")
CAS = Kind("a CAS of UIMA", "cas")
BRAT = Kind("brat standoff", "brat")
DRAFT = Kind("a draft", "drafts")
JSONL = Kind("JSON Lines of articles with labels", "jsonl")

_BRAT = re.compile(r"(?:[TERAM][0-9]+\t\S+[ :]\S|#[0-9]+\t\S+ \S|\*\t\S+ \S)")
_DRAFT = re.compile(r"(?:(?:#[^\n]*)?\n)*article: [0-9a-f]{16}")
#: So many characters of a text are looked at.
_HEAD = 4096
#: So many values of a list or lines are looked at.
_LOOKED = 20


def of_object(value: Any) -> Kind | None:
    """What a record of JSON is, as a tool exports what somebody labelled; None for any other."""
    if not isinstance(value, dict) or _NAMES.isdisjoint(value):
        return None
    return next((kind for kind, fits in _OBJECTS if fits(value)), None)


def of_text(text: str) -> Kind | None:
    """What a file is by its text; None for one that no tool of annotation wrote, as far as one sees."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        return CAS if "xmi:XMI" in head or "uima/cas" in head else None
    if head.startswith(("{", "[")):
        return _of_json(text)
    if _BRAT.match(head):
        return BRAT
    return DRAFT if _DRAFT.match(head) else None


def _of_json(text: str) -> Kind | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        kinds = map(_of_line, text.split("\n", _LOOKED)[:_LOOKED])
        return next((kind for kind in kinds if kind is not None), None)
    values = value if isinstance(value, list) else [value]
    return next((kind for each in values[:_LOOKED] if (kind := of_object(each)) is not None), None)


def _of_line(line: str) -> Kind | None:
    try:
        return of_object(json.loads(line))
    except (ValueError, RecursionError):
        return None


def command(kind: Kind, files: str) -> str:
    """What reads files of a kind."""
    return f"allegedly import {kind.importer} {files} --against RELEASE --by WHO --out annotations/"


def labelled(value: Any) -> Kind | None:
    """What a record is that somebody labelled; None for one without labels too."""
    kind = of_object(value)
    return kind if kind is JSONL or (kind in _LISTS and any(map(value.get, _LISTS[kind]))) else None


def not_read(kinds: Counter[Kind]) -> Refused:
    """The verdict on labels in a source, by the number of records that have some: they are not read from there."""
    (kind, count), *_ = kinds.most_common()
    records = "a record has" if count == 1 else f"{count} records have"
    reason = (
        f"{records} labels, as {kind.what}, which are not read from sources; `{command(kind, 'FILE')}` reads those of what "
        f"`allegedly export {kind.importer}` wrote"
    )
    return Refused("labels-not-read", reason, importer=kind.importer, records=count)


def _is_label_studio(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("data"), dict) and any(
        isinstance(value.get(key), list) for key in ("annotations", "completions", "predictions")
    )


def _is_prodigy(value: Mapping[str, Any]) -> bool:
    marked = any(isinstance(value.get(key), list) for key in ("spans", "relations", "accept"))
    return ("_task_hash" in value or "_input_hash" in value) and (marked or "answer" in value)


def _is_doccano(value: Mapping[str, Any]) -> bool:
    if not isinstance(value.get("text"), str):
        return False
    entities = value.get("entities")
    if isinstance(entities, list) and any(isinstance(each, dict) and "start_offset" in each for each in entities):
        return True
    listed = next((found for key in ("label", "labels") if isinstance(found := value.get(key), list)), [])
    return any(
        isinstance(each, list) and len(each) == 3 and type(each[0]) is type(each[1]) is int and isinstance(each[2], str)
        for each in listed
    )


def _is_web_annotation(value: Mapping[str, Any]) -> bool:
    kinds = value.get("type")
    found = kinds if isinstance(kinds, list) else [kinds]
    return any(kind in ("Annotation", "AnnotationPage", "AnnotationCollection") for kind in found)


def _is_cas(value: Mapping[str, Any]) -> bool:
    return "%FEATURE_STRUCTURES" in value or "%TYPES" in value or ("_context" in value and "_views" in value)


def _is_ours(value: Mapping[str, Any]) -> bool:
    labels = value.get("labels")
    return isinstance(value.get("article"), dict) and isinstance(labels, dict) and any(labels.values())


_OBJECTS: tuple[tuple[Kind, Callable[[Mapping[str, Any]], bool]], ...] = (
    (LABEL_STUDIO, _is_label_studio),
    (PRODIGY, _is_prodigy),
    (DOCCANO, _is_doccano),
    (WEB_ANNOTATION, _is_web_annotation),
    (CAS, _is_cas),
    (JSONL, _is_ours),
)
#: Names of which a record of each of these tools has one.
_NAMES = frozenset(
    "data _task_hash _input_hash entities label labels type %FEATURE_STRUCTURES %TYPES _context article".split()  # noqa: SIM905
)
#: Where a record of a tool has its labels.
_LISTS = {
    LABEL_STUDIO: ("annotations", "completions", "predictions"),
    PRODIGY: ("spans", "relations", "accept"),
    DOCCANO: ("entities", "label", "labels"),
}
KINDS = (LABEL_STUDIO, DOCCANO, PRODIGY, WEB_ANNOTATION, CAS, BRAT, DRAFT, JSONL)
