"""Bylines and credit lines of the news trade: the people in them, and the agencies apart.

Conventions: names are as ``_names`` gives them; who is neither a person nor an agency is left out.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from allegedly.builders.readers import _names
from allegedly.builders.text.agencies import is_agency


class Credit(NamedTuple):
    """Who stands in a byline or credit line."""

    people: tuple[str, ...]
    agencies: tuple[str, ...]


def credit(value: Any) -> Credit:
    """The people and the agencies in a value: text, a list of texts, objects with names."""
    names = _names.named(value)
    return Credit(_names.people(names), tuple(filter(is_agency, names)))


def together(credits: Iterable[Credit]) -> Credit:
    """Several credits as one, each name once."""
    listed = list(credits)
    people = dict.fromkeys(name for each in listed for name in each.people)
    agencies = dict.fromkeys(name for each in listed for name in each.agencies)
    return Credit(tuple(people), tuple(agencies))
