"""A release that a stranger made: whatever it holds, what is read is what its manifest lists, checked and bounded."""

import hashlib
import json
import os
import shutil
import socket
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allegedly.builders.build import build
from allegedly.builders.release.load import load
from allegedly.cli import main
from allegedly.evaluation import gold_of
from allegedly.schemas import parquet, stored
from allegedly.schemas.arrow import arrow_schema
from allegedly.schemas.errors import DataError
from allegedly.schemas.validate import validate

from .conftest import write

TABLE = "data/articles/train-00000-of-00001.parquet"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A release of twelve articles with labels; not to be written to."""
    folder = tmp_path_factory.mktemp("made")
    build(write(folder / "news", 12), folder / "release", labellers="rules", workers=1)
    return folder / "release"


@pytest.fixture
def theirs(made, tmp_path):
    """A copy of it, to be tampered with."""
    shutil.copytree(made, tmp_path / "theirs")
    return tmp_path / "theirs"


def manifest(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text())


def signed(release: Path, **changes) -> None:
    """The manifest with right sizes and hashes, as whoever tampers would leave it."""
    value = {**manifest(release), **changes}
    for output in value["outputs"]:
        path = release / output["path"]
        if path.is_file():
            output["bytes"], output["sha256"] = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    (release / "manifest.json").write_text(json.dumps(value))


def refusals(release: Path, capfd) -> dict[str, tuple[int, str]]:
    """Exit code and message of every command that reads a release."""
    predictions = release.parent / "predictions.jsonl"
    predictions.write_text("{}\n")
    calls = {
        "validate": ["validate", str(release)],
        "stats": ["stats", str(release)],
        "export": ["export", "jsonl", str(release), "--out", str(release.parent / "gold.jsonl")],
        "eval": ["eval", str(release), "--system", f"file:{predictions}", "--split", "train"],
    }
    found = {}
    for name, argv in calls.items():
        capfd.readouterr()
        code = main(argv)
        out, err = capfd.readouterr()
        found[name] = (code, out + err)
    return found


def test_altered_tables_are_read_by_nobody(theirs, capfd):
    path = theirs / TABLE
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    for name, (code, words) in refusals(theirs, capfd).items():
        assert code == 1 and TABLE in words and "sha256" in words.lower().replace("-", ""), (name, words)
    with pytest.raises(DataError, match="its SHA-256 is"):
        load(theirs, "articles")
    news = theirs.parent / "news"
    news.mkdir()
    (news / "a.txt").write_text(
        "The council closed the bridge on Monday.\n\nThe mayor said that it may open again in May.\n"
    )
    with pytest.raises(DataError, match="its SHA-256 is"):
        build(news, theirs.parent / "next", previous=theirs, labellers="none", workers=1)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    path.unlink()
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_linked_folder(path: Path) -> None:
    path.parent.rename(path.parent.parent.parent / "elsewhere")
    path.parent.symlink_to(path.parent.parent.parent / "elsewhere")


@pytest.mark.parametrize("put", [a_link, a_pipe, a_socket, a_folder, a_linked_folder])
@pytest.mark.parametrize("name", [TABLE, "manifest.json"])
def test_what_is_no_file_of_the_release_is_refused_and_holds_nobody_up(put, name, theirs, capfd):
    if put is a_linked_folder and name == "manifest.json":
        pytest.skip("the folder that the user names may be a link")
    put(theirs / name)
    kinds = ("link", "pipe", "socket", "folder")
    for command, (code, words) in refusals(theirs, capfd).items():
        assert code == 1 and any(kind in words for kind in kinds), (command, words)
    with pytest.raises(DataError):
        load(theirs, "articles", "train", streaming=True)


def test_a_link_to_the_release_itself_may_be_named(theirs, tmp_path):
    (tmp_path / "link").symlink_to(theirs)
    assert validate(tmp_path / "link") == []
    assert load(tmp_path / "link", "articles", "train").num_rows == manifest(theirs)["counts"]["articles"]["train"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.parquet",
        "data/articles/../../x.parquet",
        "data/articles/train-00000-of-00001.parquet/",
        "data/articles/train-00001-of-00001.parquet",
        "data/other/train-00000-of-00001.parquet",
        "data/articles/dev-00000-of-00001.parquet",
        "data/articles/train-٠٠٠٠٠-of-00001.parquet",
        "README.md\n",
        "manifest.json",
        "notes.txt",
    ],
)
def test_a_manifest_may_name_only_what_a_release_has(path, theirs, capfd):
    value = manifest(theirs)
    value["outputs"].append({"path": path, "bytes": 1, "sha256": "0" * 64, "rows": 1})
    (theirs / "manifest.json").write_text(json.dumps(value))
    for command, (code, words) in refusals(theirs, capfd).items():
        assert code == 1 and "/outputs" in words, (command, words)


@pytest.mark.parametrize("change", ["twice", "no card", "hash", "sets", "config", "split"])
def test_a_manifest_that_does_not_add_up_is_refused(change, theirs):
    value = manifest(theirs)
    if change == "twice":
        value["outputs"].append(value["outputs"][0])
    elif change == "no card":
        value["outputs"] = [output for output in value["outputs"] if output["path"] != "README.md"]
    elif change == "hash":
        value["outputs"][0]["sha256"] = "f" * 63
    elif change == "sets":
        copy = theirs / TABLE.replace("of-00001", "of-00002")
        shutil.copy(theirs / TABLE, copy)
        value["outputs"].append(
            {"path": copy.relative_to(theirs).as_posix(), "bytes": 1, "sha256": "0" * 64, "rows": 1}
        )
    elif change == "config":
        value["counts"]["secrets"] = {"train": 1}
    else:
        del value["counts"]["articles"]["test"]
    (theirs / "manifest.json").write_text(json.dumps(value))
    with pytest.raises(DataError, match=r"manifest\.json: /"):
        stored.manifest(theirs)
    assert validate(theirs)


def test_the_card_leads_nobody_astray(theirs, tmp_path):
    rows = load(theirs, "articles", "train")["text"]
    secret = tmp_path / "secret.parquet"
    table = pq.read_table(theirs / TABLE)
    pq.write_table(table.set_column(table.schema.get_field_index("text"), "text", [["secret"] * len(table)]), secret)
    card = (theirs / "README.md").read_text()
    (theirs / "README.md").write_text(card.replace("path: data/articles/train-*.parquet", f"path: {secret}"))
    signed(theirs)
    assert load(theirs, "articles", "train")["text"] == rows
    (problem,) = validate(theirs)
    assert problem.file.endswith("README.md") and "secret" in problem.found


@pytest.mark.parametrize(
    ("matter", "found"),
    [
        ("configs: 7\n", "configs in another form"),
        ("<<: *a\n", "front matter in another form"),
        ("configs:\n- config_name: &a b\n", "configs in another form"),
        ("configs:\nconfigs:\n", "front matter in another form"),
        ('"configs": []\n', "front matter in another form"),
        ("configs:\n- config_name: articles\n  data_dir: /etc\n", "configs in another form"),
        ("tags: []\n", "[]"),
        ("x:\n" + "- 1\n" * 100_000, "too long"),
    ],
)
def test_front_matter_is_read_with_care(matter, found, theirs):
    (theirs / "README.md").write_text(f"---\n{matter}---\n")
    signed(theirs)
    (problem,) = validate(theirs)
    assert found in problem.found


NULLS = {"articles": ("text", "id", "group"), "sentences": ("article_id", "start", "scores"), "votes": ("by", "layer")}


@pytest.mark.parametrize(("config", "column"), [(config, name) for config, names in NULLS.items() for name in names])
def test_rows_that_fit_no_schema_are_bad_data_and_no_fault_of_ours(config, column, theirs, capfd):
    path = theirs / TABLE.replace("articles", config)
    rows = pq.read_table(path).to_pylist()
    changed = [{**rows[0], column: None}, *rows[1:]]
    pq.write_table(pa.Table.from_pylist(changed, schema=arrow_schema(config)), path)
    signed(theirs)
    found = refusals(theirs, capfd)
    assert found["validate"][0] == 1 or column == "scores"
    assert all(code in (0, 1, 2) for code, _ in found.values()), found
    if config == "articles" and column != "group":
        assert found["export"][0] == found["eval"][0] == 1, found


@pytest.mark.parametrize("number", [-1, 3, 2**62])
def test_a_number_that_is_of_no_class_has_no_name(number, theirs):
    path = theirs / TABLE.replace("articles", "sentences")
    rows = pq.read_table(path).to_pylist()
    changed = [{**rows[0], "claim": number}, *rows[1:]]
    pq.write_table(pa.Table.from_pylist(changed, schema=arrow_schema("sentences")), path)
    signed(theirs)
    for streaming in (False, True):
        with pytest.raises(
            DataError, match="claim: a number that is of no class, expected 0 to 2; `allegedly validate"
        ):
            list(load(theirs, split="train", streaming=streaming, names=True))


@pytest.mark.parametrize(
    ("config", "column", "values"),
    [
        ("votes", "layer", "opinions"),
        ("votes", "labels", "["),
        ("votes", "labels", "[" * 100_000),
        ("votes", "by", "nobody"),
    ],
)
def test_votes_that_mean_nothing_are_bad_data(config, column, values, theirs, capfd):
    path = theirs / TABLE.replace("articles", config)
    rows = [{**row, column: values} for row in pq.read_table(path).to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(config)), path)
    signed(theirs)
    found = refusals(theirs, capfd)
    assert found["validate"][0] == 1
    assert all(found[name][0] == 1 and "allegedly validate" in found[name][1] for name in ("export", "eval")), found


def test_another_table_under_the_name_is_no_table_of_the_release(theirs, capfd):
    pq.write_table(pa.table({"id": ["a"]}), theirs / TABLE)
    signed(theirs)
    for command, (code, words) in refusals(theirs, capfd).items():
        assert code == 1 and "the columns of articles" in words, (command, words)


def test_few_bytes_that_take_gigabytes_are_refused(theirs, capfd, monkeypatch):
    """A dictionary holds a text once, however often it stands in a column."""
    monkeypatch.setattr(parquet, "FLOOR", 8 << 20)
    rows = pq.read_table(theirs / TABLE).to_pylist()
    many = pa.Table.from_pylist([{**rows[0], "text": "x" * 50_000}] * 6000, schema=arrow_schema("articles"))
    pq.write_table(many, theirs / TABLE, compression="zstd")
    assert (theirs / TABLE).stat().st_size < 40_000
    signed(theirs)
    for command, (code, words) in refusals(theirs, capfd).items():
        assert code == 1 and "MiB when they are decoded" in words, (command, words)
    with pytest.raises(DataError, match="MiB when they are decoded"):
        load(theirs, "articles", "train")
    with pytest.raises(DataError, match="MiB when they are decoded"):
        next(iter(load(theirs, "articles", "train", streaming=True)))


def test_a_table_that_is_altered_after_load_is_not_streamed(theirs):
    streamed = load(theirs, "articles", "train", streaming=True)
    data = (theirs / TABLE).read_bytes()
    (theirs / TABLE).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(DataError, match="its SHA-256 is"):
        next(iter(streamed))


def test_a_file_that_takes_a_checked_one_s_place_is_not_read(theirs, monkeypatch):
    """What is decoded is what was hashed, on the same handle."""
    texts = [record.article.text for record in stored.records(theirs, "train")]
    look = stored.table

    def swapped(file, config, allowance):
        for name in ("articles", "sentences", "votes"):
            path = theirs / TABLE.replace("articles", name)
            path.unlink(missing_ok=True)
            path.write_bytes(b"something else")
        return look(file, config, allowance)

    opened = stored.Release(theirs)
    rows = opened.rows("articles", "train")
    monkeypatch.setattr(stored, "table", swapped)
    assert [row["text"] for row in rows] == texts


def test_a_former_release_with_ids_of_another_sort_is_bad_data(theirs, tmp_path):
    rows = pq.read_table(theirs / TABLE).to_pylist()
    rows[0]["id"] = "f" * 40
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema("articles")), theirs / TABLE)
    signed(theirs)
    with pytest.raises(DataError, match="expected 16 hex digits"):
        build(write(tmp_path / "news", 3), tmp_path / "out", previous=theirs, labellers="none", workers=1)


def test_gold_is_read_as_it_stands(made):
    assert len(gold_of(made, "all").records) == 12


def test_a_ledger_that_is_none_is_bad_data(theirs, capfd):
    (theirs / "rejected.jsonl").write_bytes(b'{"rule": 1}\n\xff\n')
    signed(theirs)
    assert main(["stats", str(theirs)]) == 1 and "rejected.jsonl, line 1" in capfd.readouterr().err
    assert main(["validate", str(theirs)]) == 1
