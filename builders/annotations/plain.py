"""Quotations: the words of a text as a writer gives them, and the places where they stand.

Conventions: a *place* is a half-open pair of offsets in ``Plain.text``: the article's text without markup, one space
for white space, plain quotation marks. ``Plain.at`` leads back. What a writer escapes with a backslash is *shielded*:
it stands as half of a surrogate pair, which no text holds, until ``plainly`` gives it back.
"""

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from allegedly.schemas.records import Article, Span

MARKS = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "‹": "'", "›": "'"}
_PLAIN = str.maketrans({**MARKS, "\xa0": " "})
#: Signs of the format, which mean themselves behind a backslash.
SIGNS = "\\|[]…+#=-?@"
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_SHIELDS = {sign: chr(0xD800 + number) for number, sign in enumerate(SIGNS + _SPACES)}
_SIGNS = str.maketrans({shield: sign for sign, shield in _SHIELDS.items()})
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.)|$)")
#: Words of context that a message shows on either side of a place.
_AROUND = 30
#: From this likeness on, words of the text are offered for words that it does not have.
_ALIKE = 0.6
#: Characters behind the cursor in which these are looked for first; ten times as many from the start of the text.
_REGION = 3000


class Slip(ValueError):
    """Something in a line that does not hold: where in it, what was found, what was expected."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        super().__init__(f"{where}: found {found}, expected {expected}")
        self.where, self.found, self.expected = where, found, expected


def shielded(line: str) -> str:
    """A line with what is escaped in it taken out of the format's way. Slip for a backslash before nothing."""

    def sign(match: re.Match[str]) -> str:
        if match[1] is None and match[2] is None:
            raise Slip("line", "a backslash at the end", "a sign behind it; a backslash of the text is written twice")
        number = int(match[1], 16) if match[1] else ord(match[2])
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            raise Slip("line", match[0], "the hexadecimal number of a character, at most 10FFFF")
        return _SHIELDS.get(chr(number), chr(number))

    return _ESCAPE.sub(sign, line)


def plainly(words: str) -> str:
    """Shielded words as they stand in the text."""
    return words.translate(_SIGNS)


