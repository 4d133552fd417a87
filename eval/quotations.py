"""Spans that predictions give as quotations: where the quoted text stands in the article.

Conventions: white space is not compared, a quotation may be broken over lines; offsets are half-open. A quotation that
stands nowhere is a prediction that cannot be right. It is kept beside its label, and metrics see it behind the end of the
text, where no gold lies: so it counts as predicted and wrong in every one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from allegedly.schemas.records import LABELS, Json, Label, Span


def read_loosely(placed: Json) -> Json:
    """Layers of labels with the white space of given texts as single spaces."""
    return {
        layer: [
            {**label, "text": " ".join(label["text"].split())} if label.get("text") is not None else label
            for label in labels
        ]
        for layer, labels in placed.items()
    }


#: Quotations that stand nowhere: those of each part of each label, by layer, number of the label and name of the part.
Unplaced = dict[tuple[str, int, str], list[str]]


def parted(placed: Json) -> tuple[Json, Unplaced]:
    """Layers of labels with the spans that stand in the text alone, and the quotations that stand nowhere."""
    nowhere: Unplaced = {}
    layers: Json = {}
    for layer, labels in placed.items():
        layers[layer] = []
        for number, label in enumerate(labels):
            kept = dict(label)
            for name in LABELS[layer].SPANS:
                quotes = [span["text"] for span in label.get(name) or () if "text" in span]
                if quotes:
                    nowhere[layer, number, name] = quotes
                    kept[name] = [span for span in label[name] if "start" in span]
            layers[layer].append(kept)
    return layers, nowhere


def behind(
    layers: Mapping[str, Sequence[Label]], nowhere: Unplaced, text: str
) -> tuple[dict[str, tuple[Label, ...]], str]:
    """The layers as metrics see them, and the text: quotations that stand nowhere follow it, each on a line of its own."""
    whole = {layer: list(labels) for layer, labels in layers.items()}
    for (layer, number, name), quotes in nowhere.items():
        spans = []
        for quote in quotes:
            text += "\n"
            spans.append(Span(len(text), len(text) + len(quote)))
            text += quote
        label = whole[layer][number]
        part: dict[str, Any] = {name: (*(getattr(label, name) or ()), *spans)}
        whole[layer][number] = replace(label, **part)
    return {layer: tuple(labels) for layer, labels in whole.items()}, text
