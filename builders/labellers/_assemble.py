"""From what was found in an article to its labels: forms, speakers, and the links between the three layers.

Conventions: parts are spans of the article's text; attributions are named by their place in the list that is given, and
``derive.numbered`` gives ids and surface texts afterwards. Whose words a doubt or a claim is, is the innermost attribution
around it. Both labellers come here last: the rules with what their patterns found, the learned one with what its network
did.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from allegedly.builders.labellers._forms import form
from allegedly.builders.labellers._lists import words
from allegedly.builders.labellers._speakers import with_speakers
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Attribution, Claim, Labels, Part, Span, Speculation

SCHEME = "allegedly-1"
#: A claim whose claimer is the attribution around it, whichever that is.
AROUND = -2
#: Words that let the reader imagine what the next word begins, and those that say near before that nobody can.
IMAGINING, SCENES, UNIMAGINED = words("imagining"), words("scenes"), words("unimagined")
#: Words with which a paragraph goes on with it, and those that do so behind "the".
STEPS, LATER = words("next-steps"), words("later-steps")
NEAR = 4
#: Scenes that are over with their sentence: "Imagine a town without a mill. The mill burned down in 2019."
_PICTURES = frozenset(["a", "an", "the", "this"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """An attribution: its parts, what it is by the guidelines, and the index of the one that it lies in, or -1."""

    source: Part
    cue: Part
    content: Part
    act: str
    negated: bool
    source_kind: str
    parent: int = -1
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A speculation."""

    cue: Part
    scope: Part
    kind: str
    certainty: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claim; ``claimer`` is the index of the attribution whose words it is, -1 for the author, or ``AROUND``."""

    extent: Part
    kind: str
    worth: str
    certainty: str
    polarity: str
    claimer: int = AROUND
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was found in an article."""

    attributions: Sequence[Attributed]
    doubts: Sequence[Doubted]
    claims: Sequence[Claimed]


def assemble(tokens: Tokens, found: Found, by: str, *, scopes_end_inside: bool = False) -> Labels:
    """The labels of an article, of the annotator ``by``: each attribution with its form, its speaker and the one that it lies
    in, each speculation with its holder, each claim with its claimer. ``scopes_end_inside``: a scope that runs out of
    what its holder says is cut where that ends."""
    around = _Around(found.attributions)
    imagined = _imagined(tokens)
    holders = [_holder(around, item) for item in found.doubts]
    scopes = [
        _inside(tokens, item, found.attributions[holder].content) if scopes_end_inside and holder >= 0 else item.scope
        for item, holder in zip(found.doubts, holders, strict=True)
    ]
    return Labels(
        claims=tuple(_claim(_in_mind(tokens, item, imagined), around, by) for item in found.claims),
        speculations=tuple(
            _speculation(item, scope, holder, by)
            for item, scope, holder in zip(found.doubts, scopes, holders, strict=True)
        ),
        attributions=with_speakers(
            tokens, [_attribution(tokens, number, item, by) for number, item in enumerate(found.attributions)]
        ),
    )


def part(tokens: Tokens, ranges: Sequence[tuple[int, int]]) -> Part:
    """Ranges of tokens, both ends included, as spans, cut where a paragraph ends between them."""
    spans: list[Span] = []
    for first, last in sorted(ranges):
        mark = tokens.kinds.find("Z", first, last + 1)
        while mark >= 0:
            if mark in tokens.paragraph_ends:
                if mark > first:
                    spans.append(tokens.span(first, mark - 1))
                first = mark + 1
            mark = tokens.kinds.find("Z", mark + 1, last + 1)
        if first <= last:
            spans.append(tokens.span(first, last))
    return tuple(spans)


# -- scenarios --------------------------------------------------------------------------------------------------------


def _imagined(tokens: Tokens) -> list[tuple[int, int]]:
    """What is told as a scenario, in ranges of tokens: from the word on that lets the reader imagine how something goes, to
    the end of the paragraph ("It is easy to imagine how it goes on. First, the mill is sold."), and of the next ones that go
    on with it ("The last step: ..."); where that is a thing, to the end of the sentence."""
    out: list[tuple[int, int]] = []
    for token, word in enumerate(tokens.words):
        if word not in IMAGINING or tokens.words[token + 1] not in SCENES or tokens.quotation(token) is not None:
            continue
        number = tokens.sentence(token)
        first, mark = tokens.sentences[number]
        if not UNIMAGINED.isdisjoint(tokens.words[max(first, token - NEAR) : token]):
            continue
        end, pictured = mark, tokens.words[token + 1] in _PICTURES
        while not pictured and number + 1 < len(tokens.sentences):
            if end in tokens.paragraph_ends and not _goes_on(tokens, tokens.sentences[number + 1][0]):
                break
            number += 1
            end = tokens.sentences[number][1]
        if not out or out[-1][1] < end:
            out.append((token, end))
    return out


def _goes_on(tokens: Tokens, first: int) -> bool:
    """Whether a paragraph that begins at a token tells what comes next: "Then ...", "The last step ..."."""
    word = tokens.words[first]
    return word in STEPS or (word == "the" and tokens.words[first + 1] in LATER)


