"""``python:package.module:callable``: a function of yours, two lines are enough.

Conventions: sentence tasks hand over ``list[str]`` and take, of the same length, labels, ``(label, score)`` pairs or
``{label: probability}``; other tasks hand over a list of articles and take a list of labels objects. A callable with a
parameter ``task`` is told it. ``input = "articles"`` hands over articles in sentence tasks too.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from allegedly.eval.options import Options
from allegedly.eval.system import Dead, Request
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Labels, Prediction


def connect(target: str, options: Options) -> "Python":
    """The callable that ``package.module:callable`` names, found from the current folder too."""
    name, colon, attribute = target.partition(":")
    if not colon or not name or not attribute:
        raise UsageError(f"python:{target}: expected python:package.module:callable")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = importlib.import_module(name)
        for step in attribute.split("."):
            found = getattr(found, step)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"python:{target}: {error}; expected a module on the path, and a callable in it") from error
    if not callable(found):
        raise UsageError(f"python:{target}: found {type(found).__name__}, expected a callable")
    return Python(found)


class Python:
    """A callable as a system. Its answers are kept for one run only: what else it reads cannot be known."""

    def __init__(self, function: Callable) -> None:
        self.function = function
        try:
            self.wants_task = "task" in inspect.signature(function).parameters
        except (TypeError, ValueError):
            self.wants_task = False

    def identity(self, task: str) -> Any:
        return None

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        items = [request["text"] if "text" in request else request["article"] for request in requests]
        extra = {"task": task} if self.wants_task else {}
        try:
            found = self.function(items, **extra)
        except Exception as error:
            raise Dead(f"{task}: the callable raised {type(error).__name__}: {error}") from error
        return [plain(answer) for answer in found]

    def close(self) -> None:
        pass


def plain(answer: Any) -> Any:
    """An answer as a JSON value: records and numbers of numpy as ours."""
    if isinstance(answer, Prediction):
        found: dict[str, Any] = {"labels": answer.labels.to_json()}
        if answer.sentences is not None:
            found["sentences"] = [_without_id(sentence.to_json("")) for sentence in answer.sentences]
        return found
    if isinstance(answer, Labels):
        return answer.to_json()
    if isinstance(answer, Mapping):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(value) for value in answer]
    if hasattr(answer, "item") and not isinstance(answer, str):
        return answer.item()
    return answer


def _without_id(sentence: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sentence.items() if name != "id"}
