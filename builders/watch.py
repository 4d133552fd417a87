"""Watching a build: how far it is, and what was rejected.

Conventions: a build tells a Watch and never prints; this one is silent, the command line has its own.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from allegedly.schemas.manifest import Input
from allegedly.schemas.records import Rejected

Item = TypeVar("Item")


class Watch:
    """Hears what a build does. ``steps`` passes items through, so that a subclass can count them."""

    def steps(self, items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
        """Items of a stage as they are done."""
        yield from items

    def took(self, file: Input) -> None:
        """A file that is done: how many articles it gave, and how many lines of the ledger."""

    def rejected(self, line: Rejected) -> None:
        """A line of the ledger, as it is found."""

    def note(self, message: str) -> None:
        """Something worth a line."""


SILENT = Watch()
