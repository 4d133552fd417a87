"""HTTP responses as web archives keep them: their headers, and a body whose headers may lie about it.

Conventions: a body is looked at before its headers are believed: what is not chunked or compressed stays as it is, what is
and says nothing is decoded all the same. A stream that breaks off is a page where it ends as one, else it is refused.
Source: RFC 9112 (chunked), RFC 9110 (content codings).
"""

import re
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from allegedly.builders.sources.limits import Limits, Refused, over

_CHUNK = re.compile(rb"\s{0,4}([0-9A-Fa-f]{1,8})[ \t]{0,8}(?:;[^\r\n]{0,200})?\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})[^\n]{0,500}\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
#: So many codings may lie one in the other.
DEEPEST = 3
CODES = (200, 203)


class Response(NamedTuple):
    """A response: its status, its headers by name in lower case, its body as it is."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type that the headers give, in lower case; empty where they give none."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the headers give."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return match[1] if match else None


def parsed(data: bytes) -> Response:
    """A response in bytes; of bytes without a status line, the body alone."""
    status = _STATUS.match(data)
    if not status:
        return Response(None, {}, data)
    end = re.compile(rb"\r?\n\r?\n").search(data, status.end() - 2)
    head, body = (data[status.end() : end.start()], data[end.end() :]) if end else (data[status.end() :], b"")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return Response(int(status[1]), headers, body)


def page(response: Response, what: str, limits: Limits) -> bytes:
    """The body of a response that is a page, decoded. Refused for any other."""
    if response.status is not None and response.status not in CODES:
        reason = f"{what} is an HTTP response with status {response.status}"
        raise Refused("no-article", reason, status=response.status)
    kind = response.kind
    if kind and "html" not in kind and kind not in ("text/plain", "application/octet-stream", "unknown", "no-type"):
        raise Refused("no-article", f"holds {kind}, no HTML page", found=kind[:60])
    body = decoded(response.body, response.headers, limits)
    if not body.strip():
        raise Refused("empty-file", "is a response without a body")
    return body


def decoded(body: bytes, headers: Mapping[str, str], limits: Limits) -> bytes:
    """A body as its page was sent, whatever the headers say of it. Refused for what expands beyond the limit."""
    body, whole = _without_sizes(body)
    for _ in range(DEEPEST):
        coding = _coding(body, headers.get("content-encoding", "").lower())
        if coding is None:
            break
        expanded, ended = _expanded(body, coding, limits.bytes)
        if not expanded:
            break
        whole = whole and ended
        if len(expanded) > limits.bytes:
            raise over("bytes-limit", "the number of bytes of a response", limits.bytes)
        body = expanded
        headers = {}
    # a stream may lack its last bytes, and hold the page to the end
    if not whole and not body.rstrip().endswith(b">"):
        raise Refused("truncated", "is a response whose data ends in the middle, or is broken there; fetch it again")
    return body


def _without_sizes(body: bytes) -> tuple[bytes, bool]:
    """A body without the sizes of its chunks, the same where it has none; and whether the last chunk is whole."""
    chunks: list[bytes] = []
    start = 0
    while (size := _CHUNK.match(body, start)) is not None:
        length = int(size[1], 16)
        end = size.end() + length
        # "200\r\n" may begin a text: behind a chunk a line ends
        if not chunks and not (length and body[end : end + 1] in (b"\r", b"\n", b"")):
            return body, True
        if not length:
            return b"".join(chunks), True
        chunks.append(body[size.end() : end])
        start = end
    # what follows a size that was wrong is kept as well
    return (b"".join((*chunks, body[start:])), start <= len(body)) if chunks else (body, True)


def _coding(body: bytes, said: str) -> str | None:
    if body[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if body[:4] == b"\x28\xb5\x2f\xfd":
        return "zstd"
    is_zlib = body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0
    if is_zlib and ("deflate" in said or body[1:2] in (b"\x9c", b"\xda", b"\x01")):
        return "zlib"
    # nothing tells these but the header: markup is none
    if body.lstrip()[:1] == b"<":
        return None
    return "deflate" if "deflate" in said else "brotli" if re.search(r"\bbr\b", said) else None


def _expanded(body: bytes, coding: str, most: int) -> tuple[bytes, bool]:
    """What a body expands to, no more than a byte over ``most``, as far as it goes; and whether it came to its end."""
    if coding in ("zstd", "brotli"):
        return _by_arrow(body, coding, most)
    stream = zlib.decompressobj(wbits={"gzip": 31, "zlib": 15, "deflate": -15}[coding])
    out = bytearray()
    try:
        while body and not stream.eof and len(out) <= most:
            out += stream.decompress(body[: 1 << 20], most + 1 - len(out))
            body = stream.unconsumed_tail + body[1 << 20 :]
    except zlib.error:
        return bytes(out), False
    return bytes(out), stream.eof


def _by_arrow(body: bytes, coding: str, most: int) -> tuple[bytes, bool]:
    import pyarrow as pa

    out = bytearray()
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), coding) as stream:
            while len(out) <= most and (chunk := stream.read(1 << 16)):
                out += chunk
    except (OSError, pa.ArrowException):
        return bytes(out), False
    return bytes(out), True