def _in_mind(tokens: Tokens, item: Claimed, imagined: Sequence[tuple[int, int]]) -> Claimed:
    """A claim that is no more than possible where it is part of a scenario."""
    over = tokens.over(*item.extent[0]) if imagined and item.certainty == "certain" else None
    at = bisect_right(imagined, (over[0], 1 << 60)) - 1 if over else -1
    return replace(item, certainty="possible") if at >= 0 and over and over[0] < imagined[at][1] else item


# -- links ------------------------------------------------------------------------------------------------------------


class _Around:
    """Which attribution a place lies in: the one of the shortest content that holds it, and the one whose cue does."""

    def __init__(self, attributions: Sequence[Attributed]) -> None:
        self._cues = sorted((start, end, number) for number, item in enumerate(attributions) for start, end in item.cue)
        #: Where the innermost attribution changes, and which one it is from there on.
        self._places: list[int] = []
        self._innermost: list[int] = []
        self._sweep(attributions)

    def _sweep(self, attributions: Sequence[Attributed]) -> None:
        sizes = [sum(end - start for start, end in item.content) for item in attributions]
        turns = sorted(
            (place, opens, sizes[number], number)
            for number, item in enumerate(attributions)
            for start, end in item.content
            for place, opens in ((start, True), (end, False))
        )
        held: set[tuple[int, int]] = set()
        ranked: list[tuple[int, int]] = []
        for place, opens, size, number in turns:
            if opens:
                held.add((size, number))
                heappush(ranked, (size, number))
            else:
                held.discard((size, number))
            while ranked and ranked[0] not in held:
                heappop(ranked)
            best = ranked[0][1] if ranked else -1
            if self._places and self._places[-1] == place:
                self._innermost[-1] = best
            else:
                self._places.append(place)
                self._innermost.append(best)

    def content(self, place: int) -> int:
        """The innermost attribution whose content holds a place, or -1."""
        at = bisect_right(self._places, place) - 1
        return self._innermost[at] if at >= 0 else -1

    def cue(self, place: int) -> int:
        """The attribution whose cue holds a place, or -1."""
        at = bisect_right(self._cues, (place, 1 << 60, 0)) - 1
        return self._cues[at][2] if at >= 0 and place < self._cues[at][1] else -1


def _holder(around: _Around, item: Doubted) -> int:
    """Whose doubt it is: of a cue that says what somebody thinks the attribution that it is the cue of."""
    place = item.cue[0].start
    cued = around.cue(place) if item.kind == "doxastic" else -1
    return cued if cued >= 0 else around.content(place)


def _claimer(around: _Around, item: Claimed) -> int:
    if item.claimer != AROUND:
        return item.claimer
    longest = max(item.extent, key=lambda piece: piece.end - piece.start)
    return around.content((longest.start + longest.end) // 2)


def _name(number: int) -> str | None:
    return None if number < 0 else f"a{number}"


def _inside(tokens: Tokens, item: Doubted, content: Part) -> Part:
    """The scope of a doubt kept inside what its holder says: "(may fall), said Lind"; itself where it is so."""
    place = item.cue[0].start
    if not any(start <= place < end for start, end in content):
        return item.scope
    kept = [
        Span(max(left, begin), min(right, end))
        for left, right in item.scope
        for begin, end in content
        if max(left, begin) < min(right, end)
    ]
    over = tokens.over(*kept[-1]) if kept and tuple(kept) != item.scope else None
    if over is None:
        return item.scope
    last = over[1]
    while tokens.starts[last] > place and tokens.kinds[last] in '.,;:?!-"':
        last -= 1
    if tokens.ends[last] <= kept[-1].start:
        return tuple(kept[:-1]) or item.scope  # nothing but a mark
    return (*kept[:-1], Span(kept[-1].start, tokens.ends[last]))


# -- labels -----------------------------------------------------------------------------------------------------------


def _attribution(tokens: Tokens, number: int, item: Attributed, by: str) -> Attribution:
    return Attribution(
        id=f"a{number}",
        source=item.source,
        cue=item.cue,
        content=item.content,
        form=_form(tokens, item),
        act=item.act,
        negated=item.negated,
        source_kind=item.source_kind,
        parent=_name(item.parent),
        confidence=item.confidence,
        by=by,
        scheme=SCHEME,
    )


def _form(tokens: Tokens, item: Attributed) -> str:
    """The form, by the marks in the text."""
    content = [over for span in item.content if (over := tokens.over(*span)) is not None]
    cue = tokens.over(*item.cue[0]) if item.cue else None
    return form(tokens, content, cue[0] if cue else None) if content else "indirect"


def _speculation(item: Doubted, scope: Part, holder: int, by: str) -> Speculation:
    return Speculation(
        cue=item.cue,
        scope=scope,
        kind=item.kind,
        certainty=item.certainty,
        holder=_name(holder),
        confidence=item.confidence,
        by=by,
        scheme=SCHEME,
    )


def _claim(item: Claimed, around: _Around, by: str) -> Claim:
    return Claim(
        extent=item.extent,
        kind=item.kind,
        worth=item.worth,
        certainty=item.certainty,
        polarity=item.polarity,
        claimer=_name(_claimer(around, item)),
        confidence=item.confidence,
        by=by,
        scheme=SCHEME,
    )
