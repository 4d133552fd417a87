"""What endpoints share: a POST that tells a busy endpoint from a dead one."""

import json
import os
from collections.abc import Mapping
from typing import Any

from allegedly.eval.options import Options
from allegedly.eval.system import Busy, Dead
from allegedly.schemas.errors import UsageError

#: Answers after which a later try may succeed.
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
#: Bytes of an answer that are read at most.
LARGEST = 64 * 2**20


def headers(options: Options) -> dict[str, str]:
    """The headers of the options; ``$NAME`` stands for a variable of the environment."""
    sent = {"content-type": "application/json"}
    for name, value in options.headers.items():
        sent[name.lower()] = variable(value[1:], name) if value.startswith("$") else value
    return sent


def variable(name: str, what: str) -> str:
    """A variable of the environment. UsageError where it is not set."""
    if name not in os.environ:
        raise UsageError(f"{what}: the environment variable {name} is not set")
    return os.environ[name]


class Endpoint:
    """One address, one pool of connections."""

    def __init__(self, url: str, options: Options) -> None:
        import urllib3

        self.url = url
        timeout = urllib3.Timeout(connect=min(10.0, options.timeout), read=options.timeout)
        # tries are counted in one place, so the pool makes none of its own
        self.pool = urllib3.PoolManager(timeout=timeout, retries=False, maxsize=options.concurrency)

    def post(self, value: Any, extra: Mapping[str, str]) -> Any:
        """The JSON answer to a JSON value. Busy where a later try may succeed, Dead where none will."""
        import urllib3

        try:
            response = self.pool.request("POST", self.url, body=json.dumps(value).encode(), headers=dict(extra))
        except urllib3.exceptions.HTTPError as error:
            raise Busy(f"{self.url}: {type(error).__name__}") from error
        body = response.data[:LARGEST]
        if response.status in AGAIN:
            raise Busy(f"{self.url}: HTTP {response.status}", _after(response.headers.get("retry-after")))
        if response.status != 200:
            words = body[:200].decode("utf-8", "replace")
            raise Dead(f"{self.url}: HTTP {response.status}: {words}")
        try:
            return json.loads(body)
        except ValueError as error:
            raise Busy(f"{self.url}: an answer that is no JSON: {body[:80]!r}") from error

    def close(self) -> None:
        """Give back the connections."""
        self.pool.clear()


def _after(value: str | None) -> float | None:
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None


def pointed(value: Any, pointer: str, where: str) -> Any:
    """What a JSON pointer finds. UsageError with the step that is missing."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise UsageError(f"{where}: nothing at {pointer} (step {step!r}) in {json.dumps(value)[:120]}") from error
    return value


def put(pointer: str, value: Any) -> Any:
    """A value wrapped in objects so that the pointer finds it."""
    for step in reversed(pointer.split("/")[1:]):
        value = {step.replace("~1", "/").replace("~0", "~"): value}
    return value
