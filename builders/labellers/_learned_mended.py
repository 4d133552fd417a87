"""What the rules know of attributions and claims where the network errs by kind: rejections, accusations, plans, titles.

Conventions: only cases that the build of a sentence decides are mended, one function each; parts stay the network's where it
found them. Indices count tokens, ranges hold both ends.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from allegedly.builders.labellers._classes import letters
from allegedly.builders.labellers._clauses import CLAIMED
from allegedly.builders.labellers._contents import is_somebody
from allegedly.builders.labellers._cues import ACT, NOUNS, VERBS
from allegedly.builders.labellers._learned_news import Attributed
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._sayings import REJECTING, Saying, word_is_noun
from allegedly.builders.labellers._sources import source_kind
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Part, Span

Range = tuple[int, int]
#: How probable an attribution is that only the rules found.
RULED = 0.5
#: Among so many before a place one that holds it is looked for.
NEAR = 16
#: Words before a sentence that nobody is said to have said.
_OPENERS = frozenset(["but", "and"])
#: Verbs of owning up to a deed.
_OWNING = frozenset(["admit", "confess"])
#: Verbs of asking somebody to do something.
_ASKING = listed("asking")
_TO, _NEGATION = letters("to"), letters("negation")
#: At most so many words name whoever is asked.
_ASKED = 8
#: Verbs and speakers with which what only the rules find is right: "he said", "I think" inside a quotation.
_SAYING, _FIRST = frozenset(["say", "add"]), frozenset(["i", "we"])


def with_said(tokens: Tokens, items: Sequence[Attributed], sayings: Sequence[Saying]) -> list[Attributed]:
    """The network's attributions, and those of somebody who says or adds something that only the rules found."""
    found = _Placed(tokens, items)
    for saying in sayings:
        first = saying.source is not None and tokens.words[saying.source[0]] in _FIRST and saying.parent >= 0
        if saying.source and (saying.lemma in _SAYING or first) and not found.cued(*saying.cue):
            found.add(
                replace(_attributed(tokens, saying), parent=found.around(saying.cue[0]) if saying.parent >= 0 else -1)
            )
    return found.items


def mended(tokens: Tokens, items: Sequence[Attributed], sayings: Sequence[Saying]) -> list[Attributed]:
    """The attributions of an article, with those that the rules settle; ``sayings`` are those that the rules find, nested."""
    found = [
        _asking(tokens, _admitting(tokens, _accusing(tokens, _within(tokens, _in_sentences(tokens, item)))))
        for item in items
    ]
    found = _two_speakers(tokens, found)
    found = _kept(found, [not (_is_bare_noun(tokens, item) or _is_rejected(tokens, item, found)) for item in found])
    return _by_rules(tokens, found, sayings)


def lemmas(tokens: Tokens, cue: Part) -> set[str]:
    """The verbs in a cue."""
    over = tokens.over(cue[0].start, cue[-1].end) if cue else None
    words = tokens.words[over[0] : over[1] + 1] if over else []
    return {VERBS[word][0] for word in words if word in VERBS}


# -- parts ------------------------------------------------------------------------------------------------------------


def _accusing(tokens: Tokens, item: Attributed) -> Attributed:
    """ "is accused | of stealing": "of" goes with what is said."""
    over = tokens.over(*item.cue[-1]) if item.cue else None
    if over is None or tokens.kinds[over[1]] != "o" or over[0] == over[1] or "accuse" not in lemmas(tokens, item.cue):
        return item
    return _moved(tokens, item, over, over[1] - 1)


def _admitting(tokens: Tokens, item: Attributed) -> Attributed:
    """ "admitted to | lying": "to" goes with the verb before a form in -ing."""
    over = tokens.over(*item.cue[-1]) if item.cue else None
    if over is None or tokens.kinds[over[1] + 1 : over[1] + 3] != "tg" or lemmas(tokens, item.cue).isdisjoint(_OWNING):
        return item
    start = tokens.starts[over[1] + 1]
    content = tuple(
        Span(tokens.starts[over[1] + 2], end) if first == start else Span(first, end) for first, end in item.content
    )
    return replace(item, cue=(*item.cue[:-1], tokens.span(over[0], over[1] + 1)), content=content)


def _asking(tokens: Tokens, item: Attributed) -> Attributed:
    """ "urged | the council to act": whoever is to do it goes with what is to be done."""
    cue = tokens.over(*item.cue[-1]) if item.cue else None
    content = tokens.over(*item.content[0]) if item.content else None
    if cue is None or content is None or not 0 < content[0] - cue[1] - 1 <= _ASKED:
        return item
    first = content[0] + (tokens.kinds[content[0]] == _NEGATION)
    if tokens.kinds[first] != _TO or not is_somebody(tokens, cue[1] + 1, first):
        return item
    if lemmas(tokens, item.cue).isdisjoint(_ASKING):
        return item
    return replace(item, content=(Span(tokens.starts[cue[1] + 1], item.content[0].end), *item.content[1:]))


