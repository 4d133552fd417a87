"""Containers: the files inside compressed files and archives, read and never extracted.

Conventions: a compressed file keeps its name and hash, for it is one file; a member of an archive is
``archive.zip!/inner/name``, with the hash of its own bytes. Bounds hold over all that one input file holds, nested
archives too: expanded bytes, members, depth. What cannot be read becomes Rejected beside the members that can.
"""

import bz2
import hashlib
import io
import json
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from allegedly.builders.sources import tars
from allegedly.builders.sources.limits import Limits, Refused, expands, over
from allegedly.schemas.records import Origin, Rejected

Inner: TypeAlias = tuple[bytes, Origin] | Rejected
Decompress: TypeAlias = Callable[[bytes], Iterator[bytes]]
#: Whether somebody reads an archive as one file: its bytes, its name.
Claimed: TypeAlias = Callable[[bytes, str], bool]
CHUNK = 1 << 20
#: Bytes that a decompressor is given at a time.
FEED = 1 << 16
GZIP = b"\x1f\x8b\x08"
#: What a member of a zip archive begins with, and the end of its directory.
_LOCAL, _DIRECTORY_END = b"PK\3\4", b"PK\5\6"

#: Endings of names that compression adds, and what stands in their place.
ENDINGS = {".gz": "", ".bz2": "", ".xz": "", ".zst": "", ".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


@dataclass(slots=True)
class _Room:
    """What is left of the bounds for one input file, and who may have an archive in one piece."""

    limits: Limits
    claimed: Claimed
    size: int
    expanded: int = 0
    members: int = 0

    def grow(self, count: int) -> None:
        self.expanded += count
        if self.expanded > self.limits.expansion(self.size):
            raise expands("what it expands to", self.size, self.limits)

    def enter(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise over("members-limit", "the number of its members", self.limits.members)


def files(
    data: bytes, origin: Origin, *, limits: Limits, claimed: Claimed = lambda data, name: False
) -> Iterator[Inner]:
    """All files in the data: itself where it is no container, or where ``claimed`` says that it is a file of a format
    that only looks like one (an office document is a zip archive)."""
    yield from _files(data, origin, _Room(limits, claimed, len(data)), 0)


def archive_kind(data: bytes) -> str | None:
    """What kind of compressed file or archive some bytes are; None where they are none."""
    if data[:3] == GZIP:
        return "gzip"
    if data[:3] == b"BZh" and data[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    if data[:6] == b"\xfd7zXZ\0":
        return "xz"
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return "zstandard"
    if data[:4] in (b"PK\3\4", b"PK\5\6", b"PK\7\10"):
        return "zip"
    return "tar" if data[257:262] == b"ustar" else None


def inner_name(name: str) -> str:
    """A name without the endings that compression adds."""
    for ending, instead in ENDINGS.items():
        if name.lower().endswith(ending):
            return inner_name(name[: -len(ending)] + instead)
    return name


def _files(data: bytes, origin: Origin, room: _Room, depth: int) -> Iterator[Inner]:
    if depth > room.limits.nesting:
        yield over("nesting-limit", "the depth of nested archives", room.limits.nesting).rejected(origin, "open")
        return
    kind = archive_kind(data)
    try:
        if kind is None or room.claimed(data, origin.file_name):
            yield data, origin
        elif kind == "zip":
            yield from _zip(data, origin, room, depth)
        elif kind == "tar":
            yield from _tar(data, origin, room, depth)
        else:
            inner, trouble = _expanded(kind, data, room)
            if trouble is not None:
                yield trouble.rejected(origin, "open")
            if inner or trouble is None:
                yield from _files(inner, origin, room, depth + 1)
    except Refused as refused:
        yield refused.rejected(origin, "open")


def _joined(chunks: Iterator[bytes], room: _Room) -> bytes:
    out = bytearray()
    for chunk in chunks:
        room.grow(len(chunk))
        out += chunk
    return bytes(out)


def _expanded(kind: str, data: bytes, room: _Room) -> tuple[bytes, Refused | None]:
    """What compressed data expands to, and what of it could not be had. Of data that is cut off or broken only what
    comes in whole records is taken: half a text is no article. Refused where nothing is left, or over a limit."""
    out, before = bytearray(), room.expanded
    try:
        for chunk in _DECOMPRESS[kind](data):
            room.grow(len(chunk))
            out += chunk
    except Refused as refused:
        if refused.rule == "trailing-bytes" and not (out[:5] == b"WARC/" and GZIP in data[-refused.detail["bytes"] :]):
            return bytes(out), refused
        if refused.rule not in ("truncated", "broken-archive", "trailing-bytes"):
            raise
        room.expanded = before
        left = _whole_records(_other_members(data, room) if kind == "gzip" else bytes(out))
        if not left:
            raise
        return left, refused
    return bytes(out), None


def _whole_records(data: bytes) -> bytes:
    """The part of broken data that is whole in itself: all of a web archive and of a tar, whose records and members tell
    where they end, and the lines of JSON Lines; of anything else nothing."""
    if data.startswith(b"WARC/") or archive_kind(data) == "tar":
        return data
    first, newline, _ = data.partition(b"\n")
    with suppress(ValueError, RecursionError):
        if newline and isinstance(json.loads(first), dict):
            return data[: data.rindex(b"\n") + 1]
    return b""


#: So many times one looks for a member of gzip data behind one that is broken.
MOST_BROKEN = 1000


def _other_members(data: bytes, room: _Room) -> bytes:
    """What the members of gzip data give that can be read; of one that breaks off, as far as it goes."""
    out = bytearray()
    start = broken = 0
    while start >= 0 and broken <= MOST_BROKEN:
        held = len(out)
        chunks = _stream(data, start, "gzip", _Inflate(), (zlib.error,))
        try:
            while True:
                chunk = next(chunks)
                room.grow(len(chunk))
                out += chunk
        except StopIteration as whole:
            start = data.find(GZIP, whole.value)
        except Refused as refused:
            if refused.rule == "expanded-bytes-limit":
                raise
            if refused.rule == "truncated":
                break
            del out[held:]
            broken += 1
            start = data.find(GZIP, start + 1)
    return bytes(out)


def _truncated(what: str) -> Refused:
    return Refused("truncated", f"ends in the middle of its {what} data; fetch the file again", found=what)


def _broken(what: str, error: Exception | str) -> Refused:
    return Refused("broken-archive", f"is no valid {what} file: {error}", found=what)


def _trailing(what: str, count: int) -> Refused:
    reason = f"holds {count} bytes behind its {what} data that are none; what is before them is read"
    return Refused("trailing-bytes", reason, bytes=count)


def _gzip(data: bytes) -> Iterator[bytes]:
    return _streams(data, "gzip", _Inflate, (zlib.error,))


def _bzip2(data: bytes) -> Iterator[bytes]:
    return _streams(data, "bzip2", bz2.BZ2Decompressor, (OSError, ValueError))


def _xz(data: bytes) -> Iterator[bytes]:
    return _streams(data, "xz", lambda: lzma.LZMADecompressor(memlimit=256 << 20), (lzma.LZMAError, ValueError))


class _Inflate:
    """A decompressor of gzip data, to be used as those of bz2 and lzma are."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._stream.decompress(data or self._stream.unconsumed_tail, max_length)


_Decompressor: TypeAlias = bz2.BZ2Decompressor | lzma.LZMADecompressor | _Inflate
_ZEROS = re.compile(rb"\0*")


def _streams(
    data: bytes, what: str, decompressor: Callable[[], _Decompressor], errors: tuple[type[Exception], ...]
) -> Iterator[bytes]:
    """What one or several compressed streams give, one behind the other."""
    magic = data[:2]
    start = 0
    while data.startswith(magic, start):
        start = yield from _stream(data, start, what, decompressor(), errors)
        zeros = _ZEROS.match(data, start)
        start = zeros.end() if zeros else start
    if start < len(data):
        raise _trailing(what, len(data) - start)


def _stream(
    data: bytes, start: int, what: str, stream: _Decompressor, errors: tuple[type[Exception], ...]
) -> Generator[bytes, None, int]:
    """What the stream that begins at an offset gives; returns where it ends. Fed a piece at a time: a decompressor copies
    what it is given and does not need, which costs the square of the length where there are many streams."""
    try:
        while not stream.eof:
            piece = data[start : start + FEED] if stream.needs_input else b""
            start += len(piece)
            chunk = stream.decompress(piece, CHUNK)
            if chunk:
                yield chunk
            elif start == len(data) and stream.needs_input and not stream.eof:
                raise _truncated(what)
    except errors as error:
        raise _broken(what, error) from error
    return start - len(stream.unused_data)


def _zstandard(data: bytes) -> Iterator[bytes]:
    import pyarrow as pa  # Python's own comes with 3.14

    try:
        with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        if "truncated" in str(error).lower() or "unexpected end" in str(error).lower():
            raise _truncated("zstandard") from error
        raise _broken("zstandard", error) from error


_DECOMPRESS: dict[str, Decompress] = {"gzip": _gzip, "bzip2": _bzip2, "xz": _xz, "zstandard": _zstandard}


def _member(origin: Origin, name: str, data: bytes | None = None) -> Origin:
    digest = None if data is None else hashlib.sha256(data).hexdigest()
    return replace(origin, file_name=f"{origin.file_name}!/{name}", sha256=digest)


def _checked(name: str) -> None:
    """A member that points out of its archive is refused: no name in it is to be trusted as a path, later either."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        raise Refused("unsafe-name", f"the name of the member points outside the archive: {name!r}", name=name)


def _zip(data: bytes, origin: Origin, room: _Room, depth: int) -> Iterator[Inner]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise _broken("zip", error) from error
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    _check_zip(infos, room)
    if not infos:
        raise Refused("empty-file", "is an archive without a file in it")
    for info in infos:
        room.enter()
        name = _zip_name(info)
        try:
            _checked(name)
            if info.flag_bits & 1:
                raise Refused("encrypted", "the member is encrypted; decrypt it first")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise Refused("link", "the member is a symbolic link; links in archives are not followed")
            inner = _zip_member(archive, info, room)
        except Refused as refused:
            yield refused.rejected(_member(origin, name), "open")
            if refused.rule == "expanded-bytes-limit":
                raise
            continue
        yield from _files(inner, _member(origin, name, inner), room, depth + 1)
    if (place := _unlisted(data, archive)) is not None:
        reason = f"holds a member at byte {place} that its directory does not list and that is not read; pack it anew"
        yield Refused("broken-archive", reason, found="zip", position=place).rejected(origin, "open")


def _unlisted(data: bytes, archive: zipfile.ZipFile) -> int | None:
    """Where a member begins before, between or behind those that the directory lists; None where there is none. Of two
    archives one behind the other the last has the directory that counts."""
    start = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if (place := data.find(_LOCAL, start, info.header_offset)) >= 0:
            return place
        lengths = data[info.header_offset + 26 : info.header_offset + 30]  # of the name and of what is said beside it
        start = info.header_offset + 30 + info.compress_size
        start += int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    places = (data.find(_LOCAL, start, archive.start_dir), data.find(_LOCAL, data.rfind(_DIRECTORY_END)))
    return next((place for place in places if place >= 0), None)


def _check_zip(infos: list[zipfile.ZipInfo], room: _Room) -> None:
    """What the directory of an archive says, before anything is expanded."""
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names or "META-INF/container.xml" in names or "META-INF/manifest.xml" in names:
        raise Refused("unknown-format", "is an office document or e-book; save it as HTML, text or PDF", found="zip")
    if len(infos) > room.limits.members - room.members:
        raise over("members-limit", "the number of its members", room.limits.members, len(infos))
    declared = sum(info.file_size for info in infos)
    if declared > room.limits.expansion(room.size) - room.expanded:
        raise expands("what it expands to", room.size, room.limits, declared)
    ordered = sorted(infos, key=lambda info: info.header_offset)
    for here, after in pairwise(ordered):
        if here.header_offset + 30 + here.compress_size > after.header_offset:
            raise _broken("zip", "its members overlap")


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return info.filename


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: _Room) -> bytes:
    try:
        with archive.open(info) as member:
            return _joined(iter(lambda: member.read(CHUNK), b""), room)
    except NotImplementedError as error:
        raise Refused("unknown-format", f"the member is compressed in a way that is not read: {error}") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise _broken("zip", error) from error


def _tar(data: bytes, origin: Origin, room: _Room, depth: int) -> Iterator[Inner]:
    empty = True
    for member in tars.members(data):
        empty = False
        if isinstance(member, tars.Damage):
            yield member.verdict().rejected(origin, "open")
            continue
        info = member.info
        if info.isdir():
            continue
        room.enter()
        name = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").removeprefix("./")
        try:
            _checked(name)
            _check_tar(member)
            inner = _joined(_tar_member(member), room)
        except Refused as refused:
            yield refused.rejected(_member(origin, name), "open")
            if refused.rule == "expanded-bytes-limit":
                raise
            continue
        yield from _files(inner, _member(origin, name, inner), room, depth + 1)
    if empty:
        raise Refused("empty-file", "is an archive without a file in it")


def _check_tar(member: tars.Member) -> None:
    info = member.info
    if info.issym() or info.islnk():
        raise Refused("link", "the member is a link; links in archives are not followed")
    if not info.isfile():
        raise Refused("not-a-file", "the member is a device or a pipe")


def _tar_member(member: tars.Member) -> Iterator[bytes]:
    left = member.info.size
    try:
        file = member.archive.extractfile(member.info)
        while file and left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    except tarfile.ReadError as error:
        raise _truncated("tar") from error
    except tars.ERRORS as error:
        raise _broken("tar", error) from error
    if left > 0:
        raise _truncated("tar")
