"""``allegedly import``: releases like any other from each importer's sample, and what is said when it cannot be."""

import json
import os
from pathlib import Path

import pytest

from allegedly import cli
from allegedly.builders.importing import import_corpus
from allegedly.schemas import plugins, stored
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import Record, Rejected
from allegedly.schemas.validate import validate

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden" / "importers"
NAMES = sorted(path.name for path in GOLDEN.iterdir())


def labels_by_source(records) -> list:
    return sorted(
        (r.article.origin.file_name, r.article.origin.record or 0, json.dumps(r.labels.to_json())) for r in records
    )


@pytest.mark.parametrize("name", NAMES)
def test_release_holds_what_the_importer_gives(name, tmp_path):
    source, out = GOLDEN / name / "source", tmp_path / "release"
    manifest = import_corpus(name.replace("_", "-"), source, out)
    assert validate(out) == []
    items = list(plugins.find("importers", name.replace("_", "-")).read(source))
    records = [item for item in items if isinstance(item, Record)]
    written = list(stored.records(out))
    assert labels_by_source(written) == labels_by_source(records)
    splits = {(r.article.origin.file_name, r.article.origin.record): r.split for r in records}
    for record in written:
        own = splits[record.article.origin.file_name, record.article.origin.record]
        assert own in (None, record.split)
    lines = (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == sum(isinstance(item, Rejected) for item in items)
    assert all(entry["bytes"] > 0 for entry in manifest["inputs"])


@pytest.mark.parametrize(
    ("name", "creators"), [("claimbuster", "crowdsourced"), ("bioscope", "expert-generated"), ("brat", "found")]
)
def test_the_card_says_who_made_the_labels(name, creators, tmp_path):
    import_corpus(name, GOLDEN / name / "source", tmp_path / "release")
    card = (tmp_path / "release" / "README.md").read_text(encoding="utf-8")
    assert f"annotations_creators:\n- {creators}\nconfigs:" in card


def test_a_corpus_loads_with_datasets(tmp_path):
    from datasets import load_dataset

    out = tmp_path / "release"
    assert cli.main(["import", "polnear", str(GOLDEN / "polnear" / "source"), "--out", str(out)]) == 0
    attributions = load_dataset(str(out), "attributions", cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in attributions.items()} == {"train": 1, "validation": 4}
    assert {row["scheme"] for row in attributions["validation"]} == {"polnear"}
    votes = load_dataset(str(out), "votes", split="validation", cache_dir=str(tmp_path / "cache"))
    assert [row["by"] for row in votes] == ["0aa1", "0bb2"]


def test_scores_are_kept(tmp_path):
    import_corpus("sci-certainty", GOLDEN / "sci_certainty" / "source", tmp_path / "release")
    found = {r.article.source_id: r.sentences[0].scores["certainty"] for r in stored.records(tmp_path / "release")}
    assert found == {"0": 0.8, "1": 0.2667, "2": 0.4}


def test_the_same_source_gives_the_same_bytes(tmp_path):
    for out in ("one", "two"):
        import_corpus("brat", GOLDEN / "brat" / "source", tmp_path / out)
    one, two = (
        {p.relative_to(tmp_path / out): p.read_bytes() for p in (tmp_path / out).rglob("*") if p.is_file()}
        for out in ("one", "two")
    )
    assert one == two


def test_exact_copies_get_a_number(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    line = '{"text": "It rained .", "targets": [{"span1": [1, 2], "label": 3.0}], "idx": %d}\n'
    (folder / "train.jsonl").write_text(line % 0 + line % 1, encoding="utf-8")
    import_corpus("uds", folder, tmp_path / "release")
    first, second = (record.article for record in stored.records(tmp_path / "release"))
    assert (first.source_id, second.id) == ("train-0", f"{first.id}-2")


def test_the_command_says_what_it_made(tmp_path, capsys):
    source = str(GOLDEN / "claimbuster" / "source")
    assert cli.main(["import", "claimbuster", source, "--out", str(tmp_path / "release")]) == 0
    said = capsys.readouterr()
    assert "claimbuster 0.1.0, 2 articles" in said.out
    assert "3 claims, 0 speculations, 0 attributions; 5 sentences" in said.out
    assert "left out: 1 (1 broken-row)" in said.out
    assert "source/crowdsourced.csv: broken-row" in said.err


def test_json_is_the_manifest(tmp_path, capsys):
    source = str(GOLDEN / "claimbuster" / "source")
    assert (
        cli.main(["import", "claimbuster", source, "--out", str(tmp_path / "r"), "--json", "--version", "2.0.0"]) == 0
    )
    manifest = json.loads(capsys.readouterr().out)
    assert (manifest["name"], manifest["version"]) == ("claimbuster", "2.0.0")


def test_an_unknown_importer_is_a_wrong_call(tmp_path, capsys):
    assert cli.main(["import", "polner", str(tmp_path), "--out", str(tmp_path / "r")]) == 2
    said = capsys.readouterr().err
    assert "unknown importer 'polner'; did you mean 'polnear'?" in said
    assert "bioscope" in said


def test_a_missing_source_is_a_wrong_call(tmp_path, capsys):
    assert cli.main(["import", "polnear", str(tmp_path / "gone"), "--out", str(tmp_path / "r")]) == 2
    assert "gone: no such file or folder; name the corpus" in capsys.readouterr().err


def test_another_folder_leaves_nothing_behind(tmp_path, capsys):
    (tmp_path / "other").mkdir()
    assert cli.main(["import", "babe", str(tmp_path / "other"), "--out", str(tmp_path / "r")]) == 1
    assert "other: not this corpus: expected final_labels_SG1.csv" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other"]


def test_out_that_holds_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine", encoding="utf-8")
    source = str(GOLDEN / "brat" / "source")
    assert cli.main(["import", "brat", source, "--out", str(tmp_path / "r")]) == 2
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["mine.txt"]


def test_a_table_that_breaks_off_is_said(tmp_path):
    path = tmp_path / "final_labels_SG1.csv"
    path.write_text('text;label_opinion;label_bias\n"' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"final_labels_SG1\.csv: a table that breaks off: .*quotation mark that never closes"
    ):
        import_corpus("babe", path, tmp_path / "release")


def test_a_name_that_is_no_utf8_is_written_out(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    name = os.fsencode(folder) + b"/caf\xe9"
    for ending, data in ((b".txt", b"It might rain."), (b".ann", b"T1\tHedge 3 8\tmight\n")):
        Path(os.fsdecode(name + ending)).write_bytes(data)
    import_corpus("brat", folder, tmp_path / "release")
    (record,) = stored.records(tmp_path / "release")
    assert (record.article.origin.file_name, record.article.source_id) == ("mine/caf\\xe9.txt", "caf\\xe9")
