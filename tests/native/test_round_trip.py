"""Labels that leave for a tool whose format can hold them come home label for label."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from labelled_articles import labelled, plainly

from allegedly.builders.exporters import _lookup
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LAYERS, Labels, Record

FORMATS = ["brat"]


def carried(record: Record, name: str) -> Labels:
    """The labels of a record that the format holds."""
    losses = _lookup.resolve(name).losses
    lost = {loss.where for loss in losses(iter([record])) if loss.what == "a label that marks no words"} if losses else set()
    labels = numbered(record.labels, record.article)
    held = {
        layer: None
        if getattr(labels, layer) is None
        else tuple(each for each in getattr(labels, layer) if f"{record.article.id}:{each.id}" not in lost)
        for layer in LAYERS
    }
    return plainly(Labels(**held), record.article)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60)
@given(pair=labelled())
def test_any_labels_come_home(name, pair, exported, brought):
    article, labels = pair
    record = Record(article=article, labels=labels)
    with tempfile.TemporaryDirectory() as folder:
        path = exported(name, [record], Path(folder) / "out")
        home, told = brought(name, path, [article])
    if any(getattr(labels, layer) is not None for layer in LAYERS):
        assert told == []
        assert home == {article.id: carried(record, name)}
