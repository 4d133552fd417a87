"""The parts of a label in a draft: quotations to places, and whether these are the places that were meant.

Conventions: a part is looked for from the cursor on, each of its pieces behind the one before. ``?`` is a part that
nobody annotated, nothing or ``-`` an empty one.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from allegedly.builders.annotations.plain import Place, Plain, Slip, plainly
from allegedly.builders.annotations.quoted import Quoted
from allegedly.schemas.records import Part

NULL, EMPTY = "?", "-"
#: Parts of a label that lie more sentences apart are taken for a slip.
APART = 3


def part(plain: Plain, name: str, quotation: str, start: int) -> tuple[Place, ...] | None:
    """The places of a part; None for one that nobody annotated. Slip where it does not stand there."""
    if quotation == NULL:
        return None
    if quotation in ("", EMPTY):
        return ()
    places: list[Place] = []
    for piece in re.split(r"\s\+(?=\s)", f" {quotation} "):
        if not piece.strip():
            raise Slip(name, repr(plainly(quotation)), "words on either side of +; a + of the text is written \\+")
        places.append(place(plain, name, piece.strip(), start))
        start = max(start, places[-1].high)
    for before, after in pairwise(places):
        if plain.span(after).start < plain.span(before).end:
            raise Slip(name, plain.around(after), f"a piece behind {plain.around(before)}")
    return tuple(places)


def place(plain: Plain, name: str, quotation: str, start: int) -> Place:
    """The first place of a quotation from ``start`` on. Slip, which names the part, where there is none."""
    try:
        return plain.first(quotation, start)
    except Slip as slip:
        raise Slip(name, slip.found, slip.expected) from None


def spans(plain: Plain, places: Sequence[Place] | None) -> Part | None:
    """Places as spans of the article's text."""
    return None if places is None else tuple(plain.span(place) for place in places)


def check(quoted: Quoted, found: Mapping[str, Sequence[Place]], cursor: int) -> list[str]:
    """Notes on places beside which the same words stand elsewhere. Slip where parts lie too far apart. Parts are not
    empty."""
    plain = quoted.plain
    reach = {name: _reach(plain, places) for name, places in found.items()}
    for name, places in found.items():
        for other, (_, last) in reach.items():
            apart = reach[name][0] - last
            if apart > APART and not (places[0].exact or found[other][-1].exact):
                raise Slip(
                    name,
                    f"{plain.around(places[0])}, {apart} sentences behind the {other}, {plain.around(found[other][-1])}",
                    f"parts at most {APART} sentences apart; move the cursor with @ to where the label begins, or write "
                    "`before [words] after` where the far place is meant",
                )
    notes = []
    for name, places in found.items():
        rest = [sentence for other, reached in reach.items() if other != name for sentence in reached]
        notes += _ambiguous(plain, name, places, rest, cursor)
        notes += [_long(plain, name, place) for place in places if _is_long(quoted, place)]
    return notes


def _reach(plain: Plain, places: Sequence[Place]) -> tuple[int, int]:
    """The first and the last sentence of a part."""
    return (
        min(plain.sentence(place.low) for place in places),
        max(plain.sentence(max(place.high - 1, place.low)) for place in places),
    )


def _is_long(quoted: Quoted, place: Place) -> bool:
    """Whether a quotation that is no direct speech runs over so many sentences that its end may be another than meant."""
    first, last = _reach(quoted.plain, (place,))
    return not place.exact and last - first > APART and quoted.form((place,)) != "direct"


def _long(plain: Plain, name: str, place: Place) -> str:
    first, last = _reach(plain, (place,))
    end = plain.around(Place(place.high - 1, place.high))
    return f"{name}: {plainly(place.quotation)!r} runs over {last - first + 1} sentences, to {end}"


def _ambiguous(plain: Plain, name: str, places: Sequence[Place], rest: Sequence[int], start: int) -> list[str]:
    """Notes on the pieces of a part that also stand elsewhere in their sentence or, of the first piece, between it and
    the sentences of the other parts."""
    notes = []
    for number, place in enumerate(places):
        sentence = plain.sentence(place.low)
        if not place.exact:
            around = [sentence, *(rest if number == 0 else ())]
            behind = number == 0 and bool(rest) and sentence > max(rest)
            for other in plain.places(place.quotation, 0 if behind else start):
                if other.low != place.low and min(around) <= plain.sentence(other.low) <= max(around):
                    notes.append(
                        f"{name}: {plainly(place.quotation)!r} is taken in {plain.around(place)}, and stands in "
                        f"{plain.around(other)} too; say which with `before [words] after`"
                    )
                    break
        start = max(start, place.high)
    return notes
