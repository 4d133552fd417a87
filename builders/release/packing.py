"""Packing: the articles of a row group into Arrow files, one a config, in any order, by any number of processes.

Conventions: a row group ends behind an article whose id says so (the last digits of the hash that it is), or when much
has gathered; so an article that comes or goes changes the groups around it only. A Parquet file ends with a group once
it holds ``SHARD`` bytes of records or ``MOST_GROUPS`` groups.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from allegedly.builders.annotations.bounds import bounded
from allegedly.builders.annotations.files import Annotation, refuse
from allegedly.builders.annotations.merging import merged
from allegedly.builders.annotations.votes import ScoredVote
from allegedly.builders.arrange.placing import placed_rows
from allegedly.builders.asking import AnsweredVote, Answers
from allegedly.builders.release.tally import Tally
from allegedly.builders.sources.limits import Limits
from allegedly.builders.spool.parts import read_table, write_table
from allegedly.builders.spool.records import Place, Spooled
from allegedly.schemas import check
from allegedly.schemas.arrow import CONFIGS, Columns, arrow_schema, columns, feature_dicts
from allegedly.schemas.records import Record
from allegedly.schemas.stored import column_digests

if TYPE_CHECKING:
    import pyarrow as pa

#: One article in so many ends a row group; and so many articles, or bytes of spooled records, end one at the latest.
EVERY, MOST_ARTICLES, MOST_BYTES = 256, 1024, 128 << 20
#: Rows become Arrow arrays after so many articles, or bytes of spooled records: arrays take far less room than Python's
#: values.
PACK, PACK_BYTES = 128, 16 << 20
#: The column of a table of labels that repeats what others hold. It is kept once a sentence until it is written, and a
#: row group that holds so many bytes of it written out is cut, within an article too: no healthy one is.
REPEATED, REPEATED_BYTES = "sentence", 64 << 20
#: Bytes of spooled records, or row groups, from which a file is closed at the next cut. What the writer keeps of each group
#: until it closes a file takes almost 200 kB in the widest table.
SHARD, MOST_GROUPS = 2 << 30, 64
TALLY = "tally.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Rows ``start`` to ``stop`` of a split in the folder of a range."""

    folder: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """One row group: articles of a split that lie in one or several ranges; ``ends`` where a file is closed behind it.
    ``annotated`` holds, by final id, annotation files as JSON, ``answered`` votes of systems."""

    name: str
    split: str
    stretches: list[Stretch]
    articles: int
    ends: bool
    annotated: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What packing a group left: articles, and rows in every config."""

    name: str
    articles: int
    counts: dict[str, int]


def cuts(article_id: str) -> bool:
    """Whether a row group ends behind this article."""
    return int(article_id.partition("-")[0][-6:], 16) % EVERY == 0


def row_groups(
    split: str, folders: Iterable[str], annotated: Mapping[str, list[Annotation]], answers: Answers
) -> Iterator[RowGroup]:
    """The row groups of a split, from the folders of all ranges in order."""
    group = _Group(split, annotated, answers)
    for folder in folders:
        table = placed_rows(Path(folder), split)
        if table is None:
            continue
        names, sizes = table["id"].to_pylist(), table["length"].to_pylist()
        start = 0
        for stop, (name, size) in enumerate(zip(names, sizes, strict=True), 1):
            # the group before is not the last one: whether it ends a file is known
            if group.closed:
                yield group.take(last=False)
            if group.add(name, size):
                group.stretch(folder, start, stop)
                start = stop
        group.stretch(folder, start, len(names))
    if group.articles:
        yield group.take(last=True)


class _Group:
    """The row group that is being filled."""

    def __init__(self, split: str, annotated: Mapping[str, list[Annotation]], answers: Answers) -> None:
        self.split, self.all_annotated, self.all_answers = split, annotated, answers
        self.number = self.shard = self.groups = 0
        self._begin()

    def _begin(self) -> None:
        self.articles = self.gathered = 0
        self.closed = False
        self.stretches: list[Stretch] = []
        self.annotated: dict[str, list[dict[str, Any]]] = {}
        self.answered: dict[str, list[dict[str, Any]]] = {}

    def add(self, name: str, size: int) -> bool:
        """The next article; whether the group ends behind it."""
        self.articles += 1
        self.gathered += size
        self.shard += size
        if name in self.all_annotated:
            self.annotated[name] = [annotation.to_json() for annotation in self.all_annotated[name]]
        if name in self.all_answers:
            self.answered[name] = [vote.to_json() for vote in self.all_answers[name]]
        self.closed = cuts(name) or self.articles >= MOST_ARTICLES or self.gathered >= MOST_BYTES
        return self.closed

    def stretch(self, folder: str, start: int, stop: int) -> None:
        """Articles of a range that belong to the group."""
        if start < stop:
            self.stretches.append(Stretch(folder=folder, start=start, stop=stop))

    def take(self, *, last: bool) -> RowGroup:
        """The group as it is; the next one begins."""
        self.groups += 1
        ends = last or self.shard >= SHARD or self.groups >= MOST_GROUPS
        group = RowGroup(
            name=f"{self.split}-{self.number:06d}",
            split=self.split,
            stretches=self.stretches,
            articles=self.articles,
            ends=ends,
            annotated=self.annotated,
            answered=self.answered,
        )
        self.number += 1
        if ends:
            self.shard = self.groups = 0
        self._begin()
        return group


class Maker(Protocol):
    """Makes the record of an article: of a build, whose votes are merged here, or of an import, which has settled."""

    def __call__(
        self, spooled: Spooled, place: Place, final: str, annotations: list[Annotation], answers: list[ScoredVote]
    ) -> Record: ...


def voted(
    spooled: Spooled, place: Place, final: str, annotations: list[Annotation], answers: list[ScoredVote]
) -> Record:
    """The merged record of an article. DataError where annotation left one that is not valid."""
    article, votes = spooled.article(place)
    if article.id != final:  # a copy: most articles are none
        article = replace(article, id=final)
    notes = [annotation.vote(article) for annotation in annotations]
    record = merged(article, [*votes, *answers, *notes], [note.annotator.id for note in notes])
    if notes:
        over = bounded(article, [note.labels for note in notes], Limits())
        refuse([f"{annotations[0].shown}: {over}"] if over else [])
        wrong = check.record(record.to_json())
        refuse(
            [f"{annotations[0].shown}: {path}: found {found}, expected {expected}" for path, found, expected in wrong]
        )
    return record


def settled(
    spooled: Spooled, place: Place, final: str, annotations: list[Annotation], answers: list[ScoredVote]
) -> Record:
    """A record whose labels stand."""
    record = spooled.record(place)
    return replace(record, article=replace(record.article, id=final))


MAKERS: dict[str, Maker] = {"voted": voted, "settled": settled}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Packs row groups. ``records`` says how records come about: ``voted`` or ``settled``."""

    work: str
    records: str

    def __call__(self, shard: RowGroup, folder: Path) -> Packed:
        tally, tables = Tally(), _Tables()
        with Spooled(Path(self.work)) as spooled:
            gathered = 0
            for count, (record, size) in enumerate(self._records(shard, spooled), 1):
                tally.add(record)
                tables.add(record)
                gathered += size
                if not count % PACK or gathered >= PACK_BYTES:
                    tables.pack()
                    gathered = 0
        tables.pack()
        (folder / TALLY).write_text(json.dumps(tally.to_json()), encoding="utf-8")
        return Packed(name=shard.name, articles=shard.articles, counts=tables.store(folder))

    def _records(self, shard: RowGroup, spooled: Spooled) -> Iterator[tuple[Record, int]]:
        """The records of a group, each with the bytes of its line."""
        make = MAKERS[self.records]
        for stretch in shard.stretches:
            table = placed_rows(Path(stretch.folder), shard.split)
            assert table is not None, f"{stretch.folder}: has no articles of {shard.split}"
            for row in table.slice(stretch.start, stretch.stop - stretch.start).to_pylist():
                place = Place(file=row["file"], offset=row["offset"], length=row["length"])
                annotations = [Annotation.from_json(value) for value in shard.annotated.get(row["id"], ())]
                places = (AnsweredVote(**value) for value in shard.answered.get(row["id"], ()))
                answers = [vote.read(Path(self.work)) for vote in places]
                record = make(spooled, place, row["id"], annotations, answers)
                yield replace(record, split=shard.split, group=row["group"]), place.length


