"""In CI: the pytest plugin, and the GitHub Action's own shell lines."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

pytest_plugins = ["pytester"]

MODEL = "def predict(texts):\n    return ['speculative' if ' may ' in text else 'certain' for text in texts]\n"


def test_a_model_asserts_on_its_own_score(pytester, root):
    pytester.makepyfile(
        model=MODEL,
        test_scores=f"""
        import sys

        RELEASE, SYSTEM, TASK = {str(root / "dataset")!r}, "python:model:predict", "speculation-detection"

        def test_nothing_heavy_is_imported_before_use(allegedly_scores):
            assert not {{"numpy", "pyarrow", "datasets"}} & set(sys.modules)

        def test_a_score(allegedly_scores):
            report = allegedly_scores(RELEASE, SYSTEM, tasks=[TASK], resamples=0)
            assert 0 < report.value(SYSTEM, TASK) < 1
            assert report.value(SYSTEM, TASK, "precision:speculative") > 0

        def test_the_same_call_is_made_once(allegedly_scores):
            again = allegedly_scores(RELEASE, SYSTEM, tasks=[TASK], resamples=0)
            assert again is allegedly_scores(RELEASE, SYSTEM, tasks=[TASK], resamples=0)
            assert again is not allegedly_scores(RELEASE, SYSTEM, tasks=[TASK], resamples=100)

        def test_that_fails(allegedly_scores):
            assert allegedly_scores(RELEASE, SYSTEM, tasks=[TASK], resamples=0).value(SYSTEM, TASK) > 0.999
        """,
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"],
        cwd=pytester.path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "1 failed, 3 passed" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def action(root):
    return yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))


def test_the_action_is_whole(action):
    assert action["runs"]["using"] == "composite"
    for name, given in action["inputs"].items():
        assert given["description"], name
        assert given.get("required") or "default" in given, name
    said = str(action["runs"]["steps"])
    for name in action["inputs"]:
        assert f"inputs.{name} " in said, f"no step uses {name}"
    for step in action["runs"]["steps"]:
        # an input in the text of a script could run as a script
        assert "${{" not in step.get("run", "")
        assert "uses" in step or step["shell"] == "bash"


def test_actions_are_pinned_by_commit(action):
    used = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_the_action_runs_nothing_of_the_checkout(action, root, tmp_path):
    """Its own lines in a checkout whose files have the names of modules, with a pip that is asked and installs nothing."""
    checkout, bin_ = tmp_path / "checkout", tmp_path / "bin"
    for name in ("pip", "venv", "setuptools"):
        (checkout / name).mkdir(parents=True)
        for file in ("__init__.py", "__main__.py"):
            (checkout / name / file).write_text("raise SystemExit('run')\n", encoding="utf-8")
    for name in ("tomllib", "json", "sitecustomize", "allegedly"):
        (checkout / f"{name}.py").write_text("raise SystemExit('run')\n", encoding="utf-8")
    bin_.mkdir()
    log = tmp_path / "log"
    python = f'#!/bin/sh\necho "$@" >> {log}\nfor last; do :; done\n[ ! -f "$last" ] || cat "$last" >> {log}.pins\n'
    (bin_ / "python").write_text(python, encoding="utf-8")
    (bin_ / "allegedly").write_text(
        f"#!{sys.executable}\nimport sys\nfrom allegedly.cli import main\nsys.exit(main())\n", encoding="utf-8"
    )
    for file in bin_.iterdir():
        file.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "SOURCE": str(root),
        "SYSTEM": "labeller:rules",
    }
    environment |= {
        "EXTRAS": "sklearn",
        "RELEASE": str(root / "dataset"),
        "TASKS": "claim-detection",
        "SPLIT": "test",
    }
    environment |= {"OUT": "report", **dict.fromkeys(("MISSING", "SYSTEM_OPTIONS", "GATES", "BASELINE", "SLICES"), "")}
    environment.pop("GITHUB_STEP_SUMMARY", None)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]

    def run(step, **more):
        return subprocess.run(
            [*command, step["run"]], cwd=checkout, env=environment | more, capture_output=True, text=True, timeout=300
        )

    install, evaluate = action["runs"]["steps"][-2:]
    done = run(install)
    assert done.returncode == 0, done.stderr
    first, second = log.read_text(encoding="utf-8").splitlines()
    assert first.startswith("-P -m pip install ") and " --require-hashes " in first
    assert second.startswith("-P -m pip install ") and " --no-deps --no-build-isolation " in second
    installed = Path(f"{log}.pins").read_text(encoding="utf-8").splitlines()
    assert all(" --hash=sha256:" in line for line in installed)
    names = {line.partition("==")[0] for line in installed}
    assert {"pyarrow", "scikit-learn", "setuptools"} <= names and "torch" not in names
    assert run(install, EXTRAS="sklearn,nothing").returncode == 2
    assert run(install, EXTRAS="sklearn,.*").returncode == 2
    done = run(evaluate)
    assert done.returncode == 0, done.stderr
    assert (checkout / "report" / "report.json").is_file()


@pytest.mark.parametrize(("least", "code"), [(0.05, 0), (0.99, 1)])
def test_the_action_runs(action, root, tmp_path, least, code):
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    gates = tmp_path / "gates with spaces.toml"
    gates.write_text(f'[[gate]]\ntask = "speculation-detection"\nmin = {least}\n', encoding="utf-8")
    given = {
        "release": str(root / "dataset"),
        "system": "two lines=python:model:predict\n",
        "tasks": "speculation-detection\n",
        "gates": gates.name,
        "out": "the report",
    }
    inputs = {name: given.get(name, about.get("default", "")) for name, about in action["inputs"].items()}
    step = action["runs"]["steps"][-1]
    values = {name: text.replace("${{ inputs.", "").replace(" }}", "") for name, text in step["env"].items()}
    # the console script, as an installation makes it
    script = tmp_path / "bin" / "allegedly"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom allegedly.cli import main\nsys.exit(main())\n", encoding="utf-8"
    )
    script.chmod(0o755)
    bin_of_python = str(script.parent)
    environment = {
        **os.environ,
        **{name: inputs[key] for name, key in values.items()},
        "PATH": f"{bin_of_python}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    # as GitHub starts a bash step
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stderr
    written = {file.name for file in (tmp_path / "the report").iterdir()}
    assert {"report.json", "counts.parquet", "examples.jsonl", "report.html", "report.md", "junit.xml"} <= written
    assert "two lines" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert ("FAILED: two lines: speculation-detection f1:speculative" in done.stderr) == (code == 1)
