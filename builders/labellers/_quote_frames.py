"""Who said a quotation: words of saying beside it, by the words of a language.

Conventions: a frame is looked for near the quotation only, in the same block or inside the quotation around it: behind
it (", said Holt"), before it ("Holt said: "), and in the sentence that it is woven into. What stands in other
quotations is not looked at. Of a window no more than ``_MOST`` words are read, so that the work is linear.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from allegedly.builders.labellers import _german
from allegedly.builders.labellers._quote_phrases import APPOSITION, ENDS, PHRASE, Cue, Words
from allegedly.builders.labellers._quote_words import Grammar
from allegedly.schemas.records import Part, Span

#: How far a frame may lie from its quotation in code points, and how many words are read there;
#: how far what leads to a title does.
REACH, _MOST, _NEAR = 260, 48, 30
_SEPARATORS = frozenset([",", "，", "–", "—", "-", "―"])
_FINAL = frozenset(".!?…")
PAUSES = _FINAL | frozenset(",，")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(_german.Frame):
    """What stands beside a quotation. ``direct``: words of saying lead straight to it; ``stop``: where words of saying
    behind it end; ``that``: where the word
    "that" before it begins, -1 where none does; ``negated``: nobody says it; ``looked``: there are lists of the
    language, so that what was not found is not there."""

    direct: bool = False
    stop: int = -1
    that: int = -1
    negated: bool = False
    looked: bool = True


class Sayings:
    """The words of saying of a text; ``text``: with dots where other quotations stand."""

    def __init__(self, grammar: Grammar, text: str, starts: list[int], ends: list[int]) -> None:
        self.grammar, self.text = grammar, text
        self.starts, self.ends = starts, ends
        self.cues = [match.start() for match in grammar.cue.finditer(text)]

    # -- behind a quotation --------------------------------------------------------------------------------------

    def after(self, end: int, limit: int, pause: str, said: int) -> Frame | None:
        """The frame right behind a quotation, or behind the dash of one. ``pause``: the mark that
        its words end with; ``said``: how many words it has."""
        limit = min(limit, end + REACH)
        if not self._any(end, limit):
            return None
        words = Words(self.grammar, self.text, end, limit)
        at = 0
        while at < words.count and at < 3 and words.text[at] in _SEPARATORS:
            at += 1
        separated = at > 0 or pause in PAUSES
        own = at == 0 and pause in _FINAL
        if at >= words.count:
            return None
        return (
            self._verb_first(words, at, limit, separated, said)
            or (self._noun_first(words, at, limit, own, pause) if separated else None)
            or self._view(words, at, limit, separated or said > 3)
        )

    def inserted(self, at: int, limit: int) -> Frame | None:
        """Words of saying behind a pause inside speech that has no marks: a verb, then who says it."""
        limit = min(limit, at + REACH)
        if not self._any(at, limit):
            return None
        words = Words(self.grammar, self.text, at, limit)
        first = int(bool(words.count) and words.text[0] in _SEPARATORS)
        frame = self._verb_first(words, first, limit, True, 9)
        return frame if frame and frame.source else None

    def _verb_first(self, words: Words, at: int, limit: int, separated: bool, said: int) -> Frame | None:
        grammar = self.grammar
        begin = words.skip(words.skip_adverbs(at), grammar.clitics)
        cue = words.cue(begin)
        if cue is None:
            return self._divided(words, begin, limit)
        if cue.pronoun is not None:
            return self._behind(words, cue.end, limit, (cue.pronoun,), cue)
        start = words.behind_recipient(words.behind_verb(cue.end))
        stop = words.named(start, False)
        if stop > start and (separated or said >= 2):
            source: Part = (words.over(start, stop),)
        elif grammar.drops_pronouns and separated:
            source, stop = (), cue.end
        else:
            return None
        if cue.particle:
            return self._with_particle(words, stop, limit, source, cue)
        return self._behind(words, stop, limit, source, cue)

    def _divided(self, words: Words, at: int, limit: int) -> Frame | None:
        """ "heeft Holt gezegd"."""
        if not words.in_set(at, self.grammar.auxiliaries):
            return None
        stop = words.noun(at + 1)
        if stop == at + 1:
            return None
        inside = words.skip_adverbs(stop)
        length = words.phrase(self.grammar.participles, inside)
        if not length:
            return None
        cue = Cue(inside + length, (words.spans[at], words.over(inside, inside + length)))
        return self._behind(words, cue.end, limit, (words.over(at + 1, stop),), cue)

    def _with_particle(self, words: Words, at: int, limit: int, source: Part, cue: Cue) -> Frame | None:
        """A verb whose second part stands behind who says it; None without that part."""
        place = next((n for n in range(at, min(words.count, at + 8)) if words.low[n] == cue.particle), -1)
        if place < 0:
            return None
        pieces = _joined(cue.pieces[0], words.spans[place])
        return self._behind(words, place + 1, limit, source, Cue(place + 1, pieces, negated=cue.negated))

    def _noun_first(self, words: Words, at: int, limit: int, own: bool, pause: str) -> Frame | None:
        """ "Holt said"; ``own``: a sentence ends before it."""
        stop = words.named(at, True)
        if stop == at:
            return None
        comma = "," in words.text[at:stop] and words.text[stop : stop + 1] == [","]
        begin = words.skip(stop + comma, self.grammar.clitics)
        cue = words.cue(begin) or words.cue(words.skip_adverbs(begin))
        if cue is None or cue.pronoun is not None:
            return None
        if self._is_sentence(words, at, cue.end, pause if own else ""):
            return None
        pieces = cue.pieces
        if begin + 1 < cue.end and not words.cue(begin):
            pieces = (words.over(begin, cue.end),)
        return self._behind(words, cue.end, limit, (words.over(at, stop),), Cue(cue.end, pieces, negated=cue.negated))

    def _is_sentence(self, words: Words, at: int, end: int, pause: str) -> bool:
        """Whether a name and its verb begin a sentence of their own: "We go." Holt said it was late. ``pause``: the
        full stop before them, if one is there."""
        following = words.text[end : end + 1]
        if following == [":"]:
            return True
        if not pause or not words.text[at][0].isupper() or not following or following[0] in ENDS:
            return False
        said = words.in_set(end, self.grammar.that | self.grammar.determiners)
        return pause == "." or said or bool(words.phrase(self.grammar.pronouns, end))

    def _view(self, words: Words, at: int, limit: int, sure: bool) -> Frame | None:
        """ "according to Holt"."""
        length = words.phrase(self.grammar.according, at) if sure else 0
        stop = words.named(at + length, False) if length else at
        if not length or stop == at + length:
            return None
        cue = Cue(at + length, (words.over(at, at + length),))
        return self._behind(words, stop, limit, (words.over(at + length, stop),), cue)

    def _behind(self, words: Words, stop: int, limit: int, source: Part, cue: Cue) -> Frame:
        return Frame(
            source=source,
            cue=cue.pieces,
            after=True,
            end=self._rest(words.spans[stop - 1].end, limit),
            stop=words.spans[stop - 1].end,
            spoken=True,
            direct=True,
            negated=cue.negated,
        )

    def _rest(self, at: int, limit: int) -> int:
        """Where the clause goes on to."""
        while at < limit and self.text[at] not in ".:;!?…":
            at += 1
        return at

    # -- before a quotation --------------------------------------------------------------------------------------

    def before(self, start: int, begin: int) -> Frame:
        """The frame before a quotation; ``begin``: where its block, or the quotation around it, begins."""
        first = max(begin, start - REACH, self._sentence(start))
        cues = self._any(first, start)
        if not cues and not self.text[first:start].rstrip().endswith((":", "：")):
            first = max(first, start - _NEAR)  # only what leads to a title is looked for
        words = Words(self.grammar, self.text, first, start)
        whole = first >= max(begin, self._sentence(start)) and words.count <= _MOST
        words.only_last(_MOST)
        end = words.count
        colon = bool(end) and words.text[end - 1] in ":："
        comma = bool(end) and words.text[end - 1] in ",，"
        end -= colon or comma
        that = words.spans[end - 1].start if not colon and words.in_set(end - 1, self.grammar.that) else -1
        lead = end - (that >= 0)
        last = end - 1
        shape = Frame(
            colon=colon,
            title=words.in_set(last, self.grammar.works) or (words.in_set(last - 1, self.grammar.works) and colon),
            named=words.in_set(last, self.grammar.determiners),
        )
        found = self._said(words, lead, colon, whole, that >= 0) if cues else None
        if found is None and colon and whole and lead and words.named(0, False) == lead:
            return replace(shape, source=(words.over(0, lead),), spoken=True, direct=True)
        if found is None:
            return shape
        source, cue, straight = found
        return replace(
            shape,
            source=source,
            cue=cue.pieces,
            spoken=True,
            direct=straight or colon,
            that=that if straight else -1,
            negated=cue.negated,
        )

    def _said(self, words: Words, end: int, colon: bool, whole: bool, that: bool) -> tuple[Part, Cue, bool] | None:
        """Source and cue of a lead, and whether nothing but them stands before the quotation."""
        for at in range(end - 1, -1, -1):
            if words.in_set(at - 1, self.grammar.determiners) and not words.in_set(at - 1, self.grammar.clitics):
                continue
            if found := self._by_view(words, at, end):
                return found
            cue = words.cue(at)
            if cue is None or cue.end > end:
                continue
            at, cue = words.longest(at, cue)
            if found := self._by_verb(words, at, cue, end, colon, whole, that):
                return found
        return None

    def _by_view(self, words: Words, at: int, end: int) -> tuple[Part, Cue, bool] | None:
        length = words.phrase(self.grammar.according, at)
        if not length or (words.low[at] in ("para", "pour", "zo", "per") and at > 0):
            return None
        stop = words.named(at + length, False)
        if stop == at + length or stop > end:
            return None
        straight = stop == end or (stop == end - 1 and words.text[stop] == ",")
        return (words.over(at + length, stop),), Cue(stop, (words.over(at, at + length),)), straight

    def _by_verb(
        self, words: Words, at: int, cue: Cue, end: int, colon: bool, whole: bool, that: bool
    ) -> tuple[Part, Cue, bool] | None:
        if cue.pronoun is not None:
            return (cue.pronoun,), cue, cue.end == end
        begin, source = self._who(words, at, whole)
        pieces = (Span(words.spans[begin].start, cue.pieces[0].end), *cue.pieces[1:]) if begin < at else cue.pieces
        stop = cue.end
        if not source:
            start = words.behind_verb(stop)
            behind = min(words.named(start, False), end)
            if behind > start and (colon or behind == end):
                source, stop = (words.over(start, behind),), behind
        if cue.particle:
            place = next((n for n in range(stop, min(end, stop + 10)) if words.low[n] == cue.particle), -1)
            if place < 0:
                return None
            pieces, stop = _joined(pieces[0], words.spans[place]), max(stop, place + 1)
        if not source and not (colon or self.grammar.drops_pronouns or stop == end):
            return None
        straight = words.behind_verb(stop) == end or (that and end - stop <= 3)
        return source, Cue(stop, pieces, negated=cue.negated), straight

    def _who(self, words: Words, at: int, whole: bool) -> tuple[int, Part]:
        """Where the words of saying begin, adverbs before them included, and who stands before them."""
        grammar = self.grammar
        begin = at
        for length in (1, 2):  # "later added"
            if at - length >= 0 and words.phrase(grammar.adverbs, at - length) == length and at - length > 0:
                begin = at - length
                break
        edge = begin
        while edge and (words.low[edge - 1] in grammar.clitics and words.low[edge - 1] not in grammar.determiners):
            edge -= 1
        if words.in_set(edge - 1, grammar.relatives):
            return begin, (words.spans[edge - 1],)
        clause = edge > 0 and words.text[edge - 1] == ","
        if clause and words.in_set(at, grammar.gerunds):
            name = words.name() if whole else 0
            return begin, (words.over(0, name),) if name else ()
        for first in self._openings(words, edge, whole):
            stop = words.noun(first)
            if clause and words.text[stop : stop + 1] == [","] and words.in_set(stop + 1, grammar.relatives):
                return begin, (words.over(first, stop),)  # "Holt, who was there, said"
            if words.named(first, True) == edge:
                return begin, (words.over(first, edge),)
            if edge and words.text[edge - 1] == "," and words.named(first, True) == edge - 1 and first < edge - 1:
                return begin, (words.over(first, edge - 1),)
        for clitics in range(1, 3):  # "le dijo", where the article is a pronoun too
            if edge - clitics > 0 and words.low[edge - clitics] in grammar.clitics:
                for first in self._openings(words, edge - clitics, whole):
                    if words.named(first, True) == edge - clitics:
                        return begin, (words.over(first, edge - clitics),)
        if whole and words.in_set(edge - 1, grammar.links) and (stop := words.named(0, True)) and stop < edge:
            return begin, (words.over(0, stop),)
        return at if begin < at and not edge else begin, ()

    def _openings(self, words: Words, end: int, whole: bool) -> Iterator[int]:
        """Where a noun phrase that ends there may begin, the earliest first."""
        for at in range(max(0, end - PHRASE - APPOSITION), end):
            fresh = at == 0 and whole
            behind = at > 0 and (not words.text[at - 1][0].isalnum() or words.low[at - 1] in self.grammar.links)
            low = words.low[at]
            inside = at > 0 and words.low[at - 1] in self.grammar.inner
            opens = (low in self.grammar.determiners or bool(words.phrase(self.grammar.pronouns, at))) and not inside
            after_word = at > 0 and (
                words.low[at - 1] in self.grammar.stops
                or self._closes_adverb(words, at)
                or words.low[at - 1].endswith("ly")
            )
            if fresh or behind or opens or after_word:
                yield at

    def _closes_adverb(self, words: Words, at: int) -> bool:
        return any(at - n >= 0 and words.phrase(self.grammar.adverbs, at - n) == n for n in (1, 2))

    def _sentence(self, offset: int) -> int:
        """Where the sentence before an offset begins; after a colon, the one that the colon ends."""
        where = bisect_left(self.starts, offset) - 1
        if where < 0:
            return 0
        between = self.text[self.ends[where] : offset].strip() if self.ends[where] <= offset else "."
        ends = self.text[max(0, offset - 3) : offset].rstrip()[-1:] in _FINAL
        return offset if ends and not between else self.starts[where]

    def _any(self, start: int, end: int) -> bool:
        """Whether a cue may stand in a stretch."""
        nearest = bisect_left(self.cues, start)
        return nearest < len(self.cues) and self.cues[nearest] < end


def _joined(verb: Span, particle: Span) -> tuple[Span, ...]:
    return (Span(verb.start, particle.end),) if particle.start - verb.end == 1 else (verb, particle)
