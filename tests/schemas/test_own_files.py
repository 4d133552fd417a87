"""Files of our own beside somebody else's: whole or not at all, and no link is followed."""

import os

import pytest

from allegedly.schemas import own_files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_place_whole_with_the_permissions_of_a_new_one(tmp_path):
    own_files.write(tmp_path / "a.txt", "old")
    own_files.write(tmp_path / "a.txt", "nëw")
    (tmp_path / "plain").touch()
    assert (tmp_path / "a.txt").read_bytes() == "nëw".encode()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert names(tmp_path) == ["a.txt", "plain"]


@pytest.mark.parametrize("writing", [own_files.whole, own_files.aside])
def test_what_fails_leaves_what_was_there(writing, tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(KeyError), writing(tmp_path / "a.txt") as target:
        if writing is own_files.whole:
            target.write(b"half")
        else:
            target.write_text("half")
        raise KeyError
    assert (tmp_path / "a.txt").read_text() == "old" and names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_replaced_and_not_followed(dangling, tmp_path):
    if not dangling:
        (tmp_path / "victim").write_text("years of work")
    (tmp_path / "a.txt").symlink_to(tmp_path / "victim")
    own_files.write(tmp_path / "a.txt", "ours")
    with own_files.aside(tmp_path / "b.txt") as path:
        path.write_text("ours")
    assert not (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "victim").exists() is not dangling
    assert dangling or (tmp_path / "victim").read_text() == "years of work"


def test_a_folder_takes_the_place_of_an_empty_one_only(tmp_path):
    (tmp_path / "out").mkdir()
    for content in ("first", "second"):
        full = content == "second"
        try:
            with own_files.aside(tmp_path / "out") as path:
                path.mkdir()
                (path / "a").write_text(content)
        except OSError:
            assert full
    assert (tmp_path / "out" / "a").read_text() == "first" and names(tmp_path) == ["out"]


def test_a_mark_is_a_file_of_this_user_in_a_folder_that_is_no_link(tmp_path):
    (tmp_path / "ours").mkdir()
    assert not own_files.is_marked(tmp_path / "ours", ".mark")
    own_files.new(tmp_path / "ours" / ".mark")
    assert own_files.is_marked(tmp_path / "ours", ".mark")
    (tmp_path / "link").symlink_to("ours")
    assert not own_files.is_marked(tmp_path / "link", ".mark")
    with pytest.raises(FileExistsError):
        own_files.new(tmp_path / "ours" / ".mark")
    assert own_files.first_link(tmp_path) == tmp_path / "link"


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user")
def test_a_mark_of_another_user_is_none(tmp_path):
    own_files.new(tmp_path / ".mark")
    os.chown(tmp_path / ".mark", 12345, 12345)
    assert not own_files.is_marked(tmp_path, ".mark")
