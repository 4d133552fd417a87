"""brat standoff as this project writes it: which words of brat stand for which layers, parts and attributes.

Conventions: a label is an event. Its trigger is the first of its parts that has words (``TRIGGERS`` in order), and the
type of the event says which; its other parts are roles, its link to an attribution is a role too. Offsets are half-open,
in code points. brat holds no line end inside an annotation: a span over lines is shown as a piece a line.
Source: https://brat.nlplab.org/standoff.html, https://brat.nlplab.org/configuration.html
"""

import re

from allegedly.schemas.records import ATTRIBUTES, LINK, Part, Span
from allegedly.schemas.schema import values

#: The type of the event whose trigger is this part of a label of this layer.
TRIGGERS = {
    ("attributions", "cue"): "Attribution",
    ("attributions", "content"): "Attribution_on_content",
    ("attributions", "source"): "Attribution_on_source",
    ("attributions", "speaker"): "Attribution_on_speaker",
    ("speculations", "cue"): "Speculation",
    ("speculations", "scope"): "Speculation_on_scope",
    ("claims", "extent"): "Claim",
}
#: The type and role of a part that is no trigger.
ROLES = {
    ("attributions", "source"): "Source",
    ("attributions", "content"): "Content",
    ("attributions", "speaker"): "Speaker_name",
    ("speculations", "scope"): "Scope",
}
#: The type of the notes by which labels come home as they were.
NOTE = "Allegedly"
#: What each folder says of its articles, a line each.
ARTICLES = "articles.jsonl"
#: Both layers have a kind, of other values each; brat knows attributes by name alone.
_NAMES = {("claims", "kind"): "Claim_kind", ("speculations", "kind"): "Speculation_kind"}
#: All that Python, in which brat is written, takes for the end of a line.
_BROKEN = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_COLOURS = {"attributions": "#9fc2ff", "speculations": "#ffe08a", "claims": "#b6e3a8"}


def shown(text: str, part: Part) -> Part:
    """A part as brat can show it: without line ends."""
    return tuple(
        Span(match.start(), match.end()) for start, end in part for match in _BROKEN.finditer(text, start, end)
    )


def attribute_name(layer: str, key: str) -> str:
    """What brat calls an attribute of ours."""
    return _NAMES.get((layer, key), key.capitalize())


def events(layer: str) -> list[str]:
    """The types of events that are labels of a layer."""
    return [name for (held, _), name in TRIGGERS.items() if held == layer]


def annotation_conf() -> str:
    """brat's configuration: what can be annotated, with which roles and attributes."""
    lines = ["[entities]", *dict.fromkeys(ROLES.values()), "", "[relations]", "", "[events]"]
    attributions = "|".join(events("attributions"))
    for (layer, part), name in TRIGGERS.items():
        own = [role for (held, other), role in ROLES.items() if held == layer and other != part]
        roles = [*(f"{role}?:{role}" for role in own), f"{LINK[layer].capitalize()}?:{attributions}"]
        lines.append(f"{name}\t{', '.join(roles)}")
    lines += ["", "[attributes]"]
    arguments: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for layer, keys in ATTRIBUTES.items():
        for key in keys:
            given = () if key == "negated" else tuple(values(layer.removesuffix("s"), key))
            arguments.setdefault((attribute_name(layer, key), given), []).extend(events(layer))
    for (name, given), held in arguments.items():
        lines.append(f"{name}\tArg:{'|'.join(held)}" + (f", Value:{'|'.join(given)}" if given else ""))
    return "\n".join([*lines, ""])


def visual_conf() -> str:
    """How brat draws it: a colour a layer, lighter names for what is drawn often."""
    names = [
        *(f"{name} | {name.replace('_', ' ')} | {name.partition('_')[0][:4]}" for name in TRIGGERS.values()),
        *(f"{name} | {name.replace('_', ' ')} | {name[:4]}" for name in dict.fromkeys(ROLES.values())),
    ]
    drawn = [(name, layer) for table in (TRIGGERS, ROLES) for (layer, _), name in table.items()]
    colours = [f"{name}\tbgColor:{_COLOURS[layer]}" for name, layer in drawn]
    return "\n".join(["[labels]", *names, "", "[drawing]", "SPAN_DEFAULT\tborderColor:darken", *colours, ""])
