"""Records on the spool: articles with their votes, or with settled labels, as lines of JSON.

Conventions: a place says in which file a line stands and where; files are named from the folder of the build on.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from allegedly.builders.annotations.votes import ScoredVote
from allegedly.schemas.records import Article, Labels, Origin, Record, Rejected, Sentence

#: So many files are kept open for reading.
OPEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record's line stands: a file below the folder of the build, and bytes of it."""

    file: str
    offset: int
    length: int


@dataclass(slots=True)
class Spooled:
    """Reads records by their places."""

    folder: Path
    _open: dict[str, int] = field(default_factory=dict)

    def line(self, place: Place) -> bytes:
        """The bytes of a line: equal lines are equal articles with equal labels. OSError where it is not whole."""
        data = os.pread(self._descriptor(place.file), place.length, place.offset)
        if len(data) != place.length:
            raise OSError(f"{self.folder / place.file}: ends before byte {place.offset + place.length}")
        return data

    def _descriptor(self, file: str) -> int:
        if file not in self._open:
            if len(self._open) >= OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            self._open[file] = os.open(self.folder / file, os.O_RDONLY | os.O_CLOEXEC)
        return self._open[file]

    def text(self, place: Place) -> str:
        """The text of the article."""
        return str(orjson.loads(self.line(place))["article"]["text"])

    def origin(self, place: Place) -> Origin:
        """Where the article came from."""
        return Origin.from_json(orjson.loads(self.line(place))["article"]["origin"])

    def rejected(self, place: Place, *, stage: str, rule: str, reason: str, detail: dict[str, Any]) -> Rejected:
        """The ledger's line about an article."""
        return Rejected(origin=self.origin(place), stage=stage, rule=rule, reason=reason, detail=detail)

    def article(self, place: Place) -> tuple[Article, list[ScoredVote]]:
        """An article with the votes on it."""
        value = orjson.loads(self.line(place))
        return Article.from_json(value["article"]), [ScoredVote.from_json(vote) for vote in value["votes"]]

    def record(self, place: Place) -> Record:
        """A record whose labels are settled."""
        value = orjson.loads(self.line(place))
        return Record(
            article=Article.from_json(value["article"]),
            labels=Labels.from_json(value["labels"]),
            sentences=tuple(Sentence.from_json(sentence) for sentence in value["sentences"]),
            votes=tuple(ScoredVote.from_json(vote).vote for vote in value["votes"]),
        )

    def close(self) -> None:
        """Closes the files."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()

    def __enter__(self) -> "Spooled":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def article_line(article: dict[str, Any], votes: Iterable[dict[str, Any]]) -> bytes:
    """The line of an article with votes, all of them as JSON."""
    return _line({"article": article, "votes": list(votes)})


def record_line(record: Record) -> bytes:
    """The line of a record whose labels are settled."""
    votes = [ScoredVote(annotator=vote.annotator, labels=vote.labels).to_json() for vote in record.votes]
    sentences = [sentence.to_json(record.article.id) for sentence in record.sentences]
    labels = record.labels.to_json()
    return _line({"article": record.article.to_json(), "votes": votes, "labels": labels, "sentences": sentences})


def _line(value: dict[str, Any]) -> bytes:
    # articles and labels are long, and orjson takes a tenth of the time of json
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
