"""Drafts, written: an article as a form to fill in, and labels as the lines that read back as them.

Conventions: every line is read as it is written, by what reads drafts; the shortest of its forms that gives the label
back without a note is taken: by words, by words with others around them, by offsets. Labels stand in order of sentence,
attributions before speculations before claims.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from allegedly.builders.annotations import draft_places, draft_quotations, draft_words, drafts
from allegedly.builders.annotations.draft_head import Head
from allegedly.builders.annotations.draft_places import EMPTY, NULL
from allegedly.builders.annotations.draft_quotations import BY_OFFSETS, LEVELS, quoted
from allegedly.builders.annotations.plain import Place, Plain, Slip
from allegedly.builders.annotations.quoted import Quoted
from allegedly.schemas.derive import numbered, position, surface
from allegedly.schemas.records import LABELS, LAYERS, Article, Labels, Part, Span

ORDER = ("attributions", "speculations", "claims")
LETTER = {layer: letter for letter, layer in drafts.KINDS.items()}
#: Words of a sentence by which the cursor is moved to it.
LEAST, MOST = 3, 12


def form(article: Article, labels: Labels | None = None, about: Sequence[str] = ()) -> str:
    """A draft of an article: its head, its text in comments, then its labels; of labels that cover no layer, a form
    for all layers.

    ``about`` are lines of comment above. Labels are those of one annotator; ``by`` is not told.
    """
    labels = Labels() if labels is None else numbered(labels, article)
    covered = [layer for layer in ORDER if getattr(labels, layer) is not None]
    head = [f"article: {article.id}", f"layers: {', '.join(covered or ORDER)}"]
    if covered and not any(getattr(labels, layer) for layer in covered):
        head.append("labels: none")
    text = [f"# {line}".rstrip() for line in _text(article)]
    return "\n".join([*(f"# {line}" for line in about), *head, "#", *text, "", *_lines(article, labels), ""])


def _text(article: Article) -> Iterator[str]:
    """The text, a sentence a line, below the kind of its block."""
    for block in article.blocks:
        inner = [span for span in article.sentences if block.start <= span.start < block.end]
        yield f"[{block.kind}]"
        for span in inner or [Span(block.start, block.end)]:
            yield surface(article.text, (span,), article.markup)
    if not article.blocks:
        yield surface(article.text, (Span(0, len(article.text)),), article.markup)


def _lines(article: Article, labels: Labels) -> Iterator[str]:
    plain = Plain.of(article)
    reading = drafts.Reading(Quoted.of(plain), Head())
    speakers: dict[Part | None, str] = {}
    ordered = [
        (plain.sentence(low), ORDER.index(layer), number, low, layer, label)
        for layer in ORDER
        for number, label in enumerate(getattr(labels, layer) or ())
        for low in [plain.place(position(label)[0]).low]
    ]
    before = None
    for sentence, _, _, low, layer, label in sorted(ordered, key=lambda each: each[:3]):
        if sentence != before:
            yield from ["", *_moved(reading, sentence, low)][before is None :]
        yield _line(reading, layer, label, speakers)
        before = sentence


def _moved(reading: drafts.Reading, sentence: int, low: int) -> Iterator[str]:
    """The line that moves the cursor to a sentence, in which a place begins; moves it."""
    plain = reading.plain
    start = min(low, plain.place_of(plain.article.sentences[sentence].start) if sentence >= 0 else 0)
    ends = [match.end() for match in re.compile(r"\S+").finditer(plain.text, start, start + 200)]
    for end in ends[LEAST - 1 : MOST]:
        words = quoted(plain, Place(start, end))
        if draft_quotations.lead_to(plain, words, reading.cursor, plain.span(Place(start, end))):
            yield f"@ {words}"
            break
    else:
        if start < len(plain.text):
            yield f"@ #{plain.at[start]}-{plain.at[start] + 1}"
    reading.cursor = start


def _line(reading: drafts.Reading, layer: str, label: Any, speakers: dict[Part | None, str]) -> str:
    """The shortest line that gives a label back, and no note."""
    for level in LEVELS:
        line = _written(reading, layer, label, speakers, level)
        trial = replace(reading, labels={name: [] for name in LAYERS}, ids={}, same={}, links=[], notes=[])
        try:
            drafts.take(trial, line)
        except Slip:
            if level == BY_OFFSETS:
                raise
            continue
        if not trial.notes:
            break
    reading.content = trial.content
    if layer == "attributions":
        speakers.setdefault(label.speaker, label.id)
    return line


def _written(reading: drafts.Reading, layer: str, label: Any, speakers: dict[Part | None, str], level: int) -> str:
    plain, parts = reading.plain, {name: getattr(label, name) for name in LABELS[layer].PARTS}
    fields = {name: _part(plain, part, level, reading.cursor) for name, part in parts.items()}
    link = None
    if layer == "claims" and level < BY_OFFSETS and reading.content and _is_bare(reading, label.extent):
        fields, link = {"extent": drafts.SAME}, reading.content[0]
    if layer == "attributions":
        fields.update(id=label.id, speaker=_speaker(reading, label, speakers, level))
    places = {name: None if part is None else tuple(map(plain.place, part)) for name, part in parts.items()}
    given = drafts.defaults(reading, layer, places, link)
    fields["attributes"] = draft_words.written(layer, {key: getattr(label, key) for key in given}, given)
    row = [fields[name] for name in drafts.FIELDS[layer] if name in fields]
    while len(row) > drafts.NEEDED[layer] and not row[-1]:
        row.pop()
    separator = " " if layer == "attributions" else " | "
    return f"{LETTER[layer]}{separator}{' | '.join(row)}".rstrip()


def _is_bare(reading: drafts.Reading, extent: Part | None) -> bool:
    """Whether a claim's extent is what ``=`` stands for."""
    bare = tuple(reading.quoted.bare(reading.content[1])) if reading.content else ()
    return bool(bare) and extent == draft_places.spans(reading.plain, bare)


def _part(plain: Plain, part: Part | None, level: int, start: int) -> str:
    """A part as a line quotes it."""
    if part is None:
        return NULL
    pieces = []
    for span in part:
        pieces.append(draft_quotations.piece(plain, span, level, start))
        start = max(start, plain.place(span).high)
    return " + ".join(pieces)


def _speaker(reading: drafts.Reading, label: Any, speakers: dict[Part | None, str], level: int) -> str:
    """The field of a speaker: nothing for the source as it stands, else the words; where these would be offsets, another
    attribution with the same."""
    if label.speaker == label.source and drafts.says_who(reading.plain.article, label.source):
        return ""
    if not label.speaker:
        return NULL if label.speaker is None else EMPTY
    words = _part(reading.plain, label.speaker, level, 0)
    return f"={speakers[label.speaker]}" if "#" in words and label.speaker in speakers else words
