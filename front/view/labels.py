"""Labels from elsewhere on the articles of a release: annotation files or predictions, which hold no text of their own.

Conventions: of two sets of labels the first stands and the second is a vote beside it. Articles that neither set has are
not shown.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allegedly import annotated
from allegedly.eval import gold
from allegedly.eval.predictions import Predictions, lines
from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.paths import readable
from allegedly.schemas.records import LAYERS, PREFIX, Annotator, Article, Labels, Record, Vote
from allegedly.schemas.stored import Release
from allegedly.view import chosen


@dataclass(frozen=True, slots=True)
class _Set:
    """What one path says: labels by article id, and labels with a quotation that stands nowhere in its article."""

    labels: Mapping[str, Labels]
    unplaced: int = 0


def labelled(
    paths: Sequence[str],
    against: str,
    split: str | None,
    sample: int | None,
    seed: int,
    only: Collection[str] | None = None,
) -> tuple[Iterator[Record], Manifest, tuple[str, ...], list[str]]:
    """The articles that have labels in one of one or two paths, with those labels; the release's manifest; what the sets
    are called; what a reader must know of them. UsageError for paths that hold no labels of these articles, DataError for
    broken ones."""
    release = Release(against)
    records = list(chosen.records(release, None))
    meant = {record.article.id for record in records if record.split in chosen.splits(release, split)}
    sets = [_labels(Path(path), records) for path in paths]
    for path, found in zip(paths, sets, strict=True):
        if not found.labels.keys() & meant:
            where = f" of the split {split}" if found.labels else ""
            raise UsageError(f"{readable(path)}: holds labels of no article{where} of {readable(against)}")
    names = _names(paths)
    ids = sorted(meant.intersection(set().union(*(found.labels for found in sets))))
    ids = [name for name in ids if only is None or name in only]
    wanted = chosen.sampled(ids, sample, seed)
    told = [
        f"{name}: {found.unplaced:,} label{'s' * (found.unplaced != 1)} with a quotation that stands nowhere in the text"
        for name, found in zip(names, sets, strict=True)
        if found.unplaced
    ]
    return _records(records, wanted, [found.labels for found in sets], names), release.manifest, names, told


def _labels(path: Path, records: Sequence[Record]) -> _Set:
    """What a folder of annotation files, one such file, or a file of predictions says of each article. UsageError for
    predictions that are classes of sentences."""
    if path.is_dir() or _is_annotation(path):
        return _Set(annotated.of_one(path, records))
    predictions = Predictions(gold.view(records, split="all"))
    for where, value in lines(path, needs_task=False):
        predictions.add(value, where)
    if not predictions.layers and (predictions.answers or predictions.sentences):
        raise UsageError(
            f"{readable(path)}: holds classes of sentences, and no labels that a page could draw; expected lines with "
            "`article` and `labels` (`allegedly schema prediction`)"
        )
    articles = [predictions.gold.article(place) for place in predictions.layers]
    return _Set(
        {
            article.id: _named(layers, article)
            for article, layers in zip(articles, predictions.layers.values(), strict=True)
        },
        sum(len({name[:2] for name in nowhere}) for nowhere in predictions.unplaced.values()),
    )


def _named(layers: Mapping[str, Any], article: Article) -> Labels:
    """Labels with ids by which a page can name them: their own where these are of our form, else new ones."""
    labels = Labels(**layers)
    ours = all(
        re.fullmatch(f"{PREFIX[layer]}[0-9]+", label.id) for layer in LAYERS for label in getattr(labels, layer) or ()
    )
    return labels if ours else numbered(labels, article)


def _is_annotation(path: Path) -> bool:
    """Whether a file holds one object that names its annotator."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "annotator" in value


def _names(paths: Sequence[str]) -> tuple[str, ...]:
    """What sets are called: the ends of their paths, as long as these differ."""
    ends = tuple(Path(path).resolve().stem for path in paths)
    return ends if len(set(ends)) == len(ends) else tuple(readable(path) for path in paths)


def _records(
    records: Sequence[Record], wanted: frozenset[str], sets: Sequence[Mapping[str, Labels]], names: Sequence[str]
) -> Iterator[Record]:
    for record in records:
        if record.article.id in wanted:
            votes = tuple(
                Vote(annotator=Annotator(id=name, kind="import"), labels=found[record.article.id])
                for name, found in zip(names, sets, strict=True)
                if record.article.id in found
            )
            first = votes[0].labels if record.article.id in sets[0] else Labels()
            yield replace(record, labels=first, votes=votes, sentences=())
