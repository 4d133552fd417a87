"""The reading side of a release: its manifest, its records, and the hash of what its rows say.

Conventions: rows are read in the order in which they lie, by article id. ``content_sha256`` is the SHA-256 of the
canonical JSON of ``{config: {split: SHA-256}}``, splits without rows left out; that of a split is over the digests
(32 bytes each) of its rows in order, and the digest of a row is the SHA-256 of its canonical JSON in UTF-8, class ids as
integers. So it says the same under another version of pyarrow, and in another number of files.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from allegedly.schemas import canonical, check
from allegedly.schemas.arrow import CONFIGS, SPLITS, Row, article_of, feature_dicts
from allegedly.schemas.derive import sentence_classes, with_scores
from allegedly.schemas.drawn import Drawn, one_line
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.manifest import PAGES, Manifest, Output, faults
from allegedly.schemas.opening import AGAIN, Unsound, checked, regular
from allegedly.schemas.own_files import is_folder, is_marked
from allegedly.schemas.parquet import Allowance, BadTable, Table, table
from allegedly.schemas.paths import no_release, readable
from allegedly.schemas.records import LAYERS, Annotator, Labels, Record, Sentence, Vote
from allegedly.schemas.schema import errors

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST, LEDGER = "manifest.json", "rejected.jsonl"
#: In the sibling folder in which a release is made: what tells it from a folder of somebody else.
MARK = ".allegedly-building"
#: Bytes of a manifest, which names every input, and of a line of the ledger.
MOST_MANIFEST, MOST_LINE = 1 << 30, 64 << 20


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
    file = folder / MANIFEST
    try:
        with regular(folder, MANIFEST) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > MOST_MANIFEST:
                raise DataError(f"{file}: {size} bytes; expected at most {MOST_MANIFEST}; {AGAIN}")
            value = json.loads(stream.read(MOST_MANIFEST).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(no_release(path)) from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file}: broken JSON: {error}; {AGAIN}") from None
    for where, found, expected in manifest_faults(value):
        raise DataError(f"{file}: {where}: found {found}: {expected}; {AGAIN}")
    return Manifest.from_json(value)


def release_of(path: str | Path) -> Path | None:
    """The folder of the release that a path belongs to: one of its own files, or anything in ``data``, where all is its own.
    None where it belongs to none."""
    path = Path(path).absolute()
    for folder in path.parents:
        inner = path.relative_to(folder)
        if inner.parts[0] == "data" or (path.is_file() and inner.as_posix() in (MANIFEST, *PAGES)):
            try:
                manifest(folder)
            except (DataError, UsageError):
                continue
            return folder
    return None


def manifest_faults(value: Any) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a manifest by itself: path in it, what was found, what was expected."""
    broken = list(errors("manifest", value))
    yield from broken or faults(value["outputs"], value["counts"], CONFIGS, SPLITS)


def home(path: Path) -> Path:
    """Where a release lies: ``path``, or where a build left the former one that ended between two renames."""
    aside = beside(path) / "old"
    return aside if not os.path.lexists(path) and is_marked(beside(path), MARK) and is_folder(aside) else path


def beside(path: Path) -> Path:
    """The sibling folder in which a release is made before it takes its place."""
    return path.parent / f".{path.name}.building"


