"""What systems answer: from gold and the names of tasks to predictions.

Conventions: contract, section 7. Answers that are held and answers that are asked for go through the same checks. Only
articles whose gold layer is annotated are asked about.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from allegedly.eval import chances, running
from allegedly.eval.cache import Cache
from allegedly.eval.evaluate import Answers
from allegedly.eval.gold import Gold
from allegedly.eval.options import Options
from allegedly.eval.predictions import Predictions
from allegedly.eval.schemes import Scheme
from allegedly.eval.system import UNANSWERED, Holding, Request, System, read, target_name
from allegedly.eval.tasks import TASKS, Task, find
from allegedly.schemas.derive import canonical, surface
from allegedly.schemas.errors import UsageError
from allegedly.schemas.escape import line
from allegedly.schemas.records import Span, part_json


def _own_tasks(scheme: Scheme | None) -> Sequence[str]:
    """The tasks that a system runs where none are named."""
    if scheme is None or scheme.needs_task:
        return ()
    return tuple(TASKS) if scheme.tasks is None else scheme.tasks


def holding(system: Holding, name: str, chosen: Options, missing: str) -> Answers:
    """The answers of a system that holds them: for the tasks that they hold. Lines that name no task are of the task that
    is asked for, where it is one."""

    def answers(gold: Gold, wanted: Sequence[str] | None) -> Mapping[str, Predictions]:
        asked_for = wanted or chosen.tasks or None
        only = asked_for[0] if asked_for and len(asked_for) == 1 else None
        predictions = Predictions(gold, chosen.labels, task=only, threshold=chosen.threshold)
        for where, each in system.lines(gold):
            predictions.add(each, where)
        by_task = held(predictions.finish(), asked_for, missing, name)
        _applies(chosen, by_task, name)
        if chosen.labels and not predictions.answers:
            raise UsageError(f"{name}: labels in the options name classes of lines for sentence tasks; it holds none")
        return by_task

    return answers


def _applies(chosen: Options, names: Iterable[str], name: str) -> None:
    """UsageError for a threshold that no task of the run looks at."""
    if chosen.threshold is not None and not any(TASKS[task].kind == "sentences" for task in names):
        deciding = ", ".join(task for task in TASKS if TASKS[task].kind == "sentences")
        raise UsageError(f"{name}: threshold in the options decides {deciding}; it runs {', '.join(names) or 'none'}")


def asking(
    system: System,
    scheme: Scheme | None,
    name: str,
    spec: str,
    chosen: Options,
    about: dict[str, Any],
    cache: Cache,
    budget: running.Budget,
    progress: Callable[[str, int, int], None],
    say: Callable[[str], None] = lambda message: None,
) -> Answers:
    """The answers of a system that is asked, task by task; its version is known once it was."""

    def answers(gold: Gold, wanted: Sequence[str] | None) -> Mapping[str, Predictions]:
        names = wanted or chosen.tasks or _own_tasks(scheme)
        if not names:
            raise UsageError(
                f"{name}: which tasks? name them by --task, or by tasks in its options; known: {', '.join(TASKS)}"
            )
        for wrong in names:
            if scheme is not None and scheme.tasks is not None and wrong not in scheme.tasks:
                raise UsageError(f"{name}: {spec} cannot answer {wrong}; it answers {', '.join(scheme.tasks)}")
        _applies(chosen, names, name)
        identities = [system.identity(task) for task in names]
        about["version"] = (
            None if None in identities else hashlib.sha256(canonical(identities).encode()).hexdigest()[:16]
        )
        out = {}
        for task in map(find, names):
            requests = list(asked(task, gold, chosen))
            done = 0

            def step(count: int, total: int = len(requests), task: Task = task) -> None:
                nonlocal done
                done += count
                progress(f"{name}: {task.name}", done, total)

            raw = running.ask(
                system,
                task.name,
                requests,
                spec=spec,
                options=chosen,
                cache=cache,
                budget=budget,
                progress=step,
                say=lambda message: say(f"{name}: {message}"),
            )
            _say_numbers(name, task, raw, chosen.labels)
            predictions = Predictions(gold, threshold=chosen.threshold, settled=True)
            for request, answer in zip(requests, raw, strict=True):
                where = f"{name}: {task.name}, {target_name(request)}"
                if answer is UNANSWERED and "article" in request:
                    predictions.abstain(task, request["article"]["id"])
                    continue
                answer = None if answer is UNANSWERED else answer
                predictions.add(read(task.name, request, answer, chosen, task.classes, task.sought), where)
            out[task.name] = predictions.finish()
        if (finish := getattr(system, "finish", None)) is not None:
            finish()
        return out

    return answers


def _say_numbers(name: str, task: Task, raw: Iterable[Any], names: Mapping[str, str]) -> None:
    """Say on standard error which classes numbers stand for, where answers hold numbers that the options do not name."""
    if any(chances.numbered(answer, names) for answer in raw if task.classes):
        meant = chances.said(task.classes, task.sought)
        print(line(f"{name}: {task.name}: classes come as numbers: {meant}"), file=sys.stderr)


def asked(task: Task, gold: Gold, chosen: Options) -> Iterator[Request]:
    """The requests of a task, in order of articles: sentences as texts, or articles without labels (with their gold
    cues where the options say so)."""
    for record, sentences in zip(gold.records, gold.sentences, strict=True):
        if getattr(record.labels, task.layer) is None:
            continue
        article = record.article
        if task.of_sentences and chosen.input != "articles":
            for sentence in sentences:
                assert sentence.end is not None
                text = surface(article.text, (Span(sentence.start, sentence.end),), article.markup)
                yield {"task": task.name, "id": f"{article.id}:{sentence.start}", "text": text}
            continue
        value = article.to_json()
        if task.kind == "scopes" and chosen.cues == "gold":
            cues = [label.cue for label in record.labels.speculations or () if label.cue]
            value["labels"] = {"speculations": [{"cue": part_json(cue)} for cue in cues]}
        yield {"task": task.name, "article": value}


def held(predicted: Predictions, wanted: Sequence[str] | None, missing: str, name: str) -> dict[str, Predictions]:
    """The tasks that a set of predictions holds; UsageError where a wanted one is not among them. One that holds
    nothing at all answers every task with abstentions, where missing articles are allowed."""
    holds = [task for task in TASKS if predicted.holds(TASKS[task])]
    if not holds and not predicted.layers and missing in ("skip", "empty"):
        return dict.fromkeys(wanted or TASKS, predicted)
    if wanted is None:
        if not holds and not predicted.layers:
            raise UsageError(f"{name}: holds no predictions for any task; tasks: {', '.join(TASKS)}")
        return dict.fromkeys(holds, predicted)
    for task in wanted:
        if task not in holds:
            raise UsageError(f"{name}: holds no predictions for {task}; it holds {', '.join(holds) or 'none'}")
    return dict.fromkeys(wanted, predicted)
