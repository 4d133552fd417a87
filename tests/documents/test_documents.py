"""What people read: its code runs, its commands exist, its links lead somewhere, its page builds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "dataset" / "README.md",
        ROOT / "dataset" / "news" / "README.md",
    ]
)
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Words that belong to a machine or a workplace, not to the project.
FOREIGN = re.compile(r"/work/|/root/|/tmp/[a-z]|localhost:\d|pypi\.org|\bAPI key\b", re.IGNORECASE)


def blocks(page: Path, language: str) -> list[str]:
    return [code for kind, code in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_no_machine(page):
    found = FOREIGN.search(page.read_text(encoding="utf-8"))
    assert found is None, f"{page}: {found and found[0]}"


def test_files_that_the_readme_names_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:docs|dataset|bench|schemas)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name


COMMANDS = sorted(
    {
        line.split("allegedly ", 1)[1].split()[0]
        for page in PAGES
        for code in blocks(page, "console")
        for line in code.splitlines()
        if line.startswith("$ allegedly ") and not line.startswith("$ allegedly --")
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_pages_show_exist_and_have_help(command):
    found = subprocess.run(
        [sys.executable, "-m", "allegedly", command, "--help"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "examples:" in found.stdout


def test_what_the_documentation_needs_the_tests_have():
    named = [
        {line.partition("==")[0].strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()}
        for path in ("docs/requirements.txt", "requirements-test.txt")
    ]
    assert {"sphinx", "myst-parser", "furo"} <= {name for name in named[0] if not name.startswith("#")} <= named[1]


def test_the_documentation_builds_without_warnings(tmp_path):
    pytest.importorskip("sphinx")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "guidelines.html").is_file()
    # the reference names what there is
    commands = (tmp_path / "reference" / "commands.html").read_text(encoding="utf-8")
    names = {path.stem.rstrip("_") for path in (ROOT / "front" / "commands").glob("*.py")} - {""}
    assert {name for name in names if f'<section id="{name}"' not in commands} == {"__init"}
    schemas = (tmp_path / "reference" / "schemas.html").read_text(encoding="utf-8")
    for path in (ROOT / "schemas").glob("*.schema.json"):
        assert f"<h2>{path.name.removesuffix('.schema.json')}<" in schemas
    # notebooks were run: a cell that raises ends the build, and these lines no page has, but what they print
    for name, printed in {
        "files-to-release": "news/gone.txt | error-page",
        "correct-and-rebuild": "check_worthy | me",
        "score-a-model": "never f1:speculative 0.0",
    }.items():
        assert printed in (tmp_path / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
