"""Recipes: what they take, what they refuse, and with which words."""

from dataclasses import asdict
from pathlib import Path

import pytest

from allegedly.builders.recipe import Engine, Splits, homes, known, resolve
from allegedly.builders.sources.limits import Limits
from allegedly.schemas.errors import UsageError

RECIPE = """
name = "harbour-news"
version = "1.2.3"
licence = "CC0-1.0"
sources = ["sources"]
annotations = "annotations"
labellers = "none"
[splits]
train = 0.5
validation = 0.25
test = 0.25
group_by = ["author"]
previous = "old"
[fields]
text = "/body"
[limits]
seconds = 5
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "project" / "recipe.toml"
    path.parent.mkdir()
    path.write_text(RECIPE)
    return path


def test_paths_of_a_recipe_are_relative_to_it_and_those_of_options_to_the_current_folder(file, tmp_path):
    plan = resolve([], file)
    assert plan.sources == (tmp_path / "project" / "sources",)
    assert plan.annotations == tmp_path / "project" / "annotations"
    assert plan.splits.previous == tmp_path / "project" / "old"
    plan = resolve(["here"], file, {"annotations": "notes", "previous": "former"})
    assert plan.sources == (Path("here"),)
    assert plan.annotations == Path("notes")
    assert plan.splits.previous == Path("former")


def test_options_win_over_the_recipe_and_reach_every_table(file):
    plan = resolve(
        [], file, {"train": 0.6, "validation": 0.15, "seconds": 7, "group_by": "outlet", "field": {"title": "/t"}}
    )
    assert plan.splits.fractions == {"train": 0.6, "validation": 0.15, "test": 0.25}
    assert plan.splits.group_by == ("outlet",)
    assert plan.limits.seconds == 7
    assert dict(plan.fields) == {"text": "/body", "title": "/t"}


def test_what_the_manifest_keeps_names_no_path(file):
    value = resolve([], file).to_json("f" * 64)
    assert value["splits"]["previous"] == "f" * 64
    assert "sources" not in value and "annotations" not in value and "workers" not in value
    assert str(file.parent) not in repr(value)


def test_the_name_comes_from_the_sources_not_from_where_they_lie(tmp_path):
    one, two = tmp_path / "a" / "harbour news", tmp_path / "b" / "harbour news"
    assert resolve([one]).name == resolve([two]).name == "harbour-news"
    assert resolve(["b", "a"]).name == resolve(["a", "b"]).name == "a-b"
    assert resolve([f"s{n}" for n in range(5)]).name == "s0-and-4-more"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sorces = []", r"recipe\.toml: unknown key 'sorces'; did you mean 'sources'\?"),
        ("[splits]\ntrian = 0.8", r"\[splits\]: unknown key 'trian'; did you mean 'train' in \[splits\]\?"),
        ("group_by = ['author']", r"unknown key 'group_by'; did you mean 'group_by' in \[splits\]\?"),
        ("[limits]\nsecond = 3", r"did you mean 'seconds' in \[limits\]\?"),
        ("zzzz = 1", r"unknown key 'zzzz'\. Known: "),
        ("duplicates = 'drop'", r"duplicates is \"drop\""),
        ("version = '1'", r"version is \"1\""),
        ("near = 1.5", r"near is 1\.5"),
        ("[splits]\ntrain = 0.9", r"must sum to 1, not 1\.1 \(train 0\.9, validation 0\.1, test 0\.1\)"),
        ("name = ?", r"recipe\.toml: not a TOML file: Invalid value \(at line 1"),
        ("[splits]\ngroup_by = ['week']", r"splits\.group_by\.0 is \"week\""),
    ],
)
def test_what_is_wrong_in_a_recipe_is_said(tmp_path, text, message):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        resolve(["x"], path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tain": 0.7}, r"options: unknown key 'tain'; did you mean 'train' in \[splits\]\?"),
        ({"field": {"txt": "/b"}}, r"\[fields\]: unknown key 'txt'; did you mean 'text' in \[fields\]\?"),
        ({"train": 0.7}, r"must sum to 1, not 0\.9"),
    ],
)
def test_what_is_wrong_in_options_is_said(options, message):
    with pytest.raises(UsageError, match=message):
        resolve(["x"], None, options)


def test_no_sources_and_no_file(tmp_path):
    with pytest.raises(UsageError, match="no sources"):
        resolve([])
    with pytest.raises(UsageError, match="no such recipe"):
        resolve(["x"], tmp_path / "none.toml")


def test_defaults_are_those_of_the_schema():
    plan = resolve(["x"])
    limits = {key: limit for key, limit in asdict(Limits()).items() if key != "memory"}
    assert limits == {key: node["default"] for key, node in known()["limits"]["properties"].items()}
    engine = {key: node["default"] or None for key, node in known()["engine"]["properties"].items()}
    assert asdict(Engine()) == engine
    tables = {"splits": Splits().fractions | {"near": 0.5, "salt": "", "group_by": [], "previous": "", "pinned": ""}}
    assert tables["splits"] == {key: node["default"] for key, node in known()["splits"]["properties"].items()}
    for key in ("labellers", "duplicates", "near", "strict"):
        assert getattr(plan, key) == known()[key]["default"]


def test_every_key_has_one_place():
    inner = [name for table in ("splits", "input", "limits") for name in known()[table]["properties"]]
    # the engine's name and address are both given as `--engine`
    assert len(homes()) == len(known()) - 3 + len(inner) + len(("work", "memory"))


@pytest.mark.parametrize(
    ("given", "spec"),
    [("ray", "ray"), ("ray://10.0.0.1:10001", "ray://10.0.0.1:10001"), (None, "spark://head:7077")],
)
def test_a_flag_names_an_engine_or_joins_one(given, spec):
    recipe = {"engine": {"address": "spark://head:7077", "memory": "2GiB"}}
    engine = resolve(["x"], recipe, {"engine": given}).engine
    assert (engine.spec, engine.bytes) == (spec, 2 << 30)


@pytest.mark.parametrize("memory", ["much", "1 parsec", "-1GiB", "100MiB"])
def test_a_size_that_is_none_or_too_small_is_said(memory):
    with pytest.raises(UsageError, match=rf"--memory {memory}: (expected a size such as 1GiB|a build needs at least)"):
        resolve(["x"], None, {"memory": memory})


def test_the_manifest_keeps_nothing_of_the_engine(tmp_path):
    plain = resolve(["x"]).to_json()
    assert resolve(["x"], None, {"engine": "ray", "work": str(tmp_path), "memory": "4GiB"}).to_json() == plain
