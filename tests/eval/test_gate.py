"""Gates: what they say, and when they fail."""

import pytest

from allegedly.eval import gate, gate_file
from allegedly.eval.paired_tests import Difference
from allegedly.schemas.errors import UsageError


def system(record, right, articles=40, kind="speculation-detection"):
    """Articles of one speculative sentence, and lines that are right on so many of them."""
    records, lines = [], []
    for at in range(articles):
        made = record(
            f"It may rain in place {at:02d}.", speculations=[{"cue": [(3, 6)]}], metadata={"outlet": f"O{at % 2}"}
        )
        records.append(made)
        label = "speculative" if at < right else "certain"
        lines.append({"task": kind, "id": f"{made.article.id}:0", "label": label})
    return records, lines


def read(tmp_path, text):
    (tmp_path / "gates.toml").write_text(text)
    return gate_file.read(tmp_path / "gates.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[gate]]\ntask = "claim-kind"\nmni = 0.5', "gate 1: unknown key 'mni'; did you mean 'min'"),
        ('[[gates]]\ntask = "claim-kind"', "unknown table 'gates'; did you mean 'gate'"),
        ('[[gate]]\ntask = "claim-kinds"\nmin = 0.5', "did you mean 'claim-kind'"),
        ('[[gate]]\ntask = "claim-kind"\nmetric = "f1:rul"\nmin = 0.5', "did you mean 'f1:rule'"),
        ('[[gate]]\ntask = "claim-kind"', "found no limit, expected one of min, max, max_drop"),
        ('[[gate]]\ntask = "claim-kind"\nmin = 0.5\nmax = 1', "found min and max, expected one"),
        ('[[gate]]\ntask = "claim-kind"\nmin = "high"', r"/gate/0/min: found \"high\""),
        ('[[gate]]\ntask = "claim-kind"\nmax_drop = -0.1', "/gate/0/max_drop: found -0.1"),
        ('[[gate]]\ntask = "claim-kind"\nmin = 0.5\nrule = "proved"', "rule is for max_drop only"),
        ('[[gate]]\ntask = "claim-kind"\nmin = 0.5\nslice = { outlets = "x" }', "did you mean 'outlet'"),
        (
            '[[gate]]\ntask = "claim-kind"\nmin = 80',
            "gate 1: min: found 80, expected a share of at most 1.*write 0.8 for 80 %",
        ),
        ('[[gate]]\ntask = "claim-kind"\nmin = 80.5', "found 80.5, .* 0.805 for 80.5 %"),
        ('[[gate]]\ntask = "claim-detection"\nmetric = "risk"\nmax = 5', "max: found 5, .* 0.05 for 5 %"),
        ('[[gate]]\ntask = "claim-kind"\nmax_drop = 1', "max_drop: found 1, expected a share below 1.* 0.01 for 1 %"),
        ('[[gate]]\ntask = "claim-kind"\nmax_drop = 1.5', "max_drop: found 1.5, expected a share below 1"),
        ('[[gate]]\ntask = "claim-kind"\nmin = -3', "found -3, expected a share"),
        ('[[gate]]\ntask = "claim-kind"\nmin = nan', "min: found nan, expected a number"),
        ('[[gate]]\ntask = "claim-kind"\nmax = inf', "max: found inf, expected a number"),
        (f'[[gate]]\ntask = "claim-kind"\nmin = {10**400}', "min: found a very large number, expected a share"),
        ('[[gate]]\ntask = "claim-kind"\nmin = "80%"', r"/gate/0/min: found \"80%\""),
        ('[[gate]]\ntask = "claim-kind"\nmin = true', "/gate/0/min: found true"),
        ('[[gate]]\ntask = "claim-kind"\nmin = 0.5\nslice = {}', "slice names no field"),
        ("a = " + "[" * 5000, "broken TOML"),
        ("gate = 1", r"found no \[\[gate\]\] table"),
        ("[[gate", "broken TOML"),
    ],
)
def test_a_typo_names_the_right_key(tmp_path, text, message):
    with pytest.raises(UsageError, match=message) as caught:
        read(tmp_path, text)
    assert "gates.toml" in str(caught.value)


