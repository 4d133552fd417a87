"""Pinned splits: files go where a table says, groups stay together, and what clashes is told."""

import json

import pytest

from allegedly.builders.build import build
from allegedly.builders.watch import Watch
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError

from .conftest import body


@pytest.fixture
def files(tmp_path):
    """Twelve articles, one a file; 11 says what 10 says, but for a word."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(11):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n{body(number)}\n", encoding="utf-8")
    (folder / "11.txt").write_text(f"Report 10\n\n{body(10)} Nothing else was said.\n", encoding="utf-8")
    return folder


def table(tmp_path, rows: dict[str, str]):
    path = tmp_path / "pins.tsv"
    path.write_text("split\tnote\tfile_name\n" + "".join(f"{split}\t-\t{name}\n" for name, split in rows.items()))
    return path


def splits(out) -> dict[str, str]:
    return {record.article.origin.file_name: record.split for record in stored.records(out)}


def test_files_go_where_the_table_says_and_take_their_group_along(files, tmp_path):
    rows = {f"news/{number}.txt": ("test", "validation", "train")[number % 3] for number in range(11)}
    manifest = build(files, tmp_path / "out", labellers="none", pinned=table(tmp_path, rows), workers=1)
    placed = splits(tmp_path / "out")
    assert {name: placed[name] for name in rows} == rows
    assert placed["news/11.txt"] == placed["news/10.txt"]
    assert len(manifest["recipe"]["splits"]["pinned"]) == 64
    again = build(files, tmp_path / "again", labellers="none", pinned=table(tmp_path, rows), workers=2)
    assert again.content_sha256 == manifest.content_sha256


def test_files_that_no_pin_names_fall_as_ever(files, tmp_path):
    build(files, tmp_path / "free", labellers="none", workers=1)
    free = splits(tmp_path / "free")
    pins = {"news/0.txt": "test", "news/missing.txt": "train"}
    notes: list[str] = []

    class Notes(Watch):
        def note(self, message: str) -> None:
            notes.append(message)

    build(files, tmp_path / "out", labellers="none", pinned=table(tmp_path, pins), workers=1, watch=Notes())
    assert splits(tmp_path / "out") == {**free, "news/0.txt": "test"} != free
    assert [note for note in notes if "no article is of 'news/missing.txt'; names are" in note]


def test_a_group_with_two_pins_is_refused_with_both_names(files, tmp_path):
    pins = table(tmp_path, {"news/10.txt": "test", "news/11.txt": "train"})
    with pytest.raises(DataError, match=r"news/10.txt is pinned to test and news/11.txt to train.*one group"):
        build(files, tmp_path / "out", labellers="none", pinned=pins, workers=1)
    assert not (tmp_path / "out").exists()


def test_two_pins_of_one_text_are_refused(files, tmp_path):
    (files / "copy.txt").write_bytes((files / "3.txt").read_bytes())
    pins = table(tmp_path, {"news/3.txt": "test", "news/copy.txt": "train"})
    with pytest.raises(DataError, match="have one text"):
        build(files, tmp_path / "out", labellers="none", pinned=pins, workers=1)


def test_group_by_counts_as_a_group(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(4):
        article = {"title": f"Report {number}", "text": body(number), "outlet": f"Post {number % 2}"}
        (folder / f"{number}.json").write_text(json.dumps(article))
    pins = table(tmp_path, {"news/0.json": "test", "news/2.json": "train"})
    with pytest.raises(DataError, match="what group_by names"):
        build(folder, tmp_path / "out", labellers="none", pinned=pins, group_by=["outlet"], workers=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\tsplit\na\ttest\n", "no column file_name"),
        ("file_name\tsplit\na\tdev\n", "line 2: found file_name 'a' and split 'dev'"),
        ("file_name\tsplit\na\ttest\na\ttrain\n", "line 3: a is in train here and in test above"),
        ("file_name\tsplit\na\n", "line 2: found file_name 'a' and split ''"),
    ],
)
def test_a_table_that_is_none_is_told_with_its_line(files, tmp_path, text, message):
    path = tmp_path / "pins.tsv"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        build(files, tmp_path / "out", pinned=path)


def test_a_missing_table_and_a_previous_release_beside_it_are_told(files, tmp_path):
    with pytest.raises(UsageError, match=r"gone.tsv: no table of pinned splits"):
        build(files, tmp_path / "out", pinned=tmp_path / "gone.tsv")
    with pytest.raises(UsageError, match="give one of them"):
        build(files, tmp_path / "out", pinned=table(tmp_path, {"a": "test"}), previous="release")
