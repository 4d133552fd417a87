"""A date at one end of a line: what it is, and the line without it.

Conventions: words are those of one line, without markup, white space as single spaces. Dates are ISO 8601.
"""

import re

from allegedly.builders.text import dates

#: A line that is longer is no line about an article.
LONGEST = 200
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\s*,\s+|\s+on\s+|\s*\(")
_YEAR = re.compile(r"\d{4}")


def dated(words: str) -> tuple[str, str | None, bool]:
    """A line without the date in it, the date, and whether it is that of an update. The date stands at an end."""
    if len(words) > LONGEST or not _YEAR.search(words):
        return words, None, False
    cuts = [(mark.start(), mark.end()) for mark in _SEPARATOR.finditer(words)]
    for start, end in [(0, 0), *cuts][:12]:
        if iso := dates.read(words[end:].rstrip(")")):
            return words[:start], iso, _updated(words[end:])
    for start, end in reversed(cuts[:12]):
        if iso := dates.read(words[:start]):
            return words[end:], iso, _updated(words[:start])
    # a word such as "Published" may stand before the date without a mark between
    verb = re.search(r"\b(?:published|posted|updated|last updated)\b", words, re.I)
    if verb and (iso := dates.read(words[verb.start() :])):
        return words[: verb.start()], iso, _updated(words[verb.start() :])
    return words, None, False


def _updated(words: str) -> bool:
    return bool(re.match(r"\W*(?:last\s+)?(?:updated|modified|update)", words, re.I))
