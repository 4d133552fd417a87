"""Speakers: who each source stands for, by the fullest name that the article has for them, else its first description.

Conventions: indices count tokens, ranges hold both ends. The rules are those of the section "Speakers" in
``docs/guidelines.md``; both labellers give speakers by them.
"""
# ruff: noqa: SIM905 -- word lists read best as words

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from allegedly.builders.labellers._mentions import KINDS, Mentions
from allegedly.builders.labellers._names import Names
from allegedly.builders.labellers._phrases import Phrases
from allegedly.builders.labellers._source_names import named_kind
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Attribution, Part

Range = tuple[int, int]
#: So many quotations of a title are looked for in so many attributions.
TITLE, SEARCHED = 20, 300
_OWN = frozenset("i we my our us me ourselves".split())
_RELATIVE = frozenset("who which that whose whom".split())
_ASKING = frozenset("ask asks asked asking".split())
#: So many tokens stand at most between "asked" and the question that somebody is asked.
ASKED = 12
_NOBODY = frozenset("nobody none one".split())


def with_speakers(tokens: Tokens, attributions: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """The attributions of an article, each with whom its source stands for, and what kind of source that is."""
    if not attributions:
        return ()
    names = Names(tokens)
    known = [_with_kind(tokens, names, item) for item in attributions]
    who = _Speakers(tokens, names).of(known)
    return tuple(replace(item, speaker=part) for item, part in zip(known, who, strict=True))


def _with_kind(tokens: Tokens, names: Names, item: Attribution) -> Attribution:
    """An attribution with the kind that the article shows its source to be."""
    place = tokens.over(item.source[0].start, item.source[-1].end) if item.source else None
    kind = item.source_kind
    if place is None or kind is None:
        return item
    found = named_kind(tokens, names, place, kind)
    return item if found == kind else replace(item, source_kind=found)


class _Speakers:
    """The speakers of the attributions of one article."""

    def __init__(self, tokens: Tokens, names: Names) -> None:
        self.tokens, self.names = tokens, names
        self.mentions = Mentions(tokens, names)
        self.phrases = Phrases(tokens, names, self.mentions)
        self._of: dict[str, Range | None] = {}
        #: Who was asked, by the token at which the question ends.
        self._asked: dict[int, Range] = {}
        self._title_end = min(tokens.paragraph_ends, default=-1)

    def of(self, attributions: Sequence[Attribution]) -> list[Part]:
        """The speaker of each attribution, in their order; those of outer ones are found first."""
        known = {item.id: item for item in attributions}
        for item in sorted(attributions, key=lambda item: (_depth(item, known), _place(item))):
            who = self._of[item.id] = self._speaker(item, known)
            place = self._range(item.source)
            if who is not None and place is not None:
                self.mentions.add(place[0], who, self.phrases.sort(who, item.source_kind))
            self._ask(item)
        self._in_title(attributions)
        return [self._part(self._of[item.id]) for item in attributions]

    def _speaker(self, item: Attribution, known: Mapping[str, Attribution]) -> Range | None:
        place = self._range(item.source)
        parent = known.get(item.parent or "")
        if place is None:
            return self._unnamed(item)
        first, last = place
        word = self.tokens.words[first]
        if first < last:
            return self.phrases.stands_for(first, last, item.source_kind)
        if word in _OWN:
            return self._of.get(parent.id) if parent else self._own(first)
        if word in _NOBODY:
            return None
        if word in _RELATIVE:
            return self.phrases.before_relative(first, item.source_kind) or place
        if word in KINDS:
            return self._pronoun(item, first, word, parent) or place
        return self.phrases.stands_for(first, last, item.source_kind)

    def _own(self, token: int) -> Range | None:
        """Who says "I" in a quotation that nobody was found to say: who spoke before; nobody outside of quotations."""
        quotation = self.tokens.quotation(token)
        return self.mentions.speaker_before(quotation[0]) if quotation else None

    def _unnamed(self, item: Attribution) -> Range | None:
        """Of a quotation that stands alone: who spoke last."""
        content = self._range(item.content)
        alone = item.form == "direct" or (item.form == "mixed" and not item.cue)
        if content is None or not alone or content[0] <= self._title_end:
            return None
        return self._asked_before(content[0]) or self.mentions.speaker_before(content[0])

    def _ask(self, item: Attribution) -> None:
        """Keeps whom a quoted question was put to: "Holt asked Nora Pell: 'Will you sell?'"."""
        cue, content = self._range(item.cue), self._range(item.content)
        if cue is None or content is None or self.tokens.words[cue[1]] not in _ASKING or content[0] - cue[1] > ASKED:
            return
        end = content[1] - (self.tokens.kinds[content[1]] in "\"'")
        names = self.names.within(cue[1] + 1, content[0] - 1)
        if names and names[0].begin == cue[1] + 1 and self.tokens.words[end] == "?":
            self._asked[content[1]] = self.names.full(names[0])

    def _asked_before(self, token: int) -> Range | None:
        """Who was asked what stands right before the words that begin at a token."""
        before = token - 1
        while before > 0 and self.tokens.kinds[before] == "Z":
            before -= 1
        return self._asked.get(before)

    def _answers(self, item: Attribution, called: str) -> Range | None:
        """Who answers with "he" or "she" the question before: whoever was asked."""
        content = self._range(item.content)
        who = self._asked_before(content[0]) if content and called else None
        return who if who is not None and self.mentions.called(who) in ("", called) else None

    def _pronoun(self, item: Attribution, token: int, word: str, parent: Attribution | None) -> Range | None:
        """Whom "she", "they" or "it" means: of a saying within another's who says that; else who was spoken of before."""
        kinds = KINDS[word]
        called = ("she" if word in ("she", "her") else "he") if kinds == ("person",) else ""
        if parent is not None and parent.source and self.tokens.quotation(token) is None:
            who = self._of.get(parent.id)
            fits = who is not None and self.phrases.sort(who, parent.source_kind) in kinds
            if who is not None and fits and (not called or self.mentions.called(who) in ("", called)):
                return who
        return self._answers(item, called) or self.mentions.antecedent(token, kinds, called)

    def _in_title(self, attributions: Sequence[Attribution]) -> None:
        """Words that a title quotes without a source are said by whoever says them in the text, else by the first who
        says anything."""
        unsaid = [
            (item, content)
            for item in attributions[:TITLE]
            if not item.source
            and not item.cue
            and item.form == "direct"
            and (content := self._range(item.content)) is not None
            and content[0] <= self._title_end
        ]
        if not unsaid:
            return
        said = [
            (there, self._of[item.id])
            for item in attributions[:SEARCHED]
            if self._of[item.id] is not None and (there := self._range(item.content)) is not None
        ]
        said.sort(key=lambda pair: pair[0])
        for item, content in unsaid:
            words = self._words(content)
            same = (who for there, who in said if words in self._words(there))
            after = said[bisect_left(said, content[0], key=lambda pair: pair[0][0]) :]
            self._of[item.id] = next(same, after[0][1] if after else None)

    def _words(self, part: Range) -> str:
        """The words of a part, without marks, between blanks."""
        words, kinds = self.tokens.words, self.tokens.kinds
        kept = (words[token] for token in range(part[0], part[1] + 1) if kinds[token] not in ".,;:?!()-\"'Z")
        return f" {' '.join(kept)} "

    def _range(self, part: Part | None) -> Range | None:
        return self.tokens.over(part[0].start, part[-1].end) if part else None

    def _part(self, who: Range | None) -> Part:
        return () if who is None else (self.tokens.span(*who),)


def _place(item: Attribution) -> int:
    """Where an attribution stands: its source, else its cue, else its content."""
    parts = item.source or item.cue or item.content
    return parts[0].start if parts else 0


def _depth(item: Attribution, known: Mapping[str, Attribution]) -> int:
    """How many attributions an attribution lies in, no more than all."""
    depth = 0
    while (outer := known.get(item.parent or "")) is not None and depth < len(known):
        item, depth = outer, depth + 1
    return depth
