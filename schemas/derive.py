"""What follows from a text and its labels: ids, surface texts, classes of sentences, numbering.

Conventions: contract, sections 1 and 2.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from allegedly.schemas.canonical import canonical
from allegedly.schemas.records import (
    LAYERS,
    LINK,
    MAIN_PART,
    PREFIX,
    Article,
    Label,
    Labels,
    Part,
    Sentence,
    Span,
)


def text_sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def article_id(text: str) -> str:
    """The first 16 hex digits of the text's SHA-256."""
    return text_sha256(text)[:16]


def surface(text: str, part: Part | None, markup: Sequence[tuple[int, int]] = ()) -> str:
    """The words of a part: each span without the markup inside it, runs of white space as one space, spans joined by
    one space."""
    if not part:
        return ""
    return " ".join(filter(None, [_surface(text, start, end, markup) for start, end in part]))


def folded(article: Article, part: Part | None) -> str:
    """The words of a part, case folded: what speakers and cues are compared by."""
    return surface(article.text, part, article.markup).casefold()


def surfaces(text: str, spans: Iterable[Span], markup: Sequence[tuple[int, int]] = ()) -> list[str]:
    """The words of each of some spans, by itself."""
    if markup:
        return [_surface(text, start, end, markup) for start, end in spans]
    return [_spaced(text[start:end]) for start, end in spans]


def _surface(text: str, start: int, end: int, markup: Sequence[tuple[int, int]]) -> str:
    if not markup:
        return _spaced(text[start:end])
    pieces = []
    for number in range(max(0, bisect_left(markup, (start, 0)) - 1), len(markup)):
        left, right = markup[number]
        if left >= end:
            break
        if right > start:
            pieces.append(text[start : max(start, left)])
            start = max(start, right)
    pieces.append(text[start:end])
    return " ".join("".join(pieces).split())


def _spaced(words: str) -> str:
    """The words with runs of white space as one blank each."""
    # white space that can be printed is blanks: mostly nothing is to be done
    return words.strip(" ") if words.isprintable() and "  " not in words else " ".join(words.split())


def sentence_classes(article: Article, labels: Labels) -> tuple[Sentence, ...]:
    """The classes of each sentence: claim is the strongest worth among the claims that overlap it, speculation and
    attribution whether a cue, or any part, overlaps it; None where the layer is not annotated."""
    starts = [span.start for span in article.sentences]
    ends = [span.end for span in article.sentences]
    claim: list[str | None] = [None if labels.claims is None else "no_claim"] * len(starts)
    for label in labels.claims or ():
        for number in overlapped(label.extent, starts, ends):
            claim[number] = _stronger(claim[number], label.worth)
    speculation: list[str | None] = [None if labels.speculations is None else "certain"] * len(starts)
    for mark in labels.speculations or ():
        for number in overlapped(mark.cue, starts, ends):
            speculation[number] = "speculative"
    attribution: list[str | None] = [None if labels.attributions is None else "none"] * len(starts)
    for link in labels.attributions or ():
        for part in (link.source, link.cue, link.content):
            for number in overlapped(part, starts, ends):
                attribution[number] = "attributed"
    return tuple(
        [
            Sentence(start=start, end=end, claim=worth, speculation=doubt, attribution=source)
            for start, end, worth, doubt, source in zip(starts, ends, claim, speculation, attribution, strict=True)
        ]
    )


def overlapped(part: Part | None, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Numbers of the sentences, given by their starts and ends in order, that a part overlaps; one that two of its
    spans overlap comes twice."""
    numbers = []
    for start, end in part or ():
        number = bisect_right(ends, start)
        while number < len(starts) and starts[number] < end:
            numbers.append(number)
            number += 1
    return numbers


def _stronger(claim: str | None, worth: str | None) -> str | None:
    """The class of a sentence that one more claim overlaps; one of null worth says nothing beside others."""
    if worth == "check_worthy" or (worth == "unimportant" and claim != "check_worthy"):
        return worth
    return None if worth is None and claim == "no_claim" else claim


def with_scores(derived: tuple[Sentence, ...], scored: Iterable[Sentence] | None) -> tuple[Sentence, ...]:
    """Derived sentences with the scores that a labeller gave, matched by start."""
    scores = {sentence.start: sentence.scores for sentence in scored or () if sentence.scores is not None}
    if not scores:
        return derived
    return tuple([replace(sentence, scores=scores.get(sentence.start)) for sentence in derived])


def position(label: Label) -> tuple[Span, int, list[Part], str, int, str]:
    """Where a label stands: the start of its first span, then all its parts, so that no two labels tie by accident; of
    equal ones a9 comes before a10, so that labels that are numbered stay as they are."""
    parts: list[Part] = [tuple(getattr(label, name) or ()) for name in label.PARTS]
    spans = [span for part in parts for span in part]
    return (min(spans, default=Span(0, 0)), max(spans, default=Span(0, 0))[1], parts, label.by, len(label.id), label.id)


def numbered(labels: Labels, article: Article) -> Labels:
    """The same labels in order of position, with ids c1, s1, a1, ..., links rewritten and ``text`` filled in. A link
    to an id that is not there becomes ``unresolved``."""
    ordered = {
        layer: None if getattr(labels, layer) is None else sorted(getattr(labels, layer), key=position)
        for layer in LAYERS
    }
    new_ids = {label.id: f"a{number}" for number, label in enumerate(ordered["attributions"] or (), 1) if label.id}

    def moved(link: str | None) -> str | None:
        return None if link is None else new_ids.get(link, "unresolved")

    return Labels(
        **{
            layer: None
            if found is None
            else tuple(
                [
                    replace(
                        label,
                        id=f"{PREFIX[layer]}{number}",
                        text=surface(article.text, getattr(label, MAIN_PART[layer]), article.markup),
                        **{LINK[layer]: moved(getattr(label, LINK[layer]))},
                    )
                    for number, label in enumerate(found, 1)
                ]
            )
            for layer, found in ordered.items()
        }
    )


__all__ = [
    "article_id",
    "canonical",
    "numbered",
    "position",
    "sentence_classes",
    "surface",
    "surfaces",
    "text_sha256",
    "with_scores",
]
