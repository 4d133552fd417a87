"""What holds for every command without its doing: flags, usage, colour, quiet, what is given twice, what is loaded."""

import argparse
import io
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from allegedly import cli, console
from allegedly.cli import main

COMMANDS = sorted(cli.commands())
EVERY = {"-q", "--quiet", "-v", "--verbose", "--color"}
HEAVY = ("pyarrow", "numpy", "datasets", "trafilatura", "jsonschema", "jsonschema_rs", "tqdm", "lxml", "torch", "shtab")


def module(command):
    return import_module(cli.commands()[command])


def parser(command):
    return cli.parser(command, module(command))


def needed(actions):
    """The shortest line that a command takes."""
    line = []
    for action in actions:
        if action.required and action.option_strings:
            plain = "1" if action.type is int else "x"
            line += [action.option_strings[-1], next(iter(action.choices)) if action.choices else plain]
        elif not action.option_strings and action.nargs not in ("*", "?"):
            line.append(next(iter(action.choices)) if action.choices else "x")
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_flags_and_defines_none_of_them(command):
    own = argparse.ArgumentParser(add_help=False)
    module(command).arguments(own)
    assert not EVERY & own._option_string_actions.keys()
    whole = parser(command)._option_string_actions
    assert whole.keys() >= EVERY
    if "--out" in whole:
        assert whole["-o"] is whole["--out"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_slip_is_told_in_two_lines(command, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([command, "--quite"])
    usage, error = capsys.readouterr().err.splitlines()
    assert usage.startswith(f"usage: allegedly {command} ") and usage.endswith("[OPTIONS]; --help lists them")
    assert error == f"allegedly {command}: error: unknown flag '--quite'; did you mean '--quiet'?"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_flag_given_twice_adds_up_or_is_refused(command, capsys):
    """Each flag of each command that takes a value."""
    actions = parser(command)._actions
    for action in (action for action in actions if action.option_strings and action.nargs != 0):
        one, other = list(action.choices)[:2] if action.choices else ("1", "2")
        flag = action.option_strings[-1]
        rest = needed([each for each in actions if each is not action])
        given = parser(command).read([*rest, flag, one, flag, one])
        if isinstance(action, argparse._AppendAction):
            # of lists, some are joined by the command
            assert len(getattr(parser(command).read([*rest, flag, one, flag, other]), action.dest)) == 2
            continue
        assert not isinstance(getattr(given, action.dest), list)
        with pytest.raises(SystemExit, match="2"):
            parser(command).read([*rest, flag, one, flag, other])
        said = capsys.readouterr().err
        assert f"{flag} is given twice, {one}" in said and ": give one of them" in said


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["build", "x", "-o", "o", "--salt", "a", "--seed", "b"], "--seed is given as --salt and as --seed, a and b"),
        (
            ["build", "x", "-o", "o", "--data-version", "1.0.0", "--version", "1.0.1"],
            "as --data-version and as --version",
        ),
        (["build", "x", "-o", "o", "--out", "p"], "--out is given as -o and as --out, o and p: give one of them"),
        (["eval", "x", "--system", "y", "--slices", ","], "found ',', expected names with commas between them"),
    ],
    ids=["salt", "version", "out", "nothing"],
)
def test_two_names_of_one_flag(argv, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(argv)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["build", "FILE", "-o", "o", "--field", "text=/a", "--field", "text=/b"], "--field text is given twice"),
        (
            ["export", "drafts", "x", "--option", "labels=none", "--option", "labels=all"],
            "--option labels is given twice",
        ),
        (["export", "drafts", "x", "--option", "labels"], "--option labels: expected KEY=VALUE"),
    ],
    ids=["field", "option", "no value"],
)
def test_a_key_given_two_values(argv, message, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("A text.\n", encoding="utf-8")
    assert main([str(tmp_path / "a.txt") if word == "FILE" else word for word in argv]) == 2
    assert message in capsys.readouterr().err


def test_seed_is_salt(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("The ferry may stop in winter, the council said.\n", encoding="utf-8")
    argv = ["build", str(tmp_path / "a.txt"), "--labellers", "none", "--workers", "1", "--json", "--quiet"]
    assert main([*argv, "-o", str(tmp_path / "o"), "--seed", "7", "--salt", "7", "--data-version", "2.0.0"]) == 0
    said = capsys.readouterr()
    manifest = json.loads(said.out)
    assert (manifest["recipe"]["splits"]["salt"], manifest["version"]) == ("7", "2.0.0")
    assert said.err == ""


def test_lists_of_labellers_add_up(capsys):
    assert main(["label", "--example", "--labellers", "rules", "--labellers", "rulez"]) == 2
    assert "unknown labeller 'rulez'" in capsys.readouterr().err


def test_flags_of_every_command_stand_before_it_too(capsys):
    assert main(["-q", "--color", "always", "label", "--example", "--format", "text"]) == 0
    said = capsys.readouterr()
    assert "\x1b[32m" in said.out and said.err == ""
    with pytest.raises(SystemExit, match="2"):
        main(["--color"])
    assert "'--color' stands before the command" in capsys.readouterr().err


def test_an_unknown_command_is_told_with_the_nearest(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["biuld", "x"])
    usage, error = capsys.readouterr().err.splitlines()
    assert usage == "usage: allegedly COMMAND [OPTIONS]; --help lists them"
    assert error.startswith("allegedly: error: unknown command 'biuld'; did you mean 'build'? Known: agree, build,")


class Screen(io.StringIO):
    """A terminal, or none."""

    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("flag", "variables", "terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
    ],
)
def test_colour_by_flag_then_variables_then_terminal(flag, variables, terminal, coloured, monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Screen(terminal))
    monkeypatch.setattr(console, "manner", console.Manner(color=flag))
    assert console.coloured() is coloured


def test_what_programs_read_is_never_coloured(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["label", "--example", "--color", "always"]) == 0
    assert main(["list", "--json", "--color", "always"]) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err


def test_the_manner_of_one_command_is_not_that_of_the_next(capsys):
    assert main(["list", "engines", "-q"]) == 0
    assert console.manner == console.Manner()


def test_quiet_leaves_errors_and_results(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("The ferry may stop in winter, the council said.\n", encoding="utf-8")
    (tmp_path / "b.json").write_text("", encoding="utf-8")
    argv = ["build", str(tmp_path), "-o", str(tmp_path / "out"), "--labellers", "none", "--workers", "1"]
    assert main([*argv, "-q"]) == 0
    said = capsys.readouterr()
    assert said.err == "" and "1 article from 2 files" in said.out
    assert main([*argv, "-q", "--strict"]) == 1
    assert capsys.readouterr().err == "allegedly: 1 rejected, and --strict takes none; 1 articles were read\n"
    assert main(argv) == 0
    assert "rejected: " in capsys.readouterr().err


def test_verbose_names_each_file_and_where_a_traceback_lies(tmp_path, capsys):
    for at in range(60):
        (tmp_path / f"{at:02}.json").write_text("", encoding="utf-8")
    (tmp_path / "a.txt").write_text("The ferry may stop in winter, the council said.\n", encoding="utf-8")
    argv = ["build", str(tmp_path), "-o", str(tmp_path / "out"), "--labellers", "none", "--workers", "1", "-v"]
    assert main(argv) == 0
    said = capsys.readouterr().err
    assert f"done: {tmp_path.name}/a.txt: 1 articles, 0 rejected" in said
    assert said.count("rejected: ") == 60 and "more" not in said
    assert main([*argv, "--strict"]) == 1
    *_, message, details = capsys.readouterr().err.splitlines()
    assert message.startswith("allegedly: 60 rejected") and details.startswith("allegedly: details in ")
    page = details.removeprefix("allegedly: details in ")
    assert "DataError: 60 rejected" in Path(page).read_text(encoding="utf-8")


def test_list_without_a_kind_lists_the_kinds(capsys):
    assert main(["list"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["kind", "count", "what"]
    kinds = [row.split()[0] for row in rows]
    assert kinds == ["readers", "importers", "exporters", "labellers", "systems", "engines", "tasks", "metrics"]
    assert main(["list", "--json"]) == 0
    found = {row["kind"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["engines"]["count"] == 3 and found["engines"]["names"] == ["local", "ray", "spark"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nowhere", "nowhere: not a release: no such folder; `allegedly build SOURCES --out nowhere` makes one"),
        ("file", "file: not a release: a file; a release is a folder, with manifest.json in it"),
        ("folder", "folder: not a release (it has no manifest.json); `allegedly build folder --out DIR` makes one"),
        (
            "owner/name",
            "it looks like a dataset of the Hub: download it first with `hf download owner/name --repo-type",
        ),
        ("hf://datasets/owner/name", "it is a dataset of the Hub, and nothing is fetched: download it first with `hf"),
        ("https://news.example/x", "it is an address, and nothing is fetched: download it first (`curl -L -o FILE"),
    ],
)
def test_what_is_no_release_is_told_apart(path, told, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for argv in (["stats", path], ["eval", path, "--system", "labeller:rules"], ["export", "jsonl", path]):
        assert main(argv) == 2
        assert told in capsys.readouterr().err


def test_build_s_help_begins_with_what_is_needed_daily(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["build", "--help"])
    said = capsys.readouterr().out
    places = [
        said.index(words) for words in ("--out DIR", "--recipe", "--labellers", "--salt", "--attributes", "--memory")
    ]
    assert places == sorted(places)


PROGRAM = f"""
import sys
from allegedly.cli import main
try: code = main(sys.argv[1:])
except SystemExit as error: code = error.code
print([name for name in {HEAVY!r} if name in sys.modules], len(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "argv",
    [
        *(["--help"], ["--version"], ["biuld"], ["build", "--help"], ["eval", "--sytem", "x"], ["label"], ["list"]),
        *(["init", "x"], ["completion", "tcsh"], ["format", "nowhere"], ["validate"], ["-q", "schema"], ["env"]),
    ],
    ids=" ".join,
)
def test_help_and_slips_load_little(argv):
    done = subprocess.run([sys.executable, "-c", PROGRAM, *argv], capture_output=True, text=True, check=False)
    heavy, _, count = done.stderr.splitlines()[-1].rpartition(" ")
    assert heavy == "[]"
    # a bare Python has some 60, argparse brings it to 90
    assert int(count) < 250


def test_collecting_tests_with_the_plugin_loads_nothing_heavy(tmp_path):
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    program = (
        "import sys, pytest\n"
        "code = pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider', sys.argv[1]])\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "ours = sorted(name for name in sys.modules if name.partition('.')[0] == 'allegedly')\n"
        "print(int(code), heavy, ours)"
    )
    # no other plugin than ours, whose imports are not ours to answer for
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), "-p", "allegedly.pytest_plugin"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "allegedly.pytest_plugin"},
        capture_output=True,
        text=True,
        check=False,
    )
    # the package itself says who draws in notebooks, which is a module without imports
    ours = ["allegedly", "allegedly.pytest_plugin", "allegedly.schemas", "allegedly.schemas.drawn"]
    assert done.stdout.splitlines()[-1] == f"0 [] {ours}", done.stdout + done.stderr
