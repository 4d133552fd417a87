"""A date at one end of a line: what it is, and the line without it.

Conventions: words are those of one line, without markup, white space as single spaces. Dates are ISO 8601.
"""

import re

from allegedly.builders.text import date_names, dates

#: A line that is longer is no line about an article.
LONGEST = 200
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\s*,\s+|\s+(?:on|am|vom|le|el|den|il)\s+|\s*\(")
_YEAR = re.compile(r"\d{4}")
_PARTS = re.compile(r"\s*[|•·∙»;\n]\s*|\s+[–—/-]{1,2}\s+|\s+(?=[^\W\d_a-z][^\W\d_]{3,14}:\s)")
#: Dates of such a line are not those of publication.
_NEVER = re.compile(
    r"©|\(c\)|copyright|registriert|mitglied seit|member since|joined|deadline|birth|geboren|isbn|aktuelle zeit|"
    r"expire|valid|gültig|veranstaltung|event|©",
    re.I,
)
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2}\.\d{1,2}\.)([012]\d)(?![\d.])")
_BARE = re.compile(r"[^\W\d_]+")


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
    verb = next(
        (lead for lead in date_names.LEAD.finditer(words) if not words[: lead.start()].strip(" ,;:|")[-1:].isalnum()),
        None,
    ) or re.search(r"\b(?:published|posted|updated|last updated)\b", words, re.I)
    if verb and (iso := dates.read(words[verb.start() :])):
        return words[: verb.start()], iso, _updated(words[verb.start() :])
    return words, None, False


def stages(words: str, *, strict: bool) -> list[tuple[bool, str]]:
    """The dates of a line about an article, in order: whether each is that of an update, and the date. ``strict``: nothing
    but a name or two stands beside a date; else a few words may."""
    if len(words) > LONGEST:
        return []
    if not strict:
        # a line that says that it is a date may have a year of two digits
        words = _SHORT_YEAR.sub(r"\g<1>20\g<2>", words)
    if not _YEAR.search(words) or _NEVER.search(words):
        return []
    stages = []
    for part in _parts(words):
        rest, iso, updated = dated(part)
        if not iso:
            rest, iso, updated = in_midst(part)
        if iso and _may_stand(rest.strip(" ,:|–—-"), strict):
            stages.append((updated, iso))
    return stages


def _parts(words: str) -> list[str]:
    """The pieces of a line with a date each: whole where it is one, else cut at bars and before words for a date."""
    if dates.read(words):
        return [words]
    pieces: list[str] = []
    for part in _PARTS.split(words):
        leads = (lead.start() for lead in date_names.LEAD.finditer(part))
        cuts = sorted({0, *(start for start in leads if not start or part[start - 1] in " ,(")})
        pieces.extend(part[start:end].strip(" ,(") for start, end in zip(cuts, [*cuts[1:], len(part)], strict=True))
    return [piece for piece in pieces if piece]


def in_midst(words: str) -> tuple[str, str | None, bool]:
    """A line without the day that stands in its midst, the day, and whether it is that of an update."""
    pieces = words.split()
    for start in range(len(pieces)):
        for end in range(min(len(pieces), start + 7), start, -1):
            written = " ".join(pieces[start:end])
            if len(written) > 7 and _YEAR.search(written) and len(iso := dates.read(written.strip("()")) or "") > 7:
                return " ".join([*pieces[:start], *pieces[end:]]), iso, _updated(written)
    return words, None, False


def _may_stand(rest: str, strict: bool) -> bool:
    """Whether words may stand beside a date: a few, names rather than a sentence."""
    named = _BARE.findall(rest)
    if re.search(r"[.!?](?:\s|$)", rest) and len(named) > 3:
        return False
    lower = sum(word.islower() for word in named)
    return len(named) <= (4 if strict else 10) and (not strict or lower <= 1)


def _updated(words: str) -> bool:
    lead = date_names.LEAD.match(words.lstrip(" (,;|"))
    return bool(lead and lead["updated"])
