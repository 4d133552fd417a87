"""``https://...``: the same as ``http:``, over TLS."""

from allegedly.eval.options import Options
from allegedly.eval.systems import http
from allegedly.eval.systems.http import Http

TARGET = "//host/path, an endpoint"
TASKS = None
NEEDS_TASK = True
LABELS = True
READS = http.READS
EXTRA = None
CACHED = True


def connect(target: str, options: Options) -> Http:
    """The endpoint at ``https:TARGET``."""
    return Http(f"https:{target}", options)
