"""What every importer keeps, each on its invented sample: constants, valid records, spans, links, and the same again."""

import ast
import json
import os
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from allegedly.builders.annotations.given import Articles
from allegedly.builders.importers._lookup import annotations, resolve
from allegedly.schemas import check, plugins
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, SENTENCE_BLOCKS, Record, Rejected
from allegedly.schemas.schema import errors

ROOT = Path(__file__).parent.parent.parent
ALL = sorted(path.stem for path in (ROOT / "builders" / "importers").glob("[!_]*.py"))
#: Those that read labels of articles which a release holds, and no corpus.
AGAINST = [name for name in ALL if not hasattr(import_module(f"allegedly.builders.importers.{name}"), "read")]
NAMES = [name for name in ALL if name not in AGAINST]
GOLDEN = ROOT / "tests" / "golden" / "importers"
CONSTANTS = {"LICENCE": str, "CITATION": str, "MAY_SHIP": bool, "MAY_TRAIN": bool, "SCHEME": str}
#: The Hub's words for who made labels.
CREATORS = ("crowdsourced", "expert-generated", "found", "machine-generated", "no-annotation", "other")
#: Set to rewrite what is expected: ALLEGEDLY_REWRITE=1 pytest tests/importers/test_contract.py
REWRITE = bool(os.environ.get("ALLEGEDLY_REWRITE"))


def importer(name: str):
    return plugins.find("importers", name.replace("_", "-"))


def imported(name: str) -> list[Record | Rejected]:
    return list(importer(name).read(GOLDEN / name / "source"))


def as_json(item: Record | Rejected) -> dict:
    if isinstance(item, Rejected):
        return {"rejected": item.to_json()}
    votes = [{"annotator": vote.annotator.to_json(), "labels": vote.labels.to_json()} for vote in item.votes]
    return {"record": item.to_json(), "split": item.split, "votes": votes}


def test_every_module_is_a_plugin():
    assert [name.replace("_", "-") for name in ALL] == plugins.names("importers")


@pytest.mark.parametrize("name", AGAINST)
def test_one_without_a_corpus_reads_labels_against_a_release(name, tmp_path):
    name = name.replace("_", "-")
    with pytest.raises(UsageError, match=rf"'{name}' reads labels of articles .* --against RELEASE, .* --by WHO"):
        resolve(name)
    with pytest.raises(
        UsageError, match=rf"'babe' makes a release .* takes no --against; those that take it: .*{name}"
    ):
        annotations("babe")
    if name == "cas":
        pytest.importorskip("cassis")
    (problem,) = annotations(name)(tmp_path, Articles.of(()))
    assert "a folder without any *." in problem.found


@pytest.mark.parametrize("name", NAMES)
def test_constants_are_literals(name):
    tree = ast.parse((ROOT / "builders" / "importers" / f"{name}.py").read_text(encoding="utf-8"))
    given = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in CONSTANTS
    }
    assert {key: type(value) for key, value in given.items()} == CONSTANTS
    assert all(value or isinstance(value, bool) for value in given.values())
    page = ast.get_docstring(tree)
    assert "Maps:" in page and "Does not map:" in page


@pytest.mark.parametrize("name", NAMES)
def test_creators_are_a_word_of_the_hub(name):
    assert getattr(importer(name), "CREATORS", "found") in CREATORS


@pytest.mark.parametrize("name", NAMES)
def test_an_importer_is_a_value_with_what_its_file_says(name):
    module, value = importer(name), resolve(name.replace("_", "-"))
    said = (value.licence, value.citation, value.may_ship, value.may_train, value.scheme, value.page)
    assert said == (*(getattr(module, key) for key in CONSTANTS), module.__doc__)
    assert value.read is module.read and value.targets is getattr(module, "targets", None)


def test_one_corpus_calibrates_each_layer():
    importers = [resolve(name.replace("_", "-")) for name in NAMES]
    assert sorted(layer for value in importers for layer in value.calibrates) == sorted(LAYERS)
    assert [value.name for value in importers if value.genre == "abstract"] == ["bioscope"]
    assert [value.name for value in importers if value.chosen] == ["checkthat"]
    assert [value.name for value in importers if value.targets] == ["meantime", "uds"]


