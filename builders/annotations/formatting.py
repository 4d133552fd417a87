"""Annotation files in one form: the keys in the order of the schema, the labels in order of position, a label a line.

Conventions: the form is that in which `filing` writes, so that what an importer wrote stays as it is. Nothing is added and
nothing left out: ids stay, and keys that are not there stay away. What is formatted already comes back as it is.
"""

from collections.abc import Mapping
from typing import Any

from allegedly.builders.annotations import filing
from allegedly.schemas import check
from allegedly.schemas.derive import position
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.records import LABELS, LAYERS
from allegedly.schemas.schema import schema, shortened

#: The order of keys that stand in more than one place.
SPAN = ("start", "end", "hash", "skips")


def formatted(data: bytes) -> tuple[bytes | None, list[check.Finding]]:
    """The bytes that a file of these bytes should have; None, and what is wrong, where it is no annotation file."""
    value, broken = parsed(data)
    if broken is not None:
        return None, [check.Finding("", broken, "a JSON document")]
    if not isinstance(value, dict) or "annotator" not in value:
        expected = "an annotation file (`allegedly schema annotation`)"
        return None, [check.Finding("", shortened(value), expected)]
    found = list(check.annotation(value))
    if found:
        return None, found
    try:
        return filing.lines(_ordered(value)).encode(), []
    except UnicodeEncodeError:
        return None, [check.Finding("", "half a character, a lone surrogate", "text that UTF-8 can hold")]


def _ordered(value: Mapping[str, Any]) -> dict[str, Any]:
    """An annotation file with its keys and labels in order."""
    known = schema("annotation")["properties"]
    ordered = _keys(value, known)
    ordered["annotator"] = _keys(value["annotator"], known["annotator"]["properties"])
    if "sentences" in value:
        ordered["sentences"] = [_sentence(sentence) for sentence in value["sentences"]]
    layers = _keys(value["labels"], LAYERS)
    ordered["labels"] = {layer: _layer(layer, given) for layer, given in layers.items()}
    return ordered


def _layer(layer: str, labels: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    if labels is None:
        return None
    kind = LABELS[layer]
    placed = sorted(labels, key=lambda label: position(kind.from_json(label)))
    return [_spans(_keys(label, kind.__slots__), kind.SPANS) for label in placed]


def _spans(label: dict[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    inner = {part: [_keys(span, SPAN) for span in label[part]] for part in parts if label.get(part)}
    return {**label, **inner}


def _sentence(sentence: Mapping[str, Any]) -> dict[str, Any]:
    return _spans(_keys(sentence, SPAN), ("skips",))


def _keys(value: Mapping[str, Any], order: Any) -> dict[str, Any]:
    return {key: value[key] for key in order if key in value}
