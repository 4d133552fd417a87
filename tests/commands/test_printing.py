"""What is printed: shown and never obeyed, on standard error and in tables; and what becomes of streams that are gone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly import cli, console
from allegedly.cli import main
from allegedly.render.terminal import lines as rendered
from allegedly.schemas import escape

#: Names that would colour, erase, turn, begin a line, or be a command of a log.
HOSTILE = "a\x1b[2J\x1b[31m\u202eb\x9b1mc\r\n::error file=x::gone ##[error]y ##vso[task.complete]z"
ACTING = ("\x1b", "\x9b", "\u202e", "\r", "##[", "##vso[")


def harmless(text: str) -> bool:
    """Whether neither a terminal nor the log of continuous integration would act on it."""
    return not any(word in text for word in ACTING) and not any(
        line.lstrip().startswith("::") for line in text.splitlines()
    )


@given(st.text(st.sampled_from("::##[]vso \t\n\r\x1b\u2028a\u202e\ud800"), max_size=40))
def test_a_line_is_one_harmless_line(text):
    shown = escape.line(text)
    assert harmless(shown) and "\n" not in shown and shown.isprintable()
    assert escape.line(shown) == shown


@given(st.lists(st.text(st.sampled_from("::##[]vso \n\r\x1ba"), max_size=6), max_size=20))
def test_the_guard_sees_what_is_written_in_pieces(pieces):
    import io

    stream = io.StringIO()
    guard = console.Guard(stream)
    for piece in pieces:
        assert guard.write(piece) == len(piece)
    shown = stream.getvalue()
    assert harmless(shown.replace("\r", "\n"))
    assert shown == escape.lines("".join(pieces))


def test_what_was_sent_in_secret_is_masked_wherever_it_is_printed(monkeypatch, capsys):
    from types import SimpleNamespace

    keeper = SimpleNamespace(masked=lambda text: text.replace("sesame", "***"))
    monkeypatch.setitem(sys.modules, "allegedly.schemas.secrets", keeper)
    console.say("key sesame")
    console.show(["row sesame"])
    with console.guarded():
        sys.stderr.write("trace sesame\n")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("row ***\n", "key ***\ntrace ***\n")


def test_standard_error_shows_what_a_library_writes(capsys, monkeypatch):
    def loud(args):
        print(HOSTILE, file=sys.stderr)
        for piece in (":", ":error::x\n", "  ", "::set-output name=a::b\n", "#", "#[group]\n"):
            sys.stderr.write(piece)
        raise RuntimeError(HOSTILE)

    module = __import__("allegedly.commands.schema", fromlist=["run"])
    monkeypatch.setattr(module, "run", loud)
    monkeypatch.setattr(cli, "_details", lambda: "here")
    assert main(["schema", "claim"]) == 3
    said = capsys.readouterr().err
    # a carriage return passes, for bars; what follows it begins a line
    assert harmless(said.replace("\r", "\n")) and "RuntimeError: a\\x1b[2J" in said and ":\\x3aerror::x" in said
    assert sys.stderr is not None and not isinstance(sys.stderr, console.Guard)


@pytest.mark.parametrize(
    "argv",
    [
        ["list", HOSTILE],
        ["stats", HOSTILE],
        ["validate", HOSTILE],
        ["label", HOSTILE],
        ["label", "--example", "--labellers", HOSTILE],
        ["build", HOSTILE, "--out", "o"],
        ["build", "--recipe", HOSTILE, "--out", "o"],
        ["import", HOSTILE, "x", "--out", "o"],
        ["export", HOSTILE, "x"],
        ["eval", HOSTILE, "--system", "labeller:rules"],
        ["report", HOSTILE],
        ["compare", HOSTILE, HOSTILE],
        ["leaderboard", HOSTILE],
        ["schema", HOSTILE],
    ],
    ids=lambda argv: argv[0],
)
def test_names_are_shown_and_not_obeyed(argv, capsys):
    assert main(argv) == 2
    said = capsys.readouterr()
    assert harmless(said.out + said.err) and said.err.count("\n") == 1


@pytest.mark.parametrize(
    "argv", [[HOSTILE], ["label", f"--{HOSTILE.replace(' ', '')}"], ["eval", "x", "--missing", HOSTILE]]
)
def test_a_wrong_line_is_shown_too(argv, capsys):
    with pytest.raises(SystemExit):
        main(argv)
    said = capsys.readouterr().err
    assert harmless(said) and "\\x1b[2J" in said


def test_an_article_that_is_a_command_keeps_its_lanes(tmp_path, capsys):
    text = (
        '::error::"The bridge cost 3 million euros," Anna Lind said.\n\n::stop-commands::x It may rain ##[error]here.\n'
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert main(["label", str(tmp_path / "a.txt"), "--format", "text", "--workers", "1"]) == 0
    shown = capsys.readouterr().out
    assert harmless(shown)
    above, below = next((a, b) for a, b in zip(shown.splitlines(), shown.splitlines()[1:], strict=False) if "c1_" in b)
    assert above[below.index("c1_") :].startswith('error::"The bridge')


def test_a_label_s_id_is_shown_in_its_lane():
    from allegedly.schemas.records import Article, Block, Claim, Labels, Origin, Record, Span

    text = "The bridge was closed for the whole of the summer."
    article = Article(
        id="0" * 16, text=text, origin=Origin(file_name="a"), blocks=(Block(kind="lead", start=0, end=len(text)),),
        sentences=(Span(0, len(text)),),
    )  # fmt: skip
    claim = Claim(id="\x1b[31mc\u202e", extent=(Span(0, 40),))
    record = Record(article=article, labels=Labels(claims=(claim,)))
    assert harmless("\n".join(rendered(record)))


def test_what_is_stats_of_a_hostile_release(root, tmp_path, capsys):
    import shutil

    shutil.copytree(
        root / "dataset", tmp_path / "r", ignore=shutil.ignore_patterns("sources", "annotations"), symlinks=True
    )
    manifest = tmp_path / "r" / "manifest.json"
    value = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**value, "name": f"::error::{HOSTILE}", "version": HOSTILE}), encoding="utf-8")
    assert main(["stats", str(tmp_path / "r")]) in (0, 1, 2)
    said = capsys.readouterr()
    assert harmless(said.out + said.err)


COMMAND = [sys.executable, "-m", "allegedly"]


@pytest.mark.parametrize("argv", [["list", "readers"], ["--help"], ["schema", "claim"]], ids=" ".join)
@pytest.mark.parametrize(
    ("gone", "cause"),
    [
        ("closed", "standard output is closed"),
        ("full", "standard output takes no more: No space left on device"),
        ("unread", "standard output was closed by its reader"),
    ],
)
def test_standard_output_that_is_gone_is_told(argv, gone, cause):
    command = [*COMMAND, *argv]
    if gone == "closed":
        done = subprocess.run(
            ["bash", "-c", '"$@" >&-', "bash", *command], stderr=subprocess.PIPE, text=True, timeout=60
        )
    else:
        reading, writing = os.pipe() if gone == "unread" else (None, os.open("/dev/full", os.O_WRONLY))
        if reading is not None:
            os.close(reading)
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
        os.close(writing)
    assert done.returncode == 1, done.stderr
    assert cause in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("redirect", ["2>&-", "2> /dev/full"])
def test_standard_error_that_is_gone_changes_nothing(redirect):
    done = subprocess.run(["bash", "-c", f'"$@" {redirect}', "bash", *COMMAND, "validate", "nowhere"], timeout=60)
    assert done.returncode == 2


def test_a_gate_is_told_and_decides_where_nobody_reads_the_table(root, tmp_path):
    (tmp_path / "g.toml").write_text('[[gate]]\ntask = "claim-detection"\nmin = 0.99\n', encoding="utf-8")
    argv = [
        "eval",
        str(root / "dataset"),
        "--system",
        "labeller:rules",
        "--task",
        "claim-detection",
        "--resamples",
        "0",
    ]
    argv += ["--gate", str(tmp_path / "g.toml"), "--out", str(tmp_path / "r")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *argv], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 1 and "FAILED: labeller:rules" in done.stderr and "takes no more" in done.stderr
    assert json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))["gates"][0]["verdict"] == "failed"


def test_a_model_that_ends_the_process_is_no_success(monkeypatch, capsys):
    module = __import__("allegedly.commands.schema", fromlist=["run"])
    monkeypatch.setattr(module, "run", lambda args: sys.exit(0))
    assert main(["schema", "claim"]) == 2
    assert "ended the process (exit 0)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(28, "No space left on device", "a/b"), 1, "a/b: No space left on device"),
        (OSError(28, "No space left on device", b"a\xff"), 1, "a\\xff: No space left on device"),
        (PermissionError(13, "Permission denied", "c"), 1, "c: Permission denied"),
        (TimeoutError("timed out"), 1, "timed out"),
        (MemoryError(), 1, "out of memory"),
        (RecursionError("deep"), 1, "data nested too deeply"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), 1, "text that is no Unicode"),
        (KeyError("x"), 3, "this is a fault of allegedly"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_end_has_its_code_and_cause(error, code, said, monkeypatch, capsys):
    def run(args):
        raise error

    module = __import__("allegedly.commands.schema", fromlist=["run"])
    monkeypatch.setattr(module, "run", run)
    assert main(["schema", "claim"]) == code
    assert said in capsys.readouterr().err


def test_a_fault_is_told_where_no_details_can_be_written(monkeypatch, capsys):
    import tempfile

    def refuse(**_):
        raise OSError(30, "Read-only file system")

    def run(args):
        raise KeyError("x")

    module = __import__("allegedly.commands.schema", fromlist=["run"])
    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert main(["schema", "claim"]) == 3
    assert "details in no file (Read-only file system)" in capsys.readouterr().err
