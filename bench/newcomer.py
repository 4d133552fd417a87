"""What a newcomer pays before the first result: of us, and of peers, each in a fresh environment.

    python bench/newcomer.py --date 2031-05-06 [--only NAME ...] [--rounds 7] [--out docs/newcomer.md]

Conventions: environments are made in a temporary folder, one after the other, by ``venv`` and the newest pip, with an empty
home folder; ours is of the commit that is checked out. Packages are all that pip installed; a megabyte is 10^6 bytes of files,
what came with the environment (pip) taken off. Imports and help are the median of some rounds after one that does not
count, first results are the first run in an empty folder. Seconds are processor seconds of the process and its children,
which other work on the machine hardly changes; those on the wall stand beside the first result. A first result must be
what it should be, else there is no table. Peers were chosen that come to one without the weights of a model.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What the first results are of.
NEWS = "The harbour bridge may close, Mayor Ines Holt said. It costs 3 million."
PAGE = f"<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1><p>{NEWS}</p><p>{NEWS}</p></article></body></html>"
INSPECT = f"""from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes

@task
def hedges():
    return Task(dataset=[Sample(input="{NEWS}", target="output")], scorer=includes())
"""
DATATROVE = """from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

steps = [JsonlReader("news"), LambdaFilter(lambda document: "may" in document.text), JsonlWriter("kept", compression=None)]
if __name__ == "__main__":
    LocalPipelineExecutor(steps, logging_dir="logs").run()
    print(open("kept/00000.jsonl").read())
"""
NERVALUATE = """from nervaluate import Evaluator

true = [[{"label": "CUE", "start": 19, "end": 22}]]
found = [[{"label": "CUE", "start": 19, "end": 22}, {"label": "CUE", "start": 54, "end": 59}]]
print(Evaluator(true, found, tags=["CUE"]).evaluate())
"""
SPACY = f"""import spacy

nlp = spacy.blank("en")
nlp.add_pipe("sentencizer")
print([sentence.text for sentence in nlp("{NEWS}").sents])
"""


@dataclass(frozen=True)
class Tool:
    """A package, and the way to its first result: ``files`` that have to be written, then ``commands``, the input of
    the last of which is the file ``reads``; ``shows`` is part of what is printed then."""

    name: str
    requires: str
    module: str
    result: str
    shows: str
    commands: tuple[tuple[str, ...], ...]
    help: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    reads: str | None = None


OURS = Tool(
    name="allegedly",
    requires=".",
    module="allegedly",
    result="an example article with its labels",
    shows="attribution to",
    help=("allegedly", "--help"),
    commands=(("allegedly", "label", "--example", "--format", "text"),),
)
PEERS = (
    Tool(
        name="trafilatura",
        requires="trafilatura",
        module="trafilatura",
        result="the text of a page",
        shows="may close",
        help=("trafilatura", "--help"),
        files={"page.html": PAGE},
        reads="page.html",
        commands=(("trafilatura",),),
    ),
    Tool(
        name="spacy",
        requires="spacy",
        module="spacy",
        result="sentences, without a model",
        shows="It costs 3 million.",
        help=("spacy", "--help"),
        files={"first.py": SPACY},
        commands=(("python", "first.py"),),
    ),
    Tool(
        name="datatrove",
        requires="datatrove[io,processing]",
        module="datatrove",
        result="articles that a filter keeps",
        shows="may close",
        files={"news/a.jsonl": f'{{"id": "a", "text": "{NEWS}"}}\n', "first.py": DATATROVE},
        commands=(("python", "first.py"),),
    ),
    Tool(
        name="nervaluate",
        requires="nervaluate",
        module="nervaluate",
        result="scores of spans",
        shows="precision",
        files={"first.py": NERVALUATE},
        commands=(("python", "first.py"),),
    ),
    Tool(
        name="inspect-ai",
        requires="inspect-ai",
        module="inspect_ai",
        result="a task scored, with an invented model",
        shows="accuracy",
        help=("inspect", "--help"),
        files={"first.py": INSPECT},
        commands=(("inspect", "eval", "first.py", "--model", "mockllm/model", "--display", "plain"),),
    ),
)


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor, and on the wall."""

    processor: float
    wall: float


