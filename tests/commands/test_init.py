"""``allegedly init``: repositories whose own workflows run, offline, as they are written."""

import os
import subprocess
import sys

import pytest

from allegedly import __version__
from allegedly.cli import main

yaml = pytest.importorskip("yaml")


@pytest.fixture
def environment(tmp_path):
    """The programs that the lines of a workflow call: the console script, and a pip that installs nothing."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "allegedly").write_text(
        f"#!{sys.executable}\nimport sys\nfrom allegedly.cli import main\nsys.exit(main())\n", encoding="utf-8"
    )
    (bin_ / "python").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path / "log"}\n', encoding="utf-8")
    for file in bin_.iterdir():
        file.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }


def steps(repository):
    (workflow,) = (repository / ".github" / "workflows").glob("*.yml")
    (job,) = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    return job["steps"]


def run(repository, environment):
    """The steps that run, as GitHub starts them; ends behind the first that fails."""
    done = []
    for step in steps(repository):
        if "run" not in step:
            continue
        # as GitHub starts a step that names no shell
        command = ["bash", "-e", "-c", step["run"]]
        done.append(
            subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, timeout=300)
        )
        if done[-1].returncode:
            break
    return done


@pytest.mark.parametrize("kind", ["dataset", "model"])
def test_the_files_are_whole(kind, tmp_path, capsys):
    assert main(["init", str(tmp_path / "a" / "mine"), "--kind", kind]) == 0
    repository = tmp_path / "a" / "mine"
    written = sorted(path for path in repository.rglob("*") if path.is_file())
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(path) for path in written]
    assert said.err.startswith(f"next: cd {repository}\nnext: allegedly build --recipe ")
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "@NAME@" not in text and "@VERSION@" not in text, path
    assert (repository / "requirements.txt").read_text(encoding="utf-8") == f"allegedly=={__version__}\n"
    assert {".github", ".gitignore", "README.md", "requirements.txt"} <= {path.name for path in repository.iterdir()}
    assert (repository / "README.md").read_text(encoding="utf-8").startswith("# mine\n")
    # nothing of a pull request is pasted into a script, and what runs is pinned
    for step in steps(repository):
        assert "${{" not in step.get("run", "")
        assert "uses" not in step or len(step["uses"].partition("@")[2]) == 40


def test_the_workflow_of_a_dataset_builds_and_validates(tmp_path, environment):
    assert main(["init", str(tmp_path / "mine"), "--kind", "dataset", "-q"]) == 0
    done = run(tmp_path / "mine", environment)
    assert [step.returncode for step in done] == [0, 0, 0, 0], done[-1].stderr
    assert (tmp_path / "log").read_text(encoding="utf-8") == "-m pip install --quiet -r requirements.txt\n"
    assert "release: mine 0.1.0, 1 article from 1 file and 1 annotation file" in done[2].stdout
    assert "labels: 7 claims, 4 speculations, 2 attributions" in done[2].stdout
    assert "release: no problems" in done[3].stdout
    # what its workflow is for: a broken annotation file stops it
    annotation = tmp_path / "mine" / "annotations" / "tolm-ferry.example.json"
    annotation.write_text(annotation.read_text(encoding="utf-8").replace('"c1"', '"c2"'), encoding="utf-8")
    done = run(tmp_path / "mine", environment)
    assert done[-1].returncode == 1 and "/labels/claims/1/id" in done[-1].stdout + done[-1].stderr


def test_the_workflow_of_a_model_scores_it_and_its_gate_decides(tmp_path, environment):
    assert main(["init", str(tmp_path / "mine"), "--kind", "model", "-q"]) == 0
    repository = tmp_path / "mine"
    done = run(repository, environment)
    assert [step.returncode for step in done] == [0, 0, 0], done[-1].stderr
    # of four speculative sentences it finds three, and no other: F1 6/7
    assert "PASSED: model: speculation-detection f1:speculative: 0.8571" in done[-1].stderr
    assert (repository / "report" / "report.html").is_file()
    assert "speculation-detection" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    gate = repository / "gate.toml"
    gate.write_text(gate.read_text(encoding="utf-8").replace("min = 0.80", "min = 0.90"), encoding="utf-8")
    done = run(repository, environment)
    assert [step.returncode for step in done] == [0, 0, 1]
    assert "FAILED: model: speculation-detection f1:speculative: 0.8571" in done[-1].stderr
    assert "min 0.9 on value" in done[-1].stderr


@pytest.mark.parametrize("there", ["file", "full", "link"])
def test_what_is_there_stays(there, tmp_path, capsys):
    target = tmp_path / "mine"
    if there == "file":
        target.write_text("x", encoding="utf-8")
    elif there == "full":
        target.mkdir()
        (target / "x").write_text("x", encoding="utf-8")
    else:
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    assert main(["init", str(target), "--kind", "model"]) == 2
    assert "mine: holds something, or is no folder; name one that is empty or not there" in capsys.readouterr().err
    assert len(list(tmp_path.rglob("*"))) == (1 if there == "file" else 2)


def test_an_empty_folder_is_filled_in_place(tmp_path, monkeypatch):
    here = tmp_path / "näh maschine"
    here.mkdir()
    monkeypatch.chdir(here)
    before = here.stat().st_ino
    assert main(["init", ".", "--kind", "dataset"]) == 0
    assert here.stat().st_ino == before
    # no name that a recipe may hold
    assert 'name = "my-dataset"' in (here / "recipe.toml").read_text(encoding="utf-8")


def test_nothing_is_left_of_one_that_could_not_be_written(tmp_path, monkeypatch, capsys):
    from allegedly.schemas import own_files

    new, calls = own_files.new, []

    def full(path, content=b""):
        calls.append(path)
        if len(calls) > 3:
            raise OSError(28, "No space left on device", str(path))
        new(path, content)

    monkeypatch.setattr(own_files, "new", full)
    assert main(["init", str(tmp_path / "mine"), "--kind", "dataset"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_example_s_labels_are_what_its_text_says(tmp_path):
    from allegedly import build
    from allegedly.schemas import stored

    for kind, folder in (("dataset", "."), ("model", "gold")):
        main(["init", str(tmp_path / kind), "--kind", kind, "-q"])
        home = tmp_path / kind / folder
        build([], tmp_path / f"{kind}-release", recipe=home / "recipe.toml", workers=1)
        (record,) = stored.records(tmp_path / f"{kind}-release")
        assert [label.text for label in record.labels.speculations] == ["may", "may", "could", "Apparently"]
        assert record.article.title == "Ferry to Tolm Island may stop in winter"
