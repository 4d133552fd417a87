"""``allegedly format``, and the hooks for pre-commit."""

import json
import re
import stat
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.builders.annotations import filing
from allegedly.builders.annotations.formatting import formatted
from allegedly.cli import main

#: Written by hand: keys and labels out of order, a label without most of its keys.
LOOSE = """{"labels": {"speculations": [{"scope": null, "cue": [{"end": 30, "start": 27}], "id": "s2"},
 {"id": "s1", "cue": [{"start": 4, "end": 9}]}], "claims": null},
 "annotator": {"kind": "human", "id": "ünal"}, "article_id": "0123456789abcdef"}"""
TIGHT = """{
 "article_id": "0123456789abcdef",
 "annotator": {"id": "ünal", "kind": "human"},
 "labels": {
  "claims": null,
  "speculations": [
   {"id": "s1", "cue": [{"start": 4, "end": 9}]},
   {"id": "s2", "cue": [{"start": 27, "end": 30}], "scope": null}
  ]
 }
}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "annotations" / "a.json"
    path.parent.mkdir()
    path.write_text(LOOSE, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_file_gets_the_one_form_and_keeps_it(file, capsys):
    assert main(["format", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == f"{file}: formatted\n"
    assert said.err == "1 file: 1 changed, 0 as they should be, 0 refused\n"
    assert file.read_text(encoding="utf-8") == TIGHT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and [file] == list(file.parent.iterdir())
    assert main(["format", str(file.parent)]) == 0
    assert capsys.readouterr().out == ""


def test_check_changes_nothing(file, capsys):
    assert main(["format", "--check", str(file)]) == 1
    assert capsys.readouterr().out == f"{file}: would be formatted\n"
    assert file.read_text(encoding="utf-8") == LOOSE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b'{"annotator": ',
            "/: found broken JSON: Expecting value: line 1 column 15 (char 14), expected a JSON document",
        ),
        (b"[1]", "/: found [1], expected an annotation file (`allegedly schema annotation`)"),
        (b'{"a": 1, "a": 2}', "/: found broken JSON: the key"),
        (b"[" * 100_000, "/: found JSON nested too deeply"),
        (b"\xff\xfe{", "/: found UTF-16 in place of UTF-8"),
        (LOOSE.replace("27", "-1").encode(), "/labels/speculations/0/cue/0/start: found -1"),
        (LOOSE.replace("null", "1e400").encode(), "expected"),
        (LOOSE.replace('"s1"', '"\\ud800"').encode(), "a lone surrogate"),
        (LOOSE.replace('"human"', '"robot"').encode(), '/annotator/kind: found "robot", expected'),
    ],
    ids=["cut", "list", "twice", "deep", "utf-16", "offset", "huge", "half", "kind"],
)
def test_what_is_no_annotation_file_stays_and_is_told_with_its_place(content, told, file, capsys):
    other = file.with_name("b.json")
    other.write_bytes(content)
    assert main(["format", str(other), str(file)]) == 1
    said = capsys.readouterr()
    assert f"{other}: " in said.err and told in said.err
    assert other.read_bytes() == content
    # the others are formatted all the same
    assert said.out == f"{file}: formatted\n"


def test_a_link_is_refused_and_a_missing_file_is_a_slip(file, capsys):
    link = file.with_name("b.json")
    link.symlink_to(file)
    assert main(["format", str(link)]) == 1
    assert f"{link}: /: found a symbolic link, expected an annotation file itself" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == LOOSE
    assert main(["format", "nowhere"]) == 2
    assert "no such file or folder: 'nowhere'" in capsys.readouterr().err


def test_the_shipped_annotations_are_as_our_writer_writes_them(root):
    files = sorted((root / "dataset" / "annotations").glob("*.json"))
    assert len(files) > 40
    for path in files:
        assert formatted(path.read_bytes()) == (path.read_bytes(), [])


offsets = st.lists(st.integers(0, 60), min_size=2, max_size=2, unique=True).map(sorted)
spans = st.lists(offsets.map(lambda two: {"end": two[1], "start": two[0]}), max_size=1)
labels = st.lists(
    st.fixed_dictionaries(
        {"extent": spans | st.none()}, optional={"kind": st.sampled_from(["event", None]), "id": st.none()}
    ),
    max_size=4,
)
sentences = st.just([{"hash": "0" * 16, "end": 9, "start": 0, "skips": [{"end": 3, "start": 2}]}])


@given(
    st.fixed_dictionaries(
        {
            "labels": st.fixed_dictionaries({}, optional={"claims": labels | st.none()}),
            "annotator": st.just({"kind": "human", "id": "a"}),
            "article_id": st.just("0123456789abcdef"),
        },
        optional={"sentences": sentences, "file_name": st.text(max_size=3) | st.none()},
    ),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_formatting_keeps_what_is_said_and_is_done_once(value, indent, ascii_):
    text, wrong = formatted(json.dumps(value, indent=indent, ensure_ascii=ascii_).encode())
    assert wrong == [] and text is not None

    assert _said(json.loads(text)) == _said(value)
    assert formatted(text) == (text, [])


def _said(value):
    """What a file says, whatever the order of keys and labels."""
    canonical = json.loads(json.dumps(value, sort_keys=True))
    canonical["labels"] = {layer: found and sorted(found, key=repr) for layer, found in canonical["labels"].items()}
    return canonical


def test_the_hooks_name_commands_and_files_that_are_there(root):
    yaml = pytest.importorskip("yaml")
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["allegedly-validate", "allegedly-format"]
    scripts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    annotation = next((root / "dataset" / "annotations").glob("*.json"))
    for hook in hooks:
        program, *argv = hook["entry"].split()
        assert program in scripts and hook["language"] == "python"
        assert re.search(hook["files"], annotation.relative_to(root).as_posix())
        assert not re.search(hook["files"], "package.json")
        assert main([*argv, str(annotation), str(annotation)]) == 0


def test_a_hook_says_which_of_many_files_has_problems(file, root, capsys):
    good = next((root / "dataset" / "annotations").glob("*.json"))
    bad = file.with_name("b.json")
    bad.write_text(LOOSE.replace('"human"', '"robot"'), encoding="utf-8")
    assert main(["validate", "--quiet", str(good), str(bad), str(file)]) == 1
    said = capsys.readouterr()
    assert said.out.startswith(f"{bad}: /annotator/kind: found") and said.out.count("\n") == 1 and said.err == ""
    assert main(["validate", "--json", str(good), str(bad)]) == 1
    assert [problem["file"] for problem in json.loads(capsys.readouterr().out)] == [str(bad)]


def test_what_an_importer_writes_is_formatted():
    value = {"article_id": "0123456789abcdef", "annotator": {"id": "a", "kind": "human"}, "labels": {"claims": []}}
    written = filing.lines(value).encode()
    assert formatted(written) == (written, [])
