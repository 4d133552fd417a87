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
    """Chains of an article side by side: which piece stands where, and the scores that the paths are made of."""

    first: np.ndarray
    length: np.ndarray
    emissions: np.ndarray  # (longest, chains, TAGS)
    moves: np.ndarray
    begins: np.ndarray


def chains(emissions: np.ndarray, ranges: Sequence[tuple[int, int]], moves: np.ndarray) -> Chains:
    """Chains from the emissions (pieces, TAGS) of an article. A chain begins as what follows an outside piece."""
    first = np.array([start for start, _ in ranges], dtype=np.int64)
    length = np.array([end - start for start, end in ranges], dtype=np.int64)
    side = np.zeros((int(length.max(initial=0)), len(ranges), TAGS), dtype=np.float64)
    for at, (start, end) in enumerate(ranges):
        side[: end - start, at] = emissions[start:end]
    scores = np.where(allowed(), moves.astype(np.float64), _NEVER)
    return Chains(first, length, side, scores, scores[0])


def best(found: Chains) -> np.ndarray:
    """(longest, chains): the tags of the best path of each chain; 0 beyond its end."""
    longest, count, _ = found.emissions.shape
    back = np.zeros((longest, count, TAGS), dtype=np.int8)
    stay = np.arange(TAGS, dtype=np.int8)
    score = found.begins + found.emissions[0] if longest else np.zeros((count, TAGS))
    for at in range(1, longest):
        through = score[:, :, None] + found.moves
        back[at] = through.argmax(1)
        ahead = through.max(1) + found.emissions[at]
        live = (at < found.length)[:, None]
        score = np.where(live, ahead, score)
        back[at] = np.where(live, back[at], stay)
    tags = np.zeros((longest, count), dtype=np.int8)
    state = score.argmax(1)
    for at in range(longest - 1, -1, -1):
        tags[at] = np.where(at < found.length, state, 0)
        state = back[at][np.arange(count), state]
    return tags


def sums(found: Chains) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward and backward sums (longest, chains, TAGS), and the total (chains,), all as logarithms."""
    longest, count, _ = found.emissions.shape
    forward = np.zeros((longest, count, TAGS))
    backward = np.zeros((longest, count, TAGS))
    if not longest:
        return forward, backward, np.zeros(count)
    forward[0] = found.begins + found.emissions[0]
    for at in range(1, longest):
        ahead = _logsumexp(forward[at - 1][:, :, None] + found.moves, 1) + found.emissions[at]
        forward[at] = np.where((at < found.length)[:, None], ahead, forward[at - 1])
    for at in range(longest - 2, -1, -1):
        behind = _logsumexp(found.moves + (found.emissions[at + 1] + backward[at + 1])[:, None, :], 2)
        backward[at] = np.where((at + 1 < found.length)[:, None], behind, 0.0)
    return forward, backward, _logsumexp(forward[-1], 1)


def _logsumexp(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis)) + top.squeeze(axis)


def stretches(found: Chains) -> tuple[list[Stretch], np.ndarray]:
    """The stretches of the best paths, in order of piece, and for each piece, chain by chain in their order, the
    probability that it is in any part."""
    tags = best(found)
    forward, backward, total = sums(found)
    out: list[Stretch] = []
    inside = []
    for chain in range(len(found.first)):
        length = int(found.length[chain])
        outside = np.exp(np.minimum(0.0, forward[:length, chain, 0] + backward[:length, chain, 0] - total[chain]))
        inside.append(1.0 - outside)
        starts = np.flatnonzero(tags[:length, chain] % 2 == 1)
        for start in starts.tolist():
            tag = int(tags[start, chain])
            end = start + 1
            while end < length and tags[end, chain] == tag + 1:
                end += 1
            log = _probability(found, forward, backward, chain, start, end, tag) - total[chain]
            first = int(found.first[chain])
            out.append(Stretch(PARTS[tag // 2], first + start, first + end, float(np.exp(min(0.0, log)))))
    return out, np.concatenate(inside) if inside else np.zeros(0)


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
