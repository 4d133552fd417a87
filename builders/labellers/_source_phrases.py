"""Whose words they are: the noun phrases on either side of a cue.

Conventions: indices count tokens, ranges hold both ends.
"""

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._cues import VERBS
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._sayings import Saying
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: How far a phrase reaches at most, so that a text without an end costs no more than one with.
REACH = 60
_BRACKETS = letters("opening-bracket closing-bracket")
_BEFORE_THAT = letters("noun name comma")
_AHEAD_OF_TIME = letters("comma conjunction dash closing-bracket")
_BEFORE_VERB = letters("pronoun modal negation")
_CLAUSE_ASIDE = letters("preposition subordinator that")
_CLOSED = letters("noun name number closing-bracket")
_COUNTABLE = letters("noun number")
_COUNTED = letters("number determiner noun")
_ENDS_NOUN = letters("noun name")
_ENDS_NO_PHRASE = letters("comma of preposition conjunction stop")
_ENDS_PHRASE = letters("noun name number possessive determiner quotation-mark apostrophe stop gerund dash past other")
_FINITE = letters("auxiliary past modal")
_IN_APPOSITION = letters("question auxiliary past modal adverb gerund")
_LEADS_CLAUSE = letters("subordinator preposition")
_LEADS_IN = letters("preposition of adverb")
_NOMINAL = letters("noun name of preposition comma stop end")
_NO_HEAD = letters("conjunction of adverb apostrophe stop")
_ODD_MARK = letters("apostrophe other")
_OPENS_APPOSITION = letters("determiner name noun number")
_OPENS_ASIDE = letters("adverb subordinator")
_OPENS_CLAUSE = letters("question")
_PLACES_WITH = letters("preposition of")
_OPENS_NAME = letters("determiner noun name")
_OPENS_NO_PHRASE = letters("preposition conjunction of adverb stop comma apostrophe dash")
_PARTICIPLE = letters("past gerund")
_PHRASE = letters("determiner noun name number possessive of")
_PLAIN_ASIDE = letters("adverb subordinator preposition name number noun")
_STOPS_DASHED = letters("semicolon quotation-mark end colon dash")
_STOPS_ASIDE = letters("comma semicolon quotation-mark end colon dash")
_SUBJECT_END = letters("noun name number possessive")
_TIME_WORD = letters("name noun adverb")
_VERB_GROUP = letters("adverb negation auxiliary modal")
_WITHIN_PHRASE = letters("determiner noun name number possessive of apostrophe other")
(
    _ADVERB,
    _CLOSING,
    _COMMA,
    _CONJUNCTION,
    _DASH,
    _DETERMINER,
    _GERUND,
    _NAME,
    _NOUN,
    _NUMBER,
    _OPENING,
    _POSSESSIVE,
    _PREPOSITION,
    _PRONOUN,
    _QUESTION,
    _QUOTATION,
    _STOP,
    _THAT,
    _TO,
) = map(
    letters,
    (
        "adverb",
        "closing-bracket",
        "comma",
        "conjunction",
        "dash",
        "determiner",
        "gerund",
        "name",
        "noun",
        "number",
        "opening-bracket",
        "possessive",
        "preposition",
        "pronoun",
        "question",
        "quotation-mark",
        "stop",
        "that",
        "to",
    ),
)
_OF = letters("of")
#: "One of them, Pia Lund, said": what stands before "of" and a pronoun.
_SOME = frozenset(["one", "some", "many", "most", "several", "two", "three", "none", "both", "all", "few"])
_FULL_NAMES = (_NAME * 2, _NAME * 3, _NOUN + _NAME * 2)
#: What stands behind a speaker, and is no part of the name: "said Holt afterwards".
_LATER = listed("later")
#: Words before a number that belong to it.
_ABOUT, _LEAST = map(listed, ("about", "least"))
_HEARSAY = listed("hearsay")
_DAYS, _OWNERS, _ARTEFACTS, _DUMMIES = map(listed, ("days", "owners", "artefacts", "dummies"))
#: Words that open an aside about who somebody is: ", now a director,", ", from Oxfam,", ", managing director,".
_STILL, _BELONGING, _ACTING = map(listed, ("still", "belonging", "acting"))


