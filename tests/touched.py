"""A pytest plugin: only the tests that a change touches, the nearest first, for as long as there is time.

Conventions: a test is touched where its file changed, or imports what changed, over however many modules, anywhere in
their code. Plugins and commands are found by name and not imported, so the name of a kind ("readers") in a module that
looks plugins up stands for all of that kind, and the name of a command in a test for the command. What lies below a
folder of tests (golden files) stands for the tests of that folder. The nearer of two tests is the one with fewer
modules between it and the change.

    python -m pytest -p tests.touched [--since COMMIT] [--seconds N]
"""

import ast
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {
    "front": "allegedly",
    "schemas": "allegedly.schemas",
    "builders": "allegedly.builders",
    "eval": "allegedly.eval",
}
KINDS = {
    "readers": "builders",
    "importers": "builders",
    "exporters": "builders",
    "labellers": "builders",
    "engines": "builders",
    "metrics": "eval",
    "systems": "eval",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two flags."""
    group = parser.getgroup("touched")
    group.addoption("--since", default="HEAD", help="compare with this commit (where nothing changed: with its parent)")
    group.addoption("--seconds", type=float, default=40, help="begin no test after so long")


STARTED = pytest.StashKey[float]()
NEAR = pytest.StashKey[dict[Path, int]]()


def pytest_configure(config: pytest.Config) -> None:
    """The clock starts, and what is touched is found out."""
    config.stash[STARTED] = time.monotonic()
    config.stash[NEAR] = distances(changed(config.getoption("since")))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what no change touches: reading all tests would take half of the time."""
    untouched = collection_path.name.startswith("test_") and collection_path not in config.stash[NEAR]
    return True if untouched else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The nearest first."""
    items.sort(key=lambda item: config.stash[NEAR].get(item.path, 0))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A change that touches no test is no failure."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test begins when the time is up."""
    limit = item.config.getoption("seconds")
    if time.monotonic() - item.config.stash[STARTED] > limit:
        pytest.skip(f"{limit:g} seconds are over: `make test` runs the rest")


def changed(since: str) -> set[Path]:
    """Files that differ from a commit, new ones too; those of the commit itself where none does."""
    files = {*git("diff", "--name-only", since), *git("ls-files", "--others", "--exclude-standard")}
    return {ROOT / name for name in files or git("diff", "--name-only", f"{since}~1", since)}


def git(*arguments: str) -> list[str]:
    """The lines that git prints."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def distances(changes: set[Path]) -> dict[Path, int]:
    """How many steps lie between each file that a change touches and the change; 0 for the changed files."""
    users = graph()
    near: dict[Path, int] = {}
    step, edge = 0, {*changes, *(test for change in changes for test in tests_of(change))}
    while edge:
        near |= dict.fromkeys(edge, step)
        step += 1
        edge = {user for path in edge for user in users.get(path, ())} - set(near)
    return near


@cache
def graph() -> dict[Path, set[Path]]:
    """Who needs a file."""
    users: dict[Path, set[Path]] = {}
    for path in modules():
        for needed in needs(path):
            users.setdefault(needed, set()).add(path)
    return users


def modules() -> list[Path]:
    """All modules and tests."""
    return [path for folder in (*FOLDERS, "tests") for path in (ROOT / folder).rglob("*.py")]


def tests_of(change: Path) -> Iterator[Path]:
    """The tests beside or above a file that is no module: golden files, schemas and templates have no importers."""
    if change.suffix == ".py" and change.name != "conftest.py":
        return
    folder = change.parent
    if "golden" in change.parts:
        kind = change.relative_to(ROOT / "tests" / "golden").parts[0]
        folder = ROOT / "tests" / kind
    if folder.is_relative_to(ROOT / "tests"):
        yield from folder.rglob("test_*.py")
    elif folder.name in FOLDERS or folder.parent.name in FOLDERS:
        yield from folder.glob("*.py")


def needs(path: Path) -> Iterator[Path]:
    """The files that a file imports, or finds by name."""
    tree = parsed(path)
    names, strings = set(imported(tree)), words(tree)
    for name in names:
        yield from located(name)
    if path.is_relative_to(ROOT / "tests"):
        helpers = [helper for helper in (ROOT / "tests").rglob("*.py") if helper.stem in names]
        yield from helpers
        told = strings.union(*(words(parsed(helper)) for helper in helpers))
        if "allegedly.cli" in names or {"-m", "allegedly"} <= told:
            yield from (path for path in (ROOT / "front" / "commands").glob("*.py") if path.stem.rstrip("_") in strings)
    if "allegedly.schemas.plugins" in names:
        for kind in strings & set(KINDS):
            yield from (ROOT / KINDS[kind] / kind).glob("*.py")


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def words(tree: ast.Module) -> set[str]:
    """All strings in a file."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def imported(tree: ast.Module) -> Iterator[str]:
    """Names of modules, and of what is imported from them, anywhere in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def located(name: str) -> Iterator[Path]:
    """The file of a module of ours."""
    for folder, package in sorted(FOLDERS.items(), key=lambda pair: -len(pair[1])):
        if name == package or name.startswith(f"{package}."):
            place = ROOT.joinpath(folder, *name.removeprefix(package).strip(".").split("."))
            yield from (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file())
            return
