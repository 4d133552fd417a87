"""Spellings: in how many ways one word is written by what passes it on, as a server that sends back what it was sent.

Conventions: ``readings`` undoes escapes of JSON (``\\/``, ``\\u002B``), of Python and C (``\\x2b``), of addresses (``%2B``) and of
HTML (``&#43;``), one inside the other too; ``spelt`` gives what no escape tells, as base64. Case is the caller's affair.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

_ESCAPE = re.compile(
    r"\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([^\w\s]))|((?:%[0-9a-f]{2})+)|(&(?:#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,8});)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\\%&]")
#: How many escapes deep is looked: an address in JSON in a string of JSON.
_DEEP = 4
#: Characters of a text that are looked at in one go, and those of the next piece that are looked at with them.
PIECE, OVERLAP = 1 << 17, 1 << 13
#: Characters of base64 that say a word when they stand inside a longer line of it.
_INSIDE = 8


class Reading(NamedTuple):
    """A text with escapes undone; where each of its characters begins and ends in the text as it is written."""

    text: str
    starts: list[int]
    ends: list[int]


def readings(text: str) -> Iterator[Reading]:
    """The text with escapes undone, then with those that were inside them, as long as there are some; a long text in
    pieces that overlap, so that no text takes much memory."""
    if _MARKS.search(text) is None:
        return
    for at in range(0, len(text), PIECE):
        end = min(at + PIECE + OVERLAP, len(text))
        reading = Reading(text[at:end], list(range(at, end)), list(range(at + 1, end + 1)))
        for _ in range(_DEEP):
            undone = _undone(reading)
            if undone.text == reading.text:
                break
            yield undone
            reading = undone


def _undone(reading: Reading) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(reading.text):
        start, end = match.span()
        meant = _meant(match)
        pieces += reading.text[at:start], meant
        starts += reading.starts[at:start] + [reading.starts[start]] * len(meant)
        ends += reading.ends[at:start] + [reading.ends[end - 1]] * len(meant)
        at = end
    pieces.append(reading.text[at:])
    return Reading("".join(pieces), starts + reading.starts[at:], ends + reading.ends[at:])


def _meant(match: re.Match[str]) -> str:
    unicode, byte, mark, percent, entity = match.groups()
    if unicode or byte:
        return chr(int(unicode or byte, 16))
    return mark or (unquote(percent) if percent else html.unescape(entity))


def spelt(word: str) -> set[str]:
    """The word, and what escapes make of it or undo in it."""
    last = [reading.text for reading in readings(word)][-1:]
    return {word, *last, unquote(word), quote(word, safe=""), json.dumps(word)[1:-1], repr(word)[1:-1]}


def coded(word: str) -> set[str]:
    """The word in hexadecimal, and in base64, by itself and as it stands in the midst of a longer line of that."""
    data = word.encode("utf-8", "surrogatepass")
    whole = base64.b64encode(data).decode()
    lines = {whole, whole.rstrip("=")}
    for before in range(3):
        line = base64.b64encode(b"\0" * before + data).decode()
        # the characters that hold nothing of a neighbour
        inner = line[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        lines |= {inner} if len(inner) >= _INSIDE else set()
    return {data.hex(), *lines, *(line.translate(_SAFE) for line in lines)}


_SAFE = str.maketrans("+/", "-_")

__all__ = ["coded", "readings", "spelt"]
