"""Dates as people write them, in ISO 8601 with the precision that was written.

Conventions: ``read`` takes a whole string and answers None rather than guess: ``5/6/2017`` may be May or June. Known
are ISO 8601, English dates with the month in words (``27 May 2017``, ``Saturday, May 27, 2017, 10:00 BST``,
``May 2017``), RFC 2822, and numbers that leave no doubt (``27/05/2017``, ``4.3.2017``); in other languages a day with the
month in words (``Samstag, 27. Mai 2017, 10:00 Uhr``). A time zone whose offset depends on more than its name (``ET``,
``IST``) is left out, the time stays.
"""

import datetime
import re

from allegedly.builders.text import date_names

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEARS = range(1500, 2201)
ZONES = {
    "z": "Z",
    "gmt": "Z",
    "utc": "Z",
    "bst": "+01:00",
    "wet": "+00:00",
    "west": "+01:00",
    "cet": "+01:00",
    "cest": "+02:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "est": "-05:00",
    "edt": "-04:00",
    "cdt": "-05:00",
    "mst": "-07:00",
    "mdt": "-06:00",
    "pst": "-08:00",
    "pdt": "-07:00",
    "aest": "+10:00",
    "aedt": "+11:00",
    "jst": "+09:00",
}

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
ZONE = r"(?:z\b|[+-]\d\d:?\d\d\b|\(?[a-z]{2,4}\)?)"
TIME = (
    rf"(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>\.\d+)?)?)?"
    rf"(?:\s*(?P<half>[ap]\.?m\b\.?))?(?:\s*(?:hrs?\b|hours\b))?(?:\s*(?P<zone>{ZONE}))?"
)
YEAR = r"(?P<year>\d{4})"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_WORDS = (
    rf"{DAY}(?:\s+of)?\s*[\s-]\s*(?P<month>{MONTH})\s*[\s,-]\s*{YEAR}",
    rf"(?P<month>{MONTH})\s*(?:the\s+)?{DAY}\s*[\s,]\s*{YEAR}",
    rf"(?P<month>{MONTH}),?\s*{YEAR}",
    rf"{YEAR}[\s,-]+(?P<month>{MONTH})[\s-]+{DAY}",
    r"(?P<year>\d{4})([-/.])(?P<number>\d{1,2})\2(?P<day>\d{1,2})",
    # with full stops between, the day comes first wherever dates are written so
    r"(?P<day>\d{1,2})\.\s?(?P<number>0?[1-9]|1[0-2])\.\s?(?P<year>\d{4})",
    r"(?P<first>\d{1,2})([-/.])(?P<second_number>\d{1,2})\2(?P<year>\d{4})",
)
_JOINT = r"(?:\s*[,|•·–—-]\s*(?:at\s+)?|\s+(?:at\s+)?)"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<number>\d\d)(?:-?(?P<day>\d\d)(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)"
    r"(?::?(?P<second>\d\d)(?P<fraction>[.,]\d+)?)?\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.I,
)
_FORMS = [
    re.compile(form, re.I)
    for words in _WORDS
    for form in (
        rf"(?:{WEEKDAY},?\s+)?{words}(?:{_JOINT}{TIME})?",
        rf"{TIME}{_JOINT}(?:(?:on|,)\s+)?(?:{WEEKDAY},?\s+)?{words}",
    )
]
_NAME = r"[^\W\d_]{3,14}\.?"
_AT = r"(?:\s*[,|•·–—-]\s*|\s+)(?:(?:um|à|a las|alle|às|kl\.?|klo|om|o|ob|в)\s+)?"
#: Dates with the month in words of another language: in which order day, month and year stand.
_ELSEWHERE = [
    re.compile(form, re.I)
    for form in (
        (
            rf"(?:(?P<weekday>{_NAME}),?\s+)?(?:(?:den|le|el|il|am|dne)\s+)?(?P<day>\d{{1,2}})(?:\.|º|°|er|ª)?\s+(?:de\s+)?"
            rf"(?P<month>{_NAME})(?:\s+del?\s+|,?\s+){YEAR}(?:\s*[гр]\.?)?(?:{_AT}{TIME}(?:\s*Uhr)?)?"
        ),
        rf"(?P<year>\d{{4}})\.\s*(?P<month>{_NAME})\s+(?P<day>\d{{1,2}})\.?(?:,\s*(?P<weekday>{_NAME}))?(?:{_AT}{TIME})?",
    )
]
#: Words that stand before a date.
LEAD_IN = re.compile(
    r"(?:(?:first|last|originally)\s+)?(?:published|posted|updated|modified|created|issued|filed|released|date|dated|"
    r"publication date|pub date|last update)\s*(?:on|at)?\s*[:\s]\s*",
    re.I,
)
LONGEST = 80


