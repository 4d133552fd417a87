"""The matcher: patterns over the words of an article, each a pair of regular expressions from its cue to either side.

Conventions: indices count tokens, ranges hold both ends. Every token is one character that tells its class and the word lists
that it is in, so that a pattern over words is a regular expression over characters. The part of a pattern before its cue is
matched against the characters in reverse. A pattern is tried where a word stands that its cue may begin with, and nowhere
else; repeats are bounded. So the work is linear in the text.

Source: ``_notation.py`` has the notation.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from allegedly.builders.labellers._classes import LETTERS, UNIONS, word_class
from allegedly.builders.labellers._notation import (
    Either,
    Hole,
    Look,
    Named,
    Node,
    One,
    PatternError,
    Repeat,
    Row,
    Start,
    nodes,
)
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.plugins import hint

Range = tuple[int, int]
#: What a token may be beside its class: no words of a text, which hold no blanks.
_OPENING, _CLOSING, _TIME = "an opening mark", "a closing mark", "a time"
_POSITIONS = {"opening": (_OPENING, "\"'"), "closing": (_CLOSING, "\"'"), "time": (_TIME, "#")}
#: Characters from here on are words that a pattern knows.
_FIRST = 0x1000


@dataclass(slots=True)
class Marks:
    """The tokens of an article as characters: forward, and in reverse with the end of a sentence behind."""

    signs: str
    back: str = field(init=False)

    def __post_init__(self) -> None:
        self.back = self.signs[::-1] + "Z"


class Alphabet:
    """Which character a token is, and which characters the names in patterns stand for."""

    def __init__(self, lists: Mapping[str, frozenset[str]], trees: Iterable[Node]) -> None:
        ones = [node for tree in trees for node in nodes(tree) if isinstance(node, One)]
        named = {name for one in ones for name in (*one.names, *one.without, *one.within)}
        self._lists = {name: words for name, words in lists.items() if name in named}
        self.names = sorted({*LETTERS, *UNIONS, *lists, *_POSITIONS})
        literal = {word for one in ones for word in one.words}
        variants: dict[str, set[str]] = {}
        for word in literal.union(*self._lists.values()):
            variants[word] = {word_class(form) for form in (word, word.capitalize(), word.upper())}
        for marked, letters in _POSITIONS.values():
            variants[marked] = set(letters)
        pairs = sorted((letter, word) for word, found in variants.items() for letter in found)
        self._of: dict[str, dict[str, str]] = {}
        self._by_class: dict[str, set[str]] = {letter: {letter} for letter in LETTERS.values()}
        for number, (letter, word) in enumerate(pairs):
            self._of.setdefault(word, {})[letter] = chr(_FIRST + number)
            self._by_class[letter].add(chr(_FIRST + number))
        self._all = frozenset().union(*self._by_class.values())
        self._known: dict[One, frozenset[str]] = {}

    def marks(self, tokens: Tokens) -> Marks:
        """The characters of an article's tokens."""
        get = self._of.get
        signs = [
            kind if (known := get(word)) is None else known.get(kind, kind)
            for kind, word in zip(tokens.kinds, tokens.words, strict=True)
        ]
        for first, last in tokens.quotes:
            signs[first] = self._of[_OPENING].get(tokens.kinds[first], signs[first])
            signs[last] = self._of[_CLOSING].get(tokens.kinds[last], signs[last])
        for first, _ in tokens.sentences:
            if tokens.kinds[first] == "#" and tokens.opening(first) > first:
                signs[first] = self._of[_TIME]["#"]
        return Marks("".join(signs))

    def start(self) -> str:
        """The characters behind which a sentence begins."""
        return f"[Z{self._of[_TIME]['#']}]"

    def characters(self, one: One) -> frozenset[str]:
        """The characters that an element stands for. PatternError for a name that is none."""
        known = self._known.get(one)
        if known is None:
            known = frozenset().union(*map(self._word, one.words), *(self._name(name, one) for name in one.names))
            for name in one.without:
                known -= self._name(name, one)
            for name in one.within:
                known &= self._name(name, one)
            if one.other:
                known = self._all - known
            if not known:
                raise PatternError(one.column, "no token can be all of this")
            self._known[one] = known
        return known

    def _word(self, word: str) -> frozenset[str]:
        return frozenset(self._of[word].values())

    def _name(self, name: str, one: One) -> frozenset[str]:
        letters = UNIONS.get(name) or LETTERS.get(name)
        if letters:
            return frozenset().union(*map(self._by_class.__getitem__, letters))
        if name in _POSITIONS:
            return self._word(_POSITIONS[name][0])
        if name not in self._lists:
            near = hint(name, self.names) or f"; there are {', '.join(self.names)}"
            raise PatternError(one.column, f"no class or word list {name!r}{near}")
        return frozenset().union(*map(self._word, self._lists[name]))


