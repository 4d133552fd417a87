"""The parts of a message: which of them a reader of mail sees, in which order, and the messages inside a message.

Conventions: of alternatives the HTML is taken where it has words, else the plain text. Files that a message carries are
no text of it.
Source: RFC 2046; RFC 1847 (signed and encrypted parts); RFC 3676 (format=flowed).
"""

import email.errors
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from allegedly.builders.sources import encodings
from allegedly.builders.sources.limits import Limits, Refused, over

_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("text/plain", "text/markdown", "text/enriched")
_CUT = (email.errors.CloseBoundaryNotFoundDefect, email.errors.StartBoundaryNotFoundDefect)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds text. ``flowed``: its lines go on where they end with a blank."""

    html: bool
    data: bytes
    charset: str | None
    location: str | None = None
    flowed: bool = False
    joined: bool = False


def parsed(data: bytes, limits: Limits) -> Message:
    """The message in some bytes. Refused where it has too many parts."""
    message = email.message_from_bytes(data)
    count = sum(1 for _ in message.walk())
    if count > limits.members:
        raise over("members-limit", "the number of its parts", limits.members, count)
    return message


def parts(message: Message) -> Iterator[Part]:
    """The parts that a reader sees, in order. Refused for what is encrypted or cut off."""
    kind = message.get_content_type()
    inner = message.get_payload()
    if kind == "multipart/encrypted" or (
        kind.endswith("pkcs7-mime") and message.get_param("smime-type") != "signed-data"
    ):
        raise Refused("encrypted", "is an encrypted message; decrypt it in the mail program and save it again")
    if not isinstance(inner, list):
        if not _is_file(message) and kind in (*_HTML, *_TEXT):
            yield _part(message, kind)
        return
    if not kind.startswith("multipart/"):
        return
    chosen = list(_chosen(message, kind, [child for child in inner if isinstance(child, Message)]))
    for child in chosen:
        found = list(parts(child))
        if found and child is inner[-1] and any(isinstance(defect, _CUT) for defect in message.defects):
            raise Refused("truncated", "ends in the middle of a part of the message; fetch or save it again")
        yield from found


def _chosen(message: Message, kind: str, inner: list[Message]) -> Iterator[Message]:
    """Which of the parts inside a part are read."""
    if kind == "multipart/alternative":
        yield _best(inner)
    elif kind == "multipart/signed":
        yield from inner[:1]
    elif kind == "multipart/related":
        start = str(message.get_param("start") or "")
        yield from [child for child in inner if start and child.get("Content-ID") == start][:1] or inner[:1]
    else:
        yield from inner


def _best(alternatives: list[Message]) -> Message:
    """The alternative with words in HTML, else the last with words."""
    worded = [(child, [part for part in parts(child) if _has_words(part)]) for child in alternatives]
    html = [child for child, held in worded if any(part.html for part in held)]
    plain = [child for child, held in worded if held]
    return (html or plain or alternatives)[-1]


def _has_words(part: Part) -> bool:
    source = (
        re.sub(rb"(?is)<(style|script|title)\b.*?</\1>|<[^<>]{0,2000}>|&\w+;|&#\d+;", b"", part.data)
        if part.html
        else part.data
    )
    return bool(re.search(rb"[^\s\W]{2}|[\x80-\xff]{2}", source))


def _is_file(message: Message) -> bool:
    return message.get_content_disposition() == "attachment" or bool(message.get_filename())


def _part(message: Message, kind: str) -> Part:
    payload = message.get_payload(decode=True)
    return Part(
        html=kind in _HTML,
        data=payload if isinstance(payload, bytes) else b"",
        charset=message.get_content_charset(),
        location=message.get("Content-Location"),
        flowed=str(message.get_param("format") or "").lower() == "flowed",
        joined=str(message.get_param("delsp") or "").lower() == "yes",
    )


def files(message: Message) -> list[str]:
    """The names of the files that a message carries."""
    return [part.get_filename() or part.get_content_type() for part in message.walk() if _is_file(part)]


def inside(message: Message) -> Iterator[Message]:
    """The messages that a message carries: forwarded ones, those of a digest; not those inside them."""
    inner = message.get_payload()
    for child in inner if isinstance(inner, list) else ():
        if not isinstance(child, Message):
            continue
        if child.get_content_type() == "message/rfc822":
            carried = child.get_payload()
            yield from (held for held in (carried if isinstance(carried, list) else ()) if isinstance(held, Message))
        else:
            yield from inside(child)


def text(part: Part) -> tuple[str, str]:
    """The words of a plain part, with the lines that go on put together, and the name of its encoding."""
    source, encoding = encodings.decode(part.data, part.charset)
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return (_flowed(source, part.joined) if part.flowed else source), encoding


def _flowed(source: str, joined: bool) -> str:
    """A text whose lines go on where they end with a blank; ``joined``: the blank is none of the text."""
    out: list[str] = []
    going = ""
    for line in source.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        words = words.removeprefix(" ")
        if words != "-- " and words.endswith(" ") and not depth:
            going += words[:-1] if joined else words
            continue
        out.append(going + ">" * depth + (" " if depth else "") + words)
        going = ""
    return "\n".join([*out, going] if going else out)
