"""Attributions by rule: around each cue, who is the source and what is the content.

Conventions: indices count tokens, ranges hold both ends. Verbs and nouns are cues where ``cues.txt`` says so and no row of
``rules_attributions.toml`` forbids it; what nouns, passives and phrases say are rows there, what active verbs say is built here.
"""

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._constructions import Constructions, Here
from allegedly.builders.labellers._contents import Contents
from allegedly.builders.labellers._cues import NOUNS, VERBS, Entry
from allegedly.builders.labellers._frames import PARTICLES, frame
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._patterns import Marks
from allegedly.builders.labellers._rulebook import marks
from allegedly.builders.labellers._sayings import SPEECH, Saying, says_something
from allegedly.builders.labellers._source_phrases import Sources
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
_BESIDE_VERB = letters("adverb auxiliary")
_ENDS_TAG = letters("comma stop end dash semicolon")
_ASKS = letters("question-mark exclamation-mark")
_BEFORE_TAG = letters("comma quotation-mark dash question-mark exclamation-mark")
_HELPING = letters("auxiliary modal")
_FINITE = letters("auxiliary modal past")
_INNER_END = letters("comma stop question-mark exclamation-mark dash")
_INVERTED_SUBJECT = letters("determiner name noun pronoun number")
_LEADS = letters("comma colon")
_LEADS_IN = letters("preposition adverb subordinator")
_NAMED = letters("determiner noun name")
_OPENS_QUOTE = letters("quotation-mark comma colon")
_SETS_OFF = letters("comma dash")
_TAG_MARK = letters("comma quotation-mark")
_COLON, _COMMA, _GERUND, _NAME, _NOUN, _OPENING, _PAST, _PRONOUN, _QUOTATION, _THAT, _TO = map(
    letters,
    ["colon", "comma", "gerund", "name", "noun", "opening-bracket", "past", "pronoun", "quotation-mark", "that", "to"],
)
_TOLD, _IMAGINING = listed("told"), listed("imagining")
_RELATIVES, _ANYBODY = listed("spoken-of"), listed("anybody")
#: Forms that hardly ever have a thing for an object: ", says a report".
_SAYS = listed("plain-speech")
#: What is no part of a tag's verb: "..., they should ask".
_NO_TAG_VERB = listed("no-tag")
#: What somebody has in mind, or finds.
_MINDS = listed("minds")
#: Verbs that tell whose words a quotation beside them is, and are no cue elsewhere.
_TAGS = listed("tags")
_SET_OFF = SPEECH | listed("believing")


