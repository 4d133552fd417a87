"""What the heads for real news say about a section: attributions and what lies in them, doubts, claims, classes.

Conventions: everything is decoded to offsets in the article's text, with the attributes of our guidelines. An inner
attribution is looked for inside the content of an outer one alone. Probabilities are raw: they are calibrated when all
of the article was read, on which some of them hang.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.builders.labellers import _learned_decode as decode
from allegedly.builders.labellers import _learned_heads as heads
from allegedly.builders.labellers import _learned_link as link
from allegedly.builders.labellers._learned_text import OFFSETS, Pieces
from allegedly.schemas.records import Part, Span


@dataclass(frozen=True, slots=True)
class Attributed:
    """An attribution as parts of the text, how probable it is, what it is by the guidelines, and the index of the one
    that it lies in, or -1."""

    source: Part
    cue: Part
    content: Part
    probability: float
    act: str = "speech"
    negated: bool = False
    source_kind: str = "none"
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim: its extent, the number of its sentence, how probable it is one, what it is, and how probably it is worth a check."""

    extent: Part
    sentence: int
    probability: float
    kind: str
    certainty: str
    polarity: str
    worth: float


@dataclass(frozen=True, slots=True)
class Chained:
    """The stretches of a section in the chains for news: of outermost attributions, and of claims."""

    outer: Sequence[decode.Stretch]
    claims: Sequence[decode.Stretch]


def span(pieces: Pieces, start: int, end: int) -> Span:
    """Where a half-open range of pieces stands in the text."""
    return Span(int(pieces.start[start]), int(pieces.end[end - 1]))


def best(fields: dict[str, np.ndarray], name: str, places: Sequence[int], weights: np.ndarray | None = None) -> int:
    """The likeliest value of an attribute, read from some pieces, which all count alike or by ``weights``."""
    rows = fields[name][places]
    return int((rows.mean(0) if weights is None else weights @ rows).argmax())


# -- attributions ---------------------------------------------------------------------------------------------------


def attributions(
    pieces: Pieces,
    blocks: Sequence[tuple[int, int]],
    fields: dict[str, np.ndarray],
    stretches: Sequence[decode.Stretch],
    near: np.ndarray,
    moves: np.ndarray,
) -> list[Attributed]:
    """The attributions of a section, those inside others behind them; probabilities are raw. ``stretches`` are those of
    the outermost ones, ``near`` the scores of distances, ``moves`` those between tags of inner ones."""
    quoted = pieces.features[:, 2] - OFFSETS[2] > 0
    none = fields["link_none"][:, 0]
    outer: list[link.Triple] = []
    number = 0
    for _, end in blocks:
        own = []
        while number < len(stretches) and stretches[number].start < end:
            own.append(stretches[number])
            number += 1
        vectors = fields["link_from"], fields["link_to"]
        outer += link.triples(own, *vectors, near, pieces.sentence, quoted, none)
    out = [_attributed(pieces, fields, triple, -1) for triple in outer]
    held = sorted((s.start, s.end, holder) for holder, triple in enumerate(outer) for s in triple.content)
    ranges = [(start, end) for start, end, _ in held]
    chains = decode.chains(fields["inner_tags"], ranges, moves)
    inside: dict[int, list[decode.Stretch]] = {}
    place = 0
    for stretch in decode.found(chains):
        while held[place][1] <= stretch.start:
            place += 1
        inside.setdefault(held[place][2], []).append(stretch)
    for holder, own in inside.items():
        vectors = fields["inner_from"], fields["link_to"]
        triples = link.triples(own, *vectors, near, pieces.sentence, quoted)
        out += [_attributed(pieces, fields, triple, holder) for triple in triples]
    return out


def _attributed(pieces: Pieces, fields: dict[str, np.ndarray], triple: link.Triple, parent: int) -> Attributed:
    cue, source = triple.cue, triple.source
    parts = [s for s in (cue, source, *triple.content) if s]
    at = range(cue.start, cue.end) if cue else ()
    return Attributed(
        source=(span(pieces, source.start, source.end),) if source else (),
        cue=(span(pieces, cue.start, cue.end),) if cue else (),
        content=tuple(span(pieces, s.start, s.end) for s in triple.content),
        probability=triple.link * math.exp(sum(math.log(max(1e-9, s.probability)) for s in parts) / len(parts)),
        act=heads.ACTS[best(fields, "act", at)] if at else "speech",
        negated=bool(at) and best(fields, "negated", at) == 1,
        source_kind=heads.SOURCES[best(fields, "source_kind", range(source.start, source.end))] if source else "none",
        parent=parent,
    )


# -- claims ---------------------------------------------------------------------------------------------------------

#: How a relative clause begins that stands between two pieces of another claim.
_RELATIVE = frozenset(["which", "who", "whose", "where", "whom", "when"])


def claims(
    pieces: Pieces, text: str, fields: dict[str, np.ndarray], stretches: Sequence[decode.Stretch]
) -> list[Stated]:
    """The claims of a section, in order."""
    joined: list[list[decode.Stretch]] = []
    for stretch in stretches:
        number = int(pieces.sentence[stretch.start])
        here = [item for item in joined[-2:] if int(pieces.sentence[item[0].start]) == number]
        if stretch.part == heads.EXTENT[0] or not here:
            joined.append([stretch])
            continue
        first = text[pieces.start[here[-1][0].start] : pieces.end[here[-1][0].start]].lower()
        # "[The barge], [which carries gravel], [sank]": the last piece goes on with the first
        here[0 if first in _RELATIVE else -1].append(stretch)
    return [_stated(pieces, fields, item) for item in joined]


def _stated(pieces: Pieces, fields: dict[str, np.ndarray], stretches: Sequence[decode.Stretch]) -> Stated:
    places = [place for stretch in stretches for place in range(stretch.start, stretch.end)]
    weights = np.exp(fields["claim_weight"][places, 0].astype(np.float64))
    weights /= weights.sum()
    worth = weights @ fields["claim_worth"][places]
    return Stated(
        extent=tuple(span(pieces, s.start, s.end) for s in stretches),
        sentence=int(pieces.sentence[places[0]]),
        probability=float(min(s.probability for s in stretches)),
        kind=heads.CLAIM_KINDS[best(fields, "claim_kind", places, weights)],
        certainty=heads.CERTAINTIES[best(fields, "claim_certainty", places, weights)],
        polarity=heads.POLARITIES[best(fields, "polarity", places, weights)],
        worth=float(1.0 / (1.0 + np.exp(worth[0] - worth[1]))),
    )
