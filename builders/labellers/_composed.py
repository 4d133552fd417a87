"""An article as it is usually written, its letters composed with their marks, and the way back to its own offsets.

Conventions: offsets are half-open, in code points. Letters without marks keep their width, so that offsets move at
decomposed letters only ("ü" as "u" and two dots).
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import replace

from allegedly.builders.labellers._tokens import MARKS
from allegedly.schemas.records import Article, Attribution, Part, Span

_DECOMPOSED = re.compile(rf"[^\W_][{MARKS}]+")


class Composed:
    """An article and its composed form, ``article``."""

    def __init__(self, article: Article) -> None:
        #: Where each decomposed letter ends, in the text and in the composed one.
        self._ends, self._mapped = [0], [0]
        pieces: list[str] = []
        done = 0
        for match in _DECOMPOSED.finditer(article.text):
            letter = unicodedata.normalize("NFC", match[0])
            pieces += (article.text[done : match.start()], letter)
            self._mapped.append(self._mapped[-1] + match.start() - done + len(letter))
            self._ends.append(match.end())
            done = match.end()
        self.article = article
        if pieces:
            self.article = replace(
                article,
                text="".join((*pieces, article.text[done:])),
                blocks=tuple(
                    replace(block, start=self._there(block.start), end=self._there(block.end))
                    for block in article.blocks
                ),
                sentences=tuple(Span(self._there(start), self._there(end)) for start, end in article.sentences),
                markup=tuple(Span(self._there(start), self._there(end)) for start, end in article.markup),
            )

    def _there(self, offset: int) -> int:
        number = bisect_right(self._ends, offset) - 1
        there = self._mapped[number] + offset - self._ends[number]
        return min(there, *self._mapped[number + 1 : number + 2]) if number + 1 < len(self._mapped) else there

    def _back(self, offset: int) -> int:
        number = bisect_right(self._mapped, offset) - 1
        return self._ends[number] + offset - self._mapped[number]

    def _part(self, part: Part | None) -> Part | None:
        return None if part is None else tuple(Span(self._back(start), self._back(end)) for start, end in part)

    def back(self, label: Attribution) -> Attribution:
        """An attribution of the composed article with offsets of the article itself."""
        if len(self._ends) == 1:
            return label
        return replace(
            label,
            source=self._part(label.source),
            cue=self._part(label.cue),
            content=self._part(label.content),
            speaker=self._part(label.speaker),
        )
