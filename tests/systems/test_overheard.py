"""What a model says aside goes through our standard error: shown, whole, in order, and never obeyed."""

import io
import os
import shlex
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from allegedly import console
from allegedly.cli import main
from allegedly.eval import overheard
from allegedly.eval.hosting import Hosted
from allegedly.eval.options import Options
from allegedly.eval.overheard import Overheard
from allegedly.eval.system import Dead
from allegedly.eval.systems import command

from .hostile import REQUESTS, TASK

#: What would colour, erase, and be two commands of a log, in one write and in two.
SAID = r"\x1b[31mred\x9b\n::error::x\r::warning::y\n##[group]z\n:"
SPEAKERS = {
    "a program": "os.write(2, SAID); os.write(2, b':set-output name=a::b\\n')",
    "what it starts": "subprocess.run([sys.executable, '-c', f'import os; os.write(2, {SAID!r})'])",
    "Python": "print(SAID.decode('latin-1'), file=sys.stderr)",
    "a library": "logging.getLogger('x').error(SAID.decode('latin-1'))",
    "one that dies": "os.write(2, SAID + b':add-mask::y'); os.kill(os.getpid(), 9)",
}
BEGIN = f"import json, logging, os, subprocess, sys\nSAID = b'{SAID}'\n"
PROGRAM = "for line in sys.stdin: print(json.dumps({'id': json.loads(line)['id'], 'label': 'certain'}), flush=True)\n"


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A system that runs a line first: as a program, or as a callable."""
    monkeypatch.chdir(tmp_path)

    def write(kind, line):
        file = tmp_path / "spoken.py"
        if kind == "command":
            file.write_text(f"{BEGIN}{line}\n{PROGRAM}")
            return f"command:{shlex.quote(sys.executable)} {file}"
        file.write_text(f"{BEGIN}def predict(texts):\n    {line}\n    return ['certain'] * len(texts)\n")
        return "python:spoken:predict"

    return write


@contextmanager
def running(spec):
    """A program as a system, which ends with the block."""
    system = command.connect(spec.removeprefix("command:"), Options(timeout=30.0, retries=0))
    try:
        yield system
        system.finish()
    finally:
        system.close()


@pytest.mark.parametrize("kind", ["command", "python"])
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_what_a_model_writes_is_shown_and_not_obeyed(kind, speaker, model, root, capfd):
    asked = ["eval", str(root / "dataset"), "--task", TASK, "--resamples", "0", "--json", "--allow-circular"]
    code = main([*asked, "--system", model(kind, SPEAKERS[speaker])])
    assert code == (2 if speaker == "one that dies" else 0)
    # a carriage return passes, for bars; what follows it begins a line
    said = capfd.readouterr().err.replace("\r", "\n")
    assert not {"\x1b", "\x9b", "##["} & {*said, *(said[at : at + 3] for at in range(len(said)))}
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert "\\x1b[31mred" in said and ":\\x3aerror::x" in said and ":\\x3awarning::y" in said
    assert (":\\x3aadd-mask::y\n" in said) == (speaker == "one that dies")


@pytest.mark.parametrize(
    "line", ["print(SAID.decode('latin-1'), end='')", "os.write(1, SAID)", "os.system('printf ::x')"]
)
def test_what_a_callable_prints_is_not_obeyed_either(line, model, root, capfd):
    asked = ["eval", str(root / "dataset"), "--task", TASK, "--resamples", "0", "--json"]
    assert main([*asked, "--system", model("python", line)]) == 0
    said = capfd.readouterr().err.replace("\r", "\n")
    assert "\x1b" not in said and ":\\x3a" in said
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]


def test_nobody_hangs_who_says_much_and_nothing_of_it_is_lost(model, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    lines = "[print(number, 'x' * 200, file=sys.stderr) for number in range(20_000)]; os.write(2, b'the last')"
    with running(model("command", lines)) as system:
        assert system.answer(TASK, REQUESTS) == [{"label": "certain"}] * 4
    said = stream.getvalue().splitlines()
    assert [line.split()[0] for line in said] == [*map(str, range(20_000)), "the"]


@pytest.mark.parametrize("leaves", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_the_last_words_of_one_that_dies_stand_before_its_death_is_told(leaves, model, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    model("python", f"print('on its way out', end=''); os.write(2, b' of here'); {leaves}")
    system = Hosted("m", "spoken", "predict")
    try:
        with pytest.raises(Dead, match=r"its process (ended|was killed)"):
            system.answer(TASK, REQUESTS)
        assert stream.getvalue() == "on its way out of here\n"
    finally:
        system.close()


class Pieces(io.StringIO):
    """A stream that remembers how long what it took at once was."""

    def __init__(self):
        super().__init__()
        self.longest = 0

    def write(self, text):
        self.longest = max(self.longest, len(text))
        return super().write(text)


def test_a_line_without_end_is_not_kept(monkeypatch):
    stream = Pieces()
    monkeypatch.setattr(sys, "stderr", stream)
    aside = Overheard()
    for _ in range(100):
        os.write(aside.descriptor, b"x" * 50_000)
    os.write(aside.descriptor, b"\xff")
    aside.end()
    assert stream.getvalue() == "x" * 5_000_000 + "\\xff\n"
    assert stream.longest <= 2 * overheard.LONGEST


def test_what_a_model_leaves_running_holds_nobody_up(model, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    lines = "os.fork() or (os.setsid(), [(os.write(2, b'on and on\\n') or os._exit(0)) and 0 for _ in iter(int, 1)])"
    with running(model("command", f"signal = __import__('signal'); signal.alarm(60); {lines}")) as system:
        system.answer(TASK, REQUESTS)
        began = time.monotonic()
    assert time.monotonic() - began < 20
    assert "on and on\n" in sys.stderr.getvalue()


def test_a_fork_takes_no_lock_of_the_guard_along():
    """Workers of a build are forked while a model may be talking."""
    stream, over = io.StringIO(), threading.Event()
    guard = console.Guard(stream)

    def talk():
        while not over.is_set():
            guard.write("a" * 2_000)

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        for _ in range(20):
            child = os.fork()
            if not child:
                guard.write("b")
                os._exit(0)
            deadline = time.monotonic() + 20
            while os.waitpid(child, os.WNOHANG)[0] == 0:
                if time.monotonic() > deadline:
                    os.kill(child, 9)
                    os.waitpid(child, 0)
                    pytest.fail("a fork waits for a lock that nobody gives back")
                time.sleep(0.01)
    finally:
        over.set()
        talking.join()
