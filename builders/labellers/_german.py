"""Words of saying beside a quotation in German, with who says it.

Conventions: a frame is looked for near the quotation only, in the same block: after it (", sagte Holt"), before it
("Holt sagte: "), and around it where the quotation is a part of a sentence ("Holt nannte es ..."). A source is given
only where it is a noun phrase that can be told by its capitals and small words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from allegedly.builders.labellers._german_words import (
    ARTICLE,
    CALL,
    CALLED,
    CALLING,
    PARTICIPLE,
    PARTICLE,
    REPORTED,
    SLOGAN,
    TITLE,
    VERB,
    VIEW,
    named,
    source,
    without_recipient,
)
from allegedly.schemas.records import Article, Part, Span

#: How far a frame may lie from its quotation, in code points. Quotations longer than the second number are not looked
#: into: their words of saying are not the author's.
_REACH, _QUOTED = 240, 40

_SPACE = re.compile(r"[^\S ]")
_CUE = re.compile(rf"(?<!\w)(?:{VERB}|[Ll]aut|[Nn]ach|so|heißt|hieß|wird|wurden?|werden|hat|hatten?|haben)(?!\w)")
_REPORTED = re.compile(rf"(?<!\w){REPORTED}(?!\w)")
_CALLING = re.compile(rf"(?<!\w){CALLING}(?!\w)")
_CALLED, _SLOGAN, _TITLE, _ARTICLE = map(re.compile, (CALLED, SLOGAN, TITLE, ARTICLE))

#: More than one space stands where there is markup.
_GAP = " {1,6}"
_AFTER = re.compile(
    rf"\s*[,–—-]?\s*(?:"
    rf"(?P<cue>so|laut|{VERB})(?: (?:auch|dazu|später|weiter|gestern|heute|am \w+tag))?{_GAP}{source()}"
    rf"|(?P<text>(?:heißt|hieß) es)(?: dazu| weiter| wörtlich)? (?:in|aus|auf) {named('document')}"
    rf"|(?P<bare>(?:{VERB}|(?:so )?(?:heißt|hieß) es))(?=[\s.,:;])"
    rf"|(?P<passive>wird|wurden?|werden) {source('cited')} (?P<cited_end>zitiert)"
    rf"|(?P<perfect>hat|hatten?|haben) {source('had')} (?:[^.,:;]{{0,40}} )?(?P<had_end>{PARTICIPLE})"
    rf")(?!\w)"
)
#: The part of a source, and of a second piece of the cue, for the first piece that was found.
_ROLES = {
    "cue": ("source", ""),
    "text": ("document", ""),
    "bare": ("", ""),
    "passive": ("cited", "cited_end"),
    "perfect": ("had", "had_end"),
}
_TAIL = re.compile(
    rf", (?P<cue>so|{VERB}) {source()}(?= (?:am|im|in|bei|gegenüber|vor|zu|zur|weiter)\b|\s*[.,;:(]|\s*$)"
)
_INSERTED = re.compile(rf", (?P<cue>so|{VERB}) {source()}(?=,)")
_HEAD = re.compile(
    rf"(?![„»\"][^“”«\"]*[“”«\"],)(?:(?:Auch|Doch|Und|Aber|Denn) )?{source()},?{_GAP}(?P<cue>{VERB})(?!\w)"
)
_TURNED = re.compile(
    rf"(?<!\w)(?P<cue>{VERB})(?: (?:auch|dazu|hingegen|dagegen|jedoch|wiederum|weiter))?{_GAP}{source()}"
)
_PERFECT = re.compile(
    rf"(?:{source()} )?(?<!\w)(?P<cue>ha(?:t|tten?|ben))(?: {source('turned')})? (?:[^.:;]* )?(?P<end>{PARTICIPLE}):?"
)
_IN_TEXT = re.compile(
    rf"(?<!\w)(?:(?:[Ii]n|[Aa]us|[Aa]uf) {named()} (?P<cue>(?:heißt|hieß) es)|"
    rf"(?P<early>(?:heißt|hieß) es)(?: (?:in|aus|auf) {named('document')})?)(?!\w)"
)
_ACCORDING = re.compile(rf"(?<!\w)(?P<cue>[Ll]aut|[Nn]ach (?:den )?{VIEW}(?: von| vom)?) (?!eigene[mnr] ){named()}")
_ALONE = re.compile(rf"{source()}(?P<cue>:)")
_VERB = re.compile(rf"(?<!\w){VERB}(?!\w)")
_REST = re.compile(r"[^.:;„»«“\"]*")
#: A particle may stand behind an apposition: "räumte der Sprecher, Timo Falk, ein".
_PARTICLES = {
    verb: re.compile(rf"(?:[^.,:;]*? |(?:, [^.,:;]{{1,80}})?, (?=(?:{end})\s*(?:[.,:;„»\"]|$)))(?P<end>{end})(?!\w)")
    for verb, end in PARTICLE.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands beside a quotation. ``after``: the words of saying follow it; ``end``: where they end; ``colon``: a
    colon leads to it; ``spoken``: there are words of saying; ``reported``: the sentence reports what somebody says;
    ``title``: it is the name of something; ``named``: an article stands before it, as before names; ``called``:
    something is called what it says."""

    source: Part = ()
    cue: Part = ()
    after: bool = False
    end: int = -1
    colon: bool = False
    spoken: bool = False
    reported: bool = False
    title: bool = False
    named: bool = False
    called: bool = False


