"""The pages of a Parquet file, as their own headers say: what a reader will take memory for, before it does.

Conventions: the footer of a stranger's file may say anything; a reader follows the header of each page. Only pages as our
writer makes them are let through: plain, or indices into a dictionary. Other encodings can make much of few bytes in ways
that no header tells.

Source: parquet-format 2.11, parquet.thrift (PageHeader), and the compact protocol of Apache Thrift.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnChunkMetaData

#: Encodings by their numbers: plain, plain dictionary, run lengths, dictionary indices.
PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY = 0, 2, 3, 8
_ALLOWED = (PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY)
#: Numbers of the fields of a page header, and kinds of pages.
_KIND, _EXPANDED, _STORED, _DATA, _DICTIONARY, _DATA_2 = 1, 2, 3, 5, 7, 8
_DATA_PAGE, _DICTIONARY_PAGE, _DATA_PAGE_2 = 0, 2, 3
#: So many bytes are read for a header, and if it is longer; it holds little but statistics.
_HEADERS = (4096, 1 << 20)


class BrokenPages(ValueError):
    """The pages of a column are not as its footer says, or are such as our writer never makes."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What reading a column of a row group takes: bytes of its pages when they are expanded, and values."""

    expanded: int
    values: int


def chunk(file: BinaryIO, column: "ColumnChunkMetaData", size: int) -> Chunk:
    """What the headers of a column's pages say. ``size``: bytes of the file. BrokenPages as above."""
    if column.file_path:
        raise BrokenPages("a column that lies in another file")
    start, length = column.data_page_offset, column.total_compressed_size
    if column.has_dictionary_page and 0 < (column.dictionary_page_offset or 0) < start:
        start = column.dictionary_page_offset
    if start < 4 or length < 0 or start + length > size:
        raise BrokenPages("a column that lies outside of the file")
    position, end, expanded, values = start, start + length, 0, 0
    while position < end:
        header, read = _header(file, position, end)
        data, bytes_, stored = _page(header)
        expanded, values, position = expanded + bytes_, values + data, position + read + stored
    if position != end or values != column.num_values:
        raise BrokenPages(f"pages of {values} values where the footer says {column.num_values}")
    return Chunk(expanded, values)


def _page(header: dict[int, object]) -> tuple[int, int, int]:
    """Values of a page (none for a dictionary), its bytes expanded and as stored."""
    kind, bytes_, stored = (header.get(name) for name in (_KIND, _EXPANDED, _STORED))
    if not isinstance(bytes_, int) or not isinstance(stored, int) or bytes_ < 0 or stored < 0:
        raise BrokenPages("a page of no size")
    field = {_DATA_PAGE: _DATA, _DICTIONARY_PAGE: _DICTIONARY, _DATA_PAGE_2: _DATA_2}.get(kind)  # type: ignore[call-overload]
    inner = header.get(field)
    if not isinstance(inner, dict):
        raise BrokenPages(f"a page of kind {kind}")
    encoding, count = inner.get(4 if kind == _DATA_PAGE_2 else 2), inner.get(1)
    if encoding not in _ALLOWED or not isinstance(count, int) or count < 0:
        raise BrokenPages(f"a page in encoding {encoding}, which releases do not use")
    return (0 if kind == _DICTIONARY_PAGE else count), bytes_, stored


def _header(file: BinaryIO, position: int, end: int) -> tuple[dict[int, object], int]:
    """The header that begins at a position, and its bytes."""
    for most in _HEADERS:
        file.seek(position)
        reader = _Compact(file.read(min(end - position, most)))
        try:
            return reader.struct(0), reader.position
        except IndexError:
            continue
    raise BrokenPages("a page header that breaks off")


class _Compact:
    """Reads a struct in Thrift's compact protocol. IndexError where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0

    def struct(self, depth: int) -> dict[int, object]:
        """Fields by number; numbers and inner structs only, the rest is passed over."""
        if depth > 8:
            raise BrokenPages("a page header nested too deep")
        fields: dict[int, object] = {}
        number = 0
        while lead := self._byte():
            step, kind = lead >> 4, lead & 15
            number = number + step if step else self._signed()
            if number in fields:
                raise BrokenPages("a page header with a field twice")
            fields[number] = self._field(kind, depth)
        return fields

    def _field(self, kind: int, depth: int) -> object:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind == 8:
            self._skip(self._unsigned())
            return None
        if kind == 12:
            return self.struct(depth + 1)
        if kind == 7:
            self._skip(8)
            return None
        raise BrokenPages("a page header with a field of a kind that it never has")

    def _byte(self) -> int:
        value = self.data[self.position]
        self.position += 1
        return value

    def _skip(self, count: int) -> None:
        self.position += count
        if self.position > len(self.data):
            raise IndexError

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise BrokenPages("a page header with a number that is too long")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
