"""Labellers by name: what a specification such as ``rules`` or ``package.module:function`` stands for.

Conventions: a specification is the name of a plugin, ``package.module:function``, or several of these with commas
between. A function takes a sequence of articles and yields a Prediction for each, in order; its module may say its
``LAYERS`` and its ``ANNOTATOR``. Labels of a function that name nobody in ``by`` get the annotator's id.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from allegedly.schemas import plugins
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS as ALL
from allegedly.schemas.records import Annotator, Article, Labels, Prediction

SCHEME = "allegedly-1"


@dataclass(frozen=True, slots=True)
class Labeller:
    """Something that labels articles: ``label(articles)`` yields a Prediction for each, in order."""

    name: str
    ANNOTATOR: Annotator
    LAYERS: tuple[str, ...]
    label: Callable[[Sequence[Article]], Iterator[Prediction]]
    weights: Callable[[], str | None] = lambda: None

    def weights_sha256(self) -> str | None:
        """Hash of the weights of a model; None for what has none."""
        return self.weights()


def resolve(spec: str) -> tuple[Labeller, ...]:
    """The labellers that a specification names. UsageError for an unknown name, with the known ones."""
    names = [name.strip() for name in spec.split(",")]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"labeller {twice!r} is named twice in {spec!r}; name each once")
    found = tuple(_function(name) if ":" in name else _plugin(name) for name in names)
    ids = [one.ANNOTATOR.id for one in found]
    if len(set(ids)) < len(ids):
        raise UsageError(
            f"two of the labellers {spec!r} sign as the same annotator ({', '.join(ids)}); name one of them"
        )
    return found


def _plugin(name: str) -> Labeller:
    module = plugins.find("labellers", name)
    weights = getattr(module, "weights_sha256", lambda: None)
    return Labeller(name, module.ANNOTATOR, module.LAYERS, module.label, weights)


def _function(spec: str) -> Labeller:
    module_name, _, path = spec.partition(":")
    module = _module(module_name, spec)
    found: Any = module
    for step in path.split("."):
        found = getattr(found, step, None)
    if not callable(found):
        raise UsageError(f"labeller {spec!r}: {module_name} has no function {path!r}; write package.module:function")
    annotator = getattr(module, "ANNOTATOR", None) or Annotator(id=spec, kind="model", name=spec)
    weights = getattr(module, "weights_sha256", lambda: None)

    def label(articles: Sequence[Article]) -> Iterator[Prediction]:
        for article, prediction in zip(articles, found(articles), strict=True):
            yield replace(prediction, labels=numbered(_signed(prediction.labels, annotator.id), article))

    return Labeller(spec, annotator, tuple(getattr(module, "LAYERS", ALL)), label, weights)


def _module(name: str, spec: str) -> ModuleType:
    """A module by name, of the current folder too, as ``python -m`` would find it."""
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            known = ", ".join(plugins.names("labellers"))
            raise UsageError(f"labeller {spec!r}: no module named {error.name!r}. Known by name: {known}.") from error
        raise
    except ValueError as error:  # an empty name
        raise UsageError(f"labeller {spec!r}: write package.module:function") from error


def _signed(labels: Labels, by: str) -> Labels:
    return Labels(
        **{
            layer: None
            if found is None
            else tuple(replace(one, by=one.by or by, scheme=one.scheme or SCHEME) for one in found)
            for layer in ALL
            for found in [getattr(labels, layer)]
        }
    )
