"""Who a source stands for: the fullest name that the article has for it, else its first description.

Conventions: indices count tokens, ranges hold both ends. What is looked at are capital letters, titles and jobs beside
names, and which names and sources stand before; nobody's gender is guessed: "she" and "he" are whoever was spoken of last.
The rules are those of the section "Speakers" in ``docs/guidelines.md``.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from allegedly.builders.labellers._names import FORMS, JOBS, Name, Names
from allegedly.builders.labellers._sources import DOCUMENTS, GROUPS, ORGANISATIONS, PLACES
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Attribution, Part

Range = tuple[int, int]
W = {"speaks": 0.5, "first": 0.5, "block": 0.0, "named": 1.0, "things": 3.0}
#: A phrase reaches so many tokens; so many mentions are looked at for a pronoun.
REACH, LOOKED_AT = 12, 40
_SINGULAR = frozenset("he she his her him".split())
_PLURAL = frozenset("they their them both".split())
_THING = frozenset("it its this that".split())
_OWN = frozenset("i we my our us me ourselves".split())
_RELATIVE = frozenset("who which that whose whom".split())
_NOBODY = frozenset("nobody none one everyone everybody someone somebody anyone anybody".split())
#: What an organisation is called when its name stood before.
_FIRMS = frozenset(
    """company firm group airline club carrier giant maker retailer bank broadcaster network paper newspaper newsagency
    union charity agency ministry department government party court body watchdog regulator organisation organization
    league association committee commission council board studio label chain developer publisher operator side team
    institute foundation university""".split()
)


_PRESS = frozenset("times post herald tribune journal guardian telegraph mail mirror express gazette observer chronicle courier".split())
_POLLS = frozenset("poll polls survey average index".split())
#: Words for somebody of a country or a party.
_SOMEBODY = re.compile("(?:[^m]an|ish|ese|democrat|republican)$")
#: Endings of nouns for a person.
_PERSONAL = re.compile("(?:man|woman|star|actress|-year-old|ist|[^t]er|tor|[^i]or|ian|champion|boss|coach|chief)$")
_ANY_FIRM = frozenset("company firm group airline club carrier giant maker retailer broadcaster party charity agency side team".split())


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Somebody spoken of: where, who that is, what kind, and whether somebody is quoted there."""

    at: int
    who: Range
    kind: str
    speaks: bool


