"""Dates as people write them, in ISO 8601 with the precision that was written.

Conventions: ``read`` takes a whole string and answers None rather than guess: ``5/6/2017`` may be May or June. Known
are ISO 8601, English dates with the month in words (``27 May 2017``, ``Saturday, May 27, 2017, 10:00 BST``,
``May 2017``), what programs write (RFC 822 with its years of two digits, ``Fri Mar 14 09:30:00 +0000 2025``), and
numbers that leave no doubt (``27/05/2017``; with full stops the day comes first everywhere: ``04.03.2024``); in other
languages a day with the month in words (``Samstag, 27. Mai 2017, 10:00 Uhr``, ``2025年3月14日``). A time zone whose offset
depends on more than its name (``ET``, ``IST``) is left out, the time stays. The day on which a clock of computers
starts (``1970-01-01``), as they write it, is no date: it stands where there was none.
"""

import datetime
import re
import unicodedata

from allegedly.builders.text import date_names

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEARS = range(1500, 2201)
ZONES = {
    "z": "Z",
    "gmt": "Z",
    "utc": "Z",
    "ut": "Z",
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
ZONE = r"(?:z\b|(?:gmt|utc)?[+-]\d\d:?\d\d\b|\(?[a-z]{2,4}\)?)"
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
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_number>\d{1,2})(?P=mark)(?P<year>\d{4})",
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
_NAME = r"[^\W\d_]{2,14}\.?"
_ARTICLE = r"(?:den|dem|le|el|il|am|dne|dia|op|på|del?)"
_HOUR_WORD = r"(?:um|à|a|as|alle|às|kl|klo|om|ob|ora|saat|στις|godz|ore|pukul)"
_AT = (
    r"(?:\s*[,|•·–—-]\s*|\s+)(?:(?:um|à|a las|a la|a les|alle(?: ore)?|alle|às|as|kl\.?|klo|om|o|ob|u|ora|saat|"
    r"στις|в|у|o godz\.|ore|pukul)\s+)?"
)
_CLOCK = rf"(?:{_AT}{TIME}(?:\s*(?:Uhr|uur|h|hs|Uhr MEZ|WIB)\b\.?)?)?"
_WEEKDAY_BEFORE = rf"(?:(?!{_ARTICLE}\s)(?P<weekday>{_NAME}),?\s+)?"
_WEEKDAY_AFTER = rf"(?:\s*[,(]?\s*(?!{_HOUR_WORD}\b)(?P<weekday_after>{_NAME})\)?)?"
_HOURS = (
    r"(?:\s*(?P<noon>上午|下午|午前|午後|오전|오후)?\s*(?P<hour>\d{1,2})(?:[:：]|[时時点點시]\s*)(?P<minute>\d{1,2})?"
    r"(?:[:：分분]\s*(?P<second>\d{1,2})?[秒초]?)?(?:\s*発信|\s*配信)?)?"
)
#: Dates of other languages: in which order day, month and year stand.
_ELSEWHERE = [
    re.compile(form, re.I)
    for form in (
        (
            rf"{_WEEKDAY_BEFORE}(?:{_ARTICLE}\s+)?(?P<day>\d{{1,2}})"
            rf"(?:\.|º|°|er|ª|-?го)?\s*(?:de\s+|d['’]|ב)?"
            rf"(?P<month>{_NAME})(?:\s+del?\s+|,?\s+){YEAR}(?:\.|\s*(?:року|года|[гр])\b\.?)?{_WEEKDAY_AFTER}{_CLOCK}"
        ),
        (
            rf"(?P<year>\d{{4}})(?:\.|\s*m\.)?\s*(?P<month>{_NAME})\s+(?P<day>\d{{1,2}})\.?(?:\s*d\b\.?)?"
            rf"{_WEEKDAY_AFTER}{_CLOCK}"
        ),
        rf"{_WEEKDAY_BEFORE}(?P<month>{_NAME})\s+(?P<day>\d{{1,2}}),\s*{YEAR}{_CLOCK}",
        # numbers, with the words for weekday and time
        (
            rf"{_WEEKDAY_BEFORE}(?:{_ARTICLE}\s+)?(?P<first>\d{{1,2}})(?P<mark>[-/.])\s?"
            rf"(?P<second_number>\d{{1,2}})(?P=mark)\s?{YEAR}\.?{_CLOCK}"
        ),
        (
            rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<number>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일號号]?"
            rf"\s*(?:[(（]?(?:[月火水木金土日월화수목금토일](?:曜日?|요일)?|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天])[)）]?)?{_HOURS}"
        ),
    )
]
#: What programs write and nobody else: RFC 822 and 850 with years of two digits, asctime, JavaScript.
_STAMPS = [
    re.compile(form, re.I)
    for form in (
        (
            rf"(?:{WEEKDAY},?\s+)?{DAY}[\s-](?P<month>{MONTH})[\s-](?P<short_year>\d\d)\s+"
            rf"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s+(?P<zone>{ZONE})(?:\s*\([^()]*\))?"
        ),
        (
            rf"{WEEKDAY},?\s+(?P<month>{MONTH})\s+{DAY}\s+(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)"
            rf"(?:\s+(?P<zone>{ZONE}))?\s+{YEAR}"
        ),
        (
            rf"{WEEKDAY},?\s+(?:(?P<month>{MONTH})\s+{DAY}|(?P<day_before>\d\d?)\s+(?P<month_after>{MONTH}))\s+{YEAR}\s+"
            rf"(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)\s+(?P<zone>{ZONE})\s*\([^()]*\)"
        ),
    )
]
#: Where clocks and calendars of computers start; they write it where no date was given.
PLACEHOLDERS = frozenset(
    ("0001-01-01", "1601-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01", "1969-12-31",
     "1970-01-01")
)  # fmt: skip
LONGEST = 80