class Sayings:
    """The words of saying of one article."""

    def __init__(self, article: Article, text: str, quoted: Iterable[tuple[int, int]]) -> None:
        self.text = _hushed(_SPACE.sub(" ", text), quoted)
        self.starts = [span.start for span in article.sentences]
        self.ends = [span.end for span in article.sentences]
        self.cues, self.reports, self.callings = (
            [match.start() for match in pattern.finditer(self.text)] for pattern in (_CUE, _REPORTED, _CALLING)
        )

    def frame(self, start: int, end: int, block: tuple[int, int]) -> Frame:
        """The frame of the quotation between two offsets."""
        begin = max(block[0], self._sentence(start))
        first = max(begin, start - _REACH)
        lead = self.text[first:start].rstrip()
        colon = lead.endswith(":")
        if not colon and _any(self.cues, end, min(end + 40, block[1])) and (following := self._after(end, block[1])):
            return following
        last = min(block[1], self._end(end), end + _REACH)
        saying = self._around(first, lead, end, last, first == begin)
        called = bool(_CALLED.search(lead[-8:])) and (
            _any(self.callings, first, start) or _any(self.callings, end, last)
        )
        return Frame(
            source=without_recipient(self.text, saying[0]) if saying else (),
            cue=saying[1] if saying else (),
            colon=colon,
            spoken=saying is not None and self.text[saying[1][0].start] != ":",
            reported=saying is not None or _any(self.reports, first, start) or _any(self.reports, end, last),
            title=bool(_TITLE.search(lead[-30:])),
            named=bool(_ARTICLE.search(lead[-8:])),
            called=called or bool(_SLOGAN.search(lead[-40:])),
        )

    def _sentence(self, offset: int) -> int:
        """Where the sentence around an offset begins; after a colon, the one that the colon ends."""
        colon = self.text[max(0, offset - 2) : offset].rstrip().endswith(":")
        where = (bisect_left if colon else bisect_right)(self.starts, offset) - 1
        return self.starts[where] if where >= 0 else 0

    def _end(self, offset: int) -> int:
        where = bisect_left(self.ends, offset)
        return self.ends[where] if where < len(self.ends) else offset

    def _after(self, end: int, limit: int) -> Frame | None:
        """What follows a quotation directly."""
        limit = min(limit, end + _REACH)
        match = _AFTER.match(self.text, end, limit)
        if not match:
            return None
        name = next(name for name in _ROLES if match[name])
        who, rest = _ROLES[name]
        cue = _part(match, name) + (_part(match, rest) if rest else ())
        stop = match.end()
        if match[name] in _PARTICLES:
            particle = _PARTICLES[match[name]].match(self.text, stop, limit)
            if not particle:
                return None
            cue = _joined(cue[0], *_part(particle, "end"))
            stop = particle.end()
        tail = _REST.match(self.text, stop, limit)
        return Frame(
            source=without_recipient(self.text, _part(match, who)) if who else (),
            cue=cue,
            after=True,
            end=tail.end() if tail else stop,
            spoken=True,
            reported=True,
        )

    def _around(self, first: int, lead: str, end: int, last: int, whole: bool) -> tuple[Part, Part] | None:
        """Source and cue from the sentence of a quotation, None without words of saying. ``whole``: the lead begins
        where the sentence does."""
        if _any(self.cues, first, first + len(lead)) and (parts := _before(first, lead, whole)):
            return parts
        if whole and not _TITLE.search(lead[-30:]) and (alone := _ALONE.fullmatch(lead)):
            return _parts(alone, first)
        if _any(self.cues, end, last) and (tail := _TAIL.search(self.text, end, last)):
            return _parts(tail)
        return None


