"""The shipped dataset, built anew from its sources and annotations."""

import pytest


@pytest.fixture(scope="session")
def shipped(root, tmp_path_factory):
    from allegedly import build

    out = tmp_path_factory.mktemp("shipped") / "dataset"
    build([], out, recipe=root / "dataset" / "recipe.toml", workers=1)
    return out