@pytest.mark.parametrize("name", NAMES)
def test_sample_gives_what_is_expected(name):
    lines = [json.dumps(as_json(item), ensure_ascii=False, sort_keys=True) for item in imported(name)]
    expected = GOLDEN / name / "expected.jsonl"
    if REWRITE:
        expected.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_records_hold_the_contract(name):
    records = [item for item in imported(name) if isinstance(item, Record)]
    assert records
    for record in records:
        value = record.to_json()
        assert list(check.record(value)) == []
        for layer in LAYERS:
            for label in value["labels"][layer] or ():
                assert list(errors(layer.removesuffix("s"), label)) == []
        assert {block.kind for block in record.article.blocks} <= SENTENCE_BLOCKS
        assert [(s.start, s.end) for s in record.sentences] == list(record.article.sentences)
        assert record.split in ("train", "validation", "test", None)


@pytest.mark.parametrize("name", NAMES)
def test_labels_say_who_and_by_which_scheme(name):
    module = importer(name)
    for record in imported(name):
        if isinstance(record, Record):
            assert record.votes
            assert record.votes[0].labels == record.labels
            for vote in record.votes:
                assert vote.annotator.kind == "import"
                for layer in LAYERS:
                    for label in getattr(vote.labels, layer) or ():
                        assert label.by == vote.annotator.id
                        assert label.scheme.startswith(module.SCHEME)
                        assert label.confidence is None
                assert list(check.labels(vote.labels.to_json(), record.article.text)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_dropped_is_in_the_ledger(name):
    lines = [item for item in imported(name) if isinstance(item, Rejected)]
    assert lines or name == "meantime"  # of MEANTIME's sample nothing is dropped
    for line in lines:
        assert list(errors("rejected", line.to_json())) == []
        assert line.stage == "import"
        assert line.reason.endswith(".")
        assert line.origin.file_name.startswith("source/")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_source_gives_the_same_values(name):
    assert imported(name) == imported(name)


@pytest.mark.parametrize("name", NAMES)
def test_another_folder_is_told_from_the_corpus(name, tmp_path):
    (tmp_path / "something.else").write_text("no corpus", encoding="utf-8")
    with pytest.raises(DataError, match=r"not this corpus: expected .*; name the folder or the file that holds it"):
        list(importer(name).read(tmp_path))
    with pytest.raises(DataError, match="not this corpus"):
        list(importer(name).read(tmp_path / "something.else"))


@pytest.mark.parametrize(
    "name", ["bioscope", "claimbuster", "checkthat", "uds", "babe", "conll2010", "sfu_review", "bio"]
)
def test_one_file_may_be_named(name):
    files = sorted(path for path in (GOLDEN / name / "source").rglob("*") if path.is_file())
    found = [item for item in importer(name).read(files[-1]) if isinstance(item, Record | Rejected)]
    assert found
    assert {item.article.origin.file_name for item in found if isinstance(item, Record)} <= {files[-1].name}


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_bytes((GOLDEN / "uds" / "source" / "train.jsonl").read_bytes() + b'{"text": "caf\xe9"}\n')
    with pytest.raises(DataError, match=r"train\.jsonl: byte \d+ is not UTF-8"):
        list(importer("uds").read(path))


def test_half_of_a_surrogate_pair_goes_to_the_ledger(tmp_path):
    path = tmp_path / "train.jsonl"
    rows = ['{"text": "a \\ud800 b", "targets": [], "idx": 0}', '{"text": "a b", "targets": [], "idx": "\\ud800"}']
    path.write_text("\n".join(rows), encoding="utf-8")
    first, second = importer("uds").read(path)
    assert first.rule == "lone-surrogate"
    assert second.article.source_id == "train-\\ud800"


def test_the_page_says_what_the_importers_say():
    spec = spec_from_file_location("bench_importers", ROOT / "bench" / "importers.py")
    bench = module_from_spec(spec)
    spec.loader.exec_module(bench)
    page = (ROOT / "docs" / "importers.md").read_text(encoding="utf-8")
    modules = bench.corpora()
    written = [*bench.terms(modules), *(line for name in modules for line in bench.section(name, modules[name]))]
    missing = [line for line in written if line not in page]
    assert not missing, "the page is behind: python bench/importers.py --write"
