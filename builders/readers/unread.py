"""Files that hold texts in formats that are not read: refused by name, with what to do.

Conventions: they are known by their first bytes or by the members of a zip archive. A row of the table is what a file is,
and how its texts can be had.
"""

from collections.abc import Iterator
from typing import NamedTuple

from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/octet-stream",)
ENDINGS = ()


class _Kind(NamedTuple):
    what: str
    instead: str
    start: bytes = b""
    offset: int = 0
    member: str = ""


_AS_CSV = "save the sheet with the texts as CSV (UTF-8)"
_AS_PDF = "save it as PDF or text"
_AS_PARQUET = "write its table as Parquet or CSV"
_KINDS = (
    _Kind("an Excel workbook (XLSX)", _AS_CSV, member="xl/workbook.xml"),
    _Kind("an Excel workbook (XLSB)", _AS_CSV, member="xl/workbook.bin"),
    _Kind("a PowerPoint presentation", _AS_PDF, member="ppt/presentation.xml"),
    _Kind("a spreadsheet (ODS)", _AS_CSV, b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", 30),
    _Kind("a presentation (ODP)", _AS_PDF, b"mimetypeapplication/vnd.oasis.opendocument.presentation", 30),
    _Kind("a drawing (ODG)", _AS_PDF, b"mimetypeapplication/vnd.oasis.opendocument.graphics", 30),
    _Kind("an iWork document (Pages, Numbers, Keynote)", "export it as DOCX or CSV", member="Index/Document.iwa"),
    _Kind("an InDesign document (IDML)", "export the story as text or HTML", member="designmap.xml"),
    _Kind("an InDesign document", "export the story as text or HTML", b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31"),
    _Kind("a Feather file of version 1", "write it again as Parquet or Feather 2", b"FEA1"),
    _Kind("an ORC file", _AS_PARQUET, b"ORC"),
    _Kind("an Avro file", _AS_PARQUET, b"Obj\1"),
    _Kind("a DuckDB database", "write its table with COPY ... TO 'news.parquet'", b"DUCK", 8),
    _Kind("an Access database", "export its table as CSV", b"\0\1\0\0Standard "),
    _Kind("an HDF5 file", _AS_PARQUET, b"\x89HDF\r\n\x1a\n"),
    _Kind("a NumPy file", "write its texts as JSON Lines or CSV", b"\x93NUMPY"),
    _Kind("an SPSS file", "save it as CSV", b"$FL2@(#)"),
    _Kind("a Stata file", "save it as CSV", b"<stata_dta>"),
    _Kind("an R data file", "write its table with write.csv or arrow::write_parquet", b"RDX"),
    _Kind("an Outlook mail store (PST)", "export the mails as EML or mbox", b"!BDN"),
    _Kind("a Mobipocket or Kindle book", "convert it to EPUB, with Calibre for one", b"BOOKMOBI", 60),
    _Kind("a DjVu document", "save it as PDF with its text", b"AT&TFORM"),
    _Kind("a WordPerfect document", "save it as DOCX or RTF", b"\xffWPC"),
    _Kind("a Lotus or Quattro sheet", _AS_CSV, b"\0\0\x1a\0"),
    _Kind("a TensorFlow record file", "write its texts as JSON Lines", b"\x0a\x8a\x01\x0a"),
)


def recognise(raw: RawFile) -> Claim | None:
    """First bytes, or members, that no other format has."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if _kind(raw.data, raw.members) else None


def _kind(data: bytes, members: frozenset[str]) -> _Kind | None:
    for kind in _KINDS:
        if kind.member in members if kind.member else data.startswith(kind.start, kind.offset):
            return kind
    return None


def read(data: bytes, origin: Origin) -> Iterator[Article | Rejected]:
    """What the file is, and how its texts can be had."""
    kind = _kind(data, RawFile(data, origin.file_name).members)
    if kind is None:
        raise Refused("unknown-format", "is in no format that is read")
    raise Refused("unknown-format", f"is {kind.what}, which is not read; {kind.instead}", found=kind.what)
    yield
