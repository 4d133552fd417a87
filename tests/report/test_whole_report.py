"""A report's folder is written whole or not at all: killed at any call, where any call fails, and by two at once."""

import errno
import json
import os
import resource
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from allegedly.eval import report as reports
from allegedly.eval import report_folder
from allegedly.eval.counts import Counts, Key
from allegedly.eval.report import FILES, Report
from allegedly.reporting import save
from allegedly.schemas.errors import DataError, UsageError

#: What the interpreter says before the kernel is asked; `os.fsync` alone says nothing.
CALLS = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.listdir", "os.chmod", "ctypes.dlsym"}


def made(number: int) -> Report:
    """A small report whose numbers, in both files, are a number."""
    import numpy as np

    from allegedly.eval.rows import Dataset, Row, SystemRow

    task, metric = "claim-detection", "f1:check_worthy"
    about = SystemRow(name="s", spec="s", version=None, options={}, tasks=[task], absent=[])
    row = Row(
        system="s", task=task, metric=metric, primary=True, slice=None, value=number / 10, low=None, high=None,
        articles=1, groups=1, items=1, signature="x",
    )  # fmt: skip
    dataset = Dataset(name="d", version="1.0.0", content_sha256="0" * 64, split="test", gold_sha256="0" * 64)
    report = Report("0", dataset, [about], [row], [], ("a",), 0, 0)
    report.counts = {Key("s", task, "right"): Counts(("a",), [np.array([number])])}
    return report


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def numbers(folder: Path) -> tuple[float, int]:
    """The number that each of the two files of a report holds."""
    loaded = reports.load(folder)
    ((counts,),) = (list(each.values) for each in loaded.counts.values())
    return loaded.results[0]["value"] * 10, int(counts[0])


def at_call(place: int, act) -> list[str]:
    """From now on, in this process, the call of that number meets ``act``."""
    seen: list[str] = []

    def hook(event, arguments):
        name = arguments[0] if event == "open" else ""
        # modules, and what is opened by a descriptor, are not ours
        if event in CALLS and not str(name).endswith((".py", ".so", ".pyc")) and not isinstance(name, int):
            seen.append(event)
            if len(seen) == place:
                act(event)

    fsync = os.fsync

    def flush(handle):
        hook("os.rmdir", ("fsync",))
        fsync(handle)

    os.fsync = flush
    sys.addaudithook(hook)
    return seen


