"""Event factuality in JSON Lines: sentences of tokens, each judged predicate with a number from -3 to 3.

Conventions: 3 is *certainly happened*, -3 *certainly did not*, 0 *cannot be told*. The number goes to the nearest of
FactBank's grades: from 2.5 certain, from 1.5 probable, from 0.5 possible, below that unknown; the sign is the polarity,
unknown below 0.5. ``scores.certainty`` of a sentence with one predicate is its distance from 0, over 3; where there are
several it is null, and ``targets`` gives every number.
Source: Stanovsky et al. (2017): Integrating Deep Linguistic Features in Factuality Prediction over Unified Datasets
(grades 3, 2, 1, 0 for CT, PR, PS, Uu).
"""

import json
from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.importers._corpus import (
    Annotated,
    File,
    Metadata,
    Page,
    files,
    not_this_corpus,
    record,
    rejected,
    tokens,
)
from allegedly.schemas.derive import article_id
from allegedly.schemas.records import Annotator, Claim, Labels, Record, Rejected, Span

GRADES = ((2.5, "certain"), (1.5, "probable"), (0.5, "possible"), (0.0, "unknown"))


def certainty(number: float) -> str:
    """FactBank's grade of a number from -3 to 3."""
    return next(name for least, name in GRADES if abs(number) >= least)


def polarity(number: float) -> str:
    """Whether the predicate is presented as fact or as none."""
    return "unknown" if abs(number) < 0.5 else "positive" if number > 0 else "negative"


def targets(path: Path) -> Iterator[tuple[str, tuple[tuple[Span, float], ...]]]:
    """For each sentence the id of its article, and its predicates with their numbers, -3 to 3."""
    for file in files(path, "", "application/jsonl", "**/*.jsonl"):
        for line in file.text().split("\n"):
            sentence = _sentence(line)
            if sentence:
                yield article_id(sentence[0]), tuple(sentence[1])


def read(path: Path, scheme: str, annotator: Annotator) -> Iterator[Record | Rejected]:
    """Each sentence an article: the files give no documents."""
    sources = [file for file in files(path, scheme, "application/jsonl", "**/*.jsonl") if _is_one(file)]
    if not sources:
        raise not_this_corpus(path, 'JSON Lines like train.jsonl, with "text" and "targets" of "span1" and "label"')
    for file in sources:
        for number, line in enumerate(file.text().split("\n")):
            if line.strip():
                yield _article(file, number, line, scheme, annotator)


def _is_one(file: File) -> bool:
    with file.path.open(encoding="utf-8", errors="replace") as lines:
        return _sentence(next(lines, "")) is not None


def _sentence(line: str) -> tuple[str, list[tuple[Span, float]], object] | None:
    """Text, predicates and number of the sentence; None for a line that does not hold them."""
    try:
        row = json.loads(line)
        words = row["text"].split(" ")
        _, spans = tokens(words)
        predicates = []
        for target in row["targets"]:
            first, last = target["span1"]
            if not 0 <= first < last <= len(words) or not -3 <= target["label"] <= 3:
                return None
            predicates.append((Span(spans[first].start, spans[last - 1].end), float(target["label"])))
        return row["text"], sorted(predicates), row.get("idx")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _article(file: File, number: int, line: str, scheme: str, annotator: Annotator) -> Record | Rejected:
    origin = file.origin(number)
    sentence = _sentence(line)
    if sentence is None or not sentence[0].strip():
        reason = "Not a sentence with targets whose spans count its tokens and whose labels are -3 to 3."
        return rejected(origin, "broken-row", reason)
    text, predicates, index = sentence
    page = Page()
    page.sentence(text)
    claims = tuple(
        Claim(extent=(span,), certainty=certainty(grade), polarity=polarity(grade)) for span, grade in predicates
    )
    numbers = [grade for _, grade in predicates]
    score = round(abs(numbers[0]) / 3, 4) if len(numbers) == 1 else None
    return record(
        Annotated(
            text=page.text,
            origin=origin,
            blocks=page.blocks,
            sentences=page.sentences,
            labels={annotator: Labels(claims=claims)},
            scheme=scheme,
            split=file.split(by_name=True),
            scores={} if score is None else {page.sentences[0].start: {"certainty": score}},
            metadata=Metadata(source_id=f"{file.path.stem}-{number if index is None else index}", language="en"),
        )
    )
