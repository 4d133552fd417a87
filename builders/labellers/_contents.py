"""What is said: where the content of an attribution begins and ends, before its cue and behind it.

Conventions: indices count tokens, ranges hold both ends.
"""

import re
from bisect import bisect_right

from allegedly.builders.labellers._classes import letters, one_of
from allegedly.builders.labellers._cues import VERBS
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._source_phrases import REACH
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: Longest content of an indirect attribution, in tokens.
LONGEST = 250


#: Classes at which a content may end: of a clause, of a phrase (a time may be a noun, an adverb or a determiner).
_MARKS = re.compile(one_of("comma semicolon conjunction quotation-mark apostrophe dash"))
_SHORT_MARKS = re.compile(
    one_of(
        "comma semicolon conjunction quotation-mark apostrophe preposition subordinator adverb determiner noun name dash"
    )
)
_VERB_MARKS = re.compile(
    one_of(
        "comma semicolon conjunction quotation-mark apostrophe preposition subordinator auxiliary modal past adverb determiner "
        "noun name dash"
    )
)
_NOUN_OR_NAME = letters("noun name")
_OPENS_MAIN = letters("pronoun determiner name noun number")
_SIDE_OPENS = letters("end comma conjunction quotation-mark adverb")
_SIDE_STOPS = letters("end comma semicolon colon quotation-mark dash")
_SOMEBODY, _NEGATION = letters("determiner pronoun noun name number possessive of other"), letters("negation")
_ASKS = letters("question-mark exclamation-mark")
_BEFORE_DAY = letters("preposition determiner possessive")
_BEHIND_VERB = letters("pronoun determiner that name")
_BESIDE_VERB = letters("adverb auxiliary")
_BETWEEN = letters("comma stop semicolon colon question-mark exclamation-mark dash closing-bracket")
_BREAKS_PHRASE = letters("question conjunction that preposition adverb past subordinator auxiliary pronoun")
_CLOSES = letters("end stop comma quotation-mark")
_ENDS_ADJUNCT = letters("semicolon stop auxiliary modal past")
_ENDS_RECIPIENT = letters("comma semicolon stop auxiliary past modal")
_ENDS_SENTENCE = letters("stop semicolon end")
_ENDS_TAG = letters("comma stop semicolon colon end dash question-mark exclamation-mark")
_FINITE = letters("auxiliary modal past")
_GOES_ON = letters("quotation-mark gerund")
_GOES_ON_FINITE = letters("auxiliary modal pronoun")
_HEAD = letters("noun name pronoun number")
_INNER_CLOSE = letters("stop comma question-mark exclamation-mark")
_LEADS = letters("comma colon")
_LEADS_TO_QUOTATION = letters("comma colon dash")
_MARK = letters("quotation-mark apostrophe")
_NOMINAL = letters("noun name number")
_OPENS_CLAUSE = letters("question that subordinator pronoun")
_NO_REST = letters("gerund question subordinator")
_NO_SUBJECT_END = letters("determiner possessive of")
_NO_TAG = letters("that modal auxiliary quotation-mark")
_NO_TAIL = letters("that modal past auxiliary question pronoun gerund conjunction")
_OPENS_NOTHING = letters("comma stop semicolon end possessive")
_OPENS_SUBJECT = letters("determiner pronoun")
_OPENS_CONTENT = letters("quotation-mark apostrophe that pronoun question")
_PARTICIPLE = letters("gerund past")
_PHRASE = letters("determiner noun name number possessive of")
_RELATIVE = letters("question that")
_SAYS_SUBJECT = letters("pronoun determiner name")
_SUBJECT = letters("determiner noun name number pronoun possessive of")
_TIME = letters("name adverb")
_TURNS_WITHIN = letters("that modal adverb preposition negation quotation-mark")
_TRAILING = letters("comma semicolon colon dash conjunction")
(
    _ADVERB,
    _CLOSING,
    _COLON,
    _COMMA,
    _CONJUNCTION,
    _DASH,
    _DETERMINER,
    _GERUND,
    _MODAL,
    _NAME,
    _NOUN,
    _OPENING,
    _PAST,
    _PREPOSITION,
    _PRONOUN,
    _QUESTION,
    _QUOTATION,
    _SEMICOLON,
    _STOP,
    _SUBORDINATOR,
    _THAT,
    _TO,
) = map(
    letters,
    (
        "adverb",
        "closing-bracket",
        "colon",
        "comma",
        "conjunction",
        "dash",
        "determiner",
        "gerund",
        "modal",
        "name",
        "noun",
        "opening-bracket",
        "past",
        "preposition",
        "pronoun",
        "question",
        "quotation-mark",
        "semicolon",
        "stop",
        "subordinator",
        "that",
        "to",
    ),
)
#: Words that open a clause which stands before the main one; those that go on with what is said, behind a tag; behind
#: "that" and a comma, where no aside follows; behind a turn that goes on.
_SIDE, _REASONS, _NO_ASIDE, _TURNS_ON = map(listed, ("side-openers", "reasons", "no-aside", "turns-on"))
_DAYS, _WEEKDAYS, _TOLD, _BESIDE, _PLURALS, SPEECH, _TURNS, _SIDE_CLAUSES, _INCLUDING = map(
    listed,
    ("days", "weekdays", "told", "beside", "plurals", "speech", "turns", "side-clauses", "including"),
)