def escaped(words: str, signs: str = "\\|[]…") -> str:
    """Words of a text as a line quotes them."""
    return "".join(f"\\{letter}" if letter in signs else letter for letter in words)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands. ``exact``: the writer said which of several places is meant."""

    low: int
    high: int
    quotation: str = ""
    exact: bool = False
    span: Span | None = None


@dataclass(frozen=True)
class Plain:
    """A text as quotations see it; ``at`` leads back into the article's text."""

    article: Article
    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, article: Article) -> "Plain":
        """The plain text of an article."""
        hidden = {at for start, end in article.markup for at in range(start, end)}
        letters: list[str] = []
        places: list[int] = []
        for at, letter in enumerate(article.text.translate(_PLAIN)):
            if at in hidden or (letter.isspace() and (not letters or letters[-1] == " ")):
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(at)
        return cls(article, "".join(letters), tuple(places))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.article.sentences]

    def sentence(self, low: int) -> int:
        """The number of the sentence in which a place begins; -1 before the first."""
        return bisect_right(self._starts, self.at[low]) - 1 if low < len(self.at) else len(self._starts) - 1

    def place_of(self, offset: int) -> int:
        """Where an offset of the article's text lies in the plain text; of what is hidden, the next place that is not."""
        return bisect_left(self.at, offset)

    def span(self, place: Place) -> Span:
        """The place in the article's text."""
        return place.span or Span(self.at[place.low], self.at[place.high - 1] + 1)

    def place(self, span: Span) -> Place:
        """Where a span of the article's text stands in the plain text; empty where it is all markup or white space."""
        return Place(bisect_left(self.at, span.start), bisect_left(self.at, span.end), exact=True, span=span)

    def around(self, place: Place) -> str:
        """A place with the words around it, for a message."""
        before = self.text[max(0, place.low - _AROUND) : place.low]
        after = self.text[place.high : place.high + _AROUND]
        words = self.text[place.low : place.high]
        words = words if len(words) <= 2 * _AROUND else f"{words[:_AROUND]}…{words[-_AROUND:]}"
        return f"'…{before}[{words}]{after}…'"

    def places(self, quotation: str, start: int) -> Iterator[Place]:
        """Where a quotation stands from ``start`` on, in order. Slip for one that is none."""
        explicit = re.fullmatch(r"#([0-9]{1,9})-([0-9]{1,9})", quotation)
        if explicit:
            yield self._explicit(int(explicit[1]), int(explicit[2]))
            return
        around = re.fullmatch(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)", quotation)
        if around:
            yield from self._bracketed(around[1], around[2], around[3], start, quotation)
            return
        if "[" in quotation or "]" in quotation:
            raise Slip(
                "quotation",
                repr(plainly(quotation)),
                "one pair of brackets around some of the words; a bracket of the text is written \\[ or \\]",
            )
        first, *rest = quotation.split("…")
        for low, high in self._matches(first, start):
            for piece in rest:
                high = next(self._matches(piece, high), (-1, -1))[1]
                if high < 0:
                    return
            yield Place(low, high, quotation)

    def _explicit(self, start: int, end: int) -> Place:
        if not start < end <= len(self.article.text):
            length = len(self.article.text)
            raise Slip(
                "quotation", f"#{start}-{end}", f"a start before its end, which is at most {length}, the text's length"
            )
        return self.place(Span(start, end))

    def _bracketed(self, before: str, words: str, after: str, start: int, quotation: str) -> Iterator[Place]:
        before, after = re.sub(r"\s+", " ", before).lstrip(), re.sub(r"\s+", " ", after).rstrip()
        words = " ".join(words.split())
        for low, _ in self._matches(before + words + after, start):
            yield Place(low + len(before), low + len(before) + len(words), quotation, exact=True)

    def _matches(self, words: str, start: int) -> Iterator[tuple[int, int]]:
        words = " ".join(plainly(words).translate(_PLAIN).split())
        if not words:
            raise Slip("quotation", "no words", "words of the text on either side of … and between [ and ]")
        before = r"(?<!\w)" if re.match(r"\w", words[0]) else ""
        after = r"(?!\w)" if re.match(r"\w", words[-1]) else ""
        pattern = re.compile(f"(?=({before}{re.escape(words)}{after}))")
        for match in pattern.finditer(self.text, start):
            yield match.span(1)

    def first(self, quotation: str, start: int) -> Place:
        """The first place from ``start`` on. Slip where there is none, with the nearest words that there are."""
        place = next(self.places(quotation, start), None)
        if place is not None:
            return place
        shown = repr(plainly(quotation))
        earlier = next(self.places(quotation, 0), None) if start else None
        if earlier is not None:
            raise Slip(
                "quotation",
                f"{shown}, which stands only before the cursor, in {self.around(earlier)}",
                f"words that stand after {self._from(start)}; move back with a line `@@ WORDS`",
            )
        near = self._nearest(quotation, start)
        hint = f"; the nearest there is {near!r}" if near else ""
        raise Slip("quotation", f"{shown}, which the text does not have", f"words of the text{hint}")

    def _from(self, start: int) -> str:
        return repr(self.text[start : start + 2 * _AROUND])

    def _nearest(self, quotation: str, start: int) -> str | None:
        """The run of words from ``start`` on, else anywhere, that is most like the piece that is not there."""
        pieces = [plainly(piece).replace("[", "").replace("]", "") for piece in quotation.split("…")]
        missing = next((piece for piece in pieces if next(self._matches(piece, 0), None) is None), pieces[-1])
        missing = " ".join(missing.translate(_PLAIN).split())
        count = len(missing.split())
        matcher = difflib.SequenceMatcher(None, "", missing, autojunk=False)
        for text in (self.text[start : start + _REGION], self.text[: 10 * _REGION]):
            words = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
            best, nearest = _ALIKE, None
            for number in range(len(words)):
                for size in (count, count + 1, count - 1):
                    if size < 1 or number + size > len(words):
                        continue
                    run = text[words[number][0] : words[number + size - 1][1]]
                    matcher.set_seq1(run)
                    if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                        best, nearest = matcher.ratio(), run
            if nearest is not None:
                return nearest
        return None
