"""``allegedly completion`` and ``allegedly env``: what shells and reports of faults are given."""

import json
import shutil
import subprocess
import sys

import pytest

from allegedly import __version__, cli
from allegedly.cli import main

#: Asks bash what it would offer for the words of a line, of which the last is unfinished.
ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
function=$(complete -p allegedly | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
"$function" allegedly "${@: -1}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completion")
    for shell in ("bash", "zsh", "fish"):
        done = subprocess.run(
            [sys.executable, "-m", "allegedly", "completion", shell], capture_output=True, check=True, text=True
        )
        (folder / shell).write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("b", {"build"}),
        ("build --ou", {"--out"}),
        ("stats --qui", {"--quiet"}),
        ("eval --color ", {"auto", "always", "never"}),
        ("list eng", {"engines"}),
        ("import pol", {"polnear"}),
        ("label --format t", {"text"}),
        ("init --kind m", {"model"}),
        ("schema annot", {"annotation"}),
        ("validate hel", {"hello.json"}),
        ("build hello.json --out fol", {"folder"}),
    ],
)
def test_bash_offers_commands_flags_names_and_files(line, offered, script, tmp_path):
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    (tmp_path / "hello.json").touch()
    (tmp_path / "folder").mkdir()
    argv = ["bash", "--norc", "-c", ASK, "-", str(script / "bash"), "allegedly", *line.split(" ")]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert set(done.stdout.split()) == offered, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_read_its_script(shell, script):
    text = (script / shell).read_text(encoding="utf-8")
    for command in cli.commands():
        assert command in text
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")
    done = subprocess.run([shell, "-n", str(script / shell)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_a_slip(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["completion", "tcsh"])
    assert "invalid choice: 'tcsh' (choose from " in capsys.readouterr().err


def test_env_says_what_a_report_needs_and_nothing_secret(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "sesame")
    monkeypatch.setenv("HF_TOKEN", "sesame")
    monkeypatch.setenv("UNRELATED", "sesame")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LANG", "\x1b[31mC")
    assert main(["env", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["allegedly"] == __version__
    assert found["interpreter"].split()[1] == ".".join(map(str, sys.version_info[:3]))
    assert found["packages"]["pyarrow"] and found["packages"]["numpy"]
    assert found["extras"]["sklearn"]["present"] is not None
    assert found["places"]["key of the cache"] == "~/state/allegedly"
    assert found["variables"]["NO_COLOR"] == "1" and found["variables"]["OPENAI_API_KEY"] == "(set)"
    assert main(["env"]) == 0
    said = capsys.readouterr().out
    assert "sesame" not in said + json.dumps(found) and "UNRELATED" not in said and str(tmp_path) not in said
    assert "\x1b" not in said and "interpreter: CPython " in said and "  pyarrow " in said


def test_env_names_what_an_extra_lacks(monkeypatch, capsys):
    import importlib.metadata as metadata

    def version(name):
        if name in ("absent-package", "allegedly"):
            raise metadata.PackageNotFoundError(name)
        return "1.2"

    needs = ["numpy>=2", 'absent-package>=1; extra == "more"', "there; extra == 'more'", 'there; extra == "less"']
    monkeypatch.setattr(metadata, "requires", lambda name: needs)
    monkeypatch.setattr(metadata, "version", version)
    assert main(["env"]) == 0
    said = capsys.readouterr().out
    assert "  numpy 1.2\n" in said and "  more: absent: absent-package\n" in said and "  less: present\n" in said
