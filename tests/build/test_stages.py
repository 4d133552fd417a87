"""Stages: a shard is done once, whatever ended the run before; what is not whole, or was made otherwise, is done again."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from allegedly.builders.build import build
from allegedly.builders.engines._lookup import started
from allegedly.builders.stages import DONE, Stages
from allegedly.builders.watch import Watch
from allegedly.builders.work import MARK, work_folder
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.validate import validate

from .conftest import body, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Squared:
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Notes each run beside the stages, so that they can be counted."""

    log: str
    power: int = 2

    def __call__(self, shard: Number, folder: Path) -> Squared:
        with Path(self.log).open("a") as log:
            log.write(f"{shard.name}\n")
        if shard.number < 0:
            raise OSError(28, "No space left on device", str(folder / "x"))
        (folder / "square").write_text(str(shard.number**self.power))
        return Squared(name=shard.name, number=shard.number**self.power)


class Serial:
    def map(self, task, shards, *, work):
        return map(task, shards)


def runs(log: Path) -> list[str]:
    found = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return found


def squares(folder: Path, numbers, code="1", **settings) -> list[int]:
    stages = Stages(Serial(), folder, code)
    shards = [Number(name=f"n{number}", number=number) for number in numbers]
    return [one.number for one in stages.map("square", Square(log=str(folder / "log"), **settings), shards, Squared)]


def test_what_is_whole_is_not_done_again(tmp_path):
    log = tmp_path / "log"
    assert squares(tmp_path, [1, 2, 3]) == [1, 4, 9]
    assert runs(log) == ["n1", "n2", "n3"]
    assert squares(tmp_path, [1, 2, 3, 4]) == [1, 4, 9, 16]
    assert runs(log) == ["n4"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda shard: (shard / DONE).unlink(),
        lambda shard: (shard / DONE).write_text("{"),
        lambda shard: (shard / "square").write_text("too long"),
        lambda shard: (shard / "square").unlink(),
    ],
)
def test_what_is_not_as_it_was_left_is_done_again(tmp_path, spoil):
    squares(tmp_path, [1, 2])
    runs(tmp_path / "log")
    spoil(tmp_path / "square" / "n2")
    assert squares(tmp_path, [1, 2]) == [1, 4]
    assert runs(tmp_path / "log") == ["n2"]


def test_other_code_settings_shards_or_stages_before_make_it_anew(tmp_path):
    log = tmp_path / "log"
    squares(tmp_path, [2])
    assert runs(log) == ["n2"]
    assert squares(tmp_path, [2], code="2") == [4] and runs(log) == ["n2"]
    assert squares(tmp_path, [2], code="2", power=3) == [8] and runs(log) == ["n2"]
    stages = Stages(Serial(), tmp_path, "2")
    shards = [Number(name="n2", number=5)]
    assert [one.number for one in stages.map("square", Square(log=str(log), power=3), shards, Squared)] == [125]
    assert runs(log) == ["n2"]
    # the same stage behind another one
    after = Stages(Serial(), tmp_path, "2")
    after.all("first", Square(log=str(log)), [Number(name="a", number=1)], Squared)
    after.all("square", Square(log=str(log), power=3), shards, Squared)
    assert runs(log) == ["a", "n2"]


def test_what_a_killed_task_left_is_no_result(tmp_path):
    squares(tmp_path, [3])
    left = tmp_path / "square" / f".n4.{os.uname().nodename}.{os.getpid()}"
    left.mkdir()
    (left / "square").write_text("half")
    assert squares(tmp_path, [3, 4]) == [9, 16]
    assert (tmp_path / "square" / "n4" / "square").read_text() == "16"


def test_a_full_disk_is_an_error_of_the_data_with_the_cause(tmp_path):
    with pytest.raises(DataError, match=r"No space left on device; make room, or name another folder with --work"):
        squares(tmp_path, [-1])


def test_a_folder_that_is_not_ours_is_not_touched(news, tmp_path):
    theirs = tmp_path / ".out.work"
    theirs.mkdir()
    (theirs / "novel.txt").write_text("a chapter")
    with pytest.raises(UsageError, match=r"\.out\.work: lies where the work of this build goes, and is not ours"):
        build(news, tmp_path / "out", labellers="none", workers=1)
    (theirs / "novel.txt").rename(tmp_path / "novel.txt")
    theirs.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / MARK).touch()
    theirs.symlink_to(elsewhere)
    with pytest.raises(UsageError, match="is not ours"):
        build(news, tmp_path / "out", labellers="none", workers=1)
    assert list(elsewhere.iterdir()) == [elsewhere / MARK]


def test_the_folder_goes_with_success_and_with_an_error_but_not_with_an_interrupt(tmp_path):
    out = tmp_path / "out"
    with work_folder(out, None) as work:
        assert (work / MARK).is_file()
    assert not work.exists()
    with pytest.raises(DataError), work_folder(out, None):
        raise DataError("x")
    assert not work.exists()
    notes = []
    watch = type("Notes", (Watch,), {"note": lambda self, message: notes.append(message)})()
    with pytest.raises(KeyboardInterrupt), work_folder(out, None, watch=watch):
        raise KeyboardInterrupt
    assert work.exists()
    assert notes == [f"what is done lies in {work}; the same command goes on there"]
    given = tmp_path / "shared"
    with pytest.raises(DataError), work_folder(out, given) as work:
        raise DataError("x")
    assert work.exists() and work.parent == given


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def many(tmp_path) -> Path:
    """Files of five articles each, in several shards."""
    for number in range(140):
        articles = [{"id": f"n{at}", "text": body(at)} for at in range(number * 5, number * 5 + 5)]
        write(tmp_path / "many", articles, f"{number:04d}.jsonl")
    return tmp_path / "many"


