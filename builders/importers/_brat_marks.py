"""brat standoff as marks and links: events are marks of their own, the fillers of their roles are joined to them.

Conventions: a mark has the id of its event or mention; a copy of a filler is ``<event> <role> <filler>``. Two events on one
trigger are two marks.
"""

from collections.abc import Mapping

from allegedly.builders.annotations.standoff import NOTE
from allegedly.builders.importers import _brat
from allegedly.builders.importers._marks import NAMES, Mark, Marked, plain
from allegedly.schemas.records import Part

#: A name for each part of each layer.
_NAME = {place: name for name, place in reversed(NAMES.items())}


def marked_of(standoff: _brat.Standoff, text: str) -> Marked:
    """Mentions, events and relations as marks and links: an event is a mark of its own, where its trigger stands. A
    mention is one too, unless events alone use it."""
    out = Marked()
    mentions: dict[str, Part] = {}
    for name, mention in standoff.mentions.items():
        fault = _brat.wrong(mention, text)
        if fault:
            out.dropped.append((name, "broken-span", f"{fault[0].upper()}{fault[1:]}."))
        else:
            mentions[name] = mention.part
            out.marks[name] = Mark(mention.type, mention.part)
    events = {name: link for name, link in standoff.links.items() if link.trigger is not None}
    owner = {link.trigger: name for name, link in reversed(events.items())}
    used: set[str] = set()
    for name, link in events.items():
        used |= _event(out, name, link, mentions, owner, events)
    kept: set[str] = set()
    for link in standoff.links.values():
        if link.trigger is None:
            source, target = [owner.get(filler, filler) for _, filler in link.roles]
            kept |= {source, target}
            out.links.append((link.type, source, target))
    out.marks = {name: mark for name, mark in out.marks.items() if name in kept or name not in used}
    for _, key, target, value in standoff.attributes:
        named = [name for name, link in events.items() if link.trigger == target] or [target]
        out.attributes += [(name, key, value) for name in named]
    for name, about in standoff.others:
        if not about.startswith(f"{NOTE} "):
            out.dropped.append((name, "note", "A note or normalisation: labels hold none."))
    return out


def _event(
    out: Marked,
    name: str,
    link: _brat.Link,
    mentions: Mapping[str, Part],
    owner: Mapping[str | None, str],
    events: Mapping[str, _brat.Link],
) -> set[str]:
    """Marks an event, joins copies of the fillers of its roles to it, and says which mentions it used. Where a role is
    the trigger's own part, the event has no span of its own."""
    trigger = link.trigger or ""
    if trigger not in mentions:
        out.dropped.append((name, "broken-event", f"Its trigger {trigger} is no annotation of the text."))
        return set()
    out.marks[name] = Mark(link.type, mentions[trigger])
    used = {trigger}
    layer, own = NAMES.get(plain(link.type), ("", ""))
    for role, filler in link.roles:
        part, target = NAMES.get(plain(role)), owner.get(filler, filler)
        words = (events[target].trigger or "") if target in events else target
        if part and layer and words in mentions and target != name and (part[0] == layer or part[1] == "cue"):
            copy = f"{name} {role} {filler}"
            out.marks[copy] = Mark(_NAME[layer, part[1]], mentions[words])
            out.links.append((role, name, copy))
            used.add(target)
            if part[1] == own:
                out.marks[name] = Mark(link.type, ())
        else:
            out.links.append((role, name, target))
    return used - events.keys()
