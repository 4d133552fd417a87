"""Limits: what one input file may cost.

Conventions: bytes are bytes, seconds are seconds of work from one beat to the next. A file that passes a limit
becomes a line of the ledger with the limit and the value.
"""

from dataclasses import dataclass
from typing import Any

from allegedly.schemas.records import Origin, Rejected

MIB = 1 << 20
#: A file may expand to so many times its own bytes, which is what gzip reaches at most with the same letter again and again;
#: and to so many bytes however small it is.
RATIO, SMALL = 1_000, 8 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The defaults are those of ``recipe.schema.json``; a test holds them equal. ``memory``, in bytes, bounds the worker
    that reads a file; the recipe does not name it."""

    seconds: float = 20
    bytes: int = 64 * MIB
    expanded_bytes: int = 256 * MIB
    memory: int = 2048 * MIB
    members: int = 10_000
    nesting: int = 200
    attributes: int = 1_000

    def expansion(self, size: int) -> int:
        """To how many bytes a file of so many may expand."""
        return min(self.expanded_bytes, max(SMALL, RATIO * size))


class Refused(Exception):
    """Why an input is not taken: a rule, a sentence, and detail. A verdict that becomes a line of the ledger."""

    def __init__(self, rule: str, reason: str, **detail: Any) -> None:
        super().__init__(reason)
        self.rule, self.reason, self.detail = rule, reason, detail

    def rejected(self, origin: Origin, stage: str = "read") -> Rejected:
        """The line of the ledger."""
        return Rejected(origin=origin, stage=stage, rule=self.rule, reason=self.reason, detail=self.detail)


class OutOfTime(Refused):
    """Raised into work that takes longer than the limit of seconds, so that it costs the record it is about and not
    the file. Where nothing takes it, the kernel ends the process a little later."""

    def __init__(self, seconds: float) -> None:
        super().__init__("time-limit", too_long(seconds), limit=seconds)


def too_long(seconds: float) -> str:
    """Why what takes too long is given up."""
    return f"took longer than the limit of {seconds:g} seconds; raise `seconds` to wait longer"


def too_large(memory: int) -> str:
    """Why what needs too much memory is given up."""
    return f"needed more memory than the limit of {memory} bytes; split it into smaller files"


def over(rule: str, what: str, limit: float, value: float | None = None) -> Refused:
    """The verdict on what passed a limit. ``value`` is None where it was stopped before the value was known."""
    key = rule.removesuffix("-limit").replace("-", "_")
    found = "" if value is None else f" ({value:g})" if isinstance(value, float) else f" ({value})"
    detail = {"limit": limit} if value is None else {"limit": limit, "value": value}
    return Refused(rule, f"{what}{found} is over the limit of {limit}; raise `{key}` to read it", **detail)


def expands(what: str, size: int, limits: Limits, value: float | None = None) -> Refused:
    """The verdict on a file of so many bytes that expands to more than it may."""
    most = limits.expansion(size)
    if most == limits.expanded_bytes:
        return over("expanded-bytes-limit", what, most, value)
    reason = f"{what} is over the limit of {most}, for it takes only {size} bytes; write it anew without repetitions to read it"
    return Refused("expanded-bytes-limit", reason, limit=most, bytes=size)


def verdict(error: Exception, limits: Limits) -> Refused:
    """What is said of the record, or of the file, that an exception ended; its traceback, which may hold much, goes."""
    if isinstance(error, Refused):
        return error.with_traceback(None)
    if isinstance(error, RecursionError):
        return over("nesting-limit", "the depth of its structure", limits.nesting)
    if isinstance(error, MemoryError):
        return Refused("memory-limit", too_large(limits.memory), limit=limits.memory)
    if isinstance(error, UnicodeEncodeError):
        return lone_surrogate()
    kind = type(error).__name__
    return Refused("fault", f"its reader failed: {kind}: {error}"[:300], error=kind)


def lone_surrogate() -> Refused:
    """The verdict on text that no encoding can hold."""
    return Refused("lone-surrogate", "holds half of a surrogate pair (such as \\ud83d alone), which is no character")