class _Tables:
    """Rows of all configs on their way into Arrow."""

    def __init__(self) -> None:
        self.waiting: dict[str, Columns] = {config: {name: [] for name in feature_dicts(config)} for config in CONFIGS}
        self.packed: dict[str, list[pa.Table]] = {config: [] for config in CONFIGS}
        self.digests = dict.fromkeys(CONFIGS, b"")

    def add(self, record: Record) -> None:
        for config, values in columns(record).items():
            waiting = self.waiting[config]
            for name, column in values.items():
                waiting[name] += column

    def pack(self) -> None:
        """Moves the rows that wait into Arrow, a stretch at a time: while it is hashed, a stretch is written out."""
        for config, values in self.waiting.items():
            for start, stop in _stretches(values):
                part = {name: column[start:stop] for name, column in values.items()}
                self.digests[config] += column_digests(config, part)
                self.packed[config].append(_table(config, part))
            if any(values.values()):
                self.waiting[config] = {name: [] for name in values}

    def store(self, folder: Path) -> dict[str, int]:
        """Writes a file of rows and one of digests for each config that has some; gives the rows of all."""
        import pyarrow as pa

        counts = dict.fromkeys(CONFIGS, 0)
        for config, tables in self.packed.items():
            if tables:
                counts[config] = sum(map(len, tables))
                write_table(pa.concat_tables(tables), folder / arrow_name(config))
                (folder / digests_name(config)).write_bytes(self.digests[config])
        return counts


