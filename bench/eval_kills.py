"""Runs of `eval --out` that are killed at random moments: is the report that stands whole, old or new, and the next run right?

Conventions: a report of one system stands in place; each round forks a run of another system over it and kills it with
SIGKILL after a random part of the time that a whole run takes, every second time within the last tenth, where it writes.
What stands must be the old report or the new one, byte for byte; then the run is made again, which must give the new
one, and leave nothing beside it. What was imported before is shared by all runs, so that they take no time of rounds.

    python bench/eval_kills.py RELEASE [--rounds 200] [--seed 0]
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from allegedly.cli import main as allegedly


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", help="folder of a release")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report"
        old, new = (tree(run(arguments.release, out, seed)) for seed in ("1", "2"))
        began = time.monotonic()
        run(arguments.release, out, "1")
        whole = time.monotonic() - began
        found: Counter[str] = Counter()
        for number in range(arguments.rounds):
            after = whole * (rng.uniform(0.9, 1.05) if number % 2 else rng.random())
            child = started(arguments.release, out, "2")
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
            killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0
            standing = tree(out)
            found["killed" if killed else "ended before"] += 1
            found["old stands" if standing == old else "new stands" if standing == new else "NEITHER STANDS"] += 1
            found["OTHER RESULT"] += tree(run(arguments.release, out, "2")) != new
            found["LEFT BESIDE IT"] += [path.name for path in out.parent.iterdir()] != ["report"]
            run(arguments.release, out, "1")
        print(f"{arguments.rounds} rounds, a run takes {whole:.2f} s: {dict(+found)}")


def started(release: str, out: Path, seed: str) -> int:
    """A run in a process of its own."""
    child = os.fork()
    if child == 0:
        with Path(os.devnull).open("w") as nowhere:
            sys.stdout = sys.stderr = nowhere
            argv = ["eval", release, "--system", "labeller:rules", "--task", "claim-detection", "--resamples", "100"]
            os._exit(allegedly([*argv, "--seed", seed, "--out", str(out)]))
    return child


def run(release: str, out: Path, seed: str) -> Path:
    """A run to its end; the folder."""
    code = os.waitstatus_to_exitcode(os.waitpid(started(release, out, seed), 0)[1])
    if code:
        raise SystemExit(f"a run ended with {code}")
    return out


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a report."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    for module in (
        "allegedly.evaluation",
        "allegedly.reporting",
        "allegedly.builders.labellers.rules",
        "pyarrow.parquet",
    ):
        __import__(module)
    main()
