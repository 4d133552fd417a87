"""Spans given as quotations, ``{"text": "...", "nth": 0}``: where the words stand in an article.

Conventions: contract, section 7. White space is not compared, a quotation may be broken over lines; ``nth`` counts from 0.
"""

import re

from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Json
from allegedly.schemas.schema import shortened


def located(part: list[Json], text: str, path: str) -> list[Json]:
    """A part with offsets in place of quotations, in order; behind them those that stand nowhere, as they are.
    UsageError where one stands in several places, or in fewer than it says."""
    spans = [_place_of(span, text, path) if "text" in span else span for span in part]
    nowhere = [span for span in spans if "text" in span]
    return sorted((span for span in spans if "start" in span), key=lambda span: (span["start"], span["end"])) + nowhere


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
        return {"text": span["text"]}
    if nth is None:
        if len(places) > 1:
            listed = ", ".join(f"{number}: {start}-{end}" for number, (start, end) in enumerate(places[:20]))
            raise UsageError(f'{path}: {quoted} stands in {len(places)} places ({listed}); say which: "nth": 0')
        nth = 0
    if nth >= len(places):
        last = f"expected nth from 0 to {len(places) - 1}, found {shortened(nth)}"
        raise UsageError(f"{path}: {quoted} stands in {len(places)} places; {last}")
    return {"start": places[nth][0], "end": places[nth][1]}
