"""The command ``agree``: a release, folders with and without their texts, what is wrong with either."""

import json
import shutil

import pytest

from allegedly.cli import main


@pytest.fixture(scope="module")
def folders(root, tmp_path_factory):
    """The annotations of the shipped set, a folder for each annotator."""
    out = tmp_path_factory.mktemp("annotations")
    for path in (root / "dataset" / "annotations").rglob("*.json"):
        by = json.loads(path.read_text(encoding="utf-8"))["annotator"]["id"]
        (out / by).mkdir(exist_ok=True)
        shutil.copy(path, out / by / path.name)
    return sorted(out.iterdir())


def told(capsys, *arguments):
    assert main(["agree", *map(str, arguments), "--resamples", "0", "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def values(comparisons):
    return {
        (*each["annotators"], f["layer"], f["of"], f["measure"]): f["value"]
        for each in comparisons["comparisons"]
        for f in each["figures"]
    }


def test_folders_against_a_release_say_what_its_votes_say(root, folders, capsys):
    of_release = told(capsys, root / "dataset")
    assert values(told(capsys, *folders, "--against", root / "dataset")) == values(of_release)
    assert of_release["comparisons"][0]["articles"] >= 12
    split = ["--split", "test"]
    of_test = told(capsys, *folders, "--against", root / "dataset", *split)
    assert values(of_test) == values(told(capsys, root / "dataset", *split))
    without = values(told(capsys, *folders))
    assert without == {key: value for key, value in values(of_release).items() if key in without}
    assert ("claims", "kind", "alpha") in {key[2:] for key in without}
    assert "alpha_u" not in {key[-1] for key in without}


def test_text_is_for_people(root, capsys, tmp_path):
    assert main(["agree", str(root / "dataset"), "--resamples", "100"]) == 0
    shown = capsys.readouterr().out
    for words in ("claims", "unitised", "ordinal", "articles with least agreement, 10 of 30:", "attributes of matched"):
        assert words in shown
    assert max(map(len, shown.splitlines())) < 140
    assert main(["agree", str(root / "dataset"), "--resamples", "100", "--out", str(tmp_path / "a.txt")]) == 0
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == shown


def test_differences_are_listed(root, capsys):
    found = told(capsys, root / "dataset", "--differences")["differences"]
    assert {each["what"] for each in found} >= {"label", "worth", "extent"}
    assert main(["agree", str(root / "dataset"), "--differences"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(found)


def test_one_name_in_two_folders_is_two_annotators(folders, capsys, tmp_path):
    for name in ("one", "other"):
        shutil.copytree(folders[0], tmp_path / name)
    (made,) = told(capsys, tmp_path / "one", tmp_path / "other")["comparisons"]
    assert made["annotators"] == [f"first-pass ({tmp_path / name})" for name in ("one", "other")]
    assert {f["value"] for f in made["figures"]} - {None} == {1.0}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{release}", "{first}"], 2, "is a release; name it alone"),
        (["{release}", "--against", "{release}"], 2, "is a release; name it alone"),
        (["{first}"], 2, "no article has labels of two annotators"),
        (["{first}", "{second}", "--split", "test"], 2, "annotation files have no splits"),
        (["{release}", "--split", "tset"], 2, "unknown split 'tset'"),
        (["{release}", "--annotators", "frist-pass"], 2, "unknown annotator 'frist-pass'; did you mean 'first-pass'"),
        (["{release}", "--resamples", "3"], 2, "resamples: found 3"),
        (["{first}/nothing", "{second}"], 2, "no such folder of annotations"),
        (["{first}", "{first}/twice"], 1, "annotates the claims of article"),
        (["{first}", "{other}", "--against", "{release}"], 1, "was made for another text"),
        (["{first}", "{stranger}", "--against", "{release}"], 1, "not among those that are compared"),
    ],
)
def test_what_is_wrong_is_said(arguments, code, words, root, folders, capsys, tmp_path):
    first, second = tmp_path / "first", folders[1]
    shutil.copytree(folders[0], first)
    if "{first}/twice" in arguments:
        shutil.copytree(folders[0], first / "twice")
    value = json.loads(next(second.iterdir()).read_text(encoding="utf-8"))
    changed = {"other": {"text_sha256": "0" * 64}, "stranger": {"article_id": "0" * 16, "text_sha256": "0" * 64}}
    for name, fields in changed.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text(json.dumps({**value, **fields}), encoding="utf-8")
    places = {"release": root / "dataset", "first": first, "second": second}
    places |= {name: tmp_path / name for name in changed}
    assert main(["agree", *(argument.format(**places) for argument in arguments)]) == code
    assert words in capsys.readouterr().err
