"""Quotations in headlines: they quote somebody whom only the story names.

Conventions: indices count tokens, ranges hold both ends.
"""

from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._assemble import Attributed, part
from allegedly.builders.labellers._tokens import Tokens

#: A line of more tokens, the marks among them, is no headline.
LONGEST = 16


def with_headlines(
    tokens: Tokens, attributions: Sequence[Attributed], confidence: float | None = None
) -> list[Attributed]:
    """The attributions of an article, and behind them what headlines quote and none of them touches, with nobody for a
    source. ``confidence`` is what such a one gets."""
    held = sorted(span for item in attributions for span in (*item.source, *item.cue, *item.content))
    out = list(attributions)
    at, reach = 0, -1
    for quote in _quoted(tokens):
        while at < len(held) and held[at].start < tokens.ends[quote[1]]:
            reach = max(reach, held[at].end)
            at += 1
        if reach <= tokens.starts[quote[0]]:
            content = part(tokens, [quote])
            out.append(
                Attributed(
                    source=(),
                    cue=(),
                    content=content,
                    act="speech",
                    negated=False,
                    source_kind="none",
                    confidence=confidence,
                )
            )
    return out


def _quoted(tokens: Tokens) -> Iterator[tuple[int, int]]:
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
