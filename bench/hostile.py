"""Hostile and broken files, each alone and all in one folder: what becomes of them, beside what is wanted.

Conventions: alone, a file is built in a process of its own, with limits of the wall clock and of memory; together, all
are built in one run with healthy files among them. A verdict is right where the articles are as many as wanted and the
rules of the ledger among those wanted. Silent is a loss of which nothing is said.

    python bench/hostile.py [--only GROUP] [--alone] [--together] [--labellers rules] [--keep FOLDER]
"""

import argparse
import contextlib
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from hostile_files import Case, cases, story

from allegedly.schemas.paths import readable

#: Seconds on the wall, and bytes, that one file may take alone.
WALL, MEMORY = 600, 2 << 30
HEALTHY = 40


@dataclass(slots=True)
class Outcome:
    """What one run gave: its exit code, what it printed, its peak of memory, and for each file its articles and rules."""

    code: int | None
    printed: str
    seconds: float
    peak: int
    articles: dict[str, int] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)


def run(argv: Sequence[str], printed: Path, wall: float) -> Outcome:
    """One run of the command in a process of its own. The code is None where it took too long."""
    started = time.monotonic()
    child = os.fork()
    if not child:
        _child(argv, printed)
    code: int | None = None
    while time.monotonic() - started < wall:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            break
        time.sleep(0.01)
    else:
        os.killpg(child, 9)
        _, _, used = os.wait4(child, 0)
    text = printed.read_text(encoding="utf-8", errors="surrogateescape")
    return Outcome(code, text, time.monotonic() - started, used.ru_maxrss * 1024)


