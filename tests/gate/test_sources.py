"""Which files are read, and where they come from: globs, lists, standard input, pipes, names that are not there."""

import io
import json
import os
import subprocess
import sys
import threading

import pytest

import allegedly
from allegedly.builders.sources.choice import fits
from allegedly.cli import main

STORY = "The mayor of Rotherby said on Monday that the bridge may close for two years.\n"


@pytest.fixture
def news(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("news/a.txt", "news/old/b.txt", "news/old/c.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}: {STORY}")
    return tmp_path


def given(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def labelled(capsys, *argv):
    code = main(["label", "--labellers", "none", *argv])
    out, err = capsys.readouterr()
    return code, [json.loads(line)["article"]["origin"]["file_name"] for line in out.splitlines()], err


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("*.txt", "news/a.txt news/old/b.txt"),
        ("old/*", "news/old/b.txt news/old/c.md"),
        ("news/*", "news/a.txt"),
        ("**/old/**", "news/old/b.txt news/old/c.md"),
        ("news/**/b.*", "news/old/b.txt"),
        ("[ab].txt", "news/a.txt news/old/b.txt"),
        ("[!a].???", "news/old/b.txt"),
        ("a", ""),
        ("A.TXT", ""),
    ],
)
def test_globs(glob, names):
    files = ["news/a.txt", "news/old/b.txt", "news/old/c.md"]
    assert [name for name in files if fits(glob, name)] == names.split()


def test_include_and_exclude_choose_files_and_a_build_says_how_many_it_left_out(news, capsys):
    assert labelled(capsys, "news", "--include", "*.txt", "--exclude", "old/*")[1] == ["news/a.txt"]
    assert main(["build", "news", "--out", "out", "--labellers", "none", "--exclude", "*.md"]) == 0
    assert "1 file left out by include and exclude" in capsys.readouterr().err
    manifest = json.loads((news / "out" / "manifest.json").read_text())
    assert [entry["file_name"] for entry in manifest["inputs"]] == ["news/a.txt", "news/old/b.txt"]
    assert manifest["recipe"]["input"]["exclude"] == ["*.md"]


def test_standard_input_is_a_source_of_label_and_build(news, capsys, monkeypatch):
    given(monkeypatch, STORY)
    assert labelled(capsys, "-") == (0, ["stdin"], "")
    given(monkeypatch, STORY)
    assert main(["build", "-", "news/a.txt", "--out", "out", "--labellers", "none"]) == 0
    manifest = json.loads((news / "out" / "manifest.json").read_text())
    assert [entry["file_name"] for entry in manifest["inputs"]] == ["a.txt", "stdin"]


def test_a_pipe_that_is_named_is_read_and_one_in_a_folder_is_not(news, capsys):
    os.mkfifo(news / "news" / "pipe.txt")
    code, names, err = labelled(capsys, "news")
    assert "news/pipe.txt: is a named pipe; only files are read (not-a-file)" in err
    assert (code, len(names)) == (1, 3)
    writer = threading.Thread(target=lambda: (news / "news" / "pipe.txt").write_text(STORY))
    writer.start()
    assert labelled(capsys, "news/pipe.txt") == (0, ["pipe.txt"], "")
    writer.join()


def test_a_pipe_over_the_limit_of_bytes_is_refused_and_not_kept_whole(news, capsys, monkeypatch):
    given(monkeypatch, STORY * 100)
    assert main(["build", "-", "news", "--out", "out", "--bytes", "1000", "--labellers", "none"]) == 0
    (line,) = map(json.loads, (news / "out" / "rejected.jsonl").read_text().splitlines())
    assert (line["origin"]["file_name"], line["rule"], line["detail"]) == (
        "stdin",
        "bytes-limit",
        {"limit": 1000, "value": 1001},
    )


def test_a_list_names_sources_and_gives_names_from_the_folder_that_holds_them(news, capsys, monkeypatch):
    (news / "list").write_text(f"news/a.txt\n\n{news}/news/old/b.txt\n")
    assert labelled(capsys, "--files-from", "list")[1] == ["news/a.txt", "news/old/b.txt"]
    given(monkeypatch, "news/old/c.md\n")
    assert labelled(capsys, "news/a.txt", "--files-from", "-")[1] == ["a.txt", "old/c.md"]
    (news / "recipe.toml").write_text('name = "listed"\n[input]\nfiles_from = "list"\nmin_words = 3\n')
    manifest = allegedly.build([], news / "out", recipe=news / "recipe.toml", labellers="none")
    assert [entry["file_name"] for entry in manifest.inputs] == ["news/a.txt", "news/old/b.txt"]
    assert "list" not in json.dumps(manifest.recipe["input"]) and manifest.recipe["input"]["min_words"] == 3


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--files-from", "none"], "--files-from none: cannot be read: No such file or directory"),
        (["--files-from", "wrong"], "--files-from wrong, line 2: no such file or folder: 'gone.txt'"),
        (["--files-from", "empty"], "--files-from empty: names no file; expected a path a line"),
        (["-", "--files-from", "-"], "standard input is named twice"),
        (["owner/x"], "looks like a dataset of the Hub: download it first with `hf download owner/x "),
        (
            ["hf://datasets/owner/x"],
            "is a dataset of the Hub, and nothing is fetched: download it first with `hf download",
        ),
        (["https://a.example/b.html"], "is an address, and nothing is fetched: download it first"),
        (["owner/x.txt"], "no such file or folder: 'owner/x.txt'; name files or folders that are there\n"),
        (["news", "--languages", "English please"], "languages"),
        (["news", "--min-words", "-1"], "min_words"),
        (["news", "--text", "Hello"], "one of them"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(news, capsys, argv, said):
    (news / "wrong").write_text("news/a.txt\ngone.txt\n")
    (news / "empty").write_text("\n")
    code, names, err = labelled(capsys, *argv)
    assert (code, names, len(err.splitlines())) == (2, [], 1)
    assert said in err


def test_a_text_and_the_gate_switched_off_pass_what_a_file_may_not(news, capsys):
    (news / "urls.txt").write_text("https://a.example/1\nhttps://a.example/2\n")
    code, names, err = labelled(capsys, "urls.txt")
    assert (code, names) == (1, []) and "(addresses)" in err
    assert labelled(capsys, "urls.txt", "--gate", "off")[:2] == (0, ["urls.txt"])
    assert labelled(capsys, "--text", "https://a.example/1")[:2] == (0, ["text"])
    (record,) = allegedly.label(text="https://a.example/1")
    assert record.article.text == "https://a.example/1"


def test_a_verdict_does_not_hang_on_the_number_of_workers(news):
    for number in range(6):
        (news / "news" / f"{number}.txt").write_text(f"https://a.example/{number}\nhttps://a.example/x{number}\n")
    ledgers = []
    for workers in (1, 2):
        allegedly.build("news", news / f"out{workers}", workers=workers, labellers="none")
        ledgers.append((news / f"out{workers}" / "rejected.jsonl").read_bytes())
    assert ledgers[0] == ledgers[1] and ledgers[0].count(b'"addresses"') == 6


def test_pipes_of_a_shell(news):
    done = subprocess.run(
        [sys.executable, "-m", "allegedly", "label", "--labellers", "none", "/dev/stdin"],
        input=STORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and json.loads(done.stdout)["article"]["origin"]["file_name"] == "stdin"
