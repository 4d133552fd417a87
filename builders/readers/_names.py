"""Names of authors out of bylines: without "By", addresses, jobs and outlets; several are told apart.

Conventions: ``authors`` takes any value that a page or a record gives (text, a list, an object with ``name``) and
gives the names of people in their order, each once; ``named`` gives those of agencies and outlets too.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from allegedly.builders.readers import _name_parts
from allegedly.builders.readers._line_people import titled, uncapped
from allegedly.builders.text import agencies
from allegedly.builders.text.agencies import is_agency

# the plural of a word has no entry of its own beside `s?`: two ways to read one word are 2**n ways to read n
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|story|text|words|review|article|edited|reviewed|submitted|geschrieben|verfasst|"
    r"ver[öo]ffentlicht|erstellt|eingestellt|von|publié|écrit|rédigé|escrito|publicado|scritto|pubblicato|geplaatst|geschreven|"
    r"skrevet|skriven|tekst|napisał|autor|autorin|author|autoren|auteur|redakteur|foto|photo)s?\s*)*"
    r"(?:by|von|par|por|di|door|av|af|przez)\s*[:.]?\s+|"
    r"^(?:authors?|autor(?:in|en|es)?|auteurs?|autore|autori|byline|text|words|von|by|tekst|redaktion|redakteur)\s*:\s*",
    re.I,
)
_ALL_BY = re.compile(
    r"^[^\n]{0,30}\b(?:beiträge|beitrag|artikel|posts?|articles?|stories|eintrag|text|"
    r"posted on [^\n]{6,24})\s+(?:von|by|par|de|from|of)\s+",
    re.I,
)
_SEPARATOR = re.compile(r"\s*(?:[;|•·/\n\t]|\s(?:and|und|et|(?-i:y|e)|en|og|och|&|with|mit|avec|con)\s|&)\s*", re.I)
_TAIL = re.compile(
    r"\s*(?:\(.*|\[.*|<.*|,?\s*https?://.*|(?<!\S)\S+@\S+.*|\s[-–—]\s.*|,\s*(?:\d|updated|published|posted).*|"
    r"\b(?:on|am|le)\s+\d.*|\s@\w+.*|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|\bis an?\s.*)$",
    re.I | re.S,
)
_JOB = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|columnist|journalist|staff|bureau|chief|producer|contributor|analyst|"
    r"professor|director|fellow|author|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|redaktion|autor(?:in)?|"
    r"journaliste|rédacteur|rédactrice|envoyé|politics|business|science|technology|sports?|health|news|agency|"
    r"media|university|universität|magazine|ceo|founder|phd|ph\.d|m\.d|md|esq)\b",
    re.I,
)
_NOBODY = re.compile(
    r"^(?:admin|administrator|administrador|webmaster|editors?|editorial(?: team| staff)?|"
    r"staff(?: writer| reporter)?|root|user|guest|"
    r"(?:news )?agenc(?:y|ies)|wire services?|"
    r"none|null|unknown|anonymous|n/?a|redaktor|editor|website|webadmin|wordpress|posts?|author|autor|by|von|"
    r"undefined|false|true|team|mehr|more|view all posts.*|see all.*|alle (?:artikel|beiträge).*|home|share|follow|"
    r"facebook|twitter|instagram|edit|beitrag|mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|"
    r"publisher|wordpressadmin|nan|datum|quelle|source|stand|"
    r"kontakt|autoren|authors|auteurs|autores|hecho|por|vom|par|am|text|print|e-?mail|tweet|like|linkedin|whatsapp|save|"
    r"fotos?|bilder?|red|eb|l(?:no|bn|sw|by|he|nw|ni|mv|sa|sn|th|rs|bw|hh|sh)|"
    r"collectif|kommentare?|comments?|leave a comment|last updated.*|updated.*|published.*)$",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
#: Small words of family names, as in "von der Leyen" and "bin Salman"; the last few are written on to the name.
_SMALL = re.compile(
    r"von|vom|van|zu|zum|zur|der|den|dem|de|del|della|dello|degli|di|da|do|dos|das|du|des|la|las|le|los|el|al|bin|bint|"
    r"ibn|ben|abu|af|av|ter|ten|te|y|al-|el-|d['’]"
)
_BRACKETED = re.compile(r"\(([^()]{2,60})\)")
_DATED = re.compile(
    r"\b\d{1,2}[.:]\s?\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}\.? (?:[a-zäé]{3,9})\b|\b[a-zäé]{3,9} \d{1,2}\b", re.I
)
LONGEST = 60
#: So many letters of a name, and of what is to be cut off behind it, are looked at.
LOOKED_AT = 10 * LONGEST


def authors(value: Any) -> tuple[str, ...]:
    """The names of people in a value, in order, each once."""
    return people(named(value))


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Those of some names that may be people's."""
    return tuple(name for name in names if not is_agency(name) and _name_parts.is_person(name))


