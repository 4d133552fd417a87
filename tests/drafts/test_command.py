"""From a release to forms, from drafts to annotation files, and into a release again."""

import json

import pytest

from allegedly import DataError, UsageError, build, cli
from allegedly.builders.annotations import filing
from allegedly.builders.exporters import drafts as exporter
from allegedly.builders.importing import import_annotations
from allegedly.schemas import check, stored
from allegedly.schemas.records import Annotator, Labels

TEXT = "Dam breaks\n\nA dam at Orrin broke on Monday, the county said. Nobody was hurt, and the road may open again on Friday.\n"
LABELS = "A a1 | the county | said | A dam…Monday | named_organisation\nC | =\nS | may | may…Friday\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release of two articles without labels, one of them in a file of several."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text(TEXT, encoding="utf-8")
    rows = [
        {"title": f"Ferry {n}", "text": f"The ferry number {n} sank in the harbour on Sunday, Lee said."}
        for n in (1, 2)
    ]
    (folder / "sources" / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    build([folder / "sources"], folder / "release", labellers="none", workers=1)
    return folder / "release"


@pytest.fixture(scope="module")
def name(release):
    """The id of the article in ``a.txt``."""
    return next(record.article.id for record in stored.records(release) if record.article.text == TEXT)


def run(*words):
    return cli.main([str(word) for word in words])


def draft(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def annotations(folder):
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*"))}


def test_a_release_without_labels_gives_forms_that_are_filled_in(release, name, tmp_path, capsys):
    assert run("export", "drafts", release, "--out", tmp_path / "forms") == 0
    forms = sorted((tmp_path / "forms").iterdir())
    assert len(forms) == 3 and tmp_path / "forms" / f"{name}.draft" in forms
    form = tmp_path / "forms" / f"{name}.draft"
    assert form.read_text(encoding="utf-8") == (
        f"# sources/a.txt\narticle: {name}\nlayers: attributions, speculations, claims\n#\n# [title]\n# Dam breaks\n"
        "# [lead]\n# A dam at Orrin broke on Monday, the county said.\n"
        "# Nobody was hurt, and the road may open again on Friday.\n\n"
    )
    form.write_text(form.read_text(encoding="utf-8") + LABELS, encoding="utf-8")
    flags = ("--by", "amy", "--guideline", "1.2", "--supersedes", "bob, eve", "--out", tmp_path / "annotations")
    assert run("import", "drafts", form, "--against", release, *flags) == 0
    assert "1 annotation file written" in capsys.readouterr().out
    (value,) = annotations(tmp_path / "annotations").values()
    assert list(check.annotation(value, TEXT)) == []
    assert value["annotator"] == {
        "id": "amy",
        "kind": "human",
        "name": None,
        "version": None,
        "guideline": "1.2",
        "supersedes": ["bob", "eve"],
    }
    assert (value["article_id"], value["file_name"]) == (name, "sources/a.txt")
    assert [label["text"] for label in value["labels"]["claims"]] == ["A dam at Orrin broke on Monday"]
    assert {label["by"] for labels in value["labels"].values() for label in labels} == {"amy"}


def test_good_drafts_are_written_beside_broken_ones(release, name, tmp_path, capsys):
    draft(tmp_path, "drafts/a.draft", f"article: {name}\n{LABELS}")
    broken = draft(
        tmp_path, "drafts/b/b.draft", "file: sources/b.jsonl\nrecord: 1\nC | The fery number 2\nC | Lee | evnt\n"
    )
    draft(tmp_path, "drafts/c.draft", "file: sources/b.jsonl\nC | Lee\n")
    draft(tmp_path, "drafts/d.draft", "article: 0123456789abcdef\n")
    draft(tmp_path, "drafts/e.draft", f"article: {name}\nC | Nobody was hurt\n")
    (tmp_path / "drafts/f.draft").write_bytes(b"article: x\n\xff")
    draft(tmp_path, "drafts/g.draft", "C | Lee\n")
    assert (
        run("import", "drafts", tmp_path / "drafts", "--against", release, "--by", "amy", "--out", tmp_path / "out")
        == 1
    )
    told = capsys.readouterr()
    assert "7 problems in 6 files: what they are about was not written, or replaced" in told.out
    assert list(annotations(tmp_path / "out")) == [f"{name}.amy.json"]
    lines = [line.partition("drafts/")[2] for line in told.err.splitlines() if "drafts/" in line]
    assert lines[0].startswith("b/b.draft:3: extent: found 'The fery number 2'") and "'The ferry number 2'" in lines[0]
    assert str(broken) in told.err and "b/b.draft:4: attributes: found 'evnt', expected 'event' perhaps" in told.err
    assert "c.draft:1: file: found no article of 'sources/b.jsonl', expected `record: N`, one of 0, 1" in told.err
    assert "d.draft:1: article: found '0123456789abcdef', which the release does not have, expected one of" in told.err
    assert f"e.draft: article: found labels of {name}, which " in told.err
    assert "f.draft:2: /: found byte 11, which is no UTF-8, expected UTF-8" in told.err
    assert "g.draft:1: article: found no line `article: ID`, expected the id of the article there" in told.err


def test_a_second_import_replaces_the_files_of_its_annotator_and_no_others(release, name, tmp_path):
    first = draft(tmp_path, "a.draft", f"article: {name}\n{LABELS}")
    out = tmp_path / "out"
    for who in ("amy", "bob/2"):
        import_annotations("drafts", [first], out, against=release, annotator=Annotator(id=who, kind="human"))
    (out / f"{name}.amy.json").rename(out / "mine.json")
    before = annotations(out)
    assert list(before) == [f"{name}.bob%2F2.json", "mine.json"]
    second = draft(tmp_path, "a.draft", f"article: {name}\nlayers: claims\nC | Nobody was hurt | negative\n")
    imported = import_annotations("drafts", [second], out, against=release, annotator=Annotator(id="amy", kind="human"))
    after = annotations(out)
    assert imported.files == [out / "mine.json"] and list(after) == list(before)
    assert after[f"{name}.bob%2F2.json"] == before[f"{name}.bob%2F2.json"]
    assert after["mine.json"]["labels"]["attributions"] is None
    assert [label["text"] for label in after["mine.json"]["labels"]["claims"]] == ["Nobody was hurt"]


def test_what_is_somebody_else_s_is_not_replaced(release, name, tmp_path):
    path = draft(tmp_path, "a.draft", f"article: {name}\n{LABELS}")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{name}.amy.json").write_text("mine", encoding="utf-8")
    who = Annotator(id="amy", kind="human")
    (problem,) = import_annotations("drafts", [path], tmp_path / "out", against=release, annotator=who).problems
    assert f"a file {name}.amy.json in --out that is none of 'amy'" in problem.found
    assert (tmp_path / "out" / f"{name}.amy.json").read_text(encoding="utf-8") == "mine"
    with pytest.raises(DataError, match="--out"):
        import_annotations("drafts", [path], path, against=release, annotator=who)


@pytest.fixture(scope="module")
def labelled(release, name, tmp_path_factory):
    """A release with labels of amy, bob and zoe, who supersedes the others, and the folder of their annotation files."""
    folder = tmp_path_factory.mktemp("labelled")
    for who, text, gone in (("amy", LABELS, ()), ("bob", "C | Nobody was hurt\n", ()), ("zoe", LABELS, ("amy", "bob"))):
        path = draft(folder, f"{who}.draft", f"article: {name}\n{text}")
        annotator = Annotator(id=who, kind="model", supersedes=gone)
        outcome = import_annotations("drafts", [path], folder / "notes", against=release, annotator=annotator)
        assert outcome.problems == []
    build([release.parent / "sources"], folder / "r", labellers="none", annotations=folder / "notes", workers=1)
    return folder / "r", folder / "notes"


def test_labels_of_a_release_come_out_as_the_drafts_that_gave_them(release, labelled, name, tmp_path):
    out, notes = labelled
    assert [a.get("supersedes") for a in stored.manifest(out).annotators] == [None, None, ["amy", "bob"]]
    assert "Before that, labels of zoe win over those of amy, bob." in (out / "README.md").read_text(encoding="utf-8")
    record = next(record for record in stored.records(out) if record.article.id == name)
    assert {label.by for label in record.labels.claims} == {"zoe"}
    assert [vote.annotator.supersedes for vote in record.votes] == [(), (), ("amy", "bob")]
    assert run("export", "drafts", out, "--out", tmp_path / "drafts") == 0
    written = sorted(path.name for path in (tmp_path / "drafts").iterdir() if path.name.startswith(name))
    assert written == [f"{name}.{who}.draft" for who in ("amy", "bob", "zoe")]
    for vote in record.votes:
        path = tmp_path / "drafts" / f"{name}.{vote.annotator.id}.draft"
        who = vote.annotator
        imported = import_annotations("drafts", [path], tmp_path / "again", against=release, annotator=who)
        assert (imported.problems, imported.notes) == ([], [])
        assert imported.files[0].read_bytes() == (notes / imported.files[0].name).read_bytes()


@pytest.mark.parametrize(
    ("options", "names", "has_labels"),
    [
        ({"by": "amy"}, ["amy"], True),
        ({"labels": "winning"}, [None], True),
        ({"labels": "none"}, [None], False),
    ],
)
def test_an_export_chooses_whose_labels_or_none(labelled, name, tmp_path, options, names, has_labels):
    exporter.write(stored.records(labelled[0]), tmp_path, **options)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.name.startswith(name)}
    assert list(written) == [f"{name}.{by}.draft" if by else f"{name}.draft" for by in names]
    assert all(("C | =" in text) is has_labels for text in written.values())


def test_an_export_of_labels_that_nobody_knows_is_told(labelled, tmp_path):
    with pytest.raises(UsageError, match="labels=gold: expected one of votes, winning, none"):
        exporter.write(stored.records(labelled[0]), tmp_path, labels="gold")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["drafts", "x", "--out", "y"], "'drafts' reads labels of articles that a release holds"),
        (["drafts", "x", "--out", "y", "--against", "R"], "--against needs --by WHO"),
        (["polnear", "x", "--out", "y", "--by", "amy"], "--by: import goes with --against RELEASE only"),
        (["polnear", "x", "z", "--out", "y"], "2 sources; a release is imported from one"),
        (["polnear", "x", "--out", "y", "--against", "R", "--by", "amy"], "'polnear' makes a release of a corpus"),
        (["drafts", "gone", "--out", "y", "--against", "R", "--by", "amy"], "no such file or folder: 'gone'"),
        (
            ["drafts", "x", "--out", "y", "--against", "R", "--by", "amy", "--date", "2020-01-01"],
            "--date: import --against",
        ),
        (["drafts", "x", "--out", "y", "--against", "gone", "--by", "amy"], "gone: not a release"),
    ],
)
def test_a_wrong_command_is_told(release, tmp_path, monkeypatch, capsys, flags, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    assert run("import", *(str(release) if flag == "R" else flag for flag in flags)) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "y").exists()


