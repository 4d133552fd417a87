"""From emissions to stretches: the best path of tags in each chain, and how probable each of its stretches is.

Conventions: tags are 0 outside, then B and I of source, cue and content. A chain is a range of pieces that no stretch
crosses (a block of the article). All chains of an article are decoded side by side. Probabilities are those of the
linear-chain CRF: that of a stretch is of exactly these pieces, no more and no fewer, being one.

Source: Rabiner (1989), A Tutorial on Hidden Markov Models; for the probability of a stretch, Culotta and McCallum
(2004), Confidence Estimation for Information Extraction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PARTS = ("source", "cue", "content")
TAGS = 2 * len(PARTS) + 1
_NEVER = -1e4
#: The logarithm of the least power at a place, beside its largest: what is less likely than this counts as this.
_LEAST = -300.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of pieces that is one part, half-open, and its probability."""

    part: str
    start: int
    end: int
    probability: float


def allowed() -> np.ndarray:
    """(TAGS, TAGS): True where the tag of the row may come before that of the column: I only after its B or I."""
    may = np.ones((TAGS, TAGS), dtype=bool)
    for inside in range(2, TAGS, 2):
        may[:, inside] = False
        may[[inside - 1, inside], inside] = True
    return may


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of an article side by side, the longest first: which piece each begins with, how many it has, what stands
    where, and the scores that the paths are made of. ``live`` is how many chains have a piece at each place."""

    first: np.ndarray
    length: np.ndarray
    live: list[int]
    emissions: np.ndarray  # (longest, chains, TAGS)
    moves: np.ndarray
    begins: np.ndarray


def chains(emissions: np.ndarray, ranges: Sequence[tuple[int, int]], moves: np.ndarray) -> Chains:
    """Chains from the emissions (pieces, TAGS) of an article. A chain begins as what follows an outside piece."""
    ranges = sorted(ranges, key=lambda r: (r[0] - r[1], r[0]))
    first = np.array([start for start, _ in ranges], dtype=np.int64)
    length = np.array([end - start for start, end in ranges], dtype=np.int64)
    longest = int(length.max(initial=0))
    side = np.zeros((longest, len(ranges), TAGS), dtype=np.float64)
    for at, (start, end) in enumerate(ranges):
        side[: end - start, at] = emissions[start:end]
    live = np.searchsorted(-length, -np.arange(longest), side="left").tolist()
    scores = np.where(allowed(), moves.astype(np.float64), _NEVER)
    return Chains(first, length, live, side, scores, scores[0])


def best(found: Chains) -> np.ndarray:
    """(longest, chains): the tags of the best path of each chain; 0 beyond its end."""
    longest, count, _ = found.emissions.shape
    tags = np.zeros((longest, count), dtype=np.int8)
    if not longest:
        return tags
    back = np.zeros((longest, count, TAGS), dtype=np.int8)
    score = found.begins + found.emissions[0]
    into = found.moves.T[None]  # so that the tag before stands last
    for at in range(1, longest):
        k = found.live[at]
        through = score[:k, None, :] + into
        back[at, :k] = through.argmax(2)
        score[:k] = through.max(2) + found.emissions[at, :k]
    state = score.argmax(1)
    every = np.arange(count)
    for at in range(longest - 1, -1, -1):
        k = found.live[at]
        tags[at, :k] = state[:k]
        state[:k] = back[at, every[:k], state[:k]]
    return tags


def sums(found: Chains) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward and backward sums (longest, chains, TAGS), and the total (chains,), all as logarithms."""
    longest, count, _ = found.emissions.shape
    forward, backward = np.zeros((longest, count, TAGS)), np.zeros((longest, count, TAGS))
    if not longest:
        return forward, backward, np.zeros(count)
    # as powers, scaled at each place so that none overflows: far faster than sums of logarithms
    top = found.emissions.max(2, keepdims=True)
    powers = np.exp(np.maximum(found.emissions - top, _LEAST))
    moves = np.exp(found.moves)
    scale = np.ones((longest, count))
    before = np.exp(found.begins)[None].repeat(count, 0)
    for at in range(longest):
        k = found.live[at]
        row = forward[at, :k]
        np.multiply(before[:k], powers[at, :k], out=row)
        scale[at, :k] = row.sum(1)
        row /= scale[at, :k, None]
        before = (row[:, :, None] * moves).sum(1)
    backward[-1] = 1.0
    back = moves.T[None]
    for at in range(longest - 2, -1, -1):
        k = found.live[at + 1]
        backward[at, k:] = 1.0
        behind = powers[at + 1, :k] * backward[at + 1, :k] / scale[at + 1, :k, None]
        backward[at, :k] = (behind[:, :, None] * back).sum(1)
    steps = (np.log(scale) + top[:, :, 0]).cumsum(0)
    with np.errstate(divide="ignore"):
        forward, backward = np.log(forward) + steps[:, :, None], np.log(backward) + (steps[-1] - steps)[:, :, None]
    return forward, backward, steps[-1]


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis)) + top.squeeze(axis)


def stretches(found: Chains) -> tuple[list[Stretch], np.ndarray]:
    """The stretches of the best paths, in order of piece, and for each piece, chain by chain in their order, the
    probability that it is in any part."""
    tags = best(found)
    forward, backward, total = sums(found)
    out: list[Stretch] = []
    inside = np.zeros(int(found.length.sum()))
    offset = int(found.first.min(initial=0)) if len(found.first) else 0
    for chain in np.argsort(found.first, kind="stable").tolist():
        length = int(found.length[chain])
        outside = np.exp(np.minimum(0.0, forward[:length, chain, 0] + backward[:length, chain, 0] - total[chain]))
        begin = int(found.first[chain])
        inside[begin - offset : begin - offset + length] = 1.0 - outside
        starts = np.flatnonzero(tags[:length, chain] % 2 == 1)
        for start in starts.tolist():
            tag = int(tags[start, chain])
            end = start + 1
            while end < length and tags[end, chain] == tag + 1:
                end += 1
            log = _probability(found, forward, backward, chain, start, end, tag) - total[chain]
            out.append(Stretch(PARTS[tag // 2], begin + start, begin + end, float(np.exp(min(0.0, log)))))
    return out, inside


def _probability(
    found: Chains, forward: np.ndarray, backward: np.ndarray, chain: int, start: int, end: int, tag: int
) -> float:
    """The logarithm of the summed scores of all paths in which exactly this stretch is one of this part."""
    inner = found.emissions[start + 1 : end, chain, tag + 1].sum()
    steps = 0.0 if end == start + 1 else found.moves[tag, tag + 1] + (end - start - 2) * found.moves[tag + 1, tag + 1]
    last = tag if end == start + 1 else tag + 1
    after = 0.0
    if end < int(found.length[chain]):
        onward = found.moves[last] + found.emissions[end, chain] + backward[end, chain]
        after = float(_logsumexp(np.delete(onward, tag + 1)[None], 1)[0])
    return float(forward[start, chain, tag] + inner + steps + after)
