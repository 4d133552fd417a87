"""``python:package.module:callable``: a function of yours, two lines are enough.

Conventions: `allegedly.eval.calling` says what it is handed and may return. ``input = "articles"`` in the options hands
over articles in sentence tasks too. It runs in a process of its own, and its answers are kept for one run only: what
else it reads cannot be known.
"""

from allegedly.eval import calling
from allegedly.eval.hosting import Hosted
from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError

TARGET = "package.module:callable, looked for in the current folder too"
TASKS = None
NEEDS_TASK = True
LABELS = True
READS = calling.READS
EXTRA = None
CACHED = False


def connect(target: str, options: Options) -> Hosted:
    """The callable that ``package.module:callable`` names, found from the current folder too."""
    name, colon, attribute = target.partition(":")
    if not colon or not name or not attribute:
        raise UsageError(f"python:{target}: expected python:package.module:callable")
    return Hosted(f"python:{target}", name, attribute)
