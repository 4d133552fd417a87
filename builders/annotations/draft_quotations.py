"""Spans as a draft quotes them: by their words, by these with others around them, by their offsets.

Conventions: a quotation that does not lead back to its span is none. At the level ``BY_WORDS`` all three are tried in
this order, at ``AMONG_WORDS`` the last two, at ``BY_OFFSETS`` the last.
"""

import re
from collections.abc import Iterator

from allegedly.builders.annotations.draft_places import part
from allegedly.builders.annotations.plain import Place, Plain, Slip, escaped, shielded
from allegedly.schemas.records import Span

BY_WORDS, AMONG_WORDS, BY_OFFSETS = LEVELS = (0, 1, 2)
#: From so many words on, a quotation is written by so many of the first and of the last.
LONG, EDGE = 14, 5
#: Words of context that brackets may have on either side, and characters in which these are looked for.
CONTEXT, NEAR = 8, 200


def piece(plain: Plain, span: Span, level: int, start: int) -> str:
    """What a draft writes for a span that is looked for from ``start`` on."""
    place = plain.place(span)
    if place.low < place.high:
        for words in _candidates(plain, place, level):
            if lead_to(plain, words, start, span):
                return words
    return f"#{span.start}-{span.end}"


def lead_to(plain: Plain, words: str, start: int, span: Span) -> bool:
    """Whether a quotation, looked for from ``start`` on, stands for a span."""
    try:
        places = part(plain, "part", shielded(words), start)
    except Slip:
        return False
    return places is not None and [plain.span(place) for place in places] == [span]


def _candidates(plain: Plain, place: Place, level: int) -> Iterator[str]:
    if level <= BY_WORDS:
        words = quoted(plain, place)
        yield _shortened(words)
        yield words
    if level <= AMONG_WORDS:
        yield from _bracketed(plain, place)


def quoted(plain: Plain, place: Place) -> str:
    """The words of a place, with what the format would take for its own escaped."""
    words = _escaped(plain.text[place.low : place.high])
    return f"\\{words}" if words[:1] in ("#", "=", "-", "?", "@") else words


def _shortened(words: str) -> str:
    pieces = words.split(" ")
    if len(pieces) <= LONG:
        return words
    return f"{' '.join(pieces[:EDGE])}…{' '.join(pieces[-EDGE:])}"


def _escaped(words: str) -> str:
    shown = "".join(letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in escaped(words))
    return re.sub(r"(?:(?<= )|^)\+(?= |$)", r"\\+", shown)


def _bracketed(plain: Plain, place: Place) -> Iterator[str]:
    """The words of a place in brackets, between more and more words around it."""
    low, high = place.low, place.high
    before = [low, *(match.start() for match in re.compile(r"\S+").finditer(plain.text, max(0, low - NEAR), low))]
    before = [before[0], *before[:0:-1]]
    after = [high, *(match.end() for match in re.compile(r"\S+").finditer(plain.text, high, high + NEAR))]
    for count in range(1, 2 * CONTEXT + 1):
        left = before[min((count + 1) // 2, len(before) - 1)]
        right = after[min(count // 2, len(after) - 1)]
        words = [_escaped(plain.text[a:b]) for a, b in ((left, low), (low, high), (high, right))]
        yield f"{words[0]}[{words[1]}]{words[2]}"
