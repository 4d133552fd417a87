"""JSON Lines: an article a line.

Conventions: as in JSON, a line at a time. ``origin.record`` counts the lines that hold something, from 0; a broken
line is a line of the ledger, the others stand. Blank lines are nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from allegedly.builders.readers import json
from allegedly.builders.sources import encodings as encoding
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.schemas.records import Article, Origin, Rejected

DEFAULT = Limits()


def read(
    data: bytes, origin: Origin, *, fields: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> Iterator[Article | Rejected]:
    """The articles of the lines."""
    number = -1
    for line, raw in enumerate(_lines(data), 1):
        if not raw.strip():
            continue
        number += 1
        yield _record(raw, replace(origin, record=number), line, fields, limits)


def _lines(data: bytes) -> Iterator[bytes | str]:
    """The lines: of bytes, so that one line that does not decode costs no other; of text where a letter is wider."""
    from allegedly.builders.readers._format import wide

    if wide(data[:4096]):
        yield from encoding.decode(data)[0].split("\n")
        return
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        yield data[at:end]
        at = end + 1


def _record(
    raw: bytes | str, origin: Origin, line: int, fields: Mapping[str, str] | None, limits: Limits
) -> Article | Rejected:
    try:
        source, name = (raw, "utf-16") if isinstance(raw, str) else encoding.decode(raw)
        origin = replace(origin, encoding=name)
        value = json.parsed(source, limits, line=line)
    except Refused as refused:
        refused.detail.setdefault("line", line)
        return refused.rejected(origin)
    found = json.record(value, origin, fields, limits)
    if isinstance(found, Rejected):
        return replace(found, detail={**found.detail, "line": line})
    return found
