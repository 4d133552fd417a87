"""A note: what a line around an article is, and what it tells about the article."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """A line that is no text of the article: its kind of block, and what it tells, by field."""

    kind: str
    tells: dict[str, Any] = field(default_factory=dict)
    #: Length of the key in front of a value that is a block of its own (``Title:``).
    key: int = 0
