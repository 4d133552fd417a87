"""What headlines quote and whom they name for it, and quotations that nobody is named for.

Conventions: indices count tokens, ranges hold both ends.
"""

from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._assemble import Attributed, part
from allegedly.builders.labellers._continued import alone
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._sources import DOCUMENTS, source_kind
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: A line of more tokens, the marks among them, is no headline; one that begins or ends with a speaker may be longer.
LONGEST, LONGEST_TITLE = 16, 26
#: So many tokens name a speaker.
NAMING = 6
#: What stands before a colon and is nobody.
_LABELS = listed("labels")
_NAMING, _STATING = "Nn.", "bmvgp\"'"


def with_headlines(
    tokens: Tokens, attributions: Sequence[Attributed], confidence: float | None = None
) -> list[Attributed]:
    """The attributions of an article, and behind them what headlines say in somebody's name, and what headlines and sentences
    of their own quote and none of them touches, with nobody for a source. ``confidence`` is what such a one gets."""
    held = sorted(span for item in attributions for span in (*item.source, *item.cue, *item.content))
    out = list(attributions)
    named = _named(tokens)
    if named is not None and not any(span.start < tokens.ends[named[0][1]] for item in out for span in item.source):
        out.append(_attributed(tokens, named[0], named[1], confidence))
        held = sorted([*held, *out[-1].content])
    at, reach = 0, -1
    for quote in sorted({*_quoted(tokens), *_closed(tokens)}):
        while at < len(held) and held[at].start < tokens.ends[quote[1]]:
            reach = max(reach, held[at].end)
            at += 1
        if reach <= tokens.starts[quote[0]]:
            out.append(_attributed(tokens, None, quote, confidence))
    return out


def _attributed(tokens: Tokens, source: Range | None, content: Range, confidence: float | None) -> Attributed:
    return Attributed(
        source=part(tokens, [source] if source else []),
        cue=(),
        content=part(tokens, [content]),
        act="speech",
        negated=False,
        source_kind=source_kind(tokens, source),
        confidence=confidence,
    )


def _named(tokens: Tokens) -> tuple[Range, Range] | None:
    """Who is named at the head of a title or at its end, and what it says: "Holt: Ferry was late", "Ferry was late - Holt"."""
    if not tokens.sentences or tokens.sentences[0][1] not in tokens.paragraph_ends:
        return None
    first, last = tokens.sentences[0]
    if last - first > LONGEST_TITLE:
        return None
    end = last - 1 - (tokens.kinds[last - 1] == ".")
    kinds, words = tokens.kinds, tokens.words
    mark = kinds.find(":", first, first + NAMING + 1)
    if mark > first and kinds[first] == "N" and kinds[first:mark].strip(_NAMING) == "" and mark + 2 < end:
        says = any(kind in _STATING for kind in kinds[mark + 1 : last]) or words[mark - 1] in DOCUMENTS
        return None if {words[first], words[mark - 1]} & _LABELS or not says else ((first, mark - 1), (mark + 1, end))
    mark = kinds.rfind("-", first, end)
    spaced = (
        mark > first + 2 and tokens.starts[mark] > tokens.ends[mark - 1] and tokens.starts[mark + 1] > tokens.ends[mark]
    )
    if spaced and end - mark <= 2 and set(kinds[mark + 1 : end + 1]) == {"N"}:
        said = any(kind in _STATING for kind in kinds[first:mark])
        return ((mark + 1, end), (first, mark - 1)) if said else None
    return None


def _closed(tokens: Tokens) -> Iterator[Range]:
    """Quotations that fill sentences of their own and are closed there."""
    return (quote for quote in alone(tokens) if tokens.kinds[quote[1]] in "\"'" and tokens.kinds[quote[1] - 1] != ",")


def _quoted(tokens: Tokens) -> Iterator[Range]:
    """Quotations inside lines that are set like a headline: short, alone in their paragraph, and without a mark at their end:
    "Ferry rules 'a danger to swimmers'". A line that is one quotation from end to end is none of them."""
    kinds, ends = tokens.kinds, tokens.paragraph_ends
    opens = True
    for first, last in tokens.sentences:
        short = last - first <= LONGEST and kinds[last - 1] not in ".?!:"
        if opens and last in ends and short:
            for quote in tokens.quotes_in(first, last - 1):
                if quote[1] < last and quote != (first, last - 1) and kinds[quote[1] - 1] not in ".,!?":
                    yield quote
        opens = last in ends