def _moved(tokens: Tokens, item: Attributed, cue: Range, last: int) -> Attributed:
    """An attribution whose cue ends earlier, what it lost being the beginning of the content behind it."""
    start = tokens.starts[last + 1]
    content = []
    for first, end in item.content:
        behind = tokens.over(first, end)
        content.append(Span(start, end) if behind and behind[0] == cue[1] + 1 else Span(first, end))
    return replace(item, cue=(*item.cue[:-1], tokens.span(cue[0], last)), content=tuple(content))


def _in_sentences(tokens: Tokens, item: Attributed) -> Attributed:
    """An attribution whose words outside quotations end with their sentence, without its full stop or a "but" before them."""
    content = []
    for span in item.content:
        over = tokens.over(*span)
        cut = None if over is None or tokens.kinds[over[0]] in "\"'" else _within_sentence(tokens, *over)
        if cut is None or cut == over:
            content.append(span)
        elif cut[0] <= cut[1]:
            content.append(tokens.span(*cut))
    return replace(item, content=tuple(content)) if content and tuple(content) != item.content else item


def _within_sentence(tokens: Tokens, first: int, last: int) -> Range:
    """A piece of content that opens without a mark, cut to its sentence unless a quotation goes on from there."""
    begin, end = tokens.sentences[tokens.sentence(first)]
    if first == begin and tokens.words[first] in _OPENERS:
        first += 1
    if tokens.quotation(first) is None and last > end and tokens.kinds[end + 1] not in "\"'":
        last = end - 1
    if tokens.kinds[last] == "." and tokens.quotation(last) is None:
        last -= 1
    return first, last


def _within(tokens: Tokens, item: Attributed) -> Attributed:
    """An inner attribution without the closing mark of the quotation that it lies in."""
    if item.parent < 0 or not item.content:
        return item
    over = tokens.over(*item.content[-1])
    if over is None or tokens.kinds[over[1]] != '"':
        return item
    quote = next((quote for quote in tokens.quotes_in(over[1], over[1]) if quote[1] == over[1]), None)
    if quote is None or quote[0] >= over[0]:
        return item
    last = over[1] - 1
    while last > over[0] and tokens.kinds[last] in ",.":
        last -= 1
    return replace(item, content=(*item.content[:-1], tokens.span(over[0], last)))


def _two_speakers(tokens: Tokens, items: list[Attributed]) -> list[Attributed]:
    """ "One admitted to stealing [the van] and [the driver] admitted to lying": whom the network gave to the words before."""
    out = list(items)
    ends = {item.content[-1].end: number for number, item in enumerate(items) if item.content and item.parent < 0}
    for number, item in enumerate(items):
        cue = tokens.over(*item.cue[0]) if item.cue else None
        if cue is None or cue[0] < 2 or not item.source or item.parent >= 0:
            continue
        before = ends.get(tokens.ends[cue[0] - 1])
        if before is None or items[before].source != item.source or before == number:
            continue
        over = tokens.over(*items[before].content[-1])
        begin = tokens.kinds.rfind("c", over[0] if over else cue[0], cue[0])
        if over is None or begin <= over[0] or set(tokens.kinds[begin + 1 : cue[0]]) - set("dnN#so"):
            continue
        out[number] = replace(item, source=(tokens.span(begin + 1, cue[0] - 1),))
        content = (*out[before].content[:-1], tokens.span(over[0], begin - 1))
        out[before] = replace(out[before], content=content)
    return out


# -- which stay -------------------------------------------------------------------------------------------------------


def _is_bare_noun(tokens: Tokens, item: Attributed) -> bool:
    """Whether a cue is a noun with nobody beside it and no clause behind it ("claims about the tram"), or stands in a row of
    nouns before a participle ("title hopes dashed")."""
    cue = tokens.over(*item.cue[0]) if len(item.cue) == 1 else None
    if cue is None:
        return False
    first, last = cue
    kinds, words = tokens.kinds, tokens.words
    if first == last and kinds[first] == "n" and word_is_noun(words[first]) and kinds[first + 1] == "v":
        return first > 0 and kinds[first - 1] in "nN"
    noun = last - 1 if kinds[last] in "Po" else last
    if item.source or noun < first or words[noun] not in NOUNS or kinds[noun] not in "nN":
        return False
    if any(kind in "bmvpg" for kind in kinds[first:noun]) or kinds[last] not in "Po":
        return False
    return kinds[last + 1] not in "\"'Tt"


def _is_rejected(tokens: Tokens, item: Attributed, items: Sequence[Attributed]) -> bool:
    """Whether it is a noun that the one around it rejects, with nobody beside it: "disputed the claim that"."""
    if item.parent < 0 or item.source or not item.cue or lemmas(tokens, items[item.parent].cue).isdisjoint(REJECTING):
        return False
    cue = tokens.over(*item.cue[-1])
    return cue is not None and tokens.words[cue[1]] in CLAIMED


