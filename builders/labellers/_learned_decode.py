"""From emissions to stretches: the best path of tags in each chain, and how probable each of its stretches is.

Conventions: tags are 0 outside, then B and I of each part: of source, cue and content, or of whatever parts are named.
A chain is a range of pieces that no stretch crosses (a block of the article, a sentence). All chains of an article are
decoded side by side. Probabilities are those of the
linear-chain CRF: that of a stretch is of exactly these pieces, no more and no fewer, being one.

Source: Rabiner (1989), A Tutorial on Hidden Markov Models; for the probability of a stretch, Culotta and McCallum
(2004), Confidence Estimation for Information Extraction.
"""

from collections.abc import Iterator, Sequence
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


def allowed(tags: int = TAGS) -> np.ndarray:
    """(tags, tags): True where the tag of the row may come before that of the column: I only after its B or I."""
    may = np.ones((tags, tags), dtype=bool)
    for inside in range(2, tags, 2):
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
    emissions: np.ndarray  # (longest, chains, tags)
    moves: np.ndarray
    begins: np.ndarray


def chains(emissions: np.ndarray, ranges: Sequence[tuple[int, int]], moves: np.ndarray) -> Chains:
    """Chains from the emissions (pieces, tags) of an article. A chain begins as what follows an outside piece."""
    ranges = sorted(ranges, key=lambda r: (r[0] - r[1], r[0]))
    first = np.array([start for start, _ in ranges], dtype=np.int64)
    length = np.array([end - start for start, end in ranges], dtype=np.int64)
    longest = int(length.max(initial=0))
    tags = len(moves)
    side = np.zeros((longest, len(ranges), tags), dtype=np.float64)
    for column, (start, end) in enumerate(ranges):
        side[: end - start, column] = emissions[start:end]
    live = np.searchsorted(-length, -np.arange(longest), side="left").tolist()
    scores = np.where(allowed(tags), moves.astype(np.float64), _NEVER)
    return Chains(first, length, live, side, scores, scores[0])


def best(chains: Chains) -> np.ndarray:
    """(longest, chains): the tags of the best path of each chain; 0 beyond its end."""
    longest, count, kinds = chains.emissions.shape
    tags = np.zeros((longest, count), dtype=np.int8)
    if not longest:
        return tags
    back = np.zeros((longest, count, kinds), dtype=np.int8)
    score = chains.begins + chains.emissions[0]
    into = chains.moves.T[None]  # so that the tag before stands last
    for place in range(1, longest):
        live = chains.live[place]
        through = score[:live, None, :] + into
        back[place, :live] = through.argmax(2)
        score[:live] = through.max(2) + chains.emissions[place, :live]
    state = score.argmax(1)
    every = np.arange(count)
    for place in range(longest - 1, -1, -1):
        live = chains.live[place]
        tags[place, :live] = state[:live]
        state[:live] = back[place, every[:live], state[:live]]
    return tags


def sums(chains: Chains) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward and backward sums (longest, chains, tags), and the total (chains,), all as logarithms."""
    longest, count, kinds = chains.emissions.shape
    forward, backward = np.zeros((longest, count, kinds)), np.zeros((longest, count, kinds))
    if not longest:
        return forward, backward, np.zeros(count)
    # as powers, scaled at each place so that none overflows: far faster than sums of logarithms
    top = chains.emissions.max(2, keepdims=True)
    powers = np.exp(np.maximum(chains.emissions - top, _LEAST))
    moves = np.exp(chains.moves)
    scale = np.ones((longest, count))
    before = np.exp(chains.begins)[None].repeat(count, 0)
    for place in range(longest):
        live = chains.live[place]
        row = forward[place, :live]
        np.multiply(before[:live], powers[place, :live], out=row)
        scale[place, :live] = row.sum(1)
        row /= scale[place, :live, None]
        before = (row[:, :, None] * moves).sum(1)
    backward[-1] = 1.0
    back = moves.T[None]
    for place in range(longest - 2, -1, -1):
        live = chains.live[place + 1]
        backward[place, live:] = 1.0
        behind = powers[place + 1, :live] * backward[place + 1, :live] / scale[place + 1, :live, None]
        backward[place, :live] = (behind[:, :, None] * back).sum(1)
    steps = (np.log(scale) + top[:, :, 0]).cumsum(0)
    with np.errstate(divide="ignore"):
        forward, backward = np.log(forward) + steps[:, :, None], np.log(backward) + (steps[-1] - steps)[:, :, None]
    return forward, backward, steps[-1]


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis, keepdims=True)
    logsum: np.ndarray = np.log(np.exp(values - top).sum(axis)) + top.squeeze(axis)
    return logsum


def stretches(chains: Chains, parts: Sequence[str] = PARTS) -> tuple[list[Stretch], np.ndarray]:
    """The stretches of the best paths, in order of piece, and for each piece, chain by chain in their order, the
    probability that it is in any part."""
    tags = best(chains)
    forward, backward, total = sums(chains)
    out: list[Stretch] = []
    inside = []
    for chain in np.argsort(chains.first, kind="stable").tolist():
        length, begin = int(chains.length[chain]), int(chains.first[chain])
        outside = np.exp(np.minimum(0.0, forward[:length, chain, 0] + backward[:length, chain, 0] - total[chain]))
        inside.append(1.0 - outside)
        for start, end, tag in _runs(tags[:length, chain]):
            log = _probability(chains, forward, backward, chain, start, end, tag) - total[chain]
            out.append(Stretch(parts[tag // 2], begin + start, begin + end, float(np.exp(min(0.0, log)))))
    return out, np.concatenate(inside) if inside else np.zeros(0)


def found(chains: Chains, parts: Sequence[str] = PARTS) -> list[Stretch]:
    """The stretches of the best paths, in order of piece, where nobody asks how probable they are: each counts as sure."""
    tags = best(chains)
    return [
        Stretch(parts[tag // 2], int(chains.first[chain]) + start, int(chains.first[chain]) + end, 1.0)
        for chain in np.argsort(chains.first, kind="stable").tolist()
        for start, end, tag in _runs(tags[: int(chains.length[chain]), chain])
    ]


def _runs(tags: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """The stretches of a path: where each begins, where it ends, and the tag that it begins with."""
    for start in np.flatnonzero(tags % 2 == 1).tolist():
        tag, end = int(tags[start]), start + 1
        while end < len(tags) and tags[end] == tag + 1:
            end += 1
        yield start, end, tag


def _probability(
    chains: Chains, forward: np.ndarray, backward: np.ndarray, chain: int, start: int, end: int, tag: int
) -> float:
    """The logarithm of the summed scores of all paths in which exactly this stretch is one of this part."""
    inner = chains.emissions[start + 1 : end, chain, tag + 1].sum()
    steps = 0.0 if end == start + 1 else chains.moves[tag, tag + 1] + (end - start - 2) * chains.moves[tag + 1, tag + 1]
    last = tag if end == start + 1 else tag + 1
    after = 0.0
    if end < int(chains.length[chain]):
        onward = chains.moves[last] + chains.emissions[end, chain] + backward[end, chain]
        after = float(_logsumexp(np.delete(onward, tag + 1)[None], 1)[0])
    return float(forward[start, chain, tag] + inner + steps + after)
