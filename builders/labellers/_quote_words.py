"""Words that tell who said a quotation, language by language: verbs of saying, pronouns, what a noun phrase holds.

Conventions: words are in lower case. An entry of several words is a tuple, filed under its first word, longer ones
first. German has a module of its own (``_german.py``).

Source: ``quotes_en.toml``, ``quotes_fr.toml`` and so on, a file a language; their comments say how they are written.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What is known of a language. ``says``: forms that say something by themselves, ``participles``: behind one of
    the ``auxiliaries``; ``particles``: what such a form must be followed by; ``inverted``: pronouns that hang on a verb
    by a hyphen; ``inner``: small words inside a noun phrase,
    ``weak``: those behind a common noun only; ``stops``: words at which one ends; ``that``: what leads to
    a clause; ``works``: what leads to a title; ``recipients``:
    what leads to those who are told; ``gerunds``: forms whose source is the subject of the sentence."""

    says: Phrases
    participles: Phrases
    according: Phrases
    adverbs: Phrases
    pronouns: Phrases
    auxiliaries: frozenset[str]
    reflexives: frozenset[str]
    negations: frozenset[str]
    clitics: frozenset[str]
    determiners: frozenset[str]
    titles: frozenset[str]
    inner: frozenset[str]
    weak: frozenset[str]
    that: frozenset[str]
    links: frozenset[str]
    relatives: frozenset[str]
    recipients: frozenset[str]
    gerunds: frozenset[str]
    stops: frozenset[str]
    works: frozenset[str]
    particles: Mapping[str, str]
    inverted: re.Pattern[str] | None
    drops_pronouns: bool
    inserts: bool
    token: re.Pattern[str]
    #: Where a verb of saying, or another cue, may stand.
    cue: re.Pattern[str]


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a file."""
    return tuple(sorted(path.stem.removeprefix("quotes_") for path in _FOLDER.glob("quotes_*.toml")))


@cache
def grammar(language: str) -> Grammar | None:
    """What is known of a language by its code of two letters; None where nothing is."""
    if language not in languages():
        return None
    value = tomllib.loads((_FOLDER / f"quotes_{language}.toml").read_text("utf-8"))
    says, participles = (_phrases(_forms(value["verbs"], name)) for name in ("says", "participles"))
    particles = value.get("particles", {})
    says = {**_phrases(particles), **_phrases(value["gerunds"].split()), **says}
    according = _phrases(value["according"].split())
    auxiliaries = frozenset(value["auxiliaries"].split())
    inverted = value["inverted"].split()
    return Grammar(
        says=says,
        participles=participles,
        according=according,
        adverbs=_phrases(value["adverbs"].split()),
        pronouns=_phrases(value["pronouns"].split()),
        auxiliaries=auxiliaries,
        particles=particles,
        inverted=re.compile(rf"(.+?)(?:-t)?-({'|'.join(inverted)})") if inverted else None,
        drops_pronouns=value["drops_pronouns"],
        inserts=value["inserts"],
        token=_token(value["titles"].split(), value["elides"]),
        cue=_cue({*says, *auxiliaries, *according}),
        **{name: frozenset(value[name].lower().split()) for name in _SETS},
    )


_SETS = (
    "reflexives",
    "negations",
    "clitics",
    "determiners",
    "titles",
    "inner",
    "weak",
    "that",
    "links",
    "relatives",
    "recipients",
    "gerunds",
    "stops",
    "works",
)


def _forms(verbs: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    """All forms: those that are written out, and stems with each ending ("-" for none)."""
    forms: list[str] = []
    for verb in verbs:
        endings = ["" if ending == "-" else ending for ending in verb.get(name, "").split()]
        forms += [stem + ending for stem in verb["stems"].split() for ending in endings] if "stems" in verb else endings
    return forms


def _phrases(entries: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    filed: dict[str, list[tuple[str, ...]]] = {}
    for entry in dict.fromkeys(entries):
        words = tuple(entry.split("_"))
        filed.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in filed.items()}


def _token(titles: Iterable[str], elides: bool) -> re.Pattern[str]:
    """Words, with what hangs on them; short forms of titles and names with their full stop; single marks."""
    dotted = "|".join(sorted((re.escape(title) for title in titles if title.endswith(".")), key=len, reverse=True))
    elided = r"[^\W\d_]{1,7}['’](?=[^\W_])|" if elides else ""
    elided = elided or r"[^\W_]+s['’](?=\s[^\W_])|"
    joined = "-" if elides else "['’-]"
    return re.compile(
        rf"(?:{dotted or '(?!)'})(?!\w)|(?:[^\W\d_a-z]\.)+(?=[\s-])"
        rf"|\d+(?:[.,:]\d+)*(?:\s?%|(?:-[^\W_]+)+)?|{elided}[^\W_]+(?:{joined}[^\W_]+)*|\S"
    )


def _cue(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, words)))})(?!\w)", re.IGNORECASE)
