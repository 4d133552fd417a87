"""Regions: labels as named stretches of text with relations between them, as tools hold them that know no label of
several parts, and no part of several pieces.

Conventions: a region is one span of one part; its name says of which (``NAMES``). Offsets are code points. A part in several
pieces is one region a piece, each later one ``continues`` the one before. The parts of a label hang together by
``part-of`` relations, from the others to the label's anchor: the first region of its main part, or of the first part
that has any. Attributes stand on the anchor; links (claimer, holder, parent) run from anchor to anchor. A label without
any span is no region (``wordless``).
Read back, what hangs together by ``continues`` and ``part-of``, in either direction, is one label; attributes may stand on
any of its regions, links begin and end at any.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import ATTRIBUTES, LABELS, LAYERS, LINK, MAIN_PART, PREFIX, Label, Labels, Part, Span
from allegedly.schemas.schema import shortened, values

#: Layer and part of each name of a region; the part of a claim needs no name of its own.
NAMES: dict[str, tuple[str, str]] = {"claim": ("claims", "extent")} | {
    f"{layer.removesuffix('s')}-{part}": (layer, part)
    for layer in ("speculations", "attributions")
    for part in LABELS[layer].SPANS
}
CONTINUES, PART_OF = "continues", "part-of"
#: Links by name, with the layer that they start from; all lead to attributions.
LINKS = {link: layer for layer, link in LINK.items()}
RELATIONS = (CONTINUES, PART_OF, *LINKS)
#: What a link is whose target is not there.
UNRESOLVED = "unresolved"
_ID = re.compile(r"[acs][1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A named stretch of text. ``label`` is the id of the label that it was exported as a region of, "" for a new one."""

    id: str
    name: str
    start: int
    end: int
    label: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


class Relation(NamedTuple):
    """One region's relation to another, by their ids."""

    name: str
    start: str
    end: str


