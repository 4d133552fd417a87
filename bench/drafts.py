"""Drafts: labels written down by quoting the text, and their way to spans.

A draft is a text file about one article, a line a label, fields apart by ``|``:

    file: sources/wire/ferry.txt
    record: 2
    @ The ferry, which
    A a1 | Della Royce | said | that the ship may have left…boat
    S | may | may have left…boat | a1
    C | the ship may have left…boat | possible a1

``file`` is ``origin.file_name``; ``record`` stands where the file holds several articles. ``@`` moves on to the next
place where these words stand: the parts below are looked for from there on. ``A`` an attribution (id, source, cue,
content), ``S`` a speculation (cue, scope), ``C`` a claim (extent); the last field holds attributes, in any order, by
their value, or an attribution's id for the link. ``# `` begins a comment.

Conventions: a quotation stands for its first place after ``@``, at the edges of words; white space, the shape of
quotation marks and markup do not count. ``A…B`` runs from A to the next B; ``thing, [I] admit`` is the I between these
words; `` + `` joins pieces, each after the one before. ``=`` as a claim's extent is the content of the last attribution,
without "that", quotation marks and final stop, with that attribution as claimer.
Left out, attributes are: form as the quotation marks say, act speech, source_kind named_person (none without source),
kind of a claim event, check_worthy, certain, positive; kind of a speculation epistemic, possible; links null.
``negated`` negates an attribution, ``negative`` and ``open`` are the polarities negative and unknown, ``unsure`` is
the certainty unknown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from allegedly.schemas.records import Annotator, Article, Attribution, Claim, Labels, Part, Span, Speculation
from allegedly.schemas.schema import values

SCHEME = "allegedly-1"
QUOTES = "\"“”„«»‘’'"
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\xa0": " "})


class DraftError(ValueError):
    """A line of a draft that does not fit its article."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as quotations see it: no markup, one space for white space, plain quotation marks; ``at`` leads back."""

    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, article: Article) -> "Plain":
        hidden = {at for start, end in article.markup for at in range(start, end)}
        letters, places = [], []
        for at, letter in enumerate(article.text.translate(_PLAIN)):
            if at in hidden or (letter.isspace() and (not letters or letters[-1] == " ")):
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(at)
        return cls("".join(letters), tuple(places))

    def find(self, quotation: str, start: int) -> tuple[int, int]:
        """Where a quotation stands from ``start`` on. ValueError where it does not."""
        around = re.fullmatch(r"(.*?)\[(.+)\](.*)", quotation.translate(_PLAIN))
        if around:
            before, words, after = around.groups()
            low = self._find(before + words + after, start)[0]
            return self._find(words, low + len(before.lstrip()))
        first, *rest = (piece.strip() for piece in quotation.translate(_PLAIN).split("…"))
        low, high = self._find(first, start)
        for piece in rest:
            high = self._find(piece, high)[1]
        return low, high

    def _find(self, words: str, start: int) -> tuple[int, int]:
        words = " ".join(words.split())
        before = r"(?<!\w)" if words[:1].isalnum() else ""
        after = r"(?!\w)" if words[-1:].isalnum() else ""
        match = re.compile(before + re.escape(words) + after).search(self.text, start) if words else None
        if match is None:
            raise ValueError(f"{words!r} does not stand after {self.text[start : start + 40]!r}")
        return match.span()

    def span(self, low: int, high: int) -> Span:
        return Span(self.at[low], self.at[high - 1] + 1)


@dataclass(slots=True)
class _Draft:
    """What has been read of a draft so far."""

    plain: Plain
    by: str
    cursor: int = 0
    claims: list[Claim] = field(default_factory=list)
    speculations: list[Speculation] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)  # the last attribution's content, in the plain text

    def part(self, quotation: str) -> tuple[list[tuple[int, int]], Part]:
        found, start = [], self.cursor
        for piece in filter(None, (piece.strip() for piece in quotation.split(" + "))):
            found.append(self.plain.find(piece, start))
            start = found[-1][1]
        return found, tuple(self.plain.span(*place) for place in found)


def heading(draft: str) -> tuple[str, int | None]:
    """The file and the record that a draft is about."""
    file = re.search(r"^file: (.+)$", draft, re.M)
    record = re.search(r"^record: (\d+)$", draft, re.M)
    if file is None:
        raise DraftError("no line 'file: NAME' at the top: write origin.file_name of the article there")
    return file[1].strip(), int(record[1]) if record else None


