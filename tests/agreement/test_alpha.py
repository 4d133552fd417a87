"""Alpha against Krippendorff's own examples and his package; unitised alpha against his formula, written out."""

import math
from itertools import pairwise, permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.eval.agreement import alpha

#: Krippendorff's example of four coders and twelve units (2019, 12.3.4).
EXAMPLE = [
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, None, 3, None],
]
LEVELS = {"nominal": alpha.nominal, "ordinal": alpha.ordinal}


def of_units(units, values, level):
    table = alpha.coincidences(units, values) / alpha.scale(units.shape[1])
    return float(LEVELS[level](table))


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743421), ("ordinal", 0.815388)])
def test_krippendorffs_example(level, expected):
    units = np.array([[-1 if value is None else value - 1 for value in unit] for unit in EXAMPLE])
    assert of_units(units, 5, level) == pytest.approx(expected, abs=1e-6)


UNITS = st.integers(2, 4).flatmap(
    lambda many: st.lists(st.lists(st.integers(-1, 3), min_size=many, max_size=many), min_size=2, max_size=12)
)


@settings(deadline=None)
@given(UNITS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_package_gives_the_same(level, units):
    units = np.array(units)
    paired = units[(units >= 0).sum(axis=1) > 1]
    assume(len(set(paired[paired >= 0].tolist())) > 1)
    table = np.where(units < 0, np.nan, units).T
    theirs = krippendorff.alpha(table, level_of_measurement=level, value_domain=[0.0, 1.0, 2.0, 3.0])
    assert of_units(units, 4, level) == pytest.approx(theirs)


def test_alike_values_tell_nothing():
    assert math.isnan(of_units(np.zeros((5, 2), dtype=int), 2, "nominal"))
    assert math.isnan(of_units(np.full((5, 2), -1), 2, "ordinal"))
    assert math.isnan(alpha.unitised(np.array(alpha.unitised_columns([np.zeros(4, bool)] * 2, [[], []]))))


def written_out(length, observers, value=lambda category: category):
    """Equations 32 to 35 of Krippendorff (2019), term by term: ``observers`` give sections (start, end, category); what
    lies between them is gap, one section a token. ``value``: into which of the values a category falls."""
    sections = []
    for given_sections in observers:
        covered = {at for start, end, _ in given_sections for at in range(start, end)}
        gaps = [(at, at + 1, None) for at in range(length) if at not in covered]
        sections.append([(start, end, value(category)) for start, end, category in [*given_sections, *gaps]])
    names = {category for each in sections for _, _, category in each}
    observed = dict.fromkeys(((c, k) for c in names for k in names), 0.0)
    for one, other in permutations(sections, 2):
        for start, end, category in one:
            for begin, stop, named in other:
                observed[category, named] += max(0, min(end, stop) - max(start, begin)) / (len(observers) - 1)
    margin = {c: sum(observed[c, k] for k in names) for c in names}
    total = sum(margin.values())
    itself = sum((end - start) ** 2 for each in sections for start, end, _ in each)
    by_chance = sum(total * margin[c] * margin[k] / (total**2 - itself) for c, k in permutations(names, 2))
    return 1 - sum(observed[pair] for pair in permutations(names, 2)) / by_chance if by_chance else math.nan


#: Krippendorff (2019), figure 12.11: three observers of a continuum of 60; he gives .510 nominal and .413 binary.
BOOK = [
    [(0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 37, "6"), (37, 44, "6"), (44, 60, "7")],
    [(0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")],
    [(0, 7, "1"), (7, 13, "4"), (13, 21, "5"), (32, 37, "6"), (37, 41, "6"), (41, 44, "6")],
]


def binary(length, observers):
    covered = [np.isin(np.arange(length), [a for s, e, *_ in each for a in range(s, e)]) for each in observers]
    columns = np.array(
        alpha.unitised_columns(covered, [[end - start for start, end, *_ in each] for each in observers])
    )
    return float(alpha.unitised(columns / np.array([len(observers) - 1, 1, 1, 1])))


def test_the_example_of_the_book():
    assert written_out(60, BOOK) == pytest.approx(0.510, abs=0.0005)
    # the book's third digit is cut, not rounded: the formula gives .4136
    assert binary(60, BOOK) == pytest.approx(0.413, abs=0.001)
    assert binary(60, BOOK) == pytest.approx(written_out(60, BOOK, lambda category: category is not None))


@st.composite
def continua(draw):
    length = draw(st.integers(2, 14))
    observers = []
    for _ in range(draw(st.integers(2, 3))):
        cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2)))
        pieces = [(start, end, "x") for start, end in pairwise(cuts) if draw(st.booleans())]
        observers.append(pieces)
    return length, observers


@settings(deadline=None)
@given(continua())
def test_unitised_alpha_is_the_formula_written_out(continuum):
    length, observers = continuum
    expected = written_out(length, observers, lambda category: category is not None)
    ours = binary(length, observers)
    assert (math.isnan(ours) and math.isnan(expected)) or ours == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=20))
def test_units_of_one_token_are_units_of_the_package(tokens):
    assume(0 < sum(map(sum, tokens)) < 2 * len(tokens))
    table = np.array(tokens, dtype=float).T
    theirs = krippendorff.alpha(table, level_of_measurement="nominal", value_domain=[0.0, 1.0])
    observers = [[(at, at + 1) for at, pair in enumerate(tokens) if pair[side]] for side in (0, 1)]
    assert binary(len(tokens), observers) == pytest.approx(theirs)
