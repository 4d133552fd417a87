"""Recognition: what a reader is shown of a file, and what it answers: how sure it is that the file is of its format.

Conventions: a claim has a strength and a media type. The strongest claim has the file. Among equals: the reader whose
``ENDINGS`` hold the ending of the file's name, then the name first in the alphabet. Which file of code comes first
never matters. Strengths, from the strongest:

- ``SIGNATURE``: first bytes, a root element, names of fields or members that no other format has;
- ``STRUCTURE``: the content is built as the format is, as far as one looks;
- ``LIKELY``: the content begins as one of the format may;
- ``NAME``: the ending says so, and what is there does not speak against it;
- ``POSSIBLE``: the content could be read so, but hardly anything tells;
- ``ANY``: takes any text, where nobody claims more.
"""

# ruff: noqa: SIM905 - names read better as words in a row

import codecs
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from allegedly.builders.sources import binary
from allegedly.builders.sources.containers import archive_kind, inner_name
from allegedly.builders.sources.encodings import marked, wide

#: So many bytes of a file are decoded to see what it is.
HEAD = 1 << 16
_NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
#: A comment, closed or running to the end; possessive, for a page may open a thousand and close none.
_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?")
_LINE_END = re.compile(r"[\r\n]")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
#: Endings of names that only XML has, and the elements that HTML has: around a whole page, and in its place.
_XML_ENDINGS = frozenset(("xml", "rss", "atom", "svg", "xsl"))
PAGE_ROOTS = frozenset(("html", "head", "body"))
_HTML = PAGE_ROOTS | frozenset(
    """
    a abbr address applet area article aside audio b base basefont bdi bdo big blockquote br button canvas caption center
    cite code col data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form
    frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr i iframe img input ins kbd label legend li link main map mark menu
    meta meter nav noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp
    script search section select slot small source span strike strong style sub summary sup svg table tbody td template
    textarea tfoot th thead time title tr track tt u ul var video wbr
    """.split()
)
#: So many of the last bytes of a file are looked at for the end of its first element.
_TAIL = 1 << 10
_LAST = re.compile(rb"</(?:[\w.-]+:)?([\w.-]+)\s*>(?:\s|<!--[^<>]*-->)*\Z")


Answer = TypeVar("Answer")


class Strength(IntEnum):
    """How sure a reader is; see above."""

    ANY = 0
    POSSIBLE = 1
    NAME = 2
    LIKELY = 3
    STRUCTURE = 4
    SIGNATURE = 5


class Claim(NamedTuple):
    """A reader's answer: how sure it is, and the media type of the file."""

    strength: Strength
    media_type: str


@dataclass(frozen=True, eq=False)
class RawFile:
    """A file as it came, for readers to look at. What costs time is worked out once, when the first reader asks.

    ``name``: as the ledger has it. ``fields``: what the user calls our fields, ours to theirs.
    """

    data: bytes
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)
    _answers: dict[Callable[..., object], object] = field(default_factory=dict, init=False, repr=False)

    def once(self, look: "Callable[[RawFile], Answer]") -> Answer:
        """What a look at the file gives: several readers may ask for it, the file is looked at once."""
        if look not in self._answers:
            self._answers[look] = look(self)
        return cast(Answer, self._answers[look])

    @cached_property
    def ending(self) -> str:
        """The ending of the name without what compression adds, in lower case: ``a/Page.HTML.gz`` has ``html``."""
        last = inner_name(self.name.rpartition("!/")[2]).rpartition("/")[2]
        return last.rpartition(".")[2].lower() if "." in last else ""

    @cached_property
    def text(self) -> str | None:
        """The beginning of the file as text, without a byte order mark and white space in front. None for what is
        binary, an archive, or nothing but white space."""
        head = self.data[:HEAD]
        if self.archive or binary.kind(head) or binary.controls(head):
            return None
        words = decoded(head).lstrip("\ufeff\0 \t\r\n")
        return words if words or self.data.translate(None, _NOTHING) else None

    @cached_property
    def first_line(self) -> str:
        """The first line of the text; empty where there is none."""
        return first_line(self.text or "").strip("\ufeff\r")

    @property
    def marked_up(self) -> bool:
        """Whether the text begins with a ``<``."""
        return self.text is not None and self.text.startswith("<")

    @cached_property
    def markup(self) -> str:
        """The text without comments where it begins with a ``<``, else nothing."""
        return _COMMENT.sub("", self.text) if self.text is not None and self.marked_up else ""

    @cached_property
    def root(self) -> str:
        """The name of the first element of a text that begins with a ``<``: lower case, without prefix; else empty."""
        element = _ROOT.search(self.markup)
        return element[1].lower() if element else ""

    @cached_property
    def xml(self) -> bool:
        """Whether a text that begins with a ``<`` is XML: it says so, its name does, or an element holds all of it that
        HTML does not have, or not around the body of a page."""
        if not self.marked_up or self.markup.startswith("<?xml") or self.ending in _XML_ENDINGS:
            return self.marked_up
        if not (self.root and _ROOT.match(self.markup)) or self.root in PAGE_ROOTS or not self._is_whole:
            return False
        return self.root not in _HTML or re.search(r"<body\b", self.markup, re.I) is not None

    @property
    def _is_whole(self) -> bool:
        """Whether the first element ends where the file does."""
        last = _LAST.search(self.data[-_TAIL:])
        return last is not None and last[1].decode("ascii", "replace").lower() == self.root

    @cached_property
    def archive(self) -> str | None:
        """What kind of compressed file or archive this is (``zip``, ``tar``, ``gzip``, ...); None where it is none."""
        return archive_kind(self.data)

    @cached_property
    def members(self) -> frozenset[str]:
        """The names in the directory of a zip archive: how a format that is one in disguise is known."""
        if self.archive != "zip":
            return frozenset()
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return frozenset(archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            return frozenset()


def first_line(text: str) -> str:
    """What stands before the first line end, of whatever system: old Macs set a carriage return alone."""
    return _LINE_END.split(text, maxsplit=1)[0]


def decoded(head: bytes) -> str:
    """The beginning of a text, well enough decoded to see what it is."""
    if encoding := marked(head) or wide(head):
        return head[: len(head) // 4 * 4].decode(encoding, "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
