"""Labellers by name as values, and which of them labels better than another."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from plugin_copies import copied, example

from allegedly.builders.labellers import _lookup
from allegedly.schemas import plugins


@pytest.mark.parametrize("name", [name for name in plugins.names("labellers") if name != "learned"])
def test_a_labeller_is_a_value_with_what_its_file_says(name):
    (labeller,) = _lookup.resolve(name)
    module = plugins.find("labellers", name)
    assert (labeller.name, labeller.annotator, labeller.layers) == (name, module.ANNOTATOR, tuple(module.LAYERS))
    assert labeller.label is module.label
    assert labeller.weights_sha256() is None and labeller.packages == ()


def test_the_learned_labeller_says_what_decides_its_labels():
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    (labeller,) = _lookup.resolve("learned")
    assert labeller.packages == ("onnxruntime", "tokenizers")
    assert len(labeller.weights_sha256()) == 64


def test_a_better_labeller_is_named_where_it_can_run():
    here = all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))
    weights = Path(_lookup.__file__).parent / "weights" / "model.onnx"
    assert _lookup.better_than("rules") == ("learned" if here and weights.is_file() else None)
    assert _lookup.better_than("learned") is None
    assert _lookup.better_than("learned,rules") is None


def test_any_labeller_may_say_that_it_is_better(tmp_path):
    # the copy has no weights, so that nobody else is better there
    source = example("A labeller").replace("LAYERS =", 'BETTER_THAN = "rules"\nPACKAGES = ("numpy",)\nLAYERS =')
    site = copied(tmp_path / "better", "builders/labellers", "perhaps", source)
    program = "from allegedly.builders.labellers._lookup import better_than; print(better_than('rules'))"
    assert site.python(program) == "perhaps\n"
    absent = copied(tmp_path / "absent", "builders/labellers", "perhaps", source.replace("numpy", "no_such_package"))
    assert absent.python(program) == "None\n"
