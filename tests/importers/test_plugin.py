"""An importer from outside, the one that CONTRIBUTING shows: dropped into a copy of the package, or beside it."""

import json
import re
from pathlib import Path

import pytest
from plugin_copies import Site, copied, example, installed

from allegedly.schemas.validate import validate

SOURCE = example("An importer")


@pytest.fixture(params=["dropped in", "another package"])
def site(request, tmp_path) -> Site:
    if request.param == "dropped in":
        return copied(tmp_path, "builders/importers", "verdicts", SOURCE)
    return installed(tmp_path, "importers", "verdicts", SOURCE)


def corpus(folder: Path) -> Path:
    path = folder / "corpus"
    path.mkdir()
    (path / "train.verdicts").write_text("yes\tThe ferry sank in May.\nno\tIt was blue.\nmaybe\n", encoding="utf-8")
    (path / "test.verdicts").write_text("yes\tThe bridge cost 3 million.\n", encoding="utf-8")
    return path


def test_it_is_listed_and_imports_a_release_that_is_valid(site):
    assert "verdicts" in {row["name"] for row in json.loads(site.run("list", "importers", "--json"))}
    manifest = json.loads(site.run("import", "verdicts", corpus(site.folder), "--out", "release", "--json"))
    assert validate(site.folder / "release") == []
    assert manifest["counts"]["claims"] == {"train": 2, "validation": 0, "test": 1}
    assert manifest["annotators"][0]["id"] == "verdicts"
    card = (site.folder / "release" / "README.md").read_text(encoding="utf-8")
    assert re.search(r'^license: "?cc-by-4\.0"?$', card, re.MULTILINE)
    assert "expert-generated" in card and "Where the corpus was published." in card
    (line,) = (site.folder / "release" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["rule"] == "broken-row"


def test_another_folder_is_told_from_the_corpus(site):
    (site.folder / "empty").mkdir()
    error = site.run("import", "verdicts", "empty", "--out", "release", code=1)
    assert "not this corpus: expected files *.verdicts" in error


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ('SCHEME = "verdicts"\n', 'SCHEMA = "verdicts"\n', "lacks SCHEME"),
        ('CREATORS = "expert-generated"', 'CREATORS = "expert"', "CREATORS: unknown word 'expert'"),
        ("MAY_TRAIN = True", 'MAY_TRAIN = True\nCALIBRATES = ("claim",)', "did you mean 'claims'?"),
        (
            "MAY_TRAIN = True",
            'MAY_TRAIN = True\nGENRE = "news"',
            "GENRE: unknown word 'news'. Known: abstract, debate, other",
        ),
    ],
)
def test_what_is_wrong_in_its_file_is_told(tmp_path, line, instead, message):
    site = copied(tmp_path, "builders/importers", "verdicts", SOURCE.replace(line, instead))
    assert message in site.run("import", "verdicts", corpus(tmp_path), "--out", "release", code=2)
