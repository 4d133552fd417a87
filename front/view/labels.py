"""Labels from elsewhere on the articles of a release: annotation files or predictions, which hold no text of their own.

Conventions: of two sets of labels the first stands and the second is a vote beside it. Articles that neither set has are
not shown.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from allegedly import annotated
from allegedly.eval import gold
from allegedly.eval.predictions import Predictions, lines
from allegedly.schemas.errors import UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.paths import readable
from allegedly.schemas.records import Annotator, Labels, Record, Vote
from allegedly.schemas.stored import Release
from allegedly.view import chosen


def labelled(
    paths: Sequence[str],
    against: str,
    split: str | None,
    sample: int | None,
    seed: int,
    only: Collection[str] | None = None,
) -> tuple[Iterator[Record], Manifest, tuple[str, ...]]:
    """The articles that have labels in one of one or two paths, with those labels; the release's manifest; what the sets
    are called. UsageError for paths that hold no labels of these articles, DataError for broken ones."""
    release = Release(against)
    records = [record for name in chosen.splits(release, split) for record in release.records(name)]
    sets = [_labels(Path(path), records) for path in paths]
    for path, found in zip(paths, sets, strict=True):
        if not found:
            raise UsageError(f"{readable(path)}: holds labels of no article of {readable(against)}")
    names = _names(paths)
    ids = sorted(name for name in set().union(*sets) if only is None or name in only)
    wanted = chosen.sampled(ids, sample, seed)
    return _records(records, wanted, sets, names), release.manifest, names


def _labels(path: Path, records: Sequence[Record]) -> dict[str, Labels]:
    """What a folder of annotation files, one such file, or a file of predictions says of each article."""
    if path.is_dir() or _is_annotation(path):
        return annotated.of_one(path, records)
    predictions = Predictions(gold.view(records, split="all"))
    for where, value in lines(path, needs_task=False):
        predictions.add(value, where)
    return {records[place].article.id: Labels(**layers) for place, layers in _placed(predictions, records)}


def _placed(predictions: Predictions, records: Sequence[Record]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    places = {record.article.id: place for place, record in enumerate(records)}
    for place, layers in predictions.layers.items():
        yield places[predictions.gold.article(place).id], layers


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
