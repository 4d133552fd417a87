"""Programs that do what nobody should: each ends in time, with what it started, and the cause is said."""

import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from allegedly.eval import running
from allegedly.eval.cache import Cache
from allegedly.eval.options import Options
from allegedly.eval.system import UNANSWERED, Dead, Declined
from allegedly.eval.systems import _program, command
from allegedly.schemas.errors import UsageError

from .hostile import NAMES, REQUESTS, TASK

START = """
import json, os, sys, time
def say(name, label="certain", **more):
    print(json.dumps({"id": name, "label": label, **more}), flush=True)
"""
EACH = "for line in sys.stdin:\n    name = json.loads(line)['id']\n"
WHOLE = f"{EACH}    say(name)\n"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program of some lines as a system; its lines may be a mebibyte long."""
    monkeypatch.setattr(_program, "LARGEST", 1 << 20)
    started = []

    def start(lines, **given):
        file = tmp_path / "program.py"
        file.write_text(START + lines)
        options = Options(**{"timeout": 1.5, "retries": 0} | given)
        started.append(command.connect(f"{shlex.quote(sys.executable)} {file} {tmp_path}", options))
        return started[-1]

    yield start
    for system in started:
        system.close()


def run(system, requests=REQUESTS, **options):
    """A whole run over some items."""
    with Cache(None) as cache:
        answers = running.ask(system, TASK, requests, spec="m", options=system.options, cache=cache, **options)
    system.finish()
    return answers


LAST = NAMES[-1]
REFUSED = {
    "a second answer for the first": (
        f"{WHOLE}    if name == {NAMES[0]!r}: say(name)\n",
        f"two answers for .{NAMES[0]}",
    ),
    "another answer for the last": (f"{WHOLE}    if name == {LAST!r}: say(name, 'speculative')\n", "two answers for"),
    "the same a moment later": (f"{WHOLE}    if name == {LAST!r}: time.sleep(0.3); say(name)\n", "two answers for"),
    "the same at the end": (f"{WHOLE}say({LAST!r}, 'speculative')\n", "two answers for"),
    "a stranger": (f"{EACH}    say('x:0')\n", '"x:0", which was not asked for'),
    "a stranger at the end": (f"{WHOLE}say('x:0')\n", "x:0"),
    "a number as id": (f"{EACH}    say(7)\n", "an answer for 7, which"),
    "a list as id": (f"{EACH}    say([name])\n", "which was not asked for"),
    "no id": (f"{EACH}    print('{{}}', flush=True)\n", "an answer for null, which"),
    "no object": (f"{EACH}    print('[1]', flush=True)\n", "expected a JSON object a line"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_answers_that_nobody_asked_for_are_refused(program, case):
    lines, message = REFUSED[case]
    with pytest.raises(UsageError, match=message) as caught:
        run(program(lines))
    assert not isinstance(caught.value, Dead)


FAILS = {
    "reads to the end of its input": (
        "lines = sys.stdin.read()\n",
        "must flush each line .* must not wait for the end",
    ),
    "empty lines without end": ("while True: print(flush=True)\n", "no answer in 1.5 seconds"),
    "a line without end": ("while True: sys.stdout.write('x' * 65536)\n", "a line of more than 1 MiB"),
    "no JSON": ("print('Loading the model')\ntime.sleep(60)\n", "no JSON .*Loading the model"),
    "NaN": (f"{EACH}    say(name, score=float('nan'))\n", "NaN is no JSON"),
    "a key twice": (f'{EACH}    print(\'{{"id": 1, "id": 2}}\', flush=True)\n', "stands twice in one object"),
    "bytes that are no UTF-8": ("os.write(1, b'\\xff\\xfe{\\n'); time.sleep(60)\n", "no JSON"),
    "nesting": ("print('[' * 200_000); time.sleep(60)\n", "nested too deeply"),
    "ends at once": ("sys.exit(0)\n", "died with exit code 0"),
    "kills itself": ("os.kill(os.getpid(), 9)\n", "died with exit code -9"),
    "closes its output": ("os.close(1); time.sleep(60)\n", "closed its output"),
    "closes its input": ("os.close(0); time.sleep(60)\n", "no answer in"),
    "holds its output open by a child": ("os.fork() and os._exit(5); time.sleep(60)\n", "died with exit code 5"),
    "answers the half": (f"{EACH}    name < {NAMES[2]!r} and say(name)\n", f"seconds for {NAMES[2]}, {NAMES[3]};"),
}


@pytest.mark.parametrize("case", FAILS)
def test_a_program_that_cannot_answer_is_ended_in_time(program, case):
    lines, message = FAILS[case]
    system, began = program(lines), time.monotonic()
    with pytest.raises(Declined, match=message):
        system.answer(TASK, REQUESTS)
    assert time.monotonic() - began < 40  # 1.5 seconds, on a machine that serves others; what hangs sleeps a minute
    assert system.program is None


def test_what_it_started_ends_with_it(program, tmp_path):
    child = f"if os.fork() == 0:\n    open(sys.argv[1] + '/child', 'w').write(str(os.getpid()))\n    time.sleep(60)\n{WHOLE}"
    system = program(child)
    system.answer(TASK, REQUESTS)
    file = tmp_path / "child"
    while not (file.exists() and file.read_text()):
        time.sleep(0.02)
    system.close()
    deadline = time.monotonic() + 40
    while _runs(int(file.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(process):
    """Whether a process runs; one that has ended, of which nobody has asked the exit code, does not."""
    try:
        os.kill(process, 0)
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize(
    "lines",
    [
        f"for n in range(20_000): print('warning', n, file=sys.stderr)\n{WHOLE}",
        f"{WHOLE}    print(flush=True)\nprint('4 answered')\n",
        f"{EACH}    sys.stdout.write(json.dumps({{'id': name, 'label': 'certain'}}) + '\\n')\n",
        f"names = [json.loads(sys.stdin.readline())['id'] for _ in range(4)]\nfor name in names[::-1]: say(name)\n{WHOLE}",
        f"{WHOLE}time.sleep(60)\n",
    ],
    ids=["talks on standard error", "talks at the end", "does not flush", "in another order", "does not end"],
)
def test_what_is_odd_is_read(program, lines, capfd):
    began = time.monotonic()
    assert run(program(lines)) == [{"label": "certain"}] * 4
    assert time.monotonic() - began < 40


@pytest.mark.parametrize("poison", [0, 1, 3])
def test_one_item_that_kills_the_program_is_an_abstention(program, poison, monkeypatch):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)
    told = []
    answers = run(program(f"{EACH}    name == {NAMES[poison]!r} and sys.exit(3)\n    say(name)\n"), say=told.append)
    assert [answer is UNANSWERED for answer in answers] == [number == poison for number in range(4)]
    assert len(told) == 1 and "died with exit code 3" in told[0] and NAMES[poison] in told[0]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("'unclosed", "No closing quotation"),
        ("", "no such program"),
        ("a\0b", "no such program"),
        ("/tmp", "no such program"),
    ],
)
def test_what_cannot_be_started_is_refused(target, message):
    with pytest.raises(UsageError, match=message):
        command.connect(target, Options())


def test_a_file_that_is_no_program(tmp_path):
    file = tmp_path / "model"
    file.write_bytes(b"\x7fELF nothing")
    file.chmod(0o755)
    with pytest.raises(UsageError, match="cannot be started: Exec format error"):
        run(command.connect(str(file), Options(retries=0)))
