"""Parquet: a table of articles, a row each; of a data set of the Hub every file that holds texts.

Conventions: columns are told apart by their names, as in JSON, and only those are decoded. Times without an hour are
days. Bounds are held against what the file says of itself before anything is decoded, and against the rows themselves.
Source: Apache Parquet, format 2.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from allegedly.builders.sources.limits import Limits, Refused, over, verdict
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MEDIA_TYPES = ("application/vnd.apache.parquet",)
ENDINGS = ("parquet", "pq", "geoparquet")
DEFAULT = Limits()
#: So many rows are decoded at a time: one that is told by what it differs in from the one before may be as long.
BATCH = 64


def recognise(raw: RawFile) -> Claim | None:
    """The mark that the format begins with, whether its footer is encrypted or not."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.data[:4] in (b"PAR1", b"PARE") else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    import pyarrow as pa

    from allegedly.builders.readers import _tables

    try:
        if data[:4] == b"PARE":
            raise _encrypted()
        if len(data) < 12 or data[-4:] not in (b"PAR1", b"PARE"):
            reason = "ends in the middle of its Parquet data; fetch the file again"
            raise Refused("truncated", reason, found="parquet")
        file, columns = _opened(data, fields, limits)
        _tables.weigh(file.iter_batches(batch_size=BATCH, columns=columns), len(data), limits)
        batches = file.iter_batches(batch_size=BATCH, columns=columns)
        yield from _tables.of_batches(batches, origin, fields, limits)
    except Refused as refused:
        yield refused.rejected(origin)
    except MemoryError as error:
        yield verdict(error, limits).rejected(origin)
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        if "encrypt" in reason.lower():
            yield _encrypted().rejected(origin)
        else:
            yield Refused("broken-table", f"is a broken Parquet file: {reason}"[:300]).rejected(origin)


def _encrypted() -> Refused:
    return Refused("encrypted", "is an encrypted Parquet file; decrypt it first", found="parquet")


def _opened(data: bytes, fields: Mapping[str, str] | None, limits: Limits) -> "tuple[pq.ParquetFile, list[str]]":
    """The file and the columns of it that are read. Refused where it passes a limit by what it says of itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from allegedly.builders.readers import _tables

    metadata = pq.read_metadata(pa.BufferReader(data))
    if metadata.num_columns > limits.members:
        raise over("members-limit", "the number of its columns", limits.members, metadata.num_columns)
    _tables.few(metadata.num_rows, limits)
    schema = metadata.schema.to_arrow_schema()
    columns = _tables.wanted(schema.names, fields, limits, _tables.structs(schema))
    chunks = [
        chunk
        for group in range(metadata.num_row_groups)
        for chunk in map(metadata.row_group(group).column, range(metadata.num_columns))
        if chunk.path_in_schema.split(".")[0] in columns
    ]
    declared = sum(chunk.total_uncompressed_size for chunk in chunks)
    if declared > limits.expanded_bytes:
        raise over("expanded-bytes-limit", "what it expands to", limits.expanded_bytes, declared)
    # words that a dictionary holds once are kept so: a few bytes may say them a million times
    deltas = {chunk.path_in_schema for chunk in chunks if any(kind.startswith("DELTA") for kind in chunk.encodings)}
    texts = [path for name in columns for path in _texts(name, schema.field(name).type) if path not in deltas]
    return pq.ParquetFile(pa.BufferReader(data), metadata=metadata, read_dictionary=texts), columns


def _texts(path: str, kind: "pa.DataType") -> Iterator[str]:
    """The paths of what holds words in a column: itself, or fields of the records in it."""
    import pyarrow as pa

    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        yield path
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _texts(f"{path}.{field.name}", field.type)
