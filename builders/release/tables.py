"""Tables: packed row groups into Parquet files, so that the same rows give the same bytes.

Conventions: groups are written in order, each alone, from one contiguous chunk, or several where much of it repeats. A
task writes one file and hashes it; another hashes what the rows of a config and split say.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegedly.builders.release.packing import Packed, RowGroup, digests_name, row_batches
from allegedly.schemas.arrow import CONFIGS, arrow_schema
from allegedly.schemas.derive import canonical
from allegedly.schemas.hashes import file_sha256

PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "write_page_index": True,
    "write_statistics": True,
    "version": "2.6",
}
FILE = "table.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShard:
    """One file of a config and split: the folders of its groups."""

    name: str
    config: str
    split: str
    number: int
    groups: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was written: rows, bytes, hash."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTable:
    """Writes a Parquet file."""

    def __call__(self, shard: TableShard, folder: Path) -> Table:
        import pyarrow.parquet as pq

        path, schema, rows = folder / FILE, arrow_schema(shard.config), 0
        with pq.ParquetWriter(path, schema, **PARQUET) as writer:
            for group in shard.groups:
                for table in row_batches(shard.config, Path(group)):
                    writer.write_table(table, row_group_size=len(table))
                    rows += len(table)
        found = pq.read_schema(path)
        if not found.equals(schema) or found.metadata != schema.metadata:
            raise AssertionError(f"{shard.name}: its columns are not those of the schema")
        return Table(name=shard.name, rows=rows, bytes=path.stat().st_size, sha256=file_sha256(path))


def table_shards(groups: Iterable[tuple[RowGroup, Packed]], folder: Path) -> Iterator[TableShard]:
    """The files of all configs and splits, from all groups in order. ``folder`` is that of the stage of packing."""
    numbers: dict[tuple[str, str], int] = {}
    waiting: dict[str, list[str]] = {config: [] for config in CONFIGS}
    for group, packed in groups:
        for config in CONFIGS:
            if packed.counts[config]:
                waiting[config].append(str(folder / packed.name))
            if group.ends and waiting[config]:
                number = numbers.get((config, group.split), 0)
                numbers[config, group.split] = number + 1
                yield TableShard(
                    name=f"{config}-{group.split}-{number:05d}",
                    config=config,
                    split=group.split,
                    number=number,
                    groups=waiting[config],
                )
                waiting[config] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentShard:
    """What the rows of a config and split say, group by group."""

    name: str
    config: str
    split: str
    groups: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The hash of what they say."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HashContent:
    """Hashes the digests of rows, in order."""

    def __call__(self, shard: ContentShard, folder: Path) -> Content:
        digest = hashlib.sha256()
        for group in shard.groups:
            digest.update(Path(group, digests_name(shard.config)).read_bytes())
        return Content(name=shard.name, sha256=digest.hexdigest())


def content_shards(files: Iterable[TableShard]) -> list[ContentShard]:
    """One a config and split that has rows."""
    groups: dict[tuple[str, str], list[str]] = {}
    for file in files:
        groups.setdefault((file.config, file.split), []).extend(file.groups)
    return [
        ContentShard(name=f"{config}-{split}", config=config, split=split, groups=folders)
        for (config, split), folders in groups.items()
    ]


def content_hash(digests: Mapping[str, Any]) -> str:
    """The hash of what several splits say, or several configs, from their own hashes."""
    return hashlib.sha256(canonical(digests).encode()).hexdigest()
