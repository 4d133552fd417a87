"""Arrow: tables in the files and streams of Arrow's own format, Feather and ``save_to_disk`` among them.

Conventions: as in Parquet. What a file says of its buffers is checked before they are read.
Source: Apache Arrow, Columnar Format 1.5: IPC file and streaming formats.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from allegedly.builders.sources.limits import Limits, Refused, verdict
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

if TYPE_CHECKING:
    import pyarrow as pa

MEDIA_TYPES = ("application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream")
ENDINGS = ("arrow", "feather", "ipc", "arrows")
DEFAULT = Limits()
_FILE = b"ARROW1"


def recognise(raw: RawFile) -> Claim | None:
    """The mark of a file; or how a stream begins: a message with its length, the length of a schema."""
    if raw.data.startswith(_FILE):
        return Claim(Strength.SIGNATURE, MEDIA_TYPES[0])
    length = int.from_bytes(raw.data[4:8], "little")
    is_stream = raw.data[:4] == b"\xff\xff\xff\xff" and length % 8 == 0 and 16 <= length < 1 << 26
    return Claim(Strength.STRUCTURE, MEDIA_TYPES[1]) if is_stream else None


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the rows."""
    import pyarrow as pa

    from allegedly.builders.readers import _tables

    try:
        _tables.weigh(_batches(data, fields, limits), len(data), limits)
        yield from _tables.of_batches(_batches(data, fields, limits), origin, fields, limits)
    except Refused as refused:
        yield refused.rejected(origin)
    except MemoryError as error:
        yield verdict(error, limits).rejected(origin)
    except (pa.ArrowException, KeyError, OSError, ValueError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        yield Refused("broken-table", f"is a broken Arrow file: {reason}; fetch it again"[:300]).rejected(origin)


def _batches(data: bytes, fields: Mapping[str, str] | None, limits: Limits) -> "Iterator[pa.RecordBatch]":
    from pyarrow import ipc

    from allegedly.builders.readers import _tables

    schema = _opened(data, ipc.IpcReadOptions()).schema
    columns = _tables.wanted(schema.names, fields, limits, _tables.structs(schema))
    numbers = [number for number, name in enumerate(schema.names) if name in columns]
    reader = _opened(data, ipc.IpcReadOptions(included_fields=numbers, use_threads=False))
    is_file = data.startswith(_FILE)
    for batch in map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader:
        batch.validate(full=True)
        yield batch


def _opened(data: bytes, options: Any) -> Any:
    """A reader of a file or stream."""
    import pyarrow as pa
    from pyarrow import ipc

    if not data.startswith(_FILE):
        return ipc.open_stream(pa.BufferReader(data), options=options)
    if data[-6:] != _FILE:
        raise Refused("truncated", "ends in the middle of its Arrow data; fetch the file again", found="arrow")
    return ipc.open_file(pa.BufferReader(data), options=options)
