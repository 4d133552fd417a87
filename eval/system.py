"""A system under test: what it is asked, what it may answer, and how its answers become predictions.

Conventions: contract, section 7. A request is ``{"task", "id", "text"}`` in sentence tasks (``id`` is the sentence's)
and ``{"task", "article"}`` in the others. An answer, once read, is a line of the predictions format, so that all
systems go through the same checks as files do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeGuard

from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Json, Labels, Prediction
from allegedly.schemas.schema import shortened

Request = Json


class System(Protocol):
    """What ``connect(target, options)`` of a module in `eval/systems` returns, where the system is asked."""

    def identity(self, task: str) -> object:
        """A JSON value of everything that decides its answers beside the shared options and the item: files, prompts,
        options of its own. None where that cannot be said: then nothing is kept beyond the run. The report's version of
        the system is made from it, so what is secret stands in ``around()`` instead, where a system has that: it goes into
        the key of kept answers alone."""

    def answer(self, task: str, requests: Sequence[Request]) -> Sequence[Any]:
        """One raw answer a request, JSON values, in their order. Busy where a later try may succeed, Dead where none
        will, Declined where it may be for what was asked. A system with ``single = True`` gets one request at a time,
        the answers of one with ``one_run = True`` are kept for one run only. One that costs tokens has ``spent()``:
        tokens sent and received by the last answer in this thread, None where it was not told. One that may still say
        something has ``finish()``, which is called after the last task."""

    def close(self) -> None:
        """Give back processes and connections."""


class Holding(Protocol):
    """What ``connect`` returns where the system holds its answers: what they hold decides the tasks that it runs."""

    @property
    def version(self) -> str:
        """What tells its answers from those of another version."""

    def lines(self, gold: Gold) -> Iterator[tuple[str, Any]]:
        """Lines of predictions, each with where it stands, in words."""

    def close(self) -> None:
        """Give back what it holds open."""


def holds(system: System | Holding) -> TypeGuard[Holding]:
    """Whether a system holds its answers."""
    return hasattr(system, "lines")


class Busy(Exception):
    """This try failed, a later one may not: too many requests, a cut answer, a time-out. ``after``: seconds."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Declined(Busy):
    """This try failed as if for what was asked: an answer that cannot be read, a crash, silence. An item for which all
    tries fail is an abstention. ``final``: further tries are of no use; ``spoke``: the system said something."""

    def __init__(self, message: str, *, final: bool = False, spoke: bool = False) -> None:
        super().__init__(message)
        self.final, self.spoke = final, spoke


class _Unanswered:
    """What stands for an item that the system could not answer."""

    def __repr__(self) -> str:
        return "no answer"


UNANSWERED = _Unanswered()


class Dead(UsageError):
    """The system stays dead: nothing more will be answered."""


def target_name(request: Request) -> str:
    """The id that an answer to a request carries."""
    return str(request["id"] if "id" in request else request["article"]["id"])


def read(task: str, request: Request, raw: Any, options: Options, classes: Sequence[str], positive: str) -> Json:
    """A raw answer as a line of predictions. UsageError where it is none, with what was found and expected.

    ``classes`` of a sentence task, ``positive`` the one that a threshold speaks of; both empty for other tasks.
    """
    if classes:
        if isinstance(raw, Mapping) and any(name in raw for name in ("labels", "sentences", *LAYERS)):
            return _article_answer(request, raw, task)
        return _sentence_answer(task, request, raw, options, classes, positive)
    return _article_answer(request, raw, task)


def _sentence_answer(
    task: str, request: Request, raw: Any, options: Options, classes: Sequence[str], positive: str
) -> Json:
    where = f"{task}, {target_name(request)}"
    if raw is None:
        return {"task": task, "id": request["id"], "label": None, "score": None}  # an abstention
    probabilities: dict[str, float] = {}
    label: str | None
    score: float | None
    if isinstance(raw, str):
        label, score = _ours(raw, options, classes, where), None
    elif isinstance(raw, Mapping) and "label" in raw:
        label = None if raw["label"] is None else _ours(raw["label"], options, classes, where)
        score = _probability(raw.get("score"), where)
    elif isinstance(raw, Mapping) and raw:
        probabilities = {_ours(name, options, classes, where): _sure(chance, where) for name, chance in raw.items()}
        label = max(classes, key=lambda name: (probabilities.get(name, -1.0), -classes.index(name)))
        score = probabilities[label]
    elif isinstance(raw, Sequence) and len(raw) == 2:
        label, score = _ours(raw[0], options, classes, where), _probability(raw[1], where)
    else:
        raise UsageError(f"{where}: found {shortened(raw)}, expected a label, (label, score) or {{label: probability}}")
    chance = probabilities.get(positive)
    if chance is None and score is not None and label is not None and len(classes) == 2:
        chance = score if label == positive else 1 - score
    if options.threshold is not None and chance is not None:
        rest = [name for name in classes if name != positive]
        label = positive if chance >= options.threshold else max(rest, key=lambda name: probabilities.get(name, 0.0))
        score = chance if label == positive else probabilities.get(label, 1 - chance)
    if task == "check-worthiness":
        score = probabilities.get(positive, score)
    return {"task": task, "id": request["id"], "label": label, "score": score}


def _ours(name: Any, options: Options, classes: Sequence[str], where: str) -> str:
    """Our name of a label of theirs; a label that is none of the task's is refused, never dropped."""
    ours = options.labels.get(str(name), name)
    if ours not in classes:
        hint = 'map their names in the options: labels = { theirs = "ours" }'
        raise UsageError(f"{where}: found label {shortened(name)}, expected one of {', '.join(classes)}; {hint}")
    return str(ours)


def _probability(value: Any, where: str) -> float | None:
    return None if value is None else _sure(value, where)


def _sure(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not 0 <= number <= 1:
        raise UsageError(f"{where}: found score {shortened(value)}, expected a probability from 0 to 1")
    return number


def _article_answer(request: Request, raw: Any, task: str) -> Json:
    name = request["article"]["id"] if "article" in request else request["id"].rpartition(":")[0]
    if isinstance(raw, Prediction):
        raw = {
            "labels": raw.labels.to_json(),
            **({} if raw.sentences is None else {"sentences": [s.to_json(name) for s in raw.sentences]}),
        }
    if isinstance(raw, Labels):
        raw = raw.to_json()
    if not isinstance(raw, Mapping):
        raise UsageError(f"{task}, {name}: found {shortened(raw)}, expected an object of labels")
    if "labels" in raw or "sentences" in raw:
        given = raw.get("article")
        if isinstance(given, Mapping) and given.get("id") not in (None, name):
            raise UsageError(f"{task}: found an answer for {given.get('id')}, expected one for {name}")
        return {"article": {"id": name}, **{key: raw[key] for key in ("labels", "sentences") if key in raw}}
    strange = [key for key in raw if key not in LAYERS]
    if strange or not raw:
        raise UsageError(f"{task}, {name}: found keys {strange}, expected some of {', '.join(LAYERS)}")
    return {"article": {"id": name}, "labels": dict(raw)}
