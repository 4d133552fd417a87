"""Workers: what ends a worker ends one item; its neighbours are neither lost nor doubled, and order stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allegedly.builders.sources.limits import Limits, OutOfTime
from allegedly.builders.sources.workers import Failed, guarded
from allegedly.schemas.errors import DataError

LIMITS = Limits(seconds=0.25, memory=200 << 20)


def task(item, beat):
    """What the item says."""
    match item:
        case "sleep":
            time.sleep(60)
        case "spin":
            while True:
                pass
        case "beats":
            for _ in range(6):
                until = time.process_time() + 0.1
                while time.process_time() < until:
                    pass
                beat()
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(3)
        case "exit":
            sys.exit(4)
        case "allocate":
            return len(bytearray(1 << 30))
        case "raise":
            raise ValueError(f"found {object()}")
        case "recurse":
            return task("recurse", beat)
        case "usage":
            raise DataError("stop all")
    return item, os.getpid()


def outcomes(items, **options):
    found = list(guarded(task, items, limits=LIMITS, **options))
    assert [item for item, _ in found] == list(items)
    return [result for _, result in found]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("killer", "rule", "reason"),
    [
        ("spin", "time-limit", "took longer than the limit of 0.25 seconds; raise `seconds` to wait longer"),
        ("segfault", "crashed", "ended its worker process by SIGSEGV"),
        ("leave", "crashed", "ended its worker process with exit code 3"),
        ("exit", "fault", "could not be processed: SystemExit: 4"),
        (
            "allocate",
            "memory-limit",
            "needed more memory than the limit of 209715200 bytes; split it into smaller files",
        ),
        ("raise", "fault", "could not be processed: ValueError: found <object object at 0x…>"),
        ("recurse", "nesting-limit", "is nested too deeply to be read"),
    ],
)
def test_killer_fails_alone(killer, rule, reason, workers):
    items = [*range(5), killer, *range(5, 40), killer, 40]
    results = outcomes(items, workers=workers)
    assert [result[0] for item, result in zip(items, results, strict=True) if item != killer] == list(range(41))
    failed = [result for item, result in zip(items, results, strict=True) if item == killer]
    assert [(f.rule, f.reason) for f in failed] == [(rule, reason)] * 2


def test_waiting_is_cut_off_too():
    items = [1, "sleep", 2]
    results = outcomes(items)
    assert [results[0][0], results[1].rule, results[2][0]] == [1, "time-limit", 2]


def test_each_killer_after_the_other():
    killers = ["segfault", "leave", "spin", "segfault", "allocate"]
    assert all(isinstance(result, Failed) for result in outcomes(killers, workers=2))


def test_beats_reset_the_clock():
    assert outcomes(["beats"])[0][0] == "beats"


def test_order_and_processes():
    results = outcomes(range(3000), workers=2)
    assert [result[0] for result in results] == list(range(3000))
    assert os.getpid() not in {result[1] for result in results}


def test_no_items():
    assert outcomes([]) == []


def test_large_items_and_results():
    items = [bytes([n]) * 300_000 for n in range(30)]
    assert [r for _, r in guarded(lambda item, _: item * 3, items, workers=2)] == [item * 3 for item in items]


def test_usage_and_data_errors_end_the_run():
    with pytest.raises(DataError, match="stop all"):
        outcomes([1, "usage", 2])


def test_faults_of_the_items_pass_through():
    def items():
        yield 1
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        list(guarded(task, items()))


def children() -> set[str]:
    return {path.parent.name for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == str(os.getpid())}


def _parent(path: Path) -> str:
    try:
        return path.read_text().rpartition(")")[2].split()[1]
    except OSError:
        return ""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_closing_early_leaves_no_process():
    before = children()
    found = guarded(task, iter(range(1000)), workers=2)
    next(found)
    assert len(children() - before) == 2
    found.close()
    assert children() == before


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_die_with_their_parent(tmp_path):
    program = """
import os, time
from allegedly.builders.sources.workers import guarded
def task(item, beat):
    print(os.getpid(), flush=True)
    time.sleep(30)
next(guarded(task, [1]))
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent")


def test_interrupt_is_clean():
    program = """
import signal
import time
from allegedly.builders.sources.workers import guarded
# a job in the background inherits a SIGINT that is ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
def task(item, beat):
    print("at work", flush=True)
    time.sleep(30)
try:
    list(guarded(task, [1, 2], workers=2))
except KeyboardInterrupt:
    print("interrupted")
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    parent.stdout.readline()
    os.killpg(parent.pid, signal.SIGINT)
    out, err = parent.communicate(timeout=10)
    assert out.endswith("interrupted\n")
    assert err == ""


def test_little_is_imported_before_the_fork():
    program = "import sys; import allegedly.builders.sources.workers; print([m for m in sys.modules if m in %r])"
    heavy = ["numpy", "pyarrow", "trafilatura", "lxml", "datasets", "ctypes"]
    out = subprocess.run([sys.executable, "-c", program % heavy], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(("kills", "rule"), [(1, None), (2, None), (3, "crashed")])
def test_a_worker_killed_from_outside_is_tried_again(kills, rule, tmp_path):
    tries = tmp_path / "tries"

    def task(item, beat):
        if item == 1:
            with tries.open("a") as file:
                file.write("x")
            if len(tries.read_text()) <= kills:
                os.kill(os.getpid(), signal.SIGKILL)
        return item

    results = dict(guarded(task, range(3), limits=LIMITS))
    assert (results[0], results[2]) == (0, 2)
    assert getattr(results[1], "rule", None) == rule


def test_what_was_killed_twice_is_tried_with_nothing_else_at_work(tmp_path):
    """Two at once need too much memory: one at a time, each comes through."""

    def task(item, beat):
        if item not in (3, 4):
            return item
        mine = tmp_path / f"at-work-{item}-{os.getpid()}"
        mine.touch()
        until = time.monotonic() + 0.1
        while time.monotonic() < until:
            others = [path for path in tmp_path.glob("at-work-*") if path != mine]
            if any(Path(f"/proc/{path.name.rpartition('-')[2]}").exists() for path in others):
                time.sleep(0.02)  # long enough for the other to see us
                os.kill(os.getpid(), signal.SIGKILL)
        mine.unlink()
        return item

    results = list(guarded(task, range(8), workers=2, limits=Limits(seconds=5)))
    assert results == [(item, item) for item in range(8)]


@pytest.mark.parametrize("swallows", [False, True])
def test_late_work_may_cost_a_record_and_not_the_item(swallows):
    def late():
        while True:
            if swallows:
                try:
                    sum(range(1000))
                except Exception:
                    continue

    def task(item, beat):
        values = []
        for record in range(3):
            beat()
            try:
                values.append(late() if record == 1 else record)
            except OutOfTime as refused:
                values.append(refused.rule)
        return values

    (result,) = [result for _, result in guarded(task, ["item"], limits=LIMITS)]
    if swallows and isinstance(result, Failed):
        assert result.rule == "time-limit"  # what takes every exception is ended by the kernel
    else:
        assert result == [0, "time-limit", 2]
