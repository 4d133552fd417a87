"""Copies are no evidence: groups of articles are drawn, swapped, counted and warned about together."""

import importlib.util
import math
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.eval import bootstrap, gate, gate_file, paired_tests, resamples
from allegedly.eval import report as reports
from allegedly.eval.bootstrap import Job
from allegedly.eval.compare import compare, joined
from allegedly.eval.metric import Family, triple
from allegedly.eval.metrics import ranking

F1 = Family("x", lambda view: view, triple(("f1",)))
TASK = "speculation-detection"


def stories(record, groups, copies, right, name="g"):
    """Groups of copies, each article of one speculative sentence, and lines that are right on the first groups."""
    records, lines = [], []
    for group in range(groups):
        for copy in range(copies):
            made = record(
                f"It may rain in place {group:03d}.", id=f"{group:08x}{copy:08x}", speculations=[{"cue": [(3, 6)]}]
            )
            records.append(replace(made, group=f"{name}{group}"))
            label = "speculative" if group < right else "certain"
            lines.append({"task": TASK, "id": f"{made.article.id}:0", "label": label})
    return records, lines


def test_three_copies_of_each_story_give_the_interval_of_one(record, score):
    one, three = (score(*stories(record, 60, copies, 40), resamples=1000) for copies in (1, 3))
    rows = [report.row("p", TASK, "recall:speculative") for report in (one, three)]
    assert [(row["articles"], row["groups"]) for row in rows] == [(60, 60), (180, 60)]
    assert rows[0]["low"] == rows[1]["low"] and rows[0]["high"] == rows[1]["high"]
    assert "resamples of groups of articles" in rows[0]["signature"]
    assert three.warnings == one.warnings == []


def test_warnings_count_groups(record, score):
    report = score(*stories(record, 12, 4, 6), resamples=100)
    assert "48 articles in 12 groups: intervals are too narrow under 30 (speculation-detection" in report.warnings[0]
    report = score(*stories(record, 9, 10, 6), resamples=100)
    assert report.warnings[0].startswith("90 articles in 9 groups: no intervals under 10 (")
    assert report.row("p", TASK)["low"] is None
    assert compare(report, report).warnings[0] == "90 articles in 9 groups: no intervals under 10"


@pytest.mark.parametrize(("groups", "copies"), [(1, 1), (1, 40)])
def test_one_group_has_numbers_and_no_intervals(record, score, groups, copies):
    report = score(*stories(record, groups, copies, 1), resamples=100, slice_by=["length"])
    assert {row["groups"] for row in report.rows if row["task"] == TASK} == {1}
    assert report.value("p", TASK, "recall:speculative") == 1.0
    (pair,) = [row for row in compare(report, report).rows if row.task == TASK]
    assert (pair.articles, pair.groups, pair.low, pair.p, pair.mcnemar_extra) == (copies, 1, None, 1.0, 1.0)


def test_comparisons_and_gates_swap_whole_groups(record, score, tmp_path):
    """A gain on six of forty stories is 2 / 2 ** 6 by chance, a drop half as often, however many copies each has."""
    (tmp_path / "gates.toml").write_text(f'[[gate]]\ntask = "{TASK}"\nmetric = "accuracy"\nmax_drop = 0.0\n')
    gates = gate_file.read(tmp_path / "gates.toml")
    found = []
    for copies in (1, 5):
        old, new = (score(*stories(record, 40, copies, right), resamples=4_000, name=f"s{right}") for right in (26, 20))
        (pair,) = [row for row in compare(new, old).rows if row.task == TASK]
        assert pair.groups == 40 and pair.p == pytest.approx(2 / 2**6, rel=0.3)
        found.append((pair.low, pair.high, pair.p))
        old.systems[0]["name"] = "s20"
        old.counts = {key._replace(system="s20"): counts for key, counts in old.counts.items()}
        (row,) = gate.judge(new, gates, old)
        assert row["verdict"] == "failed" and row["p"] == pytest.approx(1 / 2**6, rel=0.3)
    assert found[0] == found[1]


def test_mcnemar_counts_a_group_once():
    # singles: the exact test; three copies of five gains and of one loss: 4 * 3 by the root of 6 * 9
    assert paired_tests.clustered_mcnemar([1] * 10 + [-1] * 2 + [0] * 3) == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert paired_tests.clustered_mcnemar([3] * 5 + [-3]) == pytest.approx(math.erfc(12 / math.sqrt(2 * 54)))
    assert paired_tests.clustered_mcnemar([2, -2]) == 1.0
    assert paired_tests.clustered_mcnemar([]) == 1.0


