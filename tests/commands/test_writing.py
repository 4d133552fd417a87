"""Files that commands write where `--out` says: whole, in place of nothing that is not theirs, on any disk."""

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from allegedly.cli import main
from allegedly.schemas import own_files


@pytest.fixture(scope="module")
def release(root):
    return str(root / "dataset")


@pytest.fixture(scope="module")
def report(release, tmp_path_factory):
    out = tmp_path_factory.mktemp("reports") / "report"
    argv = ["eval", release, "--system", "labeller:rules", "--task", "claim-detection", "--resamples", "0"]
    assert main([*argv, "--out", str(out)]) == 0
    return str(out)


def test_an_export_takes_no_place_of_what_is_no_export(release, tmp_path, capsys):
    thesis, gold = tmp_path / "thesis.txt", tmp_path / "gold.jsonl"
    for words in ("years of work\n", "{", '{"a": 1, "b": 2, "c": 3}\n'):
        thesis.write_text(words)
        assert main(["export", "jsonl", release, "--out", str(thesis)]) == 2
        assert thesis.read_text() == words
        assert "holds something that is no earlier export" in capsys.readouterr().err
    gold.touch()
    for split in ("test", "train"):
        assert main(["export", "jsonl", release, "--split", split, "--out", str(gold)]) == 0
    assert gold.read_text(encoding="utf-8").startswith('{"article": ')
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.txt", "gold.jsonl"}


def test_names_that_could_be_foreseen_are_left_alone(release, report, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / ".gold.jsonl.part").mkdir()
    (tmp_path / ".gold.jsonl.part" / "diary.txt").write_text("dear diary")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "nothing-yet")
    (tmp_path / "page.html").symlink_to(theirs)
    assert main(["export", "jsonl", release, "--out", str(tmp_path / "gold.jsonl")]) == 0
    assert main(["export", "jsonl", release, "--out", str(tmp_path / "link.jsonl")]) == 0
    assert main(["report", report, "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / ".gold.jsonl.part" / "diary.txt").read_text() == "dear diary"
    assert theirs.read_text() == "theirs" and not (tmp_path / "nothing-yet").exists()


@pytest.mark.parametrize("command", ["export", "report", "leaderboard"])
def test_a_device_or_pipe_is_written_to_and_stays_one(command, release, report, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    start = {
        "export": ["export", "jsonl", release],
        "report": ["report", report],
        "leaderboard": ["leaderboard", report],
    }
    with (tmp_path / "read").open("wb") as read, subprocess.Popen(["cat", str(pipe)], stdout=read) as reader:
        assert main([*start[command], "--out", str(pipe)]) == 0
        assert reader.wait(timeout=60) == 0
    assert (tmp_path / "read").stat().st_size > 100
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert main([*start[command], "--out", "/dev/full"]) == 1
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("command", ["export", "report", "leaderboard"])
@pytest.mark.parametrize(
    ("name", "cause"),
    [("x" * 300, "File name too long"), ("gold.txt/x", "Not a directory"), ("folder", "is a folder")],
    ids=["long", "under a file", "folder"],
)
def test_what_cannot_be_written_is_told_with_its_path(command, name, cause, release, report, tmp_path, capsys):
    (tmp_path / "gold.txt").write_text("theirs")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    argv = {
        "export": ["export", "jsonl", release],
        "report": ["report", report],
        "leaderboard": ["leaderboard", report],
    }[command]
    assert main([*argv, "--out", str(tmp_path / name)]) == (2 if cause == "is a folder" else 1)
    said = capsys.readouterr().err
    assert cause in said and str(tmp_path / name) in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "gold.txt"]


@pytest.mark.parametrize("command", ["export", "report", "eval"])
def test_a_full_disk_is_told_and_leaves_what_was_there(command, release, report, tmp_path):
    out = tmp_path / "out"
    start = {
        "export": ["export", "jsonl", release],
        "report": ["report", report],
        "eval": ["eval", release, "--system", "labeller:rules", "--task", "claim-detection", "--resamples", "0"],
    }[command]
    assert main([*start, "--out", str(out)]) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    argv = [sys.executable, "-m", "allegedly", *start, "--out", str(out)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, preexec_fn=small)
    assert done.returncode == 1 and "File too large" in done.stderr and str(out) in done.stderr, done.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_file_of_ours_is_whole_or_not_there(tmp_path):
    place = tmp_path / "file"
    own_files.write(place, "first")
    with pytest.raises(RuntimeError), own_files.whole(place) as file:
        file.write(b"second")
        raise RuntimeError
    assert place.read_text() == "first" and [path.name for path in tmp_path.iterdir()] == ["file"]
