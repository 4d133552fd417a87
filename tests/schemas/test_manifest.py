"""The manifest as a value: attributes with types, a mapping for those who know it as one."""

import json
from dataclasses import FrozenInstanceError

import pytest

from allegedly.schemas.manifest import KEYS, Manifest
from allegedly.schemas.schema import schema


@pytest.fixture
def value() -> dict:
    return {
        "name": "harbour",
        "version": "1.2.3",
        "date": None,
        "allegedly": "0.1.0",
        "packages": {"pyarrow": "21.0.0"},
        "recipe": {"labellers": "none"},
        "labellers": [{"name": "rules", "version": "1", "weights_sha256": None}],
        "annotators": [{"id": "rules", "kind": "rule"}],
        "inputs": [{"file_name": "a.txt", "bytes": 3, "sha256": "0" * 64, "articles": 1, "rejected": 0}],
        "outputs": [{"path": "README.md", "bytes": 3, "sha256": "0" * 64, "rows": None}],
        "counts": {"articles": {"train": 1, "validation": 0, "test": 0}},
        "content_sha256": "0" * 64,
        "leakage": {"measure": "Jaccard index of word 5-grams", "nearest": []},
    }


def test_it_comes_back_as_it_went_in(value):
    manifest = Manifest.from_json(value)
    assert json.loads(json.dumps(manifest.to_json())) == value
    assert list(manifest.to_json()) == list(value)
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_it_says_what_the_schema_says(value):
    assert list(KEYS) == list(schema("manifest")["properties"])
    assert set(KEYS) == set(schema("manifest")["required"])


def test_keys_are_attributes_and_attributes_are_keys(value):
    manifest = Manifest.from_json(value)
    assert manifest["counts"] is manifest.counts
    assert dict(manifest) == value and manifest.get("nothing") is None and "leakage" in manifest
    with pytest.raises(KeyError, match=r"a manifest has no 'count'; known: name, version"):
        manifest["count"]


def test_nobody_changes_it(value):
    with pytest.raises(FrozenInstanceError):
        Manifest.from_json(value).name = "other"
