"""Labels that leave in a format that holds pieces of a part come home label for label."""

import tempfile
from pathlib import Path

import pytest
from drawn_labels import labelled
from hypothesis import given, settings
from round_trips import imported

from allegedly.builders.annotations.given import Given
from allegedly.builders.exporters import _lookup
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LAYERS, Labels, Record, replace

FORMATS = ["brat", "web-annotation", "jsonl"]
formats = pytest.mark.parametrize("name", FORMATS)


def plainly(labels: Labels, article) -> Labels:
    """Labels as any annotator gives them: numbered, without who gave them."""
    unsigned = {
        layer: None if found is None else tuple(replace(each, by="") for each in found)
        for layer, found in ((layer, getattr(labels, layer)) for layer in LAYERS)
    }
    return numbered(Labels(**unsigned), article)


def sent(name: str, records: list[Record], folder: Path, **options: str) -> Path:
    """What an exporter writes."""
    exporter = _lookup.resolve(name)
    path = folder / "out"
    if exporter.path == "folder":
        path.mkdir(parents=True)
    exporter.write(iter(records), path, **options)
    return path


def brought(name: str, path: Path, records: list[Record]) -> tuple[dict[str, Labels], list[str]]:
    """Labels by article, and what was told beside."""
    items = imported(name.replace("-", "_"), path, records)
    home = {item.article.id: plainly(item.labels, item.article) for item in items if isinstance(item, Given)}
    return home, [str(item) for item in items if not isinstance(item, Given)]


def carried(record: Record, name: str) -> Labels:
    """The labels of a record that the format holds."""
    losses = _lookup.resolve(name).losses
    told = losses(iter([record])) if losses else ()
    lost = {loss.where for loss in told if loss.what == "a label that marks no words"}
    labels = numbered(record.labels, record.article)
    held = {
        layer: None
        if getattr(labels, layer) is None
        else tuple(each for each in getattr(labels, layer) if f"{record.article.id}:{each.id}" not in lost)
        for layer in LAYERS
    }
    return plainly(Labels(**held), record.article)


@formats
@settings(max_examples=60)
@given(pair=labelled())
def test_any_labels_come_home(name, pair):
    article, labels = pair
    record = Record(article=article, labels=numbered(labels, article))
    with tempfile.TemporaryDirectory() as folder:
        home, told = brought(name, sent(name, [record], Path(folder)), [record])
    if any(getattr(labels, layer) is not None for layer in LAYERS):
        assert told == []
        assert home == {article.id: carried(record, name)}


@formats
@pytest.mark.parametrize("labels", ["hard", "shipped_records"])
def test_the_hard_texts_and_the_shipped_release_come_home(name, labels, request, tmp_path):
    records = request.getfixturevalue(labels)
    home, told = brought(name, sent(name, records, tmp_path), records)
    assert told == []
    assert home == {record.article.id: plainly(record.labels, record.article) for record in records}
