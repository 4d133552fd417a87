"""Exporters by name, as values: what the file of an exporter declares.

Conventions: ``write(records, path, **options)`` and ``PATH`` stand in every file; ``lines(records, **options)``, where it
is there, gives what goes to standard output. The rest may be left out: ``CONFIGS``, ``LAYERS``, ``OPTIONS``. A folder is
there, and empty, when ``write`` is called; a file is not. ``losses(records, **options)``, where it is there, gives a
``Loss`` for each thing that the format cannot carry: they are listed before anything is written, and then nothing is,
unless ``--lossy`` says to go on without them. What cannot be written at all is a DataError that says what.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from allegedly.schemas import plugins
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Record

PATHS = ("file", "folder")
NEEDED = ("PATH", "write")
#: So many places of each sort of loss are named.
PLACES = 5


class Loss(NamedTuple):
    """Something of a release that a format cannot carry.

    ``what`` says it in a few words that are the same for all of its sort ("a part in several pieces"). ``where`` is the id
    of the article, or ``<article id>:c1`` for a label.
    """

    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """A format: what it writes, and what of a release it can represent.

    ``path`` is ``file`` or ``folder``. ``configs`` are the tables of which it writes one, empty where it writes whole
    articles. ``layers`` are those that it can represent. ``options`` are what ``write`` takes by name, each with a
    sentence. ``lines`` is None where nothing can go to standard output, ``losses`` where nothing is ever lost. ``page`` is
    the docstring of its file.
    """

    name: str
    path: str
    write: Callable[..., None]
    lines: Callable[..., Iterator[str]] | None = None
    losses: Callable[..., Iterable[Loss]] | None = None
    configs: tuple[str, ...] = ()
    layers: tuple[str, ...] = LAYERS
    options: Mapping[str, str] = field(default_factory=dict)
    page: str = ""

    def chosen(self, config: str | None, given: Iterable[str]) -> dict[str, str]:
        """What ``write`` gets by name, from a config and options written ``KEY=VALUE``. UsageError for what the
        exporter does not take, with what it does."""
        chosen = {}
        if config is not None:
            if not self.configs:
                raise UsageError(f"export {self.name} takes no --config: it writes whole articles")
            if config not in self.configs:
                raise UsageError(f"export {self.name}: {plugins.unknown('config', config, list(self.configs))}")
            chosen["config"] = config
        for key, value in plugins.options(given).items():
            if key not in self.options:
                raise UsageError(f"export {self.name}: {plugins.unknown('option', key, list(self.options))}")
            chosen[key] = value
        return chosen


def resolve(name: str) -> Exporter:
    """The exporter of that name. UsageError for an unknown name, with the known ones, and for a file that lacks
    something or has a word that nobody knows."""
    module = plugins.find_declared("exporters", name, NEEDED)
    exporter = Exporter(
        name=name,
        path=module.PATH,
        write=module.write,
        lines=getattr(module, "lines", None),
        losses=getattr(module, "losses", None),
        configs=tuple(getattr(module, "CONFIGS", ())),
        layers=tuple(getattr(module, "LAYERS", LAYERS)),
        options=dict(getattr(module, "OPTIONS", {})),
        page=module.__doc__ or "",
    )
    words = [("PATH", exporter.path, PATHS), *(("LAYERS", layer, LAYERS) for layer in exporter.layers)]
    for constant, word, known in words:
        if word not in known:
            raise UsageError(f"exporter {name!r}, {constant}: {plugins.unknown('word', word, list(known))}")
    return exporter


def written(exporter: Exporter, records: Iterable[Record], options: Mapping[str, str]) -> Iterator[bytes]:
    """Lines for standard output, each with its end. UsageError for an exporter that writes files."""
    if exporter.lines is None:
        raise UsageError(f"export {exporter.name} writes a {exporter.path}: name where with --out PATH")
    return (line.encode() + b"\n" for line in exporter.lines(records, **options))


def lost(exporter: Exporter, records: Iterable[Record], options: Mapping[str, str]) -> list[str]:
    """What the exporter cannot carry of these records: a line for each sort, with its number and the first places."""
    counts: dict[str, int] = {}
    places: dict[str, list[str]] = {}
    for loss in exporter.losses(records, **options) if exporter.losses is not None else ():
        counts[loss.what] = counts.get(loss.what, 0) + 1
        if counts[loss.what] <= PLACES:
            places.setdefault(loss.what, []).append(loss.where)
    return [
        f"not carried: {what}: {count} ({', '.join(places[what])}{f' and {count - PLACES} more' if count > PLACES else ''})"
        for what, count in counts.items()
    ]
