"""``python:package.module:callable``: a function of yours, two lines are enough.

Conventions: `allegedly.eval.calling` says what it is handed and may return. ``input = "articles"`` in the options hands
over articles in sentence tasks too. Its answers are kept for one run only: what else it reads cannot be known.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

from allegedly.eval.calling import Called
from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError

TARGET = "package.module:callable, looked for in the current folder too"
TASKS = None
NEEDS_TASK = True
READS = ("threshold", "batch", "input", "cues")
EXTRA = None
CACHED = False


def connect(target: str, options: Options) -> Called:
    """The callable that ``package.module:callable`` names, found from the current folder too."""
    name, colon, attribute = target.partition(":")
    if not colon or not name or not attribute:
        raise UsageError(f"python:{target}: expected python:package.module:callable")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        function: Any = importlib.import_module(name)
        for step in attribute.split("."):
            function = getattr(function, step)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"python:{target}: {error}; expected a module on the path, and a callable in it") from error
    if not callable(function):
        raise UsageError(f"python:{target}: found {type(function).__name__}, expected a callable")
    return Called(function)
