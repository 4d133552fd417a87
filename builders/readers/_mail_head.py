"""The head of a message: its header lines, as far as one looks to tell mail from text, and their values in words.

Conventions: names are in lower case. Of a header that is there twice the first counts.
Source: RFC 5322; RFC 2047; RFC 4155 (mbox); RFC 2557 (MHTML).
"""

import contextlib
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Refused
from allegedly.builders.sources.recognition import RawFile

_FIELD = re.compile(r"([!-9;-~]{1,76}):[ \t]*(.*)")
_LINES = 400
#: Headers that only mail has, or news as mail.
_MAIL_ONLY = frozenset(
    ("message-id", "mime-version", "return-path", "delivered-to", "dkim-signature", "x-mailer", "list-id")
)
_COMMON = frozenset(("from", "subject", "date", "to", "sender"))
#: What an address looks like, and headers that say how a message travelled or is encoded: beside those that stories
#: have too (``From``, ``Date``, ``Subject``) they make a head of mail.
_ADDRESS = re.compile(r"[^\s@<>]@[\w-]")
_TRAVELLED = re.compile(
    r"(?:content-|x-|resent-|list-|arc-|received|authentication-|in-reply-to|references|reply-to|b?cc$)"
)
_LEAST = 3
PAGE_ENDINGS = ("mhtml", "mht")


def fields(raw: RawFile) -> dict[str, str]:
    """The header lines that a file begins with, after the line that parts messages in an mbox; empty where what it
    begins with is no head."""
    return raw.once(_fields)


def _fields(raw: RawFile) -> dict[str, str]:
    if not _FIELD.match(raw.first_line) and not raw.first_line.startswith("From "):
        return {}
    lines = (raw.text or "").split("\n", _LINES)[:_LINES]
    found: dict[str, str] = {}
    last = None
    for line in lines[raw.first_line.startswith("From ") :]:
        line = line.rstrip("\r")
        if not line:
            return found
        if line[0] in " \t" and last:
            found[last] += " " + line.strip()
        elif field := _FIELD.match(line):
            last = field[1].lower()
            if last in found:
                last = f"{last} again"
            found[last] = field[2]
        else:
            return {}
    return found


def is_page(raw: RawFile) -> bool:
    """Whether a file is a page that a browser saved as a message."""
    head = fields(raw)
    kind = head.get("content-type", "").lower()
    saved = "snapshot-content-location" in head or "saved by" in head.get("from", "").lower()
    related = kind.startswith(("multipart/related", "text/html"))
    return related and (saved or (raw.ending in PAGE_ENDINGS and "to" not in head))


def is_mail(raw: RawFile) -> bool:
    """Whether a file begins with header lines that only mail has, or with so many that together are those of mail: in
    any order, and whatever headers of its own a program adds."""
    head = fields(raw)
    common = _COMMON & head.keys()
    if _MAIL_ONLY & head.keys() and common:
        return True
    if not {"from", "sender", "to"} & common or not {"subject", "date"} & common:
        return False
    travelled = sum(1 for name in head if _TRAVELLED.match(name))
    addressed = any(_ADDRESS.search(head[name]) for name in ("from", "sender", "to") if name in head)
    return addressed and len(common) + travelled >= _LEAST


def header(message: Message, name: str) -> str:
    """A header's words; empty where there is none."""
    source = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return words(str(source)) if source else ""


def words(source: str) -> str:
    """The words of a header's source: unfolded, and decoded as far as they can be."""
    source = " ".join(source.split())
    if re.search("[\udc80-\udcff]", source):
        # letters that nobody encoded
        with contextlib.suppress(Refused):
            source = encodings.decode(source.encode("utf-8", "surrogateescape"))[0]
    if "=?" in source:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError, UnicodeError):
            source = str(make_header(decode_header(source)))
    return " ".join(source.encode("utf-8", "ignore").decode().split())
