"""Labellers by name: what a specification such as ``rules`` or ``package.module:function`` stands for.

Conventions: a specification is the name of a plugin, ``package.module:function``, or several of these with commas
between. A function takes a sequence of articles and yields a Prediction for each, in order; its module may say its
``LAYERS`` and its ``ANNOTATOR``. Labels of a function that name nobody in ``by`` get the annotator's id.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from allegedly.builders.systems import parted, shown
from allegedly.schemas import plugins
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS as ALL
from allegedly.schemas.records import Annotator, Article, Attribution, Claim, Labels, Prediction, Speculation

SCHEME = "allegedly-1"
L = TypeVar("L", Claim, Speculation, Attribution)
#: Articles in, a prediction for each out, in order.
Label = Callable[[Sequence[Article]], Iterable[Prediction]]


def _no_weights() -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """Something that labels articles.

    ``label(articles)`` gives a Prediction for each, in order; ``layers`` are those that it annotates (the others are
    null); ``packages`` are those of others whose version decides its labels; ``weights`` hashes the files of a model.
    """

    name: str
    annotator: Annotator
    layers: tuple[str, ...]
    label: Label
    packages: tuple[str, ...] = ()
    weights: Callable[[], str | None] = _no_weights

    def weights_sha256(self) -> str | None:
        """Hash of the weights of a model; None for what has none."""
        return self.weights()


def resolve(spec: str) -> tuple[Labeller, ...]:
    """The labellers that a specification names.

    UsageError for an unknown name (with the known ones), for one that is named twice, and for a plugin whose file
    lacks something.
    """
    local, systems = parted(spec)
    if systems:
        raise UsageError(
            f"labeller {shown(systems[0])!r}: systems run through `allegedly build` and `allegedly label`, and in Python "
            "through `allegedly.build` and `allegedly.label`"
        )
    names = [name.strip() for name in local.split(",")]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"labeller {twice!r} is named twice in {spec!r}; name each once")
    labellers = tuple(_of_function(name) if ":" in name else _of_plugin(name) for name in names)
    ids = [labeller.annotator.id for labeller in labellers]
    if len(set(ids)) < len(ids):
        raise UsageError(
            f"two of the labellers {spec!r} sign as the same annotator ({', '.join(ids)}); name one of them"
        )
    return labellers


def better_than(name: str) -> str | None:
    """A labeller of ours whose file says that it is ``BETTER_THAN`` the one named, and that can run here: its
    ``PACKAGES`` are installed and its ``FILES`` lie beside it. Files are read, not run: that costs no library."""
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        constants = _constants(path.read_text(encoding="utf-8"))
        if (
            constants.get("BETTER_THAN") == name
            and all(find_spec(package) is not None for package in _words(constants.get("PACKAGES")))
            and all((path.parent / file).is_file() for file in _words(constants.get("FILES")))
        ):
            return path.stem.rstrip("_").replace("_", "-")
    return None


def _words(constant: object) -> tuple[str, ...]:
    return tuple(map(str, constant)) if isinstance(constant, tuple) else ()


def _constants(source: str) -> dict[str, object]:
    """The constants of a module that are literals, above its first function or class."""
    head = re.split(r"^(?:def|class|async|@)", source, maxsplit=1, flags=re.MULTILINE)[0]
    constants: dict[str, object] = {}
    for node in ast.parse(head).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with suppress(ValueError):
                constants[node.targets[0].id] = ast.literal_eval(node.value)
    return constants


def _of_plugin(name: str) -> Labeller:
    module = plugins.find("labellers", name)
    missing = [key for key in ("LAYERS", "ANNOTATOR", "label") if not hasattr(module, key)]
    if missing:
        raise UsageError(f"labeller {name!r}: its file {module.__file__} lacks {', '.join(missing)}")
    return _labeller(name, module, module.ANNOTATOR, module.label)


def _labeller(name: str, module: ModuleType, annotator: Annotator, label: Label) -> Labeller:
    layers = tuple(getattr(module, "LAYERS", ALL))
    unknown = next((layer for layer in layers if layer not in ALL), None)
    if unknown is not None:
        raise UsageError(f"labeller {name!r}, LAYERS: {plugins.unknown('layer', unknown, list(ALL))}")
    return Labeller(
        name=name,
        annotator=annotator,
        layers=layers,
        label=label,
        packages=tuple(getattr(module, "PACKAGES", ())),
        weights=getattr(module, "weights_sha256", _no_weights),
    )


def _of_function(spec: str) -> Labeller:
    module_name, _, path = spec.partition(":")
    module = _module(module_name, spec)
    function: object = module
    for step in path.split("."):
        function = getattr(function, step, None)
    if not callable(function):
        raise UsageError(f"labeller {spec!r}: {module_name} has no function {path!r}; write package.module:function")
    annotator = getattr(module, "ANNOTATOR", None) or Annotator(id=spec, kind="model", name=spec)
    return _labeller(spec, module, annotator, _signing(function, annotator.id))


def _signing(function: Label, by: str) -> Label:
    """A function whose labels carry ids, and the annotator's where they name nobody."""

    def label(articles: Sequence[Article]) -> Iterator[Prediction]:
        for article, prediction in zip(articles, function(articles), strict=True):
            yield replace(prediction, labels=numbered(_signed(prediction.labels, by), article))

    return label


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
        claims=_with_author(labels.claims, by),
        speculations=_with_author(labels.speculations, by),
        attributions=_with_author(labels.attributions, by),
    )


def _with_author(layer: tuple[L, ...] | None, by: str) -> tuple[L, ...] | None:
    if layer is None:
        return None
    return tuple(replace(label, by=label.by or by, scheme=label.scheme or SCHEME) for label in layer)
