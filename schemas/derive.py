"""What follows from a text and its labels: ids, surface texts, classes of sentences, numbering.

Conventions: contract, sections 1 and 2.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from allegedly.schemas.records import (
    LAYERS,
    LINK,
    MAIN_PART,
    PREFIX,
    Article,
    Labels,
    Part,
    Sentence,
    Span,
)

#: JSON with sorted keys and no white space: equal values give equal text.
canonical: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def text_sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def article_id(text: str) -> str:
    """The first 16 hex digits of the text's SHA-256."""
    return text_sha256(text)[:16]


def surface(text: str, part: Part | None, markup: Sequence[tuple[int, int]] = ()) -> str:
    """The words of a part: each span without the markup inside it, runs of white space as one space, spans joined by
    one space."""
    return " ".join(filter(None, (_surface(text, start, end, markup) for start, end in part or ())))


def _surface(text: str, start: int, end: int, markup: Sequence[tuple[int, int]]) -> str:
    pieces = []
    for at in range(max(0, bisect_left(markup, (start, 0)) - 1), len(markup)):
        left, right = markup[at]
        if left >= end:
            break
        if right > start:
            pieces.append(text[start : max(start, left)])
            start = max(start, right)
    pieces.append(text[start:end])
    return " ".join("".join(pieces).split())


def sentence_classes(article: Article, labels: Labels) -> tuple[Sentence, ...]:
    """The classes of each sentence: claim is the strongest worth among the claims that overlap it, speculation and
    attribution whether a cue, or any part, overlaps it; None where the layer is not annotated."""
    starts = [span.start for span in article.sentences]
    ends = [span.end for span in article.sentences]

    def touched(part: Part | None) -> Iterable[int]:
        for start, end in part or ():
            at = bisect_left(ends, start + 1)
            while at < len(starts) and starts[at] < end:
                yield at
                at += 1

    count = len(starts)
    claim: list[str | None] = [None if labels.claims is None else "no_claim"] * count
    for label in labels.claims or ():
        for at in touched(label.extent):
            if label.worth == "check_worthy":
                claim[at] = "check_worthy"
            elif label.worth == "unimportant" and claim[at] != "check_worthy":
                claim[at] = "unimportant"
            elif label.worth is None and claim[at] == "no_claim":
                claim[at] = None
    speculation: list[str | None] = [None if labels.speculations is None else "certain"] * count
    for mark in labels.speculations or ():
        for at in touched(mark.cue):
            speculation[at] = "speculative"
    attribution: list[str | None] = [None if labels.attributions is None else "none"] * count
    for link in labels.attributions or ():
        for part in (link.source, link.cue, link.content):
            for at in touched(part):
                attribution[at] = "attributed"
    return tuple(
        Sentence(
            start=starts[at], end=ends[at], claim=claim[at], speculation=speculation[at], attribution=attribution[at]
        )
        for at in range(count)
    )


def with_scores(derived: tuple[Sentence, ...], scored: Iterable[Sentence] | None) -> tuple[Sentence, ...]:
    """Derived sentences with the scores that a labeller gave, matched by start."""
    if not scored:
        return derived
    scores = {sentence.start: sentence.scores for sentence in scored if sentence.scores is not None}
    return tuple(replace(sentence, scores=scores.get(sentence.start)) for sentence in derived)


def position(label: Any) -> tuple:
    """Where a label stands: the start of its first span, then all its parts, so that no two labels tie by accident."""
    parts = [tuple(getattr(label, name) or ()) for name in label.PARTS]
    spans = [span for part in parts for span in part]
    return (min(spans, default=Span(0, 0)), max(spans, default=Span(0, 0))[1], parts, label.by, label.id)


def numbered(labels: Labels, article: Article) -> Labels:
    """The same labels in order of position, with ids c1, s1, a1, ..., links rewritten and ``text`` filled in. A link
    to an id that is not there becomes ``unresolved``."""
    new_ids: dict[str, str] = {}
    ordered = {}
    for layer in LAYERS:
        found = getattr(labels, layer)
        ordered[layer] = None if found is None else sorted(found, key=position)
        if layer == "attributions":
            new_ids = {label.id: f"a{at}" for at, label in enumerate(ordered[layer] or (), 1) if label.id}

    def moved(link: str | None) -> str | None:
        return None if link is None else new_ids.get(link, "unresolved")

    return Labels(
        **{
            layer: None
            if found is None
            else tuple(
                replace(
                    label,
                    id=f"{PREFIX[layer]}{at}",
                    text=surface(article.text, getattr(label, MAIN_PART[layer]), article.markup),
                    **{LINK[layer]: moved(getattr(label, LINK[layer]))},
                )
                for at, label in enumerate(found, 1)
            )
            for layer, found in ordered.items()
        }
    )