def read(text: str, day_first: bool | None = None) -> str | None:
    """The date that a string is, in ISO 8601; None where it is none, or may be two. ``day_first``: whether the day comes
    before the month in ``5/6/2017``; None where that is not known."""
    text = _tidy(text) if len(text) <= 2 * LONGEST else ""
    text = date_names.without_lead(text if len(text) <= LONGEST else "")
    # digits run together are a date in full length only
    if date := (_ISO.fullmatch(text) if not re.fullmatch(r"\d{5,7}", text) else None):
        iso = _iso(date.groupdict())
        return None if iso and is_placeholder(iso) else iso
    for form in _FORMS:
        if date := form.fullmatch(text):
            return _iso(date.groupdict(), day_first)
    return _stamped(text) or _elsewhere(text, day_first)


def is_placeholder(iso: str) -> bool:
    """Whether a date is the first day of a clock or calendar of computers."""
    return iso[:10] in PLACEHOLDERS


def order(text: str) -> bool | None:
    """Whether the day comes first in a date of numbers that settles it (``27/05/2017``); None for any other."""
    day_first, month_first = read(text, True), read(text, False)
    numbers = _NUMBERS.search(text)
    if not numbers or day_first != month_first or day_first is None or numbers[1] == numbers[2]:
        return None
    return int(numbers[1]) > 12


_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[-/](\d{1,2})[-/]\d{4}(?!\d)")


def _tidy(text: str) -> str:
    """Single blanks, letters composed, digits as ASCII has them, without marks of direction."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = "".join(
            str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
            for letter in text
            if unicodedata.category(letter) != "Cf"
        )
    return " ".join(text.split()).strip(" .,;|")


def _stamped(text: str) -> str | None:
    """The date that a string is as a program writes it; None where it is none."""
    for form in _STAMPS:
        if date := form.fullmatch(text):
            parts = date.groupdict()
            if short := parts.pop("short_year", None):
                # RFC 2822, 4.3
                parts["year"] = str(int(short) + (2000 if int(short) < 50 else 1900))
            parts["day"] = parts.get("day") or parts.pop("day_before", None)
            parts["month"] = parts.get("month") or parts.pop("month_after", None)
            return _iso(parts)
    return None


def _elsewhere(text: str, day_first: bool | None) -> str | None:
    """The date that a string is in a language other than English; None where it is none."""
    for form in _ELSEWHERE:
        if date := form.fullmatch(text):
            parts = date.groupdict()
            weekdays = filter(None, (parts.get("weekday"), parts.get("weekday_after")))
            if not all(map(date_names.is_weekday, weekdays)):
                continue
            if name := parts.pop("month", None):
                number = date_names.month(name)
                if number is None:
                    continue
                parts["number"] = str(number)
            if noon := parts.pop("noon", None):
                parts["half"] = "pm" if noon in ("下午", "午後", "오후") else "am"
            if parts.get("hour") and parts.get("minute") is None and noon is None and "noon" in date.groupdict():
                parts["minute"] = "0"
            return _iso(parts, day_first)
    return None


def _iso(parts: dict[str, str | None], day_first: bool | None = None) -> str | None:
    first, second = _ordered(parts, day_first)
    year, month = int(parts["year"] or 0), _month(parts) or second
    day = int(parts.get("day") or 0) or first
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
    number = parts.get("number")
    return int(number) if number else None


def _ordered(parts: dict[str, str | None], day_first: bool | None) -> tuple[int | None, int | None]:
    """Day and month of two numbers: by which of them can be the month, by the full stops, or as is known."""
    first, second = int(parts.get("first") or 0), int(parts.get("second_number") or 0)
    if not first or not second:
        return None, None
    if first == second or first > 12 or parts.get("mark") == ".":
        return first, second
    if second > 12:
        return second, first
    return (None, None) if day_first is None else (first, second) if day_first else (second, first)


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
    zone = re.sub(r"^(?:gmt|utc)(?=[+-])", "", (zone or "").strip("()").lower())
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        if int(digits[:2]) > 15 or int(digits[2:]) > 59:
            raise ValueError("no such offset")
        return f"{zone[0]}{digits[:2]}:{digits[2:]}"
    return ZONES.get(zone, "")
