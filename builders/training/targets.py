"""What the network is to say about real news: every layer of our own scheme, with all attributes.

Conventions: tags of attribution as in ``data``, once for the outermost ones and once for those that lie directly inside
them; deeper ones teach only their attributes. Tags of claims are 0 outside, then B and I of a stretch that begins a
claim, and of one that goes on with a claim that other words interrupted. What a label is stands beside the pieces that
it is read from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from allegedly.builders.labellers._learned_heads import ACTS, CERTAINTIES, CLAIM_KINDS, DOUBTS, POLARITIES, SOURCES
from allegedly.builders.labellers._learned_text import Pieces
from allegedly.builders.training.parts import WORTH, attributions, speculations, stretches
from allegedly.schemas.records import Attribution, Part, Record

#: Half-open ranges of pieces.
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Values of some attributes, and the pieces that they are read from; -1 where a label has no value."""

    pieces: Ranges
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class News:
    """The targets of an article of real news: tags and links of outermost and inner attributions, tags of cues of doubt
    and scopes as in ``Example``, tags of claims, what each label is, and the class of each sentence."""

    outer_tags: np.ndarray
    outer_links: np.ndarray
    inner_tags: np.ndarray
    inner_links: np.ndarray
    doubt_tags: np.ndarray
    doubt_scopes: tuple[tuple[int, int, int], ...]
    claim_tags: np.ndarray
    named: tuple[Named, ...]
    classes: np.ndarray


def news(pieces: Pieces, record: Record) -> News:
    """The targets of an article all of whose layers were annotated by our scheme."""
    labels = record.labels
    all_attributions = labels.attributions or ()
    depths = depth(all_attributions)
    outer = attributions(pieces, [label for label in all_attributions if depths[label.id] == 0])
    inner = attributions(pieces, [label for label in all_attributions if depths[label.id] == 1])
    doubt_tags, doubt_scopes = speculations(pieces, labels.speculations or ())
    return News(
        *outer,
        *inner,
        doubt_tags=doubt_tags,
        doubt_scopes=doubt_scopes,
        claim_tags=_extents(pieces, [claim.extent for claim in labels.claims or ()]),
        named=tuple(item for item in _named(pieces, record) if item.pieces),
        classes=np.array([WORTH.get(sentence.claim or "", -1) for sentence in record.sentences], dtype=np.int64),
    )


def depth(labels: Iterable[Attribution]) -> dict[str, int]:
    """How many attributions each one lies in."""
    parents = {label.id: label.parent for label in labels}
    out = {}
    for name in parents:
        count, above = 0, parents[name]
        while above is not None and count < len(parents):
            count, above = count + 1, parents.get(above)
        out[name] = count
    return out


def _extents(pieces: Pieces, extents: Iterable[Part]) -> np.ndarray:
    """The tags of claims; of two that share a piece the first has it."""
    tags = np.zeros(len(pieces), dtype=np.int64)
    for extent in extents:
        for number, (first, last) in enumerate(stretches(pieces, extent)):
            if tags[first:last].any():
                continue
            tags[first:last] = 2 if number == 0 else 4
            tags[first] -= 1
    return tags


def _named(pieces: Pieces, record: Record) -> Iterable[Named]:
    """What each label is."""
    for label in record.labels.attributions or ():
        yield Named(_ranges(pieces, label.cue), {"act": _at(ACTS, label.act), "negated": int(bool(label.negated))})
        yield Named(_ranges(pieces, label.source), {"source_kind": _at(SOURCES, label.source_kind)})
    for doubt in record.labels.speculations or ():
        values = {"doubt_kind": _at(DOUBTS, doubt.kind), "doubt_certainty": _at(CERTAINTIES, doubt.certainty)}
        yield Named(_ranges(pieces, doubt.cue), values)
    for claim in record.labels.claims or ():
        yield Named(
            _ranges(pieces, claim.extent),
            {
                "claim_kind": _at(CLAIM_KINDS, claim.kind),
                "claim_worth": WORTH.get(claim.worth or "", 0) - 1,
                "claim_certainty": _at(CERTAINTIES, claim.certainty),
                "polarity": _at(POLARITIES, claim.polarity),
            },
        )


def _ranges(pieces: Pieces, part: Part | None) -> Ranges:
    return tuple(stretches(pieces, part))


def _at(values: tuple[str, ...], value: str | None) -> int:
    return values.index(value) if value in values else -1
