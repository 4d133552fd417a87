"""Drafts: the labels of one article, written down by quoting its text, a line a label. ``docs/drafts.md`` tells the form.

Conventions: places are those of ``plain.Plain``. Every line that does not hold is a Problem; what holds but may not be
what the writer meant is a Note. A draft with a Problem has no labels.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from allegedly.builders.annotations import draft_words
from allegedly.builders.annotations.given import Note
from allegedly.builders.annotations.plain import Place, Plain, Slip, plainly, shielded
from allegedly.builders.annotations.quoted import Quoted
from allegedly.schemas.derive import numbered
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import LABELS, LAYERS, LINK, Article, Labels, Part, Problem

#: What a line of the head may begin with.
HEAD = ("article", "file", "record", "layers", "scheme")
KINDS = {"A": "attributions", "S": "speculations", "C": "claims"}
#: Fields of a label's line: the least, the most.
FIELDS = {
    "A": ("id", "source", "cue", "content", "attributes", "speaker"),
    "S": ("cue", "scope", "attributes"),
    "C": ("extent", "attributes"),
}
NEEDED = {"A": 4, "S": 2, "C": 1}
#: Parts of a label that lie more sentences apart are taken for a slip.
APART = 3
_PRONOUNS = """he she it they we i you who which that this these those him her them us me one whom whose himself herself itself
themselves his hers their theirs its our ours my mine your yours another others both"""
PRONOUNS = frozenset(_PRONOUNS.split())
NULL, EMPTY, SAME = "?", "-", "="


@dataclass(frozen=True, slots=True)
class Head:
    """What a draft says of itself: the article that it is about, the layers that it covers, the scheme of its labels."""

    article: str | None = None
    file: str | None = None
    record: int | None = None
    layers: tuple[str, ...] = LAYERS
    scheme: str = draft_words.SCHEME


@dataclass(slots=True)
class Draft:
    """What a draft gives: labels without a ``by`` in order of position, or None beside problems."""

    labels: Labels | None
    problems: list[Problem]
    notes: list[Note]


@dataclass(slots=True)
class Reading:
    """A draft as far as it is read: the cursor, labels by layer, speakers that are taken from others."""

    quoted: Quoted
    head: Head
    cursor: int = 0
    labels: dict[str, list[Any]] = field(default_factory=lambda: {layer: [] for layer in LAYERS})
    same: dict[str, tuple[int, str]] = field(default_factory=dict)
    links: list[tuple[int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    content: tuple[str, Sequence[Place]] | None = None
    broken: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def plain(self) -> Plain:
        return self.quoted.plain


def lines(text: str) -> list[str]:
    """The lines of a draft."""
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))


def head(text: str, shown: str) -> tuple[Head, list[Problem]]:
    """What the lines of the head say, with what is wrong in them."""
    said: dict[str, Any] = {}
    problems = []
    for number, line in enumerate(lines(text), 1):
        match = re.match(rf"\s*({'|'.join(HEAD)}):\s*(.*?)\s*$", line)
        if match is None:
            continue
        try:
            if match[1] in said:
                raise Slip(match[1], "a second line of the name", "one; a draft is about one article")
            said[match[1]] = _of_head(match[1], match[2])
        except Slip as slip:
            problems.append(_problem(shown, number, slip))
    if not problems and "article" not in said and "file" not in said:
        problems.append(
            Problem(
                file=shown,
                line=1,
                path="article",
                found="no line `article: ID`",
                expected="the id of the article there",
            )
        )
    return Head(**said), problems


def _of_head(name: str, value: str) -> Any:
    if name == "record":
        if not value.isascii() or not value.isdigit():
            raise Slip(name, repr(value), "the number of the record in its file")
        return int(value)
    if name == "scheme":
        return plainly(shielded(value))
    if name != "layers":
        if not value:
            raise Slip(name, "nothing", "the id of the article" if name == "article" else "its file's name")
        return value
    layers = [layer for layer in re.split(r"[,\s]+", value) if layer]
    for layer in layers:
        if layer not in LAYERS:
            raise Slip(name, repr(layer), unknown("layer", layer, list(LAYERS)))
    return tuple(layer for layer in LAYERS if layer in layers)


def _problem(shown: str, line: int, slip: Slip) -> Problem:
    return Problem(file=shown, line=line, path=slip.where, found=slip.found, expected=slip.expected)


def read(text: str, article: Article, shown: str) -> Draft:
    """The labels of a draft of an article; ``shown`` is the draft's name in messages."""
    said, problems = head(text, shown)
    reading = Reading(Quoted.of(Plain.of(article)), said)
    notes = []
    for number, line in enumerate(lines(text), 1):
        reading.notes.clear()
        try:
            take(reading, line, number)
        except Slip as slip:
            problems.append(_problem(shown, number, slip))
        notes += [Note(shown, number, message) for message in reading.notes]
    problems += [_problem(shown, number, slip) for number, slip in _unknown_ids(reading)]
    if problems:
        return Draft(None, sorted(problems, key=lambda problem: problem.line or 0), notes)
    labels = finished(reading)
    if said.layers and not any(reading.labels.values()):
        notes.append(Note(shown, 1, f"no label: taken as nothing to label in {', '.join(said.layers)}"))
    return Draft(labels, [], notes)


