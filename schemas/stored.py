"""The reading side of a release: its manifest, its records, and the hash of what its rows say.

Conventions: rows are read in the order in which they lie, by article id. ``content_sha256`` is the SHA-256 of the
canonical JSON of ``{config: {split: SHA-256}}``, splits without rows left out; that of a split is over the digests
(32 bytes each) of its rows in order, and the digest of a row is the SHA-256 of its canonical JSON in UTF-8, class ids as
integers. So it says the same under another version of pyarrow, and in another number of files.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from allegedly.schemas import canonical
from allegedly.schemas.arrow import CONFIGS, SPLITS, Row, article_of, feature_dicts
from allegedly.schemas.derive import sentence_classes, with_scores
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import Manifest
from allegedly.schemas.records import Annotator, Labels, Record, Sentence, Vote
from allegedly.schemas.schema import errors


class Content:
    """Hashes rows as they pass by, config by config and split by split."""

    def __init__(self) -> None:
        self._hashes: dict[str, dict[str, hashlib._Hash]] = {config: {} for config in CONFIGS}

    def add(self, config: str, split: str, rows: Sequence[Row]) -> None:
        """The next rows of a split. ValueError for a number that is not finite; then nothing is added."""
        if rows:
            self.add_digests(config, split, digests(config, rows))

    def add_digests(self, config: str, split: str, digests: bytes) -> None:
        """The same, from the digests of rows."""
        self._hashes[config].setdefault(split, hashlib.sha256()).update(digests)

    def of_config(self, config: str) -> str:
        """The hash of one config."""
        return hashlib.sha256(canonical.canonical(self._digests(config)).encode()).hexdigest()

    def sha256(self) -> str:
        """The hash of all of them."""
        return hashlib.sha256(canonical.canonical({c: self._digests(c) for c in CONFIGS}).encode()).hexdigest()

    def _digests(self, config: str) -> dict[str, str]:
        hashes = self._hashes[config]
        return {split: hashes[split].hexdigest() for split in SPLITS if split in hashes}


def digests(config: str, rows: Sequence[Row]) -> bytes:
    """The digests of rows of a config, one after the other. ValueError for a number that is not finite."""
    return canonical.digests(feature_dicts(config), rows)


def column_digests(config: str, columns: Mapping[str, Sequence[Any]]) -> bytes:
    """The same, from the columns of the rows."""
    return canonical.column_digests(feature_dicts(config), columns)


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
    """The Parquet files of a config, as the manifest lists them, in order of split and number; of all splits for None
    or ``all``. UsageError for an unknown config."""
    release = manifest(path)
    if config not in release.counts:
        raise UsageError(f"unknown config {config!r}; known: {', '.join(release.counts)}")
    return [file for name in _splits(split) for file in shards_of(home(Path(path)), release, config, name)]


def shards_of(folder: Path, release: Manifest, config: str, split: str) -> list[Path]:
    """The Parquet files of a config and split in a release's folder, in order, as its manifest lists them."""
    start = f"data/{config}/{split}-"
    return [folder / name for name in sorted(output["path"] for output in release.outputs) if name.startswith(start)]


def _splits(split: str | None) -> tuple[str, ...]:
    return SPLITS if split in (None, "all") else (split,)


def check_split(release: Manifest, split: str, config: str = "articles") -> None:
    """UsageError where a split has no rows, with those that have some."""
    counts = release.counts.get(config, {})
    if not counts.get(split):
        having = [name for name, rows in counts.items() if rows]
        raise UsageError(f"{config}: the split {split!r} has no rows; splits with rows: {', '.join(having) or 'none'}")


def rows(
    path: str | Path, config: str, split: str | None = None, columns: Sequence[str] | None = None
) -> Iterator[Row]:
    """The rows of a config, one by one, class ids as integers; only some columns of them where these are named."""
    return rows_of(shards(path, config, split), columns)


def rows_of(files: Iterable[Path], columns: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of Parquet files, one by one: memory does not grow with them."""
    import pyarrow.parquet as pq

    for file in files:
        with pq.ParquetFile(file) as shard:
            for batch in shard.iter_batches(batch_size=256, columns=columns):
                yield from batch.to_pylist()


def records(path: str | Path, split: str | None = None) -> Iterator[Record]:
    """The records of a release, split by split (all of them for None or ``all``), articles in order of id.

    UsageError for a split without rows.
    """
    folder, release = home(Path(path)), manifest(path)
    if split not in (None, "all"):
        check_split(release, split)
    annotators = {annotator["id"]: Annotator.from_json(annotator) for annotator in release.annotators}
    for name in _splits(split):
        votes = ByArticle(rows_of(shards_of(folder, release, "votes", name)))
        columns = ["article_id", "start", "end", "scores"]
        sentences = ByArticle(rows_of(shards_of(folder, release, "sentences", name), columns))
        for row in rows_of(shards_of(folder, release, "articles", name)):
            record = record_of(row, sentences.of(row["id"]))
            yield replace(record, votes=_votes(votes.of(row["id"]), annotators), split=name)


def record_of(article_row: Row, sentence_rows: Iterable[Row]) -> Record:
    """The record of a row of ``articles``, with the scores in its rows of ``sentences``; votes and split are not there."""
    article, labels, group = article_of(article_row)
    scored = [Sentence(start=row["start"], end=row["end"], scores=row["scores"]) for row in sentence_rows]
    return Record(
        article=article, labels=labels, sentences=with_scores(sentence_classes(article, labels), scored), group=group
    )


class ByArticle:
    """Rows of a table that lie in the order of their articles, taken article by article."""

    def __init__(self, table: Iterator[Row]) -> None:
        self._groups = groupby(table, key=itemgetter("article_id"))
        self._next = next(self._groups, None)

    def of(self, article_id: str) -> list[Row]:
        """The rows of an article; none where the next rows are another's."""
        if self._next is None or self._next[0] != article_id:
            return []
        taken = list(self._next[1])
        self._next = next(self._groups, None)
        return taken

    def left(self) -> str | None:
        """The article whose rows come next; None at the end."""
        return None if self._next is None else self._next[0]


def _votes(vote_rows: list[Row], annotators: Mapping[str, Annotator]) -> tuple[Vote, ...]:
    labels: dict[str, dict[str, Any]] = {}
    for row in vote_rows:
        labels.setdefault(row["by"], {})[row["layer"]] = json.loads(row["labels"])
    return tuple(Vote(annotator=annotators[by], labels=Labels.from_json(given)) for by, given in labels.items())
