"""What of an article stands in quotation marks, and what that says of a content: its form, and its bare words.

Conventions: places in ``Plain.text``. An apostrophe is no mark: one inside a word, after the s of a plural, before a
number or a clipped word. A quotation over paragraphs opens in each and closes in the last. Pairs are looked for inside
one block; nested ones count too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from allegedly.builders.annotations.plain import Place, Plain

_OPENING, _CLOSING = "“„«‘‚‹", "”»’›"
_CLIPPED = re.compile(r"'(?:\d|(?:em|tis|twas|til|cause|round|n|cos)\b)", re.I)
_BEFORE = re.compile(r"[\s(\[{—–\-/\"']")
_BEFORE_MARKS = re.compile(r"(?:that|to|whether) (?=[\"'])", re.I)
#: A full stop that belongs to the word before it.
_ABBREVIATED = re.compile(
    r"(?:(?<!\w)(?:\w\.)+\w"
    r"|(?<!\w)(?:Mr|Mrs|Ms|Dr|Drs|Prof|Inc|Ltd|Corp|Co|Cos|Bros|Jr|Sr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Maj|Rev|Hon"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|Tues|Thurs|Fri|Ave|Blvd|Rd|Mt|Ft|vs|etc|al|approx|est))\.$"
)


class Quotation(NamedTuple):
    """Words in quotation marks, marks included. ``closed`` False: no mark ends it."""

    low: int
    high: int
    closed: bool = True


def quotations(plain: Plain) -> list[Quotation]:
    """All that stands in quotation marks, nested ones too, in order of their ends."""
    bounds = [(plain.place_of(block.start), plain.place_of(block.end)) for block in plain.article.blocks]
    pairs: list[Quotation] = []
    before = ""
    for number, (low, high) in enumerate(bounds or [(0, len(plain.text))], 1):
        after = bounds[number][0] if number < len(bounds) else len(plain.text)
        before = _pair(plain, low, high, before, plain.text[after : after + 1], pairs)
    return pairs


def _pair(plain: Plain, low: int, high: int, before: str, following: str, pairs: list[Quotation]) -> str:
    """Adds the pairs of one block; gives the mark that it leaves open. ``before``: the mark that the block before left
    open; ``following``: the first sign of the next block."""
    text, stack = plain.text, list[int]()
    high = low + len(text[low:high].rstrip())
    for offset in range(low, high):
        mark = text[offset]
        if mark not in "\"'":
            continue
        opens, closes = _shape(plain, offset, low, high)
        depth = next((n for n in range(len(stack) - 1, -1, -1) if text[stack[n]] == mark), -1)
        if closes and depth >= 0 and not (mark == "'" and _plural(text, offset, high)):
            pairs.append(Quotation(stack[depth], offset + 1))
            del stack[depth:]
        elif opens:
            stack.append(offset)
        elif closes and mark == before and mark == '"':
            pairs.append(Quotation(low, offset + 1))
            before = ""
    unclosed = next((offset for offset in stack if text[offset] == '"' or text[offset] == following), None)
    if unclosed is None:
        return ""
    pairs.append(Quotation(unclosed, high, closed=False))
    return text[unclosed]


def _shape(plain: Plain, offset: int, low: int, high: int) -> tuple[bool, bool]:
    """Whether a mark can open a quotation where it stands, and whether it can close one."""
    text, sign = plain.text, plain.article.text[plain.at[offset]]
    before = text[offset - 1] if offset > low else " "
    after = text[offset + 1] if offset + 1 < high else " "
    opens = bool(_BEFORE.match(before)) and not after.isspace()
    closes = not before.isspace() and not after.isalnum()
    if text[offset] == "'":
        inside = before.isalnum() and after.isalnum()
        opens = opens and not _CLIPPED.match(text, offset) and sign != "’"
        return opens and not inside, closes and not inside and sign not in _OPENING
    if sign in _OPENING:
        return True, False
    if sign in _CLOSING:
        return False, True
    return opens, closes or not opens


def _plural(text: str, offset: int, high: int) -> bool:
    """Whether a mark that could close a quotation is the apostrophe of a plural: a later one closes it."""
    if text[offset - 1] not in "sS" or not re.match(r"' [a-z]", text[offset : offset + 3]):
        return False
    later = re.compile(r"(?<!\w)'|'(?!\w)").search(text, offset + 1, high)
    return later is not None and not text[later.start() - 1].isspace()


@dataclass(frozen=True)
class Quoted:
    """A plain text with what stands in quotation marks in it."""

    plain: Plain
    quotations: tuple[Quotation, ...]

    @classmethod
    def of(cls, plain: Plain) -> "Quoted":
        """The quotations of a text."""
        return cls(plain, tuple(quotations(plain)))

    def form(self, places: Sequence[Place]) -> str:
        """The form of a content: ``direct`` where all its words stand in quotation marks that belong to it, a "that", "to"
        or "whether" before them aside, ``mixed`` where some do, ``indirect`` where none does. Marks around more than the
        content belong to somebody else's."""
        own = [each for each in self.quotations if any(_belongs(each, place) for place in places)]
        words = quoted = 0
        for place in places:
            before = _BEFORE_MARKS.match(self.plain.text, place.low, place.high)
            for offset in range(before.end() if before else place.low, place.high):
                if self.plain.text[offset].isalnum():
                    words += 1
                    quoted += any(each.low < offset < each.high for each in own)
        if not quoted:
            return "indirect"
        return "direct" if quoted == words else "mixed"

    def bare(self, places: Sequence[Place]) -> Iterator[Place]:
        """The places of a content without the word "that", the quotation marks and the final stop around them."""
        for number, place in enumerate(places):
            low = self._begin(place.low, place.high, number == 0)
            high = self._end(low, place.high)
            if any(map(str.isalnum, self.plain.text[low:high])):
                yield Place(low, high, exact=True)

    def _begin(self, low: int, high: int, first: bool) -> int:
        text = self.plain.text
        end = low + len(text[low:high].rstrip(" .,;\"'"))
        while low < end:
            if text[low] == " " or (text[low] in "\"'" and self._wraps(low, end)):
                low += 1
            elif first and text.startswith("that ", low) and low + 5 < end:
                low, first = low + 5, False
            else:
                break
        return low

    def _wraps(self, low: int, end: int) -> bool:
        """Whether a mark opens a quotation that goes on to the end of the words, or closes one that began before."""
        return any(
            (each.low == low and (not each.closed or each.high > end)) or (each.closed and each.high == low + 1)
            for each in self.quotations
        )

    def _end(self, low: int, high: int) -> int:
        text = self.plain.text
        while low < high:
            mark = text[high - 1]
            stop = mark in " ,;" or (mark == "." and not _ABBREVIATED.search(text[low:high]))
            closing = mark in "\"'" and any(
                each.closed and each.high == high and each.low < low for each in self.quotations
            )
            if not stop and not closing:
                break
            high -= 1
        return high


def _belongs(quotation: Quotation, place: Place) -> bool:
    """Whether a mark of the quotation stands in the place, or both stand directly around it."""
    closing = quotation.high - 1 if quotation.closed else quotation.high
    inside = place.low <= quotation.low < place.high or (quotation.closed and place.low <= closing < place.high)
    return inside or (quotation.low == place.low - 1 and closing == place.high)
