"""An article of the shipped set with two readings that differ, and the programs of bench/."""

import importlib
import json
from dataclasses import replace

import pytest

from allegedly.schemas import stored
from allegedly.schemas.records import Labels


@pytest.fixture
def program(root, monkeypatch):
    """``program(name)``: a module of bench/."""
    monkeypatch.syspath_prepend(str(root / "bench"))
    return importlib.import_module


@pytest.fixture(scope="session")
def records(root):
    """The articles of the shipped set, labelled, in order of id."""
    return sorted(stored.records(root / "dataset"), key=lambda record: record.article.id)


def signed(labels: Labels, by: str) -> dict:
    """Labels as an annotation file has them."""
    return {layer: [{**label, "by": by} for label in own or ()] for layer, own in labels.to_json().items()}


def shaken(labels: Labels) -> Labels:
    """Another reading: labels left out, other attributes, other words, other links."""
    claims = [label for number, label in enumerate(labels.claims or ()) if number % 4]
    claims = [
        replace(label, kind="other", claimer=None) if number % 3 == 0 else label for number, label in enumerate(claims)
    ]
    attributions = [
        replace(label, cue=(), form="mixed") if number % 3 == 0 else label
        for number, label in enumerate(labels.attributions or ())
    ]
    return replace(labels, claims=tuple(claims), attributions=tuple(attributions))


@pytest.fixture
def two_readings(records, tmp_path):
    """A folder with two readings of each of three articles; gives it with the labels of both by article."""
    folder = tmp_path / "readings"
    folder.mkdir()
    said = {}
    for record in records[:3]:
        said[record.article.id] = (record.labels, shaken(record.labels))
        for by, labels in zip(("reader-1", "reader-2"), said[record.article.id], strict=True):
            value = {
                "article_id": record.article.id,
                "annotator": {"id": by, "kind": "model"},
                "labels": signed(labels, by),
            }
            (folder / f"{record.article.id}.{by}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder, said