def test_limits_that_are_shares_or_may_pass_one(tmp_path):
    text = '[[gate]]\ntask = "claim-detection"\nmetric = "{}"\n{} = {}\n'
    for metric, limit, allowed in (("f1:macro", "min", 1), ("mcc", "min", -0.5), ("log_loss", "max", 2.5)):
        assert read(tmp_path, text.format(metric, limit, allowed))[0].allowed == allowed


def test_ten_thousand_gates(record, score, tmp_path):
    text = '[[gate]]\ntask = "speculation-detection"\nmetric = "accuracy"\nmax_drop = {}\n'
    gates = read(tmp_path, "".join(text.format(place / 20_000) for place in range(10_000)))
    old, new = (score(*system(record, right), resamples=400) for right in (38, 20))
    rows = gate.judge(new, gates, old)
    assert [row["verdict"] for row in rows] == [
        "failed" if place / 20_000 < 0.45 else "passed" for place in range(10_000)
    ]


def test_the_randomisation_decides_where_the_interval_says_otherwise(tmp_path):
    (proved,) = drop(tmp_path, 0.0)
    (wide,) = drop(tmp_path, 0.5)
    risk, _ = (drop(tmp_path, 0.0, metric=name)[0] for name in ("risk", "accuracy"))
    for change, limit, verdict in (
        (Difference(-0.03, -0.06, -0.001, 0.02, p=0.11), proved, "passed"),
        (Difference(-0.03, -0.06, 0.001, 0.02, p=0.09), proved, "failed"),
        (Difference(-0.03, -0.06, 0.001, 0.02, p=0.09), wide, "passed"),
        (Difference(0.03, -0.001, 0.06, 0.02, p=0.04), proved, "passed"),
        (Difference(0.03, -0.001, 0.06, 0.02, p=0.04), risk, "failed"),
        (Difference(-0.03, -0.06, -0.001, 0.02), proved, "failed"),
    ):
        assert gate.verdict_of(change, limit).verdict == verdict


def test_a_message_says_where_interval_and_randomisation_disagree(tmp_path):
    (limit,) = drop(tmp_path, 0.0)
    for value, p, low, high, one_sided, says in (
        (-0.03, 0.12, -0.06, -0.001, 0.06, True),
        (-0.03, 0.04, -0.06, -0.001, 0.02, False),
        (-0.03, 0.08, -0.06, 0.002, 0.04, True),
        (0.03, 0.04, 0.001, 0.06, 0.98, False),
    ):
        verdict = gate.verdict_of(Difference(value, low, high, 0.02, p=p), limit)
        text = gate._message("p", limit, verdict)
        assert f"one-sided p {one_sided:.4f}" in text
        assert ("disagree, and the latter decides" in text) == says


def test_one_sentence_too_few(record, score, tmp_path):
    text = '[[gate]]\ntask = "speculation-detection"\nmetric = "recall:speculative"\nmin = 0.8\n'
    passes = gate.judge(score(*system(record, 32), resamples=200), read(tmp_path, text))
    assert [row["verdict"] for row in passes] == ["passed"]
    (row,) = gate.judge(score(*system(record, 31), resamples=200), read(tmp_path, text))
    assert row["verdict"] == "failed"
    for part in (
        "FAILED: p: speculation-detection recall:speculative: 0.7750 [0.",
        "half-width 0.",
        "min 0.8 on value",
    ):
        assert part in row["message"]


def test_the_worse_end_of_the_interval(record, score, tmp_path):
    text = '[[gate]]\ntask = "speculation-detection"\nmetric = "{}"\n{} = {}\non = "low"\n'
    report = score(*system(record, 36), resamples=500)
    row = report.row("p", "speculation-detection", "recall:speculative")
    between = (row["low"] + row["value"]) / 2
    for metric, limit, allowed, verdict in (
        ("recall:speculative", "min", between, "failed"),
        ("recall:speculative", "min", row["low"], "passed"),
        ("risk", "max", 1 - row["value"], "failed"),
        ("risk", "max", 1 - row["low"] + 1e-9, "passed"),
    ):
        assert gate.judge(report, read(tmp_path, text.format(metric, limit, allowed)))[0]["verdict"] == verdict


