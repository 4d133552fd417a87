"""ARC: the pages of a web archive in the format before WARC, an article a response.

Conventions: as in WARC; ``origin.record`` counts all records, from 0. Where a length is wrong, the next line that begins a
record is looked for.
Source: Burner and Kahle 1996, "Arc File Format", versions 1 and 2.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from allegedly.builders.readers import _http, _values, html
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/x-ia-arc",)
ENDINGS = ("arc",)
DEFAULT = Limits()
_MARK = b"filedesc://"
#: A record's first line: address, host, time, media type, (version 2: more,) length.
_LINE = re.compile(
    rb"([a-z][a-z+.-]{1,20}:[^\s]{1,4000}) \S{1,100} (\d{8,14}) (\S{1,200})(?: [^\n]{1,2000})? (\d{1,12})\r?\n"
)
_NEXT = re.compile(rb"(?<=[\n\0])(?=(?:https?|ftp|dns):[^\s]{1,4000} \S{1,100} \d{8,14} \S{1,200} )")


def recognise(raw: RawFile) -> Claim | None:
    """The address that the first record has."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.data.startswith(_MARK) else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a web archive."""
    pages = 0
    for number, (address, content, whole) in enumerate(_records(data)):
        here = replace(origin, record=number)
        if address is None:
            yield Refused("broken-archive", f"is broken after record {number - 1}: no record begins there").rejected(
                here
            )
        elif address.startswith(("http:", "https:")):
            pages += 1
            try:
                yield _article(address, content, whole, here, limits)
            except Refused as refused:
                yield refused.rejected(here)
    if not pages:
        yield Refused("no-article", "is a web archive without a response").rejected(origin)


def _records(data: bytes) -> Iterator[tuple[str | None, bytes, bool]]:
    """Each record's address and content, and whether it is whole; no address for a stretch that begins no record."""
    start = 0
    while start < len(data):
        line = _LINE.match(data, start)
        if line is None:
            following = _NEXT.search(data, start + 1)
            if data[start : following.start() if following else None].strip():
                yield None, b"", False
            start = following.start() if following else len(data)
            continue
        end = line.end() + int(line[4])
        if end < len(data) and not _LINE.match(data, _begin(data, end, b"\r\n\0")):
            following = _NEXT.search(data, line.end())
            end = following.start() if following else end
        yield line[1].decode("utf-8", "replace"), data[line.end() : end], end <= len(data)
        start = _begin(data, end)


def _begin(data: bytes, start: int, gap: bytes = b"\r\n") -> int:
    """Where what follows begins, without the line ends in front."""
    while start < len(data) and data[start] in gap:
        start += 1
    return start


def _article(address: str, content: bytes, whole: bool, origin: Origin, limits: Limits) -> Article:
    if not whole:
        reason = f"ends in the middle of record {origin.record}, {address[:200]}; fetch the file again"
        raise Refused("truncated", reason, found="arc")
    if len(content) > limits.bytes:
        raise over("bytes-limit", "the number of bytes of a response", limits.bytes, len(content))
    response = _http.parsed(content)
    body = _http.page(response, f"record {origin.record}", limits)
    source, origin = html.decoded(body, origin, response.charset)
    url = _values.web_address(address, None)
    return html.article(source, origin, limits, **({"url": url} if url else {}))
