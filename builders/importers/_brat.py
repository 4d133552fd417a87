"""brat standoff: what a file of annotations says, line by line.

Conventions: offsets as brat counts them, half-open, in code points. A line that begins with no brat id carries on the
text of the ``T`` record before it (texts that hold a line end spill over).
Source: https://brat.nlplab.org/standoff.html
"""

import re
from dataclasses import dataclass, field

from allegedly.schemas.records import Part, Span

_TEXTBOUND = re.compile(r"(T\S*)\t(\S+) ([0-9]{1,18} [0-9]{1,18}(?:;[0-9]{1,18} [0-9]{1,18})*)(?:\t(.*))?", re.DOTALL)
_EVENT = re.compile(r"(E\S*)\t([^\s:]+):(\S+)((?: \S+:\S+)*)\s*")
_RELATION = re.compile(r"(R\S*)\t(\S+) (\S+):(\S+) (\S+):(\S+)\s*")
_ATTRIBUTE = re.compile(r"([AM]\S*)\t(\S+) (\S+)(?: (.*))?")
_OTHER = re.compile(r"([#N]\S*|\*)\t(.*)", re.DOTALL)
_ID = re.compile(r"(?:[TERAMN#]\d+|\*)\t")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text with a type (``T``); ``spans`` in the order of the file, ``part`` in that of the text."""

    type: str
    spans: Part
    text: str | None

    @property
    def part(self) -> Part:
        return tuple(sorted(set(self.spans)))


@dataclass(frozen=True, slots=True)
class Link:
    """An event (``E``, with its trigger) or a relation (``R``): roles and what fills them."""

    type: str
    trigger: str | None
    roles: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Standoff:
    """One file of annotations. ``at`` holds the line of each id; ``broken`` numbers of lines, from 1, that are no brat,
    or give an id a second time."""

    mentions: dict[str, Mention] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    attributes: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)


def parse(text: str) -> Standoff:
    """A file of annotations."""
    standoff = Standoff()
    for number, line in _lines(text):
        _take(standoff, number, line)
    return standoff


def _lines(text: str) -> list[tuple[int, str]]:
    """Records with the number of their first line, continuation lines joined to theirs."""
    out: list[tuple[int, str]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if _ID.match(line) or not out:
            if line:
                out.append((number, line))
        elif out[-1][1].startswith("T"):
            out[-1] = (out[-1][0], f"{out[-1][1]}\n{line}")
        elif line:
            out.append((number, line))
    return out


def _take(standoff: Standoff, number: int, line: str) -> None:
    name = line.partition("\t")[0]
    if name in standoff.at and name != "*":
        standoff.broken.append(number)
        return
    standoff.at.setdefault(name, number)
    if m := _TEXTBOUND.fullmatch(line):
        spans = tuple(Span(*map(int, piece.split())) for piece in m[3].split(";"))
        standoff.mentions[m[1]] = Mention(m[2], spans, m[4])
    elif m := _EVENT.fullmatch(line):
        pairs = (role.partition(":") for role in m[4].split())
        standoff.links[m[1]] = Link(m[2], m[3], tuple((role, filler) for role, _, filler in pairs))
    elif m := _RELATION.fullmatch(line):
        standoff.links[m[1]] = Link(m[2], None, ((m[3], m[4]), (m[5], m[6])))
    elif m := _ATTRIBUTE.fullmatch(line):
        standoff.attributes.append((m[1], m[2], m[3], m[4]))
    elif m := _OTHER.fullmatch(line):
        standoff.others.append((m[1], m[2]))
    else:
        standoff.broken.append(number)


def wrong(mention: Mention, text: str) -> str | None:
    """What is wrong with a mention against its text, or None: spans outside it or empty, or another text than the
    file says."""
    if any(not 0 <= start < end <= len(text) for start, end in mention.spans):
        return f"spans outside the text of {len(text)} characters, or empty"
    quoted = mention.text
    if quoted is not None and "".join(quoted.split()) != "".join("".join(text[s:e] for s, e in mention.spans).split()):
        return "the text at these offsets is not the text that the record gives"
    return None
