"""The lines of a text file put together to paragraphs, headings, lists and quotations.

Conventions: a paragraph is what blank lines separate. In a text without blank lines a line is a paragraph, unless the
lines are filled up to a common width: then a paragraph ends with a line that leaves room, or before an indented one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from allegedly.builders.readers import _markup
from allegedly.schemas.records import Span

#: The widest column that people fill by hand or by program.
WIDEST = 120
_LINE = re.compile(r"[^\r\n]+")
_ENDS = re.compile(r"[.!?:…]['\"”’»)*_]*$")
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class Unit:
    """A paragraph or what stands like one. ``form``: text, heading, list, quote or rule."""

    start: int
    end: int
    form: str = "text"
    marks: list[Span] = field(default_factory=list)
    lines: list[Span] = field(default_factory=list)


def units(text: str, begin: int, is_note: Callable[[str], bool], markdown: bool) -> Iterator[Unit]:
    """The units of a text from an offset on. ``is_note`` tells lines that stand alone wherever they are: a byline, a
    copyright notice."""
    chunks = list(_chunks(text, begin))
    width = _width(text, chunks)
    alone = len(chunks) <= 2 and not markdown
    first = True
    for chunk in chunks:
        for unit in _segments(text, chunk):
            if unit.form == "text" and len(unit.lines) > 1:
                for lines in _paragraphs(text, unit.lines, width, is_note, first, alone, markdown):
                    yield Unit(lines[0].start, lines[-1].end, "text", unit.marks, lines)
                    first = False
            else:
                yield unit
                first = first and unit.form == "rule"


def _chunks(text: str, begin: int) -> Iterator[list[Span]]:
    """Lines without a blank one between, each without the white space around it."""
    chunk: list[Span] = []
    before = begin
    for match in _LINE.finditer(text, begin):
        line = match[0]
        stripped = line.strip()
        gap = text[before : match.start()]
        before = match.end()
        if chunk and (not stripped or (len(gap) > 1 and len(_BREAK.findall(gap)) > 1)):
            yield chunk
            chunk = []
        if stripped:
            start = match.start() + len(line) - len(line.lstrip())
            chunk.append(Span(start, start + len(stripped)))
    if chunk:
        yield chunk


def _width(text: str, chunks: Sequence[Sequence[Span]]) -> int | None:
    """The column to which the lines of a text are filled; None where they are not."""
    lines = [line for chunk in chunks for line in chunk]
    longest = max((line.end - line.start for line in lines), default=0)
    if not 30 <= longest <= WIDEST:
        return None
    pairs = [(line, following) for chunk in chunks for line, following in pairwise(chunk)]
    full = sum(_full(text, line, following, longest) for line, following in pairs)
    return longest if len(pairs) >= 3 and full >= 0.6 * len(pairs) else None


def _full(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the next line's first word would not have had room."""
    word = text[following.start : following.end].split(None, 1)[0]
    return line.end - line.start + 1 + len(word) > 0.85 * width


def _segments(text: str, chunk: list[Span]) -> Iterator[Unit]:
    """Headings, rules, lists and quotations told from the text between them."""
    unit: Unit | None = None
    for number, line in enumerate(chunk):
        words = text[line.start : line.end]
        form, mark = _form(text, chunk, number, unit)
        if (
            form == "rule"
            and unit
            and unit.form == "text"
            and len(unit.lines) == 1
            and _markup.UNDERLINE.fullmatch(words)
        ):
            unit.form, unit.end = "heading", line.end
            unit.marks.append(line)
            yield unit
            unit = None
            continue
        if form in ("rule", "heading"):
            if unit:
                yield unit
                unit = None
            marks = [line] if mark is None else [mark, *_closing(words, line.start)]
            yield Unit(line.start, line.end, form, marks, [line])
            continue
        if unit and form != unit.form:
            yield unit
            unit = None
        unit = unit or Unit(line.start, line.end, form)
        unit.end = line.end
        unit.lines.append(line)
        if mark:
            unit.marks.append(mark)
    if unit:
        yield unit


