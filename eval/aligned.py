"""Where a quotation stands in a text: word for word, else with other white space, marks or case, else with small slips.

Conventions: offsets are half-open, in code points of the text; places are in order. White space is one space, quotation
marks and dashes of all shapes are the same, markup and signs without width are left out. A place begins and ends at the
ends of words; in scripts without spaces (Chinese, Japanese, Thai, and Korean with its particles) at any character. What
differs by slips has one edited letter for each `LETTERS_A_SLIP` of the quotation at most, and the same digits: a number
that is another one is no slip. All work is counted in steps, and there are as many as the text is long, times a constant:
what a hostile answer has not found by then stands nowhere.

Source: places of slips by the pigeonhole principle (of k + 1 pieces one stands there unchanged) and by furthest-reaching
diagonals around it (Ukkonen 1985, "Algorithms for approximate string matching").
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

#: Letters of a quotation for each slip, the fewest that may hold one, and slips at most.
LETTERS_A_SLIP, FEWEST, MOST_SLIPS = 20, 8, 16
#: Places of one quotation, and of one piece of it, at most.
MOST_PLACES, MOST_HITS = 1000, 50
#: Steps for each character of a text and for each of the quotations looked for, and what every text has beside them.
STEPS_A_CHARACTER, FIRST_STEPS = 64, 50_000
#: Characters that a search looks at in one step.
SCANNED = 16
#: Characters by which an end that lies inside a word may move outwards.
_REACH = 3

_SINGLE, _DOUBLE, _DASHES = "‘’‚‛′`´ʼ＇", "“”„‟″«»＂〝〞", "‐‑‒–—―−－"
_FOLDS = {
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), ""),
    ord("…"): "...",
}
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U000323af]"
)
Place = tuple[int, int]


class Steps:
    """Steps that are left; ``taken`` counts those that were made."""

    def __init__(self, left: int) -> None:
        self.left, self.taken = left, 0

    def take(self, count: int) -> bool:
        """Make so many; False where none are left."""
        if self.left <= 0:
            return False
        self.left -= count
        self.taken += count
        return True


class Folded:
    """A text without what is not compared. ``at[n]`` is where character ``n`` of it stands in the text."""

    def __init__(self, text: str, markup: Sequence[Place] = ()) -> None:
        signs: list[str] = []
        self.at: list[int] = []
        for start, end in _between(markup, len(text)):
            for offset in range(start, end):
                sign = text[offset]
                for one in " " if sign.isspace() else _FOLDS.get(ord(sign), sign):
                    if one != " " or (signs and signs[-1] != " "):
                        signs.append(one)
                        self.at.append(offset)
        self.text = "".join(signs)
        #: The same in lower case, character by character.
        self.lower = "".join(map(_lowered, self.text))

    def place(self, low: int, high: int) -> Place:
        """Where characters of it stand in the text."""
        return self.at[low], self.at[high - 1] + 1


class Text:
    """A text in which quotations are looked for."""

    def __init__(self, text: str, markup: Sequence[Place] = ()) -> None:
        self.text, self.markup = text, markup
        self.steps = Steps(FIRST_STEPS + STEPS_A_CHARACTER * len(text))
        self._folded: Folded | None = None
        self._known: dict[str, list[Place]] = {}

    @property
    def folded(self) -> Folded:
        """The text without what is not compared, made when it is first needed."""
        if self._folded is None:
            self._folded = Folded(self.text, self.markup)
        return self._folded

    def places(self, quotation: str) -> list[Place]:
        """All places of a quotation; empty where it stands nowhere, or no steps are left."""
        if quotation not in self._known:
            # what is much longer than the text stands nowhere, and buys no steps
            long = len(quotation) > 2 * len(self.text) + FEWEST
            if not long:
                self.steps.left += STEPS_A_CHARACTER * min(len(quotation), len(self.text))
            self._known[quotation] = [] if long else self._places(quotation.strip())
        return self._known[quotation]

    def _places(self, quotation: str) -> list[Place]:
        if not quotation:
            return []
        exact = list(_whole(self.text, self._found(self.text, quotation), len(quotation)))
        if exact:
            return exact
        folded, sought = self.folded, Folded(quotation).text.strip()
        if not sought:
            return []
        lower = "".join(map(_lowered, sought))
        for text, words in ((folded.text, sought), (folded.lower, lower)):
            starts = _whole(text, self._found(text, words), len(words))
            if places := [folded.place(low, high) for low, high in starts]:
                return places
        return sorted({self._outwards(folded.place(*place)) for place in self._aligned(lower)})

    def _found(self, text: str, words: str) -> Iterator[int]:
        """Where words begin, overlapping places too."""
        start = text.find(words)
        before = 0
        while self.steps.take(1 + ((len(text) if start < 0 else start) - before + len(words)) // SCANNED):
            if start < 0:
                return
            yield start
            before, start = start, text.find(words, start + 1)

    def _aligned(self, words: str) -> list[Place]:
        """Places in the folded text of those with the fewest slips, none of which overlaps another."""
        most = min(MOST_SLIPS, max(1, len(words) // LETTERS_A_SLIP))
        if len(words) < FEWEST:
            return []
        found: dict[Place, int] = {}
        tried: set[int] = set()
        for begin, piece in _pieces(words, most + 1):
            for hit in islice(self._found(self.folded.lower, piece), MOST_HITS):
                # what lies on a diagonal that was tried is the same place
                if hit - begin not in tried:
                    tried.add(hit - begin)
                    place = self._around(words, begin, len(piece), hit, most)
                    if place is not None:
                        low, high, slips = place
                        found[low, high] = min(slips, found.get((low, high), slips))
        fewest = min(found.values(), default=0)
        apart: list[Place] = []
        for low, high in sorted(place for place, slips in found.items() if slips == fewest):
            if not apart or low >= apart[-1][1]:
                apart.append((low, high))
        return apart

    def _around(self, words: str, begin: int, length: int, hit: int, most: int) -> tuple[int, int, int] | None:
        """The place around a piece that stands unchanged, and how many slips it has."""
        text = self.folded.lower
        reach = begin + most
        before = text[max(0, hit - reach) : hit][::-1]
        left = extended(words[:begin][::-1], before, most, self.steps)
        if left is None:
            return None
        end = begin + length
        after = text[hit + length : hit + length + len(words) - end + most]
        right = extended(words[end:], after, most - left[0], self.steps)
        if right is None:
            return None
        low, high = hit - left[1], hit + length + right[1]
        if _digits(text[low:high]) != _digits(words):
            return None
        return low, high, left[0] + right[0]

    def _outwards(self, place: Place) -> Place:
        """A place whose ends, where they lie inside a word, are those of the word."""
        start, end = place
        for low in range(start, max(-1, start - _REACH - 1), -1):
            if not _inside(self.text, low):
                start = low
                break
        for high in range(end, min(len(self.text), end + _REACH) + 1):
            if not _inside(self.text, high):
                end = high
                break
        return start, end


def extended(words: str, text: str, most: int, steps: Steps) -> tuple[int, int] | None:
    """How many edits make all the words of a beginning of the text, and how long that is; None where it takes more
    than ``most``. ``far[d]`` is how much of the words is read on diagonal ``d`` (place in the text less that in the
    words)."""
    far: dict[int, int] = {}
    for edits in range(most + 1):
        reached: dict[int, int] = {}
        for diagonal in sorted(range(-edits, edits + 1), key=abs):
            read = 0 if edits == 0 else max(far.get(d, -1) + more for d, more in _ways(diagonal))
            read = min(read, len(words), len(text) - diagonal)
            if read < 0 or read + diagonal < 0:
                continue
            slid = read
            while slid < len(words) and slid + diagonal < len(text) and words[slid] == text[slid + diagonal]:
                slid += 1
            if not steps.take(1 + slid - read):
                return None
            if slid == len(words):
                return edits, slid + diagonal
            reached[diagonal] = slid
        far = reached
    return None


def _ways(diagonal: int) -> tuple[tuple[int, int], ...]:
    """From which diagonals one edit leads here, and how much of the words it reads: another letter, one too many in the
    text, one missing there."""
    return (diagonal, 1), (diagonal - 1, 0), (diagonal + 1, 1)


def _pieces(words: str, count: int) -> Iterator[tuple[int, str]]:
    """Words cut into pieces of nearly equal lengths, each with where it begins."""
    bounds = [len(words) * number // count for number in range(count + 1)]
    for low, high in pairwise(bounds):
        yield low, words[low:high]


def _whole(text: str, starts: Iterator[int], length: int) -> Iterator[Place]:
    """The first places that begin and end where words do."""
    whole = ((start, start + length) for start in starts if _apart(text, start, start + length))
    return islice(whole, MOST_PLACES)


def _apart(text: str, start: int, end: int) -> bool:
    return not _inside(text, start) and not _inside(text, end)


def _inside(text: str, offset: int) -> bool:
    """Whether an offset lies inside a word of a script that has spaces."""
    if not 0 < offset < len(text):
        return False
    pair = text[offset - 1 : offset + 1]
    return pair[0].isalnum() and pair[1].isalnum() and not _UNSPACED.search(pair)


def _between(markup: Sequence[Place], length: int) -> Iterator[Place]:
    """The stretches of a text between its markup."""
    start = 0
    for low, high in markup:
        yield start, low
        start = high
    yield start, length


def _lowered(sign: str) -> str:
    lower = sign.lower()
    return lower if len(lower) == 1 else sign


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
