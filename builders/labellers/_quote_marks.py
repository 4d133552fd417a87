"""Quotation marks of all conventions, in pairs: which words of an article stand in them.

Conventions: offsets are half-open, in code points; marks belong to what stands in them. Marks are paired as the
languages pair them („…“, »…«, « … », “…”, ”…”, 「…」 and so on), inside one block. ``Marks`` says which marks count:
``SURE`` leaves out those that are apostrophes, titles and feet as often as quotations; ``ALL`` knows these too.
The work is linear in the length of the text, whatever the marks are: no more than ``_DEEPEST`` marks stand open.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from allegedly.schemas.records import SENTENCE_BLOCKS, Article

#: Opening marks with what may close them.
_CLOSE = {
    "„": '“”"‟',
    "‚": "‘’",
    "“": '“”"',
    "”": "”",
    "‟": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "〝": "〞〟",
    '"': '"',
    "＂": "＂",
    "״": "״",
    "'": "'",
}
_MORE = {"《": "》", "〈": "〉", "﹁": "﹂", "﹃": "﹄", "❝": "❞", "❛": "❜", "`": "'´", "´": "´"}
_DOUBLED = {"``": ("''", '"'), "''": ("''",), "‘‘": ("’’",), ",,": ("''", "“", "”", '"')}
#: Marks of one stroke, which an apostrophe looks like.
SINGLE = frozenset("'’‘‚`´❛")
_BY_APOSTROPHE = {"nl", "af"}
#: Marks that open no quotation right behind a letter.
_PLAIN = frozenset(['"', "'", "''", "”", "»", "״", "＂", "‘", "‘‘", "`", "``", "´"])
#: An apostrophe at the start of a word: "'s avonds", "'n", "'90s", "'em".
_ELIDED = re.compile(r"'[stnmk](?!\w)")
_ELIDED_ALL = re.compile(
    r"['’‘](?:[stnmklr]|em|er|im|til|till|tis|twas|twere|cause|bout|round|cos|neath|ere|\d\ds?)(?!\w)", re.IGNORECASE
)
#: What opens no word: white space follows an opening mark in French alone, these never do.
_STOPS = frozenset(",;:!?)]}、。，；：！？")
_DEEPEST = 4

WORD = re.compile(r"[^\W_]+")
#: Letters of scripts that set no spaces between words; two count as a word.
DENSE = re.compile("[\u0e01-\u0e2e\u1000-\u1021\u1780-\u17b3\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
FINAL = frozenset(".!?…。！？؟।")


class Quotation(NamedTuple):
    """Words in quotation marks, marks included. ``open``: no mark closes it, since the next paragraph goes on;
    ``opening`` and ``closing``: how long its marks are, 0 where none closes it."""

    start: int
    end: int
    block: tuple[int, int]
    open: bool = False
    opening: int = 1
    closing: int = 1


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks that count. ``everything``: single marks in any language, marks of titles, doubled ones, and quotations
    that no mark closes, up to the end of their block."""

    close: dict[str, tuple[str, ...]]
    pattern: re.Pattern[str]
    everything: bool


def _marks(close: dict[str, tuple[str, ...]], everything: bool) -> Marks:
    known = {*close, *(mark for marks in close.values() for mark in marks)}
    pattern = "|".join(re.escape(mark) for mark in sorted(known, key=lambda mark: (-len(mark), mark)))
    return Marks(close, re.compile(pattern), everything)


_SURE = {mark: tuple(marks) for mark, marks in _CLOSE.items()}
SURE = _marks(_SURE, False)
ALL = _marks({**_SURE, **{mark: tuple(marks) for mark, marks in _MORE.items()}, **_DOUBLED}, True)


def marked(article: Article, text: str, marks: Marks = SURE) -> Iterator[Quotation]:
    """All that stands in quotation marks, outer ones first; ``text``: the article's with markup as white space."""
    blocks = [block for block in article.blocks if block.kind in SENTENCE_BLOCKS]
    apostrophe = marks.everything or (article.language or "").split("-")[0].lower() in _BY_APOSTROPHE
    goes_on = ""
    for block, after in pairwise([*blocks, None]):
        assert block is not None, "the last is the end"
        start, end = block.start, block.start + len(text[block.start : block.end].rstrip())
        opening = re.match(r"\s*(\S)", text[after.start : after.end]) if after else None
        pairing = _Pairing(text, start, end, marks, apostrophe)
        pairing.pair(goes_on)
        goes_on = pairing.leave(opening[1] if opening else "")
        yield from sorted(pairing.pairs, key=lambda pair: (pair.start, -pair.end))


def outermost(pairs: Iterable[Quotation]) -> Iterator[Quotation]:
    """Those that stand in no other one."""
    end = -1
    for pair in pairs:
        if pair.start >= end:
            yield pair
            end = pair.end


