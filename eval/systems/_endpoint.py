"""What endpoints share: a POST that tells a busy endpoint from a dead one, and from one that cannot answer this item.

Conventions: what is sent in headers and inside the address is a secret (`allegedly.schemas.secrets`): no message shows
it, and where the endpoint sends it back it is masked before anything is read.
"""

import json
import os
import re
from collections.abc import Mapping
from typing import Any

from allegedly.eval.options import Options
from allegedly.eval.system import Busy, Dead, Declined
from allegedly.schemas import secrets, strict_json
from allegedly.schemas.errors import UsageError

#: Answers after which a later try may succeed, whatever is asked.
AGAIN = frozenset({425, 429, 503, 529})
#: Answers that what was asked may have caused: a later try may succeed, or (REFUSED) none will.
FAILED, REFUSED = frozenset({408, 409, 500, 502, 504}), frozenset({400, 413, 414, 422, 431, 451})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def headers(options: Options) -> dict[str, str]:
    """The headers of the options; ``$NAME`` stands for a variable of the environment. UsageError for one that cannot be
    sent."""
    sent = {"content-type": "application/json"}
    for name, value in options.headers.items():
        secret = value.startswith("$")
        sent[name.lower()] = header(name, variable(value[1:], f"header {name}") if secret else value, secret=secret)
    return sent


def header(name: str, value: str, *, secret: bool = False) -> str:
    """The value of a header that is sent: from now on no message shows it. UsageError where it cannot be sent."""
    secrets.keep(value, name=name, secret=secret)
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError(f"header {name}: its value holds characters that no header can hold") from None
    if not _NAME.fullmatch(name) or re.search(r"[\r\n\0]", value):
        raise UsageError(f"header {name!r}: found a line end or a mark that no header can hold")
    return value


def variable(name: str, what: str) -> str:
    """A variable of the environment. UsageError where it is not set."""
    if name not in os.environ:
        raise UsageError(f"{what}: the environment variable {name} is not set")
    return os.environ[name]


class Endpoint:
    """One address, one pool of connections. ``shown``: the address without its secrets."""

    def __init__(self, url: str, options: Options) -> None:
        import urllib3

        from allegedly.eval.systems import _bounded

        secrets.keep_address(url)
        self.shown = secrets.masked(url)
        self.timeout = options.timeout
        try:
            parts = urllib3.util.parse_url(url)
            host, auth = parts.host, parts.auth
            self.url = parts._replace(auth=None, fragment=None).url
        except (urllib3.exceptions.HTTPError, ValueError):
            host = None
        if not host:
            raise UsageError(f"{self.shown}: is no address; expected one as http://localhost:8000/path")
        self.signed: Mapping[str, str] = {}
        if auth:
            from urllib.parse import unquote

            self.signed = urllib3.util.make_headers(basic_auth=unquote(auth))
            secrets.keep(self.signed["authorization"], secret=True)
        self.pool = _bounded.Pool(options.concurrency)

    def post(self, value: Any, extra: Mapping[str, str]) -> Any:
        """The JSON answer to a JSON value. Busy where a later try may succeed, Declined where it may not for this item,
        Dead where none will."""
        reply = self._reply(json.dumps(value).encode(), {**self.signed, **extra})
        if reply.status == 200:
            try:
                return secrets.cleared(strict_json.loads(reply.body))
            except ValueError as error:
                said = self._words(reply.body, 80)
                why = secrets.masked(str(error))[:120]
                raise Declined(f"{self.shown}: an answer that is no JSON ({why}): {said!r}", spoke=True) from error
        said = f"{self.shown}: HTTP {reply.status}: {self._words(reply.body, 200)}"
        if reply.status in AGAIN:
            raise Busy(said, _after(reply.headers.get("retry-after")))
        if reply.status in FAILED or reply.status in REFUSED:
            raise Declined(said, final=reply.status in REFUSED, spoke=True)
        if 300 <= reply.status < 400:
            to = secrets.masked(reply.headers.get("location", "nowhere"))[:200]
            said = (
                f"{self.shown}: HTTP {reply.status}, to {to}; redirects are not followed, name the address that answers"
            )
        raise Dead(said)

    def _reply(self, body: bytes, sent: Mapping[str, str]) -> Any:
        import urllib3

        from allegedly.eval.systems import _bounded

        try:
            return self.pool.post(self.url, body, sent, self.timeout)
        except _bounded.Late:
            raise Declined(f"{self.shown}: no whole answer in {self.timeout:g} seconds") from None
        except _bounded.Large:
            size = _bounded.LARGEST >> 20
            raise Declined(f"{self.shown}: an answer of more than {size} MiB", final=True, spoke=True) from None
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.SSLError) as error:
            raise Busy(f"{self.shown}: {_cause(error)}") from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Declined(f"{self.shown}: {_cause(error)}") from error

    def _words(self, body: bytes, most: int) -> str:
        """How an answer begins; a secret that is cut in the middle could be read on, so it is masked before."""
        return secrets.masked(body[: 1 << 16].decode("utf-8", "replace"))[:most]

    def close(self) -> None:
        """Give back the connections."""
        self.pool.clear()


def _cause(error: Exception) -> str:
    return secrets.masked(f"{type(error).__name__}: {error}")[:300]


def _after(value: str | None) -> float | None:
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None


def pointed(value: Any, pointer: str, where: str) -> Any:
    """What a JSON pointer finds. Declined with the step that is missing."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            said = secrets.masked(json.dumps(value))[:120]
            raise Declined(
                f"{where}: nothing at {pointer} (step {step!r}) in {said}", final=True, spoke=True
            ) from error
    return value


def put(pointer: str, value: Any) -> Any:
    """A value wrapped in objects so that the pointer finds it."""
    for step in reversed(pointer.split("/")[1:]):
        value = {step.replace("~1", "/").replace("~0", "~"): value}
    return value
