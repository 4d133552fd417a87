"""Labels from marked stretches of text, their links and their attributes: what generic formats have in common.

Conventions: names are read without case, spaces, hyphens and underscores. A mark is a part of a label by its name
(table below); marks of one label are joined by a link, those that nothing joins make a label each. A part that a
label lacks is empty where the corpus joins such parts to labels somewhere, else null: nobody said it. A link named
claimer, holder or parent is the attribute of that name. An attribute named as one of ours takes our values;
``negated`` without a value is true. Whatever finds no place is returned with a reason.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allegedly.builders.importers._corpus import united
from allegedly.schemas.records import LABELS, LAYERS, LINK, Labels, Part, Span
from allegedly.schemas.schema import values

#: A layer and one of its parts.
Place = tuple[str, str]

#: The part of which layer a name stands for.
NAMES: dict[str, Place] = {
    "claim": ("claims", "extent"),
    "extent": ("claims", "extent"),
    "speculation": ("speculations", "cue"),
    "speculationcue": ("speculations", "cue"),
    "speccue": ("speculations", "cue"),
    "hedge": ("speculations", "cue"),
    "uncertainty": ("speculations", "cue"),
    "scope": ("speculations", "scope"),
    "speculationscope": ("speculations", "scope"),
    "attribution": ("attributions", "cue"),
    "attributionnosource": ("attributions", "cue"),
    "cue": ("attributions", "cue"),
    "attributioncue": ("attributions", "cue"),
    "verb": ("attributions", "cue"),
    "source": ("attributions", "source"),
    "speaker": ("attributions", "source"),
    "content": ("attributions", "content"),
    "quote": ("attributions", "content"),
    "quotation": ("attributions", "content"),
    "message": ("attributions", "content"),
    "speakername": ("attributions", "speaker"),
    "attributiononcontent": ("attributions", "content"),
    "attributiononsource": ("attributions", "source"),
    "attributiononspeaker": ("attributions", "speaker"),
    "speculationonscope": ("speculations", "scope"),
}
_LINKS = set(LINK.values())
_ATTRIBUTES = {
    (layer, key.replace("_", "")): (key, values(layer[:-1], key))
    for layer, keys in {
        "claims": ("kind", "worth", "certainty", "polarity"),
        "speculations": ("kind", "certainty"),
        "attributions": ("form", "act", "source_kind"),
    }.items()
    for key in keys
}
# where a format knows attributes by name alone, the two kinds are told apart
_ATTRIBUTES |= {(layer, f"{layer[:-1]}kind"): _ATTRIBUTES[layer, "kind"] for layer in ("claims", "speculations")}


def plain(name: str) -> str:
    """A name without case, digits at its end, spaces, hyphens and underscores."""
    return "".join(c for c in name.lower() if c not in " -_:.").rstrip("0123456789")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text under a name."""

    name: str
    part: Part


@dataclass(slots=True)
class Marked:
    """Marks by id; links as (name, from, to); attributes as (id, key, value); ``dropped`` as (id, rule, reason)."""

    marks: dict[str, Mark] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: list[tuple[str, str, str | None]] = field(default_factory=list)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)

    def places(self) -> dict[str, Place]:
        """The layer and part of each mark that has one."""
        return {name: NAMES[plain(mark.name)] for name, mark in self.marks.items() if plain(mark.name) in NAMES}


@dataclass(slots=True)
class Scheme:
    """What a corpus annotates: layers of which something is marked, and parts that are joined to labels."""

    layers: set[str] = field(default_factory=set)
    joined: set[Place] = field(default_factory=set)

    def add(self, marked: Marked) -> None:
        """Learns from one more document."""
        places = marked.places()
        self.layers |= {layer for layer, _ in places.values()}
        for members in _joined(marked, places)[0].values():
            parts = {places[name] for name in members}
            if len(parts) > 1:
                self.joined |= parts


def labels(marked: Marked, scheme: Scheme) -> Labels:
    """The labels; a layer that the scheme lacks is null. Adds to ``marked.dropped``."""
    places = marked.places()
    for name, mark in marked.marks.items():
        if name not in places:
            marked.dropped.append((name, "unknown-type", f"No layer has anything named {mark.name!r}."))
    groups, links = _joined(marked, places)
    owner = {name: first for first, members in groups.items() for name in members}
    out: dict[str, dict[str, dict[str, Any]]] = {layer: {} for layer in LAYERS}
    for first, members in groups.items():
        layer = places[first][0]
        given = _parts([(places[name][1], marked.marks[name].part) for name in members], first)
        out[layer][first] = {part: () for held, part in sorted(scheme.joined) if held == layer} | given
    for link, source, target in links:
        held = places[source][0] if source in places else ""
        if LINK.get(held) != link or target not in places or places[target][0] != "attributions":
            marked.dropped.append((source, "unknown-link", f"{link} does not lead from this to an attribution."))
        elif held == "attributions" and owner[source] in _above(owner[target], out[held]):
            marked.dropped.append((source, "circle", "A parent that lies below this one."))
        else:
            out[held][owner[source]][link] = owner[target]
    for name, key, value in marked.attributes:
        held = places[name][0] if name in places else ""
        _attribute(marked, name, out[held][owner[name]] if held else None, held, key, value)
    # what cannot be joined was already found when the scheme was learnt
    marked.dropped = list(dict.fromkeys(marked.dropped))
    return Labels(
        **{
            layer: tuple(LABELS[layer](**label) for label in out[layer].values()) if layer in scheme.layers else None
            for layer in LAYERS
        }
    )


def _above(name: str | None, attributions: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """An attribution and its parents, from the inner to the outer."""
    while name is not None:
        yield name
        name = attributions[name].get("parent")


def _parts(parts: Sequence[tuple[str, Part]], name: str) -> dict[str, Any]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for name_of_part, part in parts:
        spans[name_of_part].extend(part)
    return {"id": name, **{name_of_part: united(marked) for name_of_part, marked in spans.items()}}


def _joined(marked: Marked, places: Mapping[str, Place]) -> tuple[dict[str, list[str]], list[tuple[str, str, str]]]:
    """Marks that links of one layer join, by their first; and the links that are attributes. Adds to dropped."""
    root = {name: name for name in places}
    order = {name: rank for rank, name in enumerate(places)}

    def top(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    links = []
    for name, source, target in marked.links:
        if plain(name) in _LINKS:
            links.append((plain(name), source, target))
        elif source in places and target in places and places[source][0] == places[target][0]:
            first, second = sorted((top(source), top(target)), key=order.__getitem__)
            root[second] = first
        else:
            marked.dropped.append((source, "unknown-link", f"A link {name!r} that no label holds."))
    groups: dict[str, list[str]] = {}
    for name in places:
        groups.setdefault(top(name), []).append(name)
    return groups, links


def _attribute(
    marked: Marked, name: str, label: dict[str, Any] | None, layer: str, key: str, value: str | None
) -> None:
    short = plain(key)
    if label is not None and layer == "attributions" and short in ("negated", "negation"):
        label["negated"] = value is None or plain(value) not in ("false", "no", "")
        return
    ours, known = _ATTRIBUTES.get((layer, short), (None, []))
    choice = next((item for item in known if plain(item) == plain(value or "")), None)
    if label is None or ours is None or choice is None:
        shown = key if value is None else f"{key} = {value}"
        marked.dropped.append((name, "unknown-attribute", f"No label has {shown}."))
    else:
        label[ours] = choice
