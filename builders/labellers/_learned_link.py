"""Which stretches belong together: sources and contents to cues, scopes to speculation cues.

Conventions: a pair's score is the product of the vectors that the network gives for the two first pieces, plus what
their distance tells. Attributions: each source and each content looks for its cue among those of its block; a cue has
at most one source, and contents on either side of it. A cue that no source chose shares the nearest one before it in its
sentence ("she said it was late and added ..."): training knows each source by its first cue only. Scopes: the cue looks
for the first and the last piece of its scope in its sentence.

Source: scores of pairs as in Dozat and Manning (2017), Deep Biaffine Attention for Neural Dependency Parsing.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.builders.labellers._learned_decode import Stretch

NEAR, BUCKETS = 16, 48
#: The logarithm of the least probability of a link.
_LEAST = -5.0
#: What it costs a source, or words that are not quoted, to belong to the cue of another sentence.
AWAY = 8.0


@dataclass(frozen=True, slots=True)
class Triple:
    """An attribution as stretches of pieces; ``link`` is how probable its weakest link is. The cue is None where words
    that are quoted simply stand there."""

    cue: Stretch | None
    source: Stretch | None
    content: tuple[Stretch, ...]
    link: float


def buckets(distance: np.ndarray) -> np.ndarray:
    """The bucket of signed distances: exact up to NEAR, logarithmic beyond."""
    size = np.abs(distance)
    far = NEAR + np.minimum((np.log2(np.maximum(size, NEAR) / NEAR) * 2).astype(np.int64), BUCKETS // 2 - NEAR - 1)
    near = np.where(size < NEAR, size, far)
    numbers: np.ndarray = np.where(distance < 0, near, near + BUCKETS // 2)
    return numbers


def scores(
    rows: np.ndarray, columns: np.ndarray, row_places: np.ndarray, column_places: np.ndarray, near: np.ndarray
) -> np.ndarray:
    """(rows, columns): scores of pairs from their vectors and from the places where they stand."""
    distances = column_places[None, :] - row_places[:, None]
    pairs: np.ndarray = rows @ columns.T / math.sqrt(rows.shape[1]) + near[buckets(distances)]
    return pairs


def triples(
    stretches: Sequence[Stretch],
    look_from: np.ndarray,
    look_to: np.ndarray,
    near: np.ndarray,
    sentence: np.ndarray,
    quoted: np.ndarray,
    none: np.ndarray | None = None,
) -> list[Triple]:
    """The attributions of one block. ``look_from`` and ``look_to`` are the vectors of all pieces of the section,
    ``sentence`` the sentences that they lie in, ``quoted`` whether they stand in quotation marks. A cue that no content
    found is none, nor is a source without a cue. With ``none``, the score of each piece for having no cue, a content may
    have none: where it is quoted, or a source beside it has none either."""
    cues = [s for s in stretches if s.part == "cue"]
    arguments = [s for s in stretches if s.part != "cue"]
    if not arguments or (not cues and none is None):
        return []
    to = np.array([s.start for s in cues], dtype=np.int64)
    starts = np.array([s.start for s in arguments])
    raw = scores(look_from[starts].astype(np.float64), look_to[to].astype(np.float64), starts, to, near)
    away = sentence[starts][:, None] != sentence[to][None, :]
    free = np.array([s.part == "source" or not quoted[s.start] for s in arguments])
    raw = raw - AWAY * (away & free[:, None])
    if none is not None:
        raw = np.concatenate([raw, none[starts].astype(np.float64)[:, None]], 1)
    log = raw - raw.max(1, keepdims=True)
    log -= np.log(np.exp(log).sum(1, keepdims=True))
    source = _sources(arguments, log[:, : len(cues)])
    content: dict[int, list[int]] = {}
    for row, stretch in enumerate(arguments):
        if stretch.part == "content":
            content.setdefault(int(log[row].argmax()), []).append(row)
    out = []
    for column, cue in enumerate(cues):
        rows = content.get(column, [])
        if not rows:
            continue
        own = source.get(column, _shared(arguments, cue, sentence))
        used = rows if own is None else [*rows, own]
        out.append(
            Triple(
                cue=cue,
                source=None if own is None else arguments[own],
                content=tuple(arguments[row] for row in rows),
                link=float(np.exp(max(_LEAST, min(log[row, column] for row in used)))),
            )
        )
    return out + list(_cueless(arguments, content.get(len(cues), []), set(source.values()), log, quoted))


def _cueless(
    arguments: Sequence[Stretch], rows: Sequence[int], taken: set[int], log: np.ndarray, quoted: np.ndarray
) -> Iterator[Triple]:
    """Contents without a cue, each with the nearest source that has none either."""
    free = [row for row, stretch in enumerate(arguments) if stretch.part == "source" and row not in taken]
    for row in rows:
        own = min(free, key=lambda other: abs(arguments[other].start - arguments[row].start), default=None)
        if own is not None:
            free.remove(own)
        elif not quoted[arguments[row].start]:
            continue
        used = [row] if own is None else [row, own]
        yield Triple(
            cue=None,
            source=None if own is None else arguments[own],
            content=(arguments[row],),
            link=float(np.exp(max(_LEAST, min(log[at, -1] for at in used)))),
        )


def _shared(arguments: Sequence[Stretch], cue: Stretch, sentence: np.ndarray) -> int | None:
    """The row of the nearest source before a cue in its sentence."""
    number = sentence[cue.start]
    rows = [
        row
        for row, stretch in enumerate(arguments)
        if stretch.part == "source" and stretch.start < cue.start and sentence[stretch.start] == number
    ]
    return rows[-1] if rows else None


def _sources(arguments: Sequence[Stretch], log: np.ndarray) -> dict[int, int]:
    """Cues and the rows of their sources: the best pair first, each cue and each source once."""
    rows = [row for row, stretch in enumerate(arguments) if stretch.part == "source"]
    pairs = sorted((-log[row, column], row, column) for row in rows for column in range(log.shape[1]))
    taken: dict[int, int] = {}
    for worse, row, column in pairs:
        if column not in taken and row not in taken.values() and worse < 5.0:
            taken[column] = row
    return taken


def ends(
    cue: int,
    last: int,
    sentence: tuple[int, int],
    fields: dict[str, np.ndarray],
    near: dict[str, np.ndarray],
    looking: tuple[str, str] = ("scope_cue_left", "scope_cue_right"),
) -> tuple[int, int, float]:
    """The scope of the cue whose first piece is ``cue`` and whose last is ``last``: its first piece, the piece after
    its last, and how probable both are together. ``looking`` are the fields of the cue that look for either end."""
    start, end = sentence
    here = np.array([cue])
    left_at, right_at = np.arange(start, cue + 1), np.arange(last, end)
    left = scores(fields[looking[0]][here], fields["scope_left"][left_at], here, left_at, near["left"])[0]
    right = scores(fields[looking[1]][here], fields["scope_right"][right_at], here, right_at, near["right"])[0]
    first, after = int(left.argmax()), int(right.argmax())
    probability = _softmax(left)[first] * _softmax(right)[after]
    return start + first, last + after + 1, float(probability)


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values.astype(np.float64) - values.max())
    shares: np.ndarray = powers / powers.sum()
    return shares
