"""WARC: the pages of a web archive, an article a response; and WET, the texts of such pages.

Conventions: responses and resources that hold HTML are read, and conversions to plain text as text files are; the charset
of the HTTP header stands over the page's own. Bodies are decoded record by record, whatever their headers say.
``origin.record`` counts all records of the file, from 0. A response that is no page (an image, a redirect, an error) is a
line of the ledger, a record that is broken or cut off too: what is left of its text is no article, and the records after
it are read.
Source: ISO 28500, WARC 1.1; Common Crawl's WET.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from allegedly.builders.readers import _http, _text_article, _values, html
from allegedly.builders.readers._record import either
from allegedly.builders.readers._warc_frames import Frame, frames
from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/warc",)
ENDINGS = ("warc", "wet")
DEFAULT = Limits()


def recognise(raw: RawFile) -> Claim | None:
    """The version line that every record begins with."""
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if raw.data.startswith(b"WARC/") else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a web archive."""
    parts = list(frames(data))
    if _BLANK.search(data) and any(part.trouble for part in parts):
        yield from _one_by_one(data, parts, origin, limits)
    else:
        yield from _all(data, origin, limits)


def _all(data: bytes, origin: Origin, limits: Limits) -> Iterator[Article | Rejected]:
    """The articles of an archive whose records are sound."""
    number = -1
    count = pages = 0
    try:
        for number, record in enumerate(_records(data)):
            count += 1
            if record.record_type & _wanted():
                pages += 1
                yield _page(record, replace(origin, record=number), limits)
    except Exception as error:
        reason = f"is broken after record {number}: {type(error).__name__}: {error}"
        yield Refused("broken-archive", reason[:300], records=count).rejected(replace(origin, record=number + 1))
        return
    if missing := _missing(data, count):
        reason = f"is broken: {count} of its {count + missing} records could be read"
        yield Refused("broken-archive", reason, records=count).rejected(replace(origin, record=number + 1))
    elif not pages:
        yield Refused("no-article", f"is a web archive without a response ({count} records)").rejected(origin)


def _one_by_one(data: bytes, parts: Iterable[Frame], origin: Origin, limits: Limits) -> Iterator[Article | Rejected]:
    """The articles of an archive of which some records are broken."""
    for number, part in enumerate(parts):
        here = replace(origin, record=number)
        if part.trouble is not None:
            yield part.trouble.rejected(here)
            continue
        try:
            record = next(_records(data[part.start : part.end] + b"\r\n\r\n"), None)
        except Exception as error:
            reason = f"record {number} is broken: {type(error).__name__}: {error}"[:300]
            yield Refused("broken-archive", reason).rejected(here)
            continue
        if record is not None and record.record_type & _wanted():
            yield _page(record, here, limits)


def _records(data: bytes) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator

    return iter(ArchiveIterator(io.BytesIO(data), parse_http=True, auto_decode="none"))


def _wanted() -> Any:
    from fastwarc.warc import WarcRecordType

    return WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion


_BLANK = re.compile(rb"\r?\n\r?\n")
_NUMBER = re.compile("[0-9]{1,18}")
_START = re.compile(rb"(?:\A|\r\n\r\n)WARC/\d\.\d\r\nWARC-|(?:\A|\r\n\r\n)WARC/\d\.\d\r\n(?=[\w-]+: )")


def _missing(data: bytes, count: int) -> int:
    """How many records start in the file beyond those that were read: a broken header hides what follows."""
    return max(0, sum(1 for _ in _START.finditer(data)) - count)


def _page(record: Any, origin: Origin, limits: Limits) -> Article | Rejected:
    from fastwarc.warc import WarcRecordType

    read = _converted if record.record_type == WarcRecordType.conversion else _article
    return either(partial(read, record, origin, limits), origin, limits)


def _body(record: Any, origin: Origin, limits: Limits) -> bytes:
    body: bytes = record.reader.read(limits.bytes + 1)
    if len(body) > limits.bytes:
        raise over("bytes-limit", "the number of bytes of a response", limits.bytes)
    declared = str(record.headers.get("Content-Length") or "0").strip()
    if record.http_headers:
        return body
    if not _NUMBER.fullmatch(declared):
        reason = f"record {origin.record} has {declared[:40]!r} as its Content-Length, no number; fetch the file again"
        raise Refused("broken-archive", reason)
    if len(body) < int(declared):
        raise Refused("truncated", f"record {origin.record} ends after {len(body)} of {declared} bytes")
    return body


def _given(record: Any) -> dict[str, Any]:
    address = _values.web_address(record.headers.get("WARC-Target-URI") or "", None)
    given = {"source_id": record.record_id, "url": address}
    return {name: value for name, value in given.items() if value}


def _article(record: Any, origin: Origin, limits: Limits) -> Article:
    """The article of a response. Refused where it holds none."""
    body = _body(record, origin, limits)
    if record.http_headers is not None:
        headers = {str(name).lower(): str(value) for name, value in record.http_headers.items()}
        response = _http.Response(record.http_headers.status_code or None, headers, body)
    else:
        response = _http.Response(None, {"content-type": record.headers.get("Content-Type", "")}, body)
    body = _http.page(response, f"record {record.record_id or 'without an id'}", limits)
    charset = response.charset if record.http_headers is not None else None
    source, origin = html.decoded(body, origin, charset)
    return html.article(source, origin, limits, **_given(record))


def _converted(record: Any, origin: Origin, limits: Limits) -> Article:
    """The article of a page's text, as WET has it."""
    kind = str(record.headers.get("Content-Type") or "text/plain").split(";")[0].strip().lower()
    if kind != "text/plain":
        raise Refused("no-article", f"holds {kind}, no text of a page", found=kind[:60])
    words, encoding = encodings.decode(_body(record, origin, limits))
    if not words.strip():
        raise Refused("empty-file", "is a page without a text")
    article = _text_article.of_text(words, replace(origin, encoding=encoding, media_type="text/plain"))
    told = _values.language(record.headers.get("WARC-Identified-Content-Language"))
    given = _given(record)
    day = article.published or _values.day_in_address(given.get("url", ""))
    return replace(article, language=article.language or told, published=day, **given)