def read(text: str) -> str | None:
    """The date that a string is, in ISO 8601; None where it is none, or may be two."""
    text = " ".join(text.split()).strip(" .,;|") if len(text) <= LONGEST else ""
    lead = LEAD_IN.match(text)
    text = text[lead.end() :] if lead else text
    # digits run together are a date in full length only
    if date := (_ISO.fullmatch(text) if not re.fullmatch(r"\d{5,7}", text) else None):
        return _iso(date.groupdict())
    for form in _FORMS:
        if date := form.fullmatch(text):
            return _iso(date.groupdict())
    return _elsewhere(text)


def _elsewhere(text: str) -> str | None:
    """The date that a string is in a language other than English; None where it is none."""
    for form in _ELSEWHERE:
        if date := form.fullmatch(text):
            parts = date.groupdict()
            weekday, number = parts["weekday"], date_names.month(parts["month"])
            if number is not None and (weekday is None or date_names.is_weekday(weekday)):
                return _iso({**parts, "month": None, "number": str(number)})
    return None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts["year"] or 0), _month(parts), _day(parts)
    if year not in YEARS or (month is None) != (not _says_month(parts)):
        return None
    if month is None:
        return f"{year:04}"
    if day is None:
        return f"{year:04}-{month:02}" if 1 <= month <= 12 and not parts.get("hour") else None
    try:
        date = datetime.date(year, month, day).isoformat()
        return date + _time(parts)
    except ValueError:
        return None


def _says_month(parts: dict[str, str | None]) -> bool:
    return any(parts.get(name) for name in ("month", "number", "first"))


def _month(parts: dict[str, str | None]) -> int | None:
    if name := parts.get("month"):
        return MONTHS.index(name[:3].lower()) + 1
    if number := parts.get("number"):
        return int(number)
    return _ordered(parts)[1]


def _day(parts: dict[str, str | None]) -> int | None:
    day = parts.get("day")
    return int(day) if day else _ordered(parts)[0]


def _ordered(parts: dict[str, str | None]) -> tuple[int | None, int | None]:
    """Day and month of two numbers, where only one of them can be the month or both are equal."""
    first, second = int(parts.get("first") or 0), int(parts.get("second_number") or 0)
    if not first or not second:
        return None, None
    if first == second or first > 12:
        return first, second
    return (second, first) if second > 12 else (None, None)


def _time(parts: dict[str, str | None]) -> str:
    """The time of day, with what comes before it; the empty string where none is given. ValueError for 25:00."""
    if not parts.get("hour"):
        return ""
    hour, minute, half = int(parts["hour"] or 0), parts.get("minute"), (parts.get("half") or "").lower()
    if minute is None and not half:
        raise ValueError("a number alone is no time")
    if half and not 1 <= hour <= 12:
        raise ValueError("13 p.m.")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    time = datetime.time(hour, int(minute or 0), int(parts.get("second") or 0))
    shown = time.isoformat("seconds" if parts.get("second") else "minutes")
    fraction = (parts.get("fraction") or "").replace(",", ".")
    return f"T{shown}{fraction}{_zone(parts.get('zone'))}"


def _zone(zone: str | None) -> str:
    zone = (zone or "").strip("()").lower()
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        if int(digits[:2]) > 15 or int(digits[2:]) > 59:
            raise ValueError("no such offset")
        return f"{zone[0]}{digits[:2]}:{digits[2:]}"
    return ZONES.get(zone, "")
