"""Comparison of systems in pairs."""

import math

import pytest

from allegedly.eval.compare import compare
from allegedly.schemas.errors import UsageError


def system(record, right, articles=40, each=3):
    records, lines = [], []
    for at in range(articles):
        sentence = f"It may rain in place {at:02d}."
        size = len(sentence)
        places = [(n * (size + 1), n * (size + 1) + size) for n in range(each)]
        cues = [{"cue": [(start + 3, start + 6)]} for start, _ in places]
        made = record(" ".join([sentence] * each), sentences=places, speculations=cues)
        records.append(made)
        for number, (start, _) in enumerate(places):
            label = "speculative" if at * each + number < right else "certain"
            lines.append({"task": "speculation-detection", "id": f"{made.article.id}:{start}", "label": label})
    return records, lines


def test_a_pair(record, score):
    one = score(*system(record, 60), resamples=1000, name="one")
    two = score(*system(record, 110), resamples=1000, name="two")
    (row,) = compare(one, two).rows
    assert (row.a, row.b, row.metric) == ("one", "two", "f1:speculative")
    assert row.difference == pytest.approx(row.value_b - row.value_a)
    assert 0 < row.low < row.difference < row.high
    assert row.p == row.p_holm == pytest.approx(1 / 1001)
    assert 0 < row.smallest_difference < row.difference
    # 16 articles gain three sentences and one gains two: 50 in all, their squares 148
    assert row.mcnemar_extra == pytest.approx(math.erfc(50 / math.sqrt(2 * 148)))
    assert "approximate randomisation" in row.signature


def test_a_system_against_itself(record, score):
    one = score(*system(record, 60), resamples=200)
    (row,) = compare(one, one).rows
    assert (row.a, row.b) == ("p (1)", "p (2)")
    assert row.difference == 0.0 and row.p == 1.0 and row.mcnemar_extra == 1.0


def test_holm_is_over_all_pairs(record, score):
    reports = [score(*system(record, right), resamples=500, name=f"s{right}") for right in (50, 60, 119)]
    rows = compare(*reports).rows
    assert len(rows) == 3
    assert all(row.p_holm >= row.p for row in rows)
    assert max(row.p_holm for row in rows) <= 1.0


def test_what_differs_is_named(record, score):
    one, other = score(*system(record, 60)), score(*system(record, 60, articles=39))
    with pytest.raises(UsageError, match=r"report 2 does not compare with the first: gold .*; articles: 1 are"):
        compare(one, other)
    with pytest.raises(UsageError, match="found 1 system"):
        compare(one)


def test_other_articles_are_refused(record, score):
    records, lines = system(record, 60)
    whole = score(records, lines, name="whole")
    fewer = score(records, lines[3:], missing="skip", name="fewer")
    with pytest.raises(UsageError, match="whole was scored on 40 articles and fewer on 39"):
        compare(whole, fewer)


def test_few_articles_are_warned_about(record, score):
    one = score(*system(record, 10, articles=12), resamples=50)
    assert compare(one, one).warnings == ["12 articles: intervals are too narrow under 30"]