def _class(characters: frozenset[str]) -> str:
    """A regular expression for one of some characters."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    inner = "".join(
        re.escape(chr(low)) if low == high else f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges
    )
    return f"[{inner}]"


def _expression(node: Node, alphabet: Alphabet, back: bool) -> str:
    """A node as a regular expression, to be read forward or from the cue back."""
    if isinstance(node, One):
        return _class(alphabet.characters(node))
    if isinstance(node, Start):
        return f"(?={alphabet.start()})" if back else f"(?<={alphabet.start()})"
    if isinstance(node, Row):
        inner = [_expression(item, alphabet, back) for item in node.items]
        return "".join(reversed(inner) if back else inner)
    if isinstance(node, Either):
        return f"(?:{'|'.join(_expression(item, alphabet, back) for item in node.items)})"
    if isinstance(node, Named):
        return f"(?P<{node.name}>{_expression(node.item, alphabet, back)})"
    if isinstance(node, Repeat):
        inside = f"(?:{_expression(node.item, alphabet, back)})"
        return f"{inside}{{{node.low},{node.high}}}{'?' if node.lazy else '+'}"
    if isinstance(node, Look):
        return f"(?{'=' if node.wanted else '!'}{_expression(node.item, alphabet, back)})"
    raise PatternError(1, "the cue stands inside a group: leave it outside")


def _around(node: Node) -> tuple[Row, Node, Row]:
    """What stands before the cue of a pattern, the cue, and what stands behind it. PatternError without one."""
    items = node.items if isinstance(node, Row) else (node,)
    cues = [
        at
        for at, item in enumerate(items)
        if isinstance(item, Hole) or (isinstance(item, Named) and item.name == "cue")
    ]
    if len(cues) != 1:
        raise PatternError(1, "expected one cue, (cue: ...) or _, outside of other brackets")
    at = cues[0]
    return Row(items[:at]), items[at], Row(items[at + 1 :])


def _firsts(node: Node, alphabet: Alphabet) -> tuple[frozenset[str], bool]:
    """The characters that a node may begin with, and whether it may be empty."""
    if isinstance(node, One):
        return alphabet.characters(node), False
    if isinstance(node, Named):
        return _firsts(node.item, alphabet)
    if isinstance(node, Repeat):
        found, empty = _firsts(node.item, alphabet)
        return found, empty or node.low == 0
    if isinstance(node, Either):
        each = [_firsts(item, alphabet) for item in node.items]
        return frozenset().union(*(found for found, _ in each)), any(empty for _, empty in each)
    if isinstance(node, Row):
        firsts: frozenset[str] = frozenset()
        for item in node.items:
            found, empty = _firsts(item, alphabet)
            firsts |= found
            if not empty:
                return firsts, False
        return firsts, True
    return frozenset(), True


class Pattern:
    """A pattern around a cue, ready to match."""

    __slots__ = ("_left", "_right", "starts")

    def __init__(self, tree: Node, alphabet: Alphabet) -> None:
        left, cue, right = _around(tree)
        held = not isinstance(cue, Hole)
        self._left = re.compile(_expression(left, alphabet, True)) if left.items else None
        ahead = Row((cue, *right.items)) if held else right
        self._right = re.compile(_expression(ahead, alphabet, False)) if ahead.items else None
        #: The characters that the cue may begin with; none where another pattern finds it.
        self.starts, empty = _firsts(cue, alphabet) if held else (frozenset[str](), False)
        if empty:
            raise PatternError(1, "the cue may be empty")

    def match(self, marks: Marks, token: int) -> dict[str, Range] | None:
        """The parts, by name, where the cue begins at a token."""
        parts: dict[str, Range] = {}
        if self._right is not None:
            found = self._right.match(marks.signs, token)
            if found is None:
                return None
            for name in found.re.groupindex:
                start, end = found.span(name)
                if start >= 0:
                    parts[name] = (start, end - 1)
        if self._left is not None:
            size = len(marks.signs)
            before = self._left.match(marks.back, size - token)
            if before is None:
                return None
            for name in before.re.groupindex:
                start, end = before.span(name)
                if start >= 0:
                    parts[name] = (size - end, size - 1 - start)
        return parts

    def stands(self, marks: Marks, cue: Range) -> bool:
        """Whether what stands around a cue that is known is as the pattern, with ``_`` for it, has it."""
        return (self._right is None or self._right.match(marks.signs, cue[1] + 1) is not None) and (
            self._left is None or self._left.match(marks.back, len(marks.signs) - cue[0]) is not None
        )


def search(tree: Node, alphabet: Alphabet) -> Callable[[str], re.Match[str] | None]:
    """A pattern without a cue, to be looked for anywhere in characters that begin and end with the end of a sentence."""
    return re.compile(_expression(tree, alphabet, False)).search
