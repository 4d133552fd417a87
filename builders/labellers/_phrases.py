"""Phrases: whom a noun phrase stands for, by names, titles, jobs and descriptions.

Conventions: indices count tokens, ranges hold both ends.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from bisect import bisect_left
from collections import Counter
from functools import cached_property

from allegedly.builders.labellers._mentions import Mentions
from allegedly.builders.labellers._names import FORMS, JOBS, Name, Names
from allegedly.builders.labellers._sources import DOCUMENTS, GROUPS, ORGANISATIONS, PLACES, is_plural
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: A phrase reaches so many tokens.
REACH = 12
#: What an organisation is called when its name stood before; those that any of them may be called.
_FIRMS = frozenset(
    """company firm group airline club carrier giant maker retailer bank broadcaster network paper newspaper
    union charity agency ministry department government party court body watchdog regulator organisation organization
    league association committee commission council board studio label chain developer publisher operator side team
    institute foundation university""".split()
)
_ANY_FIRM = frozenset(
    "company firm group airline club carrier giant maker retailer broadcaster party charity agency side team".split()
)
_PRESS = frozenset(
    """times post herald tribune journal guardian telegraph mail mirror express gazette observer chronicle
    courier""".split()
)
_POLLS = frozenset("poll polls survey average index".split())
_POINTING = frozenset("the this that these those".split())
_OWNED = frozenset("the his her its their".split())
_ARTICLES = frozenset("the a an".split())
_BEHIND = frozenset("of by at for from".split())
#: Words for somebody of a country or a party.
_SOMEBODY = re.compile("(?:[^m]an|ish|ese|democrat|republican)$")
#: Endings of nouns for a person.
_PERSONAL = re.compile("(?:man|woman|star|actress|-year-old|ist|[^t]er|tor|[^i]or|ian|champion|boss|coach|chief)$")
_SORTS = {
    "named_person": "person",
    "unnamed_person": "person",
    "named_organisation": "organisation",
    "unnamed_group": "group",
    "document": "document",
}


class Phrases:
    """The noun phrases of one article."""

    def __init__(self, tokens: Tokens, names: Names, mentions: Mentions) -> None:
        self.tokens, self.names, self.mentions = tokens, names, mentions
        self.words, self.kinds = tokens.words, tokens.kinds

    def stands_for(self, first: int, last: int, kind: str | None) -> Range:
        """Whom a phrase stands for; ``kind`` is the kind of source that it was taken for."""
        if (named := self._named(first, last, kind)) is not None:
            return named
        first, last = self._core(first, last)
        head = self._head(first, last)
        words, kinds = self.words, self.kinds
        if kinds[head] == "N" and not self._opens_as_plural(head):
            if kind != "unnamed_group" and words[first] == "the" and _SOMEBODY.search(words[head]):
                return self.mentions.antecedent(first, ("person",)) or (first, last)
            return self._organisation(first, last, head)
        if (found := self._described(first, last, head, kind)) is not None:
            return found
        holds_name = "N" in kinds[first + 1 : head]
        if words[first] in _ARTICLES and ((holds_name and kind == "named_organisation") or self._is_poll(first, last)):
            return first + 1, last
        return self._first_like_it(first, last)

    def sort(self, who: Range, kind: str | None) -> str:
        """What kind of speaker somebody is, by the words that stand for them before the kind that the source was given."""
        words = self.words[who[0] : who[1] + 1]
        if tuple(words) in self.names.people:
            return "person"
        noun = self.words[self._head(*who)]
        if noun in DOCUMENTS:
            return "document"
        if self.kinds[who[0]] != "N" and (noun in GROUPS or is_plural(noun)):
            return "group"
        if noun in ORGANISATIONS or noun in _FIRMS:
            return "organisation"
        return _SORTS.get(kind or "", "other")

    def before_relative(self, token: int, kind: str | None) -> Range | None:
        """Whom "who" or "which" means: the noun phrase that it goes on from."""
        words, kinds, last = self.words, self.kinds, token - 1
        while last > 0 and kinds[last] in ",c(P":
            last -= 1
        if kinds[last] not in "nN#)":
            return None
        first = last
        while first and kinds[first - 1] in "nN#s-" and last - first < REACH:
            first -= 1
        if first and kinds[first - 1] == "d":
            first -= 1
        elif kinds[last] == "n":
            while first < last and kinds[first] == "n" and kinds[first + 1] in "nN":
                first += 1
        if kind == "named_person" and kinds[first - 1] == "," and words[last] not in ORGANISATIONS:
            before = self.names.within(max(0, first - REACH), first - 2)
            if before and before[-1].last == first - 2:  # "Nora Pell, the mayor, who"
                return self.names.full(before[-1])
        return self.stands_for(first, last, kind)

    # -- parts of a phrase ---------------------------------------------------------------------------------------

    def _core(self, first: int, last: int) -> Range:
        """A noun phrase without what stands behind its noun but "of", "at" and "for" phrases."""
        kinds = self.kinds
        for token in range(first + 1, last + 1):
            kind, before = kinds[token], kinds[token - 1]
            after = kinds[token + 1] if token < last else "Z"
            doing = kind in "vg" and before in "nN" and after not in "nN" and token < last
            if kind in ',w("p' or doing or (kind == "a" and before == "n" and after in "vg"):
                return (first, token - 1) if token > first + 1 or kinds[first] != "d" else (first, last)
        return first, last

    def _head(self, first: int, last: int) -> int:
        """The noun of a phrase: before its first preposition."""
        return next((token - 1 for token in range(first + 1, last + 1) if self.kinds[token] in "oP"), last)

    def _opens_as_plural(self, token: int) -> bool:
        """Whether a word with a capital that begins a sentence is a noun for several: "Residents"."""
        word = self.words[token]
        return (token == 0 or self.kinds[token - 1] in 'Z":') and (word in GROUPS or is_plural(word))

    def _is_poll(self, first: int, last: int) -> bool:
        return self.kinds[first + 1] == "N" and self.words[last] in _POLLS

    # -- people --------------------------------------------------------------------------------------------------

    def _named(self, first: int, last: int, kind: str | None) -> Range | None:
        """The fullest name of the person that a phrase names."""
        kinds, words = self.kinds, self.words
        core = self._core(first, last)
        head = self._head(*core)
        names = self.names.within(first, last)
        both = [name for name in names if name.last <= core[1]]
        if len(both) == 2 and words[both[0].last + 1] == "and" and both[1].begin == both[0].last + 2 <= head + 2:
            return self._pair(both[0], both[1]) if head >= both[0].last else None
        for name in names:
            of_state = words[head] in JOBS and name.begin == head + 2 and name.begin < name.first
            if (name.first <= head <= name.last or of_state) and self._is_someone(name, kind):
                return self.names.full(name)
            apposed = kinds[name.begin - 1] == "," and (kinds[name.last + 1] in ",Zb" or name.last == last)
            if apposed and self._is_someone(name, kind) and words[head] not in ORGANISATIONS:
                return self.names.full(name)
        return None

    def _is_someone(self, name: Name, kind: str | None) -> bool:
        """Whether a name is a person's, by where it stands or by its form."""
        if self.names.is_person(name) or (name.titled and name.words[-1] not in ORGANISATIONS):
            return True
        alone = kind == "named_person" or self.kinds[name.last + 1] != "o"  # "Communications Workers of Sarrel"
        shape = alone and 2 <= len(name.words) <= 3 and name.words[0] not in PLACES
        return shape and ORGANISATIONS.isdisjoint(name.words) and FORMS.isdisjoint(name.words) and not name.headed

    def _pair(self, one: Name, other: Name) -> Range:
        """Two whose full names stand together; else these words."""
        first, second = (self.names.fullest(name.words) or name for name in (one, other))
        for name in self.names.of(first.words):
            after = next(iter(self.names.within(name.last + 2, name.last + 2)), None)
            if after and self.words[name.last + 1] == "and" and after.words == second.words:
                return name.first, after.last
        return one.begin, other.last

    def _described(self, first: int, last: int, head: int, kind: str | None) -> Range | None:
        """Who is said to be what a phrase says: "the mayor"; an organisation: "the bank"."""
        kinds, words = self.kinds, self.words
        noun = words[head]
        if words[first] == "the" and last - first > 1:
            name = self.names.fullest(tuple(words[first + 1 : last + 1]))
            if name is not None:
                return name.first, name.last
        if noun in ("paper", "newspaper") and (press := self._press(first)):
            return press
        if words[first] not in _OWNED or kinds[head] not in "nN#" or is_plural(noun) or noun in DOCUMENTS | GROUPS:
            return None
        said = {words[token] for token in range(first + 1, last + 1) if kinds[token] in "nN"} - {"former", "then"}
        if not said:
            return None
        if noun in _FIRMS:
            return self._firm(first, noun, bare=len(said) == 1)
        fits = [name for what, name in self.names.described.get(noun, ()) if said <= what]
        if fits:
            before = [name for name in fits if name.first < first]
            return self.names.full(before[-1] if before else fits[0])
        personal = kind == "named_person" or noun in JOBS or _PERSONAL.search(noun)
        return self.mentions.antecedent(first, ("person",)) if personal else None

    # -- organisations and things --------------------------------------------------------------------------------

    def _organisation(self, first: int, last: int, head: int) -> Range:
        """The full name that a phrase holds, without its article."""
        kinds, words, starts, ends = self.kinds, self.words, self.tokens.starts, self.tokens.ends
        while first < head and (words[first] in _ARTICLES or kinds[first] == "a"):
            first += 1
        if "c" in kinds[first : last + 1] and "&" not in words[first : last + 1]:
            return first, last
        text = self.tokens.text[starts[first] : ends[last]]
        letters = "".join(filter(str.isalpha, text.lower()))
        if text.isupper() and 2 <= len(letters) <= 6 and (spelt := self.names.spelt(letters)):
            return spelt
        begin = head
        while begin > first and (kinds[begin - 1] == "N" or words[begin - 1] in ("&", ".")):
            begin -= 1
        while begin < head and kinds[begin] != "N":
            begin += 1
        if begin == head and words[last] == "itself" and last > begin:
            last -= 1
        key = tuple(words[begin : last + 1])
        joined = next((found for name in self.names.of(key) if (found := self.names.joined(name))), None)
        if joined is not None:
            return joined
        if key[-1] not in PLACES and set(kinds[begin : last + 1]) == {"N"} and (full := self.names.fullest(key)):
            begin, last = full.first, full.last
        if begin and words[begin - 1] == "@" and ends[begin - 1] == starts[begin]:
            begin -= 1
        return begin, last

    def _press(self, token: int) -> Range | None:
        """The newspaper that was named last before a token."""
        number = bisect_left(self._papers, (token,))
        return self._papers[number - 1] if number else None

    @cached_property
    def _papers(self) -> list[Range]:
        return [
            (name.first, name.last)
            for name in self.names.all
            if name.words[-1] in _PRESS or (len(name.words) > 1 and name.words[0] in _PRESS)
        ]

    def _firm(self, token: int, noun: str, *, bare: bool) -> Range | None:
        """The organisation that "the bank" or "the company" is: one with this word in its name, or, of words for any firm,
        one that spoke before or that does most in the article."""
        before = [mention.who for mention in self.mentions.before(token) if mention.kind == "organisation"]
        same = (who for who in before if noun in self.words[who[0] : who[1] + 1])
        if (found := next(same, None)) is not None:
            return found
        if noun in self._by_noun and noun not in ("government", "company"):
            return self._by_noun[noun]
        if noun not in _ANY_FIRM or not bare:
            return None
        ends = ((who, self.words[who[1]]) for who in before)
        return next((who for who, end in ends if end not in _FIRMS and end not in PLACES), self._busiest)

    @cached_property
    def _by_noun(self) -> dict[str, Range]:
        """The first name of several words with each word of organisations in it."""
        out: dict[str, Range] = {}
        for name in self.names.all:
            for word in name.words if len(name.words) > 1 and not name.headed else ():
                if word in _FIRMS:
                    out.setdefault(word, (name.first, name.last))
        return out

    @cached_property
    def _busiest(self) -> Range | None:
        """The name that stands before verbs most often, at least twice, and is no person's or place's."""
        acting = Counter(
            name.words
            for name in self.names.all
            if self.kinds[name.last + 1] in "vbm" and not self.names.is_person(name) and name.words[-1] not in PLACES
        )
        most = max(acting, key=lambda words: acting[words], default=None)
        if most is None or acting[most] < 2:
            return None
        name = self.names.of(most)[0]
        return name.first, name.last

    def _first_like_it(self, first: int, last: int) -> Range:
        """The first phrase with the same noun, where a phrase points back to one: "the survey"."""
        if self.words[first] not in _POINTING or last - first > 2:
            return first, last
        there = self._first_phrases.get(self.words[last])
        return there if there is not None and there[1] < first else (first, last)

    @cached_property
    def _first_phrases(self) -> dict[str, Range]:
        """For each noun where it first stands with an article: the phrase, with what "of", "by", "from" put behind it."""
        out: dict[str, Range] = {}
        kinds, words = self.kinds, self.words
        for token, kind in enumerate(kinds):
            if kind != "n" or words[token] in out:
                continue
            begin = token
            while begin and kinds[begin - 1] in "nNad#s" and token - begin < REACH:
                begin -= 1
                if kinds[begin] == "d":
                    break
            if kinds[begin] == "d":
                out[words[token]] = begin, self._behind(token)
        return out

    def _behind(self, token: int) -> int:
        """Where a phrase ends, with the noun phrases that prepositions put behind its noun."""
        kinds, words, stop = self.kinds, self.words, token
        while words[stop + 1] in _BEHIND and stop - token < REACH and kinds[stop + 2] != "Z":
            stop += 2
            while kinds[stop] in "dnNas#" and kinds[stop + 1] in "nNs#":
                stop += 1
        return stop
