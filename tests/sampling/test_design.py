"""The design of the draw: its probabilities are exact, by enumeration of all starts, and estimates from it are unbiased."""

import math
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.eval.sampling.design import FLOOR, allocated, certain, draw, probabilities, sizes, systematic

SIZES = st.lists(st.integers(1, 50), min_size=1, max_size=12)


@given(SIZES, st.data())
def test_each_unit_is_drawn_for_just_the_share_of_starts_that_its_probability_says(given_sizes, data):
    n = data.draw(st.integers(1, len(given_sizes)))
    sure = certain(given_sizes, n)
    left = [size for unit, size in enumerate(given_sizes) if unit not in sure]
    rest = n - len(sure)
    if rest:
        step = Fraction(sum(left), rest)
        # between two of these no start draws anything else
        edges = sorted({Fraction(0), Fraction(1), *((end / step) % 1 for end in accumulate(left))})
        share = [Fraction(0)] * len(left)
        for low, high in pairwise(edges):
            drawn = systematic(left, rest, (low + high) / 2)
            assert len(set(drawn)) == len(drawn) == rest
            for unit in drawn:
                share[unit] += high - low
        assert share == [p for unit, p in enumerate(probabilities(given_sizes, n)) if unit not in sure]
        assert all(p < 1 for p in share)
    assert sum(probabilities(given_sizes, n)) == n


def test_probabilities_by_hand():
    assert probabilities([1, 2, 5, 2], 2) == [Fraction(1, 5), Fraction(2, 5), 1, Fraction(2, 5)]
    assert probabilities([1, 1, 1, 1], 3) == [Fraction(3, 4)] * 4
    assert probabilities([8, 4, 1, 1], 3) == [1, 1, Fraction(1, 2), Fraction(1, 2)]  # the 4 is certain once the 8 is


def test_estimates_of_a_known_total_are_unbiased():
    """Horvitz and Thompson's estimate, over many seeds, falls around the total as its spread allows."""
    interest = [0.0, 0.2, 3.0, 0.0, 1.1, 0.4, 0.0, 2.2, 0.9, 0.0, 0.3, 0.0]
    values = [5, 1, 7, 2, 9, 4, 6, 3, 8, 2, 5, 1]
    names = [f"unit {number}" for number in range(len(values))]
    estimates, counts, draws = [], [0] * len(values), 4000
    stated = probabilities(sizes(interest), 4)
    for seed in range(draws):
        drawn = draw(names, sizes(interest), 4, seed)
        assert len(drawn) == 4
        for unit, probability in drawn:
            assert probability == float(stated[unit])
            counts[unit] += 1
        estimates.append(math.fsum(values[unit] / probability for unit, probability in drawn))
    mean = math.fsum(estimates) / draws
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in estimates) / draws)
    assert abs(mean - sum(values)) < 3 * spread / math.sqrt(draws)
    for count, p in zip(counts, map(float, stated), strict=True):
        assert abs(count / draws - p) <= 4 * math.sqrt(p * (1 - p) / draws)


@given(SIZES, st.integers(1, 15), st.integers(0, 99), st.randoms())
def test_a_draw_is_its_seed_s_whatever_the_order(given_sizes, n, seed, shuffle):
    units = [(f"u{number}", size) for number, size in enumerate(given_sizes)]

    def drawn(these):
        names, values = zip(*these, strict=True)
        return {(names[unit], probability) for unit, probability in draw(names, values, n, seed)}

    once = drawn(units)
    assert len(once) == min(n, len(units))
    shuffle.shuffle(units)
    assert drawn(units) == once


def test_pairs_are_drawn_together_that_lie_apart_in_every_order():
    """The shuffled order gives every pair a chance, without which no variance can be estimated."""
    names = list("abcdefgh")
    pairs = {tuple(unit for unit, _ in draw(names, [1] * 8, 2, seed)) for seed in range(600)}
    assert len(pairs) == 28


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_sizes_leave_nobody_out_and_follow_what_there_is_to_see(interest):
    made = sizes(interest)
    assert min(made) > 0
    total = math.fsum(interest)
    for value, size in zip(interest, made, strict=True):
        share = Fraction(size, sum(made)) * len(made)
        expected = float(FLOOR) + float(1 - FLOOR) * len(made) * (value / total) if total else 1
        assert float(share) == pytest.approx(expected, abs=1e-6)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 1000), min_size=1, max_size=20), st.data())
def test_strata_share_in_proportion_and_none_goes_without(counts, data):
    n = data.draw(st.integers(len(counts), sum(counts.values())))
    shares = allocated(counts, n)
    assert sum(shares.values()) == n and shares.keys() == counts.keys()
    for name, count in counts.items():
        assert 1 <= shares[name] <= count
        quota = n * count / sum(counts.values())
        assert shares[name] == 1 or shares[name] < quota + 1
    for one in counts:
        for other in counts:
            assert counts[one] > counts[other] or shares[one] <= shares[other] or counts[one] == counts[other]


def test_strata_by_hand():
    assert allocated({"a": 90, "b": 9, "c": 1}, 10) == {"a": 8, "b": 1, "c": 1}
    assert allocated({"a": 5, "b": 5}, 3) == {"a": 2, "b": 1}
    assert allocated({"a": 2, "b": 3}, 5) == {"a": 2, "b": 3}
