"""What goes out to a tool comes home as it was, label for label."""

import pytest
from drawn_labels import labelled
from hypothesis import HealthCheck, given, settings
from round_trips import TOOLS, as_home, home

from allegedly.builders.annotations.regions import wordless
from allegedly.schemas.records import LAYERS, LINK, Labels, Record, replace

tools = pytest.mark.parametrize("tool", TOOLS)


@tools
def test_the_hard_texts_come_home(tool, hard, tmp_path):
    found = home(tool, hard, tmp_path / "out")
    for record in hard:
        assert found[record.article.id] == as_home(record.labels, record.article)


@tools
def test_the_shipped_release_comes_home(tool, shipped_records, tmp_path):
    found = home(tool, shipped_records, tmp_path / "out")
    for record in shipped_records:
        assert found[record.article.id] == as_home(record.labels, record.article)


def carried(labels: Labels) -> Labels:
    """The labels that have words; links to others lead nowhere."""
    layers = {layer: [each for each in getattr(labels, layer) or () if not wordless(each)] for layer in LAYERS}
    there = {each.id for each in layers["attributions"]}

    def link(label, name):
        target = getattr(label, name)
        return replace(label, **{name: target if target is None or target in there else "unresolved"})

    return Labels(**{layer: tuple(link(each, LINK[layer]) for each in found) for layer, found in layers.items()})


@tools
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=labelled())
def test_any_labels_come_home(tool, pair, tmp_path_factory):
    article, labels = pair
    labels = as_home(labels, article)
    record = Record(article=article, labels=labels)
    found = home(tool, [record], tmp_path_factory.mktemp("out"))
    assert found[article.id] == as_home(carried(labels), article)
