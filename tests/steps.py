"""How much a function does, counted and not timed: the same number on every machine, however busy it is.

Seconds are measured by ``python bench/growth.py``, for the same texts.
"""

import sys
from collections.abc import Callable
from types import FrameType


def steps(function: Callable[[], object]) -> int:
    """Calls of functions, of those in C too, while ``function`` runs. Work inside one call (a pattern) is not seen."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count
