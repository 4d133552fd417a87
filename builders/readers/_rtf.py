"""RTF: the paragraphs of a document in rich text, as a reader of the printed page sees them.

Conventions: hidden and deleted text, headers, footers, comments, fields' instructions, pictures and objects are no text.
Notes come after the story, a text box after the paragraph that holds it.
Source: Microsoft, Rich Text Format Specification 1.9.1.
"""

import codecs
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from allegedly.builders.readers._paragraphs import Paragraph, of_table, of_words, styled
from allegedly.builders.readers._rtf_codes import CHARSETS, ENDS, HEARD, KNOWN, LABELS, LETTERS, PAGES, SILENT, SYMBOLS
from allegedly.builders.sources.limits import Limits, Refused, over

START = b"{\\rtf"
_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?\x20?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])|"
    rb"(?P<brace>[{}])|(?P<text>[^\\{}]+)|\\",
    re.S,
)
DEEPEST = 20


class _State(NamedTuple):
    """What holds inside a group, and is forgotten at its end."""

    silent: bool = False
    hidden: bool = False
    target: str = "story"
    fallback: int = 1
    font: int | None = None
    style: int | None = None
    level: int | None = None
    listed: bool = False
    table: bool = False


def paragraphs(data: bytes, limits: Limits) -> list[Paragraph]:
    """The paragraphs of a document, in order. Refused where it is cut off or passes a limit."""
    return _Rtf(limits).read(data[data.find(START) :])