def test_groups_of_two_builds_are_joined(record, score, tmp_path):
    assert joined("abcdef", [(), ("1", "1", "2", "3", "4", "5"), ("x", "y", "y", "z", "z", "w")]).tolist() == [
        0, 0, 0, 1, 1, 2,
    ]  # fmt: skip
    first, second = (score(*stories(record, 20, 2, 10, name), resamples=100) for name in "gh")
    assert not any("copies of each other" in text for text in compare(first, second).warnings)
    second.groups = tuple(f"pair{at // 4}" for at in range(40))
    comparison = compare(first, second)
    assert {row.groups for row in comparison.rows} == {10}
    assert "do not agree on which articles are copies of each other" in comparison.warnings[-1]
    for report in (first, second):
        report.groups = ()
    assert "each counts as evidence of its own" in compare(first, second).warnings[-1]


def test_a_report_keeps_its_groups(record, score, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    report = score(*stories(record, 12, 2, 6), resamples=100)
    report.save(tmp_path)
    assert reports.load(tmp_path).group_of == report.group_of
    rows = pq.read_table(tmp_path / "counts.parquet").to_pylist()
    assert {(row["article_id"], row["group"]) for row in rows} == set(report.group_of.items())


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_counts_of_groups_add_up(rows):
    groups = resamples.numbered([str(group) for group, _ in rows])
    counts = np.array([[count, count**2] for _, count in rows])
    of_group = resamples.by_group(counts, groups)
    assert (of_group.sum(axis=0) == counts.sum(axis=0)).all() and len(of_group) == len({g for g, _ in rows})
    lists = resamples.by_group(list(counts), groups)
    assert [row.reshape(-1, 2).sum(axis=0).tolist() for row in lists] == of_group.tolist()
    assert groups[0] == 0 and sorted(set(groups.tolist())) == list(range(len(of_group)))


def test_a_pooled_ranking_draws_groups_too():
    draw = np.random.default_rng(5)
    family = ranking.pooled_family("speculative")
    rows = [
        np.array([[draw.integers(1, 10**9), at % 2] for at in range(4)]).reshape(-1)
        for _ in range(30)
    ]  # fmt: skip
    single = bootstrap.intervals([Job(family, rows, 30)], 30, 300, 1)
    groups = np.repeat(np.arange(30), 3)
    copied = resamples.by_group([row for row in rows for _ in range(3)], groups)
    (again,) = bootstrap.intervals([Job(family, copied, 30)], 30, 300, 1)
    assert {name: pytest.approx(ends) for name, ends in again.items()} == single[0]


@pytest.mark.parametrize("freedom", [2, 2.5, 3, 5, 9, 30, 1000])
def test_quantiles_of_student(freedom):
    t = pytest.importorskip("scipy.stats").t
    assert bootstrap.student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=0.01)


def test_the_tail_of_an_interval():
    # of many groups of like weight 2.5 percent; of one heavy group among light ones hardly anything
    draw = np.random.default_rng(0)
    assert bootstrap.tail_of(draw.normal(size=20_000)) == pytest.approx(0.025, abs=2e-4)
    assert bootstrap.tail_of(np.array([1.0, *[0.0] * 59])) < 1e-4
    assert bootstrap.tail_of(np.full(30, np.nan)) == bootstrap.tail_of(np.zeros(0)) == 0.025
    assert bootstrap.tail_of(np.ones(30)) < 0.025


@pytest.fixture(scope="module")
def simulation(root):
    """The simulation of `bench/coverage.py`."""
    spec = importlib.util.spec_from_file_location("bench_coverage", root / "bench" / "coverage.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("metric", "copies"), [("accuracy", "3"), ("f1", "mixed"), ("map", "skewed")])
def test_intervals_cover_and_gates_rarely_cry(simulation, monkeypatch, metric, copies):
    """200 test sets of 60 groups, seeded: 95 percent and 5 percent, within three standard errors of such a simulation."""
    monkeypatch.setattr(simulation, "MANY", 3)
    drawn = (simulation.METRICS[metric], 60, copies, 200, 200, 3, 20)
    covers, seen = simulation.coverage(*drawn), simulation.alarms(*drawn)
    assert 0.905 <= covers.ours <= 0.995
    assert 0.004 <= seen.interval <= 0.096 and 0.004 <= seen.randomisation <= 0.096
    assert seen.gate <= 0.06
    # each copy counted as an article: far from it
    assert covers.of_articles < 0.9 < covers.ours and seen.of_articles > 0.15