class _Pairing:
    """The marks of one block, from the first to the last; ``stack``: those that are open, with where they stand."""

    def __init__(self, text: str, start: int, end: int, marks: Marks, apostrophe: bool) -> None:
        self.text, self.start, self.end = text, start, end
        self.marks, self.apostrophe = marks, apostrophe
        self.pairs: list[Quotation] = []
        self.stack: list[tuple[int, str]] = []

    def pair(self, goes_on: str) -> None:
        """Pairs all marks. ``goes_on``: a quotation of the block before goes on, and was opened by this."""
        places = [match.span() for match in self.marks.pattern.finditer(self.text, self.start, self.end)]
        places = [(start, end) for start, end in places if not self._inside_word(start, end)]
        for number, (offset, end) in enumerate(places):
            mark = self.text[offset:end]
            if number == 0 and goes_on and not self.text[self.start : offset].strip():
                self.stack.append((offset, goes_on))  # Spanish and French repeat the closing mark there
            else:
                following = places[number + 1][0] if number + 1 < len(places) else -1
                self._take(offset, end, mark, following)

    def _take(self, offset: int, end: int, mark: str, following: int) -> None:
        before = self.text[offset - 1] if offset > self.start else " "
        after = self.text[end] if end < self.end else " "
        if mark == "'" and (not self.apostrophe or _ELIDED.match(self.text, offset)):
            return
        if self.marks.everything and mark in SINGLE and self._is_apostrophe(offset, before, following):
            return
        opens = self._opens(mark, before, after)
        stack = self.stack
        depth = next((n for n in range(len(stack) - 1, -1, -1) if mark in self.marks.close[stack[n][1]]), -1)
        symmetric = depth >= 0 and stack[depth][1] == mark
        if depth >= 0 and not (opens and symmetric and before.isspace()):
            self._close(depth, end, mark)
        elif opens and symmetric:
            if not (self.marks.everything and self._again(stack[depth][0], offset)):
                del stack[depth:]
                stack.append((offset, mark))
        elif opens and self.marks.everything and stack and stack[-1][1] == mark and self._again(stack[-1][0], offset):
            return
        elif opens and len(stack) < _DEEPEST:
            stack.append((offset, mark))

    def _close(self, depth: int, end: int, mark: str) -> None:
        start, opening = self.stack[depth]
        del self.stack[depth:]
        pair = Quotation(start, end, (self.start, self.end), opening=len(opening), closing=len(mark))
        if WORD.search(self.text, start, end):
            self.pairs.append(pair)

    def _again(self, opened: int, offset: int) -> bool:
        """Whether a mark only opens anew each sentence of one quotation: it stands behind a full stop."""
        before = self.text[max(opened + 1, offset - 3) : offset].rstrip()
        return bool(before) and before[-1] in FINAL

    def leave(self, following: str) -> str:
        """What no mark closed; the mark that a quotation began with which the next block goes on with, else nothing.
        ``following``: the first letter of the next block."""
        if not self.stack:
            return ""
        start, mark = self.stack[0]
        single = mark in SINGLE
        again = mark[0] == following or (
            self.marks.everything and not single and following in self.marks.close[mark] and mark != following
        )
        if not WORD.search(self.text, start, self.end):
            return ""
        if again:
            self.pairs.append(
                Quotation(start, self.end, (self.start, self.end), open=True, opening=len(mark), closing=0)
            )
            return mark if self.marks.everything else ""
        if self.marks.everything and not single and not any(pair.start > start for pair in self.pairs):
            self.pairs.append(Quotation(start, self.end, (self.start, self.end), opening=len(mark), closing=0))
        return ""

    def _opens(self, mark: str, before: str, after: str) -> bool:
        """Whether a mark can open where it stands: not at the end of a word, and not before white space but in
        French."""
        if mark not in self.marks.close or after in _STOPS:
            return False
        if after == "." and not before.isspace():
            return False
        if after.isspace():
            return mark in "«「『" and (before.isspace() or before in "([:")
        if mark in SINGLE and self.marks.everything and not (after.isalnum() or after in "¿¡“«„\"'…("):
            return False
        return not (mark in _PLAIN and before.isalnum() and not DENSE.match(before))

    def _is_apostrophe(self, offset: int, before: str, following: int) -> bool:
        """Whether a single mark is none: at the start of a short form, or behind a plural ("the boys' boat") where
        another mark can still close what is open."""
        if before.isspace() or before in '([“«„"':
            return bool(_ELIDED_ALL.match(self.text, offset))
        if before not in "sxzS" or following < 0 or not any(mark in SINGLE for _, mark in self.stack):
            return False
        next_word = self.text[offset + 1 : offset + 3]
        closes = self.text[following - 1 : following]
        after = self.text[following + 1 : following + 2]
        return (
            len(next_word) == 2
            and next_word[0] == " "
            and next_word[1].islower()
            and self.text[following] in "'’´"
            and not closes.isspace()
            and not after.isalnum()
        )

    def _inside_word(self, start: int, end: int) -> bool:
        if not (end - start == 1 and self.start < start and end < self.end):
            return False
        return _is_inside_word(*self.text[start - 1 : end + 1])


def _is_inside_word(before: str, mark: str, after: str) -> bool:
    """An apostrophe, or the mark of a Hebrew abbreviation."""
    if mark in "'’":
        return before.isalnum() and after.isalnum()
    return mark in '"״' and "\u05d0" <= before <= "\u05ea" and "\u05d0" <= after <= "\u05ea"


def words_in(text: str, start: int, end: int, most: int) -> int:
    """How many words, up to about ``most``."""
    count = 0
    for match in WORD.finditer(text, start, end):
        dense = len(DENSE.findall(match[0][: 2 * most]))
        count += dense or 2
        if count >= 2 * most:
            break
    return count // 2