@dataclass(frozen=True)
class Cost:
    """What one tool takes; ``help`` is None for one without a command of its own."""

    tool: Tool
    version: str
    packages: int
    megabytes: float
    install: float
    importing: float
    help: float | None
    first: Spent


def spent(command: Sequence[str], folder: Path, env: Mapping[str, str], reads: str | None = None) -> tuple[Spent, str]:
    """What a command takes, and all that it prints. RuntimeError where it fails."""
    before, start = _processor(), time.perf_counter()
    with (folder / reads if reads else Path(os.devnull)).open("rb") as given:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(env),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    found = Spent(_processor() - before, time.perf_counter() - start)
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {said.strip()[-800:]}")
    return found, said


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def megabytes(folder: Path) -> float:
    """The size of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def cost(tool: Tool, folder: Path, rounds: int) -> Cost:
    """What a tool takes, in an environment below a folder."""
    home, empty = folder / "home", folder / "work"
    home.mkdir()
    empty.mkdir()
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "HF_", "VIRTUAL"))
    }
    env |= {"HOME": str(home), "PATH": f"{folder / 'env' / 'bin'}{os.pathsep}{env['PATH']}"}
    spent((sys.executable, "-m", "venv", str(folder / "env")), folder, env)
    # the pip of an older Python drops extras whose names are written with another dash
    spent(("python", "-m", "pip", "install", "--quiet", "--upgrade", "pip"), folder, env)
    bare, alone = megabytes(folder / "env"), _packages(folder, env)
    requires = str(checked_out(folder / "source")) if tool is OURS else tool.requires
    install, _ = spent(("python", "-m", "pip", "install", "--quiet", requires), folder, env)
    size, packages = megabytes(folder / "env") - bare, _packages(folder, env) - alone
    asks = f"from importlib.metadata import version; print(version('{tool.name}'))"
    for name, text in tool.files.items():
        path = empty / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    first = _first(tool, empty, env)
    return Cost(
        tool,
        version=spent(("python", "-c", asks), empty, env)[1].split()[-1],
        packages=packages,
        megabytes=size,
        install=install.wall,
        importing=_median(("python", "-c", f"import {tool.module}"), empty, env, rounds),
        help=_median(tool.help, empty, env, rounds) if tool.help else None,
        first=first,
    )


def checked_out(folder: Path) -> Path:
    """The files of the commit that is checked out, and nothing that was built beside them."""
    folder.mkdir()
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def _packages(folder: Path, env: Mapping[str, str]) -> int:
    counts = "from importlib.metadata import distributions; print(len({d.name for d in distributions()}))"
    return int(spent(("python", "-c", counts), folder, env)[1])


def _first(tool: Tool, folder: Path, env: Mapping[str, str]) -> Spent:
    """All commands up to the first result, added up. RuntimeError where that is not what it should be."""
    processor = wall = 0.0
    said = ""
    for command in tool.commands:
        one, said = spent(command, folder, env, tool.reads if command is tool.commands[-1] else None)
        processor, wall = processor + one.processor, wall + one.wall
    if tool.shows not in said:
        raise RuntimeError(f"{tool.name}: expected {tool.shows!r} in what it prints, found {said[-800:]!r}")
    return Spent(processor, wall)


def _median(command: Sequence[str], folder: Path, env: Mapping[str, str], rounds: int) -> float:
    return statistics.median([spent(command, folder, env)[0].processor for _ in range(rounds + 1)][1:])


def table(costs: Sequence[Cost], python: float) -> str:
    """The costs in Markdown; ``python``: processor seconds of an interpreter that does nothing."""
    head = (
        *("tool", "packages", "MB", "install, s", "import, s", "`--help`, s"),
        *("to write, lines", "commands", "processor s", "wall s", "first result"),
    )
    rows = [("Python alone", "0", "0", "", f"{python:.2f}", *[""] * 6)]
    for each in costs:
        lines = sum(len(text.splitlines()) for text in each.tool.files.values())
        rows.append(
            (
                f"{each.tool.name} {each.version}",
                str(each.packages),
                f"{each.megabytes:.{0 if each.megabytes >= 10 else 1}f}",
                f"{each.install:.0f}",
                f"{each.importing:.2f}",
                "none" if each.help is None else f"{each.help:.2f}",
                str(lines),
                str(len(each.tool.commands)),
                f"{each.first.processor:.2f}",
                f"{each.first.wall:.2f}",
                each.tool.result,
            )
        )
    lines_ = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 2)}---|"]
    return "\n".join([*lines_, *(f"| {' | '.join(row)} |" for row in rows)])


def page(
    shown: str,
    costs: Sequence[Cost],
    failed: Mapping[str, str],
    date: str,
    asked: Sequence[str],
    loads: Sequence[float],
) -> str:
    """The page of the documentation."""
    said = [f"`{name}` is missing: {reason}" for name, reason in failed.items()]
    ways = [_way(each.tool) for each in costs]
    return "\n".join(
        [
            "# What a newcomer pays",
            "",
            "From nothing to a first result, in a fresh environment: what is installed, how long a start takes, what has to",
            "be typed. Every figure on this page is measured and written by",
            "",
            '<!-- skip: next "takes minutes and an index of packages" -->',
            "```console",
            f"$ python bench/newcomer.py {' '.join(asked)}",
            "```",
            "",
            f"on {date}, with Python {platform.python_version()} on {os.cpu_count()} processors that other work shared (load",
            f"average {min(loads):.1f} to {max(loads):.1f}): seconds are processor seconds where nothing else is said; those of",
            "the installation, ours with the making of the wheel, and on the wall say little. Packages came from an index near",
            "by, with pip's cache empty. What a package imports only when it is used, as ours does, is in the first result.",
            "",
            shown,
            "",
            *said,
            *([""] if said else []),
            "The commands, each run in an empty folder, with the files that have to be written first:",
            "",
            *ways,
            "",
        ]
    )


def _way(tool: Tool) -> str:
    """What is typed, for a list."""
    commands = ", then ".join(f"`{' '.join(command)}`" for command in tool.commands)
    reads = f" < `{tool.reads}`" if tool.reads else ""
    files = f", with {', '.join(f'`{name}`' for name in tool.files)}" if tool.files else ""
    return f"- {tool.name}: {commands}{reads}{files}"


def main() -> None:
    """Measure, print the table, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day, for the page")
    parser.add_argument(
        "--only", nargs="+", default=[tool.name for tool in PEERS], help="peers, by default all of them"
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often imports and help are measured")
    parser.add_argument("--out", type=Path, help="the page to write")
    args = parser.parse_args()
    loads, costs, failed = [os.getloadavg()[0]], [], {}
    for tool in (OURS, *(peer for peer in PEERS if peer.name in args.only)):
        folder = Path(tempfile.mkdtemp(prefix="newcomer-"))
        try:
            costs.append(cost(tool, folder, args.rounds))
            print(f"{tool.name}: done", file=sys.stderr)
        except RuntimeError as error:
            if tool is OURS:
                raise
            failed[tool.name] = str(error).splitlines()[-1]
            print(f"{tool.name}: {error}", file=sys.stderr)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            loads.append(os.getloadavg()[0])
    python = _median((sys.executable, "-c", "pass"), ROOT, os.environ, args.rounds)
    shown = table(costs, python)
    print(shown)
    if args.out:
        args.out.write_text(page(shown, costs, failed, args.date, sys.argv[1:], loads), encoding="utf-8")


if __name__ == "__main__":
    main()
