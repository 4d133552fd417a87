"""Answers of endpoints, read within a time and a size, whatever the endpoint does.

Conventions: what is read of an answer, its head included, passes through one place, which looks at the clock before each
piece: an endpoint that sends a byte a second ends at the same moment as one that sends none. Redirects are not followed:
the headers are for the address that was named.
"""

import io
import socket
import threading
import time
import zlib
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any, NamedTuple, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: Bytes of an answer that are read at most.
LARGEST = 64 * 2**20
_PIECE = 1 << 16


class Late(Exception):
    """The time is over."""


class Large(Exception):
    """The answer is larger than what is read."""


class Reply(NamedTuple):
    """What an endpoint answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Until(threading.local):
    """When the answer that this thread waits for must be there, in seconds of the monotonic clock."""

    time: float = 0.0


_until = _Until()


class _Raw(io.RawIOBase):
    """What a socket gives, until the time is over or the size reached."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self.raw, self.sock = raw, sock
        self.until, self.left = _until.time, LARGEST + _PIECE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        self.sock.settimeout(rest)
        count: int | None = self.raw.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise OSError("too large")
        return count

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Response(HTTPResponse):
    """An answer whose bytes are counted and timed."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        raw = cast(io.RawIOBase, sock.makefile("rb", buffering=0))
        self.raw = _Raw(raw, sock)
        self.fp = io.BufferedReader(self.raw)


class _Plain(HTTPConnection):
    response_class = _Response


class _Tls(HTTPSConnection):
    response_class = _Response


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class Pool:
    """Connections to one address."""

    def __init__(self, size: int) -> None:
        # tries are counted in one place, so the pool makes none of its own
        self.manager = urllib3.PoolManager(retries=False, maxsize=size)
        self.manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """What the address answers. Late or Large where it keeps to no bounds, what urllib3 raises where there is no
        whole answer."""
        _until.time = time.monotonic() + timeout
        try:
            return self._post(url, body, headers, timeout)
        except urllib3.exceptions.ProtocolError as error:
            if not isinstance(error.args[-1], ConnectionError):
                raise
            # a kept connection may have been closed by the other side meanwhile: one new one is tried
            self.manager.clear()
            return self._post(url, body, headers, timeout)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        limit = urllib3.Timeout(connect=min(10.0, timeout), read=timeout)
        response = None
        try:
            response = self.manager.request(
                "POST", url, body=body, headers=dict(headers), timeout=limit, preload_content=False, redirect=False
            )
            return _read(response)
        except (urllib3.exceptions.HTTPError, OSError):
            if time.monotonic() >= _until.time:
                raise Late from None
            raise
        finally:
            if response is not None:
                response.close()  # an answer that was not read to its end must not begin the next one

    def clear(self) -> None:
        """Give back the connections."""
        self.manager.clear()


def _read(response: urllib3.BaseHTTPResponse) -> Reply:
    told = response.headers.get("content-length", "")
    if told.isdigit() and len(told) < 20 and int(told) > LARGEST:
        raise Large
    body = bytearray()
    for piece in response.stream(_PIECE, decode_content=False):
        body += piece
        if len(body) > LARGEST:
            raise Large
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status, headers, _unpacked(bytes(body), headers.get("content-encoding", "")))


def _unpacked(body: bytes, encoding: str) -> bytes:
    """A body without gzip or deflate, which nobody asked for but some proxies add. OSError for what is none."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "deflate"):
        raise OSError(f"content-encoding {encoding[:40]!r}, which was not asked for")
    unpacker = zlib.decompressobj(47)
    try:
        whole = unpacker.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise OSError(f"broken {encoding}: {error}") from error
    if len(whole) > LARGEST:
        raise Large
    if not unpacker.eof:
        raise OSError(f"broken {encoding}: cut off")
    return whole
