"""News agencies: which names are theirs, and those in the frame of a text.

Conventions: an agency is named as the source names it, each once, whatever its other spellings. Short names are known
in the case in which agencies write them (``AP``, ``dpa``), for families have them too.
Source: the agencies' own datelines and credit lines; a line each in ``agencies.txt``.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from allegedly.schemas.records import Block

#: Names with fewer letters are known in their own case only.
SHORT = 6
_ANY = re.compile(r"(?:the\s+)?(?:[\w-]+\s+){0,2}(?:news|press)\s+agency", re.I)
#: The agency that ends a dateline (``PARIS, March 14 (AFP) -``, ``(ANSA) - ROMA``, ``/TASS/.``), or stands alone in it.
_DATELINE = re.compile(
    r"(?:[^\W\d_][^()\n]{0,80}?)?(?:\((?P<bracketed>[^()\n]{2,40})\)|/(?P<slashed>[^/\n]{2,30})/)\s*(?:[–—:.-]|_)|"
    r"[^\W\d_][\w .,'’-]{1,40}[/,]\s?(?P<joined>[^\W\d_][\w-]{1,20})\s[–—-]\s"
)
#: A word that names of agencies follow.
_BEFORE = re.compile(r"^(?:by|von|par|por|di|door|from|with|mit|avec|con)\s+", re.I)
_MARKS = re.compile(
    r"\s*[;:|•·/,\n()&©]\s*|\s+(?:and|und|et|y|e|en|og|och|with|mit|avec|con|by|from|von|für|for|via|/|-|–|—)\s+|\.\s|\.$"
)
_YEAR = re.compile(r"^(?:19|20)\d\d\s+|\s+(?:19|20)\d\d$")
#: Blocks that stand around a story.
FRAME = ("byline", "boilerplate", "disclaimer", "dateline")


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Spellings to the agency's first: in their own case, and long ones without case."""
    own: dict[str, str] = {}
    folded: dict[str, str] = {}
    for line in (files(__package__) / "agencies.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            first, *others = (name.strip() for name in line.split("|"))
            for name in (first, *others):
                own[name] = first
                if len(name) >= SHORT:
                    folded[name.casefold()] = first
    return own, folded


def known(name: str) -> str | None:
    """The name under which an agency is listed; None for what is not listed."""
    own, folded = _names()
    bare = " ".join(name.split()).strip(" .,:;*-–—\"'")
    short = re.sub(
        r"^(?:the|die|der|l['’])\s?|\s+(?:news agency|newswire|staff|writers?|reporters?)$", "", bare, flags=re.I
    )
    forms = (bare, short, *(["dpa"] if bare.startswith("dpa-") else ()))
    return next(filter(None, (own.get(form) or folded.get(form.casefold()) for form in forms)), None)


def is_agency(name: str) -> bool:
    """Whether a name is that of an agency, or says so itself (``Norther News Agency``)."""
    return known(name) is not None or bool(_ANY.fullmatch(name.strip()))


def once(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, of each agency the first spelling."""
    return tuple({(known(name) or name.casefold()): name for name in reversed(list(names))}.values())[::-1]


def in_frame(text: str, blocks: Iterable[Block]) -> tuple[str, ...]:
    """The agencies in the lines around a story, and in the dateline that begins it."""
    named: list[str] = []
    begun = False
    for block in blocks:
        if block.kind in FRAME and block.end - block.start <= 300:
            named.extend(in_line(text[block.start : block.end]))
        elif block.kind in ("lead", "paragraph") and not begun:
            begun = True
            named.extend(in_dateline(text[block.start : block.start + 160]))
        elif block.kind == "paragraph" and block.end - block.start <= 60:
            named.extend(alone(text[block.start : block.end]))
    return once(named)


def in_dateline(words: str) -> tuple[str, ...]:
    """The agencies of a dateline that begins a paragraph."""
    line = _DATELINE.match(words)
    agency = (line["bracketed"] or line["slashed"] or line["joined"]) if line else None
    if not agency:
        return ()
    return tuple(part for part in re.split(r"\s*[/,&]\s*|\s+and\s+", agency) if is_agency(part))


def in_line(words: str) -> tuple[str, ...]:
    """The agencies that a line around a story names between its marks."""
    parts = (_YEAR.sub("", part.strip()) for part in _MARKS.split(_BEFORE.sub("", words)))
    return tuple(part for part in parts if part and is_agency(part))


def alone(words: str) -> tuple[str, ...]:
    """The agencies of a short line that names nothing else: ``(dpa)``, ``AFP/Reuters``."""
    parts = [part for part in re.split(r"\s*[/,;|()\n]\s*|\s+-\s+", words.strip(" .*–—-")) if part]
    return tuple(parts) if parts and all(map(is_agency, parts)) else ()
