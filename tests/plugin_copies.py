"""Plugins from outside: a copy of the installed package into which files are dropped, and small packages beside it.

Conventions: commands run in a process of their own, with the copy (or the small packages) first on its path. Weights of
models are not copied: they are large, and no plugin needs them.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

#: The parts that an editable install may keep in folders of their own.
PARTS = ("commands", "schemas", "builders", "eval")
CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"


@dataclass(frozen=True)
class Site:
    """A folder that comes first on the path of the commands that ``run`` starts."""

    folder: Path

    def run(self, *argv: object, code: int = 0) -> str:
        """What a command prints (where it is to fail, on standard error); fails on another exit code."""
        done = self._start("-m", "allegedly", *map(str, argv))
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def python(self, program: str) -> str:
        """What a program in Python prints; fails where it fails."""
        done = self._start("-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, *argv: str) -> "subprocess.CompletedProcess[str]":
        path = os.pathsep.join(filter(None, [str(self.folder), os.environ.get("PYTHONPATH")]))
        return subprocess.run(
            [sys.executable, *argv],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )


def copied(folder: Path, package: str, name: str, source: str) -> Site:
    """A copy of the installed package with one more file: ``source`` as ``name`` in ``package`` (``builders/readers``)."""
    root = folder / "allegedly"
    parts = [("", Path(next(iter(import_module("allegedly").__path__))))]
    parts += [(part, Path(next(iter(import_module(f"allegedly.{part}").__path__)))) for part in PARTS]
    for part, found in parts:
        ignore = shutil.ignore_patterns("__pycache__", "weights")
        shutil.copytree(found, root / part, ignore=ignore, dirs_exist_ok=True)
    target = root / package / f"{name}.py"
    assert not target.exists(), "the file is a new one"
    target.write_text(source, encoding="utf-8")
    return Site(folder)


def installed(folder: Path, kind: str, name: str, source: str) -> Site:
    """A small package with an entry point: its module holds ``source``, and is the plugin ``name`` of a kind."""
    module = f"{name.replace('-', '_')}_of_another_package"
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[allegedly.{kind}]\n{name} = {module}\n")
    return Site(folder)


def example(heading: str) -> str:
    """The file that a section of CONTRIBUTING shows: its first block of Python."""
    section = CONTRIBUTING.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert block, f"CONTRIBUTING has no example under {heading!r}"
    return block[1]