def _before(first: int, lead: str, whole: bool) -> tuple[Part, Part] | None:
    if whole and (head := _HEAD.match(lead)):
        return _with_verb(head, first, lead)
    if whole and (perfect := _PERFECT.fullmatch(lead)):
        who = "source" if perfect["source"] else "turned"
        return _part(perfect, who, first), _part(perfect, "cue", first) + _part(perfect, "end", first)
    if document := _IN_TEXT.search(lead):
        who, cue = ("source", "cue") if document["cue"] else ("document", "early")
        return _part(document, who, first), _part(document, cue, first)
    if inserted := _INSERTED.search(lead):
        return _parts(inserted, first)
    if turned := list(_TURNED.finditer(lead)):
        return _with_verb(turned[-1], first, lead)
    if according := _ACCORDING.search(lead):
        return _parts(according, first)
    verbs = list(_VERB.finditer(lead)) if lead.endswith(":") else []
    return ((), _part(verbs[-1], 0, first)) if verbs else None


def _with_verb(match: re.Match[str], offset: int, lead: str) -> tuple[Part, Part] | None:
    """Source and cue, with what belongs to the verb: "teilte ... mit", "nannte ... als"."""
    who, cue = _parts(match, offset)
    if match["cue"] in CALL and (called := re.search(r"(?<!\w)als(?= ein\w*$|$)", lead)):
        return who, (*cue, *_part(called, 0, offset))
    if match["cue"] in _PARTICLES:
        particle = _PARTICLES[match["cue"]].match(lead, match.end())
        return (who, _joined(cue[0], *_part(particle, "end", offset))) if particle else None
    return who, cue


def _joined(verb: Span, particle: Span) -> Part:
    return (Span(verb.start, particle.end),) if particle.start - verb.end == 1 else (verb, particle)


def _parts(match: re.Match[str], offset: int = 0) -> tuple[Part, Part]:
    return _part(match, "source", offset), _part(match, "cue", offset)


def _part(match: re.Match[str], group: str | int, offset: int = 0) -> Part:
    start, end = match.span(group)
    return () if start < 0 else (Span(offset + start, offset + end),)


def _any(places: list[int], start: int, end: int) -> bool:
    """Whether one of the places lies in a stretch."""
    nearest = bisect_left(places, start)
    return nearest < len(places) and places[nearest] < end


def _hushed(text: str, quoted: Iterable[tuple[int, int]]) -> str:
    """The text with dots in place of what stands in long quotations."""
    pieces: list[str] = []
    done = 0
    for start, end in quoted:
        if end - start > _QUOTED:
            pieces += (text[done : start + 1], "·" * (end - start - 2))
            done = end - 1
    return "".join((*pieces, text[done:]))
