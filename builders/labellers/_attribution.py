"""Attributions by rule: around each cue, who is the source and what is the content.

Conventions: indices count tokens, ranges hold both ends. A ``Saying`` is an attribution before it has offsets.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from allegedly.builders.labellers._cues import NOUNS, QUOTED, VERBS, Entry
from allegedly.builders.labellers._frames import frame
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: How far a phrase reaches at most, so that a text without an end costs no more than one with.
REACH = 60
#: Longest content of an indirect attribution, in tokens.
LONGEST = 250
_DUMMIES = frozenset({"it", "there"})
_RAISED = frozenset(
    """expect say believe think know report allege rumor estimate consider understand suppose see fear regard deem
    claim seem appear predict project anticipate ask tell urge schedule""".split()
)
SPEECH = frozenset(
    """say tell add write ask note report announce argue explain declare warn insist claim suggest state reply
    respond continue conclude tweet admit acknowledge concede recall complain joke quip charge assert
    contend remark observe comment predict testify muse confess""".split()
)
#: What is said under them is denied.
REJECTING = frozenset("deny dispute reject refute rebut dismiss refuse doubt".split())
#: Verbs whose object is a person that is told something: not part of the content.
_TOLD = frozenset("tell ask remind warn assure inform urge advise notify persuade convince".split())
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow january february
    march april may june july august september october november december morning afternoon evening night
    week month year recently earlier later jan feb mar apr aug sept oct nov dec""".split()
)
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
_PLURALS = frozenset("people police men women children media percent half others fans majority".split())
#: Classes at which a content may end: of a clause, of a phrase (a time may be a noun, an adverb or a determiner).
_MARKS = re.compile("[,;c\"']")
_SHORT_MARKS = re.compile("[,;c\"'PkdanN-]")
_VERB_MARKS = re.compile("[,;c\"'PkbmvdanN-]")
_NEGATIVE = frozenset("not never 't ’t".split())
_REFUSING = frozenset("decline declines declined declining refuse refuses refused refusing".split())
#: Verbs that a cue in the infinitive takes along: "declined to say".
_LIGHT = _REFUSING | frozenset(
    """continue continues continued continuing try tries tried trying fail fails failed failing begin begins began tend
    tends tended used need needs needed expected""".split()
)


@dataclass(slots=True)
class Saying:
    """An attribution as ranges of tokens."""

    cue: Range
    lemma: str
    source: Range | None = None
    content: list[Range] = field(default_factory=list)
    frame: str = ""
    negated: bool = False
    quoted: bool = False
    parent: int = -1


def says_something(tokens: Tokens, item: Saying) -> bool:
    """Whether an attitude has more for a content than what it is about: "praised the crew" says nothing, "praised the crew
    for saving the boat" and "praised the 'brave' crew" do."""
    if item.lemma not in QUOTED or not item.content or item.frame[:1] not in "nP":
        return True
    if item.frame[0] == "P" and tokens.kinds[item.content[0][0]] == "g":
        return True
    around = tokens.quotation(item.cue[0])
    return any(quote != around for first, last in item.content for quote in tokens.quotes_in(first, last))


def word_is_noun(word: str) -> bool:
    """Whether a form of a verb is that of a noun for what is said as well: "claims", "plans"."""
    return word in NOUNS and word.endswith("s")


