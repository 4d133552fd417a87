"""Words of an article with their classes, sentences and quotations: what all rules look at.

Conventions: indices count tokens; offsets count code points of the text. Markup is read as white space, so that no
token begins or ends in it. Only what lies in a sentence has tokens. After the last token of each sentence stands a
token of class ``Z`` without width.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from allegedly.builders.labellers._classes import word_class
from allegedly.builders.text.markup import masked
from allegedly.schemas.records import SENTENCE_BLOCKS, Article, Span

#: Marks that stand on the letter before them, where a text is decomposed ("ü" as "u" and two dots).
MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_WORD = rf"(?:[^\W_]++[{MARKS}]*+)++"
_TOKEN = re.compile(
    rf"{_WORD}(?:(?:[-.&]|(?<=\d)(?:,(?=\d{{3}}(?!\d))|:(?=\d\d(?!\d)))){_WORD})*+|['’](?:s|t|d|ll|re|ve|m)\b|''|``|‘‘|’’|\.\.\.|--|\S"
)

#: Sentences are read in stretches of at most so many tokens, so that a text without an end costs no more than one with.
LONGEST = 220
_CLOCK = re.compile(r"\d\d?[:.]\d\d")
_ABBREVIATION = re.compile(r"(?<=N)\.(?![Z\"'.])")


class Tokens:
    """The tokens of an article, as parallel lists."""

    __slots__ = (
        "ends",
        "first_name",
        "kinds",
        "lasts",
        "paragraph_ends",
        "quotes",
        "sentences",
        "starts",
        "text",
        "words",
    )

    def __init__(self, article: Article) -> None:
        text = masked(article.text, article.markup)
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.words: list[str] = []
        #: First token of each sentence, and its end mark (class Z).
        self.sentences: list[tuple[int, int]] = []
        #: End marks that also end a paragraph.
        self.paragraph_ends: set[int] = set()
        kinds: list[str] = []
        starts, ends, words = self.starts, self.ends, self.words
        for start, end, last in _inside(article):
            spans = word_spans(text, start, end)
            raw = [text[left:right] for left, right in spans]
            if not text.isascii():
                raw = [word if word.isascii() else composed(word) for word in raw]
            for begin in range(0, len(spans), LONGEST):
                piece, surfaces = spans[begin : begin + LONGEST], raw[begin : begin + LONGEST]
                first = len(starts)
                starts += [left for left, _ in piece]
                ends += [right for _, right in piece]
                kinds += map(word_class, surfaces)
                words += map(str.lower, surfaces)
                self.sentences.append((first, len(starts)))
                starts.append(ends[-1])
                ends.append(ends[-1])
                words.append("")
                kinds.append("Z")
            if last and starts:
                self.paragraph_ends.add(len(starts) - 1)
        # a full stop inside a sentence belongs to the abbreviation before it
        self.kinds = _ABBREVIATION.sub("N", "".join(kinds))
        #: The first token of the first name of two words; behind the last token where there is none.
        self.first_name = self.kinds.find("NN") % (len(starts) + 1)
        self.quotes = _quotes(self)

    def span(self, first: int, last: int) -> Span:
        """From the start of one token to the end of another, both included."""
        return Span(self.starts[first], self.ends[last])

    def opening(self, first: int) -> int:
        """Where a sentence begins to say something: after the time of an entry ("12:31 Estrand have denied it")."""
        return first + 1 if self.kinds[first + 1] != "Z" and _CLOCK.fullmatch(self.words[first]) else first

    def over(self, start: int, end: int) -> tuple[int, int] | None:
        """The tokens that a stretch of text touches."""
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end) - 1
        while first <= last and self.kinds[last] == "Z":
            last -= 1
        return (first, last) if first <= last else None

    def quotes_in(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The quotations that share tokens with a range."""
        number = bisect_left(self.quotes, (first,))
        if number and self.quotes[number - 1][1] >= first:
            number -= 1
        while number < len(self.quotes) and self.quotes[number][0] <= last:
            yield self.quotes[number]
            number += 1

    def sentence(self, token: int) -> int:
        """The number of the sentence that a token stands in."""
        return bisect_right(self.sentences, (token, len(self.words))) - 1

    def quotation(self, token: int) -> tuple[int, int] | None:
        """The quotation that a token stands in, between its marks."""
        return next((quote for quote in self.quotes_in(token, token) if quote[0] < token < quote[1]), None)