class Release(Drawn):
    """A release as its manifest lists it. Its files are opened below its folder, following no link, hashed, and read from
    the handle that was hashed; what they take in memory is bounded by their bytes. A file that is otherwise is a
    DataError."""

    def __init__(self, path: str | Path, manifest_: Manifest | None = None) -> None:
        """``manifest_``: where it was read before."""
        self.folder = home(Path(path))
        self.manifest = manifest(path) if manifest_ is None else manifest_
        self._outputs = {output["path"]: output for output in self.manifest.outputs}
        self._allowance = Allowance.of(sum(output["bytes"] for output in self.manifest.outputs))

    def __repr__(self) -> str:
        return one_line(self, f"{self.manifest.in_words()}, in {readable(self.folder)}")

    def tables(self, config: str, split: str) -> list[Output]:
        """The files of a config and split, in order, as the manifest lists them."""
        start = f"data/{config}/{split}-"
        return [self._outputs[name] for name in sorted(self._outputs) if name.startswith(start)]

    def opened(self, name: str) -> BinaryIO:
        """A file that the manifest lists, checked, at its beginning. DataError where it is not listed, or not so."""
        if name not in self._outputs:
            raise DataError(f"{self.folder / name}: manifest.json does not list it; {AGAIN}")
        return checked(self.folder, self._outputs[name])

    def looked_through(self, output: Output) -> Table:
        """A table whose columns are right and whose size is allowed; its file is closed again."""
        with self.opened(output["path"]) as file, self._sound(output):
            return table(file, output["path"].split("/")[1], self._allowance)

    def batches(self, output: Output, columns: Sequence[str] | None = None) -> Iterator["pa.RecordBatch"]:
        """The rows of one table, some at a time, once it was checked."""
        config = output["path"].split("/")[1]
        with self.opened(output["path"]) as file, self._sound(output):
            yield from table(file, config, self._allowance).batches(columns)

    def rows(self, config: str, split: str, columns: Sequence[str] | None = None) -> Iterator[Row]:
        """The rows of a config and split, one by one, class ids as integers: memory does not grow with them."""
        for output in self.tables(config, split):
            with self.opened(output["path"]) as file, self._sound(output):
                yield from table(file, config, self._allowance).read(columns)

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of the ledger."""
        with self.opened(LEDGER) as file:
            for number, line in enumerate(iter(partial(file.readline, MOST_LINE), b""), 1):
                where = f"{self.folder / LEDGER}, line {number}"
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise DataError(f"{where}: broken JSON: {error}; {AGAIN}") from None
                for inside, found, expected in errors("rejected", value):
                    raise DataError(f"{where}: {inside}: found {found}: {expected}; {AGAIN}")
                yield value

    @contextmanager
    def _sound(self, output: Output) -> Iterator[None]:
        try:
            yield
        except BadTable as error:
            raise Unsound(self.folder / output["path"], error.found, error.expected) from None

    def records(self, split: str) -> Iterator[Record]:
        """The records of one split, articles in order of id. DataError where the tables do not go together."""
        annotators = {annotator["id"]: Annotator.from_json(annotator) for annotator in self.manifest.annotators}
        votes = ByArticle(self.rows("votes", split))
        sentences = ByArticle(self.rows("sentences", split, ["article_id", "start", "end", "scores"]))
        for row in self.rows("articles", split):
            for path, found, expected in check.row(row):
                raise DataError(
                    f"{self.folder}: article {row['id']!r} of {split}: {path}: found {found}, expected {expected}; "
                    f"`allegedly validate {self.folder}` says all that is wrong"
                )
            try:
                record = record_of(row, sentences.of(row["id"]))
                record = replace(record, votes=_votes(votes.of(row["id"]), annotators), split=split)
            except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
                raise DataError(
                    f"{self.folder}: article {row['id']!r} of {split}: its rows are broken ({type(error).__name__}: "
                    f"{error}); `allegedly validate {self.folder}` says what is wrong"
                ) from error
            yield record
        for rows in (votes, sentences):
            if (name := rows.left()) is not None:
                raise DataError(
                    f"{self.folder}: rows of {split} name article {name!r}, which is not there, or not in this order; "
                    f"`allegedly validate {self.folder}` says what is wrong"
                )


def shards(path: str | Path, config: str, split: str | None = None) -> list[Path]:
    """The Parquet files of a config, as the manifest lists them, in order of split and number; of all splits for None
    or ``all``. UsageError for an unknown config."""
    release = _with(path, config)
    return [release.folder / output["path"] for name in _splits(split) for output in release.tables(config, name)]


def _with(path: str | Path, config: str) -> Release:
    if config not in CONFIGS:
        raise UsageError(f"unknown config {config!r}; known: {', '.join(CONFIGS)}")
    return Release(path)


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
    release = _with(path, config)
    return chain.from_iterable(release.rows(config, name, columns) for name in _splits(split))


def records(path: str | Path, split: str | None = None) -> Iterator[Record]:
    """The records of a release, split by split (all of them for None or ``all``), articles in order of id.

    UsageError for a split without rows.
    """
    release = Release(path)
    if split not in (None, "all"):
        check_split(release.manifest, split)
    for name in _splits(split):
        yield from release.records(name)


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
        if row["layer"] not in LAYERS:
            raise ValueError(f"a vote on the layer {str(row['layer'])[:80]!r}, expected one of {', '.join(LAYERS)}")
        given = json.loads(row["labels"])
        if not isinstance(given, list):
            raise ValueError(f"a vote whose labels are a {type(given).__name__}, expected an array")
        labels.setdefault(row["by"], {})[row["layer"]] = given
    return tuple(Vote(annotator=annotators[by], labels=Labels.from_json(said)) for by, said in labels.items())
