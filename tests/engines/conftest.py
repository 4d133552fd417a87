"""Engines that run, started once a module; those of an extra are skipped, with the reason, where it is absent."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

from allegedly.builders.engines._lookup import started

HERE = Path(__file__).parent
MEMORY = 1 << 30
LIBRARIES = {"local": None, "ray": "ray", "spark": "pyspark"}


# the tasks of the tests by name, here and in every process of an engine
sys.path.insert(0, str(HERE))


def require(name):
    """Skips where the library of an engine, or Java, is not there."""
    library = LIBRARIES[name]
    if library is not None and importlib.util.find_spec(library) is None:
        pytest.skip(f"the extra {name!r} is not installed")
    if name == "spark" and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java for Spark")


@pytest.fixture
def require_engine():
    """``require_engine("spark")`` skips the test where it cannot run."""
    return require


@pytest.fixture(scope="module")
def running(request):
    """The engine whose name the test is given, started."""
    require(request.param)
    with started(request.param, workers=2, memory=MEMORY) as engine:
        yield engine
