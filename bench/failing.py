"""Builds of which one system call fails: is the old release whole, is the cause said, is the next result the same?

Conventions: a release of the same articles stands in place, built with another salt. For each kind of call, the calls of a
whole build that concern its folders are counted, in all of its processes; then, for every n (or so many of them, evenly
spread), a build is run whose n-th call fails. It must end with 0 and the new release, or with 1 and the old one (the new
one where only clearing away failed), and say why in words of the system. The build after it must give the undisturbed
release, byte for byte, and leave nothing beside it. ``full`` builds on a file system that is full at six levels, where one
may be mounted. Builds run in forks of this process, which loads what they need once.

    python bench/failing.py FOLDER [--kinds write,fsync,...] [--most 40] [--first 40]
        [--labellers none] [--workers 1] [--errno ENOSPC]
"""

import argparse
import contextlib
import errno
import importlib
import mmap
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

KINDS = ("write", "fsync", "rename", "read", "link", "open", "mkdir", "unlink")
#: What a call of each kind fails with.
HOW = {"write": errno.ENOSPC, "mkdir": errno.ENOSPC, "open": errno.EMFILE}
#: How much of what a build needs the file system holds.
LEVELS = (0.02, 0.1, 0.2, 0.35, 0.5, 0.7)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="articles to build")
    parser.add_argument("--kinds", default=",".join((*KINDS, "full")))
    parser.add_argument("--most", type=int, default=0, help="so many calls of a kind, evenly spread (default: all)")
    parser.add_argument(
        "--first", type=int, default=0, help="only so many calls of a kind, from the first (default: all)"
    )
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--labellers", default="none")
    parser.add_argument("--errno", default="", help="what calls fail with (default: by kind)")
    arguments = parser.parse_args()
    if "FAILING" not in os.environ:
        return preloaded()
    folder = Path(os.environ["FAILING"]).parent
    bad = 0
    builds = Builds(arguments.folder.resolve(), folder, arguments.workers, arguments.labellers)
    for kind in arguments.kinds.split(","):
        found = Counter(full(builds) if kind == "full" else failing(builds, kind, arguments))
        bad += sum(count for note, count in found.items() if note[0].isupper())
        print(f"{kind}: {sum(found.values())} notes")
        for note, count in found.items():
            print(f"  {count} {note}", flush=True)
    return 1 if bad else 0