def _form(text: str, chunk: list[Span], number: int, unit: Unit | None) -> tuple[str, Span | None]:
    """What a line is, and the mark that makes it so."""
    line = chunk[number]
    words = text[line.start : line.end]
    if _markup.RULE.fullmatch(words):
        return "rule", None
    if prefix := _markup.prefix(words):
        kind, start, end = prefix
        mark = Span(line.start + start, line.start + end)
        if kind in ("quote", "heading"):
            if kind == "heading":  # the space after the mark is no mark
                mark = Span(mark.start, mark.start + len(text[mark.start : mark.end].rstrip()))
            return kind, mark
        listed = unit is not None and unit.form == "list"
        mark = Span(mark.start, mark.start + len(text[mark.start : mark.end].rstrip()))
        if kind == "bullet" or listed or words.lstrip("(")[:2] in ("1.", "1)") or _numbered(text, chunk, number + 1):
            return "list", mark
    # a line without a mark goes on with what it follows
    return (unit.form, None) if unit and unit.form in ("list", "quote") else ("text", None)


def _numbered(text: str, chunk: list[Span], number: int) -> bool:
    if number >= len(chunk):
        return False
    prefix = _markup.prefix(text[chunk[number].start : chunk[number].end])
    return prefix is not None and prefix[0] == "number"


def _closing(words: str, start: int) -> list[Span]:
    mark = _markup.closing(words)
    return [Span(start + mark[0], start + mark[1])] if mark else []


def _paragraphs(
    text: str,
    lines: list[Span],
    width: int | None,
    is_note: Callable[[str], bool],
    first: bool,
    alone: bool,
    markdown: bool,
) -> Iterator[list[Span]]:
    """The lines of one chunk of plain text, put together to paragraphs."""
    notes = [is_note(text[line.start : line.end]) for line in lines]
    begin = 0
    if first and not notes[0] and _stands_alone(text, lines, notes, width, markdown):
        yield [lines[0]]
        begin = 1
    while begin < len(lines) and notes[begin]:
        yield [lines[begin]]
        begin += 1
    stop = len(lines)
    while stop > begin and notes[stop - 1]:
        stop -= 1
    if begin < stop:
        yield from _joined(text, lines[begin:stop], width, alone, markdown)
    yield from ([line] for line in lines[stop:])


def _stands_alone(text: str, lines: list[Span], notes: list[bool], width: int | None, markdown: bool) -> bool:
    """Whether the first line of a text is a title on its own."""
    title, following = (text[line.start : line.end] for line in lines[:2])
    if notes[1]:
        return True
    if len(title) > 200 or title.endswith((",", ";")) or title.count(". ") > 1:
        return False
    if title.endswith("."):  # a sentence is a title where it is much shorter than the unbroken paragraph below it
        return width is None and len(title) < WIDEST < len(following) and len(following) > 1.5 * len(title)
    if following[:1].islower() or _GOES_ON.search(title):
        return False
    if width is not None:
        return not _full(text, lines[0], lines[1], width)
    return not markdown or len(following) > WIDEST


_GOES_ON = re.compile(r"\b(?:an?|and|as|at|by|for|from|in|into|of|on|or|over|than|that|the|to|under|with)$", re.I)


def _joined(text: str, lines: list[Span], width: int | None, alone: bool, markdown: bool) -> Iterator[list[Span]]:
    if len(lines) == 1 or markdown:
        yield lines
    elif width is None:
        long = all(line.end - line.start > WIDEST for line in lines[:-1])
        if alone or long:
            yield from ([line] for line in lines)
        else:
            yield lines
    elif alone:
        paragraph = [lines[0]]
        for line, following in pairwise(lines):
            if _parted(text, line, following, width):
                yield paragraph
                paragraph = []
            paragraph.append(following)
        yield paragraph
    else:
        yield lines


def _parted(text: str, line: Span, following: Span, width: int) -> bool:
    if _indent(text, following) > _indent(text, line):
        return True
    starts = not text[following.start].islower()
    return starts and not _full(text, line, following, width) and bool(_ENDS.search(text[line.start : line.end]))


def _indent(text: str, line: Span) -> int:
    before = max(text.rfind("\n", 0, line.start), text.rfind("\r", 0, line.start)) + 1
    return line.start - before
