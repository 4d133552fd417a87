"""An engine is one file, in a copy of the installed package or in another package; and what is said of unknown ones."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import allegedly
from allegedly.builders.engines._lookup import engine, started
from allegedly.schemas.errors import DataError, UsageError

ENGINE = '''"""Backward: runs the shards from the last to the first, in this process."""

from contextlib import contextmanager

SCHEMES = ("backward",)
EXTRA = None


@contextmanager
def start(address, *, workers, memory):
    yield Backward(address)


class Backward:
    def __init__(self, address):
        self.address = address

    def map(self, task, shards, *, work):
        print("backward", self.address)
        yield from reversed([task(shard) for shard in reversed(list(shards))])
'''
PROGRAM = """
import sys
from pathlib import Path
from allegedly.builders.engines._lookup import started

for spec in sys.argv[1:]:
    with started(spec, workers=1, memory=1 << 30) as engine:
        print(*engine.map(str.upper, "abc", work=Path()))
"""
PRINTED = "backward None\nA B C\nbackward backward://here:1\nA B C\n"


def run(path, *command):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(path), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def copy(tmp_path):
    """A copy of the package as it is installed, with the engine's file in it."""
    package = tmp_path / "allegedly"
    installed = Path(allegedly.__file__).parent
    shutil.copytree(installed, package, ignore=shutil.ignore_patterns("__pycache__", "weights"))
    (package / "builders" / "engines" / "backward.py").write_text(ENGINE)
    return tmp_path


@pytest.fixture
def other_package(tmp_path):
    """A package of another name, with its entry point."""
    (tmp_path / "backward-1.0.dist-info").mkdir()
    (tmp_path / "backward_engine.py").write_text(ENGINE)
    metadata = {
        "METADATA": "Metadata-Version: 2.1\nName: backward\nVersion: 1.0\n",
        "entry_points.txt": "[allegedly.engines]\nbackward = backward_engine\n",
    }
    for name, text in metadata.items():
        (tmp_path / "backward-1.0.dist-info" / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("place", ["copy", "other_package"])
def test_one_file_is_an_engine(place, request):
    path = request.getfixturevalue(place)
    assert run(path, "-c", PROGRAM, "backward", "backward://here:1") == PRINTED
    listed = run(path, "-m", "allegedly", "list", "engines")
    assert {line.split()[0] for line in listed.splitlines()[1:]} == {"backward", "local", "ray", "spark"}


def test_names_and_addresses():
    for spec, name, address in (
        ("local", "local", None),
        ("ray", "ray", None),
        ("ray://10.0.0.1:6379", "ray", "ray://10.0.0.1:6379"),
        ("spark://10.0.0.1:7077", "spark", "spark://10.0.0.1:7077"),
    ):
        plugin, found = engine(spec)
        assert (plugin.__name__.rpartition(".")[2], found) == (name, address)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("sparc", "unknown engine 'sparc'; did you mean 'spark'? Known: local, ray, spark."),
        (
            "spork://a:1",
            "unknown engine 'spork://'; did you mean 'spark://'? Known: local, ray, ray://, spark, spark://.",
        ),
    ],
)
def test_unknown_engines_are_told_with_the_known_ones(spec, message):
    with pytest.raises(UsageError) as caught, started(spec, workers=1, memory=1 << 30):
        pass
    assert str(caught.value) == message


@pytest.mark.parametrize(("name", "library"), [("ray", "ray"), ("spark", "pyspark")])
def test_a_missing_extra_is_told_with_the_command_that_brings_it(name, library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as caught, started(name, workers=1, memory=1 << 30):
        pass
    expected = f"the engine '{name}' needs {library}, which is not installed: pip install \"allegedly[{name}]\""
    assert str(caught.value) == expected


def test_spark_without_java(require_engine, monkeypatch, tmp_path):
    require_engine("spark")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="needs Java 17 or later, and there is no `java` on the path; install one"):
        start("spark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"there is no `java` in JAVA_HOME \("):
        start("spark")


@pytest.mark.parametrize("name", ["ray", "spark"])
def test_an_address_where_nothing_answers(name, require_engine):
    require_engine(name)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"{name}://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(DataError, match=rf"answers at {address} \(Connection refused\): start one with "):
            start(address)
    with pytest.raises(
        UsageError, match=f"the engine's address '{name}://nowhere' is none: expected {name}://HOST:PORT"
    ):
        start(f"{name}://nowhere")


def start(spec):
    with started(spec, workers=1, memory=1 << 30):
        raise AssertionError("it started")
