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
        self._openings: dict[int, Opening] = {}
        self._read = [0]  # how many characters of prose the first 0, 1, 2, ... sentences hold

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
        return self._prose(len(self.article.sentences)) / self.size

    def is_prose(self, share: float) -> bool:
        """Whether the share of prose is so large; no more sentences are looked at than it takes to know."""
        counts = range(len(self.article.sentences) + 1)
        return any(self._prose(count) / self.size >= share for count in counts)

    def _prose(self, count: int) -> int:
        """How many characters of the first so many sentences are prose."""
        for start, end in self.article.sentences[len(self._read) - 1 : count]:
            self._read.append(self._read[-1] + prose(self.text[start:end]))
        return self._read[count]

    def opening(self, most: int) -> "Opening":
        """The text up to the sentence by which so many characters of prose have been read."""
        if most not in self._openings:
            stops = (at for at, _ in enumerate(self.article.sentences) if self._prose(at + 1) >= most)
            last = next(stops, None)
            stop = len(self.text) if last is None else self.article.sentences[last].end
            self._openings[most] = Opening(self.text[:stop])
        return self._openings[most]

    @cached_property
    def passages(self) -> list[str]:
        """Lines, those of several sentences cut behind each."""
        return _passages(self.text)

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


class Opening:
    """The beginning of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def small(self) -> str:
        """In small letters."""
        return self._text.lower()

    @cached_property
    def passages(self) -> list[str]:
        """Its lines, those of several sentences cut behind each."""
        return _passages(self._text)


def _passages(text: str) -> list[str]:
    """The lines of a text that are not blank, those of several sentences cut behind each, stripped."""
    pieces, line = [], 0
    for stop in (*_LINE_END.finditer(text), None):
        end = stop.start() if stop else len(text)
        start = line
        for point in _STOP.finditer(text, line, end):
            pieces.append(text[start : point.start() + 1].strip())
            start = point.end()
        pieces.append(text[start:end].strip())
        line = stop.end() if stop else end
    return [piece for piece in pieces if piece]


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