def test_a_layer_without_labels_is_told_from_one_that_is_not_annotated(release, name):
    article = next(record.article for record in stored.records(release) if record.article.id == name)
    value = filing.annotation(article, Annotator(id="amy", kind="human"), Labels(claims=(), speculations=None))
    assert json.loads(filing.lines(value))["labels"] == {"claims": [], "speculations": None, "attributions": None}


def test_what_a_program_said_and_comes_back_unchanged_is_noted(release, tmp_path):
    build([release.parent / "sources"], tmp_path / "release", labellers="rules", workers=1)
    assert run("export", "drafts", tmp_path / "release", "--out", tmp_path / "drafts") == 0
    changed, *_ = sorted((tmp_path / "drafts").iterdir())
    changed.write_text(changed.read_text("utf-8") + "\n@@ The\nC | The | other\n", encoding="utf-8")
    amy, model = (Annotator(id="amy", kind="human"), Annotator(id="model-2", kind="model"))
    paths = (tmp_path / "drafts", tmp_path / "out")
    notes = import_annotations("drafts", paths[:1], paths[1], against=tmp_path / "release", annotator=amy).notes
    assert len([note for note in notes if "every label is that of rules, a program: not taken" in note.message]) == 2
    assert len(list(paths[1].iterdir())) == 1
    options = {"approved": "yes"}
    taken = import_annotations(
        "drafts", paths[:1], paths[1], against=tmp_path / "release", annotator=amy, options=options
    )
    assert len(taken.files) == 3 and len(taken.notes) == len([n for n in taken.notes if n.message.endswith("program")])
    notes = import_annotations("drafts", paths[:1], paths[1], against=tmp_path / "release", annotator=model).notes
    assert not [note for note in notes if "every label" in note.message]
    lines = tmp_path / "gold.jsonl"
    assert run("export", "jsonl", tmp_path / "release", "--out", lines) == 0
    notes = import_annotations("jsonl", [lines], tmp_path / "in", against=tmp_path / "release", annotator=amy).notes
    assert [note.message.partition(" is ")[0] for note in notes] == ["every label of 3 articles"]
    assert not list(tmp_path.glob("in/*"))
    with pytest.raises(UsageError, match="expected approved=yes"):
        import_annotations(
            "jsonl", [lines], tmp_path / "in", against=tmp_path / "release", annotator=amy, options={"approved": "1"}
        )


def test_quiet_tells_what_could_not_be_read(release, name, tmp_path, capsys):
    draft(tmp_path / "drafts", "a.draft", f"article: {name}\nlayers: claims\nC | no such words\n")
    flags = ("--out", tmp_path / "out", "--against", release, "--by", "amy", "--quiet")
    assert run("import", "drafts", tmp_path / "drafts", *flags) == 1
    assert "a.draft:3: extent: found 'no such words'" in capsys.readouterr().err
