"""What the network marks, made to keep the guidelines' bounds: whole quotations, cues and sources without marks at their ends,
no sentence without quotation marks behind the first of a content.

Conventions: PolNeAR, from which the network learned, draws these bounds elsewhere; here they follow ``docs/guidelines.md``.
"""

from bisect import bisect_right
from dataclasses import replace

from allegedly.builders.labellers._cues import NOUNS, VERBS
from allegedly.builders.labellers._learned_model import Attributed
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.records import Part, Span

#: The share of a quotation that must be marked for the whole of it to be the content.
SHARE = 0.3
#: Without a source an attribution must be as probable as this.
SURE = 0.6
_ENDS = ",:;"
#: Cues that are no verbs or nouns.
_PREPOSITIONS = frozenset(["according", "under", "view", "opinion", "words", "eyes"])


def tidied(tokens: Tokens, item: Attributed) -> Attributed:
    """The attribution within these bounds; itself where it keeps them."""
    cue = _without_end_marks(tokens, item.cue)
    content = _merged([_within(tokens, _whole(tokens, span, item)) for span in item.content])
    return replace(item, source=_without_end_marks(tokens, item.source), cue=cue or item.cue, content=content)


def is_one(tokens: Tokens, item: Attributed) -> bool:
    """Whether the guidelines know such an attribution. PolNeAR counts much as one that they do not ("filed a complaint
    against"): of those without quotation marks whose cue holds no word of ``cues.txt``, one in five is right on train of
    ``dataset/news``, of the others four in five."""
    if not item.cue or any(True for span in item.content for _ in tokens.quotes_in(*(tokens.over(*span) or (0, -1)))):
        return True
    over = tokens.over(item.cue[0].start, item.cue[-1].end)
    words = tokens.words[over[0] : over[1] + 1] if over else []
    if not any(word in VERBS or word in NOUNS or word in _PREPOSITIONS for word in words):
        return False
    return bool(item.source) or item.probability >= SURE


def _without_end_marks(tokens: Tokens, part: Part) -> Part:
    """A part without a comma or colon behind its last word."""
    if not part:
        return part
    start, end = part[-1]
    kept = tokens.text[start:end].rstrip().rstrip(_ENDS).rstrip()
    return (*part[:-1], Span(start, start + len(kept))) if kept else part[:-1]


def _whole(tokens: Tokens, span: Span, item: Attributed) -> Span:
    """A piece of a content with the whole of the quotations that it holds enough of; a quotation that holds the cue or the
    source is somebody else's, and gives no more than its words."""
    over = tokens.over(*span)
    if over is None:
        return span
    start, end = span
    for first, last in tokens.quotes_in(*over):
        left, right = tokens.starts[first], tokens.ends[last]
        foreign = any(left < part.start < right for part in (*item.cue, *item.source))
        if not foreign and min(end, right) - max(start, left) >= SHARE * (right - left):
            start, end = min(start, left), max(end, right)
    return Span(start, end)


def _within(tokens: Tokens, span: Span) -> Span:
    """A piece of a content up to the end of its sentence, unless quotation marks go on behind it."""
    over = tokens.over(*span)
    if over is None:
        return span
    number = bisect_right(tokens.sentences, (over[0], len(tokens.words))) - 1
    end = tokens.sentences[number][1]
    while end < over[1]:
        inside = tokens.quotation(end) or next(iter(tokens.quotes_in(end + 1, end + 1)), None)
        if inside is None:
            return Span(span.start, tokens.ends[end - 1] - (tokens.kinds[end - 1] == "."))
        number += 1
        end = tokens.sentences[number][1]
    return span


def _merged(spans: list[Span]) -> Part:
    """Spans in order, those that touch as one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)
