"""Broken data of others, in every file that commands read: told with 1 or 2, the cause and the place; never a fault."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allegedly.cli import main

JSONS = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "object": b"{}",
    "deep": b'{"a":' * 100_000,
    "bytes": b"\xff\xfe\x00\x01",
    "nothing": b"\0" * 100,
    "digits": b'{"a":' + b"9" * 6000 + b"}",
}
COUNTS = {
    "ragged": lambda rows: rows[0].update(counts=[1] * 9),
    "short": lambda rows: [row.update(counts=[1]) for row in rows],
    "null": lambda rows: rows[0].update(counts=None),
    "null inside": lambda rows: rows[0].update(counts=[None]),
    "no article": lambda rows: rows[0].update(article_id=None),
}
TABLES = {
    "no columns": lambda table: pa.table({}),
    "other columns": lambda table: pa.table({"a": [1]}),
    "words": lambda table: replaced(table, pa.array(["x"] * len(table))),
    "fractions": lambda table: replaced(table, pa.array([[0.5]] * len(table))),
}


def replaced(table: pa.Table, counts: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index("counts"), "counts", counts)


@pytest.fixture(scope="module")
def report(root, tmp_path_factory):
    out = tmp_path_factory.mktemp("reports") / "report"
    argv = [
        "eval",
        str(root / "dataset"),
        "--system",
        "labeller:rules",
        "--task",
        "claim-detection",
        "--resamples",
        "0",
    ]
    assert main([*argv, "--out", str(out)]) == 0
    return out


@pytest.fixture
def copy(report, tmp_path):
    return Path(shutil.copytree(report, tmp_path / "report", symlinks=True))


def told(argv, capsys, code=2) -> str:
    capsys.readouterr()
    assert main(argv) == code
    said = capsys.readouterr().err
    assert "fault of allegedly" not in said and said.count("\n") >= 1
    return said


@pytest.mark.parametrize("name", ["report.json", "counts.parquet"])
@pytest.mark.parametrize("kind", [*JSONS, "fifo", "folder", "gone", "loop"])
def test_a_broken_report_is_told(name, kind, copy, report, capsys):
    file = copy / name
    file.unlink()
    if kind in JSONS:
        file.write_bytes(JSONS[kind])
    elif kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "loop":
        file.symlink_to(name)
    for argv in (["report", str(copy)], ["compare", str(copy), str(report)], ["leaderboard", str(copy.parent)]):
        said = told(argv, capsys)
        assert name in said or "holds no report" in said
    if kind == "empty" and name == "report.json":
        argv = ["eval", "nowhere", "--system", "labeller:none", "--out", str(copy)]
        assert "belongs to no report of ours" in told(argv, capsys)


@pytest.mark.parametrize("kind", COUNTS)
def test_counts_of_no_shape_are_told(kind, copy, report, capsys):
    rows = pq.read_table(copy / "counts.parquet").to_pylist()
    COUNTS[kind](rows)
    pq.write_table(pa.Table.from_pylist(rows), copy / "counts.parquet")
    said = told(["compare", str(copy), str(report)], capsys)
    broken = "expected the counts that `eval --out` wrote beside the report" in said
    assert broken or "were not scored on the same sentences" in said or "counts that fit neither" in said


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_holds_no_counts_is_told(kind, copy, report, capsys):
    table = pq.read_table(copy / "counts.parquet")
    pq.write_table(TABLES[kind](table), copy / "counts.parquet")
    assert "expected the counts that `eval --out` wrote" in told(["compare", str(copy), str(report)], capsys)


@pytest.mark.parametrize("line", [b"{", b"null", b"{}", b"[" * 100_000, b'{"article": {}}', b"\xff"])
def test_broken_examples_are_told_with_their_line(line, copy, capsys):
    with (copy / "examples.jsonl").open("ab") as file:
        file.write(line + b"\n")
    assert "examples.jsonl, line 31: broken" in told(["report", str(copy)], capsys)


def test_paths_that_are_no_text_are_told(root, report, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"n\xffo")
    for argv in (
        ["stats", name],
        ["validate", name],
        ["export", "jsonl", name],
        ["report", name],
        ["compare", name, name],
        ["leaderboard", name],
        ["label", name],
        ["build", name, "--out", "o"],
        ["import", "brat", name, "--out", "o"],
        ["import", "brat", ".", "--out", name],
        ["import", "brat", ".", "--out", "o", "--version", name],
        *(["build", ".", "--out", "o", f"--{flag}", name] for flag in ("name", "salt", "version", "work", "group-by")),
        ["build", ".", "--out", name],
        ["eval", name, "--system", "labeller:none"],
        ["eval", str(root / "dataset"), "--system", f"file:{name}"],
        ["eval", str(root / "dataset"), "--system", "labeller:none", "--gate", name],
        ["eval", str(root / "dataset"), "--system", "labeller:none", "--system-options", name],
        ["schema", name],
        ["list", name],
    ):
        assert "\\xff" in told(argv, capsys) or argv[0] in ("schema", "list", "export", "stats")
    assert main(["report", str(report), "--out", f"{name}.html"]) == 0
    assert main(["export", "jsonl", str(root / "dataset"), "--out", f"{name}.jsonl"]) == 0
    system = f"{name}=labeller:none"
    argv = ["eval", str(root / "dataset"), "--system", system, "--task", "claim-detection", "--resamples", "0"]
    assert main([*argv, "--out", name]) in (0, 2)


def test_a_report_of_a_name_with_half_a_pair_is_shown_in_every_format(copy, capsys):
    value = json.loads((copy / "report.json").read_text(encoding="utf-8"))
    for row in (*value["results"], *value["left_out"]):
        row["system"] = "half\ud800"
    value["systems"][0]["name"] = "half\ud800"
    (copy / "report.json").write_text(json.dumps(value), encoding="utf-8")
    for form in ("html", "md", "junit", "model-index", "csv", "json"):
        assert main(["report", str(copy), "--format", form]) == 0, capsys.readouterr().err
        assert "half" in capsys.readouterr().out
    assert main(["leaderboard", str(copy)]) == 0


@pytest.mark.parametrize(
    "line",
    [
        ["build", "{sources}", "--annotations", "{closed}", "--out", "{out}"],
        ["format", "{closed}"],
        ["validate", "{closed}"],
        ["leaderboard", "{closed}"],
        ["agree", "{closed}", "{closed}"],
        ["view", "{closed}", "--against", "{release}", "--out", "{out}"],
        ["import", "jsonl", "{closed}", "--against", "{release}", "--by", "amy", "--out", "{out}"],
        ["import", "brat", "{closed}", "--out", "{out}"],
    ],
    ids=lambda line: " ".join(line[:2]),
)
def test_a_folder_that_cannot_be_read_is_not_an_empty_one(line, root, tmp_path, monkeypatch, capsys):
    closed = tmp_path / "given" / "closed"
    closed.mkdir(parents=True)
    scandir = os.scandir

    def refusing(path="."):
        if not isinstance(path, int) and Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text(
        "The dam at Tolm may fail, the mayor said on Monday.\n", encoding="utf-8"
    )
    places = {
        "closed": closed.parent,
        "out": tmp_path / "out",
        "release": root / "dataset",
        "sources": tmp_path / "sources",
    }
    assert main([word.format(**places) for word in line]) == 1
    told = capsys.readouterr().err
    assert "Permission denied" in told and "closed" in told
    assert not (tmp_path / "out" / "manifest.json").exists()