def take(reading: Reading, line: str, number: int = 0) -> None:
    """Reads one line. Slip where it does not hold."""
    line = line.strip()
    if not line or line.startswith("#") or re.match(rf"({'|'.join(HEAD)}):", line):
        return
    match = re.match(r"(@@|@|[^\s|]+)[\s|]?\s*", line)
    kind = match[1] if match else line
    rest = line[match.end() if match else 0 :].removeprefix("|")
    if kind in ("@", "@@"):
        if not rest.strip():
            raise Slip(kind, "no words", "the words to which the cursor moves")
        place = _placed(reading.plain, "@", shielded(rest).strip(), reading.cursor if kind == "@" else 0)
        reading.cursor = place.low
        return
    if kind not in KINDS:
        expected = "a line that begins with A, S, C, @, @@, # or a word of the head (article:, layers:)"
        raise Slip("line", repr(kind[:40]), expected)
    try:
        _label(reading, kind, shielded(rest), number)
    except Slip:
        if kind == "A":
            reading.broken = True
            reading.ids.add(rest.split("|")[0].strip())
        raise


def _label(reading: Reading, kind: str, rest: str, number: int) -> None:
    layer = KINDS[kind]
    fields = _fields(kind, rest)
    if layer not in reading.head.layers:
        raise Slip("line", f"a label of {layer}", f"a line `layers:` that names {layer} too, or no such label")
    given = draft_words.read(layer, fields.get("attributes", ""))
    if kind == "C" and fields["extent"] == SAME:
        places, link = _same(reading)
        if not places:
            return
        found = {"extent": places}
        default_link = link
    else:
        found = {name: part(reading, name, fields[name]) for name in LABELS[layer].PARTS}
        default_link = None
        _check_places(reading, {name: places for name, places in found.items() if places})
    parts = {name: spans(reading.plain, places) for name, places in found.items()}
    attributes = {**defaults(reading, layer, found, default_link), **given}
    if kind == "A":
        parts["speaker"] = _speaker(reading, fields, parts["source"], number)
        _remember(reading, fields, found["content"])
    if attributes[LINK[layer]] not in (None, "unresolved"):
        reading.links.append((number, attributes[LINK[layer]]))
    name = fields.get("id", "")
    reading.labels[layer].append(LABELS[layer](id=name, **parts, **attributes))


def _fields(kind: str, rest: str) -> dict[str, str]:
    names, given = FIELDS[kind], [value.strip() for value in rest.split("|")]
    if not NEEDED[kind] <= len(given) <= len(names):
        raise Slip(
            "line",
            f"{len(given)} fields",
            f"{NEEDED[kind]} to {len(names)}: {' | '.join(names)}; a | of the text is written \\|",
        )
    return dict(zip(names, given, strict=False))


