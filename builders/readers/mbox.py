"""Mailboxes: the messages of an mbox file, an article each.

Conventions: a message begins with a line ``From `` after a blank one, with header lines below. A ``>`` before ``From`` at the
start of a line is quoting, and taken away once. ``origin.record`` counts articles and ledger lines from 0.
Source: RFC 4155; the conventions mboxo and mboxrd.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from allegedly.builders.readers import _mail_head
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/mbox",)
ENDINGS = ("mbox", "mbx")
DEFAULT = Limits()
_START = re.compile(rb"(?:\A|(?<=\n)\r?\n)From [^\r\n]*\r?\n(?=>?[!-9;-~]{1,76}:)")
_QUOTED = re.compile(rb"^>(?=>*From )", re.M)


def recognise(raw: RawFile) -> Claim | None:
    """A line ``From ``, then header lines, among them one of mail."""
    if not raw.first_line.startswith("From "):
        return None
    head = _mail_head.fields(raw).keys()
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if head & {"from", "subject", "date", "message-id"} else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The articles of a mailbox."""
    from allegedly.builders.readers import _mail, _mail_parts  # load lxml

    number = 0
    if not _START.match(data.lstrip(b"\xef\xbb\xbf \t\r\n")):
        raise Refused("no-article", "is no mailbox: it does not begin with a line From and a message below it")
    for source in _messages(data.lstrip(b"\xef\xbb\xbf \t\r\n")):
        try:
            message = _mail_parts.parsed(source, limits)
            for value in _mail.articles(message, origin, limits):
                yield replace(value, origin=replace(value.origin, record=number))
                number += 1
        except Refused as refused:
            yield refused.rejected(replace(origin, record=number))
            number += 1


def _messages(data: bytes) -> Iterator[bytes]:
    """The sources of the messages, without the lines between them."""
    starts = [mark.span() for mark in _starts(data)]
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for (_, start), end in zip(starts, ends, strict=True):
        yield _QUOTED.sub(b"", data[start:end])


def _starts(data: bytes) -> Iterator[re.Match[bytes]]:
    """The lines between messages, found by their first word, which a search for bytes meets much sooner than a pattern."""
    if first := _START.match(data):
        yield first
    place = data.find(b"\nFrom ")
    while place >= 0:
        # the blank line before may end in two characters
        if mark := _START.match(data, place) or _START.match(data, max(0, place - 1)):
            yield mark
        place = data.find(b"\nFrom ", place + 1)
