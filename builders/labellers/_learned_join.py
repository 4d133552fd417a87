"""Quotations of the network's attributions put together: with whoever said it behind them, over paragraphs, and with the
speaker before them.

Conventions: as in ``_continued.py``. Contents are pieces of the article's text in order; an attribution without source and
cue whose words all go to another one is that other one. A quotation that breaks off with a comma is theirs who come behind
it ("Rain," said X); one that stands alone is theirs who spoke in the sentence before; what was still open where its
paragraph ended goes with what goes on.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import replace

from allegedly.builders.labellers._assemble import part
from allegedly.builders.labellers._continued import alone, runs
from allegedly.builders.labellers._forms import form
from allegedly.builders.labellers._learned_news import Attributed
from allegedly.builders.labellers._sayings import Saying
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]
#: Within how many tokens behind the closing mark whoever said it, or that they did, begins.
TAG = 2


def joined(tokens: Tokens, items: Sequence[Attributed]) -> list[Attributed]:
    """The attributions of an article with each quotation in the one that it belongs to."""
    return _Joined(tokens, items).items()


class _Joined:
    """The outermost attributions of an article, while pieces of content go from one to another."""

    def __init__(self, tokens: Tokens, items: Sequence[Attributed]) -> None:
        self.tokens = tokens
        self.all = items
        outer = [number for number, item in enumerate(items) if item.parent < 0]
        #: The tokens of cues and of sources, by attribution.
        self.cues = {number: over for number in outer if (over := self._over(items[number].cue)) is not None}
        self.sources = {number: over for number in outer if (over := self._over(items[number].source)) is not None}
        self.cued = sorted((over, number) for number, over in self.cues.items())
        #: Pieces of content as tokens, in order, each with whose it is.
        self.held: list[tuple[Range, int]] = sorted(
            (over, number)
            for number in outer
            for span in items[number].content
            if (over := tokens.over(*span)) is not None
        )
        #: Of each quotation that changed hands, whose it is now.
        self.went: list[tuple[Range, int]] = []

    def items(self) -> list[Attributed]:
        """The attributions that are left, with parents among themselves."""
        self._tagged()
        self._over_paragraphs()
        self._alone()
        return self._left() if self.went else list(self.all)

    def _tagged(self) -> None:
        """Gives a quotation that breaks off with a comma to whoever comes behind it, with what was open before it."""
        begins = {over[0]: number for parts in (self.sources, self.cues) for number, over in parts.items()}
        for run in runs(self.tokens):
            last = run[-1][1]
            if self.tokens.kinds[last] != '"' or self.tokens.kinds[last - 1] != ",":
                continue
            owner = next((begins[at] for at in range(last + 1, last + 1 + TAG) if at in begins), None)
            if owner is not None and owner in self.cues:
                for quote in run:
                    self._give(quote, owner)

    def _over_paragraphs(self) -> None:
        """Gives the parts of a quotation over paragraphs to the first of those that they are parts of who has a cue or source."""
        for run in runs(self.tokens):
            found = [self._holder(quote[0]) for quote in run] if len(run) > 1 else []
            says = [
                number for number in found if number is not None and (number in self.cues or number in self.sources)
            ]
            for quote, number in zip(run, found, strict=False):
                if says and number not in says:
                    self._give(quote, says[0])

    def _alone(self) -> None:
        """Gives a quotation without a cue of its own to whoever spoke in the sentence before."""
        for first, last in alone(self.tokens):
            number = self._holder(first)
            if number is not None and self._says_within(number, first, last):
                continue
            spoke = self._spoke(self.tokens.sentence(first) - 1)
            if spoke and number not in spoke:
                self._give((first, last), spoke[-1])

    def _says_within(self, number: int, first: int, last: int) -> bool:
        """Whether the cue of an attribution, or its source where it has none, stands in the sentences of a quotation."""
        over = self.cues.get(number) or self.sources.get(number)
        sentence = self.tokens.sentence
        return over is not None and sentence(first) <= sentence(over[0]) <= sentence(last)

    def _spoke(self, sentence: int) -> list[int]:
        """Those with a cue or source who speak in a sentence, by words or cues, in order."""
        if sentence < 0:
            return []
        first, last = self.tokens.sentences[sentence]
        said = [
            (piece, number)
            for piece, number in self._between(first, last)
            if number in self.cues or number in self.sources
        ]
        at, end = (bisect_left(self.cued, ((place, -1), -1)) for place in (first, last))
        cued = self.cued[at:end]
        return [number for _, number in sorted((*said, *cued))]

    def _between(self, first: int, last: int) -> list[tuple[Range, int]]:
        """Pieces of content that share tokens with a range."""
        at = max(0, bisect_left(self.held, ((first, -1), -1)) - 1)
        end = bisect_right(self.held, ((last, 1 << 60), 0))
        return [held for held in self.held[at:end] if held[0][1] >= first]

    def _holder(self, place: int) -> int | None:
        """Whose piece of content holds a token."""
        at = bisect_right(self.held, ((place, 1 << 60), 0)) - 1
        return self.held[at][1] if at >= 0 and self.held[at][0][1] >= place else None

    def _give(self, quote: Range, owner: int) -> None:
        """Makes a quotation a piece of one content, and takes it out of what had it."""
        mine = [held for held in self._between(*quote) if held[1] == owner]
        if any(piece[0] <= quote[0] + 1 and piece[1] >= quote[1] - 1 for piece, _ in mine):
            return
        for held in self._between(*quote):
            (first, last), number = held
            self.held.remove(held)
            end = quote[0] - 1
            while end >= first and self.tokens.kinds[end] in ".,:;Z":
                end -= 1
            for piece in ((first, end), (quote[1] + 1, last)):
                if piece[0] <= piece[1]:
                    insort(self.held, (piece, number))
        insort(self.held, (quote, owner))
        self.went.append((quote, owner))

    def _left(self) -> list[Attributed]:
        """The attributions that still have a content; what lay in words that went away lies in those they went to."""
        tokens = self.tokens
        contents: dict[int, list[Range]] = {}
        for piece, number in self.held:
            contents.setdefault(number, []).append(piece)
        went = sorted((*tokens.span(*quote), owner) for quote, owner in self.went)
        kept = [number for number, item in enumerate(self.all) if item.parent >= 0 or number in contents]
        place = {number: at for at, number in enumerate(kept)}
        out = []
        for number in kept:
            item = self.all[number]
            if item.parent < 0:
                # what did not move keeps its offsets, which need not be those of tokens
                was = {over: span for span in item.content if (over := tokens.over(*span)) is not None}
                content = tuple(was.get(piece) or tokens.span(*piece) for piece in contents[number])
                out.append(replace(item, content=content))
                continue
            at = (item.cue or item.content)[0].start
            before = bisect_right(went, (at, 1 << 60, 0)) - 1
            parent = went[before][2] if before >= 0 and at < went[before][1] else item.parent
            out.append(replace(item, parent=place.get(parent, -1)))
        return out

    def _over(self, part: Sequence[tuple[int, int]]) -> Range | None:
        return self.tokens.over(*part[0]) if part else None


def by_marks(tokens: Tokens, items: Sequence[Attributed], sayings: Sequence[Saying]) -> list[Attributed]:
    """Direct speech with the quotations that the rules give to its cue, where both find no other words in it: which
    quotations go on behind a tag the marks tell better than the network."""
    quoted = {saying.cue: saying for saying in sayings if form(tokens, saying.content, saying.cue[0]) == "direct"}
    out = []
    for item in items:
        over = tokens.over(item.cue[0].start, item.cue[-1].end) if item.cue and item.parent < 0 else None
        saying = quoted.get(over) if over else None
        pieces = [piece for span in item.content if (piece := tokens.over(*span)) is not None]
        if saying is not None and pieces and over and form(tokens, pieces, over[0]) == "direct":
            item = replace(item, content=part(tokens, saying.content))
        out.append(item)
    return out
