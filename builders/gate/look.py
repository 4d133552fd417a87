"""Look: what the rules of the gate see of an article: its lines, how much of it is prose, its name and address.

Conventions: a line is what stands between line ends, blank ones left out, stripped. Prose are sentences of six words or
more that end as sentences do and consist of words; its share is of the characters that are no white space.
"""

import re
from functools import cached_property

from allegedly.schemas.records import Article

_END = re.compile(r"[.!?…。！？।։؟။][\"'”’“»›)\]】」』]*(?:\[\d+\])?$")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
_SYMBOLS = re.compile(r"[{}<>=;_|\\^~`@#$*+/\[\]]|\d")
_LINE_END = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]+")
LEAST_WORDS, LEAST_WIDE, MOST_SYMBOLS = 6, 12, 0.12


class Look:
    """An article as the rules see it; what costs time is worked out once, when the first rule asks."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = article.text

    @cached_property
    def lines(self) -> list[str]:
        """The lines that are not blank, stripped."""
        return [line for piece in _LINE_END.split(self.text) if (line := piece.strip())]

    @cached_property
    def size(self) -> int:
        """How many characters are no white space, at least 1."""
        return sum(map(len, self.text.split())) or 1

    @cached_property
    def prose(self) -> float:
        """The share of prose."""
        return self.prose_until(len(self.text)) / self.size

    def prose_until(self, offset: int) -> int:
        """How many characters of prose, white space aside, stand before an offset."""
        letters = 0
        for start, end in self.article.sentences:
            if start >= offset:
                break
            letters += prose(self.text[start:end])
        return letters

    @cached_property
    def stem(self) -> str:
        """The last part of the file's name without its endings, in capitals: ``README``."""
        return self.name.partition(".")[0].upper()

    @cached_property
    def name(self) -> str:
        """The last part of the file's name."""
        return self.article.origin.file_name.rpartition("!/")[2].rpartition("/")[2]

    @cached_property
    def title(self) -> str:
        """The title, or the first line where there is none."""
        return self.article.title or (self.lines[0] if self.lines else "")


def prose(sentence: str) -> int:
    """How many characters of a sentence are prose: all that are no white space, or 0."""
    words = sentence.split()
    letters = sum(map(len, words))
    long = len(words) >= LEAST_WORDS or len(_WIDE.findall(sentence)) >= LEAST_WIDE
    if not long or not _END.search(sentence.rstrip()):
        return 0
    return letters if len(_SYMBOLS.findall(sentence)) <= MOST_SYMBOLS * letters else 0
