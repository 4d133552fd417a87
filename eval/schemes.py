"""Schemes: what the module of a system says of itself, and the system that a spec such as ``file:p.jsonl`` names.

Conventions: a spec is ``SCHEME:TARGET``. Of a module's constants all may be left out:

    TARGET       what stands behind the colon, in words
    TASKS        names of the tasks that it can answer; left out: every task
    NEEDS_TASK   whether it runs only tasks that ``--task`` or its options name; left out: it does, where it is asked
    READS        names of the shared options (``system_options.schema.json``) that it reads beside tasks and labels
    OPTIONS      options of its own: name -> JSON Schema, with a description and perhaps a default
    EXTRA        the extra of allegedly that it needs, or None
    CACHED       whether its answers may be kept: for the next run, or (``one_run`` of a system) to resume this one
    FIXED        whether it holds answers for the texts as they are, and can answer no others
    LABELS       whether it can label articles: the task ``labels``, which no evaluation has. A system whose labels do not
                 cover every layer has ``layers()``, those that they cover
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol

from allegedly.eval.options import Options
from allegedly.eval.system import Holding, System
from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Article, Prediction


class Labelling(Protocol):
    """What an evaluation needs of a labeller; its ANNOTATOR and ``weights_sha256()`` where it has them."""

    def label(self, articles: Sequence[Article], /) -> Iterable[Prediction]:
        """A prediction for each article, in order."""


#: From the name of a labeller to the labeller: what the front door hands in.
Labellers = Callable[[str], Labelling]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A module of `eval/systems`, and what it says of itself. ``tasks`` is None where it can answer every task."""

    name: str
    module: ModuleType
    target: str = "TARGET"
    tasks: tuple[str, ...] | None = None
    needs_task: bool = True
    reads: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: str | None = None
    cached: bool = False
    fixed: bool = False
    labels: bool = False

    def connect(self, target: str, options: Options, labellers: Labellers | None) -> System | Holding:
        """The system behind a target; what it raises is its own."""
        takes_labellers = "labellers" in inspect.signature(self.module.connect).parameters
        more = {"labellers": labellers} if takes_labellers else {}
        system: System | Holding = self.module.connect(target, options, **more)
        return system


def find(name: str) -> Scheme:
    """The scheme of a name. UsageError for an unknown one, with those that are known, and for a module that says what
    cannot be."""
    return of(name, plugins.find("systems", name))


def of(name: str, module: ModuleType) -> Scheme:
    """What a module says of itself as a value. UsageError where it has no ``connect``, or a constant of another type."""
    if not callable(getattr(module, "connect", None)):
        raise UsageError(f"system {name}: {module.__name__} has no connect(target, options); expected a function")
    stated: dict[str, Any] = {}
    for constant, types in _TYPES.items():
        if hasattr(module, constant):
            value = getattr(module, constant)
            if not isinstance(value, types):
                wanted = " or ".join(kind.__name__ for kind in types)
                raise UsageError(f"system {name}: {constant} is {value!r}; expected {wanted}")
            stated[constant.lower()] = tuple(value) if isinstance(value, list) else value
    return Scheme(name=name, module=module, **stated)


_NONE = type(None)
_TYPES: dict[str, tuple[type, ...]] = {
    "TARGET": (str,),
    "TASKS": (tuple, list, _NONE),
    "NEEDS_TASK": (bool,),
    "READS": (tuple, list),
    "OPTIONS": (dict,),
    "EXTRA": (str, _NONE),
    "CACHED": (bool,),
    "FIXED": (bool,),
    "LABELS": (bool,),
}


def parted(spec: str) -> tuple[Scheme, str]:
    """Scheme and target of a spec. UsageError where no scheme stands in it, or an unknown one."""
    name, colon, target = spec.partition(":")
    if not colon:
        known = ", ".join(plugins.names("systems"))
        raise UsageError(f"system {spec!r}: expected SCHEME:TARGET, as file:predictions.jsonl; schemes: {known}")
    return find(name), target


__all__ = ["Labellers", "Labelling", "Scheme", "find", "of", "parted"]
