"""A labeller from outside, the one that CONTRIBUTING shows: dropped into a copy of the package, or beside it."""

import json
from pathlib import Path

import pytest
from plugin_copies import Site, copied, example, installed

SOURCE = example("A labeller")


@pytest.fixture(params=["dropped in", "another package"])
def site(request, tmp_path) -> Site:
    if request.param == "dropped in":
        return copied(tmp_path, "builders/labellers", "perhaps", SOURCE)
    return installed(tmp_path, "labellers", "perhaps", SOURCE)


def news(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_text("Ferry late\n\nThe ferry is perhaps late again. It rained.\n", encoding="utf-8")
    return path


def test_it_is_listed_labels_builds_and_is_scored(site):
    assert "perhaps" in {row["name"] for row in json.loads(site.run("list", "labellers", "--json"))}
    path = news(site.folder)
    (line,) = map(json.loads, site.run("label", path, "--labellers", "perhaps").splitlines())
    (speculation,) = line["labels"]["speculations"]
    assert (speculation["id"], speculation["text"], speculation["by"]) == ("s1", "perhaps", "perhaps")
    assert line["labels"]["claims"] is None and line["labels"]["attributions"] is None
    assert [sentence["speculation"] for sentence in line["sentences"]] == ["certain", "speculative", "certain"]
    site.run("build", path, "--out", "release", "--labellers", "perhaps", "--workers", "1")
    manifest = json.loads((site.folder / "release" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["labellers"] == [{"name": "perhaps", "version": "1", "weights_sha256": None}]


def test_what_its_file_lacks_is_told(tmp_path):
    site = copied(tmp_path, "builders/labellers", "broken", '"""Lacks a lot."""\nLAYERS = ("claims",)\n')
    error = site.run("label", news(tmp_path), "--labellers", "broken", code=2)
    assert "labeller 'broken': its file" in error and "lacks ANNOTATOR, label" in error


def test_a_layer_that_nobody_knows_is_told(tmp_path):
    site = copied(tmp_path, "builders/labellers", "perhaps", SOURCE.replace('("speculations",)', '("speculation",)'))
    error = site.run("label", news(tmp_path), "--labellers", "perhaps", code=2)
    assert "labeller 'perhaps', LAYERS: unknown layer 'speculation'; did you mean 'speculations'?" in error
