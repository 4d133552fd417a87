"""Attempts: a task run once, with whatever it raised as a value, so that every engine tells it alike.

Conventions: exceptions do not travel, since engines wrap them each in its own way and some cannot be pickled; a Fault
does. ``settled`` turns it into the exception again, in the process that asked.
"""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from allegedly.builders.engines import Result, Shard
from allegedly.schemas.errors import DataError, UsageError

#: How often a task is run again after the process that ran it died.
RETRIES = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """What a task raised: the class's name, the message, and the traceback as text."""

    kind: str
    message: str
    trace: str


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Shard, Result]):
    """A task whose exceptions are values."""

    task: Callable[[Shard], Result]

    def __call__(self, shard: Shard) -> Result | Fault:
        try:
            return self.task(shard)
        except (Exception, SystemExit) as error:
            return Fault(_kind(error), str(error), traceback.format_exc())


def _kind(error: BaseException) -> str:
    """A subclass of UsageError or DataError ends the run as what it is."""
    outcome = next((kind for kind in (UsageError, DataError) if isinstance(error, kind)), type(error))
    return outcome.__name__


def settled(shard: Shard, outcome: Result | Fault) -> Result:
    """The result of an attempt. UsageError, DataError or RuntimeError where the task raised."""
    if not isinstance(outcome, Fault):
        return outcome
    known: dict[str, type[Exception]] = {"UsageError": UsageError, "DataError": DataError}
    if outcome.kind in known:
        raise known[outcome.kind](outcome.message)
    error = RuntimeError(f"shard {shard!r} could not be processed: {outcome.kind}: {outcome.message}")
    error.add_note(outcome.trace)
    raise error


def lost(shard: object, reason: str) -> RuntimeError:
    """The error for a shard that ended every process that took it up."""
    return RuntimeError(f"shard {shard!r} could not be processed: its process died whenever it was tried: {reason}")


def import_path() -> str:
    """Where this process imports from beside its interpreter's own folders, as a value of ``PYTHONPATH``."""
    own = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    folders = (str(Path(folder).absolute()) for folder in sys.path)
    beside = (folder for folder in folders if not any(folder.startswith(f"{prefix}{os.sep}") for prefix in own))
    return os.pathsep.join(dict.fromkeys(beside))
