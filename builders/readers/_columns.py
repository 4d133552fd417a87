"""The columns of a PDF page that was drawn row by row, one after another.

Conventions: a line knows its parts, each where it begins (points from the left). A gutter is an ``x`` at which many
parts begin and which hardly any part before it reaches, as far as the number of its letters tells; the parts of a table
are too short for a column. Pages that were drawn column by column are left as they are.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

#: So many parts make a column, and so many letters its usual part. Fewer do where they run on from row to row.
FEW, LEAST = 4, 2
SHORT = 16
#: A letter is at least this wide, in sizes of its type.
NARROW = 0.42
#: A line that stands farther from all others, in sizes of its type, is none of a column.
ALONE = 2.5
#: So many places where parts begin are tried.
PLACES = 6


@dataclass(slots=True)
class Line:
    """A line of a page: where it stands, how large its type is, what it says; its parts as ``(x, words)``."""

    words: str
    y: float
    size: float
    page: int
    parts: list[tuple[float, str]] = field(default_factory=list)


def ordered(lines: list[Line]) -> list[Line]:
    """The lines of one page as they are read, those of two columns told apart."""
    alone = _alone(lines)
    for gutter in _gutters(lines):
        parted = list(_split(lines, gutter, alone))
        if _interleaved(parted) and _are_columns(parted, gutter):
            return list(_regions(parted, gutter))
    return lines


def _gutters(lines: list[Line]) -> list[float]:
    """Places where parts begin, the most usual first; the left margin is none."""
    starts = Counter(2 * round(x / 2) for line in lines for x, _ in line.parts)
    left = min(starts, default=0)
    usual = [x for x, count in starts.most_common(PLACES) if count >= LEAST and x > left + 40]
    return [float(x) - 2 for x in usual]


def _alone(lines: list[Line]) -> list[Line]:
    """The first and the last line where they stand far from all others: the head and the foot of a page."""
    edges = (max, min) if len(lines) > 1 else ()
    found = [edge(lines, key=lambda line: line.y) for edge in edges]
    return [
        line for line in found if min(abs(other.y - line.y) for other in lines if other is not line) > ALONE * line.size
    ]


def _split(lines: list[Line], gutter: float, alone: list[Line]) -> Iterator[tuple[int, Line]]:
    """Lines and parts of lines, each with its side: 0 before the gutter, 1 behind it, 2 across it, as those do that stand
    alone."""
    for line in lines:
        sides = [[part for part in line.parts if (part[0] >= gutter) == side] for side in (False, True)]
        if _reach(line.size, sides[0]) > gutter + 2 or any(line is other for other in alone):
            yield 2, line
            continue
        for side, parts in enumerate(sides):
            words = "".join(words for _, words in parts)
            if words.strip():
                yield side, replace(line, words=words, parts=parts)


def _reach(size: float, parts: list[tuple[float, str]]) -> float:
    """Where the parts of a line end at the earliest."""
    return max((x + NARROW * size * len(words.strip()) for x, words in parts), default=0.0)


def _interleaved(parted: list[tuple[int, Line]]) -> bool:
    """Whether the page goes to and fro between its sides, rather than from one to the other."""
    turns = sum({before, after} == {0, 1} for (before, _), (after, _) in pairwise(parted))
    return turns >= min(FEW, 2 * sum(side == 1 for side, _ in parted) - 1) > 1


def _are_columns(parted: list[tuple[int, Line]], gutter: float) -> bool:
    behind = [line for side, line in parted if side == 1]
    before = [line for side, line in parted if side == 0]
    if min(len(before), len(behind)) < FEW and not (_run_on(before) and _run_on(behind)):
        return False
    top, bottom = max(line.y for line in behind), min(line.y for line in behind)
    across = sum(side == 2 and bottom <= line.y <= top for side, line in parted)
    begins = sum(line.parts[0][0] < gutter + 6 for line in behind)
    return (
        across <= 0.15 * len(behind)
        and begins >= 0.6 * len(behind)
        and all(median(len(line.words) for line in side) >= SHORT for side in (before, behind))
    )


def _run_on(side: list[Line]) -> bool:
    """Whether lines are those of running text, each drawn in one: the cells of a table, and words that were placed one by
    one, are not."""
    goes_on = sum(after.words.lstrip()[:1].islower() for after in side[1:])
    return len(side) >= LEAST and goes_on >= len(side) / 3 and all(len(line.parts) == 1 for line in side)


def _regions(parted: list[tuple[int, Line]], gutter: float) -> Iterator[Line]:
    """What lies between two lines across the page: first its left, then its right side."""
    region: tuple[list[Line], list[Line]] = ([], [])
    for side, line in [*parted, (2, None)]:
        if side == 2:
            for column in region:
                yield from ordered(column)
                column.clear()
            if line is not None:
                yield line
        elif line is not None:
            region[side].append(line)
