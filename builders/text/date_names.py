"""Names of months and weekdays in languages other than English, as dates are written with them.

Conventions: names are compared without case and full stop. A name that stands for different months in two of the
languages is none (``listopad``); nor is a short form without its full stop, which may be a word of another language.
Source: Unicode CLDR, by Babel, which the reader of web pages brings along.
"""

from functools import cache
from typing import Literal

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hr", "bg", "ru", "uk",
             "tr", "el", "hu", "ro", "ca", "id")  # fmt: skip


def month(name: str) -> int | None:
    """The number of a month, from 1; None for what is no month, or not for sure."""
    bare = name.casefold().rstrip(".")
    number = _months("wide").get(bare)
    # a short form without its full stop may be a word of another language: "4 out 2017"
    return number or (_months("abbreviated").get(bare) if name.endswith(".") and bare not in _months("wide") else None)


def is_weekday(name: str) -> bool:
    """Whether a word is the name of a weekday, in full or short."""
    return name.casefold().rstrip(".") in _weekdays()


@cache
def _months(width: Literal["wide", "abbreviated"]) -> dict[str, int | None]:
    """Months by name, in full or short; None where two languages do not agree."""
    from babel.dates import get_month_names

    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                numbers.setdefault(name.casefold().rstrip("."), set()).add(number)
    return {name: number if not more else None for name, (number, *more) in numbers.items()}


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    return frozenset(
        name.casefold().rstrip(".")
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", language).values()
    )
