"""A copy of the installed package that a plugin can be dropped into, used from the command line."""

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def guide_reader(root) -> str:
    """The reader that CONTRIBUTING shows."""
    (source,) = re.findall(r"```python\n(\"\"\"Gemtext:.*?)```", (root / "CONTRIBUTING.md").read_text(), re.DOTALL)
    return source


@pytest.fixture
def copied(tmp_path):
    """A folder with a copy of the package; an install may keep its parts in several places."""
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__", "weights")
    shutil.copytree(import_module("allegedly").__path__[0], site / "allegedly", ignore=ignored)
    for part in ("schemas", "builders", "eval"):
        if not (site / "allegedly" / part).exists():
            shutil.copytree(import_module(f"allegedly.{part}").__path__[0], site / "allegedly" / part, ignore=ignored)
    return site


@pytest.fixture
def run(tmp_path):
    """Runs a command of ours with folders in front of the path, and gives what it prints."""

    def run(*argv: str, path: list[Path], code: int = 0) -> str:
        before = os.environ.get("PYTHONPATH")
        env = os.environ | {"PYTHONPATH": os.pathsep.join([*map(str, path), *([before] if before else [])])}
        command = [sys.executable, "-m", "allegedly", *argv]
        result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert result.returncode == code, result.stderr
        return result.stdout

    return run


@pytest.fixture
def packaged(tmp_path):
    """Writes a small installed package that brings a reader by its entry point; returns the folder it lies in."""

    def write(name: str, source: str) -> Path:
        folder = tmp_path / "installed"
        info = folder / f"{name}_reader-1.0.dist-info"
        info.mkdir(parents=True)
        (folder / f"{name}_reader.py").write_text(source)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-reader\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[allegedly.readers]\n{name} = {name}_reader\n")
        return folder

    return write
