"""A release takes its place in one step: killed at any moment, or on a full disk, the former one is whole."""

import errno
import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allegedly.builders.build import build
from allegedly.builders.release import exchange, lock
from allegedly.builders.release.exchange import Place
from allegedly.builders.release.load import load
from allegedly.schemas import stored
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.validate import validate

from .conftest import tree, write


def rebuild(news, out, **options):
    return build(news, out, labellers="none", workers=1, **options)


def test_a_second_build_replaces_the_first_and_leaves_nothing_beside_it(release, news, tmp_path):
    before = tree(release)
    rebuild(news, release)
    assert tree(release) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", "out"]


def test_what_lies_beside_the_release_is_carried_along(release, news):
    (release / "notes").mkdir()
    (release / "notes" / "todo.txt").write_text("mine")
    (release / "link").symlink_to("notes/todo.txt")
    inode = (release / "notes" / "todo.txt").stat().st_ino
    (release / "data" / "claims").mkdir()
    (release / "data" / "claims" / "mine.txt").write_text("mine too")
    rebuild(news, release, salt="other")
    assert (release / "notes" / "todo.txt").stat().st_ino == inode
    assert (release / "link").readlink() == Path("notes/todo.txt")
    assert (release / "data" / "claims" / "mine.txt").read_text() == "mine too"


def test_what_appears_while_a_build_runs_is_carried_along(release, tmp_path, monkeypatch):
    swap = exchange._swap

    def late(new: Path, out: Path, aside: Path) -> None:
        (out / "late.txt").write_text("late")
        kept = out / "kept.txt"
        kept.unlink()
        kept.write_text("new")
        os.utime(kept, (2**31, 2**31))
        swap(new, out, aside)

    (release / "kept.txt").write_text("old")
    os.utime(release / "kept.txt", (1, 1))
    monkeypatch.setattr(exchange, "_swap", late)
    rebuild(tmp_path / "news", release)
    assert (release / "late.txt").read_text() == "late"
    assert (release / "kept.txt").read_text() == "new"
    assert validate(release) == []


def test_without_exchange_in_the_kernel_two_renames_do_and_load_knows_the_moment_between(release, news, monkeypatch):
    def unknown(left, right):
        raise OSError(errno.ENOSYS, "no such call")

    (release / "mine.txt").write_text("mine")
    monkeypatch.setattr(exchange, "_exchange", unknown)
    rebuild(news, release, salt="other")
    assert validate(release) == [] and (release / "mine.txt").read_text() == "mine"
    former = stored.manifest(release).content_sha256

    class Killed(BaseException):
        pass

    fsync = exchange._fsync

    def kill(path: Path) -> None:
        fsync(path)
        if path == stored.beside(release) and not release.exists():
            raise Killed

    monkeypatch.setattr(exchange, "_fsync", kill)
    monkeypatch.setattr(Place, "__exit__", lambda self, *_: self._lock.release())
    with pytest.raises(Killed):
        rebuild(news, release, salt="third")
    assert not release.exists()
    assert stored.manifest(release).content_sha256 == former
    assert load(release, split="train").num_rows == stored.manifest(release).counts["sentences"]["train"]
    monkeypatch.undo()
    rebuild(news, release, salt="third")
    assert (release / "mine.txt").read_text() == "mine" and validate(release) == []
    assert not stored.beside(release).exists()


