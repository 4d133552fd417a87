"""Contents of attributions that nest or are disjoint: none may hold a part of another and words outside it too.

Conventions: offsets are half-open, in code points; the pieces of a content stand in order and do not overlap.
"""

from collections.abc import Iterable
from dataclasses import replace

from allegedly.schemas.records import Attribution, Part, Span


def by_content(label: Attribution) -> tuple[int, int]:
    """What attributions are put in order by: where the content begins, the longer one first."""
    part = label.content or ()
    return (part[0].start, -part[-1].end) if part else (0, 0)


def untangled(labels: Iterable[Attribution]) -> list[Attribution]:
    """The attributions in order of their contents; of two that cross, the later one keeps what both say. Direct speech
    is left whole: a report that crosses it goes."""
    labels = sorted(labels, key=by_content)
    spoken = [label for label in labels if label.form == "direct"]
    kept: list[Attribution] = []
    near: list[Attribution] = []
    ahead = 0
    for label in labels:
        first, last = by_content(label)
        near = [other for other in near if -by_content(other)[1] > first]
        while ahead < len(spoken) and by_content(spoken[ahead])[0] < -last:
            near.append(spoken[ahead])
            ahead += 1
        content = label.content or ()
        if label.form == "direct":
            kept.append(label)
            continue
        for other in near:
            both = _common(content, other.content or ())
            if both and both != content and both != other.content:
                content = () if other.form == "direct" else both
        if content or not label.content:
            kept.append(replace(label, content=content))
            near.append(kept[-1])
    return sorted(kept, key=by_content)


def _common(one: Part, other: Part) -> Part:
    """What two contents have in common."""
    found = []
    at = 0
    for span in one:
        while at < len(other) and other[at].end <= span.start:
            at += 1
        number = at
        while number < len(other) and other[number].start < span.end:
            found.append(Span(max(span.start, other[number].start), min(span.end, other[number].end)))
            number += 1
    return tuple(found)
