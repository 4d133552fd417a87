"""Peak memory of a build at n and at 10 n articles: it should hardly grow.

Conventions: articles are made of random words, so that none is near another; peak memory is the largest of the process
and of each of its children, in MiB, as the kernel counts it.

    python bench/memory.py [--articles N] [--labellers NAME]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = """
import resource, sys
from allegedly.builders.build import build
build(sys.argv[1], sys.argv[2], labellers=sys.argv[3])
print(*(resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--labellers", default="rules")
    arguments = parser.parse_args()
    peaks = []
    for count in (arguments.articles, 10 * arguments.articles):
        with tempfile.TemporaryDirectory() as folder:
            peaks.append(peak(Path(folder), count, arguments.labellers))
        print(f"{count:>8} articles: builder {peaks[-1][0]:.0f} MiB, largest worker {peaks[-1][1]:.0f} MiB")
    print(f"ratio: builder {peaks[1][0] / peaks[0][0]:.2f}, largest worker {peaks[1][1] / peaks[0][1]:.2f}")


def peak(folder: Path, count: int, labellers: str) -> tuple[float, float]:
    """Peak memory of the builder and of its largest worker."""
    write(folder / "news", count)
    argv = [sys.executable, "-c", BUILD, str(folder / "news"), str(folder / "out"), labellers]
    found = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
    return float(found[-2]), float(found[-1])


def write(folder: Path, count: int, a_file: int = 50) -> None:
    """Articles of 200 random words in sentences of ten, fifty in a file of JSON Lines."""
    rng = random.Random(0)
    folder.mkdir()
    for start in range(0, count, a_file):
        with (folder / f"{start:08d}.jsonl").open("w", encoding="utf-8") as file:
            for at in range(start, min(start + a_file, count)):
                words = [rng.choice(WORDS) + str(rng.randrange(1000)) for _ in range(200)]
                text = " ".join(f"The mayor said {' '.join(words[i : i + 10])}." for i in range(0, 200, 10))
                file.write(json.dumps({"id": str(at), "text": text}) + "\n")


WORDS = ("harbour", "council", "bridge", "budget", "river", "school", "ferry", "market", "strike", "verdict")

if __name__ == "__main__":
    main()
