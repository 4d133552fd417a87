"""Claims by rule: clauses that state a fact, what they state, and whether they are worth a check.

Conventions: a claim is the smallest clause without attribution or hedge frame; indices count tokens, ranges hold both
ends. What a claim is of, its words tell (``_claim_kinds.py``); what it is worth, the signs of its sentence (``_signs.py``).

Source: Hassan et al. 2017 (check-worthy and unimportant facts).
"""

from bisect import bisect_right
from dataclasses import dataclass

from allegedly.builders.labellers._claim_kinds import Extent, kind_of
from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._clauses import accused, denied, rejected, split
from allegedly.builders.labellers._cues import VERBS
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._patterns import Marks
from allegedly.builders.labellers._rulebook import marks
from allegedly.builders.labellers._sayings import REJECTING, SPEECH, Saying
from allegedly.builders.labellers._signs import CHECK_WORTHY, FACT, PERSONAL, PLAIN, about, lean, scores
from allegedly.builders.labellers._speculation import Doubt
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: Frames whose content is a phrase, no clause.
_PHRASES = frozenset(("n", "noun", "by"))
_CONNECTIVES, _BELIEVING, _EXPECTING = map(listed, ("connectives", "believing", "expecting"))
_CLOSING = letters("quotation-mark apostrophe closing-bracket")
_SEEN = letters("finite pronoun")
_MARKED = letters("quotation-mark apostrophe")
_LEADING = letters("quotation-mark apostrophe comma semicolon colon stop dash conjunction that")
_TRAILING = letters("quotation-mark apostrophe comma semicolon colon stop exclamation-mark dash conjunction end")
_QUESTION, _NAME, _NUMBER, _THAT, _ADVERB, _PREPOSITION, _COMMA, _END, _GERUND, _PAST = map(
    letters,
    ("question-mark", "name", "number", "that", "adverb", "preposition", "comma", "end", "gerund", "past"),
)


@dataclass(slots=True)
class Statement:
    """A claim as ranges of tokens; ``attribution`` is the index of the one around it, or -1; ``rule`` is the rule that
    tells its kind, "" where none does."""

    extent: list[Range]
    kind: str
    worth: str
    certainty: str
    polarity: str
    attribution: int = -1
    rule: str = ""