def with_speakers(tokens: Tokens, attributions: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """The attributions of an article, each with whom its source stands for."""
    who = Speakers(tokens).of(attributions)
    return tuple(replace(item, speaker=part) for item, part in zip(attributions, who, strict=True))


class Speakers:
    """The speakers of the attributions of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.names = Names(tokens)
        self.mentions = [
            Mention(name.first, self._full(name), "person", False) for name in self.names.all if self._is_person(name)
        ]
        counts = Counter(name.words for name in self.names.all)
        for name in self.names.all:
            if not self._is_person(name) and counts[name.words] > 1 and not name.headed:
                self.mentions.append(Mention(name.first, (name.first, name.last), "organisation", False))
        self.mentions.sort()
        self._of: dict[str, Range | None] = {}
        self._ends = sorted(tokens.paragraph_ends)
        self._first_phrases: dict[str, Range] | None = None

    def of(self, attributions: Sequence[Attribution]) -> list[Part]:
        """The speaker of each attribution, in their order."""
        known = {item.id: item for item in attributions}
        for item in sorted(attributions, key=lambda item: (_depth(item, known), self._place(item))):
            who = self._of[item.id] = self._speaker(item, known)
            place = self._range(item.source)
            if who is not None and place is not None:
                insort(self.mentions, Mention(place[0], who, self._sort(who, item.source_kind), True))
        self._repeated(attributions)
        return [self._part(self._of[item.id]) for item in attributions]

    def _repeated(self, attributions: Sequence[Attribution]) -> None:
        """Words that a title quotes without a source are said by whoever says them in the text."""
        for item in attributions:
            content = self._range(item.content)
            if content is None or item.source or item.cue or item.form != "direct" or self._of[item.id] is not None:
                continue
            said = self._plain(content)
            others = [other for other in attributions if other is not item and self._of[other.id] is not None]
            same = (other for other in others if other.content and said in self._plain(self._range(other.content)))
            title = self._block(content[0]) == 0
            after = (other for other in others if title and self._place(other) > self._place(item))
            other = next(same, None) or min(after, key=self._place, default=None)
            if other is not None:
                self._of[item.id] = self._of[other.id]

    def _plain(self, part: Range) -> str:
        """The words of a part, without marks, between blanks."""
        words, kinds = self.tokens.words, self.tokens.kinds
        kept = (words[token] for token in range(part[0], part[1] + 1) if kinds[token] not in ".,;:?!()-\"'Z")
        return f" {' '.join(kept)} "

    # -- one attribution -----------------------------------------------------------------------------------------

    def _speaker(self, item: Attribution, known: Mapping[str, Attribution]) -> Range | None:
        place = self._range(item.source)
        parent = known.get(item.parent or "")
        if place is None:
            return self._unnamed(item)
        first, last = place
        word = self.tokens.words[first]
        if first < last:
            return self._phrase(first, last, item.source_kind)
        if word in _OWN:
            return self._of.get(parent.id) if parent else self._own(first, item, known)
        if word in _NOBODY:
            return None if word in ("nobody", "none", "one") else (first, last)
        if word in _RELATIVE:
            return self._relative(first, item.source_kind) or (first, last)
        if word in _SINGULAR or word in _PLURAL or word in _THING:
            return self._pronoun(first, word, parent) or (first, last)
        return self._phrase(first, last, item.source_kind)

    def _own(self, token: int, item: Attribution, known: Mapping[str, Attribution]) -> Range | None:
        """Who says "I" in a quotation: whoever it is of, else who spoke last; nobody outside of quotations."""
        quoted = self._quoted(token)
        if quoted is None:
            return None
        for other in known.values():
            there = self._range(other.content)
            if other is not item and there and there[0] <= token <= there[1] and self._of.get(other.id):
                return self._of[other.id]
        spoken = [mention for mention in self._before(quoted[0]) if mention.speaks]
        return spoken[0].who if spoken else None

    def _unnamed(self, item: Attribution) -> Range | None:
        """Of a quotation that stands alone: who spoke last."""
        content = self._range(item.content)
        if content is None or item.form == "indirect" or (item.cue and item.form != "direct"):
            return None
        if self._block(content[0]) == 0:
            return None
        spoken = [mention for mention in self._before(content[0]) if mention.speaks]
        return spoken[0].who if spoken else None

    def _pronoun(self, token: int, word: str, parent: Attribution | None) -> Range | None:
        """Who "she", "they" or "it" is: of a saying within another's who says that; else whoever the sentences before
        speak of last, first of all as the one who speaks."""
        kinds = _KINDS_OF[word]
        other = "he" if word in ("she", "her") else "she"
        if parent is not None and parent.source and not self._quoted(token):
            who = self._of.get(parent.id)
            if who is not None and self._sort(who, parent.source_kind) in kinds and (word not in _SINGULAR or self._called(who) != other):
                return who
        return self._antecedent(token, kinds, "she" if word in ("she", "her") else "he")

    def _antecedent(self, token: int, kinds: tuple[str, ...], called: str = "") -> Range | None:
        """Of those spoken of before, the one who is nearest, speaks, or is the first of a sentence."""
        before = [
            mention
            for mention in self._before(token)
            if mention.kind in kinds and (not called or self._called(mention.who) in ("", called))
        ]
        if not before:
            return None
        here, block = self._sentence(token), self._block(token)
        firsts: dict[int, int] = {}
        for mention in before:
            firsts[self._sentence(mention.at)] = mention.at
        best, most = None, -1e9
        for mention in before:
            sentence = self._sentence(mention.at)
            weight = W["speaks" if mention.kind == "person" else "things"] * mention.speaks + W["first"] * (firsts[sentence] == mention.at) - (here - sentence)
            weight += W["named"] * (mention.kind == "person" and tuple(self.tokens.words[mention.who[0] : mention.who[1] + 1]) in self.names.people)
            weight -= W["block"] * (self._block(mention.at) != block)
            if weight > most:
                best, most = mention, weight
        return best.who if best else None

    def _called(self, who: Range) -> str:
        """Whether the article calls somebody "he" or "she", where it is plain."""
        return self.names.pronouns.get(tuple(self.tokens.words[who[0] : who[1] + 1]), "")

    def _block(self, token: int) -> int:
        return bisect_left(self._ends, token)

    def _before(self, token: int) -> list[Mention]:
        """Mentions before a token, the last first, none inside other quotations than that in which it stands."""
        end = bisect_left(self.mentions, token, key=lambda mention: mention.at)
        around = self._quoted(token)
        out = []
        for mention in reversed(self.mentions[max(0, end - LOOKED_AT) : end]):
            if self._quoted(mention.at) in (None, around):
                out.append(mention)
        return out

    def _quoted(self, token: int) -> Range | None:
        """The quotation that a token stands in."""
        return next((quote for quote in self.tokens.quotes_in(token, token) if quote[0] < token < quote[1]), None)

    def _sentence(self, token: int) -> int:
        return bisect_right(self.tokens.sentences, (token, len(self.tokens.words) + 1)) - 1

    def _relative(self, token: int, kind: str | None) -> Range | None:
        """The noun phrase that "who" or "which" goes on from."""
        kinds, words, last = self.tokens.kinds, self.tokens.words, token - 1
        while last > 0 and kinds[last] in ",c(P":
            last -= 1
        if kinds[last] not in "nN#)":
            return None
        apposed = next((name for name in self.names.within(max(0, last - REACH), last) if name.last == last), None)
        first = last
        while first and kinds[first - 1] in "nN#s-" and last - first < REACH:
            first -= 1
        if first and kinds[first - 1] == "d":
            first -= 1
        elif first < last and kinds[last] == "n":
            while first < last and kinds[first] == "n" and kinds[first + 1] in "nN":
                first += 1
        if kind == "named_person" and apposed is None and kinds[first - 1] == ",":
            before = self.names.within(max(0, first - REACH), first - 2)
            if before and before[-1].last == first - 2:
                return self._full(before[-1])
        return self._phrase(first, last, kind)

    # -- noun phrases --------------------------------------------------------------------------------------------

    def _phrase(self, first: int, last: int, kind: str | None) -> Range:
        """Whom a noun phrase stands for."""
        if (name := self._named(first, last)) is not None:
            return name
        first, last = self._core(first, last)
        head, words = self._head(first, last), self.tokens.words
        if self.tokens.kinds[head] == "N" and not self._plural(head):
            if kind != "unnamed_group" and self.tokens.words[first] == "the" and _SOMEBODY.search(self.tokens.words[head]):
                return self._antecedent(first, ("person",)) or (first, last)
            return self._organisation(first, last)
        if (found := self._by_description(first, last, head, kind)) is not None:
            return found
        if words[first] in ("the", "a", "an", "its") and self.tokens.kinds[first + 1] == "N" and words[last] in _POLLS:
            return first + 1, last
        if kind == "named_organisation" and self.tokens.words[first] in ("the", "a", "an") and "N" in self.tokens.kinds[first + 1 : head]:
            return first + 1, last
        return self._first_phrase(first, last)

    def _plural(self, token: int) -> bool:
        """Whether a word with a capital that begins a sentence is a noun for several: "Residents"."""
        word = self.tokens.words[token]
        if token and self.tokens.kinds[token - 1] not in 'Z":':
            return False
        return word in GROUPS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))

    def _head(self, first: int, last: int) -> int:
        """The noun of a phrase: before its first preposition."""
        kinds = self.tokens.kinds
        return next((token - 1 for token in range(first + 1, last + 1) if kinds[token] in "oP"), last)

    def _named(self, first: int, last: int) -> Range | None:
        """The fullest name of the person that a phrase names."""
        kinds, words = self.tokens.kinds, self.tokens.words
        core = self._core(first, last)
        head = self._head(*core)
        inside = self.names.within(first, last)
        both = [name for name in inside if name.last <= core[1]]
        if len(both) == 2 and words[both[0].last + 1] == "and" and both[1].begin == both[0].last + 2 and head >= both[0].last:
            return self._pair(both[0], both[1])
        for name in inside:
            if name.first <= head <= name.last and self._is_someone(name):
                return self._full(name)
            if kinds[name.begin - 1] == "," and (kinds[name.last + 1] in ",Zb" or name.last == last):
                if self._is_someone(name) and words[head] not in ORGANISATIONS:
                    return self._full(name)
        return None

    def _is_someone(self, name: Name) -> bool:
        """Whether a name is a person's, by where it stands or by its form."""
        if self._is_person(name) or (name.titled and name.words[-1] not in ORGANISATIONS):
            return True
        shape = 2 <= len(name.words) <= 3 and name.words[0] not in PLACES and self.tokens.kinds[name.last + 1] != "o"
        return shape and ORGANISATIONS.isdisjoint(name.words) and FORMS.isdisjoint(name.words) and not name.headed

    def _pair(self, one: Name, other: Name) -> Range | None:
        """Two people whose full names stand together."""
        full = [self.names.fullest(name.words) or name for name in (one, other)]
        for name in self.names.all:
            if name.words != full[0].words:
                continue
            after = next(iter(self.names.within(name.last + 2, name.last + 2)), None)
            if after and self.tokens.words[name.last + 1] == "and" and after.words == full[1].words:
                return name.first, after.last
        return one.begin, other.last

    def _core(self, first: int, last: int) -> Range:
        """A noun phrase without what stands behind its noun but "of", "at" and "for" phrases."""
        kinds = self.tokens.kinds
        for token in range(first + 1, last + 1):
            kind, before = kinds[token], kinds[token - 1]
            after = kinds[token + 1] if token < last else "Z"
            doing = kind in "vg" and before in "nN" and after not in "nN" and token < last
            if kind in ',w("p' or doing or (kind == "a" and before == "n" and after in "vg"):
                return (first, token - 1) if token > first + 1 or kinds[first] != "d" else (first, last)
        return first, last

    def _organisation(self, first: int, last: int) -> Range:
        """The full name that a phrase holds, without its article."""
        kinds, words, starts, ends = self.tokens.kinds, self.tokens.words, self.tokens.starts, self.tokens.ends
        while first < last and (words[first] in ("the", "a", "an") or kinds[first] == "a"):
            first += 1
        head = self._head(first, last)
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
        if begin == head and words[last] == "itself":
            last -= 1
        key = tuple(words[begin : last + 1])
        full = None if key[-1] in PLACES or set(kinds[begin : last + 1]) != {"N"} else self.names.fullest(key)
        if full is not None:
            begin, last = full.first, full.last
        for name in self.names.all:
            if name.words == key and words[name.last + 1] in ("&", "and") and kinds[name.last + 2] == "N":
                if words[name.last + 1] == "&":
                    return name.first, self.names.within(name.last + 2, name.last + 2)[0].last
        if begin and words[begin - 1] == "@" and ends[begin - 1] == starts[begin]:
            begin -= 1
        return begin, last

    def _by_description(self, first: int, last: int, head: int, kind: str | None) -> Range | None:
        """Who is said to be what a phrase says: "the mayor"; an organisation: "the bank"."""
        kinds, words = self.tokens.kinds, self.tokens.words
        noun = words[head]
        if words[first] == "the" and last - first > 1 and (name := self.names.fullest(tuple(words[first + 1 : last + 1]))):
            return name.first, name.last
        if noun in ("paper", "newspaper") and (press := self._press(first)):
            return press
        if words[first] not in ("the", "his", "her", "its", "their") or kinds[head] not in "nN#":
            return None
        if kind in ("unnamed_group", "document") and (noun in DOCUMENTS or noun in GROUPS or _is_plural(noun)):
            return None
        said = {words[token] for token in range(first + 1, last + 1) if kinds[token] in "nN"} - {"former", "then"}
        if not said or _is_plural(noun) or noun in DOCUMENTS:
            return None
        if noun in _FIRMS:
            return self._firm(first, head, len(said) == 1)
        fits = [name for what, name in self.names.described if said <= what]
        if not fits:
            personal = kind == "named_person" or noun in JOBS or _PERSONAL.search(noun)
            return self._antecedent(first, ("person",)) if personal else None
        before = [name for name in fits if name.first < first]
        return self._full(before[-1] if before else fits[0])

    def _press(self, token: int) -> Range | None:
        """The newspaper that was named last before a token."""
        before = [name for name in self.names.within(0, token) if name.words[-1] in _PRESS or name.words[0] in _PRESS]
        return (before[-1].first, before[-1].last) if before else None

    def _firm(self, first: int, last: int, bare: bool) -> Range | None:
        """The organisation that "the bank" or "the company" is: one with this word in its name, or, of words for any firm,
        one that spoke before or that the article names most."""
        words = self.tokens.words
        before = [mention for mention in self._before(first) if mention.kind == "organisation"]
        same = [mention.who for mention in before if words[last] in words[mention.who[0] : mention.who[1] + 1]]
        if same:
            return same[0]
        for name in self.names.all if words[last] not in ("government", "company") else ():
            if words[last] in name.words and len(name.words) > 1 and not name.headed:
                return name.first, name.last
        if words[last] not in _ANY_FIRM or not bare:
            return None
        other = [m.who for m in before if words[m.who[1]] not in _FIRMS and words[m.who[1]] not in PLACES]
        if other:
            return other[0]
        acting = Counter(
            name.words
            for name in self.names.all
            if self.tokens.kinds[name.last + 1] in "vbm" and not self._is_person(name) and name.words[-1] not in PLACES
        )
        most = max(acting, key=lambda key: acting[key], default=None)
        if most is None or acting[most] < 2:
            return None
        return next((name.first, name.last) for name in self.names.all if name.words == most)

    def _first_phrase(self, first: int, last: int) -> Range:
        """The first phrase with the same noun, where a phrase points back to one: "the survey" """
        kinds, words = self.tokens.kinds, self.tokens.words
        if words[first] not in ("the", "this", "that", "these", "those") or last - first > 2:
            return first, last
        noun = words[last]
        for token in range(first):
            if words[token] == noun and kinds[token] == "n":
                begin = token
                while begin and kinds[begin - 1] in "nNad#s" and token - begin < REACH:
                    begin -= 1
                    if kinds[begin] == "d":
                        break
                if kinds[begin] != "d":
                    continue
                stop = token
                while words[stop + 1] in ("of", "by", "at", "for", "from") and stop - token < REACH:
                    stop += 2
                    while kinds[stop] in "dnNas#" and kinds[stop + 1] in "nNs#":
                        stop += 1
                return begin, stop
        return first, last

    # -- small things --------------------------------------------------------------------------------------------

    def _is_person(self, name: Name) -> bool:
        if name.words in self.names.people:
            return True
        full = self.names.fullest(name.words)
        return full is not None and full.words in self.names.people

    def _sort(self, who: Range, kind: str | None) -> str:
        """What kind of speaker somebody is, by the words that stand for them before the kind that the source was given."""
        words = self.tokens.words[who[0] : who[1] + 1]
        if tuple(words) in self.names.people:
            return "person"
        noun = words[self._head(*who) - who[0]]
        if noun in DOCUMENTS:
            return "document"
        if self.tokens.kinds[who[0]] != "N" and (noun in GROUPS or _is_plural(noun)):
            return "group"
        if noun in ORGANISATIONS or noun in _FIRMS:
            return "organisation"
        return _SORTS.get(kind or "", "other")

    def _full(self, name: Name) -> Range:
        starts, ends, words = self.tokens.starts, self.tokens.ends, self.tokens.words
        if name.first and words[name.first - 1] == "@" and ends[name.first - 1] == starts[name.first]:
            return name.first - 1, name.last
        full = self.names.fullest(name.words) or name
        return full.first, full.last

    def _range(self, part: Part | None) -> Range | None:
        return self.tokens.over(part[0].start, part[-1].end) if part else None

    def _place(self, item: Attribution) -> int:
        parts = item.source or item.cue or item.content
        return parts[0].start if parts else 0

    def _part(self, who: Range | None) -> Part:
        return () if who is None else (self.tokens.span(*who),)


def _depth(item: Attribution, known: Mapping[str, Attribution]) -> int:
    """How many attributions an attribution lies in."""
    depth = 0
    while item.parent in known and depth < len(known):
        item, depth = known[item.parent], depth + 1
    return depth


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


_SORTS = {
    "named_person": "person",
    "unnamed_person": "person",
    "named_organisation": "organisation",
    "unnamed_group": "group",
    "document": "document",
}
_KINDS_OF = {
    **dict.fromkeys(_SINGULAR, ("person",)),
    **dict.fromkeys(_PLURAL, ("group", "organisation")),
    **dict.fromkeys(_THING, ("organisation", "document")),
}
