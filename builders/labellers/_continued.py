"""Quotations that stand alone: whose words they are goes by what stands before them.

Conventions: indices count tokens, ranges hold both ends. A quotation that is still open where its paragraph ends goes on
in the next one; one that fills its sentences and has no cue belongs to whoever spoke in the sentence before it.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._sayings import Saying
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: A quotation of fewer tokens, its marks among them, is a word or a title.
SHORTEST = 5


def runs(tokens: Tokens) -> Iterator[list[Range]]:
    """Quotations, each with those of the next paragraphs that go on with it."""
    run: list[Range] = []
    for quote in tokens.quotes:
        if run and run[-1][1] + 2 == quote[0] and tokens.kinds[run[-1][1]] not in "\"'":
            run.append(quote)
            continue
        if run:
            yield run
        run = [quote]
    if run:
        yield run


def alone(tokens: Tokens) -> list[Range]:
    """Quotations that fill sentences of their own, from the first mark to the last, runs of them as one."""
    firsts = {first for first, _ in tokens.sentences}
    out = []
    for run in runs(tokens):
        first, last = run[0][0], run[-1][1]
        ends = tokens.kinds[last + 1 : last + 2] == "Z" or (
            tokens.kinds[last + 1 : last + 3] == ".Z" and tokens.kinds[last] == '"'
        )
        if first in firsts and ends and last - first >= SHORTEST - 1:
            out.append((first, last))
    return out


def before(tokens: Tokens, place: int, spoken: Sequence[tuple[Range, int]]) -> int | None:
    """Which of some ranges in order (cues, or words of a speaker, each with a number) is the last in the sentence before the
    one that begins at a token; None where none is there."""
    number = tokens.sentence(place) - 1
    if number < 0:
        return None
    first, last = tokens.sentences[number]
    at = bisect_right(spoken, ((last, 0), 0)) - 1
    return at if at >= 0 and spoken[at][0][1] >= first else None


def holds(ranges: Sequence[Range], place: int) -> bool:
    """Whether one of some ranges in order holds a token."""
    at = bisect_left(ranges, (place + 1,)) - 1
    return at >= 0 and ranges[at][1] >= place


def with_quotations(tokens: Tokens, sayings: list[Saying]) -> None:
    """Gives quotations that go on over paragraphs to whose they are, and those that stand alone to whoever spoke in the
    sentence before."""
    ends = {item.content[-1][1]: item for item in sayings if item.content}
    for run in runs(tokens):
        item = ends.get(run[0][1])
        if item is not None and len(run) > 1:
            item.content.append((run[1][0], run[-1][1]))
    held = sorted(piece for item in sayings for piece in item.content)
    outer = [item for item in sayings if item.parent < 0]
    spoken = sorted((place, number) for number, item in enumerate(outer) for place in (item.cue, *item.content))
    for first, last in alone(tokens):
        if holds(held, first):
            continue
        at = before(tokens, first, spoken)
        if at is not None:
            number = spoken[at][1]
            outer[number].content.append((first, last))
            insort(spoken, ((first, last), number))
