"""What `make fuzz` runs for long is run here for a moment; and each of its targets fails where it ought to."""

import importlib.util
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("bench_fuzz", ROOT / "bench" / "fuzz.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_fuzz"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["bench_fuzz"]


@pytest.mark.parametrize("name", ["rules", "readers", "importers"])
@pytest.mark.filterwarnings("ignore")  # of libraries that are given broken files
def test_nothing_falls_over(fuzz, name):
    fuzz.attempt(name, 25, 1)


def test_a_labeller_that_falls_over_is_noticed(fuzz):
    (rules, *_) = fuzz._labellers()

    def falls(articles):
        raise IndexError("list index out of range")

    with pytest.raises(IndexError):
        fuzz.label_with(replace(rules, label=falls), fuzz.Written("The pier closed.", "en", None))
    with pytest.raises(AssertionError):
        fuzz.label_with(replace(rules, label=lambda articles: []), fuzz.Written("The pier closed.", "en", None))


def test_a_reader_that_falls_over_is_noticed(fuzz, monkeypatch):
    from allegedly.builders.readers import _reading, text

    def falls(data, origin):
        raise IndexError("list index out of range")
        yield

    monkeypatch.setattr(text, "read", falls)
    monkeypatch.setattr(_reading, "_reader", lambda name: (text.read, frozenset()))
    with pytest.raises(AssertionError, match="its reader failed: IndexError"):
        fuzz.read_file(fuzz.Changed(fuzz.Seed("a.txt", b"The pier closed."), ()))


def test_an_importer_says_what_is_wrong_with_a_corpus(fuzz, tmp_path):
    from allegedly.builders.importers._lookup import read, resolve
    from allegedly.schemas.errors import DataError

    polnear = next(seed for seed in fuzz._importer_seeds() if seed.name == "data/metadata.tsv")
    broken = fuzz.Changed(polnear, (fuzz.Edit(0.0, 0, b"\x80", 1),))
    fuzz.import_corpus(broken)
    with pytest.raises(DataError, match="is not as the importer 'polnear' knows it: UnicodeDecodeError"):
        list(read(resolve("polnear"), _written(broken, tmp_path / "source")))


def _written(changed, folder):
    shutil.copytree(changed.seed.path, folder)
    (folder / changed.seed.name).write_bytes(changed.data)
    return folder
