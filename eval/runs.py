"""From specs to runs: connects each system, asks it what its tasks need, and reads what it answers as predictions.

Conventions: contract, section 7. A system that holds its answers (``lines``: files, labellers) runs the tasks that they
hold; one that is asked runs the tasks that are named. Both go through the same checks. Only articles whose gold layer
is annotated are asked about.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from allegedly.eval import running, schemes
from allegedly.eval.cache import Cache
from allegedly.eval.calling import Called
from allegedly.eval.evaluate import Answers, Run, held
from allegedly.eval.gold import Gold
from allegedly.eval.options import Options, options
from allegedly.eval.predictions import Predictions
from allegedly.eval.schemes import Labellers, Scheme
from allegedly.eval.system import Holding, Request, System, holds, read, target_name
from allegedly.eval.tasks import TASKS, Task, find
from allegedly.schemas import plugins
from allegedly.schemas.derive import canonical, surface
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Span, part_json

Spec = str | Callable[..., Any]
Systems = Spec | Iterable[Spec] | Mapping[str, Spec]
#: A table of options, checked or not.
Table = Options | Mapping[str, Any]


@contextmanager
def connected(
    systems: Mapping[str, Spec],
    given: Mapping[str, Table] | None = None,
    *,
    labellers: Labellers | None = None,
    missing: str = "error",
    cache: Cache | None = None,
    budget: running.Budget | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Iterator[list[Run]]:
    """Runs of systems by name, closed at the end. ``given`` holds the options of each, by its name. UsageError for an
    unknown scheme, an option that is no system's, or a system that cannot be had."""
    for name in given or ():
        if name not in systems:
            raise UsageError(f"options: {plugins.unknown('system', name, list(systems))}")
    budget = budget or running.Budget()
    open_: list[System | Holding] = []
    runs = []
    try:
        for name, spec in systems.items():
            scheme, target = schemes.parted(spec) if isinstance(spec, str) else (None, "")
            chosen = options((given or {}).get(name, {}), f"options of {name}", scheme.options if scheme else {})
            for task in chosen.tasks:
                find(task)
            called = None if isinstance(spec, str) else Called(spec)
            system = scheme.connect(target, chosen, labellers) if scheme else called
            assert system is not None  # a spec has a scheme, and anything else is called
            open_.append(system)
            text = called.spec if called else str(spec)
            about = {"spec": text, "version": None, "options": chosen.deciding()}
            if holds(system):
                about["version"] = system.version
                answers = _holding(system, name, chosen, missing)
            else:
                answers = _asking(
                    cast(System, system), scheme, name, text, chosen, about, cache or Cache(None), budget, progress
                )
            runs.append(Run(name, answers, about, chosen.cues))
        yield runs
    finally:
        for system in open_:
            system.close()


def named(systems: Systems) -> dict[str, Spec]:
    """Systems by name: from specs (the spec is the name, ``NAME=SPEC`` gives another), or a mapping. UsageError where
    two have one name."""
    if isinstance(systems, Mapping):
        return dict(systems)
    listed = [systems] if isinstance(systems, str) or callable(systems) else list(systems)
    out: dict[str, Spec] = {}
    for spec in listed:
        name, spec = _name(spec)
        if name in out:
            raise UsageError(f"two systems are named {name!r}; give names: --system NAME=SPEC")
        out[name] = spec
    if not out:
        raise UsageError("no system to score; expected at least one, as labeller:rules or file:predictions.jsonl")
    return out


def _name(spec: Spec) -> tuple[str, Spec]:
    if not isinstance(spec, str):
        return getattr(spec, "__name__", "callable"), spec
    before, equals, after = spec.partition("=")
    # a spec may hold an equals sign of its own, behind its scheme
    return (before, after) if equals and ":" not in before else (spec, spec)


def _own_tasks(scheme: Scheme | None) -> Sequence[str]:
    """The tasks that a system runs where none are named."""
    if scheme is None or scheme.needs_task:
        return ()
    return tuple(TASKS) if scheme.tasks is None else scheme.tasks


def _holding(system: Holding, name: str, chosen: Options, missing: str) -> Answers:
    def answers(gold: Gold, wanted: Sequence[str] | None) -> Mapping[str, Predictions]:
        found = Predictions(gold, chosen.labels)
        for where, line in system.lines(gold):
            found.add(line, where)
        return held(found.finish(), wanted or chosen.tasks or None, missing, name)

    return answers


def _asking(
    system: System,
    scheme: Scheme | None,
    name: str,
    spec: str,
    chosen: Options,
    about: dict[str, Any],
    cache: Cache,
    budget: running.Budget,
    progress: Callable[[str, int, int], None],
) -> Answers:
    def answers(gold: Gold, wanted: Sequence[str] | None) -> Mapping[str, Predictions]:
        names = wanted or chosen.tasks or _own_tasks(scheme)
        if not names:
            raise UsageError(
                f"{name}: which tasks? name them by --task, or by tasks in its options; known: {', '.join(TASKS)}"
            )
        for wrong in names:
            if scheme is not None and scheme.tasks is not None and wrong not in scheme.tasks:
                raise UsageError(f"{name}: {spec} cannot answer {wrong}; it answers {', '.join(scheme.tasks)}")
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
                system, task.name, requests, spec=spec, options=chosen, cache=cache, budget=budget, progress=step
            )
            found = Predictions(gold)
            for request, answer in zip(requests, raw, strict=True):
                where = f"{name}: {task.name}, {target_name(request)}"
                found.add(read(task.name, request, answer, chosen, task.classes, task.sought), where)
            out[task.name] = found.finish()
        return out

    return answers


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
