"""Labelling from Python and from the command line: order, ledger, exit codes, and lines that the schemas allow."""

import json
from pathlib import Path

import pytest

import allegedly
from allegedly.builders.labellers import _lookup as labelling
from allegedly.cli import main
from allegedly.schemas import check, schema
from allegedly.schemas.records import Labels

HERE = Path(__file__).parent
OURS = "labellers_of_the_tests:of_saids"
GOOD = "Harbour closes\n\nBy Jane Doe\n\nThe mayor said it was closed. It may reopen, and nobody knows when.\n"


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture
def files(tmp_path):
    """Three files with an article, one without, in a folder."""
    for name in ("b.txt", "a.txt", "c.md"):
        (tmp_path / name).write_text(GOOD.replace("Harbour", f"Harbour {name[0]}"), encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    return tmp_path


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_records_have_labels_with_ids_links_texts_and_sentence_classes():
    (record,) = allegedly.label(text=GOOD, labellers=OURS)
    assert record.article.title == "Harbour closes" and record.article.authors == ("Jane Doe",)
    (claim,), (mark,), (link,) = record.labels.claims, record.labels.speculations, record.labels.attributions
    assert (claim.id, claim.claimer, claim.by, claim.scheme) == ("c1", "a1", OURS, "allegedly-1")
    assert (claim.text, mark.text, link.text) == ("it was closed.", "may", "it was closed.")
    assert [(s.claim, s.speculation, s.attribution) for s in record.sentences] == [
        ("no_claim", "certain", "none"),
        ("check_worthy", "certain", "attributed"),
        ("no_claim", "speculative", "none"),
    ]
    assert {s.scores["claim"] for s in record.sentences} == {0.1235}
    assert not list(check.record(record.to_json()))


def test_several_texts_are_counted():
    found = list(allegedly.label(text=[GOOD, GOOD + "More was said."], labellers="none"))
    assert [record.article.origin.record for record in found] == [0, 1]
    assert [record.labels.claims for record in found] == [None, None]


def test_files_come_in_the_order_in_which_they_are_named(files):
    named = [files / "b.txt", files / "a.txt", files / "c.md"]
    found = list(allegedly.label(*named, labellers=OURS))
    assert [record.article.origin.file_name for record in found] == ["b.txt", "a.txt", "c.md"]


def test_a_file_that_is_named_twice_comes_once_under_its_longest_name(files):
    (files / "empty.txt").unlink()
    found = list(allegedly.label(files / "b.txt", files, labellers="none"))
    names = [record.article.origin.file_name for record in found]
    assert names == [f"{files.name}/{name}" for name in ("b.txt", "a.txt", "c.md")]


def test_ids_do_not_depend_on_how_an_article_is_read(files):
    words = (files / "a.txt").read_text(encoding="utf-8")
    (one,), (other,) = allegedly.label(files / "a.txt", labellers="none"), allegedly.label(text=words, labellers="none")
    assert one.article.id == other.article.id
    assert [s.start for s in one.sentences] == [s.start for s in other.sentences]


def test_a_file_without_an_article_is_an_error_after_all_others(files):
    found = []
    with pytest.raises(allegedly.DataError, match=r"no article in 1 of the files:\nempty.txt: is empty"):
        found.extend(allegedly.label(files / "empty.txt", files / "a.txt", labellers="none"))
    found = allegedly.label(files / "empty.txt", files / "a.txt", labellers="none")
    assert next(found).article.origin.file_name == "a.txt"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: allegedly.label(), "name files or give a text"),
        (lambda: allegedly.label("a.txt", text="x"), "not both"),
        (lambda: allegedly.label("no-such-file.txt"), "no such file or folder: 'no-such-file.txt'"),
        (lambda: allegedly.label(text="x", labellers="ruls"), "unknown labeller 'ruls'; did you mean 'rules'"),
        (lambda: allegedly.label(text="x", labellers="none,none"), "named twice"),
        (
            lambda: allegedly.label(text="x", labellers="no_such_module:f"),
            "no module named 'no_such_module'. Known by name: ",
        ),
        (lambda: allegedly.label(text="x", labellers="labellers_of_the_tests:no"), "has no function 'no'"),
        (lambda: allegedly.label(text="x", labellers="labellers_of_the_tests:nothing"), "has no function 'nothing'"),
    ],
)
def test_a_wrong_call_is_told_at_once(call, message):
    with pytest.raises(allegedly.UsageError, match=message):
        call()


