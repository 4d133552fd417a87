"""Labelling: articles and their labels straight from files or a text, without a release.

Conventions: articles come in the order of the paths, files of a folder in the order of their names; a file reached
twice comes once, where it is reached first. Ids are bare. Files are read and labelled in workers that may die.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from allegedly.builders.annotations import votes as voting
from allegedly.builders.annotations.merging import merged
from allegedly.builders.labellers import _lookup as labelling
from allegedly.builders.readers._reading import read
from allegedly.builders.sources import workers
from allegedly.builders.sources.find import Source, find
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.schemas import check
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import Article, Labelled, Origin, Record, Rejected
from allegedly.schemas.schema import errors

#: Articles are handed to labellers so many at a time.
BATCH = 16
#: So many reasons are spelt out in an error.
SHOWN = 50


def label(
    *paths: str | os.PathLike, text: str | Iterable[str] | None = None, labellers: str = "rules"
) -> Iterator[Labelled]:
    """The articles in files, or in one or several texts, with their labels: ``.article``, ``.labels``,
    ``.sentences``, ``.to_json()``.

    UsageError, at once, for a path that is missing or a labeller that nobody knows. DataError, after everything else
    has been yielded, where a file gave no article.
    """
    if (text is None) == (not paths):
        raise UsageError("name files or give a text, and not both: label('a.txt') or label(text='...')")
    found = (
        labelled(paths, labellers) if text is None else of_texts([text] if isinstance(text, str) else text, labellers)
    )
    return _or_error(found)


def _or_error(found: Iterator[Record | Rejected]) -> Iterator[Labelled]:
    ledger: list[Rejected] = []
    articles: set[str] = set()
    for value in found:
        if isinstance(value, Rejected):
            ledger.append(value)
        else:
            articles.add(value.article.origin.file_name)
            yield value
    empty = without_article(ledger, articles)
    if empty:
        lines = [f"{line.origin.file_name}: {line.reason}" for line in empty[:SHOWN]]
        more = [f"... and {len(empty) - SHOWN} more"] if len(empty) > SHOWN else []
        raise DataError("\n".join([f"no article in {len(empty)} of the files:", *lines, *more]))


def without_article(ledger: Iterable[Rejected], articles: Iterable[str]) -> list[Rejected]:
    """The lines of the ledger about files that gave no article, one a file; an archive is one with its members."""
    having = {name.partition("!/")[0] for name in articles}
    first: dict[str, Rejected] = {}
    for line in ledger:
        name = line.origin.file_name.partition("!/")[0]
        if name not in having:
            first.setdefault(name, line)
    return list(first.values())


def labelled(
    paths: Iterable[str | os.PathLike],
    labellers: str = "rules",
    *,
    limits: Limits | None = None,
    count: int | None = None,
) -> Iterator[Record | Rejected]:
    """Articles with their labels and ledger entries, in the order of the paths. UsageError, at once, for a path that
    is missing or a labeller that nobody knows."""
    limits = limits or Limits()
    chosen = labelling.resolve(labellers)
    named = list(paths)
    files = list(find(named))
    return _of_files(_ordered(files, named), chosen, limits, count or _cores())


def _of_files(
    files: Sequence[Source | Rejected], labellers: Sequence[Any], limits: Limits, count: int
) -> Iterator[Record | Rejected]:
    yield from (value for value in files if isinstance(value, Rejected))
    todo = [value for value in files if isinstance(value, Source)]

    def task(source: Source, beat: Any) -> list[Record | Rejected]:
        return list(_of_file(source, labellers, limits, beat))

    for source, result in workers.guarded(task, todo, workers=min(count, len(todo)), limits=limits):
        if isinstance(result, workers.Failed):
            origin = Origin(file_name=source.file_name, sha256=_sha256(source))
            yield Rejected(origin=origin, stage="read", rule=result.rule, reason=result.reason, detail=result.detail)
        else:
            yield from result


def _of_file(source: Source, labellers: Sequence[Any], limits: Limits, beat: Any) -> Iterator[Record | Rejected]:
    waiting: list[Article] = []
    for value in read(source, limits=limits, beat=beat):
        beat()
        if isinstance(value, Rejected):
            yield value
            continue
        waiting.append(value)
        if len(waiting) == BATCH:
            yield from records(waiting, labellers)
            waiting = []
            beat()
    yield from records(waiting, labellers)


def of_texts(texts: Iterable[str], labellers: str = "rules") -> Iterator[Record | Rejected]:
    """Texts read as text files are, each with its labels; ``origin.record`` counts them where there are several."""
    return _of_texts(list(texts), labelling.resolve(labellers))


def _of_texts(texts: Sequence[str], labellers: Sequence[Any]) -> Iterator[Record | Rejected]:
    from allegedly.builders.readers.text import of_text

    for number, text in enumerate(texts):
        origin = Origin(
            file_name="text",
            record=number if len(texts) > 1 else None,
            media_type="text/plain",
            reader="text",
        )
        try:
            origin = Origin(**{**origin.to_json(), "sha256": hashlib.sha256(text.encode()).hexdigest()})
            if not text.strip():
                raise Refused("empty-file", "holds nothing but white space")
            article = of_text(text, origin)
        except UnicodeEncodeError:
            yield Refused("lone-surrogate", "holds half of a surrogate pair, which is no character").rejected(origin)
            continue
        except Refused as refused:
            yield refused.rejected(origin)
            continue
        yield from records([article], labellers)


def records(articles: Sequence[Article], labellers: Sequence[Any]) -> Iterator[Record | Rejected]:
    """Each article with what the labellers found, or why their labels cannot stand."""
    for article, votes in zip(articles, voting.votes(articles, labellers), strict=True):
        if isinstance(votes, Rejected):
            yield votes
            continue
        record = merged(article, votes)
        wrong = next(_wrong(record), None)
        if wrong is None:
            yield record
        else:
            path, found, expected = wrong
            reason = f"its labels are not valid: {path}: found {found}, expected {expected}"
            yield Refused("invalid-labels", reason, path=path).rejected(article.origin, "label")


def _wrong(record: Record) -> Iterator[tuple[str, str, str]]:
    """What of a record cannot stand."""
    value = record.to_json()
    article = record.article
    yield from errors("prediction", value)
    blocks = value["article"]["blocks"]
    yield from check.labels(value["labels"], article.text, markup=article.markup, blocks=blocks)


def _ordered(files: Sequence[Source | Rejected], named: Sequence[str | os.PathLike]) -> list[Source | Rejected]:
    """Files by the first path that they were reached by, else in their order."""
    roots = [os.path.realpath(path) for path in named]

    def rank(value: Source | Rejected) -> int:
        if isinstance(value, Rejected):
            return 0
        real = os.path.realpath(value.path)
        return next((at for at, root in enumerate(roots) if real == root or real.startswith(root.rstrip("/") + "/")), 0)

    return sorted(files, key=rank)


def _sha256(source: Source) -> str | None:
    try:
        with Path(source.path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
