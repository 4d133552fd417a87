"""Files of annotation tools where annotation files or articles are expected: what is told, and that nothing is lost without a
word."""

import json

import pytest

from allegedly import cli
from allegedly.builders.sources import foreign
from allegedly.schemas import plugins
from allegedly.schemas.check import annotation

TEXT = "The mayor of Hollin said it rained. It was a long day."
STUDIO = {
    "id": 1,
    "data": {"text": TEXT},
    "annotations": [{"id": 3, "result": [{"type": "labels", "value": {"start": 0, "end": 9, "labels": ["source"]}}]}],
}
DOCCANO = {"id": 1, "text": TEXT, "entities": [{"id": 1, "label": "source", "start_offset": 0, "end_offset": 9}]}
PRODIGY = {"text": TEXT, "_task_hash": 2, "spans": [{"start": 0, "end": 9, "label": "source"}], "answer": "accept"}
OURS = {"article": {"id": "0" * 16, "text": TEXT}, "labels": {"claims": [{"extent": []}]}}
FILES = {
    "label-studio": json.dumps([STUDIO]),
    "doccano": json.dumps(DOCCANO) + "\n" + json.dumps({**DOCCANO, "id": 2}) + "\n",
    "prodigy": json.dumps(PRODIGY) + "\n" + json.dumps(PRODIGY) + "\n",
    "web-annotation": json.dumps({"type": "AnnotationPage", "items": []}),
    "cas": '<?xml version="1.0"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI"/>',
    "brat": "T1\tSource 0 9\tThe mayor\n",
    "drafts": "# a.txt\narticle: 0123456789abcdef\nlayers: claims\n",
    "jsonl": json.dumps(OURS) + "\n",
}


@pytest.fixture
def build(tmp_path, monkeypatch, capsys):
    """``build(*arguments)``: the exit code, and the lines of standard error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "notes").mkdir()

    def run(*arguments: str):
        code = cli.main(["build", *arguments, "--out", "release", "--workers", "1", "--labellers", "none"])
        return code, capsys.readouterr().err.splitlines()

    return run


def test_each_kind_is_known_and_has_its_importer():
    assert {kind.importer for kind in foreign.KINDS} == set(FILES)
    assert set(FILES) <= set(plugins.names("importers"))
    for name, text in FILES.items():
        assert foreign.of_text(text).importer == name
    for text in (
        "",
        "{",
        "[1]",
        TEXT,
        '{"text": "a", "label": 1}',
        "{" * 5000,
        '"a"',
        "<html/>",
        '{"label": [[1, 2]]}',
    ):
        assert foreign.of_text(text) is None


@pytest.mark.parametrize("name", FILES)
def test_annotations_of_another_format_are_told_in_three_lines(name, build, tmp_path):
    (tmp_path / "notes" / "x.json").write_text(FILES[name], encoding="utf-8")
    code, lines = build("a.txt", "--annotations", "notes")
    assert code == 1 and len(lines) == 3
    assert lines[0].startswith("allegedly: notes/x.json: looks like ") and lines[0].endswith(
        ", and is no annotation file"
    )
    assert "expected annotation files, a JSON object each with annotator, article_id and labels" in lines[1]
    assert f"allegedly import {name} notes/x.json --against RELEASE --by WHO --out annotations/" in lines[2]


def test_files_that_look_alike_are_told_together_and_what_nobody_knows_in_short(build, tmp_path):
    for number in range(60):
        (tmp_path / "notes" / f"{number:02}.json").write_text(FILES["label-studio"], encoding="utf-8")
    (tmp_path / "notes" / "x.json").write_text(json.dumps({"a": 1, "b": "x" * 9999}), encoding="utf-8")
    code, lines = build("a.txt", "--annotations", "notes")
    assert code == 1 and len(lines) == 6 and len("".join(lines)) < 1000
    assert lines[0].startswith("allegedly: notes/00.json and 59 more like it: looks like an export of Label Studio")
    assert lines[3] == 'notes/x.json: an object with the keys "a", "b", which is no annotation file'


def test_files_that_are_not_read_as_annotations_are_named(build, tmp_path):
    (tmp_path / "notes" / "items.jsonl").write_text(FILES["doccano"], encoding="utf-8")
    (tmp_path / "notes" / "README.md").write_text("Notes.\n", encoding="utf-8")
    code, lines = build("a.txt", "--annotations", "notes")
    assert code == 0
    (note,) = [line for line in lines if "not read as annotations" in line]
    assert note == (
        "note: 2 files are not read as annotations, which end in .json: README.md, items.jsonl (looks like JSON Lines of "
        "doccano: allegedly import doccano notes/items.jsonl --against RELEASE --by WHO --out annotations/)"
    )


@pytest.mark.parametrize(("name", "ending"), [("label-studio", "json"), ("doccano", "jsonl"), ("prodigy", "jsonl")])
def test_labels_in_sources_are_not_dropped_without_a_word(name, ending, build, tmp_path):
    (tmp_path / f"x.{ending}").write_text(FILES[name], encoding="utf-8")
    code, lines = build("a.txt", f"x.{ending}")
    assert code == 0
    (line,) = [line for line in lines if "labels-not-read" in line]
    assert f"`allegedly import {name} FILE --against RELEASE" in line
    ledger = (tmp_path / "release" / "rejected.jsonl").read_text(encoding="utf-8")
    rejected = [json.loads(row) for row in ledger.splitlines()]
    (found,) = [row for row in rejected if row["rule"] == "labels-not-read"]
    assert found["detail"] == {"importer": name, "records": 1 if name == "label-studio" else 2}


def test_articles_without_labels_are_told_nothing(build, tmp_path):
    rows = [{"text": TEXT + str(number), "label": number, "labels": [], "entities": ["Hollin"]} for number in range(3)]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "y.json").write_text(json.dumps([{**STUDIO, "text": TEXT, "annotations": []}]), encoding="utf-8")
    _, lines = build("x.jsonl", "y.json")
    assert [line for line in lines if "labels-not-read" in line] == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([1], ("/", "[1]", "an object")),
        ({"labels": {}, "article_id": None}, ("/", 'no "annotator"', "it")),
        (
            {"annotator": {"id": "a", "kind": "x"}},
            ("/annotator/kind", '"x"', 'one of "human", "rule", "model", "import"'),
        ),
        ({"annotator": {"id": "", "kind": "human"}}, ("/annotator/id", '""', "text of at least 1 character")),
        (
            {"labels": {"claims": [{"extent": [{"start": -1}]}]}},
            ("/labels/claims/0/extent/0/start", "-1", "at least 0"),
        ),
        ({"labels": {"claims": [{"extent": "x"}]}}, ("/labels/claims/0/extent", '"x"', "a list")),
        ({"x": 1}, ("/", 'the key "x"', "no others than those of `allegedly schema annotation`")),
        ({}, ("/", 'no "article_id" or "source_id" or "text_sha256"', "one of them")),
        ({"text_sha256": "z"}, ("/text_sha256", '"z"', "text like ^[0-9a-f]{64}$")),
    ],
    ids=str,
)
def test_what_is_wrong_with_an_annotation_file_is_told_in_plain_words(value, told):
    assert told in [tuple(finding) for finding in annotation(value)]
