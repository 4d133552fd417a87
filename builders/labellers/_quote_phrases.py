"""Words of saying and noun phrases in a stretch of text, by the words of a language.

Conventions: places are numbers of words; ``end`` is behind the last one. Nothing is looked for beyond a stretch, and a
phrase has no more than ``PHRASE`` words.
"""

from dataclasses import dataclass

from allegedly.builders.labellers._quote_words import Grammar, Phrases
from allegedly.schemas.records import Span

#: So many words are a noun phrase at most, and so many stand behind its comma.
PHRASE, APPOSITION = 16, 12
#: What a word with a capital may stand behind, where it begins a sentence.
ENDS = frozenset(".,;:!?…)]»”\"'’")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of saying: tokens up to ``end``, its pieces, the pronoun that hangs on its verb."""

    end: int
    pieces: tuple[Span, ...]
    pronoun: Span | None = None
    negated: bool = False
    particle: str = ""


class Words:
    """The words of a stretch of text."""

    def __init__(self, grammar: Grammar, text: str, start: int, end: int) -> None:
        self.grammar = grammar
        found = list(grammar.token.finditer(text, start, end))
        self.text = [match[0] for match in found]
        self.low = [word.lower() for word in self.text]
        self.spans = [Span(match.start(), match.start() + len(match[0].rstrip())) for match in found]
        self.count = len(found)

    def only_last(self, most: int) -> None:
        """Forgets all but the last words."""
        if self.count > most:
            self.text, self.low, self.spans = self.text[-most:], self.low[-most:], self.spans[-most:]
            self.count = most

    def over(self, first: int, end: int) -> Span:
        """From the start of a word to the end of another, ``end`` excluded."""
        return Span(self.spans[first].start, self.spans[end - 1].end)

    def phrase(self, phrases: Phrases, at: int) -> int:
        """How many words of an entry stand there; 0 for none."""
        if at >= self.count:
            return 0
        for words in phrases.get(self.low[at], ()):
            if tuple(self.low[at : at + len(words)]) == words:
                return len(words)
        return 0

    def skip_adverbs(self, at: int, most: int = 3) -> int:
        """Where the adverbs that stand there end."""
        for _ in range(most):
            step = self.phrase(self.grammar.adverbs, at)
            if not step:
                break
            at += step
        return at

    def behind_verb(self, at: int) -> int:
        """Past pronouns and adverbs behind a verb."""
        while self.in_set(at, self.grammar.clitics) and not self.in_set(at, self.grammar.determiners):
            at += 1
        return self.skip_adverbs(at)

    def behind_recipient(self, at: int) -> int:
        """Past words such as "to the paper", where who says it stands behind them."""
        place = at
        for _ in range(2):
            if not self.in_set(place, self.grammar.recipients):
                break
            place = self.skip(place, self.grammar.inner | self.grammar.weak | self.grammar.recipients)
            place = self.skip_adverbs(self.noun(place))
        return place if self.noun(place) > place else at

    def in_set(self, at: int, words: frozenset[str]) -> bool:
        """Whether one of the words stands there."""
        return 0 <= at < self.count and self.low[at] in words

    # -- verbs ---------------------------------------------------------------------------------------------------

    def cue(self, at: int) -> Cue | None:
        """The words of saying that begin there."""
        grammar, first = self.grammar, at
        negated = self.in_set(at, grammar.negations)
        at += negated
        at = self.skip(at, grammar.clitics) if negated else at
        if self.in_set(at, grammar.reflexives):
            at += 1
        if at >= self.count:
            return None
        if grammar.inverted and (match := grammar.inverted.fullmatch(self.low[at])):
            return self._inverted(first, at, match[1], match[2], negated)
        word = self.text[at]
        if word[0].isupper() and at > 0 and self.text[at - 1] not in ENDS:
            return None
        if length := self.phrase(grammar.says, at):
            particle = grammar.particles.get(self.low[at], "") if length == 1 else ""
            end = at + length
            return Cue(end, (self.over(first, end),), negated=negated, particle=particle)
        if self.in_set(at, grammar.auxiliaries):
            inside, more = self._inside(at + 1)
            if length := self.phrase(grammar.participles, inside):
                end = inside + length
                return Cue(end, (self.over(first, end),), negated=negated or more)
        return None

    def longest(self, at: int, cue: Cue) -> tuple[int, Cue]:
        """The same words of saying with their auxiliary: "has" before "said"."""
        longest = at, cue
        for back in range(1, 5):
            if at - back >= 0 and (more := self.cue(at - back)) and more.end == cue.end:
                longest = at - back, more
        return longest

    def skip(self, at: int, words: frozenset[str], most: int = 2) -> int:
        while most and self.in_set(at, words):
            at, most = at + 1, most - 1
        return at

    def _inside(self, at: int) -> tuple[int, bool]:
        """Past what may stand between an auxiliary and its participle; whether a negation does."""
        negated = False
        for _ in range(4):
            step = self.phrase(self.grammar.adverbs, at)
            if not step and self.in_set(at, self.grammar.negations):
                step, negated = 1, True
            if not step and self.in_set(at, self.grammar.clitics):
                step = 1
            if not step:
                break
            at += step
        return at, negated

    def _inverted(self, first: int, at: int, verb: str, pronoun: str, negated: bool) -> Cue | None:
        """ "dit-il", "a-t-il ajouté"."""
        span = self.spans[at]
        who = Span(span.end - len(pronoun), span.end)
        head = Span(self.spans[first].start, span.start + len(verb))
        if verb in self.grammar.says:
            return Cue(at + 1, (head,), who, negated)
        if verb in self.grammar.auxiliaries:
            inside, more = self._inside(at + 1)
            if length := self.phrase(self.grammar.participles, inside):
                return Cue(inside + length, (head, self.over(inside, inside + length)), who, negated or more)
        return None

    # -- noun phrases --------------------------------------------------------------------------------------------

    def noun(self, at: int) -> int:
        """Where the noun phrase that begins there ends; ``at`` itself where none does."""
        if at >= self.count:
            return at
        if length := self.phrase(self.grammar.pronouns, at):
            return at + length
        name = at if self._begins(at) else self._office(at)
        if name < 0:
            return at
        end, grammar = name + 1, self.grammar
        while end < min(self.count, at + PHRASE) and self._goes_on(at, end):
            end += 1
        while end > at and (
            self.low[end - 1] in grammar.inner | grammar.weak | grammar.links or self.text[end - 1] == "&"
        ):
            end -= 1
        if end < self.count and self.text[end] == "(" and ")" in self.text[end : end + 6]:
            end = self.text.index(")", end) + 1
        if all(self.in_set(word, grammar.determiners) for word in range(at, end)):
            return at
        return end

    def _office(self, at: int) -> int:
        """Where the name begins behind small words that say what somebody is ("chief engineer Lina Brandt"); -1 where
        none does."""
        for place in range(at, min(self.count, at + 5)):
            if self.text[place][0].isupper():
                return place if place > at and self._begins(place) else -1
            low = self.low[place]
            small = low in self.grammar.stops | self.grammar.links | self.grammar.clitics | self.grammar.negations
            if small or not low[0].isalpha() or self.cue(place) or self.phrase(self.grammar.adverbs, place):
                return -1
            if low in self.grammar.relatives | self.grammar.that | self.grammar.reflexives | self.grammar.auxiliaries:
                return -1
        return -1

    def _begins(self, at: int) -> bool:
        word, low = self.text[at], self.low[at]
        if low in self.grammar.determiners or low in self.grammar.titles or word[0].isdigit():
            return True
        if not word[0].isupper() or low in self.grammar.stops or low in self.grammar.links:
            return False
        return low not in self.grammar.inner | self.grammar.weak and not self.phrase(self.grammar.adverbs, at)

    def _goes_on(self, first: int, at: int) -> bool:
        """Whether a word belongs to the noun phrase that began before it."""
        grammar, word, low = self.grammar, self.text[at], self.low[at]
        if not (word[0].isalnum() or word == "&"):
            return False
        before_opens = any(self.in_set(at - 1, words) for words in (grammar.determiners, grammar.inner, grammar.weak))
        if low in grammar.links:
            after = at + 1
            return after < self.count and not self.cue(after) and self._begins(after)
        if low in grammar.inner:
            return not self.phrase(grammar.adverbs, at)
        if low in grammar.weak:
            common = self.text[at - 1][0].islower() and not before_opens
            return common and at + 1 < self.count and self._begins(at + 1)
        if low in grammar.determiners:
            return (before_opens and not self.in_set(at - 1, grammar.determiners)) or (
                self.in_set(at - 1, grammar.links) or (at == first + 1 and self.in_set(first, grammar.determiners))
            )
        if word[0].isupper():
            return True
        if low in grammar.stops or low in grammar.negations or low in grammar.clitics or low in grammar.reflexives:
            return False
        return not (
            not before_opens
            and (self.cue(at) or self.phrase(grammar.adverbs, at) or self.phrase(grammar.participles, at))
        )

    def name(self) -> int:
        """Where the name, or the pronoun, that the words begin with ends; 0 where they begin with none."""
        end = self.phrase(self.grammar.pronouns, 0)
        while not end or (end < self.count and self.text[end][0].isupper()):
            if not end and (not self.count or self.low[0] in self.grammar.determiners or not self._begins(0)):
                return 0
            end += 1
        return end

    def named(self, at: int, before_verb: bool) -> int:
        """A noun phrase with what stands behind its comma, where that ends at a comma or the end (``before_verb``: at
        a comma only)."""
        end = self.noun(at)
        if end == at or self.phrase(self.grammar.pronouns, at):
            return end
        for _ in range(2):
            if end + 1 >= self.count or self.text[end] != ",":
                break
            stop = self._apposition(end + 1)
            closed = stop < self.count and self.text[stop] in (",.;:)" if not before_verb else ",")
            if stop == end + 1 or not (closed or (not before_verb and stop == self.count)):
                break
            end = stop
        return end

    def _apposition(self, at: int) -> int:
        """Where words that say more of somebody end: a noun phrase, with an article or without."""
        if self.text[at][0].isdigit():
            stop = at
            while stop < min(self.count, at + 3) and self.text[stop][0].isalnum():
                stop += 1
            return stop
        low = self.low[at]
        if low in self.grammar.stops or low in self.grammar.links or self.cue(at):
            return at
        if self.phrase(self.grammar.pronouns, at) or self.phrase(self.grammar.adverbs, at):
            return at
        if self._begins(at):
            return min(self.noun(at), at + APPOSITION)
        stop = at
        while stop < min(self.count, at + APPOSITION) and (stop == at or self._goes_on(at, stop)):
            if not (self.text[stop][0].isalnum() or self.text[stop] == "&"):
                return at
            stop += 1
        return stop
