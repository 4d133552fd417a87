"""A system under test: what it is asked, what it may answer, and how its answers become predictions.

Conventions: contract, section 7. A request is ``{"task", "id", "text"}`` in sentence tasks (``id`` is the sentence's)
and ``{"task", "article"}`` in the others. An answer, once read, is a line of the predictions format, so that all
systems go through the same checks as files do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeGuard

from allegedly.eval import chances
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
    label, score = None, None
    try:
        if raw is not None:  # else an abstention
            label, score = _decided(raw, options, classes, positive, task == "check-worthiness")
    except UsageError as error:
        raise UsageError(f"{task}, {target_name(request)}: {error}") from None
    return {"task": task, "id": request["id"], "label": label, "score": score}


def _decided(
    raw: Any, options: Options, classes: Sequence[str], positive: str, ranked: bool
) -> tuple[str | None, float | None]:
    """The class that an answer decides for and its probability; where sentences are ranked, that of the class sought, and
    the class is None where nothing says it."""
    label, score = _label_and_score(raw, options, classes, positive)
    if label is not None:
        if options.threshold is None or ranked:
            return label, score
        return chances.by_threshold(label, score, classes, positive, options.threshold)
    known = _distribution(raw, options, classes, positive)
    if known is None:
        return None, score if ranked else None
    if ranked and positive in known and len(known) < len(classes):
        return None, known[positive]
    label = chances.decided(known, classes, positive, None if ranked else options.threshold)
    return label, known[positive if ranked else label]


def _label_and_score(
    raw: Any, options: Options, classes: Sequence[str], positive: str
) -> tuple[str | None, float | None]:
    """What an answer that names a class says; None where it names none."""
    if isinstance(raw, Mapping) and "label" in raw:
        label, score = raw["label"], raw.get("score")
    elif isinstance(raw, Sequence) and not isinstance(raw, str) and len(raw) == 2 and isinstance(raw[0], str):
        label, score = raw
    elif isinstance(raw, str | int):
        label, score = raw, None
    else:
        return None, None
    ours = None if label is None else chances.label(label, classes, positive, options.labels)
    return ours, chances.probability(score)


def _distribution(raw: Any, options: Options, classes: Sequence[str], positive: str) -> dict[str, float] | None:
    """The probabilities that an answer gives, by class; None where it is ``{"label": None}``. UsageError where it is no
    answer at all."""
    expected = "expected a label, (label, score) or {label: probability}"
    if isinstance(raw, Mapping) and raw:
        return None if "label" in raw else chances.distribution(raw, classes, positive, options.labels)
    if isinstance(raw, Sequence) and raw and all(isinstance(chance, int | float) for chance in raw):
        columns = {str(number): chance for number, chance in enumerate(raw)}
        if sorted(columns) == sorted(filter(chances.is_number, options.labels)):
            return chances.distribution(columns, classes, positive, options.labels)
        named = ", ".join(f'"{name}"' for name in classes)
        expected += f"; a row of probabilities needs names of its columns in the options, as labels = [{named}]"
    elif isinstance(raw, float):
        expected += f'; a probability alone names no class: {{"{positive}": {shortened(raw)}}}'
    raise UsageError(f"found {shortened(raw)}, {expected}")


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
