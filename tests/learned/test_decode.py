"""Decoding against all paths written out."""

import itertools

import numpy as np
import pytest

from allegedly.builders.labellers import _learned_decode as decode

TAGS = decode.TAGS


def paths(emissions: np.ndarray, moves: np.ndarray) -> list[tuple[tuple[int, ...], float]]:
    """Every allowed path with its score."""
    may = decode.allowed()
    found = []
    for path in itertools.product(range(TAGS), repeat=len(emissions)):
        steps = list(itertools.pairwise((0, *path)))
        if all(may[a, b] for a, b in steps):
            score = sum(emissions[at, tag] for at, tag in enumerate(path)) + sum(moves[a, b] for a, b in steps)
            found.append((path, float(score)))
    return found


def runs(path: tuple[int, ...]) -> list[tuple[str, int, int]]:
    out = []
    for at, tag in enumerate(path):
        if tag % 2:
            end = at + 1
            while end < len(path) and path[end] == tag + 1:
                end += 1
            out.append((decode.PARTS[tag // 2], at, end))
    return out


@pytest.mark.parametrize("seed", range(5))
def test_best_path_and_probabilities_are_those_of_all_paths(seed):
    rng = np.random.default_rng(seed)
    emissions, moves = rng.normal(size=(7, TAGS)) * 2, rng.normal(size=(TAGS, TAGS))
    ranges = [(0, 4), (4, 7)]
    stretches, inside = decode.stretches(decode.chains(emissions, ranges, moves))
    for start, end in ranges:
        every = paths(emissions[start:end], moves)
        total = sum(np.exp(score) for _, score in every)
        best = max(every, key=lambda item: item[1])[0]
        here = [s for s in stretches if start <= s.start < end]
        assert [(s.part, s.start - start, s.end - start) for s in here] == runs(best)
        for s in here:
            share = sum(np.exp(x) for path, x in every if (s.part, s.start - start, s.end - start) in runs(path))
            assert s.probability == pytest.approx(share / total)
        for at in range(end - start):
            share = sum(np.exp(x) for path, x in every if path[at])
            assert inside[start + at] == pytest.approx(share / total)


def test_nothing_has_no_stretches():
    stretches, inside = decode.stretches(decode.chains(np.zeros((0, TAGS)), [], np.zeros((TAGS, TAGS))))
    assert stretches == [] and len(inside) == 0


def test_inside_tags_only_follow_their_own():
    emissions = np.zeros((6, TAGS))
    emissions[:, 2] = 10  # I of source everywhere, nowhere a B
    stretches, _ = decode.stretches(decode.chains(emissions, [(0, 6)], np.zeros((TAGS, TAGS))))
    assert [(s.part, s.start, s.end) for s in stretches] == [("source", 0, 6)]
