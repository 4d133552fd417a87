"""An engine is one file, in a copy of the installed package or in another package; and what is said of unknown ones."""

import json
import socket
import sys

import pytest
from plugin_copies import copied, example, installed

from allegedly.builders.engines._lookup import engine, started
from allegedly.schemas.errors import DataError, UsageError

SOURCE = example("An engine")


def site(how, folder):
    """A copy of the package with the engine of CONTRIBUTING, or a small package that brings it; and an article."""
    (folder / "a.txt").write_text("The harbour closed at noon.\n", encoding="utf-8")
    if how == "dropped in":
        return copied(folder, "builders/engines", "backward", SOURCE)
    return installed(folder, "engines", "backward", SOURCE)


@pytest.mark.parametrize("how", ["dropped in", "another package"])
def test_one_file_is_an_engine(how, tmp_path):
    made = site(how, tmp_path)
    listed = {row["name"] for row in json.loads(made.run("list", "engines", "--json"))}
    assert listed == {"backward", "local", "ray", "spark"}
    for out, spec in (("first", "backward"), ("second", "backward://here:1"), ("third", "local")):
        made.run("build", "a.txt", "--out", out, "--labellers", "none", "--engine", spec)
    releases = [
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        for out in (tmp_path / "first", tmp_path / "second", tmp_path / "third")
    ]
    assert len(releases[0]) >= 5
    assert releases[0] == releases[1] == releases[2]
    assert "unknown engine 'backwards'; did you mean 'backward'?" in made.run(
        "build", "a.txt", "--out", "fourth", "--engine", "backwards", code=2
    )


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
