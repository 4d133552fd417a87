"""The reading side of a release: its manifest, its records, and the hash of what its rows say.

Conventions: rows are read in the order in which they lie, by article id. ``content_sha256`` is the SHA-256 of the
canonical JSON of ``{config: {split: SHA-256}}``, splits without rows left out; that of a split is over the digests
(32 bytes each) of its rows in order, and the digest of a row is the SHA-256 of its canonical JSON in UTF-8, class ids as
integers. So it says the same under another version of pyarrow, and in another number of files.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from allegedly.schemas import canonical
from allegedly.schemas.arrow import CONFIGS, SPLITS, article_of, class_names, feature_dicts
from allegedly.schemas.derive import sentence_classes, with_scores
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import LABELS, Annotator, Labels, Record, Sentence, Vote
from allegedly.schemas.schema import errors


class Content:
    """Hashes rows as they pass by, config by config and split by split."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[str, Any]] = {config: {} for config in CONFIGS}

    def add(self, config: str, split: str, found: list[dict[str, Any]]) -> None:
        """The next rows of a split."""
        if found:
            self.add_digests(config, split, digests(config, found))

    def add_digests(self, config: str, split: str, found: bytes) -> None:
        """The same, from the digests of rows."""
        self._hashes[config].setdefault(split, hashlib.sha256()).update(found)

    def of_config(self, config: str) -> str:
        """The hash of one config."""
        return hashlib.sha256(canonical.canonical(self._digests(config)).encode()).hexdigest()

    def sha256(self) -> str:
        """The hash of all of them."""
        return hashlib.sha256(canonical.canonical({c: self._digests(c) for c in CONFIGS}).encode()).hexdigest()

    def _digests(self, config: str) -> dict[str, str]:
        found = self._hashes[config]
        return {split: found[split].hexdigest() for split in SPLITS if split in found}


def digests(config: str, found: Sequence[Mapping[str, Any]]) -> bytes:
    """The digests of rows of a config, one after the other. ValueError for a number that is not finite."""
    return canonical.digests(feature_dicts(config), found)


def manifest(path: str | Path) -> Manifest:
    """The manifest of a release. UsageError where the folder is none, DataError where it is broken."""
    folder = home(Path(path))
    file = folder / "manifest.json"
    if not file.is_file():
        raise UsageError(
            f"{path}: not a release (it has no manifest.json); `allegedly build SOURCES --out DIR` makes one"
        )
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file}: broken JSON: {error}; build the release again") from None
    for where, found, expected in errors("manifest", value):
        raise DataError(f"{file}: {where}: found {found}: {expected}; build the release again")
    return Manifest.from_json(value)


def home(path: Path) -> Path:
    """Where a release lies: ``path``, or where a build left the former one that ended between two renames."""
    aside = beside(path) / "old"
    return aside if not path.exists() and (aside / "manifest.json").is_file() else path


def beside(path: Path) -> Path:
    """The sibling folder in which a release is made before it takes its place."""
    return path.parent / f".{path.name}.building"


def shards(path: str | Path, config: str, split: str | None = None) -> list[Path]:
    """The Parquet files of a config, as the manifest lists them, in order of split and number."""
    folder = home(Path(path))
    found = manifest(path)
    if config not in found.counts:
        raise UsageError(f"unknown config {config!r}; known: {', '.join(found.counts)}")
    listed = [output["path"] for output in found.outputs]
    wanted = SPLITS if split in (None, "all") else (split,)
    return [folder / name for this in wanted for name in sorted(listed) if name.startswith(f"data/{config}/{this}-")]


def check_split(found: Manifest, split: str, config: str = "articles") -> None:
    """UsageError where a split has no rows, with those that have some."""
    counts = found.counts.get(config, {})
    if not counts.get(split):
        having = [name for name, rows in counts.items() if rows]
        raise UsageError(f"{config}: the split {split!r} has no rows; splits with rows: {', '.join(having) or 'none'}")


def rows(path: str | Path, config: str, split: str | None = None, columns=None) -> Iterator[dict[str, Any]]:
    """The rows of a config, one by one, class ids as integers."""
    import pyarrow.parquet as pq

    for shard in shards(path, config, split):
        with pq.ParquetFile(shard) as file:
            for batch in file.iter_batches(batch_size=256, columns=columns):
                yield from batch.to_pylist()


def records(path: str | Path, split: str | None = None) -> Iterator[Record]:
    """The records of a release, split by split (all of them for None), articles in order of id."""
    found = manifest(path)
    if split not in (None, "all"):
        check_split(found, split)
    annotators = {value["id"]: Annotator.from_json(value) for value in found.annotators}
    for this in SPLITS if split in (None, "all") else (split,):
        votes = _Following(rows(path, "votes", this))
        scores = _Following(rows(path, "sentences", this, ["article_id", "start", "end", "scores"]))
        for row in rows(path, "articles", this):
            article, labels, group = article_of(row)
            yield Record(
                article=article,
                labels=labels,
                sentences=with_scores(sentence_classes(article, labels), map(_scored, scores.of(article.id))),
                votes=_votes(votes.of(article.id), annotators),
                split=this,
                group=group,
            )


class _Following:
    """Rows of another table in the same order of articles, taken article by article."""

    def __init__(self, found: Iterator[dict[str, Any]]) -> None:
        self._groups = groupby(found, key=itemgetter("article_id"))
        self._next = next(self._groups, None)

    def of(self, article_id: str) -> list[dict[str, Any]]:
        if self._next is None or self._next[0] != article_id:
            return []
        taken = list(self._next[1])
        self._next = next(self._groups, None)
        return taken


def _scored(row: dict[str, Any]) -> Sentence:
    return Sentence(start=row["start"], end=row["end"], scores=row["scores"])


def _votes(found: list[dict[str, Any]], annotators: Mapping[str, Annotator]) -> tuple[Vote, ...]:
    layers = class_names("votes", "layer")
    by: dict[str, dict[str, tuple]] = {}
    for row in found:
        layer = layers[row["layer"]]
        labels = tuple(LABELS[layer].from_json(item) for item in json.loads(row["labels"]))
        by.setdefault(row["by"], {})[layer] = labels
    return tuple(Vote(annotator=annotators[name], labels=Labels(**layers)) for name, layers in by.items())
