"""Parts: what decides about articles, one row each, in files that are read a slice at a time.

Conventions: a part is an Arrow file of at most ``ROWS`` rows in order of id, then of origin (file name, record, hash of
the file). ``id`` is the bare id as a number. ``record`` is -1, ``sha256`` empty, where there is none: none comes first.
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from allegedly.builders.spool.keys import had, offered, referred
from allegedly.builders.text.grams import PERMUTATIONS, signature
from allegedly.schemas.records import Article

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of a part, and of every other piece of work that holds a row an article in memory.
ROWS = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What decides about one article: a row of a part. ``file`` is a name in the folder of its shard."""

    id: int
    file_name: str
    record: int
    sha256: str
    source_id: str | None
    split: str | None
    file: str
    offset: int
    length: int
    signature: bytes
    offers: Sequence[int]
    refers: Sequence[int]
    has: Sequence[int]

    @property
    def order(self) -> tuple[int, str, int, str]:
        """Sort key: by text, then by origin."""
        return self.id, self.file_name, self.record, self.sha256

    def to_line(self) -> bytes:
        """One line of JSON: how an entry gets from the worker that read its article into a part."""
        values: list[Any] = [self.id, self.file_name, self.record, self.sha256, self.source_id, self.split, self.file]
        values += [self.offset, self.length, binascii.b2a_base64(self.signature, newline=False).decode("ascii")]
        values += [self.offers, self.refers, self.has]
        return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_line(cls, line: bytes) -> "Entry":
        """The entry of a line."""
        values = orjson.loads(line)
        text_id, file_name, record, sha256, source_id, split, file, offset, length, sketch, *keys = values
        offers, refers, has = keys
        return cls(
            id=text_id,
            file_name=file_name,
            record=record,
            sha256=sha256,
            source_id=source_id,
            split=split,
            file=file,
            offset=offset,
            length=length,
            signature=binascii.a2b_base64(sketch),
            offers=offers,
            refers=refers,
            has=has,
        )


def entry(article: Article, group_by: Sequence[str], split: str | None, file: str, offset: int, length: int) -> Entry:
    """The entry of an article whose line stands at a place."""
    origin = article.origin
    return Entry(
        id=int(article.id.partition("-")[0], 16),
        file_name=origin.file_name,
        record=-1 if origin.record is None else origin.record,
        sha256=origin.sha256 or "",
        source_id=article.source_id,
        split=split,
        file=file,
        offset=offset,
        length=length,
        signature=signature(article.text),
        offers=offered(article),
        refers=referred(article),
        has=had(article, group_by),
    )


def part_schema() -> "pa.Schema":
    """The columns of a part."""
    import pyarrow as pa

    keys = pa.list_(pa.uint64())
    return pa.schema(
        [
            pa.field("id", pa.uint64()),
            pa.field("file_name", pa.string()),
            pa.field("record", pa.int64()),
            pa.field("sha256", pa.string()),
            pa.field("source_id", pa.string()),
            pa.field("split", pa.string()),
            pa.field("file", pa.string()),
            pa.field("offset", pa.int64()),
            pa.field("length", pa.int64()),
            pa.field("signature", pa.binary(4 * PERMUTATIONS)),
            pa.field("offers", keys),
            pa.field("refers", keys),
            pa.field("has", keys),
        ]
    )


class Parts:
    """Writes entries into the parts of a shard, whatever their number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self._waiting: list[Entry] = []

    def add(self, new: Entry) -> None:
        """The next entry."""
        self._waiting.append(new)
        if len(self._waiting) == ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        import pyarrow as pa

        if not self._waiting:
            return
        rows = sorted(self._waiting, key=lambda row: row.order)
        schema = part_schema()
        columns = [pa.array([getattr(row, name) for row in rows], schema.field(name).type) for name in schema.names]
        name = f"part-{len(self.names):05d}.arrow"
        write_table(pa.Table.from_arrays(columns, schema=schema), self.folder / name)
        self.names.append(name)
        self._waiting = []


def write_table(table: "pa.Table", path: Path) -> None:
    """Writes a table as an Arrow file of one batch, so that it can be mapped and sliced."""
    import pyarrow as pa

    table = table.combine_chunks()
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        if len(table):
            writer.write_table(table, max_chunksize=len(table))


def read_table(path: Path) -> "pa.Table":
    """Maps a table that ``write_table`` wrote: only what is looked at is read."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()