class Sources:
    """The sources of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.close_at = {last: first for first, last in tokens.quotes}

    def source(
        self, begin: int, first: int, here: list[Saying], gerund: bool, lemma: str = ""
    ) -> tuple[Range | None, bool]:
        """The source left of a cue, and whether it is shared with an earlier clause."""
        kinds, words = self.kinds, self.words
        token = begin - 1
        if token < first:
            return None, True
        while token > first and words[token] in _HEARSAY:
            token -= 1
        before = self._before_time(token, first)
        if first < before < token and kinds[before] in _AHEAD_OF_TIME:
            token = before
        kind = kinds[token]
        if kind == _PRONOUN:
            if words[token] in _DUMMIES and words[begin] in ("is", "was", "seems", "seemed", "appears", "appeared"):
                return None, False
            return (token, token), False
        if kind == _QUESTION or (kind == _THAT and (token == first or kinds[token - 1] in _BEFORE_THAT)):
            return (token, token), False
        if kind == _COMMA:
            return (self.subject(first, token, here), True) if gerund else self._before_comma(token, first, here)
        if kind == _CONJUNCTION:
            # "said it was late and said": whoever said it
            again = next((saying for saying in here if lemma and saying.lemma == lemma and saying.source), None)
            return (again.source if again else self.subject(first, token, here)), True
        if kind == _TO:
            return self.subject(first, token, here), True
        if kind == _CLOSING:
            open_ = token
            while open_ > first and kinds[open_] != _OPENING and token - open_ < REACH:
                open_ -= 1
            head = self.left(open_ - 1, first)
            return ((head[0], token), False) if head else (None, True)
        if kind == _QUOTATION and gerund:
            return self.subject(first, token, here), True
        if kind == _DASH and (found := self._before_dash(token, first)):
            return found, False
        if kind in _ENDS_PHRASE:
            return self.left(token, first), False
        return self.subject(first, token, here), True

    def _before_comma(self, token: int, first: int, here: list[Saying]) -> tuple[Range | None, bool]:
        """The source before an aside that ends with a comma, ", however," or ", a teacher,"; else as ``_source``."""
        kinds = self.kinds
        comma = self._comma_before(token, first)
        if comma <= first or kinds[comma] != _COMMA:
            return self.subject(first, token, here), True
        before = self._comma_before(comma, first)
        for _ in range(3):
            # "Ada Holt, at a fair in Sarrel, Ohio, said": the aside has a comma in it
            if before <= first or kinds[before] != _COMMA or kinds[before - 1] not in _SUBJECT_END:
                break
            place = kinds[before + 1] in _PLACES_WITH and _NAME in kinds[before + 2 : comma + 2]
            if kinds[before + 1] in _OPENS_CLAUSE or place:
                comma = before
                break
            before = self._comma_before(before, first)
        head = self.left(comma - 1, first)
        if head is None:
            return None, True
        if self._describes(comma + 1, token):
            return (self._described(head, first)[0], token - 1), False
        return self._described(head, first), False

    def _before_dash(self, token: int, first: int) -> Range | None:
        """The source before an aside between two dashes, with it where it says who that is."""
        dash = token - 1
        while dash > first and token - dash < REACH and self.kinds[dash] not in _STOPS_DASHED:
            dash -= 1
        if dash <= first or self.kinds[dash] != _DASH or dash + 1 == token:
            return None
        head = self.left(dash - 1, first)
        if head is None:
            return None
        return (head[0], token) if self.kinds[dash + 1] in _OPENS_APPOSITION else head

    def _comma_before(self, token: int, first: int) -> int:
        """The mark before a token at which an aside may begin, or stops."""
        comma = token - 1
        while comma > first and token - comma < REACH and self.kinds[comma] not in _STOPS_ASIDE:
            comma -= 1
        return comma

    def _describes(self, start: int, stop: int) -> bool:
        """Whether an aside says who somebody is, as an apposition does: ", now a director," and ", from Oxfam,"."""
        aside, words = self.kinds[start:stop], self.words
        if words[start] in _STILL and aside[1:2] and aside[1:2] in _OPENS_APPOSITION:
            return True
        if words[start] in _BELONGING and aside[1:2] and aside[1:2] in _OPENS_NAME and words[start + 1] not in _DAYS:
            return True
        if aside[:1] == _GERUND:
            return words[start] in _ACTING and aside[1:2] in _NOUN
        plain = (aside.strip(_PLAIN_ASIDE) == "" and aside[:1] in _OPENS_ASIDE) or aside[:1] in _CLAUSE_ASIDE
        return not plain and aside[:1] in _OPENS_APPOSITION

    def _described(self, head: Range, first: int) -> Range:
        """Whom a phrase between two commas describes, with it: "[Sen. Ada Holt, R-Ohio]" for "R-Ohio", "[Ada Holt, 26, of
        Leeds]" for "Leeds"; the phrase itself where it describes nobody."""
        kinds = self.kinds
        start = head[0]
        for _ in range(2):
            comma = start - 1
            opens = self.words[comma] in _BELONGING and kinds[comma - 1] == _COMMA
            comma -= opens
            if comma - 1 <= first or kinds[comma] != _COMMA or kinds[comma - 1] != _NAME:
                break
            who = self.left(comma - 1, first)
            short = kinds[start : head[1] + 1] == _NUMBER or self.words[start][1:2] == "-" or opens
            if who is None or not short or kinds[who[0]] not in _OPENS_NAME:
                break
            start = who[0]
        return start, head[1]

    def subject(self, first: int, token: int, here: list[Saying]) -> Range | None:
        """The subject that a clause without one of its own takes from the clause before."""
        for saying in reversed(here):
            if saying.source is not None and saying.source[1] < token:
                return saying.source
        kinds = self.kinds
        limit = min(token, first + REACH)
        start = first
        if kinds[first] in _LEADS_CLAUSE:
            # "When the fair opened, the mayor spoke, saying": behind the comma
            comma = kinds.find(_COMMA, first, limit - 1)
            start = comma + 1 if comma > 0 and any(kind in _FINITE for kind in kinds[comma:limit]) else first
        for verb in range(start + 1, limit):
            if kinds[verb] in _FINITE or (kinds[verb] == _NOUN and self.words[verb] in VERBS):
                head = verb - 1
                while head > first and kinds[head] in _VERB_GROUP:
                    head -= 1
                if kinds[head] == _PRONOUN:
                    return (head, head)
                if kinds[head] in _SUBJECT_END:
                    return self.left(head, start)
                if kinds[head] == _COMMA:
                    return self._before_comma(head, first, [])[0] or self.left(head - 1, first)
                if kinds[head] == _DASH:
                    return self._before_dash(head, first)
                return None
        return None

    def left(self, token: int, first: int) -> Range | None:
        """The noun phrase that ends at a token."""
        kinds, words = self.kinds, self.words
        end = self._before_time(token, first)
        if end < first:
            return None
        if kinds[end] == _PRONOUN:
            some = end - 2 >= first and kinds[end - 1] in _OF and words[end - 2] in _SOME
            return (end - 2, end) if some else (end, end)
        if kinds[end] == _QUOTATION and end not in self.close_at:
            return None  # a mark alone is nobody
        start = self.close_at.get(end, end)  # 'so-called "experts"'
        low = max(first, end - REACH)
        while start - 1 >= low:
            if self._widens(start, low, first):
                start -= 1
            elif kinds[start - 1] == _CLOSING:
                open_ = start - 1
                while open_ > low and kinds[open_] != _OPENING:
                    open_ -= 1
                if open_ <= low:
                    break
                start = open_
            else:
                break
        # a phrase does not begin with a preposition: "In May the mayor said"
        led_in = start < end and (kinds[start] in _LEADS_IN or (start > low and kinds[start - 1] in _LEADS_IN))
        while start < end and kinds[start] in _LEADS_IN:
            comma = start
            while comma < end and not (words[comma] in _DAYS or self._dates(comma)):
                comma += 1
            start = comma + 1 if comma < end else start + 1
            if comma >= end:
                break
        if led_in:
            start = self._next_phrase(start, end)
        while start < end and kinds[start] in _NO_HEAD:
            start += 1
        if kinds[start] in _OPENS_NO_PHRASE:
            return None
        if start > low and kinds[start] in _COUNTED and words[start - 1] in _ABOUT:
            start -= 1
            if words[start] in _LEAST and start > low and words[start - 1] == "at":
                start -= 1
        return (start, end)

    def _dates(self, token: int) -> bool:
        """Whether a number is a year, or stands beside a month."""
        words = self.words
        if self.kinds[token] != _NUMBER:
            return False
        year = len(words[token]) == 4 and words[token][:2] in ("18", "19", "20")
        return year or words[token - 1] in _DAYS or words[token + 1] in _DAYS

    def _next_phrase(self, start: int, end: int) -> int:
        """Where the noun phrase begins that follows the one after a preposition at once: "In a statement [the firm] said"."""
        kinds = self.kinds
        for token in range(start + 1, end):
            if kinds[token] == _DETERMINER and kinds[token - 1] in _ENDS_NOUN and kinds[token + 1] in _OPENS_NAME:
                return token
        return start

    def _before_time(self, token: int, first: int) -> int:
        """The last token before the times between subject and verb, which are no part of the source."""
        kinds, words = self.kinds, self.words
        end = token
        while end > first and words[end] in _DAYS and kinds[end] in _TIME_WORD:
            end -= 1
            while end > first and (
                kinds[end] in _PREPOSITION or words[end] in ("last", "this", "late", "early", "next")
            ):
                end -= 1
        return end

    def _widens(self, start: int, low: int, first: int) -> bool:
        """Whether a noun phrase that begins at a token takes in the token before it."""
        kinds = self.kinds
        kind = kinds[start - 1]
        if kind == _NOUN and self.words[start - 1] in VERBS and start - 2 >= first and kinds[start - 2] in _BEFORE_VERB:
            return False  # "I know [the paper] may think so"
        return (
            kind in _PHRASE
            or (kind == _PREPOSITION and start - 1 > first)
            or kind in _ODD_MARK
            or (kind == _STOP and kinds[start - 2] == _NAME)
            or (kind == _DASH and self.tokens.starts[start] == self.tokens.ends[start - 1])
            or (
                kind == _CONJUNCTION
                and self.words[start - 1] in ("and", "or", "&")
                and start - 2 >= low
                and kinds[start - 2] in _CLOSED
            )
            or (kind == _ADVERB and kinds[start] in _COUNTABLE and start - 2 >= low and kinds[start - 2] in _DETERMINER)
            or (kind in _PARTICIPLE and start - 2 >= low and (kinds[start - 2] in _DETERMINER))
            or (kind == _ADVERB and kinds[start] == _POSSESSIVE)
            or (kind == _TO and self.words[start - 2] in ("close", "opposed", "loyal"))
            or (kind == _TO and start - 2 >= low and kinds[start - 2] == _NOUN and kinds[start] in _DETERMINER)
        )

    def right(self, token: int, last: int) -> int:
        """The end of the noun phrase, with its appositions, that begins at a token."""
        kinds, words = self.kinds, self.words
        here = token
        if kinds[token] == _PRONOUN:
            return token
        while here + 1 < last and here - token < REACH:
            kind = kinds[here + 1]
            if kind in _WITHIN_PHRASE:
                if (words[here + 1] in _DAYS and kinds[here + 1] == _NAME) or words[here + 1] in _LATER:
                    break
                here += 1
            elif kind == _STOP and here + 2 < last and kinds[here] == _NAME:
                here += 1
            elif kind == _PREPOSITION and words[here + 1] in ("for", "of", "at", "from", "with", "in", "to", "on"):
                if words[here + 1] in ("in", "on", "at", "to", "with") and not self._apposed(token, here):
                    break
                if (
                    words[here + 1] == "of"
                    and kinds[token : here + 1] in _FULL_NAMES
                    and kinds[here + 2] == _DETERMINER
                ):
                    break  # "said Ada Holt of the ruling"
                here += 1
            elif (
                (kind == _TO and self._apposed(token, here))
                or (kind == _COMMA and kinds[here + 2] in _OPENS_NAME and words[here + 2] not in _DAYS)
                or (kind == _COMMA and kinds[here + 2] == _QUESTION and words[here + 2] == "who" and here - token < 8)
                or (kind in _IN_APPOSITION and self._apposed(token, here) and kinds[here] != _COMMA)
                or kind in _BRACKETS
                or (kind == _DASH and self.tokens.starts[here + 1] == self.tokens.ends[here])
                or (kind == _CONJUNCTION and words[here + 1] in ("and", "&") and kinds[here + 2] == _NAME)
                or (kind == _CONJUNCTION and words[here + 1] == "and" and self._joins(token, here))
                or (kind == _COMMA and words[here + 2] in _BELONGING and kinds[here + 3] in _OPENS_NAME)
            ):
                here += 1
            else:
                break
        while kinds[here] in _ENDS_NO_PHRASE:
            here -= 1
        return max(token, here)

    def _apposed(self, token: int, here: int) -> bool:
        return _COMMA in self.kinds[token:here] or "from" in self.words[token + 1 : here]

    def _joins(self, token: int, here: int) -> bool:
        """Whether "and" joins two nouns of an apposition: ", an adviser and a former mayor"."""
        kinds = self.kinds
        behind = here + 2 + (self.words[here + 2] in ("a", "an"))
        return _COMMA in kinds[token:here] and kinds[behind] == _NOUN and kinds[behind + 1] in _NOMINAL

    def person(self, source: Range | None, begin: int) -> tuple[Range | None, int]:
        """The person before an artefact that goes into the cue: "The mayor | 's report shows"."""
        if (
            source is None
            or source[1] != begin - 1
            or source[1] == source[0]
            or self.words[source[1]] not in _ARTEFACTS
        ):
            return source, begin
        start, end = source
        mark = self.kinds.rfind(_POSSESSIVE, start, end)
        if mark > start and end - mark <= 3:
            return (start, mark - 1), mark
        if self.words[start] in _OWNERS and end - start <= 3:
            return (start, start), start + 1
        return source, begin

    def apart(self, source: Range | None, here: list[Saying]) -> Range | None:
        """A source without what another said before it: "admitted stealing [the van] and [the driver] admitted"."""
        for item in here if source is not None else ():
            end = item.content[-1][1] if item.content else -1
            if source is not None and source[0] <= end < source[1] - 1 and self.kinds[end + 1] == _CONJUNCTION:
                source = (end + 2, source[1])
        return source