def _remember(reading: Reading, fields: Mapping[str, str], content: Sequence[Place] | None) -> None:
    name = fields["id"]
    if not draft_words.is_id(name):
        raise Slip("id", repr(plainly(name)), "a1, a2, a3, ...")
    if name in reading.ids:
        raise Slip("id", repr(name), "an id that no other attribution of the draft has")
    reading.ids.add(name)
    reading.content, reading.broken = (name, content or ()), False


def _same(reading: Reading) -> tuple[Sequence[Place], str]:
    """The bare words of the last attribution's content, and its id."""
    if reading.broken:
        return (), ""
    if reading.content is None:
        raise Slip("extent", "= before any attribution", "an attribution above, whose content it takes over")
    name, places = reading.content
    bare = tuple(reading.quoted.bare(places))
    if not bare:
        raise Slip("extent", f"= after {name}, whose content has no words", "the words of the claim")
    return bare, name


def part(reading: Reading, name: str, quotation: str, start: int | None = None) -> tuple[Place, ...] | None:
    """The places of a part, each piece after the one before; None for ``?``, which is: not annotated."""
    if quotation == NULL:
        return None
    if quotation in ("", EMPTY):
        return ()
    places: list[Place] = []
    start = reading.cursor if start is None else start
    for piece in re.split(r"\s\+\s", f" {quotation} "):
        if not piece.strip():
            raise Slip(name, repr(plainly(quotation)), "words on either side of +; a + of the text is written \\+")
        places.append(_placed(reading.plain, name, piece.strip(), start))
        start = max(start, places[-1].high)
    return tuple(places)


def _placed(plain: Plain, name: str, quotation: str, start: int) -> Place:
    try:
        return plain.first(quotation, start)
    except Slip as slip:
        raise Slip(name, slip.found, slip.expected) from None


def spans(plain: Plain, places: Sequence[Place] | None) -> Part | None:
    """Places as spans of the article's text."""
    return None if places is None else tuple(plain.span(place) for place in places)


def defaults(
    reading: Reading, layer: str, found: Mapping[str, Sequence[Place] | None], link: str | None = None
) -> dict[str, Any]:
    """The attributes of a label of which nothing is written."""
    out: dict[str, Any] = dict(draft_words.DEFAULTS[layer])
    if layer == "attributions":
        out["form"] = reading.quoted.form(found["content"] or ())
        out["source_kind"] = "named_person" if found["source"] else "none"
    return {**out, LINK[layer]: link, "confidence": None, "scheme": reading.head.scheme}


# -- who speaks --------------------------------------------------------------------------------------------------------


def _speaker(reading: Reading, fields: Mapping[str, str], source: Part | None, number: int) -> Part | None:
    """The speaker of an attribution: quoted, from the start of the article on; the source as it stands where nothing, or
    ``=``, is written; of another attribution, which is taken over at the end, nothing yet."""
    quotation = fields.get("speaker", "") or SAME
    if quotation == SAME:
        words = [reading.plain.article.text[start:end] for start, end in source or ()]
        if len(words) == 1 and words[0].lower() in PRONOUNS:
            raise Slip(
                "speaker",
                f"nothing beside the source {words[0]!r}",
                "who that is: the fullest name in the article, =a1 for the speaker of a1, or - where it is unclear",
            )
        return source
    if quotation.startswith(SAME):
        name = quotation[1:].strip()
        if not draft_words.is_id(name):
            raise Slip("speaker", repr(plainly(quotation)), "= or =a1; a = of the text is written \\=")
        reading.same[fields["id"]] = (number, name)
        return ()
    return spans(reading.plain, part(reading, "speaker", quotation, 0))