def named(value: Any) -> tuple[str, ...]:
    """The names in a value, in order, each once: of people, agencies and outlets."""
    names: dict[str, str] = {}
    for text in _texts(value):
        for written in _name_parts.credits(uncapped(_plain(text, by=False))):
            bare, beside = _unbracketed(_plain(written))
            for cleaned in filter(None, (*map(_clean, _split(bare)), *beside)):
                names.setdefault(cleaned.casefold(), cleaned)
    return tuple(names.values())


def _unbracketed(written: str) -> tuple[str, list[str]]:
    """A byline without the brackets that name agencies, and these: ``(dpa)``, ``(avec AFP et Reuters)``."""
    named = {inner[0]: agencies.in_line(inner[1]) for inner in _BRACKETED.finditer(written)}
    bare = _BRACKETED.sub(lambda inner: " " if named[inner[0]] else inner[0], written)
    return bare, [name for told in named.values() for name in told]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        name = value.get("name") or value.get("title") or value.get("#text") or ""
        if not name and (value.get("givenName") or value.get("familyName")):
            name = f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        yield from _texts(name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _plain(text: str, *, by: bool = True) -> str:
    text = html.unescape(text)
    text = re.sub(r"<[^>]{0,500}>", " ", text)
    text = re.sub(r"\b(?:https?://|www\.)\S+", "", text)
    text = re.sub(r"[^\S\n]+", " ", text.replace("\u200b", "")).strip()
    if not by:
        return text
    text = _ALL_BY.sub("", text)
    while (shorter := _without_by(text).strip()) != text:
        text = shorter
    return text


def _without_by(text: str) -> str:
    """What follows "By": "von" is that word too, but not in "von der Leyen, Ursula"."""
    first, *_ = _SEPARATOR.split(text, maxsplit=1)
    family = _family(first.split())
    return text if len(family) > 2 or (family and _turned(first)) else _BY.sub("", text, count=1)


def _family(words: list[str]) -> list[str]:
    """The family name that some words begin with where it has small words, else nothing. In capitals the first may be a
    given name (Ben, Van, Al), but for where another small one follows."""
    small = 0
    while small < len(words) - 1 and _SMALL.fullmatch(words[small] if small else words[0].lower()):
        small += 1
    known = small > 1 or (small == 1 and words[0].islower())
    return words[: small + 1] if known and not _JOB.search(words[small]) else []


def _split(text: str) -> Iterator[str]:
    for piece in _SEPARATOR.split(text):
        first, *others = [part.strip() for part in piece.split(",")]
        if turned := _turned(piece):
            yield turned
        else:
            yield first
            # after a comma: another name, or what the one before does and where
            yield from (part for part in others if is_agency(part) or (_is_name(part) and not _JOB.search(part)))


def _turned(piece: str) -> str | None:
    """A piece with the family name first turned round: "Mangal, Sophie", "von der Leyen, Ursula", "Leyen, Ursula von der".
    None for any other. More than one given name stands only beside small words: else there are two people."""
    before, _, after = piece.partition(",")
    family, given = before.split(), after.split()
    if not given or not all(map(_WORD.fullmatch, [*family, *given])) or _JOB.search(after):
        return None
    count = len(given)
    while count > 1 and _SMALL.fullmatch(given[count - 1]):
        count -= 1
    most = 3 if len(family) > 1 or count < len(given) else 1
    if count > most or (len(family) != 1 and _family(family) != family):
        return None
    if len(family) > 1:
        family[0] = family[0].lower()
    return re.sub(r"(?<=[-'’])\s", "", " ".join([*given, *family]))


def _is_name(part: str) -> bool:
    """Whether what follows a comma may be another name: two to four words, small ones not counted."""
    words = part.split()
    return len(words) > 1 and sum(not _SMALL.fullmatch(word) for word in words) <= 4


def _clean(name: str) -> str | None:
    name = name[:LOOKED_AT]
    while (shorter := _name_parts.bare(_without_by(_TAIL.sub("", name))).strip(' ,.;:-–—|•·"“”*_@')) != name:
        name = shorter
    if (
        re.match(r"(?:https?:|www\.|/)", name)
        or "@" in name
        or "://" in name
        or re.search(r"\.(?:com|org|net|de|html?)\b", name)
    ):
        return None
    if not 2 <= len(name) <= LONGEST or not re.search(r"[^\W\d_]", name) or _NOBODY.match(name):
        return None
    if len(name.split()) > 6 or _DATED.search(name):
        return None
    return titled(name)
