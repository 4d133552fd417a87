"""Drafts, written: an article as a form to fill in, and labels as the lines that read back as them.

Conventions: every line is read as it is written, by what reads drafts; the shortest of its forms that gives the label
back without a note is taken. Labels stand in order of sentence, attributions before speculations before claims.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from allegedly.builders.annotations import draft_words, drafts
from allegedly.builders.annotations.plain import Place, Plain, Slip, escaped
from allegedly.builders.annotations.quoted import Quoted
from allegedly.schemas.derive import numbered, position, surface
from allegedly.schemas.records import LABELS, LAYERS, Article, Labels, Part, Span

#: From so many words on, a quotation is written by its first and last ones.
LONG, EDGE = 14, 5
#: Words of context, on either side, that brackets may take.
MOST = 8
ORDER = ("attributions", "speculations", "claims")
LETTER = {layer: letter for letter, layer in drafts.KINDS.items()}


def form(article: Article, labels: Labels | None = None, about: Sequence[str] = ()) -> str:
    """A draft of an article: its head, its text in comments, then its labels; without labels, a form for all layers.
    ``about`` are lines of comment above."""
    layers = LAYERS if labels is None else [layer for layer in LAYERS if getattr(labels, layer) is not None]
    head = [f"article: {article.id}", f"layers: {', '.join(layer for layer in ORDER if layer in layers)}"]
    comments = [f"# {line}" for line in about]
    lines = [*comments, *head, "#", *(f"# {line}".rstrip() for line in _text(article)), ""]
    return "\n".join([*lines, *_lines(article, labels or Labels())]) + "\n"


def _text(article: Article) -> Iterator[str]:
    """The text, a sentence a line, below the kind of its block."""
    sentences = article.sentences
    for block in article.blocks:
        yield f"[{block.kind}]"
        inner = [span for span in sentences if block.start <= span.start < block.end]
        for span in inner or [Span(block.start, block.end)]:
            yield surface(article.text, (span,), article.markup)
    if not article.blocks:
        yield surface(article.text, (Span(0, len(article.text)),), article.markup)


def _lines(article: Article, labels: Labels) -> Iterator[str]:
    plain = Plain.of(article)
    labels = numbered(labels, article)
    reading = drafts.Reading(Quoted.of(plain), drafts.Head())
    attributions = labels.attributions or ()
    reading.ids = {label.id for label in attributions}
    speakers: dict[str, str] = {}
    ordered = [
        (plain.sentence(plain.place(position(label)[0]).low), ORDER.index(layer), number, layer, label)
        for layer in ORDER
        for number, label in enumerate(getattr(labels, layer) or ())
    ]
    sentence = None
    for here, _, _, layer, label in sorted(ordered, key=lambda each: each[:3]):
        if here != sentence:
            yield from _moved(reading, plain.place(position(label)[0]).low, first=sentence is None)
            sentence = here
        yield _line(reading, layer, label, speakers)


def _moved(reading: drafts.Reading, low: int, *, first: bool) -> Iterator[str]:
    """The line that moves the cursor to the sentence in which a place lies."""
    plain = reading.plain
    number = plain.sentence(low)
    start = plain.place_of(plain.article.sentences[number].start) if number >= 0 else 0
    start = min(start, low)
    if not first:
        yield ""
    if start >= len(plain.text):
        return
    words = [match.end() + start for match in re.finditer(r"\S+", plain.text[start : start + 200])]
    for end in words[2:12]:
        line = f"@ {_quoted(plain, Place(start, end))}"
        if _moves(reading, line) == start:
            yield line
            break
    else:
        place = f"#{plain.at[start]}-{plain.at[start] + 1}"
        yield f"@ {place}"
        start = plain.first(place, 0).low
    reading.cursor = start


def _moves(reading: drafts.Reading, line: str) -> int | None:
    trial = replace(reading)
    try:
        drafts.take(trial, line)
    except Slip:
        return None
    return trial.cursor


def _line(reading: drafts.Reading, layer: str, label: Any, speakers: dict[str, str]) -> str:
    """The shortest line that gives a label back, and no note."""
    for level in (0, 1, 2):
        line = _written(reading, layer, label, speakers, level)
        trial = _trial(reading)
        try:
            drafts.take(trial, line)
        except Slip:
            continue
        if trial.notes and level < 2:
            continue
        reading.content = trial.content
        if layer == "attributions":
            speakers.setdefault(_key(label.speaker), label.id)
        return line
    raise AssertionError(f"{layer}: {label}: no line gives it back")


def _trial(reading: drafts.Reading) -> drafts.Reading:
    return drafts.Reading(reading.quoted, reading.head, cursor=reading.cursor, content=reading.content)


def _key(part: Part | None) -> str:
    return repr(part)


def _written(reading: drafts.Reading, layer: str, label: Any, speakers: dict[str, str], level: int) -> str:
    found = {name: _places(reading.plain, getattr(label, name)) for name in LABELS[layer].PARTS}
    fields = [_part(reading, getattr(label, name), level) for name in LABELS[layer].PARTS]
    link = None
    if layer == "claims" and level < 2 and _is_bare(reading, label.extent):
        fields, link = [drafts.SAME], reading.content[0] if reading.content else None
    if layer == "attributions":
        fields = [label.id, *fields]
    given = drafts.defaults(reading, layer, found, link)
    attributes = {key: getattr(label, key) for key in given}
    if layer == "attributions" and attributes["scheme"] == "":
        pass
    fields.append(draft_words.written(layer, attributes, given))
    if layer == "attributions":
        fields.append(_speaker(reading, label, speakers, level))
    while not fields[-1]:
        fields.pop()
    kept = {"attributions": 4, "speculations": 2, "claims": 1}[layer]
    fields += [""] * (kept - len(fields))
    head = f"{LETTER[layer]} " if layer == "attributions" else f"{LETTER[layer]} | "
    return (head + " | ".join(fields)).rstrip()


def _is_bare(reading: drafts.Reading, extent: Part | None) -> bool:
    if reading.content is None or not extent:
        return False
    return extent == drafts.spans(reading.plain, tuple(reading.quoted.bare(reading.content[1])))


def _places(plain: Plain, part: Part | None) -> tuple[Place, ...] | None:
    return None if part is None else tuple(plain.place(span) for span in part)


def _part(reading: drafts.Reading, part: Part | None, level: int, start: int | None = None) -> str:
    """A part as a line quotes it: by its words, at level 1 with words around them, at level 2 by its offsets."""
    if part is None:
        return drafts.NULL
    start = reading.cursor if start is None else start
    pieces = []
    for span in part:
        piece = _piece(reading.plain, span, level, start)
        pieces.append(piece)
        start = max(start, reading.plain.place(span).high)
    return " + ".join(pieces)


def _piece(plain: Plain, span: Span, level: int, start: int) -> str:
    place = plain.place(span)
    for candidate in _candidates(plain, place, level) if place.low < place.high else ():
        if _gives(plain, candidate, span, start):
            return candidate
    return f"#{span.start}-{span.end}"


def _gives(plain: Plain, candidate: str, span: Span, start: int) -> bool:
    try:
        (pieces,) = [drafts.part(drafts.Reading(Quoted(plain, ()), drafts.Head()), "part", candidate, start)]
    except Slip:
        return False
    return pieces is not None and [plain.span(place) for place in pieces] == [span]


def _candidates(plain: Plain, place: Place, level: int) -> Iterator[str]:
    if level == 0:
        yield _quoted(plain, place, long=True)
        yield _quoted(plain, place)
    if level < 2:
        yield from _bracketed(plain, place)


def _quoted(plain: Plain, place: Place, *, long: bool = False) -> str:
    """The words of a place; of a long one the first and the last."""
    words = [_escaped(word) for word in plain.text[place.low : place.high].split()]
    if long and len(words) > LONG:
        words = [*words[: EDGE - 1], f"{words[EDGE - 1]}…{words[-EDGE]}", *words[1 - EDGE :]]
    line = " ".join(words)
    return "\\" + line if line[:1] in ("#", "=", "-", "?") else line


def _escaped(word: str) -> str:
    if word == "+":
        return "\\+"
    return "".join(letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in escaped(word))


def _bracketed(plain: Plain, place: Place) -> Iterator[str]:
    """The words of a place in brackets, between more and more words around it."""
    before = [match.start() for match in re.finditer(r"\S+", plain.text[max(0, place.low - 200) : place.low])]
    lows = [max(0, place.low - 200) + offset for offset in before][::-1][:MOST]
    after = [place.high + m.end() for m in re.finditer(r"\S+", plain.text[place.high : place.high + 200])][:MOST]
    inner = _spaced(plain, place.low, place.high)
    for count in range(1, 2 * MOST + 1):
        left, right = (count + 1) // 2, count // 2
        low = lows[min(left, len(lows)) - 1] if lows and left else place.low
        high = after[min(right, len(after)) - 1] if after and right else place.high
        yield f"{_spaced(plain, low, place.low)}[{inner}]{_spaced(plain, place.high, high)}"


def _spaced(plain: Plain, low: int, high: int) -> str:
    """Words with the space around them as it is."""
    return "".join(letter if letter == " " else _escaped(letter) for letter in plain.text[low:high])


def _speaker(reading: drafts.Reading, label: Any, speakers: dict[str, str], level: int) -> str:
    """The field of a speaker: nothing for the source as it stands, another attribution with the same, else the words."""
    if label.speaker is None:
        return drafts.NULL if label.source is not None else ""
    words = [reading.plain.article.text[start:end].lower() for start, end in label.source or ()]
    if label.speaker == label.source and not (len(words) == 1 and words[0] in drafts.PRONOUNS):
        return ""
    if not label.speaker:
        return drafts.EMPTY
    written = _part(reading, label.speaker, level, 0)
    if "#" in written and _key(label.speaker) in speakers:
        return f"={speakers[_key(label.speaker)]}"
    return written