def test_not_available_does_not_pass(record, score, tmp_path):
    report = score(*system(record, 20), resamples=100)
    (row,) = gate.judge(report, read(tmp_path, '[[gate]]\ntask = "claim-spans"\nmin = 0.1'))
    assert row["verdict"] == "n/a" and "N/A: p: claim-spans ptc_f1: n/a" in row["message"]


def test_by_slice_and_by_system(record, score, tmp_path):
    text = '[[gate]]\ntask = "speculation-detection"\nmetric = "accuracy"\nmin = 0.5\nslice = { outlet = "O1" }\nsystem = "p"\n'
    found = read(tmp_path, text)
    report = score(*system(record, 20), slice_by=gate_file.wanted_slices(found), resamples=100)
    (row,) = gate.judge(report, found)
    assert row["verdict"] == "passed" and row["slice"] == {"outlet": "O1"}
    with pytest.raises(UsageError, match="unknown system 'q'"):
        gate.judge(report, read(tmp_path, text.replace('"p"', '"q"')))


def drop(tmp_path, allowed, rule="proved", metric="accuracy"):
    return read(
        tmp_path,
        f'[[gate]]\ntask = "speculation-detection"\nmetric = "{metric}"\nmax_drop = {allowed}\nrule = "{rule}"',
    )


def test_a_drop_against_a_baseline(record, score, tmp_path):
    old, new = score(*system(record, 38), resamples=500), score(*system(record, 20), resamples=500)
    assert gate.judge(new, drop(tmp_path, 0.01), old)[0]["verdict"] == "failed"
    assert gate.judge(old, drop(tmp_path, 0.01), new)[0]["verdict"] == "passed"
    assert gate.judge(old, drop(tmp_path, 0.0), old)[0]["verdict"] == "passed"
    assert gate.judge(new, drop(tmp_path, 0.5), old)[0]["verdict"] == "passed"
    assert gate.judge(new, drop(tmp_path, 0.01, metric="risk"), old)[0]["verdict"] == "failed"
    (row,) = gate.judge(new, drop(tmp_path, 0.01), old)
    assert row["value"] == pytest.approx(-0.45) and row["half_width"] > 0
    with pytest.raises(UsageError, match="--baseline REPORT"):
        gate.judge(new, drop(tmp_path, 0.01))


def test_proved_and_noninferior_differ_where_nothing_is_known(tmp_path):
    unsure = Difference(-0.01, -0.05, 0.03, 0.02)
    assert gate.verdict_of(unsure, drop(tmp_path, 0.02)[0]).verdict == "passed"
    assert gate.verdict_of(unsure, drop(tmp_path, 0.02, "noninferior")[0]).verdict == "failed"
    assert gate.verdict_of(unsure, drop(tmp_path, 0.06, "noninferior")[0]).verdict == "passed"
    nothing = Difference(-0.01, float("nan"), float("nan"), float("nan"))
    assert gate.verdict_of(nothing, drop(tmp_path, 0.06, "noninferior")[0]).verdict == "n/a"


def test_another_gold_does_not_compare(record, score, tmp_path):
    old, new = score(*system(record, 38)), score(*system(record, 38, articles=41))
    with pytest.raises(
        UsageError, match=r"the baseline does not compare: gold .* and .*; articles: 1 are in one of them"
    ):
        gate.judge(new, drop(tmp_path, 0.01), old)


def test_an_old_baseline_is_warned_about(record, score):
    report = score(*system(record, 38))
    old = score(*system(record, 38))
    old.allegedly = "0.0.1"
    assert gate.warnings(report, old) == ["the baseline was made by allegedly 0.0.1, this report by 0"]
