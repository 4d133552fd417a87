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
_ASKS = letters("question-mark exclamation-mark")
_BEFORE_TAG = letters("comma quotation-mark dash question-mark exclamation-mark")
_HELPING = letters("auxiliary modal")
_FINITE = letters("auxiliary modal past")
_INNER_END = letters("comma stop question-mark exclamation-mark dash")
_INVERTED_SUBJECT = letters("determiner name noun pronoun number")
_LEADS = letters("comma colon")
_OPENS_QUOTE = letters("quotation-mark comma colon")
_SETS_OFF = letters("comma dash")
_TAG_MARK = letters("comma quotation-mark")
_COLON, _COMMA, _GERUND, _NAME, _NOUN, _OPENING, _PAST, _PRONOUN, _QUOTATION, _TO = map(
    letters, ("colon", "comma", "gerund", "name", "noun", "opening-bracket", "past", "pronoun", "quotation-mark", "to")
)
_TOLD, _IMAGINING = listed("told"), listed("imagining")
_RELATIVES, _ANYBODY = listed("spoken-of"), listed("anybody")
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

    def _quote_before(self, token: int, first: int) -> bool:
        return token - 1 >= first and self.kinds[token - 1] == _QUOTATION and (token - 1) in self.contents.close_at

    def _postposed(self, token: int, first: int) -> bool:
        return any(kind in _TAG_MARK for kind in self.kinds[max(first, token - 12) : token])

    def _active(
        self, token: int, begin: int, lemma: str, follow: str, first: int, last: int, negated: bool, here: list[Saying]
    ) -> Saying | None:
        kinds = self.kinds
        # inverted: ..., said X
        if begin == token and kinds[token] != _GERUND and lemma in SPEECH and self._inverts(token, follow, first):
            before = self.contents.before(token - 1, first)
            if before:
                stop = self.sources.right(token + 1, last)
                content = [before, *self.contents.after_tag(stop + 1, last)]
                return Saying(
                    (token, token), lemma, (token + 1, stop), content, "inverted", negated, self._is_quote(content)
                )
        source, share = self.sources.source(begin, first, here, kinds[token] == _GERUND)
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
            if apart and not share and tail is not None:
                before = None if self._leads(token, left) else self.contents.before(left - 1, first)
                if before and (
                    before[1] in self.contents.close_at or (lemma in SPEECH and self._states(before, follow))
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
        source, begin = self.sources.person(self.sources.apart(source, here), begin)
        if lemma in _TOLD and start > token + 1 and follow in "ncg":
            follow = frame(self.tokens, start)
        if apart and source is not None and kinds[content[0][0]] in _FINITE and source[0] - 2 >= first:
            content[:0] = [(first, source[0] - 2)]  # "the fair, they fear, may close"
        elif follow == "x" and source is not None:
            content[:0] = self._spoken_of(source[0] - 1, content[0][0], first)
        return Saying((begin, end), lemma, source, content, follow, negated, self._is_quote(content))

    def _spoken_of(self, pronoun: int, start: int, first: int) -> list[Range]:
        """What a relative pronoun before the source speaks of, where the content begins with its verb: "[papers that] the
        clerk said [were lost]"; the pronoun alone behind a comma."""
        kinds = self.kinds
        if pronoun <= first or self.words[pronoun] not in _RELATIVES or kinds[start] not in _FINITE:
            return []
        if kinds[pronoun - 1] == _COMMA or self.words[pronoun] == "what":
            return [(pronoun, pronoun)]
        head = self.sources.left(pronoun - 1, first)
        return [(head[0], pronoun)] if head else [(pronoun, pronoun)]

    def _states(self, before: Range, follow: str) -> bool:
        """Whether words without quotation marks before a tag are what was said, not when or where: "In May, she told them"."""
        return follow == "z" or not self.contents.verb_free(before[0], before[1] + 1)

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
        return follow in "nzx" and any(kind in _HELPING for kind in kinds[first : token - 1])

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
