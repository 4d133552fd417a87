"""What a claim is of: the first rule that its words fit tells it.

Conventions: the words of a claim are those of its pieces together. Patterns are looked for anywhere in them.

Source: ``rules_claims.toml``; Konstantinovskiy et al. 2021 (kinds of claims).
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._clauses import brings_about, obliges
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._patterns import Marks
from allegedly.builders.labellers._rulebook import searches
from allegedly.builders.labellers._signs import words_of
from allegedly.builders.labellers._speculation import Doubt
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
FILE = "rules_claims.toml"
_FINITE, _VERB_GROUP, _HELPING, _PARTICIPIAL, _ACTING = map(
    letters, ("finite", "auxiliary modal negation adverb", "auxiliary modal", "past gerund", "past gerund noun")
)
_PAST, _MODAL, _NOUN, _PRONOUN, _NUMBER, _AUXILIARY = map(
    letters, ("past", "modal", "noun", "pronoun", "number", "auxiliary")
)
_ASIDES, _DOING, _STATES, _SHARES, _UNITS, _MEASURING, _RANKING = map(
    listed, ("asides", "doing", "states", "shares", "units", "measuring-verbs", "ranking-verbs")
)
_COUNTED = words_of("number")
_MEASURED = _UNITS | _SHARES
_FIGURES = _MEASURED | words_of("amount") | listed("amount-marks")
_PARTICIPLE = ("en", "wn", "ne", "ed", "ght", "lt", "nt", "pt", "id", "de")
_SHARED = re.compile(
    r"(?:(?:nearly|almost|about|over|more than|around|some|only|just) )?(?:an? |the )?"
    r"(?:half|third|quarter|majority|fifth|tenth|two-thirds|most) (?:of|the) "
)
#: A superlative or a rank behind the verb.
_RANK = re.compile(
    r"\b(?:the|its|their|his|her|'s) (?:\w+ )?(?:\w{3,}(?<!for)(?<!inter)(?<!qu)(?<!w)est|most|least|only \w+ to|first \w+ to|"
    r"first to|second-\w+|number)\b|number (?:one|two|\d)|top (?:10|ten|five|spot)|(?:more|less|fewer|\w+er) than"
)


class Extent:
    """The words of a claim, as rules look at them; ``intends``: they tell what somebody plans or expects."""

    __slots__ = ("doubts", "intends", "kinds", "ranges", "signs", "tokens", "words")

    def __init__(self, tokens: Tokens, marks: Marks, ranges: Sequence[Range], doubts: Sequence[Doubt]) -> None:
        self.tokens, self.ranges, self.doubts = tokens, ranges, doubts
        self.words = [word for first, last in ranges for word in tokens.words[first : last + 1]]
        self.kinds = "".join(tokens.kinds[first : last + 1] for first, last in ranges)
        #: With the end of a sentence at both ends, so that patterns see where they are.
        self.signs = f"Z{''.join(marks.signs[first : last + 1] for first, last in ranges)}Z"
        self.intends = False


def kind_of(extent: Extent) -> tuple[str, str]:
    """What a claim is of, and the rule that says so; ("other", "") where none does."""
    signs = extent.signs
    for has, forbids, function, kind, name in _rules():
        if (
            (has is None or has(signs) is not None)
            and (forbids is None or forbids(signs) is None)
            and (function is None or function(extent))
        ):
            return kind, name
    return "other", ""


_Looking = Callable[[str], re.Match[str] | None]


@cache
def _rules() -> tuple[tuple[_Looking | None, _Looking | None, Callable[[Extent], bool] | None, str, str], ...]:
    """The rules in order: how their patterns are looked for, their functions, kinds and names. UsageError for a
    function that is none."""
    out = []
    for rule in searches(FILE, "rule"):
        kind, name = str(rule.row.fields.get("kind")), rule.row.fields.get("with")
        rule.row.one_of("with", WITH)
        out.append((rule.has, rule.forbids, WITH[name] if name else None, kind, rule.row.name))
    return tuple(out)


# -- what no pattern says ---------------------------------------------------------------------------------------------


def _permits(extent: Extent) -> bool:
    """Whether the main verb is a "may" that is no doubt."""
    kinds, words = extent.tokens.kinds, extent.tokens.words
    first, last = extent.ranges[0]
    verb = next((token for token in range(first, last + 1) if kinds[token] in _FINITE), first)
    return words[verb] == "may" and all(doubt.cue[0][0] != verb for doubt in extent.doubts)


def _main_verb(words: list[str], kinds: str) -> int:
    """Where the main verb stands, behind its helping verbs; a form of "be" or "have" that is the verb itself; else -1."""
    verb = next((place for place, kind in enumerate(kinds) if kind in _FINITE and words[place] not in _ASIDES), -1)
    if verb < 0 or kinds[verb] == _PAST:
        return verb
    last = verb
    while verb < len(kinds) and kinds[verb] in _VERB_GROUP:
        last = verb if kinds[verb] in _HELPING else last
        verb += 1
    doing = words[last] in _DOING or kinds[last] == _MODAL
    if (
        verb < len(kinds)
        and words[verb] not in _COUNTED
        and (kinds[verb] in _PARTICIPIAL or (kinds[verb] == _NOUN and (doing or words[verb].endswith(_PARTICIPLE))))
    ):
        return verb
    return last


def _happened(words: list[str], kinds: str) -> bool:
    """Whether the main verb tells an act or a change: any but a state, and a form of "be" or "have" with a participle."""
    verb = _main_verb(words, kinds)
    if verb < 0:
        return _PRONOUN not in kinds[:1] and _STATES.isdisjoint(words)  # a headline
    if kinds[verb] == _PAST and (verb == 0 or kinds[verb - 1] not in _VERB_GROUP):
        return words[verb] not in _STATES
    return kinds[verb] in _ACTING and not (kinds[verb] == _NOUN and kinds[verb - 1] == _MODAL)


def _measures(words: list[str], kinds: str) -> bool:
    """Whether the number is the point: a verb that measures, with a figure; a share as subject; a rank or a superlative."""
    numbers = [place for place, kind in enumerate(kinds) if kind == _NUMBER or words[place] in _COUNTED]
    verb = _main_verb(words, kinds)
    if verb > 0 and any(words[place + 1] in _SHARES for place in numbers if place + 1 < verb):
        return True
    if verb > 0 and _SHARED.match(" ".join(words[:4])):
        return True
    if verb < 0:
        return any(place + 1 < len(words) and words[place + 1] in _MEASURED for place in numbers)
    if words[verb] in _MEASURING and any(verb < place <= verb + 12 for place in numbers):
        return kinds[verb] != _AUXILIARY or _figure(words, kinds, verb, numbers)
    if words[verb] in _RANKING:
        behind = " ".join(words[verb + 1 : verb + 14])
        return _RANK.search(behind) is not None
    return False


def _figure(words: list[str], kinds: str, verb: int, numbers: list[int]) -> bool:
    """Whether "is" or "has" goes with a figure: "is 40", "is nine kilometres long", "was 4% higher", not "was 34 when"."""
    have = {words[place + 1] for place in numbers if verb < place and place + 1 < len(words)}
    return bool(have & _FIGURES) or any(
        place - verb <= 3 and words[place] != "one" and "years" not in words for place in numbers if place > verb
    )


#: The functions by the names that the rules give them.
WITH: dict[str, Callable[[Extent], bool]] = {
    "intends": lambda extent: extent.intends,
    "permits": _permits,
    "obliges": lambda extent: obliges(extent.tokens, extent.ranges),
    "brings-about": lambda extent: brings_about(extent.tokens, extent.ranges),
    "brings-about-a-figure": lambda extent: (
        brings_about(extent.tokens, extent.ranges) and _measures(extent.words, extent.kinds)
    ),
    "measures": lambda extent: _measures(extent.words, extent.kinds),
    "tells-an-act": lambda extent: _happened(extent.words, extent.kinds),
}
