"""Names of authors out of bylines: without "By", addresses, jobs and outlets; several are told apart.

Conventions: ``authors`` takes any value that a page or a record gives (text, a list, an object with ``name``) and
gives names in their order, each once.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|story|text|words|review|article|edited|reviewed|submitted|geschrieben|verfasst|"
    r"ver[öo]ffentlicht|erstellt|eingestellt|von|publié|écrit|rédigé|escrito|publicado|scritto|pubblicato|geplaatst|geschreven|"
    r"skrevet|skriven|tekst|napisał|autor|autorin|author|authors|autoren|auteur|auteurs|redakteur|foto|photo)s?\s*)*"
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
    r"\s*(?:\(.*|\[.*|<.*|,?\s*https?://.*|\S+@\S+.*|\s[-–—]\s.*|,\s*(?:\d|updated|published|posted).*|"
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
    r"publisher|wordpressadmin|collectif|kommentare?|comments?|leave a comment|last updated.*|updated.*|published.*)$",
    re.I,
)
_COMMA_NAMES = re.compile(r"^[^\s,]+(?:\s[^\s,]+){1,3}$")
_DATED = re.compile(
    r"\b\d{1,2}[.:]\s?\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}\.? (?:[a-zäé]{3,9})\b|\b[a-zäé]{3,9} \d{1,2}\b", re.I
)
LONGEST = 60


def authors(value: Any) -> tuple[str, ...]:
    """The names in a value, in order, each once."""
    names: dict[str, str] = {}
    for text in _texts(value):
        for name in _split(_plain(text)):
            if cleaned := _clean(name):
                names.setdefault(cleaned.casefold(), cleaned)
    return tuple(names.values())


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


def _plain(text: str) -> str:
    text = html.unescape(text)
    text = re.sub(r"<[^>]{0,500}>", " ", text)
    text = re.sub(r"\b(?:https?://|www\.)\S+", "", text)
    text = re.sub(r"[^\S\n]+", " ", text.replace("\u200b", "")).strip()
    text = _ALL_BY.sub("", text)
    while (shorter := _BY.sub("", text, count=1).strip()) != text:
        text = shorter
    return text


def _split(text: str) -> Iterator[str]:
    for piece in _SEPARATOR.split(text):
        parts = [part.strip() for part in re.split(r"\s*,\s*", piece)]
        if len(parts) == 2 and all(re.fullmatch(r"[^\W\d_][\w.'’-]*", part) for part in parts):
            yield f"{parts[1]} {parts[0]}"  # "Mangal, Sophie"
        else:
            yield parts[0]
            # after a comma: another name, or what the one before does and where
            yield from (part for part in parts[1:] if _COMMA_NAMES.match(part) and not _JOB.search(part))


def _clean(name: str) -> str | None:
    while (shorter := _BY.sub("", _TAIL.sub("", name), count=1).strip(' ,.;:-–—|•·"“”*_@')) != name:
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
    if name.isupper() and len(name.split()) > 1:
        name = name.title()
    return name
