"""Shards: records into Parquet files, so that the same rows give the same bytes.

Conventions: a row group ends behind an article whose id says so (the last digits of the hash that it is), or when much
has gathered; so an article that comes or goes changes the groups around it only. Groups are packed into Arrow files in
any order, by any number of processes, then written in order, each alone, from one contiguous chunk. A Parquet file ends
with a group once it holds ``SHARD`` bytes of records. Files get their names when their number is known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allegedly.builders.release.tally import Tally
from allegedly.builders.sources.contents import file_sha256
from allegedly.schemas.arrow import CONFIGS, SPLITS, arrow_schema, rows
from allegedly.schemas.records import Record
from allegedly.schemas.stored import Content, digests

#: One article in so many ends a row group; and so many articles, or bytes of spooled records, end one at the latest.
EVERY, MOST_ARTICLES, MOST_BYTES = 256, 1024, 128 << 20
#: Rows become Arrow arrays after so many articles: these take far less room than Python's values.
PACK = 128
#: Bytes of spooled records from which a file is closed at the next cut.
SHARD = 2 << 30
PARQUET = {
    "compression": "zstd",
    "compression_level": 3,
    "write_page_index": True,
    "write_statistics": True,
    "version": "2.6",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row group: articles ``start`` to ``stop`` of a split; ``ends`` where a file is closed behind it."""

    split: str
    number: int
    start: int
    stop: int
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What packing a group left: rows and digests of rows in every config, and the tally of its records."""

    group: Group
    counts: dict[str, int]
    digests: dict[str, bytes]
    tally: Tally


def cuts(article_id: str) -> bool:
    """Whether a row group ends behind this article."""
    return int(article_id.partition("-")[0][-6:], 16) % EVERY == 0


def groups(split: str, articles: Sequence[tuple[str, int]]) -> Iterator[Group]:
    """The row groups of a split, from the ids of its articles and the bytes that their records take."""
    start = number = gathered = shard = 0
    for at, (article_id, size) in enumerate(articles, 1):
        gathered += size
        shard += size
        last = at == len(articles)
        if last or cuts(article_id) or at - start >= MOST_ARTICLES or gathered >= MOST_BYTES:
            ends = last or shard >= SHARD
            yield Group(split=split, number=number, start=start, stop=at, ends=ends)
            start, number, gathered, shard = at, number + 1, 0, 0 if ends else shard


def pack(group: Group, records: Iterable[Record], folder: Path) -> Packed:
    """Turns the records of a group into Arrow files, one a config."""
    tally = Tally()
    waiting: dict[str, list[dict[str, Any]]] = {config: [] for config in CONFIGS}
    tables: dict[str, list] = {config: [] for config in CONFIGS}
    hashed = dict.fromkeys(CONFIGS, b"")
    for count, record in enumerate(records, 1):
        tally.add(record)
        for config, found in rows(record).items():
            waiting[config].extend(found)
        if not count % PACK:
            _tables(waiting, tables, hashed)
    _tables(waiting, tables, hashed)
    counts = {config: sum(map(len, found)) for config, found in tables.items()}
    for config, found in tables.items():
        if counts[config]:
            _store(found, _packed(folder, group, config))
    return Packed(group=group, counts=counts, digests=hashed, tally=tally)


def _tables(waiting: dict[str, list[dict]], tables: dict[str, list], hashed: dict[str, bytes]) -> None:
    import pyarrow as pa

    for config, found in waiting.items():
        if found:
            hashed[config] += digests(found)
            tables[config].append(pa.Table.from_pylist(found, schema=arrow_schema(config)))
            waiting[config] = []


def _packed(folder: Path, group: Group, config: str) -> Path:
    return folder / f"{group.split}-{group.number}-{config}.arrow"


def _store(tables: list, path: Path) -> None:
    import pyarrow as pa

    table = pa.concat_tables(tables).combine_chunks()
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


@dataclass(slots=True)
class Tables:
    """All tables of a release, written group by group, split by split."""

    folder: Path
    spool: Path
    content: Content = field(default_factory=Content)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {c: dict.fromkeys(SPLITS, 0) for c in CONFIGS})
    _writers: dict[str, Any] = field(default_factory=dict)
    _files: dict[tuple[str, str], list[list]] = field(default_factory=dict)

    def write(self, packed: Packed) -> None:
        """The next group of its split."""
        group = packed.group
        for config in CONFIGS:
            if packed.counts[config]:
                self.content.add_digests(config, group.split, packed.digests[config])
                self.counts[config][group.split] += packed.counts[config]
                self._append(config, group, packed.counts[config])
            if group.ends and config in self._writers:
                self._writers.pop(config).close()

    def _append(self, config: str, group: Group, count: int) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = self._files.setdefault((config, group.split), [])
        if config not in self._writers:
            path = self.folder / "data" / config / f"{group.split}-{len(files):05d}.part"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[config] = pq.ParquetWriter(path, arrow_schema(config), **PARQUET)
            files.append([path, 0])
        stored = _packed(self.spool, group, config)
        with pa.memory_map(str(stored)) as file:
            table = pa.ipc.open_file(file).read_all().combine_chunks()
            self._writers[config].write_table(table, row_group_size=len(table))
            del table
        stored.unlink()
        files[-1][1] += count

    def finish(self) -> None:
        """Gives the files their names and checks their columns."""
        import pyarrow.parquet as pq

        for (config, split), files in self._files.items():
            for number, (path, count) in enumerate(files):
                final = path.with_name(f"{split}-{number:05d}-of-{len(files):05d}.parquet")
                path.rename(final)
                found, expected = pq.read_schema(final), arrow_schema(config)
                if not found.equals(expected) or found.metadata != expected.metadata:
                    raise AssertionError(f"{final.name}: its columns are not those of the schema")
                self.outputs.append(output(self.folder, final, count))


def output(folder: Path, path: Path, rows: int | None = None) -> dict[str, Any]:
    """One entry of the manifest's outputs."""
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": file_sha256(path),
        "rows": rows,
    }
