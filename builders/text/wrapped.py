"""Lines that a text was filled to, put together to the paragraphs that they are of.

Conventions: lines are ``(start, end)`` in the text, without white space around them. A text is filled where most lines
leave no room for the next line's first word and sentences run on from line to line; verses, lists and headlines do not.
A paragraph ends with a line that leaves room and closes a sentence, before an indented line, and before a list's mark.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

Line: TypeAlias = tuple[int, int]
#: The columns that people and programs fill to.
NARROWEST, WIDEST = 30, 120
#: So many lines, and such a part of them, must be full; so many must run on in the next.
FEWEST, FULL, RUN_ON = 3, 0.6, 0.25
#: A line that is filled to less leaves room.
ROOM = 0.85
_ENDS = re.compile(r"[.!?:…]['\"”’»«“)\]*_]*$")
_MARK = re.compile(r"(?:[-*+•·‣▪◦●–—>]|\(?\d{1,3}[.)]|#{1,6}|\|)\s*\S")


def width(text: str, lines: Sequence[Line]) -> int | None:
    """The column that lines are filled to; None where they are not."""
    longest = max((end - start for start, end in lines), default=0)
    if not NARROWEST <= longest <= WIDEST:
        return None
    pairs = list(pairwise(lines))
    full = sum(_full(text, line, following, longest) for line, following in pairs)
    run_on = sum(text[following[0]].islower() and not _ends(text, line) for line, following in pairs)
    filled = len(pairs) >= FEWEST and full >= FULL * len(pairs) and run_on >= RUN_ON * len(pairs)
    return longest if filled else None


def joined(text: str, lines: Sequence[Line], column: int) -> list[Line]:
    """The paragraphs that filled lines are of."""
    indents = [_indent(text, line) for line in lines]
    # the first line may stand behind a tag or a quotation mark, and the others be indented all alike
    indents[0] = max(indents[0], min(indents[1:], default=0))
    paragraphs: list[Line] = []
    for number, line in enumerate(lines):
        before = lines[number - 1]
        indented = indents[number] > indents[number - 1]
        if number and not _parted(text, before, line, column, indented=indented, first=number == 1):
            paragraphs[-1] = (paragraphs[-1][0], line[1])
        else:
            paragraphs.append(line)
    return paragraphs


def _parted(text: str, line: Line, following: Line, column: int, *, indented: bool, first: bool) -> bool:
    if _MARK.match(text, *following):
        return True
    if text[following[0]].islower():
        return False
    # a headline leaves room and has no full stop
    return indented or (not _full(text, line, following, column) and (first or _ends(text, line)))


def _full(text: str, line: Line, following: Line, column: int) -> bool:
    """Whether the next line's first word would not have had room."""
    word = text[following[0] : following[1]].split(None, 1)[0]
    return line[1] - line[0] + 1 + len(word) > ROOM * column


def _ends(text: str, line: Line) -> bool:
    return _ENDS.search(text[max(line[0], line[1] - 8) : line[1]]) is not None


def _indent(text: str, line: Line) -> int:
    return line[0] - (text.rfind("\n", 0, line[0]) + 1)
