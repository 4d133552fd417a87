"""Values out of what pages, records and files say of themselves: lines of text, dates, languages, addresses.

Conventions: what is not understood is None. Dates are ISO 8601, as precise as they are given; languages BCP 47 tags.
"""

import datetime
import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from allegedly.builders.readers import _languages
from allegedly.builders.text import dates

#: Entities as an address has them: ``&copy=`` is a parameter there.
_CLOSED_ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,31};")

#: What stands for a value that is not there: as pandas, R, SQL and spreadsheets write it.
MISSING = frozenset(
    ("", "nan", "NaN", "NAN", "-nan", "-NaN", "NA", "<NA>", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "NULL", "null", "Null",
     "(null)", "[null]", "None", "none", "NaT", "nil", "\\N", "#NULL!", "1.#QNAN", "-1.#IND", "1.#IND", "-1.#QNAN")
)  # fmt: skip


def line(text: str) -> str:
    """One line of text: entities resolved, white space as single blanks, without half surrogates."""
    if "&" in text:
        address = text.lstrip()[:8].lower().startswith(("http://", "https://")) and not re.search(r"\s", text.strip())
        text = _unescaped(_unescaped(text)) if address else html.unescape(html.unescape(text))
    return " ".join(text.encode("utf-8", "ignore").decode("utf-8").replace("\u200b", "").replace("\xad", "").split())


def _unescaped(address: str) -> str:
    return _CLOSED_ENTITY.sub(lambda entity: html.unescape(entity[0]), address)


def letters(text: str) -> str:
    """Nothing but letters and digits, without case: what two ways of writing a title have in common."""
    return re.sub(r"[\W_]+", "", text).casefold()


_TITLE_AND_SITE = re.compile(r"(.+\S)\s+[|–—·-]\s+(\S.*)", re.S)


def without_outlet(title: str, outlet: str | None) -> str:
    """A title without the name of its outlet behind a bar or dash, as aggregators write it. The name is the whole rest."""
    parts = _TITLE_AND_SITE.fullmatch(title)
    if not parts or not outlet:
        return title
    named, site = (letters(re.sub(r"^the\s", "", name, flags=re.I)) for name in (outlet, parts[2]))
    return parts[1] if named and named == site else title


def web_address(link: str, base: str | None) -> str | None:
    """The address in a link, which may be relative to ``base``; None for what leads to no web page."""
    try:
        address = urljoin(base, link.strip()) if base and "://" in base else link.strip()
        parts = urlsplit(address)
    except ValueError:
        return None
    return line(address) if parts.scheme in ("http", "https") and parts.netloc else None


def first_line(value: Any) -> str | None:
    """One line out of what may stand in a place of JSON: a text, a list of them, an object with a name."""
    if isinstance(value, list):
        return next(filter(None, map(first_line, value[:20])), None)
    if isinstance(value, dict):
        return first_line(value.get("name") or value.get("@value") or value.get("@id") or value.get("url"))
    if not isinstance(value, str):
        return None
    return line(re.sub(r"<[^<>]{0,500}>", "", value)) or None


def language(written: str | None) -> str | None:
    """A BCP 47 tag out of ``en_GB``, ``eng``, ``English`` and the like; None for what is no language that we know."""
    return _languages.tag(written) if written else None


_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


def date(value: Any, day_first: bool | None = None) -> str | None:
    """A date of a page or record as ISO 8601, as precise as it is given; None where there is none. ``day_first``: whether
    the day comes before the month in ``5/6/2017``; None where that is not known."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{9,13}", value.strip())):
        return _epoch(float(value))
    if isinstance(value, dict | list):
        return date(first_line(value), day_first)
    text = " ".join(str(value).split())[:100]
    published = dates.read(text, day_first)
    if not published and (day := _DAY.match(text)):
        published = dates.read(day[0])
    return None if published and dates.is_placeholder(published) else published


def _epoch(number: float) -> str | None:
    if number > 1e11:
        number /= 1000
    if not 1e8 < number < 4e9:
        return None
    return datetime.datetime.fromtimestamp(int(number), datetime.UTC).isoformat().replace("+00:00", "Z")


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_URL_DAY = re.compile(
    rf"/((?:19|20)\d\d)(?:/(\d\d?|{'|'.join(_MONTHS)})/(\d\d?)(?=[/.]|$)|-(\d\d)-(\d\d)(?=[-_/.]|$)|(\d\d)(\d\d)(?=[-_/.]|$))"
)


def day_in_address(url: str) -> str | None:
    """The day in the path of an address: ``/2025/03/11/``, ``/2025/mar/11/``, ``/2025-03-11-swing-bridge``."""
    match = _URL_DAY.search(url.partition("?")[0])
    if not match:
        return None
    year, month, day = (group for group in match.groups() if group)
    month = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    return date(f"{year}-{int(month):02}-{int(day):02}")
