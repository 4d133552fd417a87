"""What is installed is pinned: every dependency, and theirs, by version and hash; every action by commit."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
#: No version of inspect-ai lives with the version of fsspec that `datasets` takes here; the Action has no use for it.
UNPINNED = {"inspect"}
TABLE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TAGS = {"base": TABLE["dependencies"], **TABLE["optional-dependencies"]}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, tuple[str, set[str]]]:
    """Version and tags of each package."""
    found = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        match = re.fullmatch(r"([\w.-]+)==(\S+)((?: --hash=sha256:[0-9a-f]{64})+)(?:  # ([a-z ]+))?", line)
        assert match, line
        hashes = match[3].split()
        assert len(set(hashes)) == len(hashes), line
        found[normal(match[1])] = (match[2], set((match[4] or "").split()))
    return found


def needed(requirements: list[str]) -> set[str]:
    """The packages that requirements bring here, and theirs, by what is installed; what is not installed ends there."""
    packaging = pytest.importorskip("packaging.requirements")
    seen: dict[str, set[str]] = {}
    waiting = [packaging.Requirement(text) for text in requirements]
    while waiting:
        asked = waiting.pop()
        name, extras = normal(asked.name), set(asked.extras)
        if name in seen and extras <= seen[name]:
            continue
        seen[name] = seen.get(name, set()) | extras
        try:
            theirs = metadata.requires(asked.name) or []
        except metadata.PackageNotFoundError:
            continue
        for text in theirs:
            inner = packaging.Requirement(text)
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in {"", *seen[name]}):
                waiting.append(inner)
    return set(seen)


@pytest.mark.parametrize("tag", sorted(set(TAGS) - UNPINNED))
def test_all_that_is_installed_is_pinned_with_hashes(tag):
    known = pins()
    lacking = {name for name in needed(TAGS[tag]) if tag not in known.get(name, ("", set()))[1]}
    assert lacking == set()


def test_the_tests_and_the_tools_are_pinned():
    known = pins()
    lines = (ROOT / "requirements-test.txt").read_text(encoding="utf-8").splitlines()
    wanted = needed([line.partition("#")[0].strip() for line in lines if line.partition("#")[0].strip()])
    assert {name for name in wanted if name not in known} == set()
    assert {name for name, (_, tags) in known.items() if "tools" in tags} >= {"pip", "setuptools", "wheel"}


def test_the_pins_are_what_the_tests_run_with():
    for name, (version, _) in pins().items():
        try:
            here = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        assert here.partition("+")[0] == version, name


def test_no_host_stands_in_the_pins():
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_each_threat_names_tests_that_are_there():
    import ast

    rows = [line for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines() if "::" in line]
    named = [re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row) for row in rows]
    assert len(named) >= 14 and all(named)
    for file, test in (each for row in named for each in row):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


def test_the_terms_of_the_weights_stand_in_the_metadata():
    assert "LicenseRef-allegedly-weights" in TABLE["license"]
    (terms,) = (name for name in TABLE["license-files"] if "weights" in name)
    text = (ROOT / terms).read_text(encoding="utf-8")
    weights = {path.name for path in (ROOT / terms).parent.iterdir()} - {Path(terms).name}
    assert weights and all(f"`{name}`" in text for name in weights)
