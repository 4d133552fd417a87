"""Matching: the best there is, whatever the order of the input."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.eval.columns import parts
from allegedly.eval.matching import assignment, match, overlaps

SPAN = st.tuples(st.integers(0, 14), st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
PART = st.lists(SPAN, min_size=1, max_size=2).map(lambda spans: apart(spans))
SIDE = st.lists(st.tuples(PART, st.integers(-1, 1)), max_size=6)


def apart(spans):
    """Spans in order, those that touch merged."""
    out = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def columns(side):
    return parts([[part for part, _ in side]], [[label for _, label in side]])


def characters(part):
    return {at for start, end in part for at in range(start, end)}


def brute(gold, predicted):
    """Equal parts as multisets (of one label first), then the best of all assignments: (equal, equal of one label,
    overlap, pairs, of one label)."""
    # equal parts of unlike labels pair by label: which of them is left decides what the others can have
    rest = sorted(predicted)
    alone, equal, same = [], 0, 0
    for one in sorted(gold):
        if one[1] >= 0 and one in rest:
            rest.remove(one)
            equal, same = equal + 1, same + 1
        else:
            alone.append(one)
    left = []
    for one in alone:
        found = next((other for other in rest if other[0] == one[0]), None)
        if found is None:
            left.append(one)
        else:
            rest.remove(found)
            equal += 1
    if len(left) > len(rest):
        left, rest = rest, left
    best = (0, 0, 0)
    for order in permutations(rest, len(left)):
        total = pairs = alike = 0
        for one, other in zip(left, order, strict=True):
            shared = len(characters(one[0]) & characters(other[0]))
            if shared:
                total, pairs = total + shared, pairs + 1
                alike += one[1] == other[1] and one[1] >= 0
        best = max(best, (total, pairs, alike))
    return equal, same, *best


def summary(gold, predicted):
    one, other = columns(gold), columns(predicted)
    pairs = match(one, other)
    assert len(set(pairs.gold.tolist())) == len(pairs.gold) and len(set(pairs.predicted.tolist())) == len(pairs.gold)
    for left, right, overlap, equal in zip(*(column.tolist() for column in pairs), strict=True):
        assert overlap == len(characters(one.pieces(left)) & characters(other.pieces(right)))
        assert equal == (one.pieces(left) == other.pieces(right))
    alike = (one.label[pairs.gold] == other.label[pairs.predicted]) & (one.label[pairs.gold] >= 0)
    over = ~pairs.equal
    return (
        int(pairs.equal.sum()),
        int((pairs.equal & alike).sum()),
        int(pairs.overlap[over].sum()),
        int(over.sum()),
        int((over & alike).sum()),
    )


@settings(max_examples=150, deadline=None)
@given(SIDE, SIDE)
def test_as_good_as_the_best_of_all_assignments(gold, predicted):
    assert summary(gold, predicted) == brute(gold, predicted)


@settings(max_examples=100, deadline=None)
@given(SIDE, SIDE, st.randoms(use_true_random=False))
def test_order_does_not_matter(gold, predicted, random):
    before = summary(gold, predicted)
    random.shuffle(gold)
    random.shuffle(predicted)
    assert summary(gold, predicted) == before


@pytest.mark.parametrize("order", list(permutations([(5, 15), (0, 10)])))
@pytest.mark.parametrize("gold", list(permutations([(0, 10), (12, 20)])))
def test_one_exact_and_one_overlap_of_three(gold, order):
    found = summary([((span,), -1) for span in gold], [((span,), -1) for span in order])
    assert found == (1, 0, 3, 1, 0)


def test_an_exact_match_is_not_traded_for_two_overlaps():
    assert summary([(((0, 10),), -1), (((8, 18),), -1)], [(((0, 10),), -1), (((0, 8),), -1)])[0] == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(SPAN, max_size=5), min_size=1, max_size=4),
    st.lists(st.lists(SPAN, max_size=5), min_size=1, max_size=4),
)
def test_articles_do_not_mix(gold, predicted):
    size = max(len(gold), len(predicted))
    gold, predicted = gold + [[]] * (size - len(gold)), predicted + [[]] * (size - len(predicted))
    one, other = (parts([[(span,) for span in spans] for spans in side]) for side in (gold, predicted))
    pairs = match(one, other)
    assert (one.article[pairs.gold] == other.article[pairs.predicted]).all()
    apart_ = [summary([((s,), -1) for s in g], [((s,), -1) for s in p]) for g, p in zip(gold, predicted, strict=True)]
    assert int(pairs.equal.sum()) == sum(found[0] for found in apart_)
    assert int(pairs.overlap[~pairs.equal].sum()) == sum(found[2] for found in apart_)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_assignment_against_all_permutations(rows, columns_, data):
    weight = np.array(data.draw(st.lists(st.integers(0, 9), min_size=rows * columns_, max_size=rows * columns_)))
    weight = weight.reshape(rows, columns_)
    partner = assignment(weight)
    total = sum(int(weight[row, at]) for row, at in enumerate(partner) if at >= 0)
    wide = weight if rows <= columns_ else weight.T
    best = max(
        sum(int(wide[row, at]) for row, at in enumerate(order))
        for order in permutations(range(wide.shape[1]), len(wide))
    )
    assert total == best
    assert len({at for at in partner.tolist() if at >= 0}) == sum(at >= 0 for at in partner.tolist())


def test_large_blocks_agree_with_scipy():
    optimize = pytest.importorskip("scipy.optimize")
    weight = np.random.default_rng(0).integers(0, 1000, (60, 45))
    partner = assignment(weight)
    rows, at = optimize.linear_sum_assignment(weight, maximize=True)
    assert sum(int(weight[row, column]) for row, column in enumerate(partner) if column >= 0) == int(
        weight[rows, at].sum()
    )


def test_overlap_of_discontinuous_parts_is_of_characters_not_hulls():
    one, other = columns([(((0, 2), (10, 12)), -1)]), columns([(((3, 9),), -1), (((1, 11),), -1)])
    assert [column.tolist() for column in overlaps(one, other)] == [[0], [0], [2]]
