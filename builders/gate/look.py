"""Look: what the rules of the gate see of an article: its lines, how much of it is prose, its name and address.

Conventions: a line is what stands between line ends, blank ones left out, stripped; front matter and comments are none.
Prose are sentences of six words or more that end as sentences do and consist of words; its share is of the characters
that are no white space.
"""

import re
from functools import cached_property

from allegedly.schemas.records import Article

_END = re.compile(r"[.!?…。！？।։؟။][\"'”’“»›)\]】」』]*(?:\[\d+\])?$")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
_SYMBOLS = re.compile(r"[{}<>=;_|\\^~`@#$*+/\[\]]|\d")
_LINE_END = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]+")
_STOP = re.compile(r"[.!?]\s+")
#: Front matter, in the markup of a text that opens with it; marks that lines of code may begin with too.
_FRONT = re.compile(r"(?:---|\+\+\+)[ \t]*[\r\n]")
_MARK = re.compile(r"[#>*_~ \t]+")
_LETTER = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c]")
LEAST_WORDS, LEAST_WIDE, MOST_SYMBOLS = 6, 12, 0.12


class Look:
    """An article as the rules see it; what costs time is worked out once, when the first rule asks."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = _worded(article)
        self._openings: dict[int, list[str]] = {}

    @cached_property
    def small(self) -> str:
        """The text in small letters, in which words are looked for before patterns are."""
        return self.text.lower()

    @cached_property
    def lines(self) -> list[str]:
        """The lines that are not blank, stripped."""
        return [stripped for line in _LINE_END.split(self.text) if (stripped := line.strip())]

    @cached_property
    def size(self) -> int:
        """How many characters are no white space, at least 1."""
        return sum(map(len, self.text.split())) or 1

    @cached_property
    def prose(self) -> float:
        """The share of prose."""
        return sum(self._prose) / self.size

    @cached_property
    def _prose(self) -> list[int]:
        """How many characters of each sentence are prose."""
        return [prose(self.text[start:end]) for start, end in self.article.sentences]

    def opening(self, most: int) -> list[str]:
        """The passages up to the sentence by which so many characters of prose have been read."""
        if most not in self._openings:
            letters, stop = 0, len(self.text)
            for sentence, count in zip(self.article.sentences, self._prose, strict=True):
                letters += count
                if letters >= most:
                    stop = sentence.end
                    break
            pieces = (self.text[start : min(end, stop)].strip() for start, end in self._pieces if start < stop)
            self._openings[most] = [piece for piece in pieces if piece]
        return self._openings[most]

    @cached_property
    def passages(self) -> list[str]:
        """Lines, those of several sentences cut behind each."""
        return [piece for start, end in self._pieces if (piece := self.text[start:end].strip())]

    @cached_property
    def _pieces(self) -> list[tuple[int, int]]:
        """Where lines begin and end, and the sentences in them."""
        pieces, line = [], 0
        for stop in (*_LINE_END.finditer(self.text), None):
            end = stop.start() if stop else len(self.text)
            start = line
            for point in _STOP.finditer(self.text, line, end):
                pieces.append((start, point.start() + 1))
                start = point.end()
            pieces.append((start, end))
            line = stop.end() if stop else end
        return pieces

    @cached_property
    def words_of_name(self) -> frozenset[str]:
        """Words of the file's name, its ending aside, that stand in capitals (``README``), or are the whole name."""
        stem = self.name.partition(".")[0]
        return frozenset([*re.findall(r"(?<![^\W_])[A-Z]+(?![^\W_])", stem.replace("_", " ")), stem.upper()])

    @cached_property
    def name(self) -> str:
        """The last part of the file's name."""
        return self.article.origin.file_name.rpartition("!/")[2].rpartition("/")[2]

    @cached_property
    def title(self) -> str:
        """The title, or the first line where there is none."""
        return self.article.title or (self.lines[0] if self.lines else "")


def _worded(article: Article) -> str:
    """The text with blanks in place of what is there for machines: front matter and comments, and in Markdown the marks of
    headings, quotes and emphasis, which look like those of code. A text of nothing else stays as it is."""
    text = article.text
    front = next(
        (span for span in article.markup[:1] if _FRONT.match(text, span.start) and not text[: span.start].strip()), None
    )
    markdown = front is not None or article.origin.media_type == "text/markdown"
    pieces, end = [], 0
    for span in article.markup:
        mark = text[span.start : span.end]
        if span == front or mark.startswith("<!--") or (markdown and _MARK.fullmatch(mark)):
            pieces += [text[end : span.start], _LETTER.sub(" ", mark)]
            end = span.end
    worded = "".join([*pieces, text[end:]])
    return worded if worded.strip() else text


def prose(sentence: str) -> int:
    """How many characters of a sentence are prose: all that are no white space, or 0."""
    words = sentence.split()
    letters = sum(map(len, words))
    long = len(words) >= LEAST_WORDS or len(_WIDE.findall(sentence)) >= LEAST_WIDE
    if not long or not _END.search(sentence.rstrip()):
        return 0
    return letters if len(_SYMBOLS.findall(sentence)) <= MOST_SYMBOLS * letters else 0
