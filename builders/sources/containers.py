"""Containers: the files inside compressed files and archives, read and never extracted.

Conventions: a compressed file keeps its name and hash, for it is one file; a member of an archive is
``archive.zip!/inner/name``, with the hash of its own bytes. Bounds hold over all that one input file holds, nested
archives too: expanded bytes, members, depth. What cannot be read becomes Rejected beside the members that can.
"""

import bz2
import hashlib
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.schemas.records import Origin, Rejected

Inner: TypeAlias = tuple[bytes, Origin] | Rejected
Decompress: TypeAlias = Callable[[bytes], Iterator[bytes]]
#: Whether somebody reads an archive as one file: its bytes, its name.
Claimed: TypeAlias = Callable[[bytes, str], bool]
CHUNK = 1 << 20

#: Endings of names that compression adds, and what stands in their place.
ENDINGS = {".gz": "", ".bz2": "", ".xz": "", ".zst": "", ".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


@dataclass(slots=True)
class _Room:
    """What is left of the bounds for one input file, and who may have an archive in one piece."""

    limits: Limits
    claimed: Claimed
    expanded: int = 0
    members: int = 0

    def grow(self, count: int) -> None:
        self.expanded += count
        if self.expanded > self.limits.expanded_bytes:
            raise over("expanded-bytes-limit", "what it expands to", self.limits.expanded_bytes)

    def enter(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise over("members-limit", "the number of its members", self.limits.members)


def files(
    data: bytes, origin: Origin, *, limits: Limits, claimed: Claimed = lambda data, name: False
) -> Iterator[Inner]:
    """All files in the data: itself where it is no container, or where ``claimed`` says that it is a file of a format
    that only looks like one (an office document is a zip archive)."""
    yield from _files(data, origin, _Room(limits, claimed), 0)


def archive_kind(data: bytes) -> str | None:
    """What kind of compressed file or archive some bytes are; None where they are none."""
    if data[:3] == b"\x1f\x8b\x08":
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
            yield from _files(_joined(_DECOMPRESS[kind](data), room), origin, room, depth + 1)
    except Refused as refused:
        yield refused.rejected(origin, "open")


def _joined(chunks: Iterator[bytes], room: _Room) -> bytes:
    out = bytearray()
    for chunk in chunks:
        room.grow(len(chunk))
        out += chunk
    return bytes(out)


def _truncated(what: str) -> Refused:
    return Refused("truncated", f"ends in the middle of its {what} data; fetch the file again", found=what)


def _broken(what: str, error: Exception | str) -> Refused:
    return Refused("broken-archive", f"is no valid {what} file: {error}", found=what)


def _gzip(data: bytes) -> Iterator[bytes]:
    while data[:2] == b"\x1f\x8b":
        stream = zlib.decompressobj(wbits=31)
        rest = data
        try:
            while not stream.eof:
                chunk = stream.decompress(rest, CHUNK)
                rest = stream.unconsumed_tail
                if chunk:
                    yield chunk
                elif not rest and not stream.eof:
                    raise _truncated("gzip")
        except zlib.error as error:
            raise _broken("gzip", error) from error
        data = stream.unused_data.lstrip(b"\0")


def _bzip2(data: bytes) -> Iterator[bytes]:
    return _streams(data, "bzip2", bz2.BZ2Decompressor, (OSError, ValueError))


def _xz(data: bytes) -> Iterator[bytes]:
    return _streams(data, "xz", lambda: lzma.LZMADecompressor(memlimit=256 << 20), (lzma.LZMAError, ValueError))


_Decompressor: TypeAlias = bz2.BZ2Decompressor | lzma.LZMADecompressor


def _streams(
    data: bytes, what: str, decompressor: Callable[[], _Decompressor], errors: tuple[type[Exception], ...]
) -> Iterator[bytes]:
    magic = data[:3]
    while data[:3] == magic:
        stream = decompressor()
        rest = data
        try:
            while not stream.eof:
                chunk = stream.decompress(rest, CHUNK)
                rest = b""
                if chunk:
                    yield chunk
                elif stream.needs_input and not stream.eof:
                    raise _truncated(what)
        except errors as error:
            raise _broken(what, error) from error
        data = stream.unused_data.lstrip(b"\0")


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
    infos = [info for info in archive.infolist() if not info.is_dir()]
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


def _check_zip(infos: list[zipfile.ZipInfo], room: _Room) -> None:
    """What the directory of an archive says, before anything is expanded."""
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names or "META-INF/container.xml" in names or "META-INF/manifest.xml" in names:
        raise Refused("unknown-format", "is an office document or e-book; save it as HTML, text or PDF", found="zip")
    if len(infos) > room.limits.members - room.members:
        raise over("members-limit", "the number of its members", room.limits.members, len(infos))
    declared = sum(info.file_size for info in infos)
    if declared > room.limits.expanded_bytes - room.expanded:
        raise over("expanded-bytes-limit", "what it expands to", room.limits.expanded_bytes, declared)
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
    try:
        archive = tarfile.TarFile(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape")
        for info in archive:
            empty = False
            if info.isdir():
                continue
            room.enter()
            name = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").removeprefix("./")
            try:
                _checked(name)
                _check_tar(info)
                inner = _joined(_tar_member(archive, info), room)
            except Refused as refused:
                yield refused.rejected(_member(origin, name), "open")
                if refused.rule == "expanded-bytes-limit":
                    raise
                continue
            yield from _files(inner, _member(origin, name, inner), room, depth + 1)
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every member it has seen
    except (tarfile.TarError, EOFError, ValueError, OSError, OverflowError) as error:
        raise _broken("tar", error) from error
    if empty:
        raise Refused("empty-file", "is an archive without a file in it")


def _check_tar(info: tarfile.TarInfo) -> None:
    if info.issym() or info.islnk():
        raise Refused("link", "the member is a link; links in archives are not followed")
    if not info.isfile():
        raise Refused("not-a-file", "the member is a device or a pipe")


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    member = archive.extractfile(info)
    left = info.size
    while member and left > 0 and (chunk := member.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
    if left > 0:
        raise _truncated("tar")
