"""What lies where a build writes: nothing is deleted, overwritten or followed that is not our own."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from allegedly.builders.build import build
from allegedly.builders.release import belongings, exchange
from allegedly.builders.release.lock import lock_path
from allegedly.builders.stages import DONE
from allegedly.builders.work import MARK as WORK_MARK
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.validate import validate

from .conftest import tree, write


@pytest.fixture
def few(tmp_path):
    return write(tmp_path / "few", 5)


def rebuild(few, out, **options):
    return build(few, out, labellers="none", workers=1, **options)


def output(folder: Path, path: str, **more) -> dict:
    data = (folder / path).read_bytes() if (folder / path).is_file() else b""
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "rows": None, **more}


def theirs(folder: Path, outputs: list[dict]) -> None:
    """A stranger's manifest in a person's folder."""
    value = {"content_sha256": "0" * 64, "allegedly": "0.2.0", "outputs": outputs}
    (folder / "manifest.json").write_text(json.dumps(value))


def test_files_that_a_stranger_s_manifest_lists_stay(few, tmp_path):
    out, outside = tmp_path / "thesis", tmp_path / "empty"
    (out / "notes").mkdir(parents=True)
    outside.mkdir()
    (out / "notes" / "chapter.tex").write_text("years of work")
    (out / "data").mkdir()
    (out / "data" / "mine.parquet").write_text("measured by hand")
    names = ["notes/chapter.tex", "data/mine.parquet", "../empty/x", str(outside / "y"), "notes/../../empty/z", "."]
    theirs(out, [output(out, name) for name in names] + [{"path": 7}, "x", None])
    rebuild(few, out)
    assert (out / "notes" / "chapter.tex").read_text() == "years of work"
    assert (out / "data" / "mine.parquet").read_text() == "measured by hand"
    assert outside.is_dir() and stored.manifest(out).counts["articles"]


@pytest.mark.parametrize("name", ["README.md", "rejected.jsonl", "data/articles/train-00000-of-00001.parquet"])
def test_a_file_that_is_not_as_the_manifest_says_is_somebody_s(name, few, tmp_path):
    out = tmp_path / "out"
    rebuild(few, out)
    (out / name).write_text("edited by hand")
    before = tree(out)
    with pytest.raises(UsageError, match=rf"holds '{name}', .* it is not as manifest\.json there says.*Nothing was"):
        rebuild(few, out, salt="b")
    assert tree(out) == before


def test_a_recipe_edited_in_the_release_stays(few, tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text('name = "named"\nlabellers = "none"\n')
    build(few, tmp_path / "out", recipe=recipe, workers=1)
    (tmp_path / "out" / "recipe.toml").write_text("# edited\n")
    build(few, tmp_path / "out", recipe=recipe, workers=1)
    assert (tmp_path / "out" / "recipe.toml").read_text() == "# edited\n"


def test_a_link_in_place_of_a_folder_of_tables_is_neither_followed_nor_lost(few, tmp_path):
    rebuild(few, tmp_path / "out")
    (tmp_path / "disk").mkdir()
    shutil.move(tmp_path / "out" / "data", tmp_path / "disk" / "data")
    (tmp_path / "out" / "data").symlink_to(tmp_path / "disk" / "data")
    before = tree(tmp_path / "disk")
    with pytest.raises(UsageError, match=r"holds 'data', which a release has of its own"):
        rebuild(few, tmp_path / "out", salt="b")
    assert tree(tmp_path / "disk") == before and (tmp_path / "out" / "data").is_symlink()


def test_what_is_put_in_the_way_while_a_build_runs_is_kept(few, tmp_path, monkeypatch):
    out = tmp_path / "out"
    rebuild(few, out)
    carry = exchange._check_clashes if hasattr(exchange, "_check_clashes") else exchange.Place._check_clashes

    def late(self, own):
        (out / "README.md").unlink()
        (out / "README.md").write_text("mine")
        carry(self, belongings.still_own(out, self._own))

    monkeypatch.setattr(exchange.Place, "_check_clashes", late)
    with pytest.raises(DataError, match=r"'README\.md' was put there or changed, .* Nothing was replaced"):
        rebuild(few, out, salt="b")
    assert (out / "README.md").read_text() == "mine"


def test_what_is_put_in_the_way_in_the_last_moment_is_kept_beside(few, tmp_path, monkeypatch):
    out = tmp_path / "out"
    rebuild(few, out)
    swap = exchange._swap

    def late(new, old, aside):
        (old / "README.md").write_text("mine")
        os.utime(old / "README.md", (2**31, 2**31))
        swap(new, old, aside)

    monkeypatch.setattr(exchange, "_swap", late)
    rebuild(few, out, salt="b")
    assert (out / "README.md.kept").read_text() == "mine" and validate(out) == []


BESIDE = (".out.building", ".out.work")


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("marked", [False, True])
def test_a_person_s_folder_of_our_name_is_not_touched(name, marked, few, tmp_path):
    (tmp_path / name).mkdir()
    (tmp_path / name / "chapter.tex").write_text("years of work")
    if marked:  # a mark that is a link is none
        (tmp_path / "elsewhere").write_text("")
        (tmp_path / name / (stored.MARK if "building" in name else WORK_MARK)).symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match=rf"{name}: lies where .* and is not ours .*Nothing was touched"):
        rebuild(few, tmp_path / "out")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", [*BESIDE, ".out.lock"])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_of_our_name_is_not_followed(name, dangling, few, tmp_path):
    target = tmp_path / "target"
    if not dangling and name != ".out.lock":
        target.mkdir()
        (target / "chapter.tex").write_text("years of work")
    elif not dangling:
        target.write_text("")
    (tmp_path / name).symlink_to(target)
    before = tree(tmp_path)
    with pytest.raises((UsageError, DataError)):
        rebuild(few, tmp_path / "out")
    assert tree(tmp_path) == before and (tmp_path / name).is_symlink()
    assert target.exists() is not dangling


@pytest.mark.parametrize("content", ["years of work", "12345 words", "1" * 11, "\n", "allegedly"])
def test_a_person_s_file_in_place_of_the_lock_is_not_touched(content, few, tmp_path):
    lock_path(tmp_path / "out").write_text(content)
    with pytest.raises(UsageError, match=r"\.out\.lock: lies where the lock of this build goes, and is not ours"):
        rebuild(few, tmp_path / "out")
    assert lock_path(tmp_path / "out").read_text() == content


def test_a_second_name_of_a_person_s_file_in_place_of_the_lock_is_not_written_through(few, tmp_path):
    (tmp_path / "number.txt").write_text("42")
    os.link(tmp_path / "number.txt", lock_path(tmp_path / "out"))
    with pytest.raises(UsageError, match="is not ours"):
        rebuild(few, tmp_path / "out")
    assert (tmp_path / "number.txt").read_text() == "42"


def test_a_pipe_in_place_of_the_lock_holds_nobody_up(few, tmp_path):
    os.mkfifo(lock_path(tmp_path / "out"))
    with pytest.raises(UsageError, match="is not ours"):
        rebuild(few, tmp_path / "out")


@pytest.mark.parametrize("inner", ["listing", "ledger.sqlite", "spool"])
def test_a_link_in_a_marked_work_folder_is_not_followed(inner, few, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / ".out.work").mkdir()
    (tmp_path / ".out.work" / WORK_MARK).touch()
    (tmp_path / ".out.work" / inner).symlink_to(tmp_path / "victim")
    with pytest.raises(UsageError, match="a link, which no build leaves in its work"):
        rebuild(few, tmp_path / "out")
    assert list((tmp_path / "victim").iterdir()) == []


def test_links_in_a_marked_sibling_are_not_carried_into_the_release(few, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "diary.txt").write_text("dear diary")
    rebuild(few, tmp_path / "out")
    side = tmp_path / ".out.building"
    side.mkdir()
    (side / stored.MARK).touch()
    (side / "exchanging").touch()
    (side / "new").symlink_to(tmp_path / "victim")
    (side / "old").symlink_to(tmp_path / "victim")
    rebuild(few, tmp_path / "out")
    assert not (tmp_path / "out" / "diary.txt").exists() and (tmp_path / "victim" / "diary.txt").exists()
    assert not side.exists()


def test_a_former_release_is_taken_from_our_own_sibling_only(few, tmp_path):
    rebuild(few, tmp_path / "made")
    (tmp_path / ".out.building").mkdir()
    shutil.move(tmp_path / "made", tmp_path / ".out.building" / "old")
    with pytest.raises(UsageError, match="not a release"):
        stored.manifest(tmp_path / "out")


class Killed(BaseException):
    pass


@pytest.mark.parametrize("stage", ["spool", "pack", "tables"])
@pytest.mark.parametrize("what", ["file", "result"])
def test_work_that_was_damaged_at_equal_size_is_done_again(stage, what, few, tmp_path, monkeypatch):
    rebuild(few, tmp_path / "whole")
    out = tmp_path / "out"
    exchanging = exchange.Place.exchange

    def kill(self):
        raise Killed

    monkeypatch.setattr(exchange.Place, "exchange", kill)
    monkeypatch.setattr("allegedly.builders.work._remove", lambda path: None)
    with pytest.raises(Killed):
        rebuild(few, out)
    monkeypatch.undo()
    assert exchange.Place.exchange is exchanging
    shard = next(path for path in sorted((tmp_path / ".out.work" / stage).iterdir()) if path.is_dir())
    if what == "result":
        record = json.loads((shard / DONE).read_text())
        text = json.dumps(record["result"])
        record["result"] = json.loads(text.replace(next(c for c in text if c.isdigit()), "9"))
        (shard / DONE).write_text(json.dumps(record))
    else:
        name = max(json.loads((shard / DONE).read_text())["outputs"].items(), key=lambda item: item[1])[0]
        data = bytearray((shard / name).read_bytes())
        data[len(data) // 2] ^= 255
        (shard / name).write_bytes(data)
    rebuild(few, out)
    assert tree(out) == tree(tmp_path / "whole")
    assert not (tmp_path / ".out.work").exists()
