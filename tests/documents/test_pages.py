"""Every block of code that people read runs, and prints what the page says."""

import re

import pytest

pytest.importorskip("sybil")

from pages import ROOT, pages, run, run_docstrings, skips

PAGES = pages()
#: Modules whose docstrings have examples: those that the package's front page names.
DOCUMENTED = ("front/labelling.py", "front/evaluation.py", "builders/release/load.py", "schemas/validate.py")
#: Blocks that are left out, by page, with the reason that stands there.
SKIPPED = {
    "docs/newcomer.md": ["takes minutes and an index of packages"],
    "README.md": ["sets up an environment of its own; CI runs both", "installs packages"],
    "docs/baselines.md": ["needs copies of public corpora"],
    "docs/how-to/publish-on-the-hub.md": ["needs the Hub, and an account there", "needs the Hub"],
    "docs/how-to/run-on-spark.md": ["installs packages", "starts Spark; the tests of engines do that"],
    "docs/model-labellers.md": ["needs an endpoint"],
    "docs/scale.md": ["starts Ray and Spark; the tests of engines do that"],
    "docs/tutorial.md": ["installs packages"],
}
FENCE = re.compile(r"^(`{3,})([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_what_happens(page, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    run(page, folder)


@pytest.mark.parametrize("module", DOCUMENTED)
def test_the_examples_of_docstrings_run(module, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    assert run_docstrings(ROOT / module, folder)


def test_blocks_that_are_left_out_are_few_and_named():
    found = {str(page.relative_to(ROOT)): skips(page) for page in PAGES}
    assert {page: reasons for page, reasons in found.items() if reasons} == SKIPPED


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_stand_in_blocks_that_run(page):
    for _, language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if re.search(r"^(\$ |allegedly )", code, re.MULTILINE):
            assert language == "console", code