def labels(draft: str, article: Article, annotator: Annotator) -> Labels:
    """The labels of a draft, in the order written. DraftError names the line that does not fit."""
    state = _Draft(Plain.of(article), annotator.id)
    read = {"@": _move, "A": _attribution, "S": _speculation, "C": _claim}
    for number, line in enumerate(draft.splitlines(), 1):
        kind, _, rest = line.strip().partition(" ")
        if not kind or kind in ("#", "file:", "record:"):
            continue
        try:
            if kind not in read:
                raise ValueError(f"{kind!r} begins no line, expected one of {', '.join(read)}")
            read[kind](state, [value.strip() for value in rest.removeprefix("|").split("|")])
        except ValueError as error:
            raise DraftError(f"line {number}: {line.strip()[:60]!r}: {error}") from None
    return Labels(
        claims=tuple(state.claims), speculations=tuple(state.speculations), attributions=tuple(state.attributions)
    )


def _move(state: _Draft, values_: Sequence[str]) -> None:
    state.cursor = state.plain.find(values_[0], state.cursor)[0]


def _attribution(state: _Draft, values_: Sequence[str]) -> None:
    name, source, cue, content, *words = _fields(values_, 4)
    found = _attributes("attribution", words, ("form", "act", "source_kind"))
    parts = {key: state.part(value) for key, value in (("source", source), ("cue", cue), ("content", content))}
    state.places = parts["content"][0]
    quoted = [_quoted(state.plain.text, *place) for place in state.places]
    found.setdefault("form", "direct" if quoted and all(q == "all" for q in quoted) else _form(quoted))
    found.setdefault("act", "speech")
    found.setdefault("source_kind", "named_person" if source else "none")
    state.attributions.append(
        Attribution(
            id=name,
            negated="negated" in words,
            parent=_link(words),
            by=state.by,
            scheme=SCHEME,
            **{key: spans for key, (_, spans) in parts.items()},
            **found,
        )
    )


def _form(quoted: Sequence[str]) -> str:
    return "mixed" if any(q != "none" for q in quoted) else "indirect"


def _quoted(text: str, low: int, high: int) -> str:
    """Whether a stretch stands in quotation marks: all, some, none."""
    words = text[low:high]
    if words[0] in QUOTES and words[-1] in QUOTES and words.count('"') <= 2:
        return "all"
    return "some" if '"' in words or re.search(r"(?<!\w)'|'(?!\w)", words) else "none"


def _speculation(state: _Draft, values_: Sequence[str]) -> None:
    cue, scope, *words = _fields(values_, 2)
    found = _attributes("speculation", words, ("kind", "certainty"))
    found.setdefault("kind", "epistemic")
    found.setdefault("certainty", "possible")
    (_, cues), (_, scopes) = state.part(cue), state.part(scope)
    state.speculations.append(
        Speculation(cue=cues, scope=scopes, holder=_link(words), by=state.by, scheme=SCHEME, **found)
    )


def _claim(state: _Draft, values_: Sequence[str]) -> None:
    extent, *words = _fields(values_, 1)
    found = _attributes("claim", words, ("kind", "worth", "certainty"))
    found.setdefault("kind", "event")
    found.setdefault("worth", "check_worthy")
    found.setdefault("certainty", "certain")
    link = _link(words)
    if extent == "=":
        spans = tuple(state.plain.span(*place) for place in _bare(state.plain.text, state.places))
        link = link or state.attributions[-1].id
    else:
        spans = state.part(extent)[1]
    polarity = "negative" if "negative" in words else "unknown" if "open" in words else "positive"
    state.claims.append(Claim(extent=spans, polarity=polarity, claimer=link, by=state.by, scheme=SCHEME, **found))


def _bare(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches without the quotation marks, the "that" and the final stop around them."""
    for at, (low, high) in enumerate(places):
        if text[low] in QUOTES and (
            text[low:high].count(text[low]) == 1 or text[low + 1 : high].find(text[low]) > high - low - 4
        ):
            low += 1
        if at == 0 and text.startswith("that ", low):
            low += 5
        while text[high - 1] in ".,;" or (text[high - 1] in QUOTES and text[low:high].count(text[high - 1]) % 2):
            high -= 1
        yield low, high


def _fields(found: Sequence[str], count: int) -> list[str]:
    """The first fields as they are, the words of the one that may follow them."""
    if not count <= len(found) <= count + 1:
        raise ValueError(f"{len(found)} fields, expected {count} or {count + 1}")
    return [*found[:count], *(found[count].split() if len(found) > count else ())]


_LINKS = re.compile(r"a\d+$")
_SIGNS = {"negated": "attribution", "negative": "claim", "open": "claim", "unsure": None}


def _link(words: Sequence[str]) -> str | None:
    return next((word for word in words if _LINKS.match(word)), None)


def _attributes(layer: str, words: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Attributes by their values; a value that the schema does not know is an error."""
    known = {value: key for key in keys for value in values(layer, key)}
    if "certainty" in keys:
        known["unsure"] = "certainty"
    found = {known[word]: "unknown" if word == "unsure" else word for word in words if word in known}
    for word in words:
        if word not in known and not _LINKS.match(word) and _SIGNS.get(word) != layer:
            raise ValueError(f"unknown attribute {word!r}, expected one of {', '.join(sorted(known))}")
    return found