class _Rtf:
    """The walk through a document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.state = _State()
        self.stack: list[_State] = []
        self.page = "cp1252"
        self.font: int | None = None
        self.charsets: dict[int, str] = {}
        self.styles: dict[int, str] = {}
        self.outlines: dict[int, int] = {}
        self.based: dict[int, int] = {}
        self.starred = self.labelled = False
        #: So many letters that stand for one in Unicode are still to be passed over.
        self.passed = 0
        self.bytes = bytearray()
        self.words: dict[str, list[str]] = {"story": [], "note": [], "box": [], "styles": [], "fonts": []}
        self.story: list[Paragraph] = []
        self.notes: list[Paragraph] = []
        self.boxes: list[Paragraph] = []
        self.rows: list[list[list[Paragraph]]] = []
        self.row: list[list[Paragraph]] = []
        self.cell: list[Paragraph] = []

    def read(self, data: bytes) -> list[Paragraph]:
        start = 0
        while start < len(data):
            start = self._stretch(data, start)
        if self.stack:
            self._flush()
            if len(self.stack) > 1 or "".join(self.words["story"]).strip():
                raise Refused("truncated", "ends in the middle of its RTF data; fetch the file again", found="RTF")
        self._end("story")
        self._end_table()
        return self.story + self.notes

    def _stretch(self, data: bytes, start: int) -> int:
        """Reads up to binary data, or to the end; returns where to go on."""
        for token in _TOKEN.finditer(data, start):
            kind = token.lastgroup
            if kind == "number":
                kind = "word"
            if kind == "text":
                self._text(token["text"])
            elif kind == "word":
                word, number = token["word"].decode("ascii"), token["number"]
                if word == "bin":
                    return token.end() + max(0, int(number or 0))
                self._word(word, None if number is None else int(number))
            elif kind == "brace":
                if token["brace"] == b"{":
                    self._open()
                elif self._close():
                    return len(data)
            elif kind == "hex":
                self._text(bytes.fromhex(token["hex"].decode("ascii")))
            elif kind == "symbol":
                self._symbol(token["symbol"].decode("latin-1"))
        return len(data)

    def _open(self) -> None:
        self.passed = 0
        self.stack.append(self.state)
        if len(self.stack) > self.limits.nesting:
            raise over("nesting-limit", "the depth of nested groups", self.limits.nesting)

    def _close(self) -> bool:
        """Ends a group; True where it was the whole document."""
        self.passed = 0
        self.starred = False
        before = self.stack.pop() if self.stack else self.state
        if self.state.target == "styles":
            self._name_style()
        if before.target != self.state.target or before.font != self.state.font:
            self._flush()
        if before.target != self.state.target and self.state.target in ("note", "box"):
            self._end(self.state.target)
        self.state = before
        return not self.stack

    def _text(self, text: bytes) -> None:
        """Letters of the document, in the code page of their font."""
        self.starred = False
        if self.state.silent or self.state.hidden:
            return
        text = text.translate(None, b"\r\n")
        if self.passed:
            self.passed, text = max(0, self.passed - len(text)), text[self.passed :]
        self.bytes += text

    def _letter(self, letter: str) -> None:
        if not self.state.silent and not self.state.hidden:
            self._flush()
            self.words[self.state.target].append(letter)

    def _flush(self) -> None:
        """The bytes seen so far as letters."""
        if self.bytes:
            encoding = self.page if self.state.font is None else self.charsets.get(self.state.font, self.page)
            self.words[self.state.target].append(self.bytes.decode(encoding, "replace"))
            self.bytes.clear()

    def _symbol(self, symbol: str) -> None:
        self.passed = 0
        if symbol == "*":
            self.starred = True
        elif symbol in ENDS:
            self._word("par", None)
        elif symbol in SYMBOLS:
            self._letter(SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if self.state.silent:
            if word in HEARD:
                self._set(silent=False, target=HEARD[word] or self.state.target)
            return
        if word == "u":
            self._letter(chr((number or 0) % 0x10000))
            self.passed = self.state.fallback
            return
        self.passed = 0
        if word in LETTERS:
            self._letter(LETTERS[word])
        elif word in LABELS:
            self.labelled = True
            self.state = self.state._replace(silent=True)
        elif word in SILENT or (starred and word not in KNOWN):
            self._flush()
            self.state = self.state._replace(silent=True)
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)
        elif word in ENDS:
            self._end(self.state.target)

    def _set(self, **values: Any) -> None:
        """Changes what holds from here on, after the letters before."""
        self._flush()
        self.state = self.state._replace(**values)

    def _set_page(self, page: str) -> None:
        try:
            codecs.lookup(page)
        except LookupError:
            page = "cp1252"
        self.page = page

    def _set_font(self, number: int | None) -> None:
        self.font = number
        self._set(font=number)

    def _charset(self, number: int | None) -> None:
        if self.state.font is not None and number in CHARSETS:
            self.charsets[self.state.font] = CHARSETS[number]

    def _cell(self) -> None:
        """The end of a cell."""
        self.cell += self._taken("story")
        self.row.append(self.cell)
        self.cell = []

    def _row(self) -> None:
        if self.row:
            self.rows.append(self.row)
        self.row = []

    def _end_table(self) -> None:
        if self.cell:
            self.row.append(self.cell)
            self.cell = []
        self._row()
        if self.rows:
            self.story += of_table(self.rows)
            self.rows = []

    def _end(self, target: str) -> None:
        """The end of a paragraph."""
        ended = self._taken(target)
        if target == "note":
            self.notes += (part._replace(kind="boilerplate", aside=True) for part in ended)
        elif target == "box":
            self.boxes += (part._replace(aside=True) for part in ended)
        elif target == "story" and self.state.table:
            self.cell += ended
        elif target == "story":
            self._end_table()
            self.story += ended
            self.story += self.boxes
            self.boxes = []

    def _taken(self, target: str) -> list[Paragraph]:
        """The paragraphs in the words of a target, which are taken out."""
        self._flush()
        words, self.words[target] = "".join(self.words[target]), []
        labelled, self.labelled = self.labelled, False
        if not words.strip():
            return []
        # two halves of a letter beyond the first 65,536 are one
        words = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
        kind, level = self._kind(labelled)
        return list(of_words(kind, words, level))

    def _kind(self, labelled: bool) -> tuple[str, int | None]:
        if self.state.level is not None:
            return "heading", self.state.level + 1
        here = self.state.style
        for _ in range(DEEPEST):
            if here is None:
                break
            if kind := styled(self.styles.get(here, "")):
                return kind
            if here in self.outlines:
                return "heading", self.outlines[here] + 1
            here = self.based.get(here)
        return ("list" if labelled or self.state.listed else "paragraph"), None

    def _name_style(self) -> None:
        """Keeps the name of a style, which ends with a semicolon."""
        self._flush()
        name, self.words["styles"] = "".join(self.words["styles"]).strip(" ;"), []
        if self.state.style is not None and name:
            self.styles[self.state.style] = name
            if self.state.level is not None:
                self.outlines[self.state.style] = self.state.level

    def _based(self, number: int | None) -> None:
        if self.state.style is not None and number is not None:
            self.based[self.state.style] = number


def _paged(page: str) -> "Callable[[_Rtf, int | None], None]":
    return lambda rtf, number: rtf._set_page(page)


_ACTIONS: "dict[str, Callable[[_Rtf, int | None], None]]" = {
    "plain": lambda rtf, number: rtf._set(hidden=False, font=rtf.font),
    "v": lambda rtf, number: rtf._set(hidden=number != 0),
    "deleted": lambda rtf, number: rtf._set(hidden=number != 0),
    "uc": lambda rtf, number: rtf._set(fallback=max(0, number or 0)),
    "f": lambda rtf, number: rtf._set(font=number),
    "deff": lambda rtf, number: rtf._set_font(number),
    "pard": lambda rtf, number: rtf._set(style=None, level=None, listed=False, table=False),
    "s": lambda rtf, number: rtf._set(style=number),
    "outlinelevel": lambda rtf, number: rtf._set(level=number if number is not None and 0 <= number < 9 else None),
    "ls": lambda rtf, number: rtf._set(listed=True),
    "intbl": lambda rtf, number: rtf._set(table=True),
    "footnote": lambda rtf, number: rtf._set(target="note"),
    "shptxt": lambda rtf, number: rtf._set(target="box"),
    "stylesheet": lambda rtf, number: rtf._set(target="styles"),
    "fonttbl": lambda rtf, number: rtf._set(target="fonts"),
    "fcharset": lambda rtf, number: rtf._charset(number),
    "sbasedon": lambda rtf, number: rtf._based(number),
    "ansicpg": lambda rtf, number: rtf._set_page(f"cp{number}"),
    "cell": lambda rtf, number: rtf._cell(),
    "nestcell": lambda rtf, number: rtf.cell.extend(rtf._taken("story")),
    "row": lambda rtf, number: rtf._row(),
    **{word: _paged(page) for word, page in PAGES.items()},
}
