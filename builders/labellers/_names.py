"""Names in an article: where they stand, which of them are people, what the article says that these people are.

Conventions: indices count tokens, ranges hold both ends. A name is a run of words with capitals, without titles and jobs
before it; one of an organisation goes on over "of", "for" and "and".
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from allegedly.builders.labellers._sources import GROUPS, ORGANISATIONS, PLACES, TITLES
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
Key = TypeVar("Key")
#: A name has at most so many words, and a description reaches so many tokens from its name.
LONGEST, REACH = 8, 14
#: A sentence with more of its words in capitals is a headline.
HEADED = 0.6
#: What somebody is, where it stands with a capital before a name.
JOBS = (
    frozenset(
        """analyst attorney boss captain chair chairman chairwoman chief clerk coach coaches commander commissioner conservative
    councillor constable correspondent deputy democrat democratic director economist editor executive former head inspector
    labour lawyer leader liberal manager member minister mp officer premier presenter prime producer prosecutor republican
    researcher scientist sergeant shadow sheriff singer spokesman spokesperson spokeswoman striker superintendent tory vice
    actor actress author billionaire chancellor detective lieutenant major marshal reverend rev hon congressman
    congresswoman ambassador attorney-general managing defender midfielder goalkeeper winger skipper lock fly-half chef
    novelist star msp mep speaker professor judge governor secretary owner founder guitarist frontman drummer rapper
    vicar archbishop bishop pastor father sister brother dame baroness baron count duke""".split()
    )
    | TITLES
)
#: Words among these that name a party too.
PARTIES = frozenset("conservative labour liberal republican tory democrat democratic".split())
#: Words that end the name of a firm and may be left out.
FORMS = frozenset(
    "inc corp corporation company ltd plc llc group holdings communications bank party airways university".split()
)
#: Classes of words that may begin a name: a capital, and those of "Don" and "Will".
_BEGINS = re.compile("[Nbm]")
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)
#: Small words inside the names of people, and what may stand behind a surname.
_PARTICLES = frozenset("de den der del della van von bin ibn al el la le du di da dos ten ter".split())
_CALLED = {
    **dict.fromkeys("mr sir lord he his him".split(), "he"),
    **dict.fromkeys("mrs ms miss lady dame she her".split(), "she"),
}
#: What people are to others: whoever has such a word before the name is somebody else than the one named before.
KIN = frozenset(
    """husband wife brother sister son daughter father mother uncle aunt cousin nephew niece grandfather grandmother
    grandson granddaughter widow widower partner stepfather stepmother brother-in-law sister-in-law father-in-law
    mother-in-law son-in-law daughter-in-law twin""".split()
)
_OWNERS = frozenset("her his their my our".split())
_NO_NAMES = frozenset("new old former western eastern northern southern".split())
_OF_A_PLACE = re.compile("(?:[cdghklnrs]ian|ghan|ican|ish|ese|nch)$")
_BEHIND = frozenset("jr sr ii iii iv".split())
#: Endings of what people are called by what they do.
_DOING = re.compile(r"[a-z]{2,}(?:ist|er|or|ian|ant|ent|man|woman|ing|ed|star)")
#: Endings of nouns for people alone: not "river", "paper".
_DOES = re.compile(r"[a-z]{2,}(?:ists?|eer|[^aeiou]man|woman|ian|[cst]tor|cher|[kn]er|iver|yer|wyer|lder|ident)")
_LINKS = frozenset(["of", "for", "and", "&", "de", "van", "von", "der", "bin", "al", "la", "du", "the", "on", "in"])


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands, from ``begin`` on with the title or job before it; ``words`` in small letters; ``headed``
    where it stands in a headline of capitals, ``opens`` where its first word begins a sentence."""

    begin: int
    first: int
    last: int
    words: tuple[str, ...]
    headed: bool
    opens: bool

    @property
    def titled(self) -> bool:
        """Whether a title or a job stands before it."""
        return self.begin < self.first


