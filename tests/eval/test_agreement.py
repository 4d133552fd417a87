"""Agreement: Krippendorff's own example, and his package on random values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.eval.metrics import agreement

#: Krippendorff's example of four coders and twelve units.
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


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107)])
def test_krippendorffs_example(level, expected):
    units = [[None if value is None else value - 1 for value in unit] for unit in EXAMPLE]
    assert agreement.alpha(units, 5, level=level) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3), min_size=2, max_size=8))
@pytest.mark.filterwarnings("ignore")
def test_alpha_against_krippendorff(units):
    krippendorff = pytest.importorskip("krippendorff")
    table = np.array([[np.nan if value is None else value for value in unit] for unit in units], dtype=float).T
    for level in ("nominal", "ordinal", "interval"):
        ours = agreement.alpha(units, 4, level=level)
        if math.isnan(ours):
            continue
        theirs = krippendorff.alpha(table, level_of_measurement=level, value_domain=[0.0, 1.0, 2.0, 3.0])
        assert ours == pytest.approx(theirs)


def test_alike_values_tell_nothing():
    assert math.isnan(agreement.alpha([[0, 0], [0, 0]], 2))
    assert math.isnan(agreement.kappa([1, 1], [1, 1]))
    assert math.isnan(agreement.pairwise_f1([[], []]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=20))
def test_kappa_against_scikit_learn(pairs):
    sk = pytest.importorskip("sklearn.metrics")
    one, other = zip(*pairs, strict=True)
    ours = agreement.kappa(one, other)
    if not math.isnan(ours):
        assert ours == pytest.approx(sk.cohen_kappa_score(one, other))


def test_pairwise_f1_is_the_mean_over_pairs():
    marks = [[(0, 5), (7, 9)], [(0, 5)], []]
    assert agreement.pairwise_f1(marks) == pytest.approx((2 / 3 + 0 + 0) / 3)