def in_child(run) -> int:
    """What a process of its own says when it ends: its exit code, or minus the signal."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(run())
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with an old report, a file and a folder of the user's, and a cache. Nothing waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    place = tmp_path / "here" / "report"
    made(1).save(place)
    (place / "notes").mkdir()
    (place / "notes" / "mine.txt").write_text("mine")
    (place / ".cache").mkdir()
    (place / ".cache" / "answers").write_text("kept")
    return place


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_any_call_the_report_is_the_old_or_the_new_one(folder, tmp_path):
    made(2).save(tmp_path / "there")
    own = tree(folder)
    old, new = {**own}, {**own, **tree(tmp_path / "there")}

    def run(place):
        at_call(place, lambda event: os.kill(os.getpid(), signal.SIGKILL))
        made(2).save(folder)
        return 0

    stood = set()
    for place in range(1, 200):
        made(1).save(folder)
        assert tree(folder) == old
        code = in_child(lambda place=place: run(place))
        # the cache is moved behind the exchange: killed between, it waits for the next run
        standing = {name: data for name, data in tree(folder).items() if not name.startswith(".cache")}
        whole = [{n: d for n, d in each.items() if not n.startswith(".cache")} for each in (old, new)]
        assert standing in whole, place
        stood.add(whole.index(standing))
        made(2).save(folder)
        assert tree(folder) == new, place
        assert [path.name for path in folder.parent.iterdir()] == ["report"], place
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert code == 0 and place > 20 and stood == {0, 1}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_whatever_call_fails_the_report_is_whole_and_the_cause_is_told(folder, tmp_path):
    made(2).save(tmp_path / "there")
    old = tree(folder)
    new = {**old, **tree(tmp_path / "there")}

    def run(place):
        def fail(event):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        seen = at_call(place, fail)
        try:
            made(2).save(folder)
        except DataError as error:
            assert os.strerror(errno.EIO) in str(error), error
            return 1
        return 0 if len(seen) >= place else 7

    for place in range(1, 200):
        made(1).save(folder)
        code = in_child(lambda place=place: run(place))
        standing = tree(folder)
        assert code in (0, 1, 7), place
        # what could not be cleared may stay beside it, and a cache with it; the report is whole, and as the code says
        without_cache = {name: data for name, data in standing.items() if not name.startswith(".cache")}
        wanted = old if code == 1 else new
        assert without_cache == {n: d for n, d in wanted.items() if not n.startswith(".cache")}, place
        made(2).save(folder)
        assert tree(folder) == new and [path.name for path in folder.parent.iterdir()] == ["report"], place
        if code == 7:
            return
    raise AssertionError("no end")


def test_of_two_at_once_one_stays_whole(folder):
    failed = []

    def write(number):
        try:
            for _ in range(15):
                made(number).save(folder)
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in (3, 4, 5)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        value, counted = numbers(folder)
        assert value == pytest.approx(counted)
    assert not failed
    assert (folder / "notes" / "mine.txt").read_text() == "mine"
    assert (folder / ".cache" / "answers").read_text() == "kept"
    assert [path.name for path in folder.parent.iterdir()] == ["report"]


def test_without_exchange_in_the_kernel_two_renames_do(folder, monkeypatch):
    class Library:
        def __init__(self, *_, **__):
            pass

    monkeypatch.setattr(report_folder.ctypes, "CDLL", Library)
    made(2).save(folder)
    assert numbers(folder) == (2, 2) and (folder / "notes" / "mine.txt").exists()
    # killed between the two: the former report is put back by the next
    side = folder.parent / f"{report_folder.PREFIX}0123456789abcdef"
    (side / report_folder.NEW).mkdir(parents=True)
    (side / report_folder.MARK).touch()
    folder.rename(side / report_folder.FORMER)
    made(3).save(folder)
    assert numbers(folder) == (3, 3) and (folder / "notes" / "mine.txt").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["report"]


@pytest.mark.parametrize("limit", [0, 100, 400, 1000, 2000, 4000])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_on_a_full_disk_the_old_report_stays_whole(folder, limit):
    before = tree(folder)

    def run():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        bigger = made(2)
        bigger.warnings = ["x" * 5000]
        try:
            save(bigger, folder)
        except DataError as error:
            return 1 if "File too large" in str(error) and str(folder) in str(error) else 5
        return 0

    assert in_child(run) == 1
    assert tree(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["report"]


def test_what_lies_beside_a_report_is_carried_along(folder):
    (folder / "link").symlink_to("nowhere")
    inode = (folder / "notes" / "mine.txt").stat().st_ino
    folder.chmod(0o750)
    made(2).save(folder)
    assert (folder / "link").readlink() == Path("nowhere")
    assert (folder / "notes" / "mine.txt").stat().st_ino == inode
    assert folder.stat().st_mode & 0o777 == 0o750
    assert (folder / ".cache" / "answers").read_text() == "kept"


def test_links_in_the_way_are_not_followed(folder, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    for name in FILES - {"report.json"}:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(theirs)
    for name in (".report.json.new", ".counts.parquet.new", ".report.html.new"):
        (folder / name).symlink_to(theirs)
    save(made(2), folder)
    assert theirs.read_text() == "theirs"
    assert numbers(folder) == (2, 2)
    assert not any((folder / name).is_symlink() for name in FILES)


def test_only_what_carries_our_mark_is_cleared(folder):
    names = [f"{report_folder.PREFIX}{'0' * 16}", f"{report_folder.PREFIX}notes"]
    for name in names:
        (folder.parent / name).mkdir()
        (folder.parent / name / "diary.txt").write_text("dear diary")
    made(2).save(folder)
    assert all((folder.parent / name / "diary.txt").exists() for name in names)


def test_where_no_report_can_be_written_is_said_before_anything_is_asked(folder, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="is no folder"):
        reports.check(folder / "report.json")
    with pytest.raises(DataError, match=r"report\.json is no folder"):
        reports.check(folder / "report.json" / "inner")
    monkeypatch.setattr(report_folder.os.path, "ismount", lambda path: str(path) == str(folder))
    with pytest.raises(DataError, match="is a mount point"):
        reports.check(folder)
    monkeypatch.undo()
    monkeypatch.chdir(folder / "notes")
    with pytest.raises(UsageError, match="holds the current folder"):
        reports.check(folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(report_folder.os, "access", lambda path, mode: False)
    with pytest.raises(DataError, match="cannot write beside it"):
        reports.check(tmp_path / "new" / "folder")
    monkeypatch.undo()
    monkeypatch.setattr(report_folder, "CARRIED", 2)
    (folder / "third.txt").touch()
    with pytest.raises(UsageError, match="holds more than 2 other files"):
        reports.check(folder)


def test_a_report_is_read_from_one_folder(folder, monkeypatch):
    opening = report_folder._file
    waiting = [7]

    def slow(*where):
        file = opening(*where)
        if waiting:
            made(waiting.pop()).save(folder)  # another takes the place between the two files
        return file

    monkeypatch.setattr(report_folder, "_file", slow)
    assert numbers(folder) == (7, 7)
    with pytest.raises(UsageError, match=r"counts\.parquet: No such file"):
        (folder / "counts.parquet").unlink()
        numbers(folder)


def test_a_lone_surrogate_in_a_name_is_no_crash(tmp_path):
    report = made(2)
    report.systems[0]["spec"] = "file:na\udcffme"
    report = replace(report, warnings=["\ud800"])
    save(report, tmp_path / "r")
    assert json.loads((tmp_path / "r" / "report.json").read_text())["systems"][0]["spec"] == "file:na\udcffme"
    assert reports.load(tmp_path / "r").warnings == ["\ud800"]
