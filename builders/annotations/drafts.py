"""Drafts: the labels of one article, written down by quoting its text, a line a label. ``docs/drafts.md`` tells the form.

Conventions: places are those of ``plain.Plain``. Every line that does not hold is a Problem; what holds but may not be
what the writer meant is a Note. A draft with a Problem has no labels.
"""

# ruff: noqa: SIM905 - words read better in a row

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from allegedly.builders.annotations import draft_head, draft_places, draft_words
from allegedly.builders.annotations.draft_head import Head
from allegedly.builders.annotations.given import Note
from allegedly.builders.annotations.plain import Place, Plain, Slip, plainly, shielded
from allegedly.builders.annotations.quoted import Quoted
from allegedly.schemas import check
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LABELS, LAYERS, LINK, Article, Labels, Part, Problem

KINDS = {"A": "attributions", "S": "speculations", "C": "claims"}
FIELDS = {
    "attributions": ("id", "source", "cue", "content", "attributes", "speaker"),
    "speculations": ("cue", "scope", "attributes"),
    "claims": ("extent", "attributes"),
}
#: Fields that a line has at least.
NEEDED = {"attributions": 4, "speculations": 2, "claims": 1}
#: Sources that say nothing of who speaks.
PRONOUNS = frozenset(
    "he she it they we i you who whom which that this these those him her them us me himself herself itself themselves "
    "his hers their theirs its our ours my mine your yours".split()
)
#: As an extent: the bare words of the content above. As a speaker: the source as it stands, or with an id another's.
SAME = "="
_KIND = re.compile(r"(@@|@|[^\s|]+)\s*")
_BEGINNINGS = "a line that begins with A, S, C, @, @@, # or a word of the head (article:, layers:)"


@dataclass(slots=True)
class Draft:
    """What a draft gives: labels without a ``by``, numbered, or None beside problems."""

    labels: Labels | None
    problems: list[Problem]
    notes: list[Note]


@dataclass(slots=True)
class Reading:
    """A draft as far as it is read. ``cursor`` is a place in the plain text, from which parts are looked for.

    ``content`` is that of the last attribution, with its id; None before the first and after one that did not hold.
    ``same`` has the attributions whose speaker is that of another, with line and id; ``links`` all links by line.
    """

    quoted: Quoted
    head: Head
    cursor: int = 0
    labels: dict[str, list[Any]] = field(default_factory=lambda: {layer: [] for layer in LAYERS})
    ids: dict[str, int] = field(default_factory=dict)
    same: dict[str, tuple[int, str]] = field(default_factory=dict)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    content: tuple[str, Sequence[Place]] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def plain(self) -> Plain:
        return self.quoted.plain


def read(text: str, article: Article, shown: str) -> Draft:
    """The labels of a draft of an article; ``shown`` is the draft's name in messages."""
    head, slips = draft_head.read(text)
    reading = Reading(Quoted.of(Plain.of(article)), head)
    notes = []
    for number, line in enumerate(draft_head.lines(text), 1):
        reading.notes = []
        try:
            take(reading, line, number)
        except Slip as slip:
            slips.append((number, slip))
        notes += [Note(shown, number, message) for message in reading.notes]
    slips += _loose_ends(reading)
    if not head.labels and any(reading.labels.values()):
        slips.append((head.line, Slip("labels", "a line `labels: none`, and labels", "one of the two")))
    if slips:
        return Draft(None, problems(slips, shown), notes)
    if head.layers and head.labels and not any(reading.labels.values()):
        message = (
            "no label, so it is not taken; if all is read and nothing is to be labelled, add a line `labels: none`"
        )
        return Draft(None, [], [*notes, Note(shown, head.line, message)])
    return Draft(finished(reading), [], notes)


def problems(slips: Sequence[tuple[int, Slip]], shown: str) -> list[Problem]:
    """Slips as problems of a file, in order of line."""
    return [
        Problem(file=shown, line=line, path=slip.where, found=slip.found, expected=slip.expected)
        for line, slip in sorted(slips, key=lambda pair: pair[0])
    ]


def take(reading: Reading, line: str, number: int = 0) -> None:
    """Reads one line. Slip where it does not hold."""
    line = line.strip()
    match = _KIND.match(line)
    if match is None or line.startswith("#") or draft_head.is_head(line):
        return
    kind, rest = match[1], line[match.end() :]
    if kind in ("@", "@@"):
        if not rest:
            raise Slip(kind, "no words", "the words to which the cursor moves")
        start = reading.cursor if kind == "@" else 0
        reading.cursor = draft_places.place(reading.plain, kind, shielded(rest), start).low
        return
    if kind not in KINDS:
        raise Slip("line", repr(kind[:40]), _BEGINNINGS)
    layer = KINDS[kind]
    try:
        _label(reading, layer, _fields(layer, shielded(rest.removeprefix("|"))), number)
    except Slip:
        if layer == "attributions":
            # a link to it is no second slip, and neither is a claim that takes over its content
            name = rest.partition("|")[0].strip()
            reading.ids.setdefault(name, number)
            reading.content = ("", ())
        raise


def _fields(layer: str, rest: str) -> dict[str, str]:
    names, given = FIELDS[layer], [field.strip() for field in rest.split("|")]
    if not NEEDED[layer] <= len(given) <= len(names) or given == [""]:
        expected = f"{NEEDED[layer]} to {len(names)}: {' | '.join(names)}; a | of the text is written \\|"
        raise Slip("line", f"{len(given) if any(given) else 'no'} fields", expected)
    return {**dict.fromkeys(names, ""), **dict(zip(names, given, strict=False))}


