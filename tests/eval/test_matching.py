"""Matching: the best there is, whatever the order of the input."""

import tracemalloc
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allegedly.eval.assignment import _sparse, assignment
from allegedly.eval.best_pairs import components
from allegedly.eval.columns import parts
from allegedly.eval.matching import match, overlaps

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


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 7), st.integers(1, 7), st.data())
def test_sparse_and_dense_assignments_have_the_same_total(rows, columns_, data):
    cell = st.one_of(st.just(0), st.integers(1, 1 << 40))
    weight = np.array(data.draw(st.lists(cell, min_size=rows * columns_, max_size=rows * columns_)))
    weight = weight.reshape(rows, columns_)
    row, column = np.nonzero(weight)
    assume(len(row))
    dense, sparse = assignment(weight), _sparse(row, column, weight[row, column], rows, columns_)

    def total(partner):
        return sum(int(weight[at, place]) for at, place in enumerate(partner.tolist()) if place >= 0)

    assert total(sparse) == total(dense)
    assert len({at for at in sparse.tolist() if at >= 0}) == sum(at >= 0 for at in sparse.tolist())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_components_are_those_of_a_search(pairs):
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    found = components(left, right).tolist()
    for start, (one, other) in enumerate(pairs):
        rows, columns_ = {one}, {other}
        for _ in pairs:
            rows |= {a for a, b in pairs if b in columns_}
            columns_ |= {b for a, b in pairs if a in rows}
        assert [number == found[start] for number in found] == [a in rows for a, _ in pairs]


def nested(size, seed):
    """Spans one inside the other, gold and predicted, all of which overlap."""
    draw = np.random.default_rng(seed).integers(0, 4, (2, size)).tolist()
    gold = [((at, 5 * size - at),) for at in range(size)]
    predicted = [((at + a, 5 * size - at - b),) for at, a, b in zip(range(size), *draw, strict=True)]
    return parts([gold]), parts([predicted])


def test_nested_spans_against_scipy():
    optimize = pytest.importorskip("scipy.optimize")
    gold, predicted = nested(150, 0)
    pairs = match(gold, predicted)
    left, right, shared = overlaps(gold, predicted)
    weight = np.zeros((150, 150), dtype=np.int64)
    free = ~np.isin(left, pairs.gold[pairs.equal]) & ~np.isin(right, pairs.predicted[pairs.equal])
    weight[left[free], right[free]] = shared[free]
    best = weight[optimize.linear_sum_assignment(weight, maximize=True)].sum()
    assert pairs.overlap[~pairs.equal].sum() == best and pairs.equal.sum() < 100


def test_twelve_hundred_nested_spans():
    gold, predicted = nested(1_200, 1)
    assert len(match(gold, predicted).gold) == 1_200


def test_many_spans_that_overlap_in_a_chain_need_no_matrix():
    gold = parts([[((10 * at, 10 * at + 35 + at % 7),) for at in range(20_000)]])
    predicted = parts([[((10 * at + at % 5, 10 * at + 40 + at % 11),) for at in range(20_000)]])
    tracemalloc.start()
    assert len(match(gold, predicted).gold) == 20_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200 << 20  # a matrix would be 3 GB


def test_no_count_of_all_labels_hangs_on_a_tie():
    # two gold labels, one of them null, could have the predicted one alike: the one with a label has it
    for labels in ([0, -1], [-1, 0]):
        gold = parts([[((0, 4),), ((6, 10),)]], [labels])
        pairs = match(gold, parts([[((2, 8),)]], [[1]]))
        assert gold.label[pairs.gold].tolist() == [0]


def test_weights_that_floats_cannot_add_are_refused():
    with pytest.raises(ValueError, match="more than a float holds exactly"):
        assignment(np.full((2, 2), 1 << 52))
