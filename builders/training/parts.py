"""Labels as tags of pieces, and as links between them.

Conventions: tags of attribution are 0 outside, then B and I of source, cue and content; those of speculation cues 0
outside, 1 B, 2 I. Each contiguous stretch of a part is tagged apart.
"""

from collections.abc import Iterable

import numpy as np

from allegedly.builders.labellers._learned_text import Pieces
from allegedly.schemas.records import Attribution, Part, Speculation

PARTS = ("source", "cue", "content")
WORTH = {"no_claim": 0, "unimportant": 1, "check_worthy": 2}
#: A link that has no cue to point to, and a piece that has no link.
NO_CUE, NO_LINK = -1, -2


def covered(pieces: Pieces, start: int, end: int) -> tuple[int, int]:
    """The range of pieces that a span touches."""
    first = int(np.searchsorted(pieces.end, start, side="right"))
    return first, int(np.searchsorted(pieces.start, end, side="left"))


def attributions(pieces: Pieces, attributions: Iterable[Attribution]) -> tuple[np.ndarray, np.ndarray]:
    tags = np.zeros(len(pieces), dtype=np.int64)
    links = np.full(len(pieces), NO_LINK, dtype=np.int64)
    for label in attributions:
        found = {name: stretches(pieces, getattr(label, name)) for name in PARTS}
        cue = found["cue"][0][0] if found["cue"] else NO_CUE
        for number, name in enumerate(PARTS):
            for first, last in found[name]:
                if tags[first:last].any():  # the first label that claims a piece has it: tags hold one
                    continue
                tags[first:last] = 2 * number + 2
                tags[first] = 2 * number + 1
                if first != cue:
                    links[first] = cue
    return tags, links


def stretches(pieces: Pieces, part: Part | None) -> list[tuple[int, int]]:
    ranges = (covered(pieces, start, end) for start, end in part or ())
    return [(first, last) for first, last in ranges if last > first]


def speculations(
    pieces: Pieces, speculations: Iterable[Speculation]
) -> tuple[np.ndarray, tuple[tuple[int, int, int], ...]]:
    tags = np.zeros(len(pieces), dtype=np.int64)
    scopes = []
    for label in speculations:
        cue = stretches(pieces, label.cue)
        for first, last in cue:
            tags[first:last] = 2
            tags[first] = 1
        scope = stretches(pieces, label.scope)
        if cue and scope:
            scopes.append((cue[0][0], scope[0][0], scope[-1][1] - 1))
    return tags, tuple(scopes)
