"""Look: what the rules of the gate see of an article: its lines, how much of it is prose, its name and address.

Conventions: a line is what stands between line ends, blank ones left out, stripped; front matter and comments are none.
Prose are sentences of six words or more that end as sentences do and consist of words; its share is of the characters
that are no white space.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property

from allegedly.schemas.records import Article

_STOPS, _CLOSERS = ".!?…。！？।։؟။", "\"'”’“»›)]】」』"
_END = re.compile(rf"[{_STOPS}][{re.escape(_CLOSERS)}]*(?:\[\d+\])?$")
_WIDE = re.compile(r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
_SYMBOLS = re.compile(r"[{}<>=;_|\\^~`@#$*+/\[\]\d]")
#: The same in ASCII.
_PLAIN_SYMBOLS = bytes(code for code in range(128) if _SYMBOLS.match(chr(code)))
_LINE_END = re.compile(r"[\r\n\u2028\u2029\x0b\x0c]+")
#: Where Python ends lines too, and these conventions do not.
_NO_LINE_END = "\x1c\x1d\x1e\x85"
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
        odd = any(map(self.text.__contains__, _NO_LINE_END))
        lines = _LINE_END.split(self.text) if odd else self.text.splitlines()
        return [stripped for line in lines if (stripped := line.strip())]

    @cached_property
    def size(self) -> int:
        """How many characters are no white space, at least 1."""
        return len("".join(self.text.split())) or 1

    @cached_property
    def prose(self) -> float:
        """The share of prose."""
        self._reads(lambda _: False)
        return self._read[-1] / self.size

    def is_prose(self, share: float) -> bool:
        """Whether the share of prose is so large; hardly more sentences are looked at than it takes to know."""
        # what is counted in no time first: characters but for most white space
        most = max(1, len(self.text) - self.text.count(" ") - self.text.count("\n"))
        return self._reads(lambda read: read / most >= share) or self._reads(lambda read: read / self.size >= share)

    def _reads(self, enough: Callable[[int], bool]) -> bool:
        """Reads on, sentence by sentence, until the characters of prose are enough; whether they are in the end."""
        read = self._read
        for start, end in self.article.sentences[len(read) - 1 :]:
            if enough(read[-1]):
                return True
            read.append(read[-1] + prose(self.text[start:end]))
        return enough(read[-1])

    def opening(self, most: int) -> "Opening":
        """The text up to the sentence by which so many characters of prose have been read."""
        if most not in self._openings:
            stop = len(self.text)
            if self._reads(lambda read: read >= most):
                stop = self.article.sentences[bisect_left(self._read, most) - 1].end
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
    if text.replace("\n", "").isprintable():  # white space is blanks and line ends alone
        for stop in ".!?":
            text = text.replace(f"{stop} ", f"{stop}\n")
        pieces: Iterator[str] = map(str.strip, text.split("\n"))
    else:
        pieces = _between_stops(text)
    return [piece for piece in pieces if piece]


def _between_stops(text: str) -> Iterator[str]:
    line = 0
    for stop in (*_LINE_END.finditer(text), None):
        end = stop.start() if stop else len(text)
        start = line
        for point in _STOP.finditer(text, line, end):
            yield text[start : point.start() + 1].strip()
            start = point.end()
        yield text[start:end].strip()
        line = stop.end() if stop else end


def _worded(article: Article) -> str:
    """The text with blanks in place of what is there for machines: front matter and comments, and in Markdown the marks of
    headings, quotes and emphasis, which look like those of code. A text of nothing else stays as it is."""
    text = article.text
    if not article.markup:
        return text
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
    plain = sentence.encode("ascii", "ignore")
    symbols = len(plain) - len(plain.translate(None, _PLAIN_SYMBOLS))
    if symbols > MOST_SYMBOLS * len(sentence):
        return 0
    words = sentence.split()
    if len(words) < LEAST_WORDS and (not words or len(_WIDE.findall(sentence)) < LEAST_WIDE):
        return 0
    if not _ends(words[-1]):
        return 0
    letters = len("".join(words))
    # other letters are hardly ever digits, and few: they are looked at where it matters
    if symbols + len(sentence) - len(plain) > MOST_SYMBOLS * letters:
        symbols = len(_SYMBOLS.findall(sentence))
    return letters if symbols <= MOST_SYMBOLS * letters else 0


def _ends(word: str) -> bool:
    """Whether a sentence ends with this word; mostly the last letter tells."""
    return word[-1] in _STOPS or (word[-1] in _CLOSERS and _END.search(word) is not None)
