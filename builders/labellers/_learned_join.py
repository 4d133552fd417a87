"""Quotations of the network's attributions put together: over paragraphs, and with the speaker before them.

Conventions: as in ``_continued.py``. Contents are pieces of the article's text in order; an attribution without source and
cue whose words all go to another one is that other one.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from allegedly.builders.labellers._continued import alone, before, runs
from allegedly.builders.labellers._learned_news import Attributed
from allegedly.builders.labellers._tokens import Tokens

Range = tuple[int, int]


def joined(tokens: Tokens, items: Sequence[Attributed]) -> list[Attributed]:
    """The attributions of an article with each quotation in the one that it belongs to."""
    return _Joined(tokens, items).items()


class _Joined:
    """The outermost attributions of an article, while pieces of content go from one to another."""

    def __init__(self, tokens: Tokens, items: Sequence[Attributed]) -> None:
        self.tokens = tokens
        self.all = items
        #: Of each outermost attribution the pieces of its content, as tokens.
        self.contents: dict[int, list[Range]] = {
            number: [over for span in item.content if (over := tokens.over(*span)) is not None]
            for number, item in enumerate(items)
            if item.parent < 0
        }
        self.cues = {number: tokens.over(*items[number].cue[0]) for number in self.contents if items[number].cue}

    def items(self) -> list[Attributed]:
        """The attributions that are left, with parents among themselves."""
        held = sorted((first, last, number) for number, pieces in self.contents.items() for first, last in pieces)
        moves = {**self._alone(held), **self._over_paragraphs(held)}
        if not moves:
            return list(self.all)
        for (first, last, number), target in moves.items():
            self.contents[number].remove((first, last))
            self.contents[target].append((first, last))
        return self._left(moves)

    def _over_paragraphs(self, held: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
        """Pieces that go on in a new paragraph with what is still open, with whose they are."""
        moves = {}
        for run in runs(self.tokens):
            owner = _holder(held, run[0][0]) if len(run) > 1 else None
            for quote in run[1:]:
                found = _holder(held, quote[0])
                if owner is None or found is None:
                    break
                if found[2] != owner[2] and not self._says(found[2]):
                    moves[found] = owner[2]
        return moves

    def _alone(self, held: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
        """Quotations without a cue of their own, with whoever spoke in the sentence before."""
        moves = {}
        spoken = sorted(
            (place, number)
            for number, pieces in self.contents.items()
            if number in self.cues or self.all[number].source
            for place in (*pieces, *filter(None, [self.cues.get(number)]))
        )
        for first, last in alone(self.tokens):
            found = _holder(held, first)
            if found is None or self._says(found[2], within=(first, last)):
                continue
            at = before(self.tokens, first, spoken)
            target = spoken[at][1] if at is not None else found[2]
            if target != found[2] and found[1] <= last:
                moves[found] = target
        return moves

    def _says(self, number: int, within: Range | None = None) -> bool:
        """Whether an attribution has a cue or source of its own for a quotation: not one of a later sentence."""
        item, cue = self.all[number], self.cues.get(number)
        if cue is None:
            return bool(item.source)
        if within is None:
            return True
        # in the sentences of the quotation, or before them
        return self.tokens.sentence(cue[0]) <= self.tokens.sentence(within[1])

    def _left(self, moves: dict[tuple[int, int, int], int]) -> list[Attributed]:
        """The attributions that still have a content; what lay in words that went away lies in those they went to."""
        tokens = self.tokens
        went = sorted((*tokens.span(first, last), target) for (first, last, _), target in moves.items())
        kept = [number for number, item in enumerate(self.all) if item.parent >= 0 or self.contents[number]]
        place = {number: at for at, number in enumerate(kept)}
        out = []
        for number in kept:
            item = self.all[number]
            if item.parent < 0:
                content = tuple(tokens.span(*piece) for piece in sorted(self.contents[number]))
                unmoved = [span for span in item.content if span.start in {piece.start for piece in content}]
                by_start = {span.start: span for span in unmoved}
                out.append(replace(item, content=tuple(by_start.get(piece.start, piece) for piece in content)))
                continue
            at = (item.cue or item.content)[0].start
            moved = _holder(went, at)
            parent = moved[2] if moved is not None and at < moved[1] else item.parent
            out.append(replace(item, parent=place.get(parent, -1)))
        return out


def _holder(held: list[tuple[int, int, int]], place: int) -> tuple[int, int, int] | None:
    """The piece in order that holds a token, with whose it is."""
    at = bisect_right(held, (place, 1 << 60, 0)) - 1
    return held[at] if at >= 0 and held[at][1] >= place else None
