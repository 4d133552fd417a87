"""Pages whose code runs: what sybil finds in them, and the console that their blocks are typed into.

Conventions of a page, all of them invisible where it is shown:

- a ``python`` block runs, in order, names shared by the page; lines that begin with ``>>>`` are compared as doctest does;
- a ``console`` block is commands (behind ``$``; a line that ends in a backslash goes on) and what they print. A command has
  to end with 0, or with what ``$ echo $?`` says right behind it. What the page shows is compared: standard output, or both
  streams as a terminal has them; ``...`` stands for anything, and of a command that the page shows nothing of only the
  exit code counts. With ``ALLEGEDLY_REWRITE=1`` what a command prints today is written into the page, but where it has ``...``;
- ``<!-- file: PATH -->`` before a block: the block is that file, and is written there;
- ``<!-- invisible-code-block: python`` prepares: ``place("dataset")`` copies a folder of the repository beside the page;
- ``<!-- skip: next "reason" -->`` leaves the next block out; tests/documents names every one of them.

Each page runs in an empty folder. Commands of ours run in this process, where the libraries are loaded already; others in
a shell whose ``allegedly`` and ``python`` are those of the tests.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import SkipTest, mock

from sybil import Document, Region
from sybil.document import PythonDocStringDocument
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

ROOT = Path(__file__).parent.parent
FILE = re.compile(r"^<!-- file: (?P<path>\S+) -->\n+(?P<fence>`{3,})[^\n]*\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
SKIP = re.compile(r'^<!-- skip: (?:next|start) "(?P<reason>.+)" -->$', re.M)
#: Commands that a shell has to read.
_SHELL = re.compile(r"[|<>;&$*]|^cd\b")
_COMPARE = doctest.ELLIPSIS
#: Where a page leaves open what is printed; a scope in the terminal is a longer row of dots.
_ANYTHING = re.compile(r"(?<!\.)\.\.\.(?!\.)")
_checker = doctest.OutputChecker()


def pages() -> list[Path]:
    """Every page whose code runs."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in found if not {"_build", "notebooks"} & set(path.parts))


def skips(page: Path) -> list[str]:
    """The reason of each block that a page leaves out."""
    return [match["reason"] for match in SKIP.finditer(page.read_text(encoding="utf-8"))]


def run(page: Path, folder: Path) -> int:
    """Run the blocks of a page in a folder; how many there were. AssertionError, or what the block raised, for the first
    that is not as it says."""
    with _inside(folder) as console:
        document = Document.parse(
            str(page), SkipParser(), PythonCodeBlockParser(doctest_optionflags=_COMPARE), console.parser(), _files
        )
        document.namespace["place"] = place
        return _evaluated(document)


def run_docstrings(module: Path, folder: Path) -> int:
    """The same for the examples in the docstrings of a module; ``dataset`` lies beside them."""
    with _inside(folder):
        place("dataset")
        document = PythonDocStringDocument.parse(str(module), DocTestParser(_COMPARE))
        return _evaluated(document)


def _evaluated(document: Document) -> int:
    count = 0
    for example in document.examples():
        try:
            example.evaluate()
            count += 1
        except SkipTest:
            continue
    return count


def place(folder: str, name: str | None = None) -> None:
    """A copy of a folder of the repository; ``news``: twelve short articles."""
    target = Path(name or Path(folder).name)
    if folder == "news":
        target.mkdir()
        for at in range(12):
            words = f"Harbour {at} may close\n\nMayor Ada Lind said quay {at} will reopen in {2020 + at}. It cost {at} crowns.\n"
            (target / f"{at}.txt").write_text(words, encoding="utf-8")
    else:
        shutil.copytree(ROOT / folder, target, ignore=shutil.ignore_patterns("news", "next", "__pycache__"))


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator["Console"]:
    """The empty folder, as if a fresh process had been started there."""
    before, modules, path, variables = Path.cwd(), set(sys.modules), list(sys.path), dict(os.environ)
    commands = folder.parent / f"{folder.name}-commands"
    commands.mkdir()
    for name, line in {"allegedly": "-m allegedly ", "python": ""}.items():
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {line}"$@"\n', encoding="utf-8")
        script.chmod(0o755)
    os.environ.update(PATH=f"{commands}{os.pathsep}{os.environ['PATH']}", COLUMNS="120")
    os.chdir(folder)
    # as `python -m` does; what a page calls `model` is another module than what the next one does
    sys.path.insert(0, "")
    try:
        yield Console()
    finally:
        os.chdir(before)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(variables)
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(folder):
                del sys.modules[name]


