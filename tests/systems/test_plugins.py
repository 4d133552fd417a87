"""Systems as plugins: what a file says of itself is true and all that is needed, in our package and in others."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import allegedly
from allegedly import UsageError
from allegedly.eval import schemes
from allegedly.eval.options import SHARED, Options
from allegedly.eval.tasks import TASKS
from allegedly.schemas import plugins
from allegedly.schemas.schema import schema

TASK = "speculation-detection"
OURS = sorted(plugins._modules("systems"))


@pytest.mark.parametrize("name", OURS)
def test_a_file_says_all_there_is_to_know(name, root):
    module = plugins.find("systems", name)
    for constant in ("TARGET", "TASKS", "NEEDS_TASK", "EXTRA", "CACHED"):
        assert hasattr(module, constant), f"{name} does not say {constant}"
    scheme = schemes.find(name)
    assert scheme.target and scheme.module is module
    assert scheme.tasks is None or (scheme.tasks and set(scheme.tasks) <= set(TASKS))
    assert set(scheme.reads) <= set(SHARED)
    assert all(described["description"] for described in scheme.options.values())
    assert not set(scheme.options) & set(SHARED)
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert scheme.extra is None or scheme.extra in extras


def test_shared_options_are_those_of_the_schema():
    assert set(SHARED) == set(schema("system_options")["properties"])
    assert Options().own == {}


#: Strings that name a scheme outside its file, each with its reason.
ALLOWED = {
    ("eval/calling.py", "python:"): "what a report calls a callable that nobody gave a spec for",
    ("front/sampled.py", "labeller"): "the key under which a line of the ledger names a labeller",
    ("eval/labelling.py", "labeller"): "what messages and lines of the ledger call whoever labels",
}


def test_no_other_file_knows_a_scheme(root):
    """No string of code is a scheme, nor begins with one and its colon; documentation and examples may name them."""
    files = [*(root / "eval").glob("*.py"), *(root / "front").rglob("*.py")]
    assert len(files) > 40
    named = {f"{name}:" for name in OURS} | (set(OURS) - {"file", "command"})  # these two are words of the code too
    for file in files:
        where = str(file.relative_to(root))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in named:
                assert (where, node.value) in ALLOWED, f"{where}:{node.lineno} knows the system {node.value!r}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", r"has no connect\(target, options\)"),
        (
            "connect = len\nTASKS = 'speculation-detection'\n",
            "TASKS is 'speculation-detection'; expected tuple or list",
        ),
        ("connect = len\nCACHED = 1\n", "CACHED is 1; expected bool"),
    ],
)
def test_what_cannot_be_is_refused(source, message, tmp_path, monkeypatch):
    name = f"of_the_tests_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match=message):
        schemes.of("mine", import_module(name))


def example(root: Path) -> str:
    """The system of CONTRIBUTING.md."""
    section = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A system\n")[2]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]


def dropped(root: Path, folder: Path) -> Path:
    """A copy of the installed package with the example as one file more."""
    copy = folder / "allegedly"
    for package in ("allegedly", "allegedly.schemas", "allegedly.builders", "allegedly.eval"):
        there = Path(import_module(package).__path__[0])
        target = copy.joinpath(*package.split(".")[1:])
        shutil.copytree(there, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "weights"))
    (copy / "eval" / "systems" / "mine.py").write_text(example(root), encoding="utf-8")
    return folder


def installed(root: Path, folder: Path) -> Path:
    """A small package of others that names the example by an entry point."""
    about = folder / "words-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "words_system.py").write_text(example(root), encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: words\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[allegedly.systems]\nmine = words_system\n")
    return folder


@pytest.fixture(scope="module", params=[dropped, installed], ids=["dropped in", "of another package"])
def run(request, root, tmp_path_factory):
    """Runs a command where the example is one of the systems: (exit code, standard output, standard error)."""
    folder = request.param(root, tmp_path_factory.mktemp("site"))
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))

    def command(*argv):
        done = subprocess.run(
            [sys.executable, "-m", "allegedly", *map(str, argv)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return done.returncode, done.stdout, done.stderr

    command.dropped = request.param is dropped
    return command


def words(texts):
    """What the example says, said once more."""
    return ["speculative" if {"may", "might"} & set(text.lower().split()) else "certain" for text in texts]


def test_it_is_asked_by_its_name(run, root, tmp_path):
    out = tmp_path / "report"
    asked = ("eval", root / "dataset", "--system", "mine:may,might", "--resamples", 0, "--out", out)
    code, _, err = run(*asked, "--task", TASK)
    assert code == 0, err
    found = json.loads((out / "report.json").read_text(encoding="utf-8"))
    (row,) = (row for row in found["results"] if row["primary"])
    wanted = allegedly.evaluate(root / "dataset", words, tasks=[TASK], resamples=0).value("words", TASK)
    assert row["system"] == "mine:may,might" and row["value"] == wanted and 0 < wanted < 1
    assert (out / ".cache" / "answers.sqlite").exists()  # it says that its answers may be kept
    code, _, err = run(*asked)
    assert code == 2 and "which tasks? name them by --task" in err  # it says that it needs them
    code, _, err = run(*asked, "--task", "claim-detection")
    assert code == 2 and "cannot answer claim-detection; it answers speculation-detection" in err


def test_its_own_options_are_read_and_checked(run, root, tmp_path):
    options = tmp_path / "options.toml"
    asked = ("eval", root / "dataset", "--system", "mine=mine:may,might", "--task", TASK, "--resamples", 0, "--json")
    for text, brier in (("probability = 1.0", 0.0), ("", 0.01)):
        options.write_text(f"[mine]\n{text}\n")
        code, out, err = run(*asked, "--system-options", options)
        assert code == 0, err
        found = {row["metric"]: row["value"] for row in json.loads(out)["results"]}
        wrong = 1 - found["accuracy"]
        # the square of what was not given to the class predicted, where it is right and where it is not
        assert found["brier"] == pytest.approx(wrong * (1 - brier**0.5) ** 2 + (1 - wrong) * brier)
    for text, message in (
        ("probability = 0.2", "/probability: found 0.2, expected:"),
        ("probabilty = 0.9", "unknown option 'probabilty'; did you mean 'probability'?"),
    ):
        options.write_text(f"[mine]\n{text}\n")
        code, _, err = run(*asked, "--system-options", options)
        assert code == 2 and message in err


def test_what_it_says_is_listed(run):
    code, out, err = run("list", "systems", "--json")
    assert code == 0, err
    rows = {row["name"]: row for row in json.loads(out)}
    mine = rows["mine"]
    assert set(OURS) < set(rows) and mine["target"] == "words with commas between them"
    assert mine["tasks"] == [TASK] and mine["needs_task"] is True and mine["cached"] is True and mine["extra"] is None
    assert mine["options"]["probability"]["default"] == 0.9 and mine["reads"] == ["batch", "threshold"]
    assert ("``mine:WORD,...``" in mine["what"]) == run.dropped
    code, out, _ = run("list", "systems")
    assert code == 0 and re.search(r"^mine +words with commas between them +yes +- +yes ", out, re.MULTILINE)
    code, _, err = run("eval", "nowhere", "--system", "mien:may", "--task", TASK)
    assert code == 2 and "unknown system 'mien'; did you mean 'mine'?" in err