class Finder:
    """Finds the attributions of one article."""

    def __init__(self, tokens: Tokens, signs: Marks | None = None) -> None:
        self.tokens = tokens
        self.kinds, self.words = tokens.kinds, tokens.words
        self.sayings: list[Saying] = []
        self.sources, self.contents = Sources(tokens), Contents(tokens)
        self.rows = Constructions(tokens, signs or marks(tokens), self.sources, self.contents)

    def find(self) -> list[Saying]:
        """All attributions, those inside quotations too, in order of their cues."""
        for first, last in self.tokens.sentences:
            self._sentence(first, last)
        return [item for item in self.sayings if says_something(self.tokens, item)]

    # -- one sentence --------------------------------------------------------------------------------------------

    def _sentence(self, first: int, last: int) -> None:
        words, kinds, signs = self.words, self.kinds, self.rows.signs
        phrases = self.rows.book.phrases
        token = first
        here: list[Saying] = []
        closes = any(quote[1] < last - 1 for quote in self.tokens.quotes_in(first, last))
        while token < last:
            word = words[token]
            entry = VERBS.get(word)
            done = None
            if entry is not None and (kinds[token] != _NAME or token == first or self.rows.headline(first, last)):
                done = self._verb(token, entry, first, last, here)
            if done is None and word in NOUNS and kinds[token] == _NOUN and not (here and here[-1].leads_past(token)):
                done = self.rows.noun(token, NOUNS[word], first, last)
            if done is None and signs[token] in phrases:
                done = self.rows.phrase(token, first, last)
            if done is None and closes and (kinds[token] == _PAST or word in _TAGS or (entry and entry[0] in SPEECH)):
                done = self._tag(token, first, last)
            if done is not None:
                here.append(done)
                token = max(token, done.cue[1])
            token += 1
        self.sayings += here

    def _verb(self, token: int, entry: Entry, first: int, last: int, here: list[Saying]) -> Saying | None:
        kinds, words = self.kinds, self.words
        lemma, frames = entry
        if words[token] in _IMAGINING and (token == first or kinds[token - 1] == _QUOTATION):
            return None  # the reader is to imagine it
        follow = self.rows.frame_of_cue(token, first, last)
        if follow is None:
            return None
        begin, negated, passive = self.rows.verb_group(token, lemma, first)
        if follow == "Pwhen" and (negated or kinds[begin] == _TO):
            follow = "w"  # "declined to say when", not "said when"
        passive = passive and kinds[token] != _GERUND and words[token] != lemma
        quoted = self._quote_before(begin, first) or follow == "q"
        tagged = (quoted and lemma in SPEECH) or (follow == "z" and self._postposed(token, first))
        if kinds[token + 1] == _OPENING:
            follow = self.contents.past_bracket(token + 1, last)[1]
        if follow not in frames and not tagged:
            return None
        if passive:
            return self.rows.passive(Here(begin, token, token, first, last, follow), lemma, negated)
        return self._active(token, begin, lemma, follow, first, last, negated, here)

    def _tag(self, token: int, first: int, last: int) -> Saying | None:
        """The attribution of a verb beside a quotation that a comma or a question ends, be it a verb of saying or none: '"Stay,"
        Holt pressed', '"Stay," Holt said as she left', '"We grow," read the letter'."""
        kinds, words = self.kinds, self.words
        lemma = VERBS[words[token]][0] if words[token] in VERBS else words[token]
        known = lemma in SPEECH or words[token] in _TAGS
        if self._ends_quotation(token - 1, known) and kinds[token + 1] in _INVERTED_SUBJECT:
            behind = self.sources.right(token + 1, last) + 1
            if kinds[behind] not in _ENDS_TAG:
                return None
            source: Range | None = (token + 1, behind - 1)
            begin, end, mark = token, token, token - 1
        else:
            begin = token
            while kinds[begin - 1] in _BESIDE_VERB:
                begin -= 1
            source, shared = self.sources.source(begin, first, [], False)
            if source is None or shared or not self._ends_quotation(source[0] - 1, known):
                return None
            end = token + (words[token + 1] == "on")
            behind, mark = end + 1, source[0] - 1
        before = self.contents.before(mark, first)
        if before is None:
            return None
        opens = next((here for here in range(behind, last) if here in self.contents.open_at), last)
        goes_on = opens - 1 if opens < last and kinds[opens - 1] == _COMMA else last
        content = [before, *self.contents.after_tag(goes_on, last)]
        return Saying((begin, end), lemma, source, content, "postposed", False, self._is_quote(content))

    def _ends_quotation(self, mark: int, known: bool) -> bool:
        """Whether a mark closes a quotation whose last mark inside shows that the sentence goes on; behind a question only where
        the verb is ``known`` for one of saying."""
        inner = self.kinds[mark - 1]
        return mark in self.contents.close_at and (inner == _COMMA or (known and inner in _ASKS))

    def _quote_before(self, token: int, first: int) -> bool:
        return token - 1 >= first and self.kinds[token - 1] == _QUOTATION and (token - 1) in self.contents.close_at

    def _postposed(self, token: int, first: int) -> bool:
        return any(kind in _TAG_MARK for kind in self.kinds[max(first, token - 12) : token])

    def _active(
        self, token: int, begin: int, lemma: str, follow: str, first: int, last: int, negated: bool, here: list[Saying]
    ) -> Saying | None:
        kinds = self.kinds
        # inverted: ..., said X
        inverts = begin == token and kinds[token] != _GERUND and lemma in SPEECH and lemma != "tell"
        if inverts and self._inverts(token, follow, first):
            before = self.contents.before(token - 1, first)
            if before:
                stop = self.sources.right(token + 1, last)
                behind = self.contents.after_tag(stop + 1, last) or self.contents.rest(stop + 1, last, before)
                content = [before, *behind]
                return Saying(
                    (token, token), lemma, (token + 1, stop), content, "inverted", negated, self._is_quote(content)
                )
        if follow == "n" and lemma == "say":
            follow = "c"  # what is said is hardly ever a thing
        source, share = self.sources.source(begin, first, here, kinds[token] == _GERUND, lemma)
        if (
            source is None
            and begin == token
            and kinds[token] == _PAST
            and kinds[token + 1] == _NAME
            and lemma in SPEECH
        ):
            said = None if lemma in _TOLD else self._speaker_behind(token, lemma, first, last)
            if said:
                return said
        # "to say" after a verb that is no cue: the infinitive alone
        # postposed: ..., X said.
        recipient = lemma in _TOLD and kinds[token + 1] == _PRONOUN  # "..., she told me on Sunday"
        tail = self.contents.tail(token + 1 + recipient, last)
        if source is not None or share:
            left = source[0] if source else begin
            apart = left > first and kinds[left - 1] in _BEFORE_TAG
            if tail is None and self._told_of_quotation(left - 1, token, lemma, follow):
                tail = last
            if apart and not share and tail is not None and _NO_TAG_VERB.isdisjoint(self.words[begin:token]):
                before = None if self._leads(token, left) else self.contents.before(left - 1, first)
                if before and (
                    before[1] in self.contents.close_at
                    or ((lemma in SPEECH or follow == "z") and self._states(before, follow))
                ):
                    content = [before, *(self.contents.after_tag(tail, last) or self.contents.rest(tail, last, before))]
                    return Saying((begin, token), lemma, source, content, "postposed", negated, self._is_quote(content))
        if follow == "z" and kinds[token + 1] not in _OPENS_QUOTE:
            return None
        start, end = self.contents.start(token, lemma, follow, last)
        # "the fair, they fear, is off"
        apart = source is not None and source[0] > first and kinds[source[0] - 1] == _COMMA
        if 0 <= start < last and kinds[start] == _COMMA and (apart or lemma in _SET_OFF or follow[1:] in PARTICLES):
            start = self.contents.past_aside(start, last)
        if start < 0 or start >= last:
            return None
        if follow[1:] in PARTICLES:
            lemma, follow = f"{lemma}-{follow[1:]}", frame(self.tokens, start)
        content = self.contents.content(start, last, follow, begin)
        if not content:
            return None
        if source is not None and self.words[source[1]] in _ANYBODY and lemma not in SPEECH | {"think"}:
            return None  # "if you want to sell it": nobody in particular
        if self._in_passing(begin, token, lemma, follow, source, content):
            return None
        source, begin = self.sources.person(self.sources.apart(source, here), begin)
        if lemma in _TOLD and start > token + 1 and follow in "ncg":
            follow = frame(self.tokens, start)
        if apart and source is not None and kinds[content[0][0]] in _FINITE and source[0] - 2 >= first:
            content[:0] = [(first, source[0] - 2)]  # "the fair, they fear, may close"
        elif follow == "x" and source is not None:
            content[:0] = self._spoken_of(source[0] - 1, content[0][0], first)
        return Saying((begin, end), lemma, source, content, follow, negated, self._is_quote(content))

    def _in_passing(
        self, begin: int, token: int, lemma: str, follow: str, source: Range | None, content: list[Range]
    ) -> bool:
        """Whether a verb that is none of saying and thinking is named in passing, and nobody is told to have done so: "too close
        to call", "a law that promotes it", "if they reject it"."""
        kinds, words = self.kinds, self.words
        if lemma in SPEECH or any(quote for first, last in content for quote in self.tokens.quotes_in(first, last)):
            return False
        if kinds[begin] == _TO and words[begin - 1] != "on" and kinds[begin - 1] != _NAME:
            return follow[0] in "nPwx"
        if source is None or source[1] != begin - 1 or lemma in _MINDS:
            return False
        return (source[0] == source[1] and kinds[begin - 1] == _THAT) or words[source[0] - 1] == "if"

    def _spoken_of(self, pronoun: int, start: int, first: int) -> list[Range]:
        """What a relative pronoun before the source speaks of, where the content begins with its verb: "[papers that] the
        clerk said [were lost]"; the pronoun alone behind a comma."""
        kinds = self.kinds
        if pronoun <= first or self.words[pronoun] not in _RELATIVES or kinds[start] not in _FINITE:
            return []
        if kinds[pronoun - 1] == _COMMA or self.words[pronoun] != "that":
            return [(pronoun, pronoun)]
        head = self.sources.left(pronoun - 1, first)
        return [(head[0], pronoun)] if head else [(pronoun, pronoun)]

    def _states(self, before: Range, follow: str) -> bool:
        """Whether words without quotation marks before a tag are what was said, not when or where: "In May, she told them"."""
        return follow == "z" or not self.contents.verb_free(before[0], before[1] + 1)

    def _told_of_quotation(self, mark: int, token: int, lemma: str, follow: str) -> bool:
        """Whether a whole quotation before the source is what was said, and what stands behind the cue says to whom or where:
        '"It sank," Holt told a crowd that had come.'"""
        if mark not in self.contents.close_at or self.kinds[mark - 1] not in _INNER_END or lemma not in SPEECH:
            return False
        return follow[0] == "P" or (lemma == "tell" and follow in "nxc")

    def _leads(self, token: int, left: int) -> bool:
        """Whether a cue leads up to a whole quotation, and what stands before its source tells when and where it was said:
        "Asked about it, he said: 'No.'"."""
        mark = token + 1
        if (
            left - 1 in self.contents.close_at
            or self.kinds[mark] not in _LEADS
            or mark + 1 not in self.contents.open_at
        ):
            return False
        return self.kinds[mark] == _COLON or self.tokens.text[self.tokens.starts[mark + 2]].isupper()

    def _inverts(self, token: int, follow: str, first: int) -> bool:
        """Whether verb and subject have changed places, after what was said: "..., said X"."""
        kinds = self.kinds
        if token <= first + 1 or kinds[token + 1] not in _INVERTED_SUBJECT:
            return False
        if (token - 1) in self.contents.close_at:
            start = self.contents.close_at[token - 1]
            # 'The so-called "experts" say ...': a word within the subject
            return kinds[token - 2] in _INNER_END or start <= first or kinds[start - 1] in _LEADS or follow in "zx"
        if kinds[token - 1] in _ASKS:
            return True
        if kinds[token - 1] == _QUOTATION and kinds[token - 2] in _TAG_MARK:
            return True  # it closes what the paragraph before opened
        if kinds[token - 1] not in _SETS_OFF:
            return False
        if (token - 2) in self.contents.close_at:
            return True
        if follow not in "nzx":
            return False
        tells = (self.words[token] in _SAYS and kinds[first] not in _LEADS_IN) or any(
            kind in _HELPING for kind in kinds[first : token - 1]
        )
        return tells or self._cuts_in(token)

    def _cuts_in(self, token: int) -> bool:
        """Whether a verb and its subject stand between another subject and its verb: "the county, suggests Mr Holt, could"."""
        kinds = self.kinds
        comma = kinds.find(_COMMA, token, token + 12)
        return comma > 0 and kinds[comma + 1] in _HELPING and kinds[token + 1 : comma].strip(_NAMED) == ""

    def _speaker_behind(self, token: int, lemma: str, first: int, last: int) -> Saying | None:
        """Where nobody stands before a verb and a name behind it: "On a larger scale, said Mr Holt, it failed", "Said Ada Holt:
        'No.'"."""
        kinds = self.kinds
        stop = self.sources.right(token + 1, last)
        if kinds[stop + 1] not in _LEADS:
            # what looked like an apposition was what is said: ", said Mr Holt, the pump failed"
            stop = token + 1
            while kinds[stop + 1] == _NAME:
                stop += 1
        if kinds[stop + 1] not in _LEADS:
            return None
        lead = kinds[token - 1] == _COMMA and token - 1 > first
        end = self.contents.clause_end(stop + 2, last, "t") if stop + 2 < last else -1
        if end <= stop + 2:
            return None
        content = [*([(first, token - 2)] if lead else []), (stop + 2, end)]
        return Saying(
            (token, token), lemma, (token + 1, stop), content, "inverted", False, self._is_quote(content[-1:])
        )

    def _is_quote(self, content: list[Range]) -> bool:
        return bool(content) and content[0][0] in self.contents.open_at
