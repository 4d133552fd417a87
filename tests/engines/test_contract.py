"""Every engine: results in the order of the shards, drawn as needed, errors as themselves, dead processes replaced."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tasks_of_the_tests import Mortal, forking, refused, slow_at_first, squared

from allegedly.schemas.errors import DataError, UsageError

HERE = Path(__file__).parent
ENGINES = ["local", pytest.param("ray", marks=pytest.mark.slow), pytest.param("spark", marks=pytest.mark.slow)]
#: Shards drawn ahead of the result that comes next: a few hundred, whatever the engine.
AHEAD = 600


def every(test):
    return pytest.mark.parametrize("running", ENGINES, indirect=True)(test)


@every
def test_results_come_in_the_order_of_the_shards(running, tmp_path):
    assert list(running.map(slow_at_first, range(40), work=tmp_path)) == list(range(40))


@every
def test_no_shards_give_no_results(running, tmp_path):
    assert list(running.map(squared, [], work=tmp_path)) == []


@every
def test_shards_are_drawn_as_they_are_needed(running, tmp_path):
    drawn = []

    def shards():
        for number in range(10**6):
            drawn.append(number)
            yield number

    results = running.map(squared, shards(), work=tmp_path)
    assert drawn == []
    assert next(results) == (0, 0)
    assert 0 < len(drawn) <= AHEAD
    for number in range(1, 50):
        assert next(results) == (number, number * number)
    assert len(drawn) <= AHEAD + 50
    results.close()
    assert list(running.map(squared, [7], work=tmp_path)) == [(7, 49)]


@every
@pytest.mark.parametrize(
    ("shard", "kind", "message"),
    [
        (1, UsageError, "the recipe says nothing"),
        (2, DataError, "the disk is full"),
        (3, RuntimeError, "shard 3 could not be processed: ValueError: 3 is odd"),
        (4, RuntimeError, "shard 4 could not be processed: SystemExit: 4 leaves"),
    ],
)
def test_errors_end_the_run(running, shard, kind, message, tmp_path):
    results = running.map(refused, [0, 5, shard, 6], work=tmp_path)
    assert [next(results), next(results)] == [0, 5]
    with pytest.raises((UsageError, DataError, RuntimeError)) as caught:
        next(results)
    assert (type(caught.value), str(caught.value)) == (kind, message)
    if kind is RuntimeError:
        assert "tasks_of_the_tests.py" in caught.value.__notes__[0]


@every
def test_a_task_whose_process_died_is_run_again(running, tmp_path):
    assert list(running.map(Mortal(str(tmp_path), times=1), range(8), work=tmp_path)) == list(range(8))
    assert (tmp_path / "runs").read_text() == ".."


@every
def test_a_shard_that_ends_every_process_ends_the_run(running, tmp_path):
    with pytest.raises(
        RuntimeError, match=r"^shard 3 could not be processed: its process died whenever it was tried: .+"
    ):
        list(running.map(Mortal(str(tmp_path), times=99), range(8), work=tmp_path))
    assert (tmp_path / "runs").read_text() == "..."


@every
def test_tasks_run_in_the_main_thread_and_may_fork(running, tmp_path):
    results = list(running.map(forking, range(3), work=tmp_path))
    assert results == [([item * number for item in range(5)], True) for number in range(3)]


JOB = """
import sys
from pathlib import Path
from allegedly.builders.engines._lookup import started
from allegedly.schemas.errors import DataError
from tasks_of_the_tests import Mortal, Written, refused

name, folder = sys.argv[1:]
with started(name, workers=2, memory=1 << 30) as engine:
    for path, size in engine.map(Written(folder), range(20), work=Path(folder)):
        print(Path(path).name, size)
    print(*engine.map(Mortal(folder, times=1), range(5), work=Path(folder)))
    try:
        list(engine.map(refused, [2], work=Path(folder)))
    except DataError as error:
        print(error)
"""


def job(name, folder):
    """What a small job in a process of its own prints and writes."""
    folder.mkdir()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-W", "error", "-c", JOB, name, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["ray", "spark"])
def test_an_extra_gives_what_local_gives(name, require_engine, tmp_path):
    """What `make test` asks of each: files, a process that dies, an error, and not a word beside."""
    require_engine(name)
    printed, written = job("local", tmp_path / "local")
    assert printed.splitlines()[:2] == ["0.txt 0", "1.txt 2"] and printed.endswith("0 1 2 3 4\nthe disk is full\n")
    assert len(written) == 21
    assert job(name, tmp_path / name) == (printed, written)
