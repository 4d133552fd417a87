"""Dialogue dashes: speech in lines that begin with a dash, as Spanish, French, Portuguese, Russian and others set it.

Conventions: the content is what is said, without the dash, and with its own full stop. Words of saying that interrupt
it stand between dashes ("—No pagaremos —dijo Holt—. Nunca.") or commas ("— Non, dit-il."). A line is speech where
such words stand in it, where a line beside it is speech, or where a colon of words of saying leads to it; other lines
that begin with a dash are lists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from allegedly.builders.labellers._quote_frames import Frame, Sayings
from allegedly.builders.labellers._quote_marks import WORD
from allegedly.schemas.records import SENTENCE_BLOCKS, Article, Span

_LINE = re.compile(r"[—–―]\s*(?=[^\s—–―])")
_DASH = re.compile(r"[—–―]")
_PAUSE = re.compile(r"[,?!…](?=\s)|(?<=\s)[-–—](?=\s)")
_CLAUSE = re.compile(r"[,.;:?!…]|(?<=\s)[-–—](?=\s)")
#: Words of saying in languages whose verbs nobody listed: small letters behind a dash that a pause stands before.
_SMALL = re.compile(r"[—–―]\s*(?=[^\W\d_])(?P<first>\w)")
_PAUSES = frozenset(',.!?…»”"')
#: So many places of one line are looked at.
_MOST = 16


@dataclass(slots=True)
class Line:
    """A line that begins with a dash: where its words are, the pieces that are speech, who says them."""

    start: int
    end: int
    block: tuple[int, int]
    pieces: list[Span] = field(default_factory=list)
    frame: Frame | None = None
    led: bool = False


def spoken(article: Article, text: str, sayings: Sayings | None) -> list[Line]:
    """The lines that are speech, in order; ``text``: the article's with markup as white space."""
    lines = list(_lines(article, text))
    for line in lines:
        _interrupted(text, line, sayings)
    return [line for run in _runs(text, lines) for line in _speech(text, run, sayings)]


def _lines(article: Article, text: str) -> Iterator[Line]:
    """Every line that begins with a dash, up to the next one or the end of its block."""
    for block in article.blocks:
        if block.kind not in SENTENCE_BLOCKS:
            continue
        end = block.start + len(text[block.start : block.end].rstrip())
        begins = [match for match in _LINE.finditer(text, block.start, end) if _opens(text, block.start, match)]
        ends = [*(match.start() for match in begins[1:]), end] if begins else []
        for match, stop in zip(begins, ends, strict=True):
            if WORD.search(text, match.end(), stop):
                yield Line(match.end(), stop, (block.start, end))


def _opens(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a dash begins a line: at the start of a block, or behind a line that ends a sentence."""
    before = text[max(start, match.start() - 40) : match.start()]
    return not before.strip() or ("\n" in before[len(before.rstrip()) :] and before.rstrip()[-1] in '.!?…:»”"')


def _interrupted(text: str, line: Line, sayings: Sayings | None) -> None:
    """Finds the words of saying in a line, and what of it is speech then."""
    dashes = [match.start() for match in _DASH.finditer(text, line.start, line.end)]
    at, number = line.start, 0
    for place in _places(text, line, sayings):
        if place < at or number >= _MOST:
            continue
        number += 1
        following = next((dash for dash in dashes if dash > place), line.end)
        found = _words_of_saying(text, line, place, following, sayings)
        if found is None:
            continue
        frame, goes_on = found
        _add(text, line, at, place)
        line.frame = line.frame or frame
        at = goes_on
    _add(text, line, at, line.end)


def inserted(text: str, start: int, end: int, sayings: Sayings) -> tuple[Frame, list[Span]] | None:
    """The words of saying that are set inside a quotation, with the one or two pieces around them."""
    for number, match in enumerate(_PAUSE.finditer(text, start, end)):
        if number == _MOST:
            return None
        place = match.start() + (match[0] in "?!…")
        frame = sayings.inserted(place, end)
        if frame is not None:
            line = Line(start, end, (start, end))
            stop = _CLAUSE.search(text, frame.stop, end)
            _add(text, line, start, place)
            _add(text, line, stop.end() if stop else end, end)
            return (frame, line.pieces) if line.pieces and line.pieces[0].start < place else None
    return None


def _places(text: str, line: Line, sayings: Sayings | None) -> Iterator[int]:
    """Where words of saying may begin: at dashes, and at pauses where verbs are known."""
    pattern = re.compile(f"{_DASH.pattern}|{_PAUSE.pattern}") if sayings else _DASH
    for match in pattern.finditer(text, line.start, line.end):
        yield match.start() + (match[0] in "?!…")


def _words_of_saying(
    text: str, line: Line, place: int, following: int, sayings: Sayings | None
) -> tuple[Frame, int] | None:
    """The frame that begins at a place, and where speech goes on."""
    dashed = text[place] in "—–―"
    if sayings is None:
        small = _SMALL.match(text, place)
        before = text[line.start : place].rstrip()[-1:]
        if not small or not small["first"].islower() or before not in _PAUSES:
            return None
        return Frame(looked=False), _behind(text, following, line.end)
    limit = following if dashed else line.end
    frame = sayings.after(place, limit, ",", 9) if dashed else sayings.inserted(place, limit)
    if frame is None:
        return None
    if dashed:
        return frame, _behind(text, following, line.end)
    stop = _CLAUSE.search(text, frame.stop, line.end)
    return frame, stop.end() if stop else line.end


def _behind(text: str, dash: int, end: int) -> int:
    """Where speech goes on behind the dash that ends words of saying."""
    at = dash + 1
    while at < end and (text[at].isspace() or text[at] in ".,;:"):
        at += 1
    return min(at, end)


def _add(text: str, line: Line, start: int, end: int) -> None:
    """A piece of speech, without the white space and the commas around it."""
    while start < end and (text[start].isspace() or text[start] in ",;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;—–―-"):
        end -= 1
    if WORD.search(text, start, end):
        line.pieces.append(Span(start, end))


def _runs(text: str, lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that stand one below the other."""
    run: list[Line] = []
    for line in lines:
        if run and WORD.search(text, run[-1].end, line.start):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _speech(text: str, run: list[Line], sayings: Sayings | None) -> Iterator[Line]:
    """The lines of a run where it is a dialogue."""
    first = run[0]
    lead = text[max(0, first.start - 20) : first.start].rstrip("—–― \t\n\u00a0\u2009\u202f\r")
    if lead.endswith(":") and first.frame is None and sayings is not None:
        frame = sayings.before(max(0, first.start - 20) + len(lead), 0)
        if frame.cue:
            first.frame = replace(frame, that=-1)
    if any(line.frame is not None for line in run):
        yield from (line for line in run if line.pieces)