def _unknown_ids(reading: Reading) -> list[tuple[int, Slip]]:
    known = sorted(reading.ids)
    wrong = [
        (number, Slip("attributes", repr(link), unknown("attribution", link, known)))
        for number, link in reading.links
        if link not in reading.ids
    ]
    for name, (number, other) in reading.same.items():
        if other not in reading.ids:
            wrong.append((number, Slip("speaker", repr(f"={other}"), unknown("attribution", other, known))))
        elif _last(reading, name) in reading.same:
            wrong.append(
                (number, Slip("speaker", f"={other}, which leads in a circle", "an attribution that says who"))
            )
    return wrong


def _last(reading: Reading, name: str) -> str:
    """The attribution whose speaker is that of the one named; the name of one in a circle where there is one."""
    seen = set[str]()
    while name in reading.same and name not in seen:
        seen.add(name)
        name = reading.same[name][1]
    return name


def finished(reading: Reading) -> Labels:
    """The labels in order of position, numbered; those at one place in the order in which they were written."""
    speakers = {label.id: label.speaker for label in reading.labels["attributions"]}
    order = {label.id: f"a{number:09}" for number, label in enumerate(reading.labels["attributions"], 1)}

    def settled(layer: str, label: Any) -> Any:
        link = getattr(label, LINK[layer])
        label = replace(label, **{LINK[layer]: order.get(link, link)})
        if layer != "attributions":
            return label
        return replace(label, id=order[label.id], speaker=speakers[_last(reading, label.id)])

    layers = {
        layer: tuple(settled(layer, label) for label in reading.labels[layer]) if layer in reading.head.layers else None
        for layer in LAYERS
    }
    return numbered(Labels(**layers), reading.plain.article)


# -- whether the places are those that were meant ----------------------------------------------------------------------


def _check_places(reading: Reading, found: Mapping[str, Sequence[Place]]) -> None:
    """Slip where the parts of a label lie too far apart; notes on places beside which there are others."""
    plain = reading.plain
    reach = {
        name: (plain.sentence(min(p.low for p in places)), plain.sentence(max(max(p.high - 1, p.low) for p in places)))
        for name, places in found.items()
    }
    for name, places in found.items():
        for other, (_, high) in reach.items():
            apart = reach[name][0] - high
            if apart > APART and not (places[0].exact and found[other][0].exact):
                raise Slip(
                    name,
                    f"{plain.around(places[0])}, {apart} sentences behind the {other} {plain.around(found[other][-1])}",
                    f"parts at most {APART} sentences apart; move the cursor with @, or write words in brackets, "
                    "`before [words] after`, where the far place is meant",
                )
    for name, places in found.items():
        rest = [sentence for other, reached in reach.items() if other != name for sentence in reached]
        _tell_others(reading, name, places, rest)


def _tell_others(reading: Reading, name: str, places: Sequence[Place], rest: Sequence[int]) -> None:
    """Notes for the pieces of a part that also stand elsewhere in the sentence, or in those of the other parts."""
    plain, start = reading.plain, reading.cursor
    for number, place in enumerate(places):
        if not place.exact:
            sentence = plain.sentence(place.low)
            region = (min([sentence, *rest]), max([sentence, *rest])) if number == 0 else (sentence, sentence)
            late = number == 0 and bool(rest) and sentence > max(rest)
            for other in plain.places(place.quotation, 0 if late else start):
                if other.low == place.low or not region[0] <= plain.sentence(other.low) <= region[1]:
                    continue
                reading.notes.append(
                    f"{name}: {plainly(place.quotation)!r} is taken in {plain.around(place)} and stands in "
                    f"{plain.around(other)} too; say which with `before [words] after`"
                )
                break
            if plain.sentence(place.high - 1) - sentence > APART:
                reading.notes.append(
                    f"{name}: {plainly(place.quotation)!r} runs over {plain.sentence(place.high - 1) - sentence + 1} "
                    f"sentences, to {plain.around(Place(place.high - 1, place.high))}"
                )
        start = max(start, place.high)
