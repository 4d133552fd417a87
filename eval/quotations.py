"""Spans that predictions give as quotations: where the quoted text stands in the article.

Conventions: white space is not compared, a quotation may be broken over lines; offsets are half-open.
"""

import re

from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Json
from allegedly.schemas.schema import shortened


def read_loosely(placed: Json) -> Json:
    """Layers of labels with the white space of given texts as single spaces."""
    return {
        layer: [
            {**label, "text": " ".join(label["text"].split())} if label.get("text") is not None else label
            for label in labels
        ]
        for layer, labels in placed.items()
    }


def located(part: list[Json], text: str, path: str) -> list[Json]:
    """A part with offsets in place of quotations, in order. UsageError where one stands nowhere or in several
    places."""
    spans = [_place_of(span, text, path) if "text" in span else span for span in part]
    return sorted(spans, key=lambda span: (span["start"], span["end"]))


def _place_of(span: Json, text: str, path: str) -> Json:
    words = span["text"].split()
    # what is longer than the article stands nowhere, and would make a costly pattern
    pattern = r"\s+".join(map(re.escape, words)) if sum(map(len, words)) <= len(text) else ""
    places = [(m.start(), m.end(1)) for m in re.finditer(f"(?=({pattern}))", text)] if pattern else []
    nth, quoted = span.get("nth"), shortened(span["text"])
    if nth is not None and type(nth) is not int:
        # to JSON Schema 0.0 is an integer
        raise UsageError(f"{path}: found nth {shortened(nth)}, expected a whole number without a point")
    if not places:
        raise UsageError(f"{path}: the quoted text {quoted} stands nowhere in the article")
    if nth is None:
        if len(places) > 1:
            listed = ", ".join(f"{number}: {start}-{end}" for number, (start, end) in enumerate(places[:20]))
            raise UsageError(f'{path}: {quoted} stands in {len(places)} places ({listed}); say which: "nth": 0')
        nth = 0
    if nth >= len(places):
        last = f"expected nth from 0 to {len(places) - 1}, found {shortened(nth)}"
        raise UsageError(f"{path}: {quoted} stands in {len(places)} places; {last}")
    return {"start": places[nth][0], "end": places[nth][1]}