def is_somebody(tokens: Tokens, token: int, end: int) -> bool:
    """Whether the words before an infinitive say who is to do it, which is part of the content: "the council (not) to"."""
    here = range(token, end - (tokens.kinds[end - 1] == _NEGATION))
    return all(tokens.kinds[at] in _SOMEBODY and tokens.words[at] not in _DAYS for at in here)


def agrees(tokens: Tokens, before: int, left: str, base: bool) -> bool:
    """Whether a word that is a noun as well may be a verb after the word before it."""
    word = tokens.words[before]
    if left in _NOUN_OR_NAME and tokens.kinds[before - 1] in _PARTICIPLE:
        return False  # "developing new plans"
    if left == _NOUN:
        plural = (word.endswith("s") and not word.endswith("ss")) or word in _PLURALS
        return plural if base else not plural
    if left == _NAME and base:
        return word.endswith("s") or word in _PLURALS or tokens.kinds[before - 1] == _CONJUNCTION
    return True


class Contents:
    """The contents of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.open_at = dict(tokens.quotes)
        self.close_at = {last: first for first, last in tokens.quotes}
        self.inside = bytearray(len(tokens.words))
        for first, last in tokens.quotes:
            self.inside[first + 1 : last] = b"\x01" * (last - first - 1)

    def before(self, token: int, first: int) -> Range | None:
        """The content that ends before a tag: the mark before it (a comma or a closing quotation mark) at ``token``."""
        kinds = self.kinds
        if token in self.close_at:
            start = self.close_at[token]
            if start <= first:
                return (start, token)
            # the quotation is the end of a longer clause
            if (
                kinds[start - 1] in _LEADS_TO_QUOTATION
                and self.verb_free(first, start - 1)
                and kinds[start + 1] not in _FINITE
            ):
                return (start, token)
            return (first, token)
        if kinds[token] in _ASKS:
            return (first, token)
        end = token - 1
        if end in self.close_at and self.close_at[end] <= first:
            return (self.close_at[end], end)
        end -= kinds[token] in _QUOTATION and kinds[end] in _COMMA
        if end < first + 1:
            return None
        start = first
        while start < end and kinds[start] in _CONJUNCTION:
            start += 1
        return (start, end) if end > start else None

    def verb_free(self, first: int, last: int) -> bool:
        return not any(kind in _FINITE for kind in self.kinds[first:last])

    def tail(self, token: int, last: int) -> int | None:
        """Where the tag ends ("X said on Monday."): the token of the mark after it, or None if something follows."""
        kinds = self.kinds
        if kinds[token] in _ENDS_TAG:
            return token
        if token in self.open_at:
            return None
        low = token
        while token < last and token - low < 25:
            kind = kinds[token]
            if kind in _ENDS_SENTENCE:
                return token
            if kind == _COMMA and token + 1 < last and (kinds[token + 1] in _GOES_ON or token + 1 in self.open_at):
                return token
            if kind == _COMMA or (kind in _NO_TAIL and token == low):
                return None
            if kind in _NO_TAG:
                return None
            token += 1
        return token if token >= last else None

    def after_tag(self, token: int, last: int) -> list[Range]:
        """The quotation that goes on after a tag: in the same sentence after a comma, or in the next one, whatever is told of
        the speaker before it."""
        kinds = self.kinds
        ranges: list[Range] = []
        while token < last and kinds[token] in _BETWEEN:
            token += 1
        if token not in self.open_at and not any(here in self.open_at for here in range(token, last)):
            token = last
        after = token == last and token not in self.tokens.paragraph_ends
        token += after
        if token in self.open_at:
            close = self.open_at[token]
            if after and self._has_tag(close):
                return []
            ranges.append((token, close))
            # still open where the paragraph ends: it goes on in the next
            while close + 2 < len(kinds) and kinds[close] not in _MARK and close + 2 in self.open_at:
                close = self.open_at[close + 2]
                ranges.append((ranges.pop()[0], close))
        return ranges

    def _has_tag(self, close: int) -> bool:
        """Whether words of who says it stand behind the mark that closes a quotation."""
        kinds = self.kinds
        return kinds[close - 1] == _COMMA or (kinds[close - 1] in _ASKS and kinds[close + 1] not in _ENDS_SENTENCE)

    def rest(self, token: int, last: int, before: Range) -> list[Range]:
        """What goes on after a tag inside a sentence without quotation marks: "The fair, she said, is off"."""
        kinds = self.kinds
        goes_on = kinds[token] == _COMMA or (kinds[token] == _DASH and kinds[token + 1] == _CONJUNCTION)
        if not goes_on or before[0] in self.open_at or token + 2 >= last:
            return []
        if kinds[token + 1] in _NO_REST and self.words[token + 1] not in _REASONS:
            return []
        end = self.clause_end(token + 1, last, "t")
        return [(token + 1, end)] if end > token + 1 else []

    def content(self, start: int, last: int, follow: str, token: int) -> list[Range]:
        kinds = self.kinds
        while start < last and kinds[start] == _ADVERB and follow[0] == "P":
            start += 1
        start += start < last and kinds[start] == _COLON
        if kinds[start] in _OPENS_NOTHING:
            return []
        if start in self.open_at:
            close = self.open_at[start]
            # the quotation is all, unless the sentence goes on behind it without a mark inside
            if close + 1 >= last or (kinds[close + 1] in _CLOSES and kinds[close - 1] in _INNER_CLOSE):
                return [(start, close)]
        end = self.clause_end(start, last, follow, token)
        if follow == "i" and token > 1 and kinds[token - 1] in _RELATIVE and kinds[token - 2] != _COMMA:
            end = self._before_main_verb(start, end)
        return [(start, end)] if end >= start else []

    def _before_main_verb(self, start: int, end: int) -> int:
        """The last token before the verb that a relative clause parts from its subject: "those who want to sell it | said"."""
        kinds = self.kinds
        for here in range(start + 2, end + 1):
            if kinds[here] in _OPENS_CLAUSE:
                return end
            if kinds[here] in _FINITE and kinds[here - 1] in _NOMINAL:
                return here - 1
        return end

    def clause_end(self, start: int, last: int, follow: str, token: int = -1) -> int:
        """The last token of a content that begins at a token."""
        kinds = self.kinds
        here = start
        short = follow in "ng" or follow[0] == "P"
        limit = min(last, start + (REACH if short else LONGEST))
        # after a relative pronoun, and after a noun that is a subject, the content ends at the next verb
        stops = short and token >= 0 and (follow == "Pnoun" or kinds[token - 1] in _RELATIVE)
        if self.inside[start]:
            quote = bisect_right(self.tokens.quotes, (start, limit)) - 1
            limit = min(limit, self.tokens.quotes[quote][1])
        led = token > 0 and follow in "icTx" and self._side_clause(token)
        thought = token >= 0 and self._is_thought(token, start)
        # a relative clause set off by a comma ends at the next one
        aside = token > 1 and kinds[token - 1] == _QUESTION and kinds[token - 2] == _COMMA
        marks = _VERB_MARKS if stops else _SHORT_MARKS if short else _MARKS
        while here < limit:
            mark = marks.search(kinds, here, limit)
            if mark is None:
                here = limit
                break
            here = mark.start()
            if kinds[here] == _COMMA and here == start + 1 and kinds[start] == _THAT and self._has_aside(here):
                # "that, though it was late, she left"
                behind = kinds.find(_COMMA, here + 1, limit)
                here = behind + 1 if behind > 0 else limit
                continue
            if here in self.open_at:
                close = self.open_at[here]
                if close >= last:
                    return close
                here = close + 1
                if here < limit and self._tagged(here, limit):
                    break
                continue
            if self._ends(here, start, limit, follow, stops, thought) or (aside and kinds[here] == _COMMA):
                break
            if self._ends_aside(here, start, token, led):
                break
            here += 1
        here = min(here, limit)
        end = here - 1
        while end > start and (
            kinds[end] in _TRAILING
            or (kinds[end] == _STOP and (end == last - 1 or end == limit - 1))
            or (kinds[end] == _QUOTATION and self.close_at.get(end, -1) < start)
        ):
            end -= 1
        return end

    def _ends_aside(self, here: int, start: int, token: int, led: bool) -> bool:
        """Whether the main clause goes on at a mark: "While she said it sank | , he left", ", hoping it held | , left", "- who
        said it sank | - left"; ``led``: the cue, which begins at ``token``, stands in a clause before the main one."""
        kinds = self.kinds
        if token <= 1 or here <= start + 1:
            return False
        if kinds[here] == _DASH:
            return self._spaced(here) and self._behind_dash(token)
        if kinds[here] != _COMMA:
            return False
        participle = kinds[token - 1] == _COMMA and kinds[token] == _GERUND and kinds[here + 1] in _FINITE
        return participle or (led and kinds[here + 1] in _OPENS_MAIN and not self.inside[here])

    def _behind_dash(self, token: int) -> bool:
        """Whether a cue stands in an aside that a dash opened: "- who had refused to pay - "."""
        kinds = self.kinds
        for here in range(token - 1, max(0, token - 20), -1):
            if kinds[here] in _ENDS_SENTENCE:
                return False
            if kinds[here] == _DASH and self._spaced(here):
                return True
        return False

    def _side_clause(self, token: int) -> bool:
        """Whether a cue stands in a clause beside the main one, which has not come yet: "While she said it sank, he"."""
        kinds = self.kinds
        low = max(0, token - 10)
        for here in range(token - 1, low - 1, -1):
            if kinds[here] in _SIDE_STOPS:
                return False
            if kinds[here] == _SUBORDINATOR:
                return self.words[here] in _SIDE and kinds[here - 1] in _SIDE_OPENS
        return False

    def _is_thought(self, begin: int, start: int) -> bool:
        """Whether the cue that begins at a token is no verb of saying."""
        lemmas = [VERBS[word][0] for word in self.words[begin:start] if word in VERBS]
        return bool(lemmas) and SPEECH.isdisjoint(lemmas)

    def _has_aside(self, comma: int) -> bool:
        words = self.words
        return words[comma + 1] not in _TURNS and words[comma + 1] not in _NO_ASIDE

    def _ends(self, here: int, start: int, limit: int, follow: str, stops: bool, thought: bool) -> bool:
        """Whether a content ends before a token."""
        kinds, words = self.kinds, self.words
        short = follow in "ng" or follow[0] == "P"
        kind = kinds[here]
        if kind == _SEMICOLON:
            return kinds.rfind(_OPENING, start, here) <= kinds.rfind(_CLOSING, start, here)
        if here <= start:
            return False
        after = words[here + 1]
        if kind == _COMMA:
            return (
                after == "according"
                or (not short and not self.inside[start] and self._turns(here + 1, follow))
                or (kinds[here + 1] == _GERUND and after in VERBS)
                or self._tagged(here + 1, limit)
                or (after in ("which", "who", "whom") and self._tagged(here + 2, limit))
                or (after == "while" and kinds[here + 2] == _GERUND)
                or (after in _BESIDE and self._speaks(here + 2, limit))
                or (
                    short
                    and after not in _INCLUDING
                    and (kinds[here + 1] in _BREAKS_PHRASE or after in ("a", "an", "the"))
                )
                or (kinds[here + 1] == _CONJUNCTION and self._cue_follows(here + 2, limit))
            )
        if kind == _CONJUNCTION and follow == "i" and kinds[here + 1] in _GOES_ON_FINITE:
            return True
        if kind == _CONJUNCTION and thought and words[here] in ("and", "but") and kinds[here + 1] == _PRONOUN:
            return True  # "I think it works, but I shall wait"
        if kind == _CONJUNCTION:
            return (
                words[here] in ("and", "but")
                and here > start
                and (self._cue_follows(here + 1, limit) or self._speaks(here + 1, limit))
            )
        if kind == _DASH and not short:
            return after in _TURNS and self._spaced(here)
        return short and self._ends_phrase(here, start, stops)

    def _turns(self, token: int, follow: str) -> bool:
        """Whether what follows a comma is no more of what is said or wanted, but what is told beside it."""
        words, kinds = self.words, self.kinds
        turns = words[token] in _TURNS and kinds[token + 1] not in _TURNS_WITHIN and words[token + 1] not in _TURNS_ON
        return turns or (follow == "i" and (words[token] in _SIDE_CLAUSES or kinds[token] == _PRONOUN))

    def _ends_phrase(self, here: int, start: int, stops: bool) -> bool:
        """Whether a content that is a phrase ends before a token, which is no comma and no conjunction."""
        kinds, words = self.kinds, self.words
        kind, after = kinds[here], words[here + 1]
        if kind == _PREPOSITION:
            return words[here] in ("on", "in") and after in _DAYS
        if words[here] in ("last", "this", "next"):
            return after in _DAYS
        if words[here] in _WEEKDAYS:
            return kinds[here - 1] not in _BEFORE_DAY
        if (
            stops
            and kinds[here - 1] in _HEAD
            and (
                kind in _FINITE
                or (
                    words[here] in VERBS
                    and kind == _NOUN
                    and agrees(self.tokens, here - 1, kinds[here - 1], True)
                    and kinds[here + 1] in _BEHIND_VERB
                )
            )
        ):
            return True
        if kind == _SUBORDINATOR and here > start + 1:
            # "wants a review before the fair" and "described the show as a triumph" are one; "wants it as she left" is not
            if words[here] == "if" and _MODAL in kinds[max(0, start - 4) : start]:
                return True  # "would consider a sale | if they asked"
            return words[here] == "after" or (words[here] == "as" and kinds[here + 1] == _PRONOUN)
        return kind == _DASH and self._spaced(here)

    def _spaced(self, token: int) -> bool:
        return self.tokens.starts[token] > self.tokens.ends[token - 1]

    def _tagged(self, token: int, limit: int) -> bool:
        """Whether a tag or a clause with a cue of its own follows a comma: ", he said", "and the mayor says"."""
        kinds, words = self.kinds, self.words
        if kinds[token] == _CONJUNCTION:
            token += 1
        low = token
        while token < limit and token - low < 10 and kinds[token] in _SUBJECT:
            if token > low and words[token] in VERBS and VERBS[words[token]][0] in SPEECH and kinds[token] == _NOUN:
                return True
            token += 1
        while token < limit and kinds[token] in _BESIDE_VERB and token > low:
            token += 1
        return (
            low < token < limit and kinds[token] == _PAST and words[token] in VERBS and VERBS[words[token]][0] in SPEECH
        )

    def _speaks(self, token: int, limit: int) -> bool:
        """Whether somebody else speaks in the clause that begins at a token: "and the driver admitted to lying"."""
        kinds, words = self.kinds, self.words
        low = token
        while token < limit and token - low < 10 and kinds[token] in _PHRASE:
            if token > low and kinds[token] == _NOUN and words[token] in SPEECH and words[token - 1].endswith("s"):
                break  # "and parents say"
            token += 1
        if token == low or kinds[token - 1] in _NO_SUBJECT_END:
            return False
        while token < limit and kinds[token] in _BESIDE_VERB:
            token += 1
        if token + 1 >= limit or words[token] not in VERBS:
            return False
        lemma, frames = VERBS[words[token]]
        base = (
            kinds[token] == _NOUN and words[token] == lemma and agrees(self.tokens, token - 1, kinds[token - 1], True)
        )
        if kinds[token] != _PAST and not base:
            return False
        follow = frame(self.tokens, token + 1)
        return lemma in SPEECH | {"deny", "believe", "think"} and follow in frames and follow not in "znx"

    def _cue_follows(self, token: int, limit: int) -> bool:
        """Whether a cue with the same subject goes on: "and added that"."""
        kinds, words = self.kinds, self.words
        if kinds[token] == _PREPOSITION and words[token + 1] in _DAYS:
            token += 2  # "and on Wednesday said"
        while token < limit and kinds[token] in _BESIDE_VERB:
            token += 1
        return token < limit and kinds[token] in _PAST and words[token] in VERBS and VERBS[words[token]][1].open

    def _is_adjunct(self, token: int, follow: str) -> bool:
        while self.kinds[token] == _ADVERB:
            token += 1
        if follow == "Pon":
            return self.words[token + 1] in _DAYS or self.words[token + 1] in ("twitter", "facebook", "the")
        return follow not in ("Pto", "Pof", "Pabout", "Pfor", "Pagainst")

    def _recipient(self, token: int, last: int) -> int:
        """Past the person who is told: the token where the content begins."""
        kinds, words = self.kinds, self.words
        here = token
        while here < last and here - token < 25:
            kind = kinds[here]
            if (
                kind == _THAT
                or (kind == _QUESTION and words[here] not in ("who", "where", "whom"))
                or (words[here] == "if" and here > token)
                or here in self.open_at
            ):
                return here
            if kind == _TO and here > token:
                return token if is_somebody(self.tokens, token, here) else here
            if kind in _LEADS and kinds[here + 1] in _MARK:
                return here + 1
            if kind in _ENDS_RECIPIENT:
                break
            here += 1
        if kinds[token] == _PRONOUN or (words[token] == "her" and kinds[token + 1] in _OPENS_SUBJECT):
            return token + 1
        if kinds[token] == _NAME:
            here = token
            while kinds[here] == _NAME:
                here += 1
            if kinds[here] in _SAYS_SUBJECT:
                return here
        return self._behind_listeners(token, here) if here < last and kinds[here] in _FINITE else token

    def _behind_listeners(self, token: int, verb: int) -> int:
        """Past a noun phrase for those who are told, where the subject of a clause stands between it and the verb:
        "told reporters the ferry was safe", "told staff on Monday the mill would close"."""
        kinds, words = self.kinds, self.words
        here = token + (kinds[token] in _DETERMINER)
        while here < verb and kinds[here] in _NOUN_OR_NAME:
            here += 1
        if here == token or (kinds[here - 1] not in _NOUN and kinds[here] != _PRONOUN):
            return token
        if kinds[here] in _PREPOSITION and words[here + 1] in _WEEKDAYS:
            here += 2
        return here if here < verb and kinds[here] in _OPENS_SUBJECT else token

    def _adjunct(self, token: int, last: int) -> int:
        """Past a time, place or manner: the token where the content begins, or -1."""
        kinds, words = self.kinds, self.words
        low = token
        while token < last and token - low < 25:
            kind = kinds[token]
            if kind == _THAT:
                return token
            if token in self.open_at:
                return token
            if kind in _LEADS and kinds[token + 1] in _MARK:
                return token if kind == _COLON else token + 1
            if kind in _ENDS_ADJUNCT:
                return -1
            if words[token] in _DAYS and (
                kinds[token + 1] in _SAYS_SUBJECT and words[token + 1] not in _DAYS and words[token + 1] != "."
            ):
                return token + 1
            token += 1
        return -1

    def past_bracket(self, token: int, last: int) -> tuple[int, str]:
        """Behind the bracket that opens at a token, and what begins there."""
        close = self.kinds.find(_CLOSING, token, last)
        after = close + 1 if 0 < close < last - 1 else token
        return after, frame(self.tokens, after)

    def start(self, token: int, lemma: str, follow: str, last: int) -> tuple[int, int]:
        """Where the content after an active verb begins, and the last token of the cue before it; what stands between
        is whom it was said to, when or where. The content begins at -1 where there is none."""
        kinds, words = self.kinds, self.words
        start, end = token + 1, token
        if kinds[start] == _OPENING:
            start, follow = self.past_bracket(start, last)
        if lemma in _TOLD and follow in "ncg":
            start = self._recipient(start, last)
        elif (
            follow[0] == "P"
            and lemma in SPEECH
            and (self._is_adjunct(start, follow) or (lemma, follow) == ("say", "Pof"))
        ):
            start = self._adjunct(start, last)
            if start < 0:
                return -1, end
        elif follow[0] == "P":
            while kinds[start] == _ADVERB:
                start += 1
            end = start
            start += 1
        elif (kinds[start] in _TIME and words[start] in _DAYS) or (
            words[start] in ("last", "this", "earlier", "late", "later")
            and words[start + 1] in ("this", "last", *_DAYS)
        ):
            skip = self._adjunct(start, last)
            start = skip if skip > 0 else start
        if kinds[start] == _COLON or (kinds[start] == _COMMA and kinds[start + 1] in _OPENS_CONTENT):
            start += 1
        return start, end

    def past_aside(self, comma: int, last: int) -> int:
        """Where the content begins behind a comma: after what is set off before it, ", however, that"."""
        for token in range(comma + 1, min(last, comma + 8)):
            if self.kinds[token] == _COMMA and self.kinds[token + 1] in _OPENS_CONTENT:
                return token + 1
        return comma + 1

    def one_clause(self, start: int, end: int) -> Range:
        """Up to the verb of the clause around: "the fear that the dam could burst | emptied the valley"."""
        kinds = self.kinds
        verb = next((token for token in range(start, end) if kinds[token] in _FINITE), end)
        for token in range(verb + 1, end):
            if kinds[token] in _FINITE and kinds[token - 1] in _NOMINAL:
                return (start, token - 1)
        return (start, end)