class Names:
    """The names of an article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.all = [name for first, last in self._runs() if (name := self.bare(first, last))]
        self._firsts = [name.first for name in self.all]
        self._by_end: dict[str, list[Name]] = {}
        self._by_start: dict[str, list[Name]] = {}
        self._places: dict[tuple[str, ...], list[Name]] = {}
        self._suffixed: dict[str, list[Name]] = {}
        for name in self.all:
            for index, key in ((self._by_end, name.words[-1]), (self._by_start, name.words[0])):
                _few(index, key, name)
            _few(self._places, name.words, name)
            if name.words[-1] in _BEHIND and len(name.words) > 2:
                _few(self._suffixed, name.words[-2], name)
        self._known: dict[tuple[str, ...], Name | None] = {}
        self.people: set[tuple[str, ...]] = set()
        #: Names that "Mr", "Mrs" and the like stand before.
        self.addressed = {name.words for name in self.all if name.titled and self.tokens.words[name.begin] in _CALLED}
        self.people = self._people()
        self.described = self._described()
        self.pronouns = self._pronouns()

    def _runs(self) -> Iterator[Range]:
        """Runs of words with capitals; "O'Hara" and "van den Berg" are in one piece."""
        last = -1
        for match in _BEGINS.finditer(self.tokens.kinds):
            token = match.start()
            if token > last and (match[0] == "N" or self._is_don(token)):
                last = self._run_end(token)
                yield token, last

    def _run_end(self, last: int) -> int:
        kinds, words, starts, ends = self.tokens.kinds, self.tokens.words, self.tokens.starts, self.tokens.ends
        while True:
            after = last + 1
            if kinds[after] == "N":
                last = after
                continue
            if (
                kinds[after] == "'"
                and kinds[after + 1] == "N"
                and starts[after] == ends[last]
                and len(words[last]) == 1
            ):
                last = after + 1
                continue
            while words[after] in _PARTICLES:
                after += 1
            if after == last + 1 or kinds[after] != "N":
                return last
            last = after

    def _is_don(self, token: int) -> bool:
        """Whether a word that is an auxiliary elsewhere is a first name: "Don Grath", "by Will Askew"."""
        word, kinds = self.tokens.words[token], self.tokens.kinds
        capital = word in ("don", "will") and self.tokens.text[self.tokens.starts[token]].isupper()
        return capital and kinds[token + 1] == "N" and (word == "don" or not self._opens(token))

    def bare(self, first: int, last: int) -> Name | None:
        """The name in a run of words with capitals, without titles and jobs before it; None where only these stand."""
        words, kinds = self.tokens.words, self.tokens.kinds
        while last > first and words[last] == ".":
            last -= 1
        begin = first
        for token in range(first, last):
            if words[token] in JOBS and (token == first or kinds[token] == "N"):
                begin = token + 1 + (words[token + 1] == "." and token + 1 < last)
        doing = last - first >= 2 and self._opens(first) and _DOING.fullmatch(words[first]) is not None
        of_state = (
            last > first > 1 and kinds[first - 1] == "o" and words[first - 2] in JOBS
        )  # "Secretary of State Nora Pell"
        if begin == first and (doing or of_state):
            begin = first + 1
        if not ORGANISATIONS.isdisjoint(words[begin : last + 1]):
            begin = first  # "Democratic National Convention"
        if words[begin] in _DAYS or words[begin] == "." or (begin == last and words[last] in JOBS - PARTIES):
            return None
        kept = tuple(word for word in words[begin : last + 1] if word != ".")
        return Name(first, begin, last, kept, self._headed(first), begin == first and self._opens(first))

    def _headed(self, token: int) -> bool:
        """Whether a word stands in a headline that is set in capitals."""
        first, end = self.tokens.sentences[self.tokens.sentence(token)]
        kinds = self.tokens.kinds[first:end]
        return kinds.count("N") > HEADED * len(kinds) and len(kinds) > 3

    def _opens(self, token: int) -> bool:
        """Whether a word opens a sentence or a quotation, and so has its capital for that."""
        return token == 0 or self.tokens.kinds[token - 1] in 'Z":'

    def of(self, words: tuple[str, ...]) -> list[Name]:
        """The places of a name, in order, of many the first."""
        return self._places.get(words, [])

    def starting(self, word: str) -> list[Name]:
        """The names that begin with a word, of many the first."""
        return self._by_start.get(word, [])

    def is_person(self, name: Name) -> bool:
        """Whether a name, or the fullest one that it is part of, is a person's."""
        full = self.fullest(name.words)
        return any(
            words in self.people or words in self.addressed for words in (name.words, full.words if full else ())
        )

    def full(self, name: Name) -> Range:
        """Where the fullest form of a name stands; of an account ("@pell") itself."""
        tokens = self.tokens
        before = name.first - 1
        if before >= 0 and tokens.words[before] == "@" and tokens.ends[before] == tokens.starts[name.first]:
            return before, name.last
        fullest = self.fullest(name.words) or name
        return fullest.first, fullest.last

    def joined(self, name: Name) -> Range | None:
        """A name that goes on behind an ampersand: "Pell & Holt"."""
        after = self.within(name.last + 2, name.last + 2) if self.tokens.words[name.last + 1] == "&" else []
        return (name.first, after[0].last) if after else None

    def within(self, first: int, last: int) -> list[Name]:
        """Names that begin in a range."""
        return self.all[bisect_left(self._firsts, first) : bisect_left(self._firsts, last + 1)]

    def fullest(self, words: tuple[str, ...]) -> Name | None:
        """The fullest name that ends in these words, the first of equal ones, people before others and names that stand
        more often before rarer ones; of a single word also a person's that begins with it, or that of a firm with its
        legal form."""
        if words in self._known:
            return self._known[words]
        named = [name for name in self._by_end.get(words[-1], ()) if name.words[-len(words) :] == words]
        longer = [name for name in named if len(words) < len(name.words) <= 5 and self._fuller(name, words)]
        plain = {name.words for name in longer if not name.headed}
        longer = [
            name for name in longer if name.words in plain or (name.words in self.people and len(name.words) == 2)
        ]
        if len(words) == 1 and any(self._is_kin(name) for name in longer):
            longer = self._without_kin(longer, named)
        if not longer:
            longer = [
                name
                for name in self._by_start.get(words[0], ())
                if name.words[: len(words)] == words
                and len(words) < len(name.words) <= 5
                and (name.words in self.people or name.words[len(words)] in FORMS or name.words[-1] in _BEHIND)
            ]
            longer = longer or [
                name for name in self._suffixed.get(words[-1], ()) if name.words[-1 - len(words) : -1] == words
            ]
        best = named[0] if named else None
        if longer:
            sure = {name.words for name in longer if not name.headed and not name.opens}
            first = {name.words: name for name in reversed(longer)}
            best = first[max(first, key=lambda key: (key in sure, key in self.people, len(key), -first[key].first))]
            if best.headed and best.words not in sure and (best.words not in self.people or len(best.words) > 2):
                best = named[0] if named else None
        self._known[words] = best
        return best

    def _without_kin(self, longer: list[Name], named: list[Name]) -> list[Name]:
        """Names of several words that end in a surname, without those of relatives whom the article brings in after it has
        used the surname for another: "Pell said so. Her brother, Olaf Pell, laughed."."""
        kin = {name.words for name in longer if self._is_kin(name)} - {
            name.words for name in longer[:1] if not self._is_kin(name)
        }
        brought = min(name.first for name in longer if name.words in kin) if kin else 0
        return [name for name in longer if name.words not in kin] if kin and named[0].first < brought else longer

    def _is_kin(self, name: Name) -> bool:
        """Whether a name stands behind what its bearer is to another: "her brother, Olaf Pell", "his wife Ida Pell"."""
        words, kinds = self.tokens.words, self.tokens.kinds
        noun = name.begin - 1
        noun -= noun > 0 and kinds[noun] == ","
        return noun > 0 and words[noun] in KIN and (words[noun - 1] in _OWNERS or kinds[noun - 1] == "s")

    def _fuller(self, name: Name, words: tuple[str, ...]) -> bool:
        """Whether what stands before these words in a name is part of it: not "New", "British"."""
        before = name.words[-len(words) - 1]
        return before not in _NO_NAMES and not (name.words not in self.people and _OF_A_PLACE.search(before))

    def spelt(self, letters: str) -> Range | None:
        """Where a name stands whose words begin with these letters: "Estrand Central Bank" for "ECB"."""
        return self._initials.get(letters)

    @cached_property
    def _initials(self) -> dict[str, Range]:
        words = self.tokens.words
        out: dict[str, Range] = {}
        for name in self.all:
            for first, last in self._stretches(name.begin):
                letters = "".join(word[0] for word in words[first : last + 1] if word not in _LINKS)
                if len(letters) > 1:
                    out.setdefault(letters, (first, last))
        return out

    def _stretches(self, first: int) -> Iterator[Range]:
        """A name and the words it is linked to by "of", "for", "and", from the shortest on."""
        kinds, words, last = self.tokens.kinds, self.tokens.words, first
        while last - first < LONGEST and kinds[last] in "N":
            if kinds[last + 1] != "N":
                yield first, last
                after = last + 1
                while words[after] in _LINKS and after - last < 3:
                    after += 1
                if after == last + 1 or kinds[after] != "N":
                    return
                last = after
            else:
                last += 1

    def _people(self) -> set[tuple[str, ...]]:
        """Names of two words or more that stand as those of people do."""
        kinds, words = self.tokens.kinds, self.tokens.words
        alone = Counter(name.words[0] for name in self.all if len(name.words) == 1)
        people = set()
        for name in self.all:
            if not 2 <= len(name.words) <= 4 or not ORGANISATIONS.isdisjoint(name.words) or name.words[0] in PLACES:
                continue
            before, after = kinds[name.first - 1] if name.first else "Z", kinds[name.last + 1 : name.last + 3]
            if (
                name.titled
                or (before == "n" and words[name.first - 1] not in GROUPS)
                or after == ",#"
                or (after[:1] == "," and self._apposed_to_person(name))
                or (alone[name.words[-1]] and name.words[0] not in _NO_NAMES and not _OF_A_PLACE.search(name.words[0]))
            ):
                people.add(name.words)
        return people

    def _apposed_to_person(self, name: Name) -> bool:
        """Whether a name stands behind what somebody is: "her husband, Jan Holt"."""
        kinds, words, noun = self.tokens.kinds, self.tokens.words, name.first - 2
        if noun < 1 or kinds[noun + 1] != "," or kinds[noun] != "n":
            return False
        return words[noun] in KIN or words[noun] in JOBS or _DOES.fullmatch(words[noun]) is not None

    def _described(self) -> dict[str, list[tuple[frozenset[str], Name]]]:
        """What people are said to be: the words before their names, and those of an apposition behind it."""
        kinds, words = self.tokens.kinds, self.tokens.words
        out: dict[str, list[tuple[frozenset[str], Name]]] = {}
        for name in self.all:
            if len(name.words) < 2 or not ORGANISATIONS.isdisjoint(name.words):
                continue
            begin = name.first
            while begin and kinds[begin - 1] in "nNa" and name.first - begin < 5:
                begin -= 1
            before = frozenset(words[begin : name.first])
            if before:
                _say(out, before, name)
            if kinds[begin - 1] == "," and begin == name.first and begin > 2:  # "the mayor, Nora Pell"
                start = begin - 2
                while start and kinds[start] in "nNos" and begin - start < REACH:
                    start -= 1
                if kinds[start] == "d":
                    _say(out, frozenset(words[start + 1 : begin - 1]), name)
            if kinds[name.last + 1] == ",":
                stop = name.last + 2
                while kinds[stop] not in ",Zwb" and stop - name.last < REACH:
                    stop += 1
                if kinds[stop] != "b":
                    _say(out, frozenset(words[name.last + 2 : stop]), name)
        return out

    def _pronouns(self) -> dict[tuple[str, ...], str]:
        """By which of "he" and "she" the article itself calls people: from "Mr" and "Mrs" before their names, and where
        nobody else is named in a sentence and the one before."""
        counts: dict[tuple[str, ...], Counter[str]] = {}
        here: list[tuple[str, ...]] = []
        before: list[tuple[str, ...]] = []
        words = self.tokens.words
        for first, end in self.tokens.sentences:
            before, here = here, []
            for name in self.within(first, end - 1):
                full = (self.fullest(name.words) or name).words
                called = _CALLED.get(words[name.begin]) if name.titled else None
                if full in self.people or full in self.addressed:
                    here.append(full)
                    if called:
                        counts.setdefault(full, Counter())[called] += 3
            named = {*here, *before}
            if len(named) == 1:
                for word in words[first:end]:
                    if word in _CALLED:
                        counts.setdefault(next(iter(named)), Counter())[_CALLED[word]] += 1
        return {name: count.most_common(1)[0][0] for name, count in counts.items() if count["he"] != count["she"]}


#: So many places of a name are kept, so that a text without an end costs no more than one with.
_KEPT = 50


def _few(index: dict[Key, list[Name]], key: Key, name: Name) -> None:
    names = index.setdefault(key, [])
    if len(names) < _KEPT:
        names.append(name)


def _say(index: dict[str, list[tuple[frozenset[str], Name]]], what: frozenset[str], name: Name) -> None:
    """Files what somebody is said to be under each of its words."""
    for word in what:
        names = index.setdefault(word, [])
        if len(names) < _KEPT:
            names.append((what, name))
