"""How far a doubt reaches: the functions that ``reach`` names in ``rules_speculations.toml``.

Conventions: indices count tokens, ranges hold both ends.

Source: Vincze et al. 2008 (BioScope).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from allegedly.builders.labellers._classes import letters, one_of
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
_BARE = letters("determiner pronoun noun name")
_MODIFIERS = letters("number other noun")
_BEFORE_CONDITION = letters("comma adverb quotation-mark stop semicolon colon question-mark exclamation-mark dash")
_SIDE = letters("nominal comma determiner possessive gerund")
_CUT_OFF = letters("semicolon colon quotation-mark subordinator question")
_RELATIVE = letters("question that")
_BESIDE_VERB = letters("adverb auxiliary")
_LEADS = letters("adverb preposition subordinator")
_OPENS = letters("determiner pronoun name noun")
_ENDS_NOUN = letters(
    "auxiliary modal comma semicolon colon stop question-mark exclamation-mark that question subordinator negation pronoun end"
)
_HANGS_ON = letters("of preposition")
_NO_END = letters("of preposition conjunction determiner adverb")
_NEW_CLAUSE = letters("pronoun determiner that")
_GOES_AGAINST = letters("pronoun determiner name preposition")
_APART = letters("comma semicolon colon quotation-mark opening-bracket that question subordinator")
_FINITE = letters("finite")
#: So many tokens before "and" are looked at for a verb.
_CLAUSE = 25
_LINKS = letters("subordinator conjunction")
_LISTED = letters("comma conjunction")
_TRAILING = letters("stop comma semicolon colon question-mark exclamation-mark dash quotation-mark")
_NOMINAL = letters("nominal")
_TO, _THAT, _COMMA, _CONJUNCTION, _OPENING, _CLOSING, _SEMICOLON, _DETERMINER, _PRONOUN, _PAST = map(
    letters,
    (
        "to",
        "that",
        "comma",
        "conjunction",
        "opening-bracket",
        "closing-bracket",
        "semicolon",
        "determiner",
        "pronoun",
        "past",
    ),
)
_BREAKS = re.compile(one_of("opening-bracket closing-bracket comma semicolon conjunction subordinator"))
_CONTRASTS, _AFTER_COMMA, _CUTS, _CONDITIONS, _PEOPLE_AND_PLACES = map(
    listed, ("contrasts", "behind-a-comma", "cutting-words", "conditions", "apart-relatives")
)
_PRONOUNS, _SUBJECTS, _QUOTES = listed("relative-pronouns"), listed("subject-pronouns"), letters("quotation-mark")


@dataclass(frozen=True, slots=True)
class Place:
    """A cue in its sentence: the tokens of the cue, the sentence or the rest of its quotation, half-open, and where the
    clause behind the cue ends."""

    begin: int
    end: int
    first: int
    last: int
    stop: int


class Scopes:
    """The scopes of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.open_at = {last: first for first, last in tokens.quotes}

    def place(self, cue: Range, first: int, last: int) -> Place:
        """A cue in its sentence."""
        kinds = self.kinds
        begin, end = cue
        around = self.tokens.quotation(begin)
        if around is not None and around[1] < last:
            last = max(around[1], end + 1)  # no scope leaves the quotation that its cue stands in
        stop = self._clause_end(end + 1, last)
        comma = kinds.find(_COMMA, end, stop)
        if comma > 0 and kinds[first] == _TO and kinds[comma + 1] in _BARE and _COMMA not in kinds[first:end]:
            stop = comma - 1  # "To see whether it held, they ..."
        return Place(begin, end, first, last, stop)

    # -- reaches -------------------------------------------------------------------------------------------------

    def from_cue(self, at: Place) -> Range:
        """From the cue to the end of its clause."""
        return (at.begin, max(at.stop, at.end))

    def from_word_before(self, at: Place) -> Range:
        return (at.begin - 1, at.stop)

    def sentence(self, at: Place) -> Range:
        """From the cue over all clauses behind it."""
        return (at.begin, self._clause_end(at.end + 1, at.last, whole=True))

    def clause(self, at: Place) -> Range:
        """The clause of the cue, with its subject."""
        return (self._subject(at.begin, at.first), at.stop)

    def clause_before(self, at: Place) -> Range:
        """The clause whose verb stands right before the cue."""
        return (self._subject(at.begin - 1, at.first), at.stop)

    def up_to_cue(self, at: Place) -> Range:
        """The clause of the cue, up to the cue."""
        return (self._subject(at.begin, at.first), at.end)

    def up_to_condition(self, at: Place) -> Range:
        """From the cue to where a condition begins, which is another doubt."""
        token, stop = at.end + 1, at.stop
        condition = next((here for here in range(token, stop) if self.words[here] in _CONDITIONS), stop + 1)
        while (
            condition > token
            and self.kinds[condition - 1] in _BEFORE_CONDITION
            and self.open_at.get(condition - 1, -1) < token
        ):
            condition -= 1
        return (at.begin, condition - 1)

    def condition(self, at: Place) -> Range:
        """The clause of a condition and the one that hangs on it, in either order."""
        if at.begin == at.first or self.kinds[at.begin - 1] == _QUOTES:
            return (at.begin, self._clause_end(at.end + 1, at.last, whole=True))
        return (self._subject(at.begin - 1, at.first), self._clause_end(at.end + 1, at.last))

    def noun_phrase(self, at: Place) -> Range:
        """A noun phrase around the cue, with its article."""
        kinds, start = self.kinds, at.begin
        while start > at.first and kinds[start - 1] in _MODIFIERS and kinds[start] != _DETERMINER:
            start -= 1
        if start > at.first and kinds[start - 1] == _DETERMINER:
            start -= 1
        return (start, self._noun_end(at.end + 1, at.last))

    def described(self, at: Place) -> Range:
        """The noun that the cue describes, with an article right before the cue."""
        article = at.begin > at.first and self.kinds[at.begin - 1] == _DETERMINER
        return (at.begin - article, self._noun_end(at.end + 1, at.last))

    def noun(self, at: Place) -> Range:
        """From the cue over the noun phrase behind it."""
        return (at.begin, self._noun_end(at.end + 1, at.last))

    def alternatives(self, at: Place) -> Range:
        """The nouns on either side of an "or"."""
        left, right = at.begin - 1, at.end + 1
        while left > at.first and self.kinds[left - 1] in _SIDE:
            left -= 1
        while right + 1 < at.last and self.kinds[right + 1] in _NOMINAL:
            right += 1
        return (left, right)

    # -- clauses and phrases -------------------------------------------------------------------------------------

    def _subject(self, token: int, first: int) -> int:
        """The first token of the clause whose verb stands at a token."""
        kinds, words = self.kinds, self.words
        start = self._clause_start(token, first)
        if (
            start > first
            and kinds[start - 1] in _RELATIVE
            and words[start - 1] in _PRONOUNS
            and kinds[start:token].strip(_BESIDE_VERB) == ""
        ):
            return start - 1  # "that is likely to"
        while start < token and kinds[start] in _LISTED:
            start += 1
        # an adverb or a time before the subject, set off by a comma, stays out
        comma = kinds.find(_COMMA, start, token)
        if comma > start and kinds[start] in _LEADS:
            start = comma + 1
        return start

    def _clause_start(self, token: int, first: int) -> int:
        """Where the clause of a token begins: behind a word or mark that opens one, brackets aside."""
        kinds, words = self.kinds, self.words
        start = token
        depth = 0
        while start > first:
            kind = kinds[start - 1]
            if kind == _CLOSING:
                depth += 1
            elif kind == _OPENING:
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0 and (
                kind == _THAT
                or (kind in _CUT_OFF and words[start - 1] != "as")
                or (kind == _CONJUNCTION and words[start - 1] in _CONTRASTS)
                or (kind == _COMMA and self._opens(start, token))
                or (kind == _CONJUNCTION and kinds[start - 2] == _COMMA and self._opens(start, token))
                or (kind == _CONJUNCTION and start < token and self._joins_clauses(start - 1, first))
            ):
                break
            start -= 1
        return start

    def _joins_clauses(self, conjunction: int, first: int) -> bool:
        """Whether "and" parts two clauses: one with a verb of its own stands before it."""
        kinds, start = self.kinds, max(first, conjunction - _CLAUSE)
        for here in range(conjunction - 1, start - 1, -1):
            if kinds[here] in _APART:
                return False
            if kinds[here] in _FINITE:
                return True
        return False

    def _opens(self, start: int, token: int) -> bool:
        """Whether a noun phrase begins here that leads up to the verb."""
        return self.kinds[start] in _OPENS and _COMMA not in self.kinds[start:token]

    def _noun_end(self, token: int, last: int) -> int:
        """The end of a noun phrase with all that hangs on it."""
        kinds = self.kinds
        end = token
        while end + 1 < last and kinds[end + 1] not in _ENDS_NOUN:
            if kinds[end + 1] == _PAST and kinds[end + 2] not in _HANGS_ON:
                break
            if kinds[end + 1] == _CONJUNCTION and self.words[end + 1] not in ("and", "or"):
                break
            end += 1
        while end > token and kinds[end] in _NO_END:
            end -= 1
        return end

    def _parts(self, token: int) -> bool:
        """Whether a new clause begins at a token, so that a scope ends before it."""
        kinds, words = self.kinds, self.words
        if kinds[token] == _COMMA:
            after = words[token + 1]
            if after in ("and", "but"):
                return kinds[token + 2] in _NEW_CLAUSE
            if after in _PEOPLE_AND_PLACES:
                return True  # a relative clause beside the main one
            return after in _AFTER_COMMA or (kinds[token + 1] == _PRONOUN and after in _SUBJECTS)
        if words[token] == "but":
            return kinds[token + 1] in _GOES_AGAINST
        return kinds[token] in _LINKS and words[token] in _CUTS

    def _clause_end(self, token: int, last: int, whole: bool = False) -> int:
        """The last token of the clause that goes on at a token; of a ``whole`` sentence with all clauses."""
        kinds = self.kinds
        end = token
        depth = 0
        while end < last:
            mark = _BREAKS.search(kinds, end, last)
            if mark is None:
                end = last
                break
            end = mark.start()
            kind = kinds[end]
            if kind == _OPENING:
                depth += 1
            elif kind == _CLOSING:
                depth -= 1
            if depth < 0 or (depth == 0 and (kind == _SEMICOLON or (not whole and self._parts(end)))):
                break
            end += 1
        end -= 1
        while end > token and kinds[end] in _TRAILING and self.open_at.get(end, -1) < token:
            end -= 1
        return end


#: The functions by the names that the rules give them.
REACHES: dict[str, Callable[[Scopes, Place], Range]] = {
    "from-cue": Scopes.from_cue,
    "from-word-before": Scopes.from_word_before,
    "sentence": Scopes.sentence,
    "clause": Scopes.clause,
    "clause-before": Scopes.clause_before,
    "up-to-cue": Scopes.up_to_cue,
    "up-to-condition": Scopes.up_to_condition,
    "condition": Scopes.condition,
    "noun-phrase": Scopes.noun_phrase,
    "described": Scopes.described,
    "noun": Scopes.noun,
    "alternatives": Scopes.alternatives,
}
