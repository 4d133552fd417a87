"""SciCertainty: findings from science news and papers with how certain they are put, 1 to 6, in JSON Lines.

Maps: a finding is a claim whose extent is the sentence. Its number, the mean of the annotators, is kept as
``scores.certainty`` of the sentence, from 0 (rated 1) to 1 (rated 6); ``certainty`` of the claim is certain in the upper
third of the scale (from 13/3), possible in the lower (below 8/3), probable between. Each finding is an article: the
corpus draws them one by one. Splits are train and val (validation).
Does not map: kind, worth, polarity (null), so findings have no class for claims. The aspects (number, extent,
probability, condition, suggestion, framing; each certain, uncertain or not present) say nothing that a label holds: a
ledger line for the file counts them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers._corpus import (
    SPLITS,
    Annotated,
    File,
    Metadata,
    Page,
    files,
    not_this_corpus,
    record,
    rejected,
)
from allegedly.schemas.records import Annotator, Claim, Json, Labels, Record, Rejected

LICENCE = "MIT"
CITATION = "Pei, Jurgens (2021): Measuring Sentence-Level and Aspect-Level (Un)certainty in Science Communications. EMNLP 2021."
MAY_SHIP = True
MAY_TRAIN = True
SCHEME = "sci-certainty"
LANGUAGE = "en"

ANNOTATOR = Annotator(id="sci-certainty", kind="import", name="SciCertainty, mean of its annotators")
_SENTENCE, _ASPECT = "sentence-level-certainty", "aspect-level-certainty"


def read(path: Path) -> Iterator[Record | Rejected]:
    """Findings of sentence-level-certainty.jsonl, or of the folder that holds it."""
    sources = files(path, SCHEME, "application/jsonl", "**/*.jsonl")
    kinds = [(file, _kind(file)) for file in sources]
    if not any(kind == _SENTENCE for _, kind in kinds):
        raise not_this_corpus(path, f'JSON Lines with "finding" and "{_SENTENCE}", as {_SENTENCE}.jsonl')
    for file, kind in kinds:
        if kind == _SENTENCE:
            yield from _findings(file)
        elif kind == _ASPECT:
            rows = sum(1 for line in file.text().split("\n") if line.strip())
            yield rejected(file.origin(), "aspects", "Certainty of aspects: no label holds it.", rows=rows)


def _kind(file: File) -> str | None:
    with file.path.open(encoding="utf-8", errors="replace") as lines:
        row = _row(next(lines, ""))
    return next((kind for kind in (_SENTENCE, _ASPECT) if kind in row and "finding" in row), None)


def _row(line: str) -> Json:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _findings(file: File) -> Iterator[Record | Rejected]:
    for number, line in enumerate(file.text().split("\n")):
        if line.strip():
            yield _finding(file, number, _row(line))


def _finding(file: File, number: int, row: Json) -> Record | Rejected:
    text, rating, split = row.get("finding"), row.get(_SENTENCE), SPLITS.get(str(row.get("split", "")))
    if not isinstance(text, str) or not text.strip() or not isinstance(rating, int | float) or not 1 <= rating <= 6:
        return rejected(file.origin(number), "broken-row", "Not a finding with a certainty from 1 to 6.")
    page = Page()
    page.sentence(text)
    claim = Claim(extent=(page.sentences[0],), certainty=certainty(rating))
    return record(
        Annotated(
            text=page.text,
            origin=file.origin(number),
            blocks=page.blocks,
            sentences=page.sentences,
            labels={ANNOTATOR: Labels(claims=(claim,))},
            scheme=SCHEME,
            split=split,
            scores={page.sentences[0].start: {"certainty": round((rating - 1) / 5, 4)}},
            metadata=Metadata(source_id=None if row.get("id") is None else str(row["id"]), language=LANGUAGE),
        )
    )


def certainty(rating: float) -> str:
    """Which third of the scale from 1 to 6 a number lies in."""
    return "certain" if rating >= 13 / 3 else "probable" if rating >= 8 / 3 else "possible"
