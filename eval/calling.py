"""A callable as a system: what ``evaluate`` takes in place of a spec.

Conventions: sentence tasks hand over ``list[str]`` and take, of the same length, labels, ``(label, score)`` pairs or
``{label: probability}``; other tasks hand over a list of articles and take a list of labels objects. A callable with a
parameter ``task`` is told it.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from allegedly.eval.system import Dead, Request
from allegedly.schemas.records import Json, Labels, Prediction


class Called:
    """A callable as a system. Its answers are kept for one run only: what else it reads cannot be known."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        try:
            self.wants_task = "task" in inspect.signature(function).parameters
        except (TypeError, ValueError):
            self.wants_task = False

    @property
    def spec(self) -> str:
        """What a report calls it where nobody gave a spec."""
        return f"python:{getattr(self.function, '__name__', 'callable')}"

    def identity(self, task: str) -> None:
        """None: nothing says what decides its answers."""

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """What it returns, as JSON values. Dead where it raises."""
        items = [request["text"] if "text" in request else request["article"] for request in requests]
        extra = {"task": task} if self.wants_task else {}
        try:
            answers = self.function(items, **extra)
        except Exception as error:
            raise Dead(f"{task}: the callable raised {type(error).__name__}: {error}") from error
        return [plain(answer) for answer in answers]

    def close(self) -> None:
        """Nothing to give back."""


def plain(answer: Any) -> Any:
    """An answer as a JSON value: records and numbers of numpy as ours."""
    if isinstance(answer, Prediction):
        values: Json = {"labels": answer.labels.to_json()}
        if answer.sentences is not None:
            values["sentences"] = [_without_id(sentence.to_json("")) for sentence in answer.sentences]
        return values
    if isinstance(answer, Labels):
        return answer.to_json()
    if isinstance(answer, Mapping):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(value) for value in answer]
    if hasattr(answer, "item") and not isinstance(answer, str):
        return answer.item()
    return answer


def _without_id(sentence: Json) -> Json:
    return {name: value for name, value in sentence.items() if name != "id"}
