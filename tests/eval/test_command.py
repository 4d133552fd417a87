"""The commands eval and compare on the shipped release: tables, files, exit codes."""

import json

import pytest

from allegedly import UsageError, compare, evaluate
from allegedly.cli import main
from allegedly.eval.tasks import TASKS


@pytest.fixture(scope="module")
def release(root):
    return str(root / "dataset")


@pytest.fixture(scope="module")
def gold(release, tmp_path_factory):
    """The gold of the test split as ``export jsonl`` writes it."""
    file = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    assert main(["export", "jsonl", release, "--split", "test", "--out", str(file)]) == 0
    return file


@pytest.fixture(scope="module")
def rules(release, tmp_path_factory):
    """The report of our rules."""
    folder = tmp_path_factory.mktemp("rules") / "report"
    assert main(["eval", release, "--system", "labeller:rules", "--resamples", "500", "--out", str(folder)]) == 0
    return folder


def test_gold_given_back(release, gold):
    report = evaluate(release, {"gold": f"file:{gold}"}, resamples=100)
    primary = {row["task"]: row["value"] for row in report.rows if row["primary"]}
    assert primary == dict.fromkeys(TASKS, 1.0)
    assert {row["value"] for row in report.rows if row["metric"].partition(":")[0].endswith("f1")} <= {1.0, None}


def test_rules_run_all_tasks_with_intervals(rules):
    report = json.loads((rules / "report.json").read_text(encoding="utf-8"))
    rows = [row for row in report["results"] if row["primary"]]
    assert [row["task"] for row in rows] == list(TASKS)
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert report["dataset"]["name"] and report["systems"][0]["version"]


def test_a_gate_decides_the_exit_code(release, rules, tmp_path, capsys):
    gates = tmp_path / "gates.toml"
    for least, code, verdict in ((0.0, 0, "PASSED"), (0.99, 1, "FAILED")):
        gates.write_text(f'[[gate]]\ntask = "claim-detection"\nmin = {least}\n', encoding="utf-8")
        command = ["eval", release, "--system", "labeller:rules", "--task", "claim-detection", "--resamples", "200"]
        assert main([*command, "--gate", str(gates), "--out", str(tmp_path / "r")]) == code
        assert f"{verdict}: labeller:rules: claim-detection f1:check_worthy" in capsys.readouterr().err
    saved = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    assert saved["gates"][0]["verdict"] == "failed"
    gates.write_text('[[gate]]\ntask = "claim-detection"\nmax_drop = 0.0\n', encoding="utf-8")
    assert main([*command, "--gate", str(gates), "--baseline", str(rules)]) == 0
    assert "max_drop 0 (proved)" in capsys.readouterr().err


def test_another_gold_than_the_baselines(release, rules, tmp_path, capsys):
    other = json.loads((rules / "report.json").read_text(encoding="utf-8"))
    other["dataset"]["gold_sha256"] = "0" * 64
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "report.json").write_text(json.dumps(other), encoding="utf-8")
    (tmp_path / "old" / "counts.parquet").write_bytes((rules / "counts.parquet").read_bytes())
    gates = tmp_path / "gates.toml"
    gates.write_text('[[gate]]\ntask = "claim-detection"\nmax_drop = 0.0\n', encoding="utf-8")
    command = ["eval", release, "--system", "labeller:rules", "--task", "claim-detection", "--resamples", "0"]
    assert main([*command, "--gate", str(gates), "--baseline", str(tmp_path / "old")]) == 2
    assert "the baseline does not compare: gold" in capsys.readouterr().err
    assert main(["compare", str(rules), str(tmp_path / "old")]) == 2
    assert "report 2 does not compare with the first: gold" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--system", "labeler:rules"], "unknown system 'labeler'; did you mean 'labeller'"),
        (["--system", "labeller:rulse"], "did you mean 'rules'"),
        (["--system", "rules"], "expected SCHEME:TARGET"),
        (["--system", "file:nowhere.jsonl"], "no such file"),
        (["--system", "python:math:sqrt"], "which tasks? name them by --task"),
        (["--system", "labeller:rules", "--task", "claim-span"], "did you mean 'claim-spans'"),
        (["--system", "labeller:rules", "--split", "tset"], "splits with rows"),
        (["--system", "labeller:rules", "--slices", "outlets"], "did you mean 'outlet'"),
        (["--system", "labeller:rules", "--system", "labeller:rules"], "two systems are named"),
        (["--system", "labeller:rules", "--baseline", "nowhere"], "expected a report"),
    ],
)
def test_a_wrong_command_says_what_is_right(release, capsys, arguments, message):
    assert main(["eval", release, "--resamples", "0", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_broken_predictions_name_file_and_line(release, gold, tmp_path, capsys):
    file = tmp_path / "bad.jsonl"
    lines = gold.read_text(encoding="utf-8").splitlines()
    value = json.loads(lines[3])
    value["labels"]["claims"][0]["kind"] = "wish"
    file.write_text("\n".join([*lines[:3], json.dumps(value), *lines[4:]]), encoding="utf-8")
    assert main(["eval", release, "--system", f"file:{file}"]) == 2
    assert "bad.jsonl:4: /labels/claims/0/kind" in capsys.readouterr().err
    file.write_text("\n".join(lines[1:]), encoding="utf-8")
    assert main(["eval", release, "--system", f"file:{file}"]) == 2
    assert "articles have no prediction" in capsys.readouterr().err
    assert main(["eval", release, "--system", f"file:{file}", "--missing", "skip", "--resamples", "0"]) == 0
    assert "articles without a prediction, left out: 1" in capsys.readouterr().out


def test_compare_prints_every_pair(rules, gold, release, tmp_path, capsys):
    main(["eval", release, "--system", f"gold=file:{gold}", "--resamples", "500", "--out", str(tmp_path / "gold")])
    capsys.readouterr()
    assert main(["compare", str(rules), str(tmp_path / "gold"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["task"] for row in rows] == list(TASKS)
    assert all(row["difference"] > 0 and row["p_holm"] < 0.05 and row["smallest_difference"] > 0 for row in rows)
    assert main(["compare", str(rules), str(tmp_path / "gold")]) == 0
    assert "McNemar is an extra" in capsys.readouterr().out


def test_a_callable_is_a_system(release):
    report = evaluate(
        release,
        {"hedges": lambda texts: ["speculative" if " may " in text else "certain" for text in texts]},
        tasks=["speculation-detection"],
        resamples=0,
    )
    assert 0 < report.value("hedges", "speculation-detection", "precision:speculative") <= 1
    assert len(compare(report, report).rows) == 1


def test_all_splits(release, rules):
    report = evaluate(release, "labeller:none", split="all", tasks=["claim-spans"], resamples=0, missing="empty")
    test = json.loads((rules / "report.json").read_text(encoding="utf-8"))
    assert len(report.articles) > len(test["articles"])
    with pytest.raises(UsageError, match="missing: found 'ignore'"):
        evaluate(release, "labeller:none", missing="ignore")