class Finder:
    """Finds the attributions of one article."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.sayings: list[Saying] = []
        self.open_at = dict(tokens.quotes)
        self.close_at = {last: first for first, last in tokens.quotes}
        self.inside = bytearray(len(tokens.words))
        for first, last in tokens.quotes:
            self.inside[first + 1 : last] = b"\x01" * (last - first - 1)

    def find(self) -> list[Saying]:
        """All attributions, those inside quotations too, in order of their cues."""
        for first, last in self.tokens.sentences:
            self._sentence(first, last)
        return [item for item in self.sayings if says_something(self.tokens, item)]

    # -- one sentence --------------------------------------------------------------------------------------------

    def _sentence(self, first: int, last: int) -> None:
        words, kinds = self.words, self.kinds
        token = first
        here: list[Saying] = []
        while token < last:
            word = words[token]
            entry = VERBS.get(word)
            done = None
            if entry is not None and (kinds[token] != "N" or token == first or self._headline(first, last)):
                done = self._verb(token, entry, first, last, here)
            if done is None and word in NOUNS and kinds[token] == "n":
                done = self._noun(token, NOUNS[word], first, last)
            if done is None and word in _VIEWS:
                done = self._view(token, first, last)
            if done is None and word == "according" and words[token + 1] == "to":
                done = self._according(token, first, last)
            if done is None and kinds[token] == ":":
                done = self._colon(token, first, last)
            if done is not None:
                here.append(done)
                token = max(token, done.cue[1])
            token += 1
        self.sayings += here

    def _headline(self, first: int, last: int) -> bool:
        """Whether a sentence is set like a headline: most of its words have capitals."""
        kinds = self.kinds[first:last]
        return kinds.count("N") * 2 > len(kinds)

    def _verb(self, token: int, entry: Entry, first: int, last: int, here: list[Saying]) -> Saying | None:
        kinds, words = self.kinds, self.words
        lemma, frames = entry
        before = token - 1
        while before >= first and kinds[before] == "a":
            before -= 1
        left = kinds[before] if before >= first else "Z"
        if left in "dsoP(" or (left == "N" and kinds[token] == "N" and not self._headline(first, last)):
            return None
        if left == "n" and kinds[before - 1] in "d" and kinds[token] == "n" and frame(self.tokens, token + 1) in "z":
            return None
        follow = frame(self.tokens, token + 1)
        if follow == "q" and token + 1 in self.close_at and token + 1 not in self.open_at:
            return None  # a quoted word: 'is "absolutely worrying" for farmers'
        if kinds[token] == "n" and word_is_noun(words[token]) and self._is_noun(token, left, words[before]):
            return None
        if lemma == "call" and left == "n" and kinds[token - 1] == "n" and kinds[token + 1] in "N'\"":
            return None  # "a firm called Norden Mills"
        noun = kinds[token] == "n" or (kinds[token] == "N" and token == first)
        if noun and follow[0] == "P" and word_is_noun(words[token]) and left not in "pc":
            return None  # "bold claims about the tram"
        if kinds[token] == "n" and follow[0] in "nczPxi" and not self._agrees(before, left, words[token] == lemma):
            return None
        begin, negated, passive = self._auxiliaries(token, lemma, first)
        if follow == "Pwhen" and (negated or kinds[begin] == "t"):
            follow = "w"  # "declined to say when", not "said when"
        passive = passive and kinds[token] != "g" and words[token] != lemma
        if kinds[token] == "g" and begin < token:
            passive = False
        quoted = self._quote_before(begin, first) or follow == "q"
        tagged = (quoted and lemma in SPEECH) or (follow == "z" and self._postposed(token, first))
        if kinds[token + 1] == "(":
            follow = self._past_bracket(token + 1, last)[1]
        if follow not in frames and not tagged:
            return None
        if (
            words[token] in _LIGHT
            and follow == "i"
            and words[token + 2] in VERBS
            and VERBS[words[token + 2]][0] in SPEECH
        ):
            return None  # "declined to say" is the cue, not "declined"
        if lemma == "order" and follow == "n" and not passive and not self._is_order(token, last):
            return None  # "ordered lunch"
        if passive:
            return self._passive(token, begin, lemma, follow, first, last, negated)
        return self._active(token, begin, lemma, follow, first, last, negated, here)

    def _is_noun(self, token: int, left: str, before: str) -> bool:
        """Whether a word that is a noun as well is one by its neighbours: "rejected claims that", "developing plans to",
        "drawn up plans to", "title hopes dashed"."""
        if left in "gv" or (before in _PARTICLES and left != "p"):
            return True
        return self.kinds[token + 1] == "v" and left in "nN" and self.words[token + 1] not in ("that", "said")

    def _is_order(self, token: int, last: int) -> bool:
        """Whether something is to be done: "ordered the ship to leave", "ordered a review"."""
        kinds, words = self.kinds, self.words
        for here in range(token + 1, min(last, token + 14)):
            if kinds[here] == "t" and kinds[here + 1] in "nbv":
                return True
            if kinds[here] in ",.;cTw":
                return False
            if kinds[here] in "ng" and (words[here].endswith(_ACTS) or words[here] in _INQUIRIES):
                return True
        return False

    def _auxiliaries(self, token: int, lemma: str, first: int) -> tuple[int, bool, bool]:
        """Where a verb begins with its auxiliaries, whether these negate it, and whether they make it passive."""
        kinds, words = self.kinds, self.words
        begin = token
        negated = passive = False
        while begin - 1 >= first:
            kind = kinds[begin - 1]
            if kind in "mx" or (kind == "b"):
                negated |= words[begin - 1] in _NEGATIVE
                passive |= kind == "b" and words[begin - 1] not in _HAVE
                begin -= 1
            elif kind == "a" and begin - 2 >= first and kinds[begin - 2] not in ',"Zc(':
                begin -= 1
            elif kind == "s" and kinds[begin - 2] == "p":
                begin -= 1
                passive = True
            elif kind == "t" and words[token] == lemma:
                begin -= 1
                if begin - 1 >= first and words[begin - 1] in _LIGHT:
                    negated |= words[begin - 1] in _REFUSING
                    begin -= 1
                else:
                    break
            else:
                break
        return begin, negated, passive

    def _agrees(self, before: int, left: str, base: bool) -> bool:
        """Whether a word that is a noun as well may be a verb after the word before it."""
        word = self.words[before]
        if left in "nN" and self.kinds[before - 1] in "gv":
            return False  # "developing new plans"
        if left == "n":
            plural = (word.endswith("s") and not word.endswith("ss")) or word in _PLURALS
            return plural if base else not plural
        if left == "N" and base:
            return word.endswith("s") or word in _PLURALS or self.kinds[before - 1] == "c"
        return True

    def _quote_before(self, token: int, first: int) -> bool:
        return token - 1 >= first and self.kinds[token - 1] == '"' and (token - 1) in self.close_at

    def _postposed(self, token: int, first: int) -> bool:
        return any(kind in ',"' for kind in self.kinds[max(first, token - 12) : token])

    # -- active verbs --------------------------------------------------------------------------------------------

    def _active(
        self, token: int, begin: int, lemma: str, follow: str, first: int, last: int, negated: bool, here: list[Saying]
    ) -> Saying | None:
        kinds = self.kinds
        # inverted: ..., said X
        if begin == token and kinds[token] != "g" and lemma in SPEECH and self._inverts(token, follow, first):
            before = self._before(token - 1, first)
            if before:
                stop = self._phrase_right(token + 1, last)
                content = [before, *self._after_tag(stop + 1, last)]
                return Saying(
                    (token, token), lemma, (token + 1, stop), content, "inverted", negated, self._is_quote(content)
                )
        source, share = self._source(begin, first, here, kinds[token] == "g")
        # "to say" after a verb that is no cue: the infinitive alone
        # postposed: ..., X said.
        recipient = lemma in _TOLD and kinds[token + 1] == "p"  # "..., she told me on Sunday"
        tail = self._tail(token + 1 + recipient, last)
        if source is not None or share:
            left = source[0] if source else begin
            if (
                left > first
                and (kinds[left - 1] in ',"-' or kinds[left - 1] in "?!")
                and not share
                and (tail is not None)
            ):
                before = self._before(left - 1, first)
                if before and (lemma in SPEECH or (before[1] in self.close_at)):
                    content = [before, *(self._after_tag(tail, last) or self._rest(tail, last, before))]
                    return Saying((begin, token), lemma, source, content, "postposed", negated, self._is_quote(content))
        if follow == "z" and kinds[token + 1] not in '",:':
            return None
        start, end = self._content_start(token, lemma, follow, last)
        if start < 0 or start >= last:
            return None
        content = self._content(start, last, follow, begin)
        if not content:
            return None
        source, begin = self._person(self._apart(source, here), begin)
        if lemma in _TOLD and start > token + 1 and follow in "ncg":
            follow = frame(self.tokens, start)
        return Saying((begin, end), lemma, source, content, follow, negated, self._is_quote(content))

    def _apart(self, source: Range | None, here: list[Saying]) -> Range | None:
        """A source without what another said before it: "admitted stealing [the van] and [the driver] admitted"."""
        for item in here if source is not None else ():
            end = item.content[-1][1] if item.content else -1
            if source is not None and source[0] <= end < source[1] - 1 and self.kinds[end + 1] == "c":
                source = (end + 2, source[1])
        return source

    def _content_start(self, token: int, lemma: str, follow: str, last: int) -> tuple[int, int]:
        """Where the content after an active verb begins, and the last token of the cue before it; what stands between
        is whom it was said to, when or where. The content begins at -1 where there is none."""
        kinds, words = self.kinds, self.words
        start, end = token + 1, token
        if kinds[start] == "(":
            start, follow = self._past_bracket(start, last)
        if lemma in _TOLD and follow in "ncg":
            start = self._recipient(start, last)
        elif follow[0] == "P" and lemma in SPEECH and self._is_adjunct(start, follow):
            start = self._adjunct(start, last)
            if start < 0:
                return -1, end
        elif follow[0] == "P":
            while kinds[start] == "a":
                start += 1
            end = start
            start += 1
        elif (kinds[start] in "Na" and words[start] in _DAYS) or (
            words[start] in ("last", "this") and words[start + 1] in _DAYS
        ):
            skip = self._adjunct(start, last)
            start = skip if skip > 0 else start
        if kinds[start] == ":":
            end = start
            start += 1
        elif kinds[start] == "," and kinds[start + 1] in "\"'Tpw":
            start += 1
        return start, end

    def _past_bracket(self, token: int, last: int) -> tuple[int, str]:
        """Behind the bracket that opens at a token, and what begins there."""
        close = self.kinds.find(")", token, last)
        after = close + 1 if 0 < close < last - 1 else token
        return after, frame(self.tokens, after)

    def _person(self, source: Range | None, begin: int) -> tuple[Range | None, int]:
        """The person before an artefact that goes into the cue: "The mayor | 's report shows"."""
        if (
            source is None
            or source[1] != begin - 1
            or source[1] == source[0]
            or self.words[source[1]] not in _ARTEFACTS
        ):
            return source, begin
        start, end = source
        mark = self.kinds.rfind("s", start, end)
        if mark > start and end - mark <= 3:
            return (start, mark - 1), mark
        if self.words[start] in _POSSESSIVE and end - start <= 3:
            return (start, start), start + 1
        return source, begin

    def _inverts(self, token: int, follow: str, first: int) -> bool:
        """Whether verb and subject have changed places, after what was said: "..., said X"."""
        kinds = self.kinds
        if token <= first + 1 or kinds[token + 1] not in "dNnp#":
            return False
        if (token - 1) in self.close_at:
            start = self.close_at[token - 1]
            # 'The so-called "experts" say ...': a word within the subject
            return kinds[token - 2] in ",.?!-" or start <= first or kinds[start - 1] in ",:" or follow in "zx"
        if kinds[token - 1] in "?!":
            return True
        if kinds[token - 1] not in ",-":
            return False
        if (token - 2) in self.close_at:
            return True
        return follow in "nzx" and any(kind in "bm" for kind in kinds[first : token - 1])

    def _source(self, begin: int, first: int, here: list[Saying], gerund: bool) -> tuple[Range | None, bool]:
        """The source left of a cue, and whether it is shared with an earlier clause."""
        kinds, words = self.kinds, self.words
        token = begin - 1
        if token < first:
            return None, True
        kind = kinds[token]
        if kind == "p":
            if words[token] in _DUMMIES and words[begin] in ("is", "was", "seems", "seemed", "appears", "appeared"):
                return None, False
            return (token, token), False
        if kind == "w" or (kind == "T" and token > first and kinds[token - 1] in "nN,"):
            return (token, token), False
        if kind == ",":
            return (self._subject(first, token, here), True) if gerund else self._before_comma(token, first, here)
        if kind == "c":
            return self._subject(first, token, here), True
        if kind == "t":
            return self._subject(first, token, here), True
        if kind == ")":
            open_ = token
            while open_ > first and kinds[open_] != "(" and token - open_ < REACH:
                open_ -= 1
            head = self._phrase_left(open_ - 1, first)
            return ((head[0], token), False) if head else (None, True)
        if kind == '"' and gerund:
            return self._subject(first, token, here), True
        if kind in "nN#sd\"'.g-v*":
            return self._phrase_left(token, first), False
        return self._subject(first, token, here), True

    def _before_comma(self, token: int, first: int, here: list[Saying]) -> tuple[Range | None, bool]:
        """The source before an aside that ends with a comma, ", however," or ", a teacher,"; else as ``_source``."""
        kinds = self.kinds
        comma = token - 1
        while comma > first and token - comma < REACH and kinds[comma] not in ',;"Z:-':
            comma -= 1
        if comma <= first or kinds[comma] != ",":
            return self._subject(first, token, here), True
        aside = kinds[comma + 1 : token]
        head = self._phrase_left(comma - 1, first)
        if head is None:
            return None, True
        plain = (aside.strip("akPN#n") == "" and aside[:1] in "ak") or aside[:1] in "PkT"
        if not plain and aside[:1] in "dNn#":
            return (head[0], token - 1), False
        return head, False

    def _subject(self, first: int, token: int, here: list[Saying]) -> Range | None:
        """The subject that a clause without one of its own takes from the clause before."""
        for saying in reversed(here):
            if saying.source is not None and saying.source[1] < token:
                return saying.source
        kinds = self.kinds
        limit = min(token, first + REACH)
        for verb in range(first + 1, limit):
            if kinds[verb] in "bvm" or (kinds[verb] == "n" and self.words[verb] in VERBS):
                head = verb - 1
                while head > first and kinds[head] in "axbm":
                    head -= 1
                if kinds[head] == "p":
                    return (head, head)
                if kinds[head] in "nN#s":
                    return self._phrase_left(head, first)
                if kinds[head] == ",":
                    return self._phrase_left(head - 1, first)
                return None
        return None

    def _phrase_left(self, token: int, first: int) -> Range | None:
        """The noun phrase that ends at a token."""
        kinds, words = self.kinds, self.words
        # times between subject and verb are no part of the source
        end = token
        while end > first and words[end] in _DAYS and kinds[end] in "Nna":
            end -= 1
            while end > first and (kinds[end] in "P" or words[end] in ("last", "this", "late", "early", "next")):
                end -= 1
        if end < first:
            return None
        if kinds[end] == "p":
            return (end, end)
        start = self.close_at.get(end, end)  # 'so-called "experts"'
        low = max(first, end - REACH)
        while start - 1 >= low:
            if self._widens(start, low, first):
                start -= 1
            elif kinds[start - 1] == ")":
                open_ = start - 1
                while open_ > low and kinds[open_] != "(":
                    open_ -= 1
                if open_ <= low:
                    break
                start = open_
            else:
                break
        # a phrase does not begin with a preposition: "In May the mayor said"
        while start < end and kinds[start] in "Poa":
            comma = start
            while comma < end and not (words[comma] in _DAYS or kinds[comma] == "#"):
                comma += 1
            start = comma + 1 if comma < end else start + 1
            if comma >= end:
                break
        while start < end and kinds[start] in "coa'.":
            start += 1
        if kinds[start] in "Pcoa.,'-":
            return None
        return (start, end)

    def _widens(self, start: int, low: int, first: int) -> bool:
        """Whether a noun phrase that begins at a token takes in the token before it."""
        kinds = self.kinds
        kind = kinds[start - 1]
        return (
            kind in "dnN#so"
            or (kind == "P" and start - 1 > first)
            or kind in "'*"
            or (kind == "." and kinds[start - 2] == "N")
            or (kind == "-" and self.tokens.starts[start] == self.tokens.ends[start - 1])
            or (
                kind == "c"
                and self.words[start - 1] in ("and", "or", "&")
                and start - 2 >= low
                and kinds[start - 2] in "nN#)"
            )
            or (kind == "a" and kinds[start] in "n#" and start - 2 >= low and kinds[start - 2] in "d")
            or (kind in "vg" and start - 2 >= low and (kinds[start - 2] in "d"))
            or (kind == "t" and self.words[start - 2] in ("close", "opposed", "loyal"))
        )

    def _phrase_right(self, token: int, last: int) -> int:
        """The end of the noun phrase, with its appositions, that begins at a token."""
        kinds, words = self.kinds, self.words
        here = token
        if kinds[token] == "p":
            return token
        while here + 1 < last and here - token < REACH:
            kind = kinds[here + 1]
            if kind in "dnN#so'*&":
                if words[here + 1] in _DAYS and kinds[here + 1] == "N":
                    break
                here += 1
            elif kind == "." and here + 2 < last and kinds[here] == "N":
                here += 1
            elif kind == "P" and words[here + 1] in ("for", "of", "at", "from", "with", "in", "to", "on"):
                if words[here + 1] in ("in", "on", "at", "to", "with") and not self._apposed(token, here):
                    break
                here += 1
            elif (
                (kind == "t" and self._apposed(token, here))
                or (kind == "," and kinds[here + 2] in "dnN" and words[here + 2] not in _DAYS)
                or (kind == "," and kinds[here + 2] == "w" and words[here + 2] == "who" and here - token < 8)
                or (kind in "wbvmag" and self._apposed(token, here) and kinds[here] != ",")
                or kind == "("
                or kind == ")"
                or (kind == "-" and self.tokens.starts[here + 1] == self.tokens.ends[here])
                or (kind == "c" and words[here + 1] == "and" and kinds[here + 2] in "N")
            ):
                here += 1
            else:
                break
        while kinds[here] in ",oPc.":
            here -= 1
        return max(token, here)

    def _apposed(self, token: int, here: int) -> bool:
        return "," in self.kinds[token:here]

    # -- contents ------------------------------------------------------------------------------------------------

    def _before(self, token: int, first: int) -> Range | None:
        """The content that ends before a tag: the mark before it (a comma or a closing quotation mark) at ``token``."""
        kinds = self.kinds
        if token in self.close_at:
            start = self.close_at[token]
            if start <= first:
                return (start, token)
            # the quotation is the end of a longer clause
            if kinds[start - 1] in ",:-" and self._verb_free(first, start - 1) and kinds[start + 1] not in "bmv":
                return (start, token)
            return (first, token)
        if kinds[token] in "?!":
            return (first, token)
        end = token - 1
        if end in self.close_at and self.close_at[end] <= first:
            return (self.close_at[end], end)
        if end < first + 1:
            return None
        start = first
        while start < end and kinds[start] in "c":
            start += 1
        return (start, end) if end > start else None

    def _verb_free(self, first: int, last: int) -> bool:
        return not any(kind in "bmv" for kind in self.kinds[first:last])

    def _tail(self, token: int, last: int) -> int | None:
        """Where the tag ends ("X said on Monday."): the token of the mark after it, or None if something follows."""
        kinds = self.kinds
        if kinds[token] in ",.;:Z-?!":
            return token
        if token in self.open_at:
            return None
        low = token
        while token < last and token - low < 25:
            kind = kinds[token]
            if kind in ".;Z":
                return token
            if kind == "," and token + 1 < last and (kinds[token + 1] in '"g' or token + 1 in self.open_at):
                return token
            if kind == "," or (kind in "Tmvbwpgc" and token == low):
                return None
            if kind in 'Tmb"':
                return None
            token += 1
        return token if token >= last else None

    def _after_tag(self, token: int, last: int) -> list[Range]:
        """The quotation that goes on after a tag: in the same sentence after a comma, or in the next one."""
        kinds = self.kinds
        ranges: list[Range] = []
        while token < last and kinds[token] in ",.;:?!-)":
            token += 1
        after = token == last and token not in self.tokens.paragraph_ends
        token += after
        if token in self.open_at:
            close = self.open_at[token]
            if after and kinds[close - 1] == ",":
                return []  # it has a tag of its own
            ranges.append((token, close))
            # still open where the paragraph ends: it goes on in the next
            while close + 2 < len(kinds) and kinds[close] not in "\"'" and close + 2 in self.open_at:
                close = self.open_at[close + 2]
                ranges.append((ranges.pop()[0], close))
        return ranges

    def _rest(self, token: int, last: int, before: Range) -> list[Range]:
        """What goes on after a tag inside a sentence without quotation marks: "The fair, she said, is off"."""
        if self.kinds[token] != "," or before[0] in self.open_at or self.kinds[token + 1] in "gwk" or token + 2 >= last:
            return []
        end = self._clause_end(token + 1, last, "t")
        return [(token + 1, end)] if end > token + 1 else []

    def _content(self, start: int, last: int, follow: str, token: int) -> list[Range]:
        kinds = self.kinds
        while start < last and kinds[start] == "a" and follow[0] == "P":
            start += 1
        if start in self.open_at:
            close = self.open_at[start]
            # the quotation is all, unless the sentence goes on behind it without a mark inside
            if close + 1 >= last or (kinds[close + 1] in 'Z.,"' and kinds[close - 1] in ".,?!"):
                return [(start, close)]
        end = self._clause_end(start, last, follow, token)
        return [(start, end)] if end >= start else []

    def _clause_end(self, start: int, last: int, follow: str, token: int = -1) -> int:
        """The last token of a content that begins at a token."""
        kinds = self.kinds
        here = start
        short = follow in "ng" or follow[0] == "P"
        limit = min(last, start + (REACH if short else LONGEST))
        # after a relative pronoun, and after a noun that is a subject, the content ends at the next verb
        stops = short and token >= 0 and (follow == "Pnoun" or kinds[token - 1] in "wT")
        if self.inside[start]:
            quote = bisect_right(self.tokens.quotes, (start, limit)) - 1
            limit = min(limit, self.tokens.quotes[quote][1])
        # a relative clause set off by a comma ends at the next one
        aside = token > 1 and kinds[token - 1] == "w" and kinds[token - 2] == ","
        marks = _VERB_MARKS if stops else _SHORT_MARKS if short else _MARKS
        while here < limit:
            mark = marks.search(kinds, here, limit)
            if mark is None:
                here = limit
                break
            here = mark.start()
            if here in self.open_at:
                close = self.open_at[here]
                if close >= last:
                    return close
                here = close + 1
                if here < limit and self._tagged(here, limit):
                    break
                continue
            if self._ends(here, start, limit, short, stops) or (aside and kinds[here] == ","):
                break
            here += 1
        here = min(here, limit)
        end = here - 1
        while end > start and (
            kinds[end] in ",;:-"
            or (kinds[end] == "." and (end == last - 1 or end == limit - 1))
            or (kinds[end] == '"' and self.close_at.get(end, -1) < start)
        ):
            end -= 1
        return end

    def _ends(self, here: int, start: int, limit: int, short: bool, stops: bool) -> bool:
        """Whether a content ends before a token."""
        kinds, words = self.kinds, self.words
        kind = kinds[here]
        if kind == ";":
            return True
        if here <= start:
            return False
        after = words[here + 1]
        if kind == ",":
            return (
                after == "according"
                or (kinds[here + 1] == "g" and after in VERBS)
                or self._tagged(here + 1, limit)
                or (after in _BESIDE and self._speaks(here + 2, limit))
                or (short and (kinds[here + 1] in "wcTPavkbp" or after in ("a", "an", "the")))
                or (kinds[here + 1] == "c" and self._cue_follows(here + 2, limit))
            )
        if kind == "c":
            return (
                words[here] in ("and", "but")
                and here > start
                and (self._cue_follows(here + 1, limit) or self._speaks(here + 1, limit))
            )
        if not short:
            return False
        if kind == "P":
            return (words[here] in ("during", "after") and here > start + 1) or (
                words[here] in ("on", "in") and after in _DAYS
            )
        if words[here] in ("last", "this", "next"):
            return after in _DAYS
        if words[here] in _WEEKDAYS:
            return kinds[here - 1] not in "Pds"
        if (
            stops
            and kinds[here - 1] in "nNp#"
            and (
                kind in "bmv"
                or (
                    words[here] in VERBS
                    and kind == "n"
                    and self._agrees(here - 1, kinds[here - 1], True)
                    and kinds[here + 1] in "pdTN"
                )
            )
        ):
            return True
        if words[here] == "as" and not _DESCRIBING.isdisjoint(words[max(0, start - 2) : start]):
            return False  # "described the show as a triumph"
        return (kind == "-" and self._spaced(here)) or (kind == "k" and here > start + 1)

    def _spaced(self, token: int) -> bool:
        return self.tokens.starts[token] > self.tokens.ends[token - 1]

    def _tagged(self, token: int, limit: int) -> bool:
        """Whether a tag or a clause with a cue of its own follows a comma: ", he said", "and the mayor says"."""
        kinds, words = self.kinds, self.words
        if kinds[token] == "c":
            token += 1
        low = token
        while token < limit and token - low < 10 and kinds[token] in "dnN#pso":
            if token > low and words[token] in VERBS and VERBS[words[token]][0] in SPEECH and kinds[token] == "n":
                return True
            token += 1
        while token < limit and kinds[token] in "ab" and token > low:
            token += 1
        return (
            low < token < limit and kinds[token] == "v" and words[token] in VERBS and VERBS[words[token]][0] in SPEECH
        )

    def _speaks(self, token: int, limit: int) -> bool:
        """Whether somebody else speaks in the clause that begins at a token: "and the driver admitted to lying"."""
        kinds, words = self.kinds, self.words
        low = token
        while token < limit and token - low < 10 and kinds[token] in "dnN#so":
            if token > low and kinds[token] == "n" and words[token] in SPEECH and words[token - 1].endswith("s"):
                break  # "and parents say"
            token += 1
        if token == low or kinds[token - 1] in "dso":
            return False
        while token < limit and kinds[token] in "ab":
            token += 1
        if token + 1 >= limit or words[token] not in VERBS:
            return False
        lemma, frames = VERBS[words[token]]
        base = kinds[token] == "n" and words[token] == lemma and self._agrees(token - 1, kinds[token - 1], True)
        if kinds[token] != "v" and not base:
            return False
        follow = frame(self.tokens, token + 1)
        return lemma in SPEECH | {"deny", "believe", "think"} and follow in frames and follow not in "znx"

    def _cue_follows(self, token: int, limit: int) -> bool:
        """Whether a cue with the same subject goes on: "and added that"."""
        kinds, words = self.kinds, self.words
        while token < limit and kinds[token] in "ab":
            token += 1
        return token < limit and kinds[token] in "v" and words[token] in VERBS and VERBS[words[token]][1].open

    def _is_adjunct(self, token: int, follow: str) -> bool:
        while self.kinds[token] == "a":
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
                kind == "T"
                or (kind == "w" and words[here] not in ("who", "which", "where", "whom"))
                or (kind == "t" and here > token)
                or here in self.open_at
            ):
                return here
            if kind in ",:" and kinds[here + 1] in "\"'":
                return here + 1
            if kind in ",;.bvm":
                break
            here += 1
        if kinds[token] == "p":
            return token + 1
        if kinds[token] == "N":
            here = token
            while kinds[here] == "N":
                here += 1
            if kinds[here] in "pdN":
                return here
        return token

    def _adjunct(self, token: int, last: int) -> int:
        """Past a time, place or manner: the token where the content begins, or -1."""
        kinds, words = self.kinds, self.words
        low = token
        while token < last and token - low < 25:
            kind = kinds[token]
            if kind == "T":
                return token
            if token in self.open_at:
                return token
            if kind in ",:" and kinds[token + 1] in "\"'":
                return token if kind == ":" else token + 1
            if kind in ";.bmv":
                return -1
            if words[token] in _DAYS and (
                kinds[token + 1] in "pdN" and words[token + 1] not in _DAYS and words[token + 1] != "."
            ):
                return token + 1
            token += 1
        return -1

    def _is_quote(self, content: list[Range]) -> bool:
        return bool(content) and content[0][0] in self.open_at

    # -- passives, nouns, according to, colons --------------------------------------------------------------------

    def _passive(
        self, token: int, begin: int, lemma: str, follow: str, first: int, last: int, negated: bool
    ) -> Saying | None:
        kinds, words = self.kinds, self.words
        subject = None
        if begin - 1 >= first:
            if kinds[begin - 1] == "p":
                subject = (begin - 1, begin - 1)
            elif kinds[begin - 1] in "nN#)":
                subject = self._phrase_left(begin - 1, first)
        if follow == "Pby":
            by = token + 1
            while words[by] != "by":
                by += 1
            if subject is None or by + 1 >= last:
                return None
            stop = self._phrase_right(by + 1, last)
            return Saying((begin, by), lemma, (by + 1, stop), [subject], "by", negated)
        if lemma == "accuse" and follow == "Pof":
            content = self._content(token + 1, last, follow, token)
            content = [subject, *content] if subject else content
            return Saying((begin, token), lemma, None, content, "raised", negated) if content else None
        if follow == "t":
            return Saying((begin, token), lemma, None, self._content(token + 1, last, "t", token), "that", negated)
        if follow == "i" and lemma in _RAISED:
            content = self._content(token + 1, last, "i", token)
            if subject and words[subject[0]] not in _DUMMIES:
                content = [subject, *content]
            return Saying((begin, token), lemma, None, content, "raised", negated)
        if follow == "w" and lemma == "ask":
            return Saying((begin, token), lemma, None, self._content(token + 1, last, "w", token), "asked", negated)
        if follow == "Pabout" or follow == "Pas":
            content = self._content(token + 2, last, follow, token)
            if follow == "Pas" and subject:
                content = [subject, *content]
            return Saying((begin, token + 1), lemma, None, content, "raised", negated) if content else None
        if words[token] in _ADJECTIVES and subject is not None:
            start, end = token + 1, token
            if follow[0] == "P":
                end, start = token + 1, token + 2
            content = self._content(start, last, follow, token)
            return Saying((begin, end), lemma, subject, content, follow, negated) if content else None
        return None

    def _noun(self, token: int, entry: Entry, first: int, last: int) -> Saying | None:
        kinds, words = self.kinds, self.words
        lemma, frames = entry
        follow = frame(self.tokens, token + 1)
        if follow not in frames:
            return None
        begin = token
        while begin - 1 >= first and kinds[begin - 1] in "nav" and token - begin < 3 and kinds[begin - 1] != "v":
            begin -= 1
        source = None
        if begin - 1 >= first:
            left = begin - 1
            if kinds[left] == "s":
                phrase = self._phrase_left(left - 1, first)
                source = (phrase[0], left) if phrase else None
            elif words[left] in _POSSESSIVE:
                source = (left, left)
            elif words[left] in ("a", "an", "the"):
                begin = left
            if source is None:
                source, begin = self._maker(begin, first)
        start, end = token + 1, token
        if follow[0] == "P":
            end, start = token + 1, token + 2
        made = (source is not None and source[1] < begin - 1) or (source is not None and kinds[begin] in "bvg")
        made = made or (source is not None and kinds[source[0] - 1] in "vg")
        frame_ = "t" if follow == "t" else "i" if made and follow == "i" else "Pnoun"
        content = self._content(start, last, frame_, token)
        if not content:
            return None
        if follow == "t":
            content = [self._one_clause(*content[0])]
        return Saying((begin, end), lemma, source, content, "noun", False)

    def _maker(self, noun: int, first: int) -> tuple[Range | None, int]:
        """The subject of the verb before a noun for what is planned or said, and where that verb begins: "The capital | is
        developing | plans"; nobody, and the noun itself, where it is no verb that makes or tells it."""
        kinds, words = self.kinds, self.words
        verb = noun - 1
        if words[verb] in _PARTICLES or (words[verb] == "on" and words[verb - 1] in _WORKING):
            verb -= 1
        if verb <= first or words[verb] not in _MAKING:
            return None, noun
        begin = self._auxiliaries(verb, "", first)[0]
        source, _ = self._source(begin, first, [], kinds[verb] == "g")
        return (source, begin) if source is not None and source[1] < begin else (None, noun)

    def _view(self, token: int, first: int, last: int) -> Saying | None:
        """ "In their opinion, ..." and "..., in their opinion"."""
        kinds, words = self.kinds, self.words
        begin = token - 1
        while begin > first and kinds[begin] in "nNsd#a" and token - begin < 8:
            begin -= 1
        if words[begin] != "in" or token - begin < 2:
            return None
        source = (begin + 1, token - 1)
        if kinds[source[0]] == "d" and words[source[0]] not in _POSSESSIVE and kinds[token - 1] != "s":
            return None
        if kinds[token + 1] == ",":
            end = self._clause_end(token + 2, last, "c")
            return Saying((token, token), words[token], source, [(token + 2, end)], "view") if end > token + 2 else None
        if kinds[begin - 1] == "," and kinds[token + 1] in ".;Z" and begin - 2 > first:
            return Saying((token, token), words[token], source, [(first, begin - 2)], "view")
        return None

    def _one_clause(self, start: int, end: int) -> Range:
        """Up to the verb of the clause around: "the fear that the dam could burst | emptied the valley"."""
        kinds = self.kinds
        verb = next((token for token in range(start, end) if kinds[token] in "bmv"), end)
        for token in range(verb + 1, end):
            if kinds[token] in "bmv" and kinds[token - 1] in "nN#":
                return (start, token - 1)
        return (start, end)

    def _according(self, token: int, first: int, last: int) -> Saying | None:
        kinds = self.kinds
        if token + 2 >= last:
            return None
        stop = token + 2
        while stop + 1 < last and kinds[stop + 1] not in ",.;Z" and stop - token < REACH:
            stop += 1
        if token - 1 <= first:
            after = stop + 1
            if kinds[after] != ",":
                return None
            # an apposition may stand between: "According to Holt, a teacher, ..."
            more = kinds.find(",", after + 1, min(last, after + 20))
            if more > 0 and self.words[after + 1] in ("a", "an", "the", "who") and self._verb_free(after + 1, more):
                stop = after = more
            end = self._clause_end(after + 1, last, "c")
            return Saying((token, token + 1), "according", (token + 2, stop), [(after + 1, end)], "according", False)
        while stop > token + 1 and kinds[stop] == '"':
            stop -= 1
        if stop == token + 1:
            return None  # nobody is named: a quotation mark follows
        end = token - 1 - (kinds[token - 1] == ",")
        start = first
        while start < end and kinds[start] == "c":
            start += 1
        if end in self.close_at and kinds[first] != '"':
            start = first
        if end <= start:
            return None
        return Saying((token, token + 1), "according", (token + 2, stop), [(start, end)], "according", False)

    def _colon(self, token: int, first: int, last: int) -> Saying | None:
        """ "Poll: ..." at the head of a headline, or a name before a quotation."""
        kinds = self.kinds
        if token - first > 6 or token == first or not set(kinds[first:token]) <= set("N.") or token + 1 >= last:
            return None
        if not (kinds[token + 1] == '"' or self._headline(first, last)):
            return None
        end = last - 1
        while kinds[end] == "." and end > token + 1:
            end -= 1
        return Saying((token, token), ":", (first, token - 1), [(token + 1, end)], "colon", False)


