"""The notation of patterns: rows of words, read into a tree.

A pattern is a row of elements with blanks between them. An element stands for one token:

==================  ====================================================================================================
``said``            this word, in lower case
``[say says]``      one of these words; ``[^say says]``: any other token
``<noun name>``     a token of one of these classes or word lists (``rules_classes.toml``, ``rules_words.toml``);
                    ``<^noun end>``: any other; ``<noun -days>``: of the first, and none of the second;
                    ``<days &name>``: of the first and of the second; so too ``[may -name]``: this word, but no name
``.``               any token, but not the end of a sentence
==================  ====================================================================================================

or for more:

==================  ====================================================================================================
``(a b | c)``       one of several rows
``(cue: ...)``      a named part
``x?``              one or none
``x{0,4}``          so many: as many as there are, none is given back; ``x{0,4}?``: as few as will do
``^``               where a sentence begins (behind the time of an entry, "12:31"); stands for no token
``&(...)``          here begins what the brackets say; stands for no token
``!(...)``          here does not begin what the brackets say; stands for no token
``_``               the cue, where another pattern of the same row has found it
==================  ====================================================================================================

The end of a sentence is a token of the class ``end``; ``<^...>`` takes it too where it is not named. What stands before the
cue is read from the cue to the left, so that there ``!(...)`` and repeats look away from it.

Repeats are bounded, and none that goes on stands inside another, so that the work at each cue is bounded as well. What may be
there once, ``(x{0,4} to)?``, does not go on: it is looked at once, so that a repeat may stand inside.
"""

import re
from dataclasses import dataclass

#: Repeats reach no farther than a stretch of a sentence.
FARTHEST = 220
#: One lazy repeat in a row of elements: two would try all pairs of places.
_LEX = re.compile(
    r"(?P<set><[^<>]*>|\[[^\[\]]*\])|(?P<look>[&!]\()|\((?P<part>[a-z]+):|(?P<open>\()|(?P<close>\))|(?P<bar>\|)"
    r"|\{(?P<low>\d+),(?P<high>\d+)\}(?P<lazy>\??)|(?P<maybe>\?)|(?P<start>\^)|(?P<any>\.(?=[\s(){}|?]|$))|(?P<hole>_)(?![\w])"
    r"|(?P<word>[\w'’%&$€£-]+)"
)


class PatternError(ValueError):
    """A pattern that cannot be read: at which column, from 1, and what is expected there."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")


@dataclass(frozen=True, slots=True)
class One:
    """One token: of some words and names, without others; ``other`` turns it round."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    other: bool = False
    column: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Where a sentence begins."""


@dataclass(frozen=True, slots=True)
class Hole:
    """The cue, which another pattern has found."""


@dataclass(frozen=True, slots=True)
class Row:
    """Elements one after another."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A part with a name."""

    name: str
    item: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many of an element."""

    item: "Node"
    low: int
    high: int
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What begins here, or does not."""

    item: "Node"
    wanted: bool


Node = One | Start | Hole | Row | Either | Named | Repeat | Look


