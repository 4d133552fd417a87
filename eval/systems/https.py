"""``https://...``: the same as ``http:``, over TLS."""

from allegedly.eval.options import Options
from allegedly.eval.systems.http import Http


def connect(target: str, options: Options) -> Http:
    """The endpoint at ``https:TARGET``."""
    return Http(f"https:{target}", options)
