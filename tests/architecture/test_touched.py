"""`make check` runs the tests that a change touches: which these are."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def touched():
    spec = importlib.util.spec_from_file_location("touched", ROOT / "tests" / "touched.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("change", "test", "steps"),
    [
        ("tests/eval/test_matching.py", "tests/eval/test_matching.py", 0),
        ("eval/matching.py", "tests/eval/test_matching.py", 1),
        ("builders/engines/_lookup.py", "tests/engines/test_plugins.py", 1),
        ("builders/engines/ray.py", "tests/engines/test_plugins.py", 2),  # found by name, never imported
        ("front/commands/list.py", "tests/engines/test_plugins.py", 1),  # run as a command
        ("tests/golden/readers/no/such.json", "tests/readers/test_readers.py", 0),
        ("tests/plugin_copies.py", "tests/engines/test_plugins.py", 1),
        ("schemas/recipe.schema.json", "tests/build/test_recipe.py", 1),
    ],
)
def test_what_a_change_touches(touched, change, test, steps):
    assert touched.distances({ROOT / change}).get(ROOT / test) == steps


@pytest.mark.parametrize(
    "change", ["README.md", "docs/guidelines.md", "tests/engines/test_plugins.py", "front/render.py"]
)
def test_what_it_leaves_alone(touched, change):
    assert ROOT / "tests/eval/test_bootstrap.py" not in touched.distances({ROOT / change})
