"""JSON from strangers: what RFC 8259 allows and no more.

Conventions: ``loads`` raises ValueError for what is no JSON, for NaN and Infinity, for an object with a key twice (whose
meaning would hang on the reader), for half a character (a lone surrogate, which no file can hold), for nesting that no
reader gets through, and for more values than memory holds: an empty object of two bytes takes 64.
"""

import json
import re
from collections import Counter
from typing import Any

#: Values that a text may hold; counted by the marks before and between them, those inside strings too.
MOST_VALUES = 5_000_000
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")


def loads(text: str | bytes | bytearray) -> Any:
    """The value that a text holds. ValueError where it is not strictly JSON."""
    if not isinstance(text, str):
        text = text.decode("utf-8-sig")
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise ValueError(f"more than {MOST_VALUES:,} values")
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
        if _HALVES.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("half a character, a lone surrogate") from None
    return value


def decoder() -> json.JSONDecoder:
    """The same rules for JSON that stands inside other text (``raw_decode``)."""
    return json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {json.dumps(twice)} stands twice in one object")
    return value


__all__ = ["decoder", "loads"]
