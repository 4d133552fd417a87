"""The command line: where paths may stand, and which parser answers."""

from importlib import import_module

import pytest

from allegedly import cli

#: Commands that take several paths: the name of the argument, and flags that it stands among.
SEVERAL = {
    "build": ("sources", ["--out", "o", "--strict", "--train", "0.8"]),
    "compare": ("reports", ["--json"]),
    "label": ("files", ["--format", "text", "--workers", "2"]),
}


def arguments_of(command, argv, monkeypatch):
    """What a command is given for an argument line."""
    given = []
    monkeypatch.setattr(import_module(cli.commands()[command]), "run", lambda args: given.append(args) or 0)
    assert cli.main([command, *argv]) == 0
    return given[0]


@pytest.mark.parametrize("command", SEVERAL)
def test_paths_stand_anywhere_among_flags(command, monkeypatch):
    name, flags = SEVERAL[command]
    for argv in ([*flags, "a", "b"], ["a", "b", *flags], ["a", *flags, "b"]):
        assert getattr(arguments_of(command, argv, monkeypatch), name) == ["a", "b"]


def test_paths_that_begin_with_a_dash_stand_after_two(monkeypatch):
    for argv in (["--", "-x.txt", "b"], ["--format", "text", "--", "-x.txt", "b"]):
        assert arguments_of("label", argv, monkeypatch).files == ["./-x.txt", "b"]
    assert arguments_of("label", ["a", "--", "--example"], monkeypatch).files == ["a", "./--example"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "allegedly: error: the following arguments are required: COMMAND"),
        (["biuld"], "allegedly: error: unknown command 'biuld'; did you mean 'build'? Known: agree, "),
        (["--json", "label"], "allegedly: error: '--json' stands before the command; name the command first"),
        (["build", "a"], "allegedly build: error: the following arguments are required: -o/--out"),
        (
            ["build", "a", "--ot", "b", "--out", "c"],
            "allegedly build: error: unknown flag '--ot'; did you mean '--out'?\n",
        ),
        (["compare"], "allegedly compare: error: the following arguments are required: REPORT"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_line_is_told_by_the_parser_it_is_wrong_for(argv, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(argv)
    assert said in capsys.readouterr().err