def _child(argv: Sequence[str], printed: Path) -> None:
    code = 70
    try:
        os.setpgid(0, 0)
        handle = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        from allegedly.cli import main

        code = main(list(argv))
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def told(outcome: Outcome, out: Path) -> Outcome:
    """The outcome with what the release says of each file."""
    if (out / "manifest.json").is_file():
        for entry in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]:
            outcome.articles[entry["file_name"]] = entry["articles"]
        for line in (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            name = value["origin"]["file_name"].partition("!/")[0]
            outcome.rules.setdefault(name, []).append(value["rule"])
    return outcome


def faults(case: Case, name: str, outcome: Outcome) -> list[str]:
    """What is wrong with an outcome, for one file: the kinds of the table."""
    wrong = []
    if "Traceback (most recent call last)" in outcome.printed:
        wrong.append("traceback")
    if outcome.code is None:
        wrong.append("hang")
    if outcome.peak > MEMORY:
        wrong.append("memory")
    count, rules = outcome.articles.get(name, 0), outcome.rules.get(name, [])
    if outcome.code not in (None, 0, 1):
        wrong.append("exit code")
    if outcome.code == 0 and not count and not rules:
        wrong.append("silent")
    if count not in case.articles or (set(rules) - case.rules) or (not count and outcome.code == 0 and not rules):
        wrong.append("verdict")
    return wrong


def alone(found: Sequence[tuple[Case, Path]], folder: Path, labellers: str) -> dict[bytes, list[str]]:
    """Each file by itself: what is wrong, by name."""
    wrong: dict[bytes, list[str]] = {}
    for number, (case, path) in enumerate(found):
        out, printed = folder / f"out-{number}", folder / f"printed-{number}"
        argv = ["build", str(path), "--out", str(out), "--labellers", labellers, "--workers", "1"]
        outcome = told(run(argv, printed, WALL), out)
        name = readable(os.fsdecode(case.name))
        wrong[case.name] = faults(case, name, outcome) if outcome.code != 1 else _nothing(case, outcome)
        if wrong[case.name]:
            rules = Counter(outcome.rules.get(name, ()))
            print(
                f"  {case.group}/{name!a}: {', '.join(wrong[case.name])}; articles {outcome.articles.get(name)}, "
                f"wanted {case.articles}; rules {dict(rules)}, wanted {sorted(case.rules)}; exit {outcome.code}, "
                f"{outcome.seconds:.1f} s, {outcome.peak >> 20} MiB\n    {outcome.printed[-300:]!a}",
                flush=True,
            )
    return wrong


def _nothing(case: Case, outcome: Outcome) -> list[str]:
    """What is wrong where nothing could be built: the reason must be told, and an article must not be wanted."""
    wrong = faults(case, "", outcome)
    if 0 not in case.articles and "verdict" not in wrong:
        wrong.append("exit code")
    if "rejected" not in outcome.printed and "no article" not in outcome.printed:
        wrong.append("silent")
    return wrong


def together(found: Sequence[tuple[Case, Path]], sources: Path, folder: Path, labellers: str) -> dict[bytes, list[str]]:
    """All files in one run, healthy ones among them."""
    healthy = []
    for number in range(HEALTHY):
        path = sources / f"{number * 7 % HEALTHY:02d}-healthy.txt"
        path.write_text(story(), encoding="utf-8")
        healthy.append(path.name)
    out = folder / "out"
    outcome = told(
        run(["build", str(sources), "--out", str(out), "--labellers", labellers], folder / "printed", 1800), out
    )
    lost = [name for name in healthy if outcome.articles.get(f"{sources.name}/{name}") != 1]
    print(
        f"together: exit {outcome.code}, {outcome.seconds:.0f} s on the wall, peak of one process {outcome.peak >> 20} MiB, "
        f"{len(healthy) - len(lost)} of {len(healthy)} healthy files in the release"
    )
    wrong = {}
    for case, path in found:
        name = readable(f"{sources.name}/{os.fsdecode(case.name)}")
        wrong[case.name] = [kind for kind in faults(case, name, outcome) if kind in ("silent", "verdict")]
        if wrong[case.name]:
            rules = dict(Counter(outcome.rules.get(name, ())))
            print(
                f"  {case.group}/{name!a}: articles {outcome.articles.get(name)}, wanted {case.articles}; "
                f"rules {rules}, wanted {sorted(case.rules)}",
                flush=True,
            )
        assert path.exists(), f"{name!a}: reading removed it"
    if outcome.code != 0 or lost or "Traceback" in outcome.printed:
        print(ascii(outcome.printed[-2000:]))
    return wrong


KINDS = ("traceback", "hang", "memory", "exit code", "silent", "verdict")


def table(all_cases: Iterable[Case], wrong: dict[bytes, list[str]]) -> None:
    """Prints a row for each group: how many files, and how many of each fault."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases:
        groups[case.group].append(case)
    print(f"{'group':12}{'files':>7}" + "".join(f"{kind:>11}" for kind in KINDS))
    total: Counter[str] = Counter()
    for group, members in groups.items():
        counts = Counter(kind for case in members for kind in wrong.get(case.name, ()))
        total.update(counts)
        print(f"{group:12}{len(members):>7}" + "".join(f"{counts[kind]:>11}" for kind in KINDS))
    files = sum(map(len, groups.values()))
    print(f"{'all':12}{files:>7}" + "".join(f"{total[kind]:>11}" for kind in KINDS))
    print(f"right verdicts: {100 * (1 - total['verdict'] / files):.1f} %")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="one group")
    parser.add_argument("--alone", action="store_true", help="not all together")
    parser.add_argument("--together", action="store_true", help="not each alone")
    parser.add_argument("--labellers", default="rules")
    parser.add_argument(
        "--keep", type=Path, help="a folder for the files and what comes of them (default: none is kept)"
    )
    arguments = parser.parse_args()
    chosen = [case for case in cases() if arguments.only in ("", case.group)]
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sources = folder / "sources"
        sources.mkdir(parents=True)
        found = []
        for case in chosen:
            path = Path(os.fsdecode(os.fsencode(sources) + b"/" + case.name))
            path.write_bytes(case.make())
            found.append((case, path))
        wrong: dict[bytes, list[str]] = {}
        if not arguments.together:
            wrong = alone(found, folder, arguments.labellers)
            table(chosen, wrong)
        if not arguments.alone:
            wrong = together(found, sources, folder, arguments.labellers)
            table(chosen, wrong)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"(this process itself: {peak >> 10} MiB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
