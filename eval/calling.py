"""A callable as a system: what ``evaluate`` takes in place of a spec. It runs in the caller's process.

Conventions: sentence tasks hand over ``list[str]`` and take, of the same length, labels, ``(label, score)`` pairs or
``{label: probability}``; other tasks hand over a list of articles and take a list of labels objects. A callable with a
parameter ``task`` is told it. `allegedly.eval.plain` says which lists and labels of other libraries are taken.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from allegedly.eval.foreign import foreign
from allegedly.eval.hosted import wants_task
from allegedly.eval.plain import called
from allegedly.eval.system import Request

#: The shared options that a callable reads, beside tasks and labels.
READS = ("threshold", "batch", "input", "cues")


class Called:
    """A callable as a system. Its answers are kept for one run only: what else it reads cannot be known."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.wants_task = wants_task(function)

    @property
    def spec(self) -> str:
        """What a report calls it where nobody gave a spec."""
        return f"python:{getattr(self.function, '__name__', 'callable')}"

    def identity(self, task: str) -> None:
        """None: nothing says what decides its answers."""

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """What it returns, as JSON values. Dead where it raises, SystemExit too, or gives back no list of answers."""
        # articles are copied: a callable that changes what it is handed changes nothing of ours
        items = [request["text"] if "text" in request else deepcopy(request["article"]) for request in requests]
        with foreign(task):
            return called(self.function, items, {"task": task} if self.wants_task else {})

    def close(self) -> None:
        """Nothing to give back."""