@pytest.mark.parametrize(
    ("name", "message"),
    [("too_few", "zip|predictions"), ("outside", "labels are not valid"), ("broken", "RuntimeError: no")],
)
def test_a_labeller_that_fails_costs_its_layers(name, message):
    with pytest.warns(UserWarning, match=message):
        (record,) = allegedly.label(text=GOOD, labellers=f"labellers_of_the_tests:{name}")
    assert record.labels == Labels()


def test_several_labellers_are_merged_layer_by_layer():
    (record,) = allegedly.label(text=GOOD, labellers=f"none,{OURS}")
    assert len(record.labels.claims) == 1
    assert [vote.annotator.id for vote in record.votes] == [OURS, "none"]


def test_plugins_are_labellers_by_their_names():
    (none,) = labelling.resolve("none")
    assert (none.name, none.layers, none.weights_sha256()) == ("none", (), None)


def test_lines_of_the_command_are_what_the_schemas_say(files, capsys):
    assert main(["label", str(files / "b.txt"), str(files / "a.txt"), "--labellers", OURS]) == 0
    found = lines(capsys)
    assert [value["article"]["origin"]["file_name"] for value in found] == ["b.txt", "a.txt"]
    for value in found:
        assert not list(schema.errors("prediction", value))
        assert not list(schema.errors("article", value["article"]))
        assert not list(check.record(value))


def test_layers_that_the_language_leaves_null_are_counted(tmp_path, capsys):
    (tmp_path / "fr.txt").write_text(
        "Le pont\n\nLe maire a dit que le pont pourrait fermer lundi matin.\n", encoding="utf-8"
    )
    (tmp_path / "en.txt").write_text(GOOD, encoding="utf-8")
    assert main(["label", str(tmp_path / "fr.txt"), str(tmp_path / "en.txt"), "--labellers", "rules"]) == 0
    err = capsys.readouterr().err
    assert "does not cover the language or failed: claims in 1, speculations in 1 of the articles" in err
    assert main(["label", str(tmp_path / "en.txt"), "--labellers", "rules"]) == 0
    assert "does not cover" not in capsys.readouterr().err
    assert main(["label", str(tmp_path / "fr.txt"), "--labellers", "none"]) == 0
    assert "does not cover" not in capsys.readouterr().err


def test_a_file_without_an_article_is_exit_1_and_named(files, capsys):
    assert main(["label", str(files), "--labellers", "none"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert f"{files.name}/empty.txt: is empty (empty-file)" in err


def test_a_broken_member_of_a_readable_file_is_named_and_exit_0(tmp_path, capsys):
    path = tmp_path / "two.jsonl"
    path.write_text('{"title": "T", "text": "It was said on Monday, and it may be so."}\n{broken\n', encoding="utf-8")
    assert main(["label", str(path), "--labellers", "none"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1 and "two.jsonl" in err


def test_a_missing_path_is_exit_2_and_nothing_printed(files, capsys):
    assert main(["label", str(files / "a.txt"), str(files / "missing.txt")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "missing.txt" in err


@pytest.mark.parametrize("argv", [["label"], ["label", "--example", "a.txt"], ["label", "--example", "--workers", "0"]])
def test_a_wrong_command_is_exit_2(argv, capsys):
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith("allegedly: ")


def test_the_example_works(capsys):
    assert main(["label", "--example"]) == 0
    (value,) = lines(capsys)
    assert value["article"]["original"]["outlet"] == "Orlen Valley Observer"
    assert value["labels"]["claims"] and value["labels"]["speculations"] and value["labels"]["attributions"]
    assert not list(check.record(value))


def test_two_runs_with_one_and_two_workers_print_the_same(files, capsys):
    printed = []
    for workers in ("1", "2"):
        main(["label", str(files), "--labellers", OURS, "--workers", workers])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
