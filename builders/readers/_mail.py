"""Mail: the articles that a message is and carries, newsletters and press releases.

Conventions: the text is composed: the subject, then what the mail's reader sees. The sender is the outlet, or the author
where the name is a person's; the date is that of sending.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from allegedly.builders.readers import _mail_kinds, _mail_parts, _mail_text, _names, _story, _values, html
from allegedly.builders.readers._line_people import is_name, is_outlet, is_person
from allegedly.builders.readers._mail_head import header, words
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.text import dates
from allegedly.schemas.records import Article, Origin, Rejected

#: Before there was mail there was none, and a clock that is not set says 1970.
_YEARS = range(1971, 2201)
#: A longer sender is no name.
_LONGEST = 300
_RFC = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{2,4} [012]\d:[0-5]\d(?::[0-5]\d)?(?: (?:[+-]\d{4}|[A-Z]{1,4}))?"
)
_SENDER = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>")
_PREFIX = re.compile(r"(?:(?:re|fwd?|aw|wg|tr|rv|i|sv|vs|antw)(?:\[\d+\])?\s*:\s*)+(?=\S)", re.I)
#: Words of newsletters' and offices' names.
_LETTER = re.compile(
    r"\b(?:brief(?:ing)?s?|updates?|newsletters?|letter|digest|alerts?|bulletin|round-?up|recap|headlines?|highlights|daily|weekly|"
    r"monthly|morning|evening|weekend|today|tonight|newsroom|editors?|team|office|info|infos|redaktion|newsticker|morgen|abend|"
    r"rédaction|infolettre|matinale?|actualités|redacción|boletín|resumen|noticias|redazione|bollettino|notizie|redação|boletim|"
    r"notícias|resumo|nieuwsbrief|redactie|nieuws|nyheter|nyheder|nyhedsbrev|nyhetsbrev)\b",
    re.I,
)
_AT = re.compile(r"\s+(?:at|from|for|of|von|de)\s+|\s*[|,@·–—]\s*|\s+-\s+|\s+\(")
_ARMOUR = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]+:.*\n)*\n(.*?)\n-----BEGIN PGP SIGNATURE-----.*", re.S
)


def articles(message: Message, origin: Origin, limits: Limits) -> Iterator[Article | Rejected]:
    """The article of a message, and those of the messages that it carries."""
    inner = list(_mail_parts.inside(message))
    try:
        yield _article(message, origin, limits, carries=bool(inner))
    except Refused as refused:
        # a mail that only hands on another has said all with it
        if not inner or refused.rule != "no-text":
            yield refused.rejected(origin)
    for carried in inner:
        yield from articles(carried, origin, limits)


def numbered(values: Iterator[Article | Rejected], origin: Origin) -> Iterator[Article | Rejected]:
    """The same values; where there are several, each with its number."""
    listed = list(values)
    for number, value in enumerate(listed):
        numbered_origin = replace(value.origin, record=number)
        yield replace(value, origin=numbered_origin) if len(listed) > 1 else value


def _article(message: Message, origin: Origin, limits: Limits, *, carries: bool) -> Article:
    story = []
    for part in _mail_parts.parts(message):
        if part.html:
            source, origin = html.decoded(part.data, origin, part.charset)
            story += _mail_text.of_html(source, limits)
        else:
            source, encoding = _mail_parts.text(part)
            origin = replace(origin, encoding=encoding)
            story += _mail_text.of_plain(_plain(source))
    if not any(not part.aside and re.search(r"\w", part.words) for part in story):
        raise _without_text(message, carries)
    story, forwarded = _mail_text.told(story)
    if refused := _mail_kinds.verdict(message, story, carries=carries, forwards=forwarded is not None):
        raise refused
    return _story.article(story, origin, what="a message", given=_given(message, forwarded))


def _plain(source: str) -> str:
    """A plain text without the marks of its signature."""
    if source.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
        raise Refused("encrypted", "is an encrypted message; decrypt it in the mail program and save it again")
    signed = _ARMOUR.match(source.lstrip())
    return re.sub(r"^- (?=-)", "", signed[1], flags=re.M) if signed else source


def _without_text(message: Message, carries: bool) -> Refused:
    if carries:
        return Refused("no-text", "is a message without a text of its own")
    names = [words(name) for name in _mail_parts.files(message)]
    carried = f"; save the files that it carries ({', '.join(names[:3])[:100]}), and read those" if names else ""
    return Refused("no-article", f"is a message without a text{carried}", files=len(names))


def _given(message: Message, forwarded: _mail_text.Forwarded | None) -> dict[str, Any]:
    """What the head of a message says; where it hands on another, what that says of itself."""
    sender, subject, date = header(message, "from"), header(message, "subject"), header(message, "date")
    if forwarded:
        sender, subject, date = forwarded.sender, forwarded.subject or subject, forwarded.date
    authors, outlet = _people(sender, message if not forwarded else None)
    archived = header(message, "archived-at").strip("<> ")
    return {
        "title": _PREFIX.sub("", subject, count=1),
        "authors": authors,
        "outlet": outlet or (header(message, "organization") if not forwarded else None),
        "published": _sent(date),
        "source_id": header(message, "message-id").strip("<> "),
        "language": _values.language(header(message, "content-language").split(",")[0]),
        "url": _values.web_address(archived, None),
        "themes": tuple(filter(None, (item.strip() for item in header(message, "keywords").split(",")))),
    }


def _sent(date: str) -> str | None:
    """When a message was sent, by a header of its own or one that was copied into a text."""
    plain = re.sub(r"\s*\([^()]*\)\s*$|(?<=\d{4}),? at(?= \d)", "", date)
    if told := dates.read(plain):
        return told if int(told[:4]) in _YEARS else None
    # the library knows the years of two digits and the zones of old mail, but not that 7:30 PM is in the evening
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        moment = parsedate_to_datetime(plain) if _RFC.fullmatch(plain) else None
        return moment.isoformat() if moment and moment.year in _YEARS else None
    return None


def _people(sender: str, message: Message | None) -> tuple[tuple[str, ...], str | None]:
    """The authors and the outlet that a sender's name tells: ``Jane Doe at The Gazette``, ``Harbour Post``."""
    sender = sender[:_LONGEST]
    found = _SENDER.match(sender)
    name, address = (found["name"], found["address"]) if found else parseaddr(sender)
    name = " ".join(re.split(r"\s[|·]\s", name.strip("'\" *"))[0].split())
    if not name or "@" in name:
        return (), None
    turned = _names.authors(name) if "," in name else ()
    if len(turned) == 1 and sorted(turned[0].lower().split()) == sorted(name.lower().replace(",", " ").split()):
        name = turned[0]  # Reed, Jane
    first, *others = [part.strip(" )") for part in _AT.split(name) if part.strip(" )")] or [name]
    if others and _is_person(first, address, message):
        return _names.authors(first), others[0]
    if _is_person(name, address, message):
        return _names.authors(name), None
    return (), name


def _is_person(name: str, address: str, message: Message | None) -> bool:
    """Whether a sender is a person rather than an outlet: by the given name, or by an address that has the name in it."""
    parts = [_values.letters(part) for part in name.split()]
    if not is_name(name) or is_outlet(name) or (_LETTER.search(name) and not is_person(name)):
        return False
    box, _, domain = address.lower().partition("@")
    if _values.letters(name) in _values.letters(domain):
        return False
    return is_person(name) or any(len(part) > 2 and part in _values.letters(box) for part in parts)