_PARTICLES = frozenset("up out forward back down".split())
_ACTS = ("tion", "sion", "ment", "ure", "al", "ing")
_INQUIRIES = frozenset(
    "review inquiry probe investigation halt stop ban search recount audit curfew withdrawal report".split()
)
_WORKING = frozenset("working works worked work".split())
#: Verbs whose object is a plan, a promise, a threat of their subject.
_MAKING = frozenset(
    """develop develops developing developed draw draws drawing drew drawn make makes making made have has had having unveil
    unveils unveiled unveiling announce announces announced announcing outline outlines outlined outlining reveal reveals
    revealed revealing publish published publishes prepare prepares prepared preparing give gives gave given issue issues issued
    issuing set sets setting put puts putting finalise finalised finalising consider considering considered abandon abandons
    abandoned abandoning drop dropped drops scrap scrapped scraps shelve shelved renew renewed renews repeat repeated repeats
    confirm confirms confirmed confirming present presented presents devise devised devising float floated floating table tabled
    submit submitted working works worked keep kept break broke expressed expresses voiced voices made""".split()
)
_DESCRIBING = frozenset(
    "describe describes described describing portray portrays portrayed dismiss dismissed dismisses see saw view views".split()
)
#: Words with which a clause stands beside another: "said it was late, while he said no".
_BESIDE = frozenset("while whereas although though and but".split())
_HAVE = frozenset("have has had having 've ’ve do does did doing don doesn didn hasn haven hadn".split())
_ARTEFACTS = frozenset(
    """report statement study letter speech tweet message memo email review analysis remarks comments words testimony
    article post survey filing lawsuit announcement""".split()
)
_VIEWS = frozenset(("opinion", "view", "eyes", "words", "judgment", "judgement", "estimation"))
_POSSESSIVE = frozenset("his her their my our its your".split())
_ADJECTIVES = frozenset(
    """worried concerned convinced confident skeptical optimistic hopeful certain sure aware unaware proud glad
    happy unhappy afraid angry wary upset disappointed surprised shocked troubled mystified puzzled
    interested committed opposed determined eager reluctant supportive critical adamant keen careful""".split()
)