def _files(document: Document) -> Iterator[Region]:
    for match in FILE.finditer(document.text):
        # the comment alone: the block may be one that runs, too
        yield Region(match.start(), document.text.index("\n", match.start()), match, _write)


def _write(example) -> None:
    match = example.parsed
    path = Path(match["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(match["text"], encoding="utf-8")


class _Told(io.BytesIO):
    """What one stream was told, which both were."""

    def __init__(self, both: io.BytesIO) -> None:
        super().__init__()
        self._both = both

    def write(self, data) -> int:
        self._both.write(data)
        return super().write(data)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)


class Printed(NamedTuple):
    """What a command ended with and printed: on both streams, and on standard output where it is known apart."""

    code: int
    both: str
    out: str | None = None


class Console:
    """A console that blocks are typed into."""

    def __init__(self) -> None:
        self._before = Printed(0, "")

    def parser(self) -> CodeBlockParser:
        """What finds blocks for it."""
        return CodeBlockParser(language="console", evaluator=self._block)

    def _block(self, example) -> None:
        typed = list(_typed(str(example.parsed)))
        self._before = Printed(0, "")
        for command, wanted in typed:
            where = f"{example.path}:{example.line}: $ {command}"
            if command == "echo $?":
                assert wanted.strip() == str(self._before.code), (
                    f"{where}: the page says {wanted!r}, found {self._before}"
                )
                self._before = Printed(0, "")
                continue
            self._ended_well(where)
            self._before = _ran(command)
            if wanted and not _as_said(wanted, self._before):
                _differs(example, command, wanted, self._before, where)
        self._ended_well(f"{example.path}:{example.line}: the end of the block")

    def _ended_well(self, where: str) -> None:
        code, printed, _ = self._before
        assert code == 0, f"{where}: the command before ended with {code}:\n{printed}"


def _as_said(wanted: str, printed: Printed) -> bool:
    found = [text for text in (printed.out, printed.both) if text is not None]
    return any(_checker.check_output(_shape(wanted), _shape(text), _COMPARE) for text in found)


def _differs(example, command: str, wanted: str, printed: Printed, where: str) -> None:
    """Write what was printed into the page where that is asked for; else an error."""
    page = Path(example.path)
    if not os.environ.get("ALLEGEDLY_REWRITE") or _ANYTHING.search(wanted) or not page.is_absolute():
        raise AssertionError(f"{where}\n--- the page says\n{wanted}--- it printed\n{printed.both}")
    text = page.read_text(encoding="utf-8")
    fresh = _shape(printed.both if printed.out is None else printed.out)
    last = command.rpartition(" ")[2]
    assert text.count(f"{last}\n{wanted}") == 1, (
        f"{where}: what it printed stands there more than once; put it right by hand"
    )
    page.write_text(text.replace(f"{last}\n{wanted}", f"{last}\n{fresh}"), encoding="utf-8")


def _ran(command: str) -> Printed:
    if command.startswith("cd "):
        os.chdir(command.removeprefix("cd ").strip())
        return Printed(0, "")
    if command.startswith("allegedly ") and not _SHELL.search(command):
        return _ours(shlex.split(command)[1:])
    done = subprocess.run(
        ["bash", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )
    return Printed(done.returncode, done.stdout)


def _ours(arguments: list[str]) -> Printed:
    from allegedly import cli, progress

    both = io.BytesIO()
    out, err = _Told(both), _Told(both)
    streams = [io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in (out, err)]
    # how long a command takes is the machine's affair: no line tells how far it is
    quiet = mock.patch.object(progress, "EVERY", float("inf"))
    with quiet, contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = cli.main(arguments)
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
    for stream in streams:
        stream.flush()
    return Printed(code, both.getvalue().decode(), out.getvalue().decode())


def _typed(block: str) -> Iterator[tuple[str, str]]:
    """Commands, and what the page says they print."""
    lines = iter(block.splitlines())
    command: str | None = None
    wanted: list[str] = []
    for line in lines:
        if line.startswith("$ "):
            if command is not None:
                yield command, "".join(wanted)
            command, wanted = line[2:], []
            while command.endswith("\\"):
                command = command[:-1].rstrip() + " " + next(lines).strip()
        else:
            assert command is not None, f"a console block begins with {line!r}, no command"
            wanted.append(f"{line}\n")
    if command is not None:
        yield command, "".join(wanted)


def _shape(text: str) -> str:
    """Without white space at the ends of lines, and empty lines around it."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"