def word_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the words and signs of a stretch of a text lie, whose markup is blanked out."""
    return [match.span() for match in _TOKEN.finditer(text, start, end)]


def composed(word: str) -> str:
    """A word as it is usually written: letters with their marks, and without ligatures and wide forms (``conﬁrmed`` is
    ``confirmed``)."""
    word = unicodedata.normalize("NFC", word)
    return unicodedata.normalize("NFKC", word) if word.isalpha() else word


def _inside(article: Article) -> Iterator[tuple[int, int, bool]]:
    """The sentences in blocks that hold sentences, with whether each is the last of its block."""
    blocks = iter(block for block in article.blocks if block.kind in SENTENCE_BLOCKS)
    block = next(blocks, None)
    sentences = []
    for start, end in article.sentences:
        while block is not None and block.end <= start:
            block = next(blocks, None)
        if block is None:
            break
        if block.start <= start and end <= block.end:
            sentences.append((start, end, block.start))
    for (start, end, place), after in pairwise([*sentences, (0, 0, -1)]):
        yield start, end, place != after[2]


_OPEN = {"“": "”", "„": "”“", "«": "»", "``": "''", "‘‘": "’’"}


def _quotes(tokens: Tokens) -> list[tuple[int, int]]:
    """Quotations as (first token, last token), marks included. One that is still open where its paragraph ends, ends
    there: the next paragraph opens anew, as newspapers set it."""
    quotations: list[tuple[int, int]] = []
    begin = -1
    close = ""
    token = -1
    kinds, words, starts, ends = tokens.kinds, tokens.words, tokens.starts, tokens.ends
    marks = re.finditer("[\"'Z]", kinds)
    for match in marks:
        token = match.start()
        kind = kinds[token]
        if kind == "Z":
            if token in tokens.paragraph_ends and begin >= 0:
                if close != "'" and token - 1 > begin:
                    quotations.append((begin, token - 1))
                begin = -1
            continue
        word = words[token]
        before = token == 0 or starts[token] > ends[token - 1] or kinds[token - 1] in '"(-Z'
        if begin >= 0:
            single = close == "'"
            if single == (kind == "'") and (not single or _ends_single(tokens, token)):
                again = (
                    before and starts[token + 1] == ends[token] and word == '"' and kinds[token + 1] not in ".,;:?!)Z"
                )
                if not single and again and starts[token] > ends[token - 1]:
                    continue  # a mark at each sentence of one quotation, and none at their ends
                if not (word in _OPEN and word != "’’"):
                    if token > begin + 1:
                        quotations.append((begin, token))
                    begin = -1
                elif not single:
                    begin = token
            elif single and kind == '"':
                begin, close = token, '"'
            continue
        if kind == '"':
            if word in _OPEN or (word in {'"', "''"} and before):
                begin, close = token, '"'
        elif word in {"'", "‘"} and before and starts[token + 1] == ends[token]:
            begin, close = token, "'"
    return quotations


def _ends_single(tokens: Tokens, token: int) -> bool:
    """Whether an apostrophe may close a quotation: something before it, no letter after it."""
    if _is_possessive(tokens, token):
        return False
    return tokens.starts[token] == tokens.ends[token - 1] and (
        tokens.kinds[token + 1] in ".,;:?!)-Z" or tokens.starts[token + 1] > tokens.ends[token]
    )


def _is_possessive(tokens: Tokens, token: int) -> bool:
    """Whether an apostrophe stands behind a plural inside a quotation that another mark closes behind a comma or stop in
    the same sentence: "‘The owners’ plan is bad,’ said Pell"."""
    kinds = tokens.kinds
    if kinds[token - 1] not in "nN" or not tokens.words[token - 1].endswith("s") or kinds[token + 1] not in "nNa":
        return False
    end = kinds.find("Z", token)
    closing = kinds.find("'", token + 1, end)
    return closing > 0 and kinds[closing - 1] in ",.?!" and tokens.starts[closing] == tokens.ends[closing - 1]