def preloaded() -> int:
    """This program again, with the library that makes calls fail."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        source, library = Path(__file__).with_name("failing.c"), folder / "failing.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        (folder / "order").write_bytes(bytes(4096))
        shim = {"LD_PRELOAD": str(library), "FAILING": str(folder / "order")}
        return subprocess.run([sys.executable, *sys.argv], env={**os.environ, **shim}, check=False).returncode


class Builds:
    """Builds of the same articles into the same folder; a salt tells releases apart."""

    def __init__(self, articles: Path, folder: Path, workers: int, labellers: str) -> None:
        self.folder, self.place, self.articles = folder, folder / "place", articles
        self.options = ["--workers", str(workers), "--labellers", labellers]
        with Path(os.environ["FAILING"]).open("r+b") as file:
            self.order = mmap.mmap(file.fileno(), 4096)
        self.place.mkdir()
        self.run("new")
        for name in (folder / "modules").read_text().split():
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        _warmed(articles)
        self.releases = {salt: self._undisturbed(salt) for salt in ("new", "old")}
        shutil.copytree(self.out, folder / "old")

    @property
    def out(self) -> Path:
        return self.place / "release"

    def _undisturbed(self, salt: str) -> dict[str, bytes]:
        code, said = self.run(salt)
        if code:
            raise SystemExit(f"a build of {self.articles} failed: {said}")
        return self.tree()

    def run(self, salt: str) -> tuple[int, str]:
        """A build's exit code and what it says."""
        said = self.folder / "said"
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(handle, 1)
                os.dup2(handle, 2)
                from allegedly.cli import main

                argv = ["build", str(self.articles), "--out", str(self.out), "--salt", salt, *self.options]
                code = main(argv)
                if not (self.folder / "modules").exists():
                    (self.folder / "modules").write_text(" ".join(sys.modules))
                sys.stderr.flush()
                os._exit(code)
            os._exit(99)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), said.read_text()

    def shimmed(self, salt: str, kind: str, number: int, how: int) -> tuple[int, str, int]:
        """The same where a call fails, and the calls that there were."""
        order = struct.pack("<qqq16s4056s", 0, number, how, kind.encode(), os.fsencode(self.place))
        self.order[:] = order
        code, said = self.run(salt)
        calls = struct.unpack("<q", self.order[:8])[0]
        self.order[:] = bytes(4096)
        return code, said, calls

    def tree(self) -> dict[str, bytes]:
        """All files of the release."""
        return {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}

    def standing(self) -> str:
        """Which release stands."""
        tree = self.tree()
        return next((salt for salt, release in self.releases.items() if tree == release), "NEITHER")

    def judged(self, code: int, said: str, what: str) -> list[str]:
        """What is right, and with capitals what is wrong, after a build that failed, and with the one after it."""
        outcome = f"exit {code}, the {self.standing()} release stands"
        right = ("exit 0, the new release stands", "exit 1, the old release stands", "exit 1, the new release stands")
        notes = [outcome if outcome in right else f"WRONG {what}: {outcome}: {said[-400:]!r}"]
        if code and not any(os.strerror(number) in said for number in errno.errorcode):
            notes.append(f"NO CAUSE {what}: {said[-400:]!r}")
        again, words = self.run("new")
        if again or self.standing() != "new":
            notes.append(f"OTHER RESULT {what}: {again} {words[-400:]!r}")
        notes += [f"LEFT {what}: {path.name}" for path in self.place.iterdir() if path != self.out]
        self.back()
        return notes

    def back(self) -> None:
        """Puts the old release in place, and nothing beside it."""
        shutil.rmtree(self.place)
        self.place.mkdir()
        shutil.copytree(self.folder / "old", self.out)


def _warmed(articles: Path) -> None:
    """Reads the articles once: models of languages are loaded here, and builds find them in their memory."""
    from allegedly.builders.readers._reading import parsed

    for path in filter(Path.is_file, articles.rglob("*")):
        for _ in parsed(path.read_bytes(), path.name):
            pass


def failing(builds: Builds, kind: str, arguments: argparse.Namespace) -> list[str]:
    """Every n, or those that are asked for."""
    how, most = arguments.errno, arguments.most
    error = getattr(errno, how) if how else HOW.get(kind, errno.EIO)
    _, _, calls = builds.shimmed("new", kind, 0, error)
    builds.back()
    numbers = range(1, min(calls, arguments.first or calls) + 1)
    if most and calls > most:
        numbers = sorted({1 + round(step * (calls - 1) / max(1, most - 1)) for step in range(most)})
    notes = [f"{calls} calls, {len(numbers)} of them made to fail"]
    for number in numbers:
        code, said, _ = builds.shimmed("new", kind, number, error)
        notes += builds.judged(code, said, f"{kind} {number} of {calls}")
    return notes


def full(builds: Builds) -> list[str]:
    """File systems that hold a part of what a build needs beside the old release."""
    here, roomy = builds.folder / "full", builds.place
    here.mkdir(exist_ok=True)
    old = sum(file.stat().st_blocks * 512 for file in roomy.rglob("*")) + (1 << 16)
    notes = []
    for level in LEVELS:
        options = f"size={int(old + level * 4 * old)}"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", here], check=False).returncode:
            return ["no file system could be mounted"]
        try:
            builds.place = here / "place"
            shutil.copytree(roomy, builds.place)
            code, said = builds.run("new")
            standing, wanted = builds.standing(), "old" if code else "new"
            right = (code, standing) in ((0, "new"), (1, "old")) and (not code or "No space left" in said)
            notes.append(
                f"exit {code}, the {wanted} release stands"
                if right
                else f"WRONG at {level}: {code}, {standing}: {said[-400:]!r}"
            )
        finally:
            builds.place = roomy
            subprocess.run(["umount", here], check=True)
    return notes


if __name__ == "__main__":
    sys.exit(main())
