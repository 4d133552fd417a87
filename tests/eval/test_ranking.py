"""Rankings: CheckThat!'s worked example, ties by brute force."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.eval.metrics import ranking


def debates(record, *rankings):
    """Articles whose sentences rank in the order given, positives marked 1, with their lines of scores."""
    records, lines = [], []
    for at, marks in enumerate(rankings):
        text = " ".join(f"Sentence {at}{number}." for number in range(len(marks)))
        size = len(text.split(". ")[0]) + 1
        places = [(number * (size + 1), number * (size + 1) + size) for number in range(len(marks))]
        claims = [
            {"extent": [place], "worth": "check_worthy"}
            for place, mark in zip(places, marks, strict=True)
            if mark == "1"
        ]
        made = record(text, claims=claims, sentences=places)
        records.append(made)
        for number, (start, _) in enumerate(places):
            probability = 1 - number / 10
            lines.append({"task": "check-worthiness", "id": f"{made.article.id}:{start}", "score": probability})
    return records, lines


def test_checkthat_worked_example(record, score):
    report = score(*debates(record, "10100", "0100", "000"))
    assert report.value("p", "check-worthiness", "map") == pytest.approx(2 / 3, abs=1e-4)
    assert {row["reason"]: row["count"] for row in report.left_out}["articles without a positive"] == 1
    one = score(*debates(record, "10100"))
    assert one.value("p", "check-worthiness", "map") == pytest.approx(0.8333, abs=1e-4)
    assert one.value("p", "check-worthiness", "r_precision") == 0.5
    assert one.value("p", "check-worthiness", "precision_at_10") == pytest.approx(0.2)


def average(marks):
    found, total = 0, 0.0
    for place, mark in enumerate(marks, 1):
        if mark:
            found += 1
            total += found / place
    return total / found


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6).filter(lambda x: any(m for _, m in x))
)
def test_ties_are_the_mean_over_all_orders(rows):
    orders = [order for order in permutations(rows) if all(a[0] >= b[0] for a, b in pairwise(order))]
    rank, positive = np.array([r for r, _ in rows], dtype=float), np.array([m for _, m in rows])
    sizes, hits = ranking._ties(rank, positive)
    expected = np.mean([average([mark for _, mark in order]) for order in orders])
    assert ranking.average_precision(sizes, hits) == pytest.approx(expected)
    for depth in (1, 3):
        expected = np.mean([sum(mark for _, mark in order[:depth]) / depth for order in orders])
        assert ranking._precision_at(sizes, hits, depth) == pytest.approx(expected)


def test_map_is_undefined_only_where_nothing_is_told_apart(record, score):
    records, lines = debates(record, "1000", "0010")
    same = [{**line, "score": 0.5} for line in lines]
    report = score(records, same)
    assert report.value("p", "check-worthiness") is None
    report = score(records, [*lines[:4], *same[4:]])
    tied = np.mean([1 / place for place in (1, 2, 3, 4)])
    assert report.value("p", "check-worthiness") == pytest.approx((1.0 + tied) / 2)


def test_without_scores_classes_rank(record, line, score):
    records, _ = debates(record, "0100")
    claim = {"extent": [tuple(records[0].article.sentences[1])], "worth": "check_worthy"}
    report = score(records, [line(records[0], claims=[claim])])
    assert report.value("p", "check-worthiness") == 1.0
    other = {**claim, "extent": [tuple(records[0].article.sentences[0])], "worth": "unimportant"}
    assert score(records, [line(records[0], claims=[claim, other])]).value("p", "check-worthiness") == 1.0
