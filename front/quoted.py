"""Quoted: who is quoted in a release, how often, in how many articles and in which form.

Conventions: what is counted are attributions of speech (of a scheme without acts, all of them), each by its ``speaker``; where
a labeller gave none, by its source. Spellings of one name are joined by the rules of ``RULES`` and by nothing else: nobody's
gender, origin or party is guessed. A speaker is named where the source's kind is a named person or organisation, or where the
speaker is the speaker of such a source elsewhere in the article.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from allegedly.schemas.stored import Release

#: How spellings of one name are joined, in the order in which they are tried.
RULES = (
    "capital letters, accents, full stops, white space and the shape of hyphens and apostrophes do not count",
    "an article before a name does not count",
    "of people, titles before a name and Jr, Sr, II or III behind it do not count",
    "of people, initials between first name and surname do not count",
)
#: What quotations can be grouped by: columns of ``articles``, and parts of the date of publication.
FIELDS = ("outlet", "section", "language", "year", "month")
NAMED = ("named_person", "named_organisation")
UNNAMED = ("unnamed_person", "unnamed_group", "none")
_COLUMNS = ("article_id", "speaker_text", "source_text", "source_kind", "form", "act")
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|dr|prof|sir|dame|lord|lady|rev|hon|sen|rep|gov)\s+)+(?=\S)")
_BEHIND = re.compile(r"[\s,]+(?:jr|sr|ii|iii|iv)$")
_MIDDLE = re.compile(r"(?<=\S)(?:\s+\w)+(?=\s+\w\w)")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)")


class Speaker(TypedDict):
    """Who is quoted: the commonest spelling, all of them, and counts; ``kind`` is the commonest kind of source."""

    name: str
    kind: str | None
    quotations: int
    articles: int
    direct: int
    mixed: int
    indirect: int
    spellings: list[str]


class Group(TypedDict):
    """The quotations of one value of each field: counts by kind of source and by form, shares of 0 to 1, and speakers."""

    of: dict[str, str | None]
    articles: int
    quotations: int
    kinds: dict[str, int]
    forms: dict[str, int]
    unnamed: float | None
    direct: float | None
    speakers: list[Speaker]


@dataclass(slots=True)
class _Said:
    """Quotations of one speaker."""

    spellings: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str | None] = field(default_factory=Counter)
    forms: Counter[str | None] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)


def key(name: str, kind: str | None) -> str:
    """What all spellings of a name share, by ``RULES``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    plain = plain.replace(".", " ").translate({0x2019: "'", 0x2018: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-"})
    plain = " ".join(plain.split())
    plain = _ARTICLE.sub("", plain)
    if kind == "named_person":
        plain = _MIDDLE.sub("", _BEHIND.sub("", _TITLE.sub("", plain)))
    return plain


def quoted(release: "Release", fields: Sequence[str] = (), split: str | None = None) -> list[Group]:
    """Who is quoted in a release or a split of it, for each value of the fields, the largest group first; without fields
    one group. UsageError for a split without rows."""
    from allegedly.schemas.arrow import SPLITS
    from allegedly.schemas.stored import check_split

    if split not in (None, "all"):
        check_split(release.manifest, str(split))
    groups: dict[tuple[str | None, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for name in SPLITS if split in (None, "all") else (str(split),):
        of = _fields(release, fields, name) if fields else {}
        for row in release.rows("attributions", name, _COLUMNS):
            if row["act"] in (None, "speech"):
                groups[of[row["article_id"]] if fields else ()].append(row)
    made = [_group(dict(zip(fields, values, strict=True)), rows) for values, rows in groups.items()]
    return sorted(made, key=lambda group: (-group["quotations"], [value or "" for value in group["of"].values()]))


def _fields(release: "Release", fields: Sequence[str], split: str) -> dict[str, tuple[str | None, ...]]:
    """The values of the fields for each article of a split."""
    columns = ["id", *dict.fromkeys("published" if name in ("year", "month") else name for name in fields)]
    return {row["id"]: tuple(_value(row, name) for name in fields) for row in release.rows("articles", split, columns)}


def _value(row: Mapping[str, Any], name: str) -> str | None:
    if name not in ("year", "month"):
        value: str | None = row[name]
        return value
    published = row["published"] or ""
    length = {"year": 4, "month": 7}[name]
    return published[:length] if len(published) >= length else None


def _group(of: dict[str, str | None], rows: Sequence[Mapping[str, Any]]) -> Group:
    people: dict[str, _Said] = defaultdict(_Said)
    named = _named(rows)
    kinds: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    for row in rows:
        name, kind = _name(row), row["source_kind"]
        kind = named.get((row["article_id"], name), kind) if name else kind
        kinds[kind or "null"] += 1
        forms[row["form"] or "null"] += 1
        if name:
            said = people[key(name, kind)]
            said.spellings[name] += 1
            said.kinds[kind] += 1
            said.forms[row["form"]] += 1
            said.articles.add(row["article_id"])
    count = len(rows)
    return {
        "of": of,
        "articles": len({row["article_id"] for row in rows}),
        "quotations": count,
        "kinds": dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        "forms": dict(sorted(forms.items(), key=lambda item: (-item[1], item[0]))),
        "unnamed": sum(kinds[kind] for kind in UNNAMED) / count if count else None,
        "direct": forms["direct"] / count if count else None,
        "speakers": sorted(map(_speaker, people.values()), key=lambda who: (-who["quotations"], who["name"])),
    }


def _name(row: Mapping[str, Any]) -> str:
    """The speaker; where a scheme has none, the source, but for a pronoun, which names nobody."""
    from allegedly.builders.annotations.drafts import PRONOUNS

    if row["speaker_text"] is not None:
        return " ".join(row["speaker_text"].split())
    name = " ".join((row["source_text"] or "").split())
    return "" if name.casefold() in PRONOUNS else name


def _named(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Speakers that some source of their article names, with the kind of it: "she" of a named person is one too."""
    return {(row["article_id"], _name(row)): row["source_kind"] for row in rows if row["source_kind"] in NAMED}


def _speaker(said: _Said) -> Speaker:
    name = min(said.spellings, key=lambda spelling: (-said.spellings[spelling], spelling))
    return {
        "name": name,
        "kind": min(said.kinds, key=lambda kind: (-said.kinds[kind], kind or "")),
        "quotations": said.spellings.total(),
        "articles": len(said.articles),
        "direct": said.forms["direct"],
        "mixed": said.forms["mixed"],
        "indirect": said.forms["indirect"],
        "spellings": sorted(said.spellings),
    }


def text(groups: Sequence[Group], top: int) -> Iterator[str]:
    """For a reader at a terminal: each group's shares, and who is quoted most, named speakers only."""
    from allegedly.render.columns import aligned

    for place, group in enumerate(groups):
        if place:
            yield ""
        title = ", ".join(f"{name}: {value or 'not said'}" for name, value in group["of"].items())
        yield title or "all articles"
        yield f"{_count(group['quotations'], 'quotation')} in {_count(group['articles'], 'article')}"
        for what, counts in (("sources", group["kinds"]), ("forms", group["forms"])):
            shares = [f"{_percent(count, group['quotations'])} {name}" for name, count in counts.items()]
            yield f"{what}: {', '.join(shares)}"
        named = [who for who in group["speakers"] if who["kind"] in NAMED]
        head = ("", "quotations", "articles", "direct", "mixed", "indirect", "kind")
        rows = [
            (who["name"], *(str(who[column]) for column in head[1:6]), who["kind"] or "")  # type: ignore[literal-required]
            for who in named[:top]
        ]
        if rows:
            yield ""
            yield from aligned([head, *rows])
        if len(named) > top:
            yield f"and {len(named) - top:,} more named speakers"


def csv_rows(groups: Sequence[Group]) -> Iterator[list[str]]:
    """A row for each speaker of each group, with a head."""
    numbers = ("quotations", "articles", "direct", "mixed", "indirect")
    yield [*(groups[0]["of"] if groups else ()), "name", "kind", *numbers, "spellings"]
    for group in groups:
        for who in group["speakers"]:
            counts = (str(who[column]) for column in numbers)  # type: ignore[literal-required]
            yield [
                *(value or "" for value in group["of"].values()),
                who["name"],
                who["kind"] or "",
                *counts,
                " | ".join(who["spellings"]),
            ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"