def read(pattern: str) -> Node:
    """The tree of a pattern. PatternError where it is none."""
    return _Reader(pattern).whole()


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def whole(self) -> Node:
        node = self._either()
        if self.at < len(self.pattern):
            raise PatternError(self.at + 1, 'a ")" that closes nothing')
        return node

    def _either(self) -> Node:
        rows = [self._row()]
        while self._follows("|"):
            self.at += 1
            rows.append(self._row())
        return rows[0] if len(rows) == 1 else Either(tuple(rows))

    def _row(self) -> Node:
        items: list[Node] = []
        begin = self._blanks()
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            item = self._element(items)
            if item is not None:
                items.append(item)
            self._blanks()
        if not items:
            raise PatternError(begin + 1, "expected an element: a word, [words], <classes> or a group")
        if sum(map(_lazy, items)) > 1:
            raise PatternError(begin + 1, "a row may have one repeat of the kind {m,n}? only, found more")
        return Row(tuple(items))

    def _element(self, before: list[Node]) -> Node | None:
        """The next element; None where it belongs to the one before."""
        start = self.at
        found = _LEX.match(self.pattern, start)
        if found is None:
            if self.pattern[start] in "[<":
                close = "]" if self.pattern[start] == "[" else ">"
                raise PatternError(start + 1, f'this bracket is not closed, expected a "{close}"')
            raise PatternError(
                start + 1, f"expected a word, [words], <classes> or a group, found {self.pattern[start]!r}"
            )
        self.at = found.end()
        if found["maybe"] or found["low"]:
            before.append(self._repeat(found, before, start))
            return None
        if found["set"]:
            return _set(found["set"], start)
        if found["word"]:
            _in_lower_case(found["word"], start)
            return One(words=(found["word"],), column=start + 1)
        if found["any"]:
            return One(names=("end",), other=True, column=start + 1)
        if found["start"]:
            return Start()
        return Hole() if found["hole"] else self._group(found, start)

    def _repeat(self, found: re.Match[str], before: list[Node], start: int) -> Repeat:
        if not before or isinstance(before[-1], Repeat | Start | Look | Hole):
            raise PatternError(start + 1, "expected an element before a repeat")
        item = before.pop()
        if found["maybe"]:
            return Repeat(item, 0, 1)
        low, high = int(found["low"]), int(found["high"])
        if not low <= high <= FARTHEST or not high:
            raise PatternError(start + 1, f"a repeat goes from a number to one that is no less, {FARTHEST} at most")
        if _goes_on(item):
            raise PatternError(start + 1, "a repeat inside a repeat: name the elements one by one")
        return Repeat(item, low, high, bool(found["lazy"]))

    def _group(self, found: re.Match[str], start: int) -> Node:
        inner = self._either()
        if not self._follows(")"):
            raise PatternError(start + 1, 'this bracket is not closed, expected a ")"')
        self.at += 1
        if found["part"]:
            return Named(found["part"], inner)
        return Look(inner, found["look"] == "&(") if found["look"] else inner

    def _blanks(self) -> int:
        while self.at < len(self.pattern) and self.pattern[self.at].isspace():
            self.at += 1
        return self.at

    def _follows(self, mark: str) -> bool:
        return self.pattern[self._blanks() : self.at + 1] == mark


def _goes_on(node: Node) -> bool:
    """Whether there is a repeat of more than one in an element."""
    if isinstance(node, Repeat):
        return node.high > 1 or _goes_on(node.item)
    if isinstance(node, Row | Either):
        return any(map(_goes_on, node.items))
    return isinstance(node, Named | Look) and _goes_on(node.item)


def _lazy(node: Node) -> int:
    """How many repeats that take as few as will do stand in a row, in groups too."""
    if isinstance(node, Row):
        return sum(map(_lazy, node.items))
    if isinstance(node, Either):
        return max(map(_lazy, node.items))
    if isinstance(node, Repeat):
        return node.lazy + _lazy(node.item)
    # what is looked ahead at is settled by itself
    return _lazy(node.item) if isinstance(node, Named) else 0


def _set(text: str, start: int) -> One:
    """The element that stands between two brackets, of words or of names, with names to leave out or to keep to."""
    items = text[1:-1].removeprefix("^").split()
    kept = tuple(item for item in items if len(item) == 1 or item[0] not in "-&")
    if not kept:
        what = "words between [ and ]" if text[0] == "[" else "names of classes or word lists between < and >"
        raise PatternError(start + 1, f"expected {what}")
    if text[0] == "[":
        for word in kept:
            _in_lower_case(word, start)
    return One(
        words=kept if text[0] == "[" else (),
        names=kept if text[0] == "<" else (),
        without=tuple(item[1:] for item in items if item[0] == "-" and item not in kept),
        within=tuple(item[1:] for item in items if item[0] == "&" and item not in kept),
        other=text[1] == "^",
        column=start + 1,
    )


def _in_lower_case(word: str, start: int) -> None:
    """PatternError for a word with a capital, which no token can be."""
    if word != word.lower():
        raise PatternError(start + 1, f"{word!r} can match nothing, words are in lower case; write {word.lower()!r}")


def nodes(node: Node) -> list[Node]:
    """A node with all that are in it."""
    if isinstance(node, Row | Either):
        return [node, *(inner for item in node.items for inner in nodes(item))]
    if isinstance(node, Named | Repeat | Look):
        return [node, *nodes(node.item)]
    return [node]
