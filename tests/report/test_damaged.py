"""Reports that are damaged, of other versions or of strangers: the cause is said, exit code 2, never a fault of ours."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allegedly.cli import main
from allegedly.eval import report as reports
from allegedly.eval.compare import compare
from allegedly.schemas.errors import UsageError


@pytest.fixture(scope="module")
def whole(hostile, tmp_path_factory):
    """A report in its folder."""
    return hostile.save(tmp_path_factory.mktemp("whole") / "report")


@pytest.fixture
def damaged(whole, tmp_path):
    """``damaged(of_json, of_rows)``: a copy of the report after functions that change its JSON and the rows of its
    counts."""

    def make(of_json=None, of_rows=None):
        folder = shutil.copytree(whole, tmp_path / "damaged", dirs_exist_ok=True)
        if of_json:
            value = json.loads((folder / "report.json").read_text(encoding="utf-8"))
            text = of_json(value)
            (folder / "report.json").write_text(text if isinstance(text, str) else json.dumps(value), encoding="utf-8")
        if of_rows:
            rows = pq.read_table(folder / "counts.parquet").to_pylist()
            pq.write_table(pa.Table.from_pylist(of_rows(rows) or rows), folder / "counts.parquet")
        return folder

    return make


def put(path, given):
    """Sets a place of the JSON, ``systems.0.name``."""

    def change(value):
        *way, last = path.split(".")
        for step in way:
            value = value[int(step)] if isinstance(value, list) else value[step]
        value[last] = given

    return change


def cut(value):
    return json.dumps(value)[:-400]


def twice(value):
    return '{"allegedly": "1", ' + json.dumps(value)[1:]


@pytest.mark.parametrize(
    ("of_json", "message"),
    [
        (cut, "broken JSON"),
        (twice, "the key 'allegedly' stands twice in one object"),
        (lambda value: "[" * 100_000, "nested too deeply"),
        (lambda value: json.dumps(value).replace('"seed": 0', '"seed": NaN'), "NaN is no finite number"),
        (lambda value: json.dumps(value).replace('"seed": 0', '"seed": 1e999'), "1e999 is no finite number"),
        (lambda value: "null", "expected a report"),
        (put("seed", -1), "/seed: found -1"),
        (put("resamples", 10**12), "/resamples: found 1000000000000"),
        (put("resamples", 1.5), "/resamples: found 1.5"),
        (put("dataset", []), r"/dataset: found \[\]"),
        (put("articles", [1]), "/articles/0: found 1"),
        (put("articles", ["x"] * 12), "the article 'x' stands twice"),
        (put("groups", ["x"]), "1 groups for 12 articles, expected one for each"),
        (put("systems.1.name", "<b>sys</b>|`x`\u202e\x1b[1m"), "two systems are named"),
        (put("results.0.task", "claims-of-old"), "made by allegedly 0.1.0: unknown task 'claims-of-old'"),
        (put("results.0.system", "nobody"), "a number of 'nobody', which is none of its systems"),
        (put("results.0.value", "0.5"), r"/results/0/value: found \"0.5\""),
        (put("systems.0.tasks", ["wishes"]), "unknown task 'wishes'"),
        (put("gold_by", [{"layer": "wishes"}]), "/gold_by/0"),
        (lambda value: value["articles"].__setitem__(0, "ffff"), "hold the article .* which it does not list"),
        (lambda value: value["articles"].reverse(), "not in the order of its articles"),
    ],
)
def test_a_damaged_report(damaged, whole, of_json, message, capsys):
    folder = damaged(of_json)
    with pytest.raises(UsageError, match=message) as caught:
        reports.load(folder)
    assert "report.json" in str(caught.value) and "expected a report" in str(caught.value)
    assert main(["compare", str(whole), str(folder)]) == 2


def set_all(name, given):
    def change(rows):
        for row in rows:
            row[name] = given

    return change


def ragged(rows):
    """One count fewer in every second row."""
    for row in rows[1::2]:
        row["counts"] = row["counts"][:-1]


def longer(rows):
    for row in rows:
        row["counts"] = row["counts"][:1]


def negative(rows):
    for row in rows:
        row["counts"] = [-(2**40) for _ in row["counts"]]


@pytest.mark.parametrize(
    ("of_rows", "message"),
    [
        (ragged, "expected as many in each"),
        (longer, "counts that cannot be scored"),
        (negative, "a count is -1099511627776, expected 0 or more"),
        (set_all("counts", None), "counts that are null, not lists of whole numbers"),
        (set_all("counts", ["1"]), "counts that are list<element: string>, not lists of whole numbers"),
        (set_all("counts", [None]), "counts that are list<element: null>, not lists"),
        (set_all("counts", [0.5]), "counts that are list<element: double>, not lists"),
        (set_all("counts", [2**62]), "row 0: counts is"),
        (set_all("task", None), "row 0: task is null"),
        (set_all("slice", 1), "names that are no text"),
        (lambda rows: [{"a": 1}], "columns a, not system, task, metric, slice, article_id, group, counts"),
        (lambda rows: [*rows, *rows], "an article stands there twice"),
    ],
)
def test_damaged_counts(damaged, whole, of_rows, message, capsys):
    folder = damaged(of_rows=of_rows)
    with pytest.raises(UsageError, match=message) as caught:
        reports.load(folder)
    assert "counts.parquet" in str(caught.value) and "expected the counts" in str(caught.value)
    assert main(["compare", str(whole), str(folder)]) == 2


@pytest.mark.parametrize("cut", [0, 4, 1000, -9])
def test_counts_that_are_cut_or_flipped(damaged, whole, cut):
    folder = damaged()
    data = bytearray((folder / "counts.parquet").read_bytes())
    (folder / "counts.parquet").write_bytes(data[:cut])
    with pytest.raises(UsageError, match=r"counts.parquet"):
        reports.load(folder)


def test_bytes_that_flipped_give_the_counts_or_their_cause(damaged):
    folder = damaged()
    data = (folder / "counts.parquet").read_bytes()
    draw = np.random.default_rng(0)
    for place in draw.integers(0, len(data), 10).tolist():
        flipped = bytearray(data)
        flipped[place] ^= 0xFF
        (folder / "counts.parquet").write_bytes(flipped)
        try:
            compare(reports.load(folder))
        except UsageError as error:
            assert str(error)


def test_counts_of_another_version_are_refused_where_they_do_not_pair(damaged, whole):
    def wider(rows):
        for row in rows:
            if row["task"] == "claim-spans" and row["metric"] == "ptc_f1":
                row["counts"] = [*row["counts"], 0]

    with pytest.raises(UsageError, match="columns do not compare; score both anew"):
        compare(reports.load(whole), reports.load(damaged(of_rows=wider)))

    def fewer(rows):
        for row in rows:
            if row["metric"] == "right":
                row["counts"] = row["counts"][1:]

    with pytest.raises(UsageError, match="not scored on the same sentences"):
        compare(reports.load(whole), reports.load(damaged(of_rows=fewer)))


def test_a_report_from_before_groups_were_counted(damaged, whole, capsys):
    def older(value):
        for name in ("groups", "gold_by", "gold_only"):
            del value[name]
        for row in value["results"]:
            del row["groups"]

    def without(rows):
        for row in rows:
            del row["group"]

    folder = damaged(older, without)
    old = reports.load(folder)
    assert old.whose_gold == ["gold: this report does not say who made it"]
    assert all(row["groups"] == row["articles"] for row in old.rows)
    assert main(["compare", str(whole), str(folder)]) == 0
    for form in ("md", "junit", "model-index", "csv"):
        assert main(["report", str(folder), "--format", form]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("name", ["C:\\models\\x; gold=0; seed=1", "a\nb; metric=f1", "; ; =", "x" * 5000])
def test_a_name_cannot_forge_a_signature(name):
    from allegedly.eval.leaderboard import signature
    from allegedly.eval.scoring import _one

    text = f"task=claim-spans; dataset={_one(name)}; gold=1234; system={_one(name)}; version=1; seed=0"
    assert signature(text) == {"task": "claim-spans", "dataset": _one(name), "gold": "1234", "seed": "0"}
