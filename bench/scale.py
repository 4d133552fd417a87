"""What a build costs as the number of articles grows, and beside datatrove on the same files.

Conventions: articles are short (about 60 words), made from a seed, 1,000 to a file of JSON Lines; a few in a hundred are
exact copies or near duplicates of an earlier one of their file or of another file. Memory is in MiB: `largest` the
highest resident size that the kernel notes for one process, `tree` the highest sum over all processes of a run, shared
pages counted once (PSS), looked at five times a second. CPU seconds are those of the whole tree. Ratios stand beside
the first size; those with datatrove are ours over theirs.

    python bench/scale.py [--sizes 20000,200000,2000000] [--workers N] [--memory 1GiB] [--engine NAME]
    python bench/scale.py --sizes 20000 --peer PYTHON [--lid FILE]     # PYTHON has datatrove 0.10
    python bench/scale.py --write FOLDER --sizes 20000                 # the articles alone
"""

import argparse
import ctypes
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

HERE = Path(__file__).parent
A_FILE = 1_000
#: Of a hundred articles so many are exact copies, and near duplicates (one word in twenty changed).
COPIES, NEAR = 2, 2
#: How often processes are looked at, and how much is on disk, in seconds.
LOOK, LOOK_AT_DISK = 0.2, 2.0
#: How long processes that a run left behind may take to end, in seconds.
PATIENCE = 20
PR_SET_CHILD_SUBREAPER = 36
#: Where a build's stages leave what they make.
WORK = ".release.work"
#: The sizes that the table of stages is drawn out to, and a machine's processors there.
LARGE, PROCESSORS = (10**7, 10**8, 10**9), 16
MIB = 1 << 20


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


