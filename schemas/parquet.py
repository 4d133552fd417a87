"""Rows of a Parquet file that anybody may have written, in memory that grows with the file and not with what it claims.

Conventions: before anything is decoded, the columns are those of the config, and the headers of all pages say what
decoding takes. Strings, which a dictionary may repeat any number of times, are first counted as dictionaries. What all
files of a release may take together is a multiple of their bytes.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from allegedly.schemas.arrow import Row, arrow_schema
from allegedly.schemas.former import as_now, former_schema
from allegedly.schemas.pages import chunk

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import FileMetaData, ParquetFile

#: What a release may take in memory: so much, and so many times its bytes.
FLOOR, TIMES = 512 << 20, 256
#: What a value takes as an object of Python, beside the bytes of a string.
VALUE = 64
#: Rows are decoded so many at a time, fewer where these would take more than ``HEAVY`` bytes.
BATCH, HEAVY = 256, 128 << 20
#: The description of columns and row groups at a file's end; ours take about 200 kB for each of at most 128 groups.
MOST_FOOTER = 64 << 20


class BadTable(ValueError):
    """A Parquet file cannot be read as the table that it should be: ``found`` and ``expected``, also for a problem."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected = found, expected


@dataclass(slots=True)
class Allowance:
    """Bytes of memory that the tables of a release may still take."""

    left: int = FLOOR
    all: int = field(init=False)

    def __post_init__(self) -> None:
        self.all = self.left

    @classmethod
    def of(cls, sizes: int) -> "Allowance":
        """That of a release whose files have so many bytes."""
        return cls(FLOOR + TIMES * sizes)

    def take(self, weight: int) -> None:
        """BadTable where no such amount is left."""
        self.left -= weight
        if self.left < 0:
            raise BadTable(
                f"tables that take more than {self.all >> 20} MiB when they are decoded, of far fewer bytes",
                "tables as `allegedly build` writes them",
            )


@dataclass(frozen=True, slots=True)
class Table:
    """A Parquet file that was looked through: its rows, and how many of them are decoded at a time. ``former``: its columns
    are those of versions before 0.3.0."""

    file: BinaryIO
    config: str
    rows: int
    batch: int
    former: bool = False

    def batches(self, columns: Sequence[str] | None = None) -> Iterator["pa.RecordBatch"]:
        """Its rows, some at a time; only some columns where these are named. BadTable where they cannot be decoded."""
        import pyarrow as pa

        names = former_schema(self.config).names if self.former else arrow_schema(self.config).names
        there = None if columns is None else [name for name in columns if name in names]
        try:
            with _opened(self.file) as shard:
                for batch in shard.iter_batches(batch_size=self.batch, columns=there, use_threads=False):
                    yield self._as_now(batch, columns) if self.former else batch
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _undecodable(error) from error

    def _as_now(self, batch: "pa.RecordBatch", columns: Sequence[str] | None) -> "pa.RecordBatch":
        import pyarrow as pa

        whole = arrow_schema(self.config)
        schema = whole if columns is None else pa.schema([whole.field(name) for name in columns])
        return pa.RecordBatch.from_pylist(list(as_now(self.config, batch.to_pylist(), columns)), schema=schema)

    def read(self, columns: Sequence[str] | None = None) -> Iterator[Row]:
        """Its rows, one by one, class ids as integers."""
        for batch in self.batches(columns):
            try:
                rows = batch.to_pylist()
            except ValueError as error:  # bytes that are no UTF-8
                raise _undecodable(error) from error
            yield from rows


def table(file: BinaryIO, config: str, allowance: Allowance) -> Table:
    """Looks a file through whose handle nobody else uses. BadTable where its columns are not those of the config, where
    it is broken, or takes more memory than is allowed."""
    import pyarrow as pa

    before = allowance.left
    try:
        _check_footer(file)
        with _opened(file) as shard:
            columns, expected = shard.schema_arrow, arrow_schema(config)
            former = not columns.equals(expected) and columns.equals(former_schema(config))
            if not former and not columns.equals(expected):
                raise BadTable(f"columns {_differing(columns, expected)}", f"the columns of {config}")
            allowance.take(_weight(file, shard.metadata))
            strings = [column.path for column in _columns(shard) if column.physical_type == "BYTE_ARRAY"]
            rows = shard.metadata.num_rows
        heaviest = 0
        with _opened(file, strings) as shard:
            counted = 0
            for batch in _by_group(shard):
                weight = sum(map(_unfolded, batch.columns))
                allowance.take(weight)
                heaviest, counted = max(heaviest, weight + batch.nbytes), counted + len(batch)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        allowance.left = before  # nothing of it will be read
        raise _undecodable(error) from error
    if counted != rows:
        raise BadTable(f"{counted} rows", f"{rows} rows, as its own footer says")
    return Table(file, config, rows, max(1, min(BATCH, BATCH * HEAVY // max(heaviest, 1))), former)


def _undecodable(error: Exception) -> BadTable:
    if isinstance(error, BadTable):
        return error
    return BadTable(f"no Parquet: {error}", "a Parquet file")


def _opened(file: BinaryIO, dictionaries: Sequence[str] = ()) -> "ParquetFile":
    import pyarrow.parquet as pq

    file.seek(0)
    return pq.ParquetFile(_Kept(file), read_dictionary=list(dictionaries), pre_buffer=False, buffer_size=1 << 20)


class _Kept:
    """A file that a reader may use and not close."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.closed = file, False

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def seek(self, position: int, whence: int = 0) -> int:
        return self.file.seek(position, whence)

    def tell(self) -> int:
        return self.file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def flush(self) -> None:
        return

    def close(self) -> None:
        self.closed = True


def _check_footer(file: BinaryIO) -> None:
    """BadTable where the end of the file is not that of a Parquet file, or its description is far too long."""
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - 8))
    end = file.read(8)
    if size < 12 or end[4:] != b"PAR1":
        raise BadTable("no Parquet: it does not end as such a file does", "a Parquet file")
    length = int.from_bytes(end[:4], "little")
    if length > min(size, MOST_FOOTER):
        raise BadTable(f"a footer of {length} bytes", f"at most {min(size, MOST_FOOTER)} bytes")


def _by_group(shard: "ParquetFile") -> Iterator["pa.RecordBatch"]:
    """Batches of one row group each: dictionaries of two do not fit into one."""
    for group in range(shard.metadata.num_row_groups):
        yield from shard.iter_batches(batch_size=BATCH, row_groups=[group], use_threads=False)


def _columns(shard: "ParquetFile") -> Iterator["pa.parquet.ColumnSchema"]:
    return (shard.schema.column(number) for number in range(len(shard.schema)))


def _weight(file: BinaryIO, metadata: "FileMetaData") -> int:
    """What decoding takes without repeated strings: the pages as they expand, and an object for each value."""
    weight, size = 0, os.fstat(file.fileno()).st_size
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for number in range(row_group.num_columns):
            column = chunk(file, row_group.column(number), size)
            weight += column.expanded + VALUE * column.values
    return weight


def _unfolded(column: "pa.Array") -> int:
    """Bytes of the strings of a column when each stands for itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.DictionaryArray):
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        return pc.sum(lengths).as_py() or 0
    if isinstance(column, pa.ListArray):
        return _unfolded(column.flatten())
    if isinstance(column, pa.StructArray):
        return sum(map(_unfolded, column.flatten()))
    return 0


def _differing(columns: "pa.Schema", expected: "pa.Schema") -> list[str]:
    return [f"{column.name}: {column.type}" for column in columns if column not in list(expected)]
