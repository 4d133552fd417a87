"""Builds that are killed at random moments: is the old release whole, is any process left, is the result the same?

Conventions: a release of the same articles stands in place, built with another salt. Each round starts a build over it and
kills, after a random part of the time that a whole build takes, the leader, one of its workers, or the whole group. After
five seconds at most no process may be left; what stands must load as the old release or the new one. Then the build is run
again: its release must be the undisturbed one, byte for byte. Last, a build is killed when it has used half of the CPU
seconds of a whole one, and those of the run after it are taken.

    python bench/kills.py FOLDER [--rounds 50] [--workers 2] [--labellers rules] [--seed 0]
"""

import argparse
import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from allegedly.builders.release.load import checked

PATIENCE = 5.0
PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="articles to build")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--labellers", default="rules")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        builds = Builds(arguments.folder, Path(folder), arguments.workers, arguments.labellers)
        whole = builds.timed("new")
        new = builds.tree()
        builds.timed("old")
        old = builds.tree()
        print(f"an undisturbed build takes {whole:.1f} s")
        found: Counter[str] = Counter()
        for number in range(arguments.rounds):
            whom = ("group", "leader", "worker")[number % 3]
            found.update(round_(builds, whom, rng.uniform(0, whole), (old, new)))
        print(f"{arguments.rounds} kills: {dict(found)}")
        print(f"killed at half of its work, the next run takes {half(builds, whole):.2f} of an undisturbed one")


class Builds:
    """Builds of the same articles into the same folder; a salt tells releases apart."""

    def __init__(self, articles: Path, folder: Path, workers: int, labellers: str) -> None:
        self.out = folder / "release"
        self.articles, self.workers, self.labellers = articles, workers, labellers

    def start(self, salt: str) -> "subprocess.Popen[bytes]":
        argv = [sys.executable, "-m", "allegedly", "build", str(self.articles), "--out", str(self.out), "--salt", salt]
        argv += ["--workers", str(self.workers), "--labellers", self.labellers]
        return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def timed(self, salt: str) -> float:
        """Seconds that a whole build takes."""
        began = time.monotonic()
        process = self.start(salt)
        told = process.communicate()[1].decode(errors="replace")
        if process.returncode:
            raise SystemExit(f"a build of {self.articles} ended with {process.returncode}: {told[-2000:]}")
        return time.monotonic() - began

    def tree(self) -> dict[str, bytes]:
        """All files of the release."""
        return {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}


def round_(builds: Builds, whom: str, after: float, known: tuple[dict[str, bytes], dict[str, bytes]]) -> list[str]:
    """One kill, and what was found of it."""
    process = builds.start("new")
    time.sleep(after)
    below = descendants(process.pid)
    if whom == "worker":
        if below:
            kill(random.Random(after).choice(below))
        process.wait()
    else:
        if whom == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
    until = time.monotonic() + PATIENCE
    while any(map(alive, below)) and time.monotonic() < until:
        time.sleep(0.02)
    notes = [f"{whom} killed"]
    notes += ["PROCESS LEFT"] if any(map(alive, below)) else []
    checked(builds.out)  # DataError where a file is not as the manifest says
    standing = builds.tree()
    notes.append("new stands" if standing == known[1] else "old stands" if standing == known[0] else "NEITHER STANDS")
    if whom == "worker":
        notes += [] if process.returncode == 0 else ["BUILD FAILED"]
    builds.timed("new")
    notes += [] if builds.tree() == known[1] else ["OTHER RESULT"]
    notes += [f"LEFT {path.name}" for path in builds.out.parent.iterdir() if path != builds.out]
    builds.timed("old")
    return notes


def half(builds: Builds, _: float) -> float:
    """The CPU time of the run after one that was killed at half of its work, as a part of a whole one."""
    whole = spent(lambda: builds.timed("new"))
    builds.timed("old")

    def killed() -> None:
        process, began = builds.start("new"), time.monotonic()
        while process.poll() is None and working(process.pid) < whole / 2 and time.monotonic() < began + 600:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    spent(killed)
    return spent(lambda: builds.timed("new")) / whole


def spent(run: Callable[[], object]) -> float:
    """CPU seconds of a run and of all that it started; workers whose parent was killed are this process's children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def working(pid: int) -> float:
    """CPU seconds so far of a process, of those below it, and of their ended children."""
    ticks = 0
    for each in (pid, *descendants(pid)):
        try:
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """The processes below one."""
    try:
        direct = list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []
    return [each for child in direct for each in (child, *descendants(child))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
