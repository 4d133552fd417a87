"""Limits: what one input file may cost.

Conventions: bytes are bytes, seconds are seconds of work from one beat to the next. A file that passes a limit
becomes a line of the ledger with the limit and the value.
"""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The defaults are those of ``recipe.schema.json``; a test holds them equal."""

    seconds: float = 20
    bytes: int = 64 * MIB
    expanded_bytes: int = 256 * MIB
    memory: int = 2048 * MIB
    members: int = 10_000
    nesting: int = 200
    attributes: int = 1_000


class LimitPassed(Exception):  # noqa: N818 - a verdict on the input, turned into a ledger line, not an error
    """An input passed a limit: rule, a sentence, and detail (limit and value)."""

    def __init__(self, rule: str, reason: str, **detail: object) -> None:
        super().__init__(reason)
        self.rule, self.reason, self.detail = rule, reason, detail