class Statements:
    """Finds the claims of one article, from its attributions and speculations."""

    def __init__(self, tokens: Tokens, sayings: list[Saying], doubts: list[Doubt], signs: Marks | None = None) -> None:
        self.tokens = tokens
        self.marks = signs or marks(tokens)
        self.kinds, self.words = tokens.kinds, tokens.words
        self.sayings = sayings
        self.doubts = doubts
        leaning = lean(about(tokens))
        self.scores = [scores(tokens, first, last, leaning) for first, last in tokens.sentences]

    def find(self) -> list[Statement]:
        """All claims, sentence by sentence."""
        out: list[Statement] = []
        near = self._by_sentence()
        doubts = iter(sorted(self.doubts, key=lambda doubt: doubt.cue))
        doubt = next(doubts, None)
        for number, (first, last) in enumerate(self.tokens.sentences):
            here = []
            while doubt is not None and doubt.cue[0][0] < last:
                here.append(doubt)
                doubt = next(doubts, None)
            check, fact = self.scores[number]
            if fact < PLAIN / 2 or self._asks(first, last):
                continue
            worth = "check_worthy" if check >= CHECK_WORTHY else "unimportant"
            for extent, around in self._extents(first, last, near.get(number, []), here):
                if fact < self._threshold(extent, around):
                    continue
                out.append(self._statement(extent, around, worth, here))
        return out

    def _threshold(self, extent: list[Range], around: int) -> float:
        """The probability from which a clause states a fact: lower where it does not speak in the first or second
        person and judges nothing, which is how news tells facts and debates do not, and lower still for what somebody
        is said to have said."""
        for first, last in extent:
            if not PERSONAL.isdisjoint(self.words[first : last + 1]):
                return FACT
        return PLAIN if around < 0 else PLAIN / 2

    def _by_sentence(self) -> dict[int, list[int]]:
        """For each sentence the attributions whose content, cue or source touches it."""
        near: dict[int, list[int]] = {}
        number = 0
        sentences = self.tokens.sentences
        starts = [first for first, _ in sentences]
        for index, saying in enumerate(self.sayings):
            touched = set()
            for first, last in [saying.cue, *saying.content, *([saying.source] if saying.source else [])]:
                number = max(0, bisect_right(starts, first) - 1)
                while number < len(sentences) and starts[number] <= last:
                    touched.add(number)
                    number += 1
            for number in sorted(touched):
                near.setdefault(number, []).append(index)
        return near

    def _asks(self, first: int, last: int) -> bool:
        """Whether a sentence asks: a question mark at its end, quotation marks aside."""
        end = last - 1
        while end > first and self.kinds[end] in _CLOSING:
            end -= 1
        return self.kinds[end] == _QUESTION

    def _extents(self, first: int, last: int, near: list[int], doubts: list[Doubt]) -> list[tuple[list[Range], int]]:
        out: list[tuple[list[Range], int]] = []
        parents = {self.sayings[index].parent for index in near}
        for index in near:
            saying = self.sayings[index]
            if index in parents:
                continue
            apart = self._apart(saying, first, last)
            if apart:
                out.append((apart, index))
                continue
            if saying.frame in _PHRASES or saying.frame[0] == "P":
                continue
            if saying.frame == "raised" and len(saying.content) == 2:
                head, tail = saying.content
                if first <= head[0] and tail[1] < last and tail[1] > tail[0]:
                    out.append(([head, tail], index))
                continue
            for begin, end in saying.content:
                left, right = max(begin, first), min(end, last - 1)
                if left < right:
                    trimmed = self._trim(left, right)
                    whole = [trimmed] if trimmed is not None else []
                    out += [
                        (clause, index)
                        for clause in ([whole] if saying.frame == "i" and whole else self._clauses(left, right))
                    ]
        if not out and not any(
            self.sayings[index].lemma in SPEECH or self.sayings[index].frame == "q" for index in near
        ):
            # who did what ("voted for the bill") is a fact of the author's
            if self._nominal(first, last):
                return []
            start = self._after_frame(first, last, doubts)
            return [(clause, -1) for clause in self._clauses(start, last - 1)]
        return sorted(out)

    def _apart(self, saying: Saying, first: int, last: int) -> list[Range]:
        """What an accusation, an admission or a rejection says, as the pieces of a claim: whom and what; nothing where it
        says no more than a noun."""
        if not saying.content or saying.content[0][0] < first or saying.content[-1][1] >= last:
            return []
        if saying.lemma == "accuse":
            return accused(self.tokens, saying.content)
        if saying.lemma in ("admit", "confess") and saying.source and self.kinds[saying.content[0][0]] == _GERUND:
            return [saying.source, saying.content[0]]
        if saying.lemma in REJECTING and saying.frame in ("n", "c", "t"):
            clause = rejected(self.tokens, saying.content[0])
            trimmed = self._trim(*clause) if clause else None
            return [trimmed] if trimmed else []
        return []

    def _nominal(self, first: int, last: int) -> bool:
        """Whether a sentence has no verb that can be seen: a headline of nouns."""
        kinds = self.kinds[first:last]
        if any(kind in kinds for kind in _SEEN):
            return False
        return kinds.count(_NAME) * 2 > len(kinds) and not any(word in VERBS for word in self.words[first:last])

    def _after_frame(self, first: int, last: int, doubts: list[Doubt]) -> int:
        """Past "It is possible that" and the like."""
        that = self.kinds.find(_THAT, first, min(last, first + 9))
        if that > 0 and any(doubt.cue[-1][1] < that for doubt in doubts) and self.words[first] in ("it", "there"):
            return that + 1
        return first

    def _clauses(self, left: int, right: int) -> list[list[Range]]:
        """The clauses between two tokens, each as its pieces."""
        out = []
        for pieces in split(self.tokens, left, right):
            trimmed = [clause for first, last in pieces if (clause := self._trim(first, last, len(pieces) > 1))]
            if sum(last - first + 1 for first, last in trimmed) > 2:
                out.append(trimmed)
        return out

    def _trim(self, left: int, right: int, short: bool = False) -> Range | None:
        """Without quotation marks, "that", conjunctions and punctuation at the ends; a mark whose other one stays inside
        stays too. A piece may be ``short``."""
        kinds = self.kinds
        if left < right and kinds[left] == _NUMBER and (left == 0 or kinds[left - 1] == _END):
            left = self.tokens.opening(left)
        while left < right:
            if kinds[left] in _MARKED and self._other(left, left, right):
                break
            if kinds[left] in _LEADING or self.words[left] == "whether":
                left += 1
            elif kinds[left] == _ADVERB and kinds[left + 1] == _COMMA:
                left += 2  # "Obviously, ..."
            elif kinds[left] == _PREPOSITION and kinds[left + 2] == _COMMA and self.words[left + 1] in _CONNECTIVES:
                left += 3  # "In fact, ..."
            else:
                break
        while right > left and kinds[right] in _TRAILING and not self._other(right, left, right):
            right -= 1
        return (left, right) if right - left >= (0 if short else 2) else None

    def _other(self, mark: int, left: int, right: int) -> bool:
        """Whether a quotation mark has its other one inside a range, and other words beside them."""
        return any(
            mark in quote and left <= quote[0] and quote[1] <= right and quote != (left, right)
            for quote in self.tokens.quotes_in(mark, mark)
        )

    # -- attributes ----------------------------------------------------------------------------------------------

    def _statement(self, extent: list[Range], around: int, worth: str, doubts: list[Doubt]) -> Statement:
        saying = self.sayings[around] if around >= 0 else None
        certainty, polarity = self._certainty(extent, saying, doubts), "positive"
        if denied(self.tokens, extent):
            polarity = "negative"
        if saying is not None:
            if saying.lemma in REJECTING:
                polarity = "negative" if polarity == "positive" else "positive"
            if saying.negated or certainty == "unknown":
                polarity = certainty = "unknown"
        read = Extent(self.tokens, self.marks, extent, doubts)
        read.intends = saying is not None and (
            saying.frame == "i" or (saying.frame == "raised" and saying.lemma in _EXPECTING and _PAST not in read.kinds)
        )
        kind, rule = kind_of(read)
        if saying is not None and saying.lemma in REJECTING | {"accuse"}:
            worth = "check_worthy"  # what somebody disputes
        return Statement(extent, kind, worth, certainty, polarity, around, rule)

    def _certainty(self, extent: list[Range], saying: Saying | None, doubts: list[Doubt]) -> str:
        levels = ["certain"]
        if saying is not None:
            if saying.frame == "i" or saying.lemma in _BELIEVING:
                levels.append("probable")
            if saying.lemma in ("hope", "fear", "worry", "wonder"):
                levels.append("possible")
            if saying.frame in ("w", "asked") and self.words[saying.content[0][0]] in ("whether", "if"):
                levels.append("unknown")
        for doubt in doubts:
            for begin, end in doubt.scope:
                if any(begin <= last and first <= end for first, last in extent):
                    levels.append(doubt.certainty)
        return max(levels, key=("certain", "probable", "possible", "unknown").index)