NOUNS = words(
    """harbour council bridge budget river school ferry market strike verdict museum station parish tunnel orchard factory
    theatre reservoir library airport canal brewery quarry stadium hospital vineyard archive lighthouse garden warehouse
    railway cathedral laboratory courthouse festival committee union tribunal ministry embassy foundation academy
    shipyard refinery plantation cooperative observatory greenhouse monastery barracks"""
)
ADJECTIVES = words(
    """northern coastal disputed former annual local rural public temporary restored crowded quiet western planned narrow
    ancient private damaged vacant modern southern shared costly popular remote regional municipal empty famous
    forgotten"""
)
VERBS = words(
    """opened closed delayed approved rejected repaired flooded expanded inspected funded sold rented renamed surveyed
    visited guarded cleared painted rebuilt measured supplied cancelled welcomed promised examined reported"""
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[20_000, 200_000, 2_000_000]
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--memory", help="what each process may hold (default: the build's)")
    parser.add_argument("--engine", help="where tasks run (default: the build's)")
    parser.add_argument("--peer", metavar="PYTHON", help="an interpreter with datatrove, to run it on the same files")
    parser.add_argument("--lid", type=Path, metavar="FILE", help="lid.176.bin; without it a stand-in of its size")
    parser.add_argument("--table", action="store_true", help="print what each stage used, and larger sizes from it")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the articles there, and nothing more")
    parser.add_argument("--folder", type=Path, help="where the work goes (default: a temporary folder)")
    arguments = parser.parse_args()
    if arguments.write is not None:
        write(arguments.write, arguments.sizes[0])
        return
    adopt()
    print(f"{'run':28}{'articles':>10}{'kept':>10}{'wall s':>9}{'articles/s':>11}{'CPU ms/art.':>12}", end="")
    print(f"{'largest':>9}{'tree':>8}{'disk MB':>9}")
    first: Cost | None = None
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            cost = measured(Path(folder), size, arguments)
        first = first or cost
        print(
            f"{f'{size // first.articles}x the articles':28}time an article {cost.wall_each / first.wall_each:.2f}, "
            f"CPU {cost.cpu_each / first.cpu_each:.2f}, largest process {cost.largest / first.largest:.2f}, "
            f"tree {cost.tree / first.tree:.2f}",
            flush=True,
        )
    if arguments.table:
        table(cost)


def table(cost: "Cost") -> None:
    """What each stage used an article in the last run, and what the sum comes to at sizes that nobody ran here."""
    print(f"\n| stage | CPU ms | kB read | kB written | kB held | files |\n|---|{'---:|' * 5}")
    sums = Usage()
    for name, stage in cost.stages.items():
        row(name, stage, cost.articles)
        for key in ("cpu", "read", "written", "held", "files"):
            setattr(sums, key, getattr(sums, key) + getattr(stage, key))
    row("all", sums, cost.articles)
    print(f"\n| articles | machine hours ({PROCESSORS} processors) | disk GB | read GB | files |\n|---|{'---:|' * 4}")
    for size in LARGE:
        times = size / cost.articles
        hours = sums.cpu * times / PROCESSORS / 3600
        print(
            f"| {size:,} | {hours:,.1f} | {cost.disk * times / 1e3:,.0f} | {sums.read * times / 1e9:,.0f} "
            f"| {cost.files * times:,.0f} |"
        )


def row(name: str, stage: "Usage", articles: int) -> None:
    """A stage's line: each number an article, but for the files."""
    numbers = (stage.cpu * 1e6, stage.read, stage.written, stage.held)
    print(f"| {name} | {' | '.join(f'{number / articles / 1e3:.3f}' for number in numbers)} | {stage.files} |")


def measured(folder: Path, size: int, arguments: argparse.Namespace) -> "Cost":
    """Our build on so many articles, and the peer on the same."""
    write(folder / "news", size)
    flags = [f"--{name}={value}" for name in ("memory", "engine") if (value := getattr(arguments, name))]
    build = [sys.executable, "-m", "allegedly", "build", "news", "--out", "release", "--labellers", "none", *flags]
    build += ["--duplicates", "drop-near", "--workers", str(arguments.workers)]
    ours = watched(build, folder, size)
    kept = sum(json.loads((folder / "release" / "manifest.json").read_text())["counts"]["articles"].values())
    ours.show("allegedly build", kept)
    if arguments.peer:
        theirs, kept = peer(folder, size, arguments)
        theirs.show("datatrove", kept)
        print(
            f"{'ours / theirs':28}articles a second {theirs.wall / ours.wall:.2f}, CPU {ours.cpu / theirs.cpu:.2f}, "
            f"largest process {ours.largest / theirs.largest:.2f}, tree {ours.tree / theirs.tree:.2f}",
            flush=True,
        )
    return ours


def peer(folder: Path, size: int, arguments: argparse.Namespace) -> tuple["Cost", int]:
    """datatrove on the same files, and how many articles it kept."""
    script = [arguments.peer, str(HERE / "datatrove_peer.py")]
    model = arguments.lid
    if model is None:
        model = folder / "language.bin"
        subprocess.run([*script, "train", str(folder / "news"), str(model)], check=True)
    options = ["--model", str(model), "--workers", str(arguments.workers), "--tasks", str(tasks(size, arguments))]
    cost = watched([*script, "run", str(folder / "news"), "datatrove", *options], folder, size)
    return cost, int(cost.printed.split()[-1])


def tasks(size: int, arguments: argparse.Namespace) -> int:
    """datatrove's tasks: 50,000 articles each, so that signatures that are sorted in memory stay small."""
    return max(arguments.workers, size // 50_000)


@dataclass
class Usage:
    """What a stage of a build used: CPU seconds, bytes that it read, wrote and left in the work folder, files there."""

    cpu: float = 0.0
    read: float = 0.0
    written: float = 0.0
    held: float = 0.0
    files: int = 0


@dataclass
class Cost:
    """What a run cost: seconds, MiB, MB on disk at the most."""

    articles: int
    wall: float = 0.0
    cpu: float = 0.0
    largest: float = 0.0
    tree: float = 0.0
    disk: float = 0.0
    files: int = 0
    printed: str = ""
    stages: dict[str, "Usage"] = field(default_factory=dict)

    @property
    def wall_each(self) -> float:
        """Seconds on the wall an article."""
        return self.wall / self.articles

    @property
    def cpu_each(self) -> float:
        """CPU seconds an article."""
        return self.cpu / self.articles

    def show(self, name: str, kept: int) -> None:
        """The line of a run."""
        print(
            f"{name:28}{self.articles:>10}{kept:>10}{self.wall:>9.1f}{1 / self.wall_each:>11.0f}"
            f"{self.cpu_each * 1e3:>12.3f}{self.largest:>9.0f}{self.tree:>8.0f}{self.disk:>9.1f}",
            flush=True,
        )


def watched(command: list[str], folder: Path, articles: int) -> Cost:
    """Runs a command in a folder and looks at its processes meanwhile."""
    cost = Cost(articles=articles)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    log = folder / "log.txt"
    held = on_disk(folder)[0]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=stream, text=True)
        ended = threading.Event()
        watcher = threading.Thread(target=watch, args=(folder, cost, ended))
        watcher.start()
        cost.printed = process.communicate()[0]
        cost.wall = time.monotonic() - started
        ended.set()
        watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{log.read_text()[-2000:]}")
    collect()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cost.disk = (max(cost.disk, on_disk(folder)[0]) - held) / 1e6
    return cost


def adopt() -> None:
    """Makes this process the parent of what a run leaves behind, so that its processor time is counted too."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def collect() -> None:
    """Waits for what a run left behind."""
    until = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(LOOK)
    except ChildProcessError:
        return


def watch(folder: Path, cost: Cost, ended: threading.Event) -> None:
    """Notes memory, disk and what each stage uses until the run has ended."""
    next_disk = 0.0
    before = (0.0, 0.0, 0.0)
    while not ended.wait(LOOK):
        processes = list(islice(tree(os.getpid()), 1, None))
        sizes = [memory(process) for process in processes]
        cost.largest = max([cost.largest, *(resident for resident, _ in sizes)])
        cost.tree = max(cost.tree, sum(share for _, share in sizes))
        now = tuple(map(sum, zip(*map(used, processes), strict=True))) or before
        stage = cost.stages.setdefault(stage_of(folder, cost), Usage())
        # a process that ended and was not waited for yet is missing for a moment
        stage.cpu, stage.read, stage.written = (
            total + max(0.0, later - earlier)
            for total, later, earlier in zip((stage.cpu, stage.read, stage.written), now, before, strict=True)
        )
        before = tuple(map(max, before, now))
        if time.monotonic() >= next_disk:
            look_at_disk(folder, cost)
            next_disk = time.monotonic() + LOOK_AT_DISK


def stage_of(folder: Path, cost: Cost) -> str:
    """The stage whose folder came last; the first ends with the second's folder."""
    new = [path.name for path in stage_folders(folder) if path.name not in cost.stages]
    return new[0] if new else next(reversed(cost.stages), "start")


def stage_folders(folder: Path) -> list[Path]:
    """The folders that a build's stages leave until the release stands."""
    return [path for path in (folder / WORK).glob("*") if path.is_dir()]


def look_at_disk(folder: Path, cost: Cost) -> None:
    """Notes what lies on the disk, by stage."""
    cost.disk = max(cost.disk, on_disk(folder)[0])
    for path in stage_folders(folder):
        stage = cost.stages.setdefault(path.name, Usage())
        held, files = on_disk(path)
        stage.held, stage.files = max(stage.held, held), max(stage.files, files)
    cost.files = max(cost.files, on_disk(folder / WORK)[1])


def used(pid: int) -> tuple[float, float, float]:
    """CPU seconds, bytes read and bytes written of a process and of the children that it waited for."""
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
        counts = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    except OSError:
        return 0.0, 0.0, 0.0
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), float(counts["rchar"]), float(counts["wchar"])


def tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from tree(int(child))
    except OSError:
        return  # it has just ended


def memory(pid: int) -> tuple[float, float]:
    """The most that a process held, and its share of what it holds now, in MiB; 0 where it has just ended."""
    try:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    sizes = dict(line.split(":", 1) for line in rollup)
    return kilobytes(status, "VmHWM") / 1024, kilobytes(sizes, "Pss") / 1024


def kilobytes(lines: dict[str, str], name: str) -> int:
    """A size of a process; 0 for one that has ended and was not waited for."""
    return int(lines[name].split()[0]) if name in lines else 0


def on_disk(folder: Path) -> tuple[int, int]:
    """Bytes and number of the files below a folder; one that goes meanwhile counts nothing."""
    total = count = 0
    for place, _, names in os.walk(folder):
        for path in (Path(place) / name for name in names):
            try:
                total += path.lstat().st_size
                count += 1
            except OSError:
                continue
    return total, count


def write(folder: Path, count: int) -> None:
    """The articles, as files of JSON Lines."""
    folder.mkdir(parents=True)
    for number, start in enumerate(range(0, count, A_FILE)):
        lines = (json.dumps(article, ensure_ascii=False) for article in articles(start, min(start + A_FILE, count)))
        (folder / f"{number:06d}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def articles(start: int, stop: int) -> Iterator[dict[str, str]]:
    """Articles by number: each hangs on its number alone, so that any file can be made by itself."""
    for number in range(start, stop):
        yield {"id": f"a{number}", "title": f"Report {number}", "text": text(number)}


def text(number: int) -> str:
    """About 60 words; a copy or near duplicate of an earlier text where its number says so."""
    rng = random.Random(number)
    kind = rng.randrange(100)
    if number and kind < COPIES + NEAR:
        original = own_text(rng.randrange(number))
        return original if kind < COPIES else changed(original, rng)
    return own_text(number)


def own_text(number: int) -> str:
    """A text that shares hardly any five words in a row with another."""
    rng = random.Random(-number - 1)
    return " ".join(sentence(rng) for _ in range(5))


def sentence(rng: random.Random) -> str:
    """Twelve words."""
    first, second = rng.sample(NOUNS, 2)
    adjective, quality = rng.sample(ADJECTIVES, 2)
    return (
        f"The {adjective} {first} {rng.choice(VERBS)} {rng.randrange(2, 10_000)} times, and the {quality} {second} "
        f"{rng.choice(VERBS)} it."
    )


def changed(original: str, rng: random.Random) -> str:
    """Another noun for one word in twenty."""
    new = original.split(" ")
    for place in rng.sample(range(len(new)), len(new) // 20):
        new[place] = rng.choice(NOUNS)
    return " ".join(new)


if __name__ == "__main__":
    main()
