"""The spool: records on disk between reading and writing, and a small entry in memory for each.

Conventions: one file of JSON lines a process; an entry says where its line stands. Lines that no entry names (their
process died) are never read.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allegedly.builders.annotations.votes import ScoredVote
from allegedly.builders.arrange.duplicates import signature
from allegedly.schemas.records import Article, Labels, Origin, Record, Sentence

#: Keys that tie two articles together where one refers to the other, and those by which a recipe may group.
GROUPINGS = ("author", "outlet", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article: its bare id, where it came from (sort key), where its line stands, and what ties it to others.

    ``offers`` and ``refers`` are hashes of the addresses that it has, and of the first publication that it names.
    """

    id: str
    origin: tuple[str, int, str]
    file: str
    offset: int
    length: int
    signature: bytes
    offers: tuple[int, ...] = ()
    refers: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    source_id: str | None = None
    split: str | None = None


class Spool:
    """Writes to a file of its own in each process, reads from all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pid = 0
        self._out: Any = None
        self._in: dict[str, Any] = {}

    def add(self, article: Article, votes: list[dict[str, Any]], group_by: Iterable[str] = ()) -> Entry:
        """Writes one article with its votes, as JSON, and returns its entry."""
        value = {"article": article.to_json(), "votes": votes}
        return self._added(article, value, group_by)

    def add_record(self, record: Record) -> Entry:
        """Writes a record whose labels are settled, and whose split may be."""
        return self._added(record.article, _record_json(record), (), record.split)

    def _added(self, article: Article, value: dict, group_by: Iterable[str], split: str | None = None) -> Entry:
        line = _line(value)
        if self._pid != os.getpid():
            self._pid, self._out = os.getpid(), (self.folder / f"{os.getpid()}.jsonl").open("ab")
        offset = self._out.tell()
        self._out.write(line)
        self._out.flush()
        offers, refers = addresses(article)
        return Entry(
            id=article.id.partition("-")[0],
            origin=order(article),
            file=f"{self._pid}.jsonl",
            offset=offset,
            length=len(line),
            signature=signature(article.text),
            offers=offers,
            refers=refers,
            keys=tuple(
                sorted({*_address(article.url), *(key for name in group_by for key in _grouping(article, name))})
            ),
            source_id=article.source_id,
            split=split,
        )

    def line(self, entry: Entry) -> bytes:
        """The bytes of an entry's line: equal lines are equal articles with equal labels."""
        if entry.file not in self._in:
            self._in[entry.file] = (self.folder / entry.file).open("rb")
        # a position of its own for each reading: workers share the open file
        return os.pread(self._in[entry.file].fileno(), entry.length, entry.offset)

    def origin(self, entry: Entry) -> Origin:
        return Origin.from_json(json.loads(self.line(entry))["article"]["origin"])

    def text(self, entry: Entry) -> str:
        return json.loads(self.line(entry))["article"]["text"]

    def read(self, entry: Entry) -> tuple[Article, list[ScoredVote]]:
        value = json.loads(self.line(entry))
        return Article.from_json(value["article"]), [ScoredVote.from_json(vote) for vote in value["votes"]]

    def read_record(self, entry: Entry) -> Record:
        """What ``add_record`` wrote."""
        value = json.loads(self.line(entry))
        return Record(
            article=Article.from_json(value["article"]),
            labels=Labels.from_json(value["labels"]),
            sentences=tuple(Sentence.from_json(sentence) for sentence in value["sentences"]),
            votes=tuple(ScoredVote.from_json(vote).vote for vote in value["votes"]),
        )

    def close(self) -> None:
        for file in (*self._in.values(), *filter(None, (self._out,))):
            file.close()
        self._in, self._out, self._pid = {}, None, 0


def _record_json(record: Record) -> dict[str, Any]:
    votes = [ScoredVote(annotator=vote.annotator, labels=vote.labels).to_json() for vote in record.votes]
    sentences = [sentence.to_json(record.article.id) for sentence in record.sentences]
    labels = record.labels.to_json()
    return {"article": record.article.to_json(), "votes": votes, "labels": labels, "sentences": sentences}


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def order(article: Article) -> tuple[str, int, str]:
    """By what exact copies are sorted: file name, record (none first), hash of the file."""
    origin = article.origin
    return (origin.file_name, -1 if origin.record is None else origin.record, origin.sha256 or "")


def _hashed(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest(), "big")


def addresses(article: Article) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where an article is published, and where it says that it was published first."""
    original = article.original
    offers = {*_address(article.url), *_title(article.outlet, article.title)}
    refers = set() if original is None else {*_address(original.url), *_title(original.outlet, article.title)}
    return tuple(sorted(offers)), tuple(sorted(refers))


def _address(url: str | None) -> Iterator[int]:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return
    path = parts.path.rstrip("/")
    # an outlet's front page is the address of no article
    if parts.netloc and (path or parts.query):
        yield _hashed("url", parts.netloc.casefold().removeprefix("www."), path, parts.query)


def _title(outlet: str | None, title: str | None) -> Iterator[int]:
    if outlet and title:
        yield _hashed("title", _folded(outlet), _folded(title))


def _grouping(article: Article, name: str) -> Iterator[int]:
    found = {
        "author": article.authors,
        "outlet": (article.outlet,),
        "day": ((article.published or "")[:10],),
    }[name]
    for value in found:
        if value and (name != "day" or len(value) == 10):
            yield _hashed(name, _folded(value))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