def _kept(items: list[Attributed], stays: Sequence[bool]) -> list[Attributed]:
    """The attributions that stay; what lay in one that goes lies in what that lay in."""
    place = list(accumulate(stays, initial=0))
    out = []
    for item, stay in zip(items, stays, strict=True):
        parent = item.parent
        while parent >= 0 and not stays[parent]:
            parent = items[parent].parent
        if stay:
            out.append(replace(item, parent=place[parent] if parent >= 0 else -1))
    return out


# -- what the rules find ----------------------------------------------------------------------------------------------


def _by_rules(tokens: Tokens, items: list[Attributed], sayings: Sequence[Saying]) -> list[Attributed]:
    """With what only the rules find: rejected claims, plans that somebody makes, what is said three deep."""
    found = _Placed(tokens, items)
    for saying in sayings:
        if _rejects(tokens, saying) or _is_made(tokens, saying):
            head = saying.content[0][0] + 5 if _rejects(tokens, saying) else saying.cue[1]
            near = found.cued(saying.cue[0], head)
            if any(found.items[number].source for number in near):
                continue
            item = _attributed(tokens, saying)
            if near:
                was = found.items[near[0]]
                found.items[near[0]] = replace(item, probability=was.probability, act=was.act, parent=was.parent)
            else:
                found.add(replace(item, parent=found.around(saying.cue[0])))
        elif saying.parent >= 0 and saying.source and saying.frame != "noun" and not found.cued(*saying.cue):
            found.add_between(_attributed(tokens, saying), saying.cue[0])
    return found.items


class _Placed:
    """Attributions by where their cues and contents stand."""

    def __init__(self, tokens: Tokens, items: Sequence[Attributed]) -> None:
        self.tokens = tokens
        self.items: list[Attributed] = []
        self._cues: list[tuple[int, int, int]] = []
        self._contents: list[tuple[int, int, int]] = []
        for item in items:
            self.items.append(item)
            self._place(len(self.items) - 1)

    def _place(self, number: int) -> None:
        item = self.items[number]
        over = self.tokens.over(item.cue[0].start, item.cue[-1].end) if item.cue else None
        if over is not None:
            insort(self._cues, (*over, number))
        for start, end in item.content:
            insort(self._contents, (start, end, number))

    def add(self, item: Attributed) -> None:
        """One more attribution."""
        self.items.append(item)
        self._place(len(self.items) - 1)

    def cued(self, first: int, last: int) -> list[int]:
        """The attributions with a cue that touches a range of tokens."""
        end = bisect_right(self._cues, (last, 1 << 60, 0))
        return [number for _, stop, number in self._cues[max(0, end - NEAR) : end] if stop >= first]

    def around(self, place: int) -> int:
        """The attribution of the shortest content that holds a token, or -1."""
        at = self.tokens.starts[place]
        end = bisect_right(self._contents, (at, 1 << 60, 0))
        near = self._contents[max(0, end - NEAR) : end]
        return min(((stop - start, number) for start, stop, number in near if at < stop), default=(0, -1))[1]

    def add_between(self, item: Attributed, place: int) -> None:
        """Adds what is said three deep, or between two that the network found."""
        around = self.around(place)
        if around < 0:
            return
        spans = [over for span in item.content if (over := self.tokens.over(*span)) is not None]
        within = {number for first, last in spans for number in self.cued(first, last)}
        inner = [number for number in within if self.items[number].parent == around]
        if self.items[around].parent < 0 and not inner:
            return
        for number in inner:
            self.items[number] = replace(self.items[number], parent=len(self.items))
        self.add(replace(item, parent=around))


def _rejects(tokens: Tokens, saying: Saying) -> bool:
    """Whether somebody rejects what a noun says: "dismissed a suggestion"."""
    if saying.lemma not in REJECTING or saying.frame not in ("n", "c", "t") or saying.source is None:
        return False
    first = saying.content[0][0]
    return not CLAIMED.isdisjoint(tokens.words[first : first + 4])


def _is_made(tokens: Tokens, saying: Saying) -> bool:
    """Whether somebody makes a plan, a promise, a threat: "is developing plans to"."""
    if saying.frame != "noun" or saying.source is None or not saying.content:
        return False
    return tokens.kinds[saying.cue[0]] in "bvgm" or tokens.kinds[saying.content[0][0]] == "t"


def _attributed(tokens: Tokens, saying: Saying) -> Attributed:
    return Attributed(
        source=(tokens.span(*saying.source),) if saying.source else (),
        cue=(tokens.span(*saying.cue),),
        content=tuple(tokens.span(*piece) for piece in saying.content),
        probability=RULED,
        act=ACT.get(saying.lemma, "speech"),
        source_kind=source_kind(tokens, saying.source),
    )