class Marked(NamedTuple):
    """What is marked in one text."""

    regions: tuple[Region, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What no region shows of a label that was exported: parts that nobody annotated, a link that leads nowhere, the
    scheme; the attributes too where the tool has no place for them (else None)."""

    null: tuple[str, ...] = ()
    unresolved: bool = False
    scheme: str = ""
    confidence: float | None = None
    attributes: Mapping[str, str] | None = None


class Slip(NamedTuple):
    """What does not hold: the region or relation, what was found, what was expected."""

    path: str
    found: str
    expected: str


@dataclass(slots=True)
class Read:
    """Labels read back (all three layers), what does not hold, and what holds and may be a slip."""

    labels: Labels
    slips: list[Slip]
    notes: list[str]


def names(layers: Iterable[str] = LAYERS) -> list[str]:
    """The names of the regions of some layers."""
    return [name for name, (layer, _) in NAMES.items() if layer in layers]


def relations(layers: Iterable[str] = LAYERS) -> list[str]:
    """The names of the relations that regions of some layers may have."""
    links = [link for link, layer in LINKS.items() if layer in layers and "attributions" in layers]
    return [CONTINUES, PART_OF, *links]


@cache
def choices(layer: str, attribute: str) -> tuple[str, ...]:
    """The values of an attribute as words."""
    return ("true", "false") if attribute == "negated" else tuple(values(layer.removesuffix("s"), attribute))


def wordless(label: Label) -> bool:
    """Whether a label has no span at all, and so no region."""
    return not any(getattr(label, part) for part in label.SPANS)


def marked(labels: Labels, layers: Iterable[str] = LAYERS) -> Marked:
    """The regions and relations of the labels of some layers. Links to labels that are not among them are left out."""
    found = [(layer, label) for layer in layers for label in getattr(labels, layer) or () if not wordless(label)]
    anchors = {label.id: _anchor(layer, label) for layer, label in found}
    regions, relations = [], []
    for layer, label in found:
        anchor = anchors[label.id]
        for part in label.SPANS:
            ids = [f"{label.id}.{part}.{number}" for number in range(len(getattr(label, part) or ()))]
            relations += [Relation(CONTINUES, later, earlier) for earlier, later in pairwise(ids)]
            if ids and ids[0] != anchor:
                relations.append(Relation(PART_OF, ids[0], anchor))
            for name, span in zip(ids, getattr(label, part) or (), strict=True):
                attributes = attributes_of(layer, label) if name == anchor else {}
                regions.append(
                    Region(
                        id=name,
                        name=_NAME[layer, part],
                        start=span[0],
                        end=span[1],
                        label=label.id,
                        attributes=attributes,
                    )
                )
        link = getattr(label, LINK[layer])
        if link in anchors:
            relations.append(Relation(LINK[layer], anchor, anchors[link]))
    return Marked(tuple(regions), tuple(relations))


def attributes_of(layer: str, label: Label) -> dict[str, str]:
    """The attributes of a label that are not null, as words."""
    given = {name: getattr(label, name) for name in ATTRIBUTES[layer]}
    return {name: str(value).lower() for name, value in given.items() if value is not None}


def known(labels: Labels, layers: Iterable[str], *, attributes: bool) -> dict[str, Known]:
    """What no region shows of each label, by its id; its ``attributes`` among that or not."""
    shown = {each.id for each in labels.attributions or () if not wordless(each)} if "attributions" in layers else set()
    return {
        label.id: Known(
            null=tuple(part for part in label.SPANS if getattr(label, part) is None),
            unresolved=getattr(label, LINK[layer]) is not None and getattr(label, LINK[layer]) not in shown,
            scheme=label.scheme,
            confidence=label.confidence,
            attributes=attributes_of(layer, label) if attributes else None,
        )
        for layer in layers
        for label in getattr(labels, layer) or ()
        if not wordless(label)
    }


def read(given: Marked, text: str, exported: Mapping[str, Known]) -> Read:
    """The labels that regions and relations make up, of all layers; ``exported`` are the labels that went out, by id."""
    out = Read(Labels(), [], [])
    regions = dict(_sound(given.regions, text, out))
    relations = list(_held(given.relations, regions, {region.id for region in given.regions}, out))
    groups = _groups(regions, relations)
    made: dict[str, tuple[str, dict[str, Any]]] = {}
    ids = _ids(groups, exported, out)
    owner = {region.id: ids[number] for number, group in enumerate(groups) for region in group}
    continued = {(relation.start, relation.end) for relation in relations if relation.name == CONTINUES}
    for number, group in enumerate(groups):
        layer = NAMES[group[0].name][0]
        about = exported.get(ids[number], Known())
        made[ids[number]] = layer, _fields(layer, group, about, continued, text, out)
    _link(relations, owner, made, exported, out)
    out.labels = Labels(
        **{
            layer: tuple(LABELS[layer](id=name, **fields) for name, (of, fields) in made.items() if of == layer)
            for layer in LAYERS
        }
    )
    return out


def _anchor(layer: str, label: Label) -> str:
    parts = [MAIN_PART[layer], *label.SPANS]
    return next(f"{label.id}.{part}.0" for part in parts if getattr(label, part))


_NAME = {place: name for name, place in NAMES.items()}


def _sound(regions: Iterable[Region], text: str, out: Read) -> Iterator[tuple[str, Region]]:
    """The regions by id that have a name of ours and lie in the text."""
    seen = set()
    for region in regions:
        start, end = region.start, region.end
        if region.id in seen:
            out.slips.append(Slip(region.id, "an id that another region has", "one id a region"))
        elif region.name not in NAMES:
            out.slips.append(
                Slip(region.id, f"a region {shortened(region.name, 60)}", _unknown("label", region.name, NAMES))
            )
        elif not 0 <= start < end <= len(text):
            expected = f"a start before its end, both inside the {len(text)} characters of the text"
            out.slips.append(
                Slip(region.id, f"a {region.name} from {shortened(start, 30)} to {shortened(end, 30)}", expected)
            )
        else:
            yield region.id, region
        seen.add(region.id)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    """One of ours; the nearest one where the name is no longer than names are."""
    sentence = unknown(what, name[:60], list(known))
    return sentence[sentence.index("Known: ") :].replace("Known: ", "one of ").rstrip(".")


def _held(
    relations: Iterable[Relation], regions: Mapping[str, Region], all_ids: set[str], out: Read
) -> Iterator[Relation]:
    """The relations that may stand between their regions, links from the label to the attribution."""
    for relation in dict.fromkeys(relations):
        name, start, end = relation
        where = f"{name} from {start} to {end}"
        if name not in RELATIONS:
            out.slips.append(
                Slip(shortened(where, 100), f"a relation {shortened(name, 60)}", _unknown("relation", name, RELATIONS))
            )
            continue
        gone = [each for each in (start, end) if each not in regions]
        if gone:
            # a region that is there and does not hold is told already
            if not all(each in all_ids for each in gone):
                out.slips.append(
                    Slip(shortened(where, 100), "a relation whose partner is not there", "both its regions")
                )
            continue
        pair = regions[start], regions[end]
        wanted = _wanted(name, *pair)
        if wanted is None:
            yield relation
        elif name in LINKS and _wanted(name, *reversed(pair)) is None:
            yield Relation(name, end, start)
        else:
            found = f"{name} from a {pair[0].name} to {'itself' if start == end else f'a {pair[1].name}'}"
            out.slips.append(Slip(shortened(where, 100), found, wanted))


def _wanted(name: str, start: Region, end: Region) -> str | None:
    """What a relation is to stand between; None where it does."""
    of, to = NAMES[start.name], NAMES[end.name]
    if name == CONTINUES:
        return None if of == to and start.id != end.id else "two pieces of one part"
    if name == PART_OF:
        return None if of[0] == to[0] and start.id != end.id else "two parts of one label"
    layer = LINKS[name]
    good = of[0] == layer and to[0] == "attributions"
    return None if good else f"a region of a {layer.removesuffix('s')}, and then one of an attribution"


def _groups(regions: Mapping[str, Region], relations: Iterable[Relation]) -> list[list[Region]]:
    """The regions that hang together, those of the main part first, in order of position."""
    above = {name: name for name in regions}
    for name, start, end in relations:
        if name in (CONTINUES, PART_OF):
            above[_root(above, start)] = _root(above, end)
    groups: dict[str, list[Region]] = {}
    for region in regions.values():
        groups.setdefault(_root(above, region.id), []).append(region)
    for group in groups.values():
        group.sort(key=lambda region: (not _is_main(region), region.start, region.end))
    return list(groups.values())


def _root(above: dict[str, str], name: str) -> str:
    while above[name] != name:
        above[name] = above[above[name]]
        name = above[name]
    return name


def _is_main(region: Region) -> bool:
    layer, part = NAMES[region.name]
    return part == MAIN_PART[layer]


def _ids(groups: list[list[Region]], exported: Mapping[str, Known], out: Read) -> list[str]:
    """An id for each group: that of the label that it was exported as, else a new one. A label that comes back as two is
    noted: somebody took a relation away."""
    ids: list[str | None] = []
    taken: Counter[str] = Counter()
    for group in groups:
        prefix = PREFIX[NAMES[group[0].name][0]]
        given = (region.label for region in group)
        own = next((name for name in given if _ID.fullmatch(name) and name[0] == prefix and name in exported), None)
        if own is not None:
            taken[own] += 1
        ids.append(own if own is None or taken[own] == 1 else None)
    for name, times in taken.items():
        if times > 1:
            out.notes.append(f"{name} comes back as {times} labels: no {CONTINUES} or {PART_OF} joins its regions")
    # not the id of a label that somebody took away either: a new label would come into what is known of that
    last = max((int(name[1:]) for name in exported if _ID.fullmatch(name)), default=0)
    fresh = (f"{PREFIX[NAMES[group[0].name][0]]}{last + 1 + number}" for number, group in enumerate(groups))
    return [name or new for name, new in zip(ids, fresh, strict=True)]


def _fields(
    layer: str, group: list[Region], about: Known, continued: set[tuple[str, str]], text: str, out: Read
) -> dict[str, Any]:
    """Parts and attributes of the label that a group of regions is."""
    fields: dict[str, Any] = {"scheme": about.scheme, "confidence": about.confidence}
    for part in LABELS[layer].SPANS:
        pieces = [region for region in group if NAMES[region.name][1] == part]
        fields[part] = _part(pieces, continued, text, out) if pieces else (None if part in about.null else ())
    for attribute in ATTRIBUTES[layer]:
        word = _word(layer, attribute, group, about, out)
        fields[attribute] = word if attribute != "negated" or word is None else word == "true"
    return fields


def _part(pieces: list[Region], continued: set[tuple[str, str]], text: str, out: Read) -> Part:
    """The pieces of a part, which must hang together by themselves and not overlap."""
    pieces = sorted(pieces, key=lambda region: (region.start, region.end))
    above = {region.id: region.id for region in pieces}
    for start, end in continued:
        if start in above:
            above[_root(above, start)] = _root(above, end)
    if len({_root(above, region.id) for region in pieces}) > 1:
        words = " and ".join(shortened(text[region.start : region.end], 40) for region in pieces[:3])
        found = f"a label with {len(pieces)} regions {pieces[0].name}: {words}"
        out.slips.append(
            Slip(pieces[0].id, found, f"one, or pieces that are joined by {CONTINUES}; one label each else")
        )
    for before, region in pairwise(pieces):
        if region.start < before.end:
            found = f"pieces of one part that overlap: {before.start} to {before.end}, {region.start} to {region.end}"
            out.slips.append(Slip(region.id, found, "pieces one behind the other"))
    return tuple(Span(region.start, region.end) for region in pieces)


def _word(layer: str, attribute: str, group: list[Region], about: Known, out: Read) -> str | None:
    """The value of an attribute, from whichever of a label's regions has one."""
    if about.attributes is not None:
        given = {about.attributes[attribute]: group[0].id} if attribute in about.attributes else {}
    else:
        given = {region.attributes[attribute]: region.id for region in group if attribute in region.attributes}
    if len(given) > 1:
        found = f"two values of {attribute}: {', '.join(shortened(word, 40) for word in given)}"
        out.slips.append(Slip(group[0].id, found, "one value"))
        return None
    for word, where in given.items():
        if word in choices(layer, attribute):
            return word
        expected = _unknown("value", word, choices(layer, attribute))
        out.slips.append(Slip(where, f"{attribute} {shortened(word, 60)}", expected))
    return None


def _link(
    relations: Iterable[Relation],
    owner: Mapping[str, str],
    made: Mapping[str, tuple[str, dict[str, Any]]],
    exported: Mapping[str, Known],
    out: Read,
) -> None:
    """Fills in the links: one a label."""
    for name, (layer, fields) in made.items():
        fields[LINK[layer]] = UNRESOLVED if name in exported and exported[name].unresolved else None
    linked: dict[str, str] = {}
    for relation in relations:
        if relation.name not in LINKS:
            continue
        label, target = owner[relation.start], owner[relation.end]
        if linked.setdefault(label, target) != target:
            found = f"two of {relation.name} from one label"
            out.slips.append(Slip(shortened(f"{relation.name} from {relation.start}", 100), found, "one"))
        made[label][1][relation.name] = target
