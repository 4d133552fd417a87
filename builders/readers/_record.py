"""One record of several in a file: its article, or why there is none, whatever its reader does.

Conventions: what ends the reading of one record (a fault of ours, a limit of seconds or memory, depth) is a line of the
ledger about this record; those after it are read. A file that holds one article is left to ``_reading``.
"""

from collections.abc import Callable
from typing import TypeVar

from allegedly.builders.sources.limits import Limits, verdict
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Origin, Rejected

Value = TypeVar("Value")


def either(read: Callable[[], Value], origin: Origin, limits: Limits) -> Value | Rejected:
    """What reading a record gives, or the line of the ledger with its origin."""
    try:
        return read()
    except UsageError:
        raise
    except Exception as error:
        refused = verdict(error, limits)
    return refused.rejected(origin)
