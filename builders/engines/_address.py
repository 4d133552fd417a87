"""Addresses: ``scheme://host:port`` of a cluster that runs already."""

import socket
from urllib.parse import urlsplit

from allegedly.schemas.errors import DataError, UsageError

#: How long a cluster may take to answer, in seconds.
PATIENCE = 10


def host_and_port(address: str) -> tuple[str, int]:
    """The two halves of an address. UsageError where it has another form."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None:
        raise UsageError(f"the engine's address {address!r} is none: expected {address.partition(':')[0]}://HOST:PORT")
    return host, port


def require_answer(address: str, what: str, remedy: str) -> None:
    """DataError where nothing listens at an address; the libraries would try for a minute and more."""
    try:
        socket.create_connection(host_and_port(address), timeout=PATIENCE).close()
    except OSError as error:
        raise DataError(f"no {what} answers at {address} ({error.strerror or error}): {remedy}") from error