def _label(reading: Reading, layer: str, fields: Mapping[str, str], number: int) -> None:
    if layer not in reading.head.layers:
        raise Slip("line", f"a label of {layer}", f"a line `layers:` that names {layer} too, or no such label")
    given = draft_words.read(layer, fields["attributes"])
    link = None
    if layer == "claims" and fields["extent"] == SAME:
        name, places = _same(reading)
        if not places:
            return
        found: dict[str, tuple[Place, ...] | None] = {"extent": places}
        link = name
    else:
        found = {
            name: draft_places.part(reading.plain, name, fields[name], reading.cursor) for name in LABELS[layer].PARTS
        }
        reading.notes += draft_places.check(reading.quoted, {k: v for k, v in found.items() if v}, reading.cursor)
    parts = {name: draft_places.spans(reading.plain, places) for name, places in found.items()}
    if layer == "attributions":
        _remember(reading, fields["id"], found["content"] or (), number)
        parts["speaker"] = _speaker(reading, fields, parts["source"], number)
    attributes = {**defaults(reading, layer, found, link), **given}
    label = LABELS[layer](id=fields.get("id", ""), **parts, **attributes)
    _check(reading.plain.article, layer, label)
    if attributes[LINK[layer]] not in (None, "unresolved"):
        reading.links.append((number, attributes[LINK[layer]], fields.get("id", "")))
    reading.labels[layer].append(label)


def _remember(reading: Reading, name: str, content: Sequence[Place], number: int) -> None:
    if not draft_words.is_id(name):
        raise Slip("id", repr(plainly(name)), "a1, a2, a3, ...")
    if name in reading.ids:
        raise Slip("id", f"{name!r}, which line {reading.ids[name]} has too", "an id that no other attribution has")
    reading.ids[name] = number
    reading.content = (name, content)


def _same(reading: Reading) -> tuple[str, tuple[Place, ...]]:
    """The id of the last attribution, and the bare words of its content; none where that line did not hold."""
    if reading.content is None:
        raise Slip("extent", "= before any attribution", "an attribution above, whose content it takes over")
    name, places = reading.content
    bare = tuple(reading.quoted.bare(places))
    if not bare and any(label.id == name for label in reading.labels["attributions"]):
        raise Slip("extent", f"= after {name}, whose content has no words", "the words of the claim")
    return name, bare


def _check(article: Article, layer: str, label: Any) -> None:
    """Slip where a part cannot stand: it begins or ends in markup."""
    alone = replace(label, id="", **{LINK[layer]: None})
    for finding in check.labels({layer: [{**alone.to_json(), "text": None}]}, article.text, markup=article.markup):
        raise Slip(finding.path.split("/")[3], finding.found, finding.expected)


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


def says_who(article: Article, source: Part | None) -> bool:
    """Whether a source as it stands can be the speaker: it is no pronoun."""
    words = [article.text[start:end].lower() for start, end in source or ()]
    return len(words) != 1 or words[0] not in PRONOUNS


def _speaker(reading: Reading, fields: Mapping[str, str], source: Part | None, number: int) -> Part | None:
    """The speaker of an attribution: quoted, from the start of the article on; the source as it stands where nothing, or
    ``=``, is written; of another attribution, which is taken over at the end, nothing yet."""
    quotation = fields["speaker"] or SAME
    if quotation == SAME:
        if not says_who(reading.plain.article, source):
            raise Slip(
                "speaker",
                f"nothing beside the source {fields['source']!r}",
                "who that is: the fullest name in the article, =a1 for the speaker of a1, or - where it is unclear",
            )
        return source
    if quotation.startswith(SAME):
        name = quotation[1:].strip()
        if not draft_words.is_id(name):
            raise Slip("speaker", repr(plainly(quotation)), "= or =a1; a = of the text is written \\=")
        reading.same[fields["id"]] = (number, name)
        return ()
    return draft_places.spans(reading.plain, draft_places.part(reading.plain, "speaker", quotation, 0))


def _last(reading: Reading, name: str) -> str:
    """The attribution that says who speaks where one is the same as another; one of a circle where there is one."""
    seen = set[str]()
    while name in reading.same and name not in seen:
        seen.add(name)
        name = reading.same[name][1]
    return name


# -- when all lines are read -------------------------------------------------------------------------------------------


def _loose_ends(reading: Reading) -> Iterator[tuple[int, Slip]]:
    """Ids that no attribution has, parents and speakers that lead in a circle."""
    parents = {name: link for _, link, name in reading.links if name}
    for number, link, name in reading.links:
        if link not in reading.ids:
            yield number, Slip("attributes", repr(link), draft_words.nearest(link, reading.ids))
        elif name and _leads_back(name, parents):
            yield number, Slip("attributes", f"{link}, whose parents lead back to {name}", "parents without a circle")
    for name, (number, other) in reading.same.items():
        if other not in reading.ids:
            yield number, Slip("speaker", repr(f"={other}"), draft_words.nearest(other, reading.ids))
        elif _last(reading, name) in reading.same:
            yield number, Slip("speaker", f"={other}, which leads in a circle", "an attribution that says who speaks")


def _leads_back(name: str, parents: Mapping[str, str]) -> bool:
    seen, above = set[str](), parents.get(name)
    while above is not None and above not in seen and above != name:
        seen.add(above)
        above = parents.get(above)
    return above == name


def finished(reading: Reading) -> Labels:
    """The labels in order of position, numbered; those at one place in the order in which they were written."""
    attributions = reading.labels["attributions"]
    speakers = {label.id: label.speaker for label in attributions}
    order = {label.id: f"a{number}" for number, label in enumerate(attributions, 1)}

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
