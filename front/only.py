"""Only: the articles and sentences of a release that a file names, as ``allegedly sample`` prints them.

Conventions: JSON Lines, each an object with ``article_id`` and perhaps ``sentence_id``; what else it holds, as the
probability of the draw, decides nothing here. A sentence names its article too. Gzip is unpacked.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from allegedly.schemas import stored, unpacking
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.paths import readable
from allegedly.schemas.prediction_files import parsed
from allegedly.schemas.records import Record
from allegedly.schemas.schema import shortened

#: Names that an error spells out.
SHOWN = 5
_EXPECTED = 'expected {"article_id": "...", "sentence_id": "..." or null}; `allegedly sample` writes such files'


def only(records: Iterable[Record], articles: Mapping[str, frozenset[str]]) -> Iterator[Record]:
    """The records of articles that ``chosen`` found."""
    return (record for record in records if record.article.id in articles)


def chosen(path: str, release: stored.Release, split: str | None = None) -> dict[str, frozenset[str]]:
    """The articles that a file names, each with the ids of its sentences that are named, none where it is named as a whole.
    DataError for a line that names nothing; UsageError for what the release does not know, and where nothing lies in the
    split."""
    named = _read(path)
    split_of: dict[str, str] = {}
    sentences: set[str] = set()
    for name in SPLITS:
        split_of |= {row["id"]: name for row in release.rows("articles", name, ["id"]) if row["id"] in named}
        if any(named.values()):
            rows = release.rows("sentences", name, ["id", "article_id"])
            sentences |= {row["id"] for row in rows if row["id"] in named.get(row["article_id"], ())}
    known = {*split_of, *sentences}
    unknown = [name for article, inner in named.items() for name in (article, *sorted(inner)) if name not in known]
    if unknown:
        more = f" and {len(unknown) - SHOWN:,} more" if len(unknown) > SHOWN else ""
        names = ", ".join(shortened(name) for name in unknown[:SHOWN])
        raise UsageError(
            f"--only {readable(path)}: names {names}{more}, which {release.folder} does not hold; name the release that the "
            "file was drawn from"
        )
    if split not in (None, "all") and split not in split_of.values():
        raise UsageError(f"--only {readable(path)}: names no article of the split {split!r}; leave --split out")
    return {article: frozenset(inner) for article, inner in named.items()}


def _read(path: str) -> dict[str, set[str]]:
    """Sentences by article."""
    named: dict[str, set[str]] = {}
    whole: set[str] = set()
    for number, value, fault in _lines(path):
        article, sentence = _names(value)
        if article is None or (sentence is not None and not sentence.startswith(f"{article}:")):
            where = f"--only {readable(path)}, line {number}"
            raise DataError(f"{where}: found {fault or shortened(value)}, {_EXPECTED}")
        named.setdefault(article, set()).update(() if sentence is None else (sentence,))
        if sentence is None:
            whole.add(article)
    if not named:
        raise DataError(f"--only {readable(path)}: has no lines; {_EXPECTED}")
    return {article: set() if article in whole else sentences for article, sentences in named.items()}


def _lines(path: str) -> Iterator[tuple[int, Any, str | None]]:
    """The number of each line that is not blank, the value that it holds, or what is wrong with it."""
    file = Path(path)
    if not file.exists() or file.is_dir():
        raise UsageError(f"--only {readable(path)}: no such file; {_EXPECTED}")
    number = 1
    try:
        with unpacking.stream(file) as stream:
            for number, line in enumerate(unpacking.lines(stream), 1):
                if line.strip():
                    yield number, *parsed(line)
    except unpacking.Broken as broken:
        yield number, None, broken.finding.found


def _names(value: Any) -> tuple[str | None, str | None]:
    """The article and the sentence that a line names; no article where it names none as it should."""
    article, sentence = (value.get("article_id"), value.get("sentence_id")) if isinstance(value, dict) else (None, None)
    right = isinstance(article, str) and article and (sentence is None or isinstance(sentence, str))
    return (article, sentence) if right else (None, None)
