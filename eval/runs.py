"""From specs to runs: connects each system, and closes it at the end.

Conventions: contract, section 7. A system that holds its answers (``lines``: files, labellers) runs the tasks that they
hold; one that is asked runs the tasks that are named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from allegedly.eval import running, schemes
from allegedly.eval.answers import asking, holding
from allegedly.eval.cache import Cache
from allegedly.eval.calling import READS as CALLED
from allegedly.eval.calling import Called
from allegedly.eval.evaluate import Run
from allegedly.eval.options import Options, options
from allegedly.eval.schemes import Labellers
from allegedly.eval.system import Holding, System, holds
from allegedly.eval.tasks import find
from allegedly.schemas import plugins, secrets
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Annotator

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
    say: Callable[[str], None] = lambda message: None,
) -> Iterator[list[Run]]:
    """Runs of systems by name, closed at the end. ``given`` holds the options of each, by its name. UsageError for an
    unknown scheme, an option that is no system's, or a system that cannot be had."""
    for name in given or ():
        if name not in systems:
            raise UsageError(f"options: {plugins.unknown('system', name, list(systems))}")
    budget = budget or running.Budget()
    open_: list[System | Holding] = []
    runs = []
    prices = {}
    try:
        for name, spec in systems.items():
            scheme, target = schemes.parted(spec) if isinstance(spec, str) else (None, "")
            chosen = options((given or {}).get(name, {}), f"options of {name}", scheme.options if scheme else {})
            reads, own = (scheme.reads, scheme.options) if scheme else (CALLED, {})
            refuse_unread(chosen, [*reads, *own], f"{scheme.name}:" if scheme else "a callable", name)
            for task in chosen.tasks:
                find(task)
            if scheme is not None and "prices" in scheme.reads:
                prices[name] = chosen.prices
            called = None if isinstance(spec, str) else Called(spec)
            system = scheme.connect(target, chosen, labellers) if scheme else called
            assert system is not None  # a spec has a scheme, and anything else is called
            open_.append(system)
            text = called.spec if called else str(spec)
            about = {"spec": secrets.masked(text), "version": None, "options": chosen.deciding()}
            if holds(system):
                about["version"] = system.version
                answers = holding(system, name, chosen, missing)
            else:
                answers = asking(
                    cast(System, system), scheme, name, text, chosen, about, cache or Cache(None), budget, progress, say
                )
            annotator = getattr(system, "annotator", None) or _signature(scheme, name, text)
            runs.append(Run(name, answers, about, chosen.cues, annotator, scheme is not None and scheme.fixed))
        budget.check(prices)
        yield runs
    finally:
        for system in open_:
            system.close()


def _signature(scheme: schemes.Scheme | None, name: str, spec: str) -> Annotator | None:
    """As whom a system signs the labels that it gives a build, where it signs by its spec: gold may be its own."""
    if scheme is None or not scheme.labels or name != secrets.masked(spec):
        return None
    return Annotator(id=name, kind="model")


def refuse_unread(chosen: Options, reads: Iterable[str], what: str, name: str) -> None:
    """UsageError for an option that the system would not read: none is taken and not applied."""
    read = ("tasks", "labels", *reads)
    for option, unset in Options().shared().items():
        if option not in read and getattr(chosen, option) != unset:
            raise UsageError(f"options of {name}: {option} is not for {what}, which reads {', '.join(read)}")


def named(systems: Systems) -> dict[str, Spec]:
    """Systems by name: from specs (the spec without its secrets is the name, ``NAME=SPEC`` gives another), or a mapping.
    UsageError where two have one name."""
    if isinstance(systems, Mapping):
        for name, spec in systems.items():
            _check(name)
            _name(spec)
        return dict(systems)
    listed = [systems] if isinstance(systems, str) or callable(systems) else list(systems)
    out: dict[str, Spec] = {}
    for spec in listed:
        name, spec = _name(spec)
        _check(name)
        if name in out:
            raise UsageError(f"two systems are named {name!r}; give names: --system NAME=SPEC")
        out[name] = spec
    if not out:
        raise UsageError("no system to score; expected at least one, as labeller:rules or file:predictions.jsonl")
    return out


def _check(name: object) -> None:
    """UsageError for a name that no report could show."""
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"found {name!r} as the name of a system, expected some text: --system NAME=SPEC")


def _name(spec: Spec) -> tuple[str, Spec]:
    if not isinstance(spec, str):
        return getattr(spec, "__name__", "callable"), spec
    secrets.keep_address(spec)
    before, equals, after = spec.partition("=")
    # a spec may hold an equals sign of its own, behind its scheme
    return (before, after) if equals and ":" not in before else (secrets.masked(spec), spec)
