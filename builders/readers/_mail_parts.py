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

from allegedly.builders.readers._mail_head import header
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


def parts(message: Message) -> list[Part]:
    """The parts that a reader sees, in order. Refused for what is encrypted or cut off."""
    kind = message.get_content_type()
    enveloped = kind.endswith("pkcs7-mime") and message.get_param("smime-type") != "signed-data"
    if kind == "multipart/encrypted" or enveloped:
        raise Refused("encrypted", "is an encrypted message; decrypt it in the mail program and save it again")
    if not message.is_multipart():
        return [_part(message, kind)] if not _is_file(message) and kind in (*_HTML, *_TEXT) else []
    if not kind.startswith("multipart/"):
        return []
    inner = _inner(message)
    read = [(child, parts(child)) for child in _candidates(message, kind, inner)]
    chosen = _best(read) if kind == "multipart/alternative" else read
    if any(isinstance(defect, _CUT) for defect in message.defects) and any(
        held and child is inner[-1] for child, held in chosen
    ):
        raise Refused("truncated", "ends in the middle of a part of the message; fetch or save it again")
    return [part for _, held in chosen for part in held]


def _inner(message: Message) -> list[Message]:
    """The parts right inside a part; a part with text has none."""
    payload = message.get_payload() if message.is_multipart() else ()
    return [part for part in payload if isinstance(part, Message)]


def _candidates(message: Message, kind: str, inner: list[Message]) -> list[Message]:
    """Which of the parts inside a part may be read."""
    if kind == "multipart/signed":
        return inner[:1]
    if kind == "multipart/related":
        start = str(message.get_param("start") or "")
        return [child for child in inner if start and header(child, "content-id") == start][:1] or inner[:1]
    return inner


def _best(alternatives: list[tuple[Message, list[Part]]]) -> list[tuple[Message, list[Part]]]:
    """The alternative with words in HTML, else the last with words."""
    worded = [(child, held) for child, held in alternatives if any(map(_has_words, held))]
    html = [(child, held) for child, held in worded if any(part.html and _has_words(part) for part in held)]
    return (html or worded or alternatives)[-1:]


def _has_words(part: Part) -> bool:
    source = re.sub(rb"<[^<>]{0,2000}>|&#?\w+;", b" ", b" ".join(_shown(part.data))) if part.html else part.data
    return bool(re.search(rb"[^\s\W]{2}|[\x80-\xff]{2}", source))


def _shown(data: bytes) -> Iterator[bytes]:
    """The stretches of HTML without scripts, style sheets and titles."""
    lowered, start = data.lower(), 0
    for opened in re.finditer(rb"<(style|script|title)\b", lowered):
        if opened.start() >= start:
            yield data[start : opened.start()]
            end = lowered.find(b"</" + opened[1], opened.end())
            start = len(data) if end < 0 else end
    yield data[start:]


def _is_file(message: Message) -> bool:
    return message.get_content_disposition() == "attachment" or bool(message.get_filename())


def _part(message: Message, kind: str) -> Part:
    payload = message.get_payload(decode=True)
    return Part(
        html=kind in _HTML,
        data=payload if isinstance(payload, bytes) else b"",
        charset=message.get_content_charset(),
        location=header(message, "content-location") or None,
        flowed=str(message.get_param("format") or "").lower() == "flowed",
        joined=str(message.get_param("delsp") or "").lower() == "yes",
    )


def files(message: Message) -> list[str]:
    """The names of the files that a message carries."""
    return [part.get_filename() or part.get_content_type() for part in message.walk() if _is_file(part)]


def inside(message: Message) -> Iterator[Message]:
    """The messages that a message carries: forwarded ones, those of a digest; not those inside them."""
    for child in _inner(message):
        if child.get_content_type() == "message/rfc822":
            yield from _inner(child)
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
