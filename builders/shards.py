"""Shards: rows into Parquet files, so that the same rows give the same bytes.

Conventions: a row group is cut behind an article whose id says so (the last digits of the hash that it is), or when
much has gathered; so an article that comes or goes changes the groups around it only. Each group is written alone,
from one contiguous chunk. A file is closed at a cut once it holds ``SHARD`` characters of text. Files get their names
when their number is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allegedly.builders.recipe import file_sha256
from allegedly.schemas.arrow import CONFIGS, SPLITS, arrow_schema
from allegedly.schemas.stored import Content

#: One article in so many ends a row group; and so many articles, or characters of text, end one at the latest.
EVERY, MOST_ARTICLES, MOST_TEXT = 512, 2048, 32 << 20
#: Rows become Arrow arrays after so many articles: these take far less room than Python's values.
PACK = 128
#: Characters of text from which a file is closed at the next cut.
SHARD = 256 << 20
PARQUET = {
    "compression": "zstd",
    "compression_level": 3,
    "write_page_index": True,
    "write_statistics": True,
    "version": "2.6",
}


@dataclass(slots=True)
class _Config:
    """One config being written: rows not yet packed, chunks not yet written, the open file and those closed."""

    name: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    chunks: list = field(default_factory=list)
    writer: Any = None
    files: list[tuple[Path, int]] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """All configs of a release, fed split by split, articles in order of id."""

    folder: Path
    content: Content = field(default_factory=Content)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {c: dict.fromkeys(SPLITS, 0) for c in CONFIGS})

    def write(self, split: str, articles: Iterable[tuple[str, int, dict[str, list[dict]]]]) -> None:
        """One split: for each article its id, the length of its text, and its rows in every config."""
        configs = [_Config(name) for name in CONFIGS]
        waiting = text = shard = 0
        for article_id, length, rows in articles:
            waiting, text, shard = waiting + 1, text + length, shard + length
            for config in configs:
                config.rows.extend(rows[config.name])
                self.content.add(config.name, split, rows[config.name])
                self.counts[config.name][split] += len(rows[config.name])
            if not waiting % PACK:
                self._each(configs, _pack)
            if cuts(article_id) or waiting >= MOST_ARTICLES or text >= MOST_TEXT:
                self._each(configs, self._group, split)
                waiting = text = 0
                if shard >= SHARD:
                    self._each(configs, _close)
                    shard = 0
        self._each(configs, self._group, split)
        self._each(configs, _close)
        self._each(configs, self._name, split)

    def _each(self, configs: list[_Config], step, *more) -> None:
        for config in configs:
            step(config, *more)

    def _group(self, config: _Config, split: str) -> None:
        """Writes what has gathered as one row group."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        _pack(config)
        if not config.chunks:
            return
        table = pa.concat_tables(config.chunks).combine_chunks()
        config.chunks = []
        if config.writer is None:
            path = self.folder / "data" / config.name / f"{split}-{len(config.files):05d}.part"
            path.parent.mkdir(parents=True, exist_ok=True)
            config.writer = pq.ParquetWriter(path, arrow_schema(config.name), **PARQUET)
            config.files.append((path, 0))
        config.writer.write_table(table, row_group_size=len(table))
        path, rows = config.files[-1]
        config.files[-1] = (path, rows + len(table))

    def _name(self, config: _Config, split: str) -> None:
        import pyarrow.parquet as pq

        for number, (path, rows) in enumerate(config.files):
            final = path.with_name(f"{split}-{number:05d}-of-{len(config.files):05d}.parquet")
            path.rename(final)
            found, expected = pq.read_schema(final), arrow_schema(config.name)
            if not found.equals(expected) or found.metadata != expected.metadata:
                raise AssertionError(f"{final.name}: its columns are not those of the schema")
            self.outputs.append(output(self.folder, final, rows))


def cuts(article_id: str) -> bool:
    """Whether a row group ends behind this article."""
    return int(article_id.partition("-")[0][-6:], 16) % EVERY == 0


def _pack(config: _Config) -> None:
    import pyarrow as pa

    if config.rows:
        config.chunks.append(pa.Table.from_pylist(config.rows, schema=arrow_schema(config.name)))
        config.rows = []


def _close(config: _Config) -> None:
    if config.writer is not None:
        config.writer.close()
        config.writer = None


def output(folder: Path, path: Path, rows: int | None = None) -> dict[str, Any]:
    """One entry of the manifest's outputs."""
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": file_sha256(path),
        "rows": rows,
    }