def test_a_folder_that_holds_something_else_is_never_touched(news, tmp_path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.tex").write_text("years of work")
    before = tree(out)
    with pytest.raises(UsageError, match=r"--out .*thesis: holds 'chapter\.tex', which is no part of a release"):
        rebuild(news, out)
    assert tree(out) == before
    (out / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(UsageError, match=r"holds 'chapter\.tex'"):
        rebuild(news, out)


def test_a_folder_with_nothing_but_this_build_s_own_sources_and_recipe_is_taken(tmp_path):
    out = tmp_path / "dataset"
    write(out / "sources")
    (out / "recipe.toml").write_text('name = "own"\nsources = ["sources"]\nlabellers = "none"\n')
    build([], out, recipe=out / "recipe.toml", workers=1)
    assert validate(out) == [] and len(list((out / "sources").iterdir())) == 30
    listed = [output["path"] for output in stored.manifest(out).outputs]
    assert "recipe.toml" not in listed
    before = tree(out)
    build([], out, recipe=out / "recipe.toml", workers=1)
    assert tree(out) == before
    (out / "sources" / "stray").mkdir()
    other = tmp_path / "other"
    write(other / "sources")
    (other / "diary.txt").write_text("dear diary")
    with pytest.raises(UsageError, match=r"holds 'diary\.txt'"):
        build(other / "sources", other, labellers="none", workers=1)


@pytest.mark.parametrize("inner", ["", "more"], ids=["the source itself", "a folder in it"])
def test_a_source_is_taken_as_the_release_s_own_folder(news, inner):
    out = write(news / inner, count=5, start=30)
    before = tree(news)
    manifest = rebuild(news, out)
    assert len(manifest.inputs) == 35 and validate(out) == []
    after = tree(news)
    assert before.items() <= after.items()
    rebuild(news, out)
    assert tree(news) == after


@pytest.mark.parametrize("name", ["README.md", "manifest.json", "data/articles/train-00000-of-00001.parquet"])
def test_no_source_is_replaced_by_a_file_of_the_release(news, name):
    (news / name).parent.mkdir(parents=True, exist_ok=True)
    (news / name).write_text("The ferry ran aground off Estrand.")
    before = tree(news)
    with pytest.raises(UsageError, match=rf"news: holds '{name}', which a release has of its own and would replace"):
        rebuild(news, news)
    assert tree(news) == before


def test_a_copy_of_the_recipe_is_stored_where_none_lies(news, tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text('name = "copied"\nlabellers = "none"\n')
    build(news, tmp_path / "out", recipe=recipe, workers=1)
    assert (tmp_path / "out" / "recipe.toml").read_bytes() == recipe.read_bytes()
    recipe.write_text('name = "again"\nlabellers = "none"\n')
    build(news, tmp_path / "out", recipe=recipe, workers=1)
    assert (tmp_path / "out" / "recipe.toml").read_bytes() == recipe.read_bytes()


def test_a_release_inside_its_own_sources_is_not_read_as_one(tmp_path):
    write(tmp_path / "all" / "news")
    for _ in range(2):
        manifest = build(tmp_path / "all", tmp_path / "all" / "release", labellers="none", workers=1)
        assert len(manifest.inputs) == 30


def test_out_may_not_be_a_file(news, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file; expected a folder"):
        rebuild(news, tmp_path / "file")


def test_a_mount_point_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(DataError, match=r"--out /proc: is a mount point, which cannot be exchanged.*Nothing was read"):
        rebuild(tmp_path, "/proc")


def test_a_second_build_is_refused_while_one_runs(release, news):
    before = tree(release)
    message = rf"another build holds this folder: process {os.getpid()}, since 20\d\d-"
    with Place(release), pytest.raises(UsageError, match=message):
        rebuild(news, release)
    assert tree(release) == before
    rebuild(news, release)


def test_a_lock_that_nobody_holds_is_no_obstacle(release, news):
    lock.lock_path(release).write_text("99999")
    rebuild(news, release)
    assert not lock.lock_path(release).exists()
    handle = os.open(lock.lock_path(release), os.O_CREAT | os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(UsageError, match="another build holds this folder: process unknown"):
        rebuild(news, release)
    os.close(handle)


BUILD = """
import sys
from allegedly.builders.build import build
build(sys.argv[1], sys.argv[2], labellers="none", salt=sys.argv[3], workers=1)
"""


def run(*argv: str, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", BUILD, *argv], stderr=subprocess.DEVNULL, **options)


def test_killed_at_any_moment_the_release_is_the_old_or_the_new_one(release, news):
    (release / "mine.txt").write_text("mine")
    started = time.monotonic()
    assert run(str(news), str(release), "a").wait() == 0
    whole = min(time.monotonic() - started, 6)
    seen = {stored.manifest(release).content_sha256}
    for step in range(1, 7):
        process = run(str(news), str(release), f"s{step}")
        time.sleep(whole * step / 7)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert validate(release) == []
        assert (release / "mine.txt").read_text() == "mine"
        seen.add(stored.manifest(release).content_sha256)
    rebuild(news, release)
    assert not stored.beside(release).exists() and not lock.lock_path(release).exists()


def test_on_a_full_disk_the_old_release_stays_whole(release, news):
    before = tree(release)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (24_000, 24_000))

    code = "import sys\nfrom allegedly.cli import main\nsys.exit(main(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "build", str(news), "--out", str(release), "--labellers", "none", "--salt", "b"]
    found = subprocess.run([*argv, "--workers", "1"], preexec_fn=small_files, capture_output=True, text=True)
    assert found.returncode == 1, found.stderr
    assert "too large" in found.stderr.lower() or "no space" in found.stderr.lower()
    assert tree(release) == before
    assert not stored.beside(release).exists()


def test_a_folder_that_cannot_be_written_beside_is_said(news, tmp_path):
    with pytest.raises(DataError, match=r"cannot write beside it, in /proc/nowhere"):
        rebuild(news, "/proc/nowhere/out")


def test_a_link_in_place_of_the_lock_is_not_followed(news, tmp_path):
    victim = tmp_path / "victim.txt"
    victim.write_text("years of work")
    (tmp_path / ".out.lock").symlink_to(victim)
    with pytest.raises(DataError, match=r"cannot write beside it"):
        rebuild(news, tmp_path / "out")
    assert victim.read_text() == "years of work"
