"""Importers by name, as values: what the file of an importer declares.

Conventions: ``LICENCE``, ``CITATION``, ``MAY_SHIP``, ``MAY_TRAIN``, ``SCHEME`` and ``read`` stand in every file. The
rest may be left out: ``CREATORS`` (the Hub's word for who made the labels), and what training needs to know, ``GENRE``,
``CALIBRATES``, ``CHOSEN`` and ``targets``. A file with ``annotations`` reads labels of articles that a release holds
(`builders.annotations.given`); it may stand beside ``read`` and the constants, or alone.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.schemas import plugins
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import LAYERS, Problem, Record, Rejected, Span

#: The Hub's words for who made labels.
CREATORS = ("crowdsourced", "expert-generated", "found", "machine-generated", "no-annotation", "other")
#: Kinds of text that the learned labeller tells apart: scientific abstracts, transcripts of debates, and all other texts.
GENRES = ("abstract", "debate", "other")
NEEDED = ("LICENCE", "CITATION", "MAY_SHIP", "MAY_TRAIN", "SCHEME", "read")
#: For each sentence the id of its article, and its predicates with their factuality, -3 to 3.
Targets = Iterator[tuple[str, tuple[tuple[Span, float], ...]]]
#: What reads labels of articles that are there: a file or folder, and the articles.
Annotations = Callable[[Path, Articles], Iterable[Given | Problem | Note]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """A corpus that others annotated: how it is read, and what may be done with it.

    ``read(path)`` gives records and ledger lines (``_lookup.read`` minds what it does not expect). ``page`` is the
    docstring of its file. ``genre`` None: not known. ``calibrates`` names the layers whose probabilities the learned
    labeller sets right on this corpus. ``chosen``: its claims are those that were chosen to be checked, and what it
    leaves out may be claims all the same. ``targets`` gives the factuality of predicates, None where the corpus has
    none.
    """

    name: str
    read: Callable[[Path], Iterable[Record | Rejected]]
    licence: str
    citation: str
    may_ship: bool
    may_train: bool
    scheme: str
    page: str
    creators: str = "found"
    genre: str | None = None
    calibrates: tuple[str, ...] = ()
    chosen: bool = False
    targets: Callable[[Path], Targets] | None = None


def resolve(name: str) -> Importer:
    """The importer of that name. UsageError for an unknown name, with the known ones, and for a file that lacks
    something or has a word that nobody knows."""
    if not hasattr(module := plugins.find("importers", name), "read") and hasattr(module, "annotations"):
        raise UsageError(
            f"importer {name!r} reads labels of articles that a release holds: say which with --against RELEASE, and who "
            "labelled them with --by WHO"
        )
    module = plugins.find_declared("importers", name, NEEDED)
    importer = Importer(
        name=name,
        read=module.read,
        licence=module.LICENCE,
        citation=module.CITATION,
        may_ship=module.MAY_SHIP,
        may_train=module.MAY_TRAIN,
        scheme=module.SCHEME,
        page=module.__doc__ or "",
        creators=getattr(module, "CREATORS", "found"),
        genre=getattr(module, "GENRE", None),
        calibrates=tuple(getattr(module, "CALIBRATES", ())),
        chosen=getattr(module, "CHOSEN", False),
        targets=getattr(module, "targets", None),
    )
    _check(importer)
    return importer


def annotations(name: str, options: Mapping[str, str] | None = None) -> Annotations:
    """What reads labels of articles that a release holds, by the importer's name. UsageError for an unknown name, for an
    importer that reads none, and for an option that it does not take."""
    module = plugins.find("importers", name)
    if not hasattr(module, "annotations"):
        able = [each for each in plugins.names("importers") if hasattr(plugins.find("importers", each), "annotations")]
        raise UsageError(
            f"importer {name!r} makes a release of a corpus, and takes no --against; those that take it: "
            f"{', '.join(able)}"
        )
    known = dict(getattr(module, "OPTIONS", {}))
    for key in options or {}:
        if key not in known:
            raise UsageError(f"import {name}: {plugins.unknown('option', key, list(known))}")
    given = dict(options or {})
    if not says_submitted(name):
        given.pop("approved", None)
    reads: Annotations = partial(module.annotations, **given)
    return reads


def says_submitted(name: str) -> bool:
    """Whether the files of an importer of annotations say what somebody submitted, or the importer asks; by its
    ``SUBMITTED``."""
    return bool(getattr(plugins.find("importers", name), "SUBMITTED", True))


def read(importer: Importer, path: Path) -> Iterator[Record | Rejected]:
    """What an importer's file gives. DataError where the data is not as it expects: all that it knows then is where it fell
    over."""
    try:
        yield from importer.read(path)
    except (DataError, UsageError, OSError, MemoryError, csv.Error):
        raise
    except Exception as error:
        raise DataError(
            f"{path}: is not as the importer {importer.name!r} knows it: {type(error).__name__}: {error}; "
            "look for a file that is cut off or was changed, or get the corpus again"
        ) from error


def _check(importer: Importer) -> None:
    words = [
        ("CREATORS", importer.creators, CREATORS),
        *(("CALIBRATES", layer, LAYERS) for layer in importer.calibrates),
    ]
    if importer.genre is not None:
        words.append(("GENRE", importer.genre, GENRES))
    for constant, word, known in words:
        if word not in known:
            raise UsageError(f"importer {importer.name!r}, {constant}: {plugins.unknown('word', word, list(known))}")
