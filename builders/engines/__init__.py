"""Engines: where tasks over shards run; a module is a plugin, its file name its name.

In: a task and shards, which name paths. Out: small results in the order of the shards. Called by the stages of a build.

Conventions: a task is a function of a module, or a frozen dataclass with ``__call__``; shards and results are small and
travel by pickle (paths as strings, numbers), whatever has an article's size lies in files under ``work``, the folder
that all nodes share. A task puts its output in place in one step and may be run again: an engine repeats it, at most
twice, where the process that ran it died. UsageError and DataError of a task end the run as themselves; anything else
ends it as a RuntimeError that names the shard.

A plugin is a file ``builders/engines/<name>.py`` that holds what ``Plugin`` lists. It imports its library inside
``start``: names and addresses are looked up without it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

Shard = TypeVar("Shard")
Result = TypeVar("Result")


class Engine(Protocol):
    """Something that runs tasks."""

    def map(self, task: Callable[[Shard], Result], shards: Iterable[Shard], *, work: Path) -> Iterator[Result]:
        """The task's result for each shard, in the order of the shards.

        Shards are drawn as they are needed, at most some hundreds ahead of the result that comes next, so that they may
        come from a generator of a million. Once the iterator is closed no more are drawn; those in flight may still
        run until the engine ends.
        """
        ...


class Plugin(Protocol):
    """What the module of an engine holds."""

    @property
    def SCHEMES(self) -> tuple[str, ...]:
        """The addresses that it joins: ``("ray",)`` for ``ray://host:port``; ``()`` where it joins none."""
        ...

    @property
    def EXTRA(self) -> str | None:
        """The extra of this package that brings its library; None where it needs none."""
        ...

    def start(self, address: str | None, *, workers: int, memory: int) -> AbstractContextManager[Engine]:
        """An engine that runs until the context ends, and then leaves no process behind.

        ``address`` is what the user wrote, such as ``ray://host:port``: the engine joins what runs there, and that
        decides how many processes there are. None starts one on this machine with ``workers`` processes; ``memory``
        is what a task may hold, in bytes.
        """
        ...
