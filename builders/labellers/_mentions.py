"""Mentions: whom an article has spoken of before a place, and which of them a pronoun there most likely means.

Conventions: indices count tokens, ranges hold both ends. Nobody's gender is guessed: where the article itself calls somebody
"he" or "she", "Mr" or "Mrs", the other pronoun does not mean them.
"""
# ruff: noqa: SIM905 -- word lists read best as words

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass

from allegedly.builders.labellers._names import FORMS, Name, Names
from allegedly.builders.labellers._sources import ORGANISATIONS, PLACES
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: So many mentions before a pronoun are looked at.
LOOKED_AT = 40
#: What counts for a mention, in sentences of distance: somebody is quoted there (a person, or a thing), it is the first of
#: its sentence, the name is a person's. Set on the training part of the news gold.
SPEAKS, THING_SPEAKS, FIRST, NAMED = 0.5, 3.0, 0.5, 1.0
KINDS = {
    **dict.fromkeys("he she his her him".split(), ("person",)),
    **dict.fromkeys("they their them both".split(), ("group", "organisation")),
    **dict.fromkeys("it its this that".split(), ("organisation", "document")),
}


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Somebody spoken of: where, who that is, what kind, and whether somebody is quoted there."""

    at: int
    who: Range
    kind: str
    speaks: bool


def _acts(tokens: Tokens, name: Name) -> bool:
    """Whether a name looks like a person's that does something at the start of a sentence: "Nora Pell left."."""
    if not name.opens or name.headed or len(name.words) != 2 or tokens.kinds[name.last + 1] != "v":
        return False
    return name.words[0] not in PLACES and ORGANISATIONS.isdisjoint(name.words) and FORMS.isdisjoint(name.words)


class Mentions:
    """Those of one article, in order."""

    def __init__(self, tokens: Tokens, names: Names) -> None:
        self.tokens, self.names = tokens, names
        counts = Counter(name.words for name in names.all)
        self._all = []
        for name in names.all:
            if names.is_person(name) or _acts(tokens, name):
                self._all.append(Mention(name.first, names.full(name), "person", False))
            elif counts[name.words] > 1 and not name.headed:
                self._all.append(Mention(name.first, (name.first, name.last), "organisation", False))
        self._all.sort()

    def add(self, at: int, who: Range, kind: str) -> None:
        """Somebody is quoted there."""
        insort(self._all, Mention(at, who, kind, True))

    def before(self, token: int) -> list[Mention]:
        """Mentions before a token, the last first, none inside other quotations than that in which it stands."""
        end = bisect_left(self._all, token, key=lambda mention: mention.at)
        around = self.tokens.quotation(token)
        mentions = reversed(self._all[max(0, end - LOOKED_AT) : end])
        return [mention for mention in mentions if self.tokens.quotation(mention.at) in (None, around)]

    def speaker_before(self, token: int) -> Range | None:
        """Who was quoted last."""
        return next((mention.who for mention in self.before(token) if mention.speaks), None)

    def antecedent(self, token: int, kinds: tuple[str, ...], called: str = "") -> Range | None:
        """Of those of some kinds who were spoken of before, whom a pronoun most likely means: who is near, is quoted, or
        the first of a sentence; ``called``: whom the article does not call by the other of "he" and "she"."""
        candidates = [
            mention
            for mention in self.before(token)
            if mention.kind in kinds and (not called or self.called(mention.who) in ("", called))
        ]
        firsts = {self.tokens.sentence(mention.at): mention.at for mention in candidates}
        here = self.tokens.sentence(token)

        def weight(mention: Mention) -> float:
            sentence = self.tokens.sentence(mention.at)
            weight = sentence - here + FIRST * (firsts[sentence] == mention.at)
            if mention.kind != "person":
                return weight + THING_SPEAKS * mention.speaks
            return weight + SPEAKS * mention.speaks + NAMED * self._named(mention.who)

        best = max(candidates, key=weight, default=None)
        return best.who if best else None

    def called(self, who: Range) -> str:
        """Whether the article calls somebody "he" or "she", where it is plain; else nothing."""
        return self.names.pronouns.get(self._words(who), "")

    def _named(self, who: Range) -> bool:
        words = self._words(who)
        return words in self.names.people or words in self.names.addressed

    def _words(self, who: Range) -> tuple[str, ...]:
        return tuple(self.tokens.words[who[0] : who[1] + 1])
