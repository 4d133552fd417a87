"""Speculation by rule: words that put a statement as less than certain, and how far they reach.

Conventions: a cue is the smallest unit that carries the doubt, its scope holds it (BioScope). Indices count tokens,
ranges hold both ends.

Source: ``rules_speculations.toml``; Vincze et al. 2008 (BioScope) for cues and scopes; Szarvas et al. 2012 for the kinds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._files import lower, texts, toml
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._lists import families as of_file
from allegedly.builders.labellers._lists import one_of_schema
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._patterns import Marks
from allegedly.builders.labellers._rulebook import Rule, by_start, marks, rules
from allegedly.builders.labellers._scopes import REACHES, Scopes
from allegedly.builders.labellers._sources import GROUPS, PEOPLE
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
FILE = "rules_speculations.toml"


@dataclass(slots=True)
class Doubt:
    """A speculation as ranges of tokens, by which rule, and by which its scope, "" where that runs to the end of the clause;
    ``construction`` where it hangs on how a clause is built, not on what it speaks of."""

    cue: list[Range]
    scope: list[Range]
    kind: str
    certainty: str
    rule: str
    scope_rule: str = ""
    construction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A group of cue words: the kind and the certainty of their doubts."""

    kind: str
    certainty: str
    construction: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The rules of speculation: by the characters that cues begin with; the scopes of each family, in order."""

    by_start: Mapping[str, tuple[Rule, ...]]
    starts: re.Pattern[str]
    scopes: Mapping[str, tuple[Rule, ...]]
    families: Mapping[str, Family]
    #: The family of a word, for cues that are given.
    family_of: Mapping[str, str]
    #: Words that settle the certainty.
    certainty_of: Mapping[str, str]


@cache
def book() -> Book:
    """The rules as they ship. UsageError for what is wrong in their file."""
    return bound(toml(FILE), rules(FILE, "rule"), rules(FILE, "scope"))


def bound(value: Mapping[str, Any], cues: tuple[Rule, ...], reaches: tuple[Rule, ...]) -> Book:
    """Rules with their families. UsageError for names of families, reaches and functions that are none."""
    families = {name: Family(**fields) for name, fields in of_file(FILE, value).items()}
    for rule in cues:
        rule.row.one_of("family", families)
        rule.row.one_of("with", WITH)
    scopes: dict[str, list[Rule]] = {name: [] for name in families}
    for rule in reaches:
        rule.row.one_of("reach", REACHES)
        rule.row.one_of("of", families)
        for name in str(rule.row.fields["of"]).split():
            scopes[name].append(rule)
    table = by_start(cues)
    return Book(
        by_start=table,
        starts=re.compile(f"[{''.join(map(re.escape, sorted(table)))}]"),
        scopes={name: tuple(found) for name, found in scopes.items()},
        families=families,
        family_of={word: name for name, family in families.items() for word in family.words.split()},
        certainty_of=_certainties(value.get("certainty", {})),
    )


def _certainties(value: object) -> dict[str, str]:
    """The certainty of words that settle it. UsageError for one that no label has."""
    where = f"{FILE}, certainty"
    found: dict[str, str] = {}
    for name, words in texts(where, value).items():
        one_of_schema(where, name, "speculation", "certainty")
        found |= dict.fromkeys(lower(f"{where}, {name}", words), name)
    return found


class Doubts:
    """Finds the speculations of one article."""

    def __init__(self, tokens: Tokens, signs: Marks | None = None) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.marks = signs or marks(tokens)
        self.book = book()
        self.scopes = Scopes(tokens)

    def find(self) -> list[Doubt]:
        """All speculations, in order of their cues."""
        doubts: list[Doubt] = []
        sentences = iter(self.tokens.sentences)
        first = last = taken = -1
        by_start = self.book.by_start
        for hit in self.book.starts.finditer(self.marks.signs):
            token = hit.start()
            while token >= last:
                first, last = next(sentences)
                first = self.tokens.opening(first)
            if token <= taken:
                continue
            for rule in by_start[hit[0]]:
                doubt = self._by(rule, token, first, last)
                if doubt is not None:
                    doubts.append(doubt)
                    taken = doubt.cue[-1][1]
                    break
        return doubts

    def scope(self, cue: Range) -> list[Range] | None:
        """The scope of a cue that is given."""
        number = self.tokens.sentence(cue[0])
        if number < 0 or cue[0] >= self.tokens.sentences[number][1]:
            return None
        first, last = self.tokens.sentences[number]
        end = min(cue[1], last - 1)
        families = map(self.book.family_of.get, self.words[cue[0] : end + 1])
        return [self._scope(next(filter(None, families), ""), (cue[0], end), first, last)[0]]

    def _by(self, rule: Rule, token: int, first: int, last: int) -> Doubt | None:
        """The speculation that a rule finds where a cue begins at a token."""
        parts = rule.match(self.marks, token)
        if parts is None:
            return None
        cue = parts["cue"]
        if rule.frames and not rule.follows(frame(self.tokens, cue[1] + 1)):
            return None
        fields = rule.row.fields
        family = self.book.families[fields["family"]]
        certainty = self.book.certainty_of.get(self.words[token]) or fields.get("certainty", family.certainty)
        if "with" in fields:
            certainty = WITH[fields["with"]](self, token, first, last, certainty)
            if not certainty:
                return None
        scope, by = self._scope(fields["family"], cue, first, last)
        kind = fields.get("kind", family.kind)
        return Doubt([cue], [scope], kind, certainty, rule.row.name, by, family.construction)

    def _scope(self, family: str, cue: Range, first: int, last: int) -> tuple[Range, str]:
        """The scope of a cue of a family, and the rule that says so."""
        place = self.scopes.place(cue, first, last)
        for rule in self.book.scopes.get(family, ()):
            if rule.stands(self.marks, cue) and (not rule.frames or rule.follows(frame(self.tokens, cue[1] + 1))):
                return REACHES[rule.row.fields["reach"]](self.scopes, place), rule.row.name
        return self.scopes.from_cue(place), ""


def cue_words() -> frozenset[str]:
    """Words that cues of speculation begin with, or are."""
    return frozenset(book().family_of)


# -- what no pattern says ---------------------------------------------------------------------------------------------

_VERB_GROUP = letters("adverb negation auxiliary")
_PHRASE = letters("noun name number gerund of dash preposition")
_LINKING = letters("of preposition")
_OWNED = letters("determiner possessive")
_COUNTABLE = letters("noun number")
_STATING = letters("auxiliary modal adverb")
_ADVERB, _NUMBER = letters("adverb"), letters("number")
_REGULATED, _RULES, _LAWS, _ANYONE, _PLURALS, _NUMBERS, _TIMES, _WAYS, _PERIODS = map(
    listed,
    (
        "regulated",
        "rule-words",
        "laws",
        "anyone",
        "people-plurals",
        "number-words",
        "times",
        "ways",
        "periods",
    ),
)
_BOUNDS = frozenset({("up", "to"), ("more", "than"), ("at", "most"), ("as", "many"), ("as", "much"), ("fewer", "than")})
#: A chance above it, in percent, is probable.
_EVEN = 50.0


def _no_permission(doubts: Doubts, token: int, first: int, last: int, certainty: str) -> str:
    """ "May" of a permission is no doubt: a rule says so, or what anyone of a kind may do has a limit of number or time."""
    return "" if _allowed(doubts, token, first, last) else certainty


def _allowed(doubts: Doubts, token: int, first: int, last: int) -> bool:
    words, kinds = doubts.words, doubts.kinds
    verb = token + 1
    while kinds[verb] in _VERB_GROUP and verb < last:
        verb += 1
    if words[verb] not in _REGULATED or words[token - 1] in _RULES:
        return False
    if words[token + 1] == "not" and _anyone(doubts, token, first) in ("every", "plural"):
        return True  # "cyclists may not use the tunnel"
    if words[token - 1] == "you" or any(
        words[here] in _RULES and words[here + 1] != "out" for here in range(first, last)
    ):
        return True
    if any(words[here] == "under" and _LAWS.intersection(words[here:token]) for here in range(first, token)):
        return True
    subject = _anyone(doubts, token, first)
    if subject == "every":
        return True
    if subject == "the":  # "the trains may carry up to 40 tons a day"
        return words[verb + 1 : verb + 3] == ["up", "to"] and _limited(doubts, verb + 3, last)
    return subject == "plural" and ("only" in words[token:verb] or _limited(doubts, verb + 1, last))


def _anyone(doubts: Doubts, token: int, first: int) -> str:
    """What the subject before a modal speaks of: ``every`` ("each guest", "nobody"), ``plural`` (bare: "guests"),
    ``the`` ("the guests"), or something else."""
    kinds, words = doubts.kinds, doubts.words
    head = token - 1
    while head > first and kinds[head] == _ADVERB:
        head -= 1
    if words[head] in _ANYONE or (words[head] == "one" and words[head - 1] == "no"):
        return "every"
    start = head
    while start > first and kinds[start - 1] in _PHRASE:
        start -= 1
    # "tickets for Monday": what is before the first preposition
    head = next((here - 1 for here in range(start + 1, head) if kinds[here] in _LINKING), head)
    if start > first and words[start - 1] in _ANYONE:
        return "every"
    if start > first and kinds[start - 1] in _OWNED and words[start - 1] != "the":
        return ""
    if words[start - 1] == "the" and start > first:
        return "the" if words[head].endswith("s") else ""
    plural = words[head].endswith("s") or words[head] in _PLURALS or kinds[head] == _NUMBER
    return "plural" if plural and (kinds[head] in _COUNTABLE or head == first) else ""


def _limited(doubts: Doubts, token: int, last: int) -> bool:
    """Whether a number or a time bounds what follows: "up to 40 tons", "until noon", "twice a day"."""
    kinds, words = doubts.kinds, doubts.words
    for here in range(token, last):
        word, after = words[here], words[here + 1]
        if word in ("only", "free") or (word == "by" and after in _WAYS):
            return True
        if (word, after) in _BOUNDS and (kinds[here + 2] == _NUMBER or words[here + 2] in _NUMBERS):
            return True
        if word in ("until", "till", "after", "before", "between", "from", "for") and (
            kinds[here + 1] == _NUMBER or after in _NUMBERS or (word != "for" and after in _TIMES)
        ):
            return True
        if word in ("a", "per", "each", "every") and after in _PERIODS:
            return True
    return False


def _stated_chance(doubts: Doubts, token: int, first: int, last: int, certainty: str) -> str:
    """ "There is a 73% chance of rain", "the risk that it falls"; not "by chance", "raises the risk of"."""
    kinds, words = doubts.kinds, doubts.words
    share = _share(doubts, token)
    stated = any(words[here] == "there" and kinds[here + 1] in _STATING for here in range(first, token))
    if not stated and (words[token] != "chance" or share < 0):
        return ""
    return "probable" if share > _EVEN else certainty


def _share(doubts: Doubts, token: int) -> float:
    """The number before a chance, in percent; -1 where none is there."""
    for here in range(token - 1, max(-1, token - 5), -1):
        if doubts.kinds[here] == _NUMBER:
            found = re.fullmatch(r"\d{1,3}(?:\.\d{1,3})?", doubts.words[here])
            return float(found[0]) if found else -1.0
    return -1.0


def _no_person(doubts: Doubts, token: int, first: int, last: int, certainty: str) -> str:
    """ "A potential flood", not "potential buyers": people are there, whatever they may do."""
    head = token + 1
    while head + 1 < last and doubts.kinds[head + 1] in _COUNTABLE:
        head += 1
    return "" if doubts.words[head] in GROUPS or PEOPLE.fullmatch(doubts.words[head]) else certainty


#: The functions by the names that the rules give them: from the cue, its sentence and the certainty so far to the certainty,
#: "" where there is no doubt.
WITH: dict[str, Callable[[Doubts, int, int, int, str], str]] = {
    "no-permission": _no_permission,
    "no-person": _no_person,
    "stated-chance": _stated_chance,
}