def _table(config: str, values: Columns) -> "pa.Table":
    """Rows in Arrow, the column that repeats itself as numbers into the list of what it holds."""
    import pyarrow as pa

    schema = arrow_schema(config)
    if REPEATED not in values:
        return pa.Table.from_pydict(values, schema=schema)
    numbers: dict[str, int] = {}
    places = pa.array([numbers.setdefault(words, len(numbers)) for words in values[REPEATED]], pa.int32())
    once = pa.DictionaryArray.from_arrays(places, pa.array(list(numbers), pa.string()))
    kept = schema.set(schema.get_field_index(REPEATED), pa.field(REPEATED, once.type))
    return pa.Table.from_pydict({**values, REPEATED: once}, schema=kept)


def _stretches(values: Columns) -> Iterator[tuple[int, int]]:
    """Rows of which the column that repeats itself takes no more than is written into one row group."""
    rows = len(next(iter(values.values())))
    return _cut(map(len, values[REPEATED]) if REPEATED in values else [0] * rows)


def _cut(sizes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Stretches of rows, given the size of each: a row that is larger than may be stands alone."""
    start = stop = gathered = 0
    for stop, size in enumerate(sizes, 1):
        gathered += size
        if gathered > REPEATED_BYTES and stop - 1 > start:
            yield start, stop - 1
            start, gathered = stop - 1, size
    if start < stop:
        yield start, stop


def row_batches(config: str, folder: Path) -> "Iterator[pa.Table]":
    """The rows of a config in the folder of a group, as they are written: all at once, unless much of it repeats."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_table(folder / arrow_name(config)).combine_chunks()
    if REPEATED not in table.column_names:
        yield table
        return
    column = table[REPEATED].combine_chunks()
    # combining gives an array of one chunk, or a chunked one that has a single chunk
    once = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    sizes = pc.take(pc.utf8_length(once.dictionary), once.indices).to_pylist()
    for start, stop in _cut(sizes):
        words = once.slice(start, stop - start).dictionary_decode()
        number = table.schema.get_field_index(REPEATED)
        yield table.slice(start, stop - start).set_column(number, arrow_schema(config).field(REPEATED), words)


def arrow_name(config: str) -> str:
    """The file of a config's rows in the folder of a group."""
    return f"{config}.arrow"


def digests_name(config: str) -> str:
    """The file of the digests of a config's rows."""
    return f"{config}.digests"
