"""Which words in quotation marks, or behind dashes, are direct speech, and which pieces are one speech.

Conventions: a quotation that words of saying lead to, or stand behind, is speech, however short. One that is woven
into a sentence of the author is speech from four words on where that sentence says that somebody said something, and
from eight words on anywhere; shorter ones are scare quotes, names and titles. A quotation inside another one needs
words of saying of its own. Pieces are joined as the guidelines say: around words of saying, on the same speaker's next
sentence, and over paragraphs.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from allegedly.builders.labellers import _german
from allegedly.builders.labellers._quotations import is_speech
from allegedly.builders.labellers._quote_dashes import Line, inserted, spoken
from allegedly.builders.labellers._quote_frames import PAUSES, Frame, Sayings
from allegedly.builders.labellers._quote_marks import ALL, DENSE, FINAL, WORD, Quotation, marked, words_in
from allegedly.builders.labellers._quote_words import grammar
from allegedly.builders.text.markup import masked
from allegedly.schemas.records import Article, Span

#: 《 》 stand around titles there.
_TITLES = {"zh", "ja"}
#: Where one stroke is a usual mark of quotations; elsewhere only words of saying make it one.
_SINGLE = {"en", "nl", "af"}
_SHORT, _LONG = 4, 8


@dataclass(slots=True)
class Speech:
    """Direct speech: its pieces, what stands beside the first of them, the number of the speech around it or -1."""

    content: list[Span]
    frame: Frame
    parent: int = -1


class _Around(NamedTuple):
    """A stretch that may hold quotations: up to where, its speech (-1 for none), and how deep in others it lies."""

    end: int
    speech: int
    depth: int
    inside: tuple[int, int]


def speeches(article: Article) -> list[Speech]:
    """The direct speech of an article; one inside another comes behind it."""
    return _Finder(article).find()


class _Finder:
    """Looks through the quotations of one article."""

    def __init__(self, article: Article) -> None:
        language = (article.language or "en").split("-")[0].lower()
        self.language = language
        self.article, self.text = article, masked(article.text, article.markup)
        titles = "《〈" if language in _TITLES else ""
        self.quoted = [each for each in marked(article, self.text, ALL) if self.text[each.start] not in titles]
        self.starts = [each.start for each in self.quoted]
        self.depths = _depths(self.quoted)
        self.grammar = grammar(language)
        self.sayings: dict[int, Sayings] = {}
        self.german: _german.Sayings | None = None
        if language == "de":
            top = [(each.start, each.end) for each, depth in zip(self.quoted, self.depths, strict=True) if not depth]
            self.german = _german.Sayings(article, self.text, top)
        self.found: list[Speech] = []

    def find(self) -> list[Speech]:
        """All of them: lines with dashes first, then quotations from the first to the last."""
        lines = spoken(self.article, self.text, self._sayings(0))
        for line in lines:
            self.found.append(Speech(list(line.pieces), line.frame or self._silent()))
        self._quotations(_by_place(lines))
        return self.found

    def _silent(self) -> Frame:
        """The frame of speech that nothing stands beside."""
        return Frame(looked=self.grammar is not None or self.german is not None)

    def _sayings(self, depth: int) -> Sayings | None:
        """The words of saying that stand in ``depth`` quotations."""
        if self.grammar is None:
            return None
        if depth not in self.sayings:
            hidden = (each for each, own in zip(self.quoted, self.depths, strict=True) if own == depth)
            starts, ends = ([span[side] for span in self.article.sentences] for side in (0, 1))
            self.sayings[depth] = Sayings(self.grammar, _hushed(self.text, hidden), starts, ends)
        return self.sayings[depth]

    def _quotations(self, lines: list[tuple[Span, int]]) -> None:
        stack: list[_Around] = []
        #: The last quotation that is speech, with its speech, at each depth.
        latest: dict[int, tuple[Quotation, int, Frame]] = {}
        line = 0
        for number, (here, depth) in enumerate(zip(self.quoted, self.depths, strict=True)):
            while stack and stack[-1].end <= here.start:
                stack.pop()
            while line < len(lines) and lines[line][0].end <= here.start:
                line += 1
            around = stack[-1] if stack else None
            if around is None and line < len(lines) and lines[line][0].start <= here.start:
                span, speech = lines[line]
                around = _Around(span.end, speech, 0, span)
            bounds = around.inside if around and around.speech >= 0 else here.block
            before = latest.get(depth)
            begin = bounds[0] if before is None else max(bounds[0], min(before[2].stop, here.start))
            frame = self._frame(number, here, depth, (begin, bounds[1]))
            if before is not None and before[0].block == here.block:
                frame = self._subject(frame, before[2])
            own = self._speech(here, depth, frame, around, latest)
            if own >= 0:
                latest[depth] = (here, own, frame)
            parent = own if own >= 0 else around.speech if around else -1
            stack.append(_Around(here.end, parent, depth, (here.start + here.opening, here.end - here.closing)))

    def _subject(self, frame: Frame, earlier: Frame) -> Frame:
        """A frame of words such as "adding", whose source stands in the frame before."""
        if self.grammar is None or frame.source or not frame.cue or not earlier.source:
            return frame
        cue = self.text[frame.cue[0].start : frame.cue[0].end].lower()
        return replace(frame, source=earlier.source) if cue in self.grammar.gerunds else frame

    def _speech(
        self,
        here: Quotation,
        depth: int,
        frame: Frame,
        around: _Around | None,
        latest: dict[int, tuple[Quotation, int, Frame]],
    ) -> int:
        """The number of the speech that a quotation is, or is more of; -1 where it is none."""
        parent = around.speech if around else -1
        nested = parent >= 0
        speech = self._is_speech(here, frame, nested)
        before = latest.get(depth)
        if before is not None and not nested and self._goes_on(*before[::2], here, frame, speech):
            more = self.found[before[1]]
            more.content.append(Span(here.start, here.end))
            if before[0].open and frame.after and not more.frame.cue:
                more.frame = frame
            return before[1]
        if not speech:
            return -1
        self.found.append(self._whole(here, depth, frame, parent))
        return len(self.found) - 1

    def _whole(self, here: Quotation, depth: int, frame: Frame, parent: int) -> Speech:
        """A quotation as speech, in two pieces where words of saying are set inside its marks, as in French."""
        if self.grammar is not None and self.grammar.inserts and not frame.cue:
            inside = self._sayings(depth + 1)
            assert inside is not None, "there is a grammar"
            if found := inserted(self.text, here.start + here.opening, here.end - here.closing, inside):
                within, pieces = found
                ends = (Span(here.start, pieces[0].end), *(Span(piece.start, here.end) for piece in pieces[1:]))
                return Speech(list(ends), within, parent)
        start = frame.that if frame.that >= 0 else here.start
        return Speech([Span(start, here.end)], frame, parent)

    # -- frames --------------------------------------------------------------------------------------------------

    def _frame(self, number: int, here: Quotation, depth: int, bounds: tuple[int, int]) -> Frame:
        """What stands beside a quotation, inside ``bounds``."""
        sayings = self._sayings(depth)
        if sayings is None:
            return self._german(here, depth, bounds)
        limit = min(bounds[1], self._next(number, here.end))
        before = sayings.before(here.start, bounds[0])
        if (before.colon and before.cue) or here.open or not here.closing:
            return before
        inside = self.text[here.start : here.end - here.closing].rstrip()[-1:]
        said = words_in(self.text, here.start, here.end, _LONG)
        after = sayings.after(here.end, limit, inside, said)
        if after is not None and not (before.direct and before.cue and not after.source):
            return after if not before.title or after.cue else before
        return before

    def _next(self, number: int, end: int) -> int:
        """Where the next quotation begins that does not stand in this one."""
        following = bisect_left(self.starts, end, number)
        return self.starts[following] if following < len(self.starts) else len(self.text)

    def _german(self, here: Quotation, depth: int, bounds: tuple[int, int]) -> Frame:
        colon = self.text[max(bounds[0], here.start - 4) : here.start].rstrip().endswith((":", "："))
        if self.german is None or depth:
            return Frame(colon=colon, looked=self.german is not None)
        found = self.german.frame(here.start, here.end, here.block)
        value = {each.name: getattr(found, each.name) for each in fields(found)}
        if found.cue and self.text[found.cue[0].start] == ":":
            value["cue"] = ()
        lead = self.text[max(here.block[0], here.start - 3) : here.start].rstrip()
        inside = self.text[max(here.start, here.end - here.closing - 1)]
        paused = inside in PAUSES or self.text[here.end : here.end + 1] == ","
        straight = (found.after and bool(paused or found.source)) or (bool(found.cue) and lead.endswith(":"))
        return Frame(**value, direct=straight)

    # -- what is speech ------------------------------------------------------------------------------------------

    def _is_speech(self, here: Quotation, frame: Frame, nested: bool) -> bool:
        if here.open and not nested:
            return True
        said = words_in(self.text, here.start, here.end, _LONG)
        if not here.closing and not frame.direct:
            return said >= _SHORT and not nested and self._at_start(here)
        if frame.direct and (frame.cue or frame.colon) and not frame.title:
            return True
        if nested:
            return bool(frame.spoken and said >= _SHORT) or (frame.colon and said >= _SHORT)
        if self.text[here.start] in "'`´" and self.language not in _SINGLE:
            return False
        if self.grammar is not None and _is_title(self.text, here):
            return False
        return is_speech(self.text, here, frame, self.grammar is not None or self.german is not None)

    def _at_start(self, here: Quotation) -> bool:
        return not self.text[here.block[0] : here.start].strip()

    def _goes_on(self, before: Quotation, earlier: Frame, here: Quotation, frame: Frame, speech: bool) -> bool:
        """Whether a quotation is more of what the same speaker says."""
        fresh = here.block != before.block
        if before.open:
            return fresh and self._at_start(here)
        if frame.direct or frame.after or frame.colon:
            return False
        between = self.text[before.end : here.start].strip()
        if not fresh and not between:
            return speech
        end = earlier.end
        if not earlier.after or end < before.end:
            return fresh and speech and not between and earlier.direct and not self._asks(before) and self._is_all(here)
        rest = self.text[end : here.start].strip()
        sentence = self._is_sentence(here)
        if fresh:
            return (speech or sentence) and rest in ("", ".") and not self._asks(before) and self._is_all(here)
        if not rest:
            return self.text[before.end : here.start].rstrip()[-1:] in (",", "—", "–", "-")
        return rest == "." and (speech or sentence)

    def _is_sentence(self, here: Quotation) -> bool:
        """Whether a full stop, or the end of the block, stands right behind a quotation of several words."""
        behind = self.text[here.end : min(here.end + 1, here.block[1])]
        return (not behind or behind in FINAL) and words_in(self.text, here.start, here.end, _SHORT) > 1

    def _asks(self, quotation: Quotation) -> bool:
        return "?" in self.text[max(quotation.start, quotation.end - 4) : quotation.end]

    def _is_all(self, here: Quotation) -> bool:
        """Whether a block begins with a quotation, and hardly more stands in it."""
        return self._at_start(here) and not WORD.search(self.text, here.end, here.block[1])


def _depths(quoted: Iterable[Quotation]) -> list[int]:
    """In how many others each quotation stands."""
    depths: list[int] = []
    ends: list[int] = []
    for each in quoted:
        while ends and ends[-1] <= each.start:
            ends.pop()
        depths.append(len(ends))
        ends.append(each.end)
    return depths


def _hushed(text: str, quoted: Iterable[Quotation]) -> str:
    """The text with dots in place of what stands in quotations."""
    pieces: list[str] = []
    done = 0
    for each in quoted:
        start, end = each.start + each.opening, each.end - each.closing
        if start >= done:
            pieces += (text[done:start], "·" * (end - start))
            done = end
    return "".join((*pieces, text[done:]))


def _by_place(lines: Iterable[Line]) -> list[tuple[Span, int]]:
    """The pieces of dashed speech in order, with the number of their speech."""
    return [(piece, number) for number, line in enumerate(lines) for piece in line.pieces]


def _is_title(text: str, here: Quotation) -> bool:
    """Whether the words look like the title of a work: no end of a sentence, and capitals on all the longer ones."""
    end = here.end - here.closing
    inner = text[here.start + here.opening : end].strip()
    if not inner or inner[-1] in FINAL or inner[-1] == "," or DENSE.search(inner[:40]):
        return False
    longer = [match[0] for match in WORD.finditer(inner[:200]) if len(match[0]) > 3]
    return len(longer) > 1 and all(word[0].isupper() or word[0].isdigit() for word in longer)