def test_workers_and_the_order_of_inputs_change_no_byte(many, tmp_path):
    more = write(tmp_path / "more", [{"id": "m", "text": body(3)}, {"id": "o", "text": body(7777)}])
    build([many, more], tmp_path / "one", labellers="rules", workers=1)
    build([more, many], tmp_path / "three", labellers="rules", workers=3)
    assert tree(tmp_path / "three") == tree(tmp_path / "one")
    assert validate(tmp_path / "one") == []


def start(many: Path, out: Path, *more: str) -> subprocess.Popen:
    argv = [sys.executable, "-m", "allegedly", "build", str(many), "--out", str(out), "--workers", "2", *more]
    return subprocess.Popen(argv, stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def children(pid: int) -> list[int]:
    """A process's children, and theirs."""
    found = []
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    for child in map(int, direct):
        found += [child, *children(child)]
    return found


def wait_for(condition, seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("whom", ["leader", "group"])
def test_a_build_that_was_killed_goes_on_and_leaves_no_process(whom, many, tmp_path):
    build(many, tmp_path / "whole", labellers="rules", workers=2)
    out = tmp_path / "out"
    process = start(many, out)
    spool = tmp_path / ".out.work" / "spool"
    assert wait_for(lambda: spool.is_dir() and any((shard / DONE).exists() for shard in spool.iterdir()))
    workers = children(process.pid)
    if whom == "leader":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert wait_for(lambda: not any(map(alive, workers)), 5)
    assert not out.exists()
    done = {path.parent.name: path.stat().st_ino for path in spool.glob(f"*/{DONE}")}
    assert done
    again = start(many, out)
    kept = {}

    def looked() -> bool:
        kept.update({name: (spool / name / DONE).stat().st_ino for name in done if (spool / name / DONE).exists()})
        return again.poll() is not None

    assert wait_for(looked) and again.communicate() and again.returncode == 0
    assert kept == done
    assert tree(out) == tree(tmp_path / "whole")
    assert not (tmp_path / ".out.work").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_worker_that_is_killed_costs_nothing(many, tmp_path):
    build(many, tmp_path / "whole", labellers="rules", workers=2)
    process = start(many, tmp_path / "out")
    assert wait_for(lambda: len(children(process.pid)) >= 3)
    killed = 0
    for pid in children(process.pid)[1:3]:
        os.kill(pid, signal.SIGKILL)
        killed += 1
    assert killed == 2
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert (tmp_path / "out" / "rejected.jsonl").read_bytes() == b""


def test_a_task_that_fails_is_told_with_its_shard(tmp_path):
    with started("local", workers=1, memory=1 << 30) as engine:
        stages = Stages(engine, tmp_path, "1")
        with pytest.raises(RuntimeError, match="n5"):
            stages.all("odd", Odd(), [Number(name="n5", number=5)], Squared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    def __call__(self, shard: Number, folder: Path) -> Squared:
        raise ValueError("five is odd")


def test_a_record_names_its_outputs(tmp_path):
    squares(tmp_path, [6])
    record = json.loads((tmp_path / "square" / "n6" / DONE).read_text())
    assert record["outputs"] == {"square": 2} and record["result"] == {"name": "n6", "number": 36}


def run_until(appears: Path, process: subprocess.Popen) -> None:
    assert wait_for(lambda: appears.exists() or process.poll() is not None) and process.poll() is None


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("more", [("--duplicates", "drop-near"), ("--salt", "pepper"), ("--previous", "RELEASE")])
def test_another_recipe_on_the_way_is_heeded(more, many, tmp_path):
    """Files that no stage makes decide too: what is tied, what went, the splits of the former release."""
    twin = body(7).replace("weeks of work", "weeks of hard work")
    write(
        tmp_path / "many",
        [{"id": "twin", "text": twin + twin}, {"id": "near", "text": twin + twin + " So."}],
        "t.jsonl",
    )
    build(many, tmp_path / "former", labellers="none", salt="former", workers=2)
    more = tuple(str(tmp_path / "former") if word == "RELEASE" else word for word in more)
    process = start(many, tmp_path / "out", "--labellers", "none")
    run_until(tmp_path / ".out.work" / "pack", process)
    process.kill()
    process.communicate()
    again, fresh = (start(many, tmp_path / name, "--labellers", "none", *more) for name in ("out", "fresh"))
    assert again.communicate() and fresh.communicate() and again.returncode == fresh.returncode == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("stage", ["spool", "order", "bands", "pack"])
def test_an_interrupt_ends_the_build_whenever_it_comes(stage, many, tmp_path):
    process = start(many, tmp_path / "out")
    run_until(tmp_path / ".out.work" / stage, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert f"what is done lies in {tmp_path / '.out.work'}" in errors.decode() and not (tmp_path / "out").exists()


def test_work_inside_the_release_is_refused(news, tmp_path):
    with pytest.raises(UsageError, match=r"--work .*: lies inside --out"):
        build(news, tmp_path / "out", labellers="none", work=str(tmp_path / "out" / "w"))


def test_a_labeller_s_own_modules_are_known_by_what_they_hold(tmp_path, monkeypatch):
    from allegedly.builders.labellers import _lookup
    from allegedly.builders.spool.labelling import identity

    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "helper_of_mine.py").write_text("N = 1\n")
    mine = "import helper_of_mine\ndef label(articles):\n    return []\n"
    (tmp_path / "labeller_of_mine.py").write_text(mine)
    labellers = _lookup.resolve("labeller_of_mine:label")
    before = identity(labellers)
    assert identity(labellers) == before
    (tmp_path / "helper_of_mine.py").write_text("N = 2\n")
    assert identity(labellers) != before
