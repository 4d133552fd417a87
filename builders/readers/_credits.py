"""Bylines and credit lines of the news trade: the people in them, and the agencies apart.

Conventions: names are as ``_names`` gives them. An agency is known by its name, never by a word that families have too.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from allegedly.builders.readers import _names

_AGENCY = re.compile(
    r"(?:the\s+)?(?:associated press|ap|agence france[ -]presse|afp|reuters(?: (?:limited|news|staff))?|"
    r"thomson reuters|dpa(?:-\w+)?|"
    r"deutsche presse-?agentur|apa|austria presse agentur|keystone-sda|sda|ansa|agenzia ansa|efe|agencia efe|europa press|lusa|"
    r"anp|belga|tass|itar-tass|interfax|ria novosti|xinhua|kyodo(?: news)?|jiji(?: press)?|yonhap|pti|press trust of india|"
    r"ani|ians|bernama|antara|upi|united press international|pa media|press association|bloomberg(?: news)?|"
    r"canadian press|aap|australian associated press|ritzau|ntb|tt|stt|epd|kna|sid|sputnik|anadolu(?: agency)?|"
    r"news agency|\w+ news agency|\w+ press agency)",
    re.I,
)


class Credit(NamedTuple):
    """Who stands in a byline or credit line."""

    people: tuple[str, ...]
    agencies: tuple[str, ...]


def credit(value: Any) -> Credit:
    """The people and the agencies in a value: text, a list of texts, objects with names."""
    names = _names.authors(value)
    agencies = tuple(name for name in names if _AGENCY.fullmatch(name))
    return Credit(tuple(name for name in names if name not in agencies), agencies)


def together(credits: Iterable[Credit]) -> Credit:
    """Several credits as one, each name once."""
    listed = list(credits)
    people = dict.fromkeys(name for each in listed for name in each.people)
    agencies = dict.fromkeys(name for each in listed for name in each.agencies)
    return Credit(tuple(people), tuple(agencies))
