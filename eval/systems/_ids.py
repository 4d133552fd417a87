"""Answers that carry the ids of what they answer: matched by them, whatever their order.

Conventions: an answer carries its id as ``id``, or as the id of its ``article``. Answers for what was not asked for, second
answers and gaps are UsageErrors that name the ids: from there on nobody knows which answer is for what.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from allegedly.eval.system import Request, target_name
from allegedly.schemas.errors import UsageError
from allegedly.schemas.schema import shortened


def carried(answer: Any) -> Any:
    """The id that an answer carries; None where it has none."""
    if not isinstance(answer, Mapping):
        return None
    article = answer.get("article")
    inner = article.get("id") if isinstance(article, Mapping) else None
    return inner if answer.get("id") is None else answer["id"]


def without(answer: Any) -> Any:
    """An answer without what only says which one it is."""
    if not isinstance(answer, Mapping):
        return answer
    return {key: value for key, value in answer.items() if key not in ("id", "task")}


def refuse(name: Any, wanted: Mapping[str, object], answered: Mapping[str, object], where: str) -> None:
    """UsageError for the id of an answer that has one already, or was not asked for."""
    if isinstance(name, str) and name in answered:
        raise UsageError(f"{where}: two answers for {name!r}; expected one")
    if not isinstance(name, str) or name not in wanted:
        raise UsageError(f"{where}: an answer for {shortened(name)}, which was not asked for")


def matched(names: Sequence[Any], answers: Sequence[Any], requests: Sequence[Request], where: str) -> Sequence[Any]:
    """Answers in the order of their requests: by id where they carry ids, else as they came."""
    if all(name is None for name in names):
        return answers
    wanted = {target_name(request): request for request in requests}
    by_name: dict[str, Any] = {}
    for name, answer in zip(names, answers, strict=True):
        if name is None:
            raise UsageError(
                f"{where}: {shortened(answer)} carries no id though other answers do; expected all or none"
            )
        refuse(name, wanted, by_name, where)
        by_name[name] = answer
    if gaps := [name for name in wanted if name not in by_name]:
        raise UsageError(f"{where}: no answer for {gap_names(gaps)}; expected one for each item")
    return [by_name[target_name(request)] for request in requests]


def gap_names(gaps: Sequence[str]) -> str:
    """The first ids of some, and how many more."""
    rest = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
    return ", ".join(gaps[:3]) + rest
