"""Asking: the articles that stay in a release, handed one by one to labellers that are systems.

Conventions: it runs in the process of the build, behind arranging, so that nothing is asked about an article that is
dropped, and one budget and one cache serve them all. Votes lie in the build's folder; an index says where, by final id.
Whether they are asked again when a build goes on is for the cache of answers to say.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from allegedly.builders.annotations.votes import ScoredVote, answered
from allegedly.builders.arrange.arrange import Arranged
from allegedly.builders.arrange.placing import placed_rows
from allegedly.builders.disk import on_disk
from allegedly.builders.sources.limits import Limits
from allegedly.builders.spool.records import Place, Spooled
from allegedly.builders.systems import Asked
from allegedly.builders.watch import Watch
from allegedly.schemas.arrow import SPLITS
from allegedly.schemas.errors import DataError
from allegedly.schemas.records import Article, Rejected

FOLDER = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredVote:
    """Where a system's vote on an article stands, from the folder of the build on, and the hash of its line."""

    file: str
    offset: int
    length: int
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """What a task needs to read it elsewhere."""
        return asdict(self)

    def read(self, work: Path) -> ScoredVote:
        """The vote."""
        with (work / self.file).open("rb") as file:
            file.seek(self.offset)
            return ScoredVote.from_json(orjson.loads(file.read(self.length)))


#: By final id of an article: the votes of systems on it.
Answers = dict[str, list[AnsweredVote]]


def asked(
    placed: Arranged,
    systems: Sequence[Asked],
    work: Path,
    limits: Limits,
    watch: Watch,
    reject: Callable[[Rejected], None],
) -> Answers:
    """What systems say of every article that stays. DataError where one stays dead, its budget is spent, or it labelled
    nothing: the release would look as if it had been labelled."""
    answers: Answers = {}
    total = sum(placed.articles.values())
    for number, system in enumerate(systems):
        name = f"{FOLDER}/{number}.jsonl"
        with Spooled(work) as spooled, on_disk(work):
            (work / FOLDER).mkdir(exist_ok=True)
            with (work / name).open("wb") as file:
                articles = _articles(placed, spooled)
                for answer in watch.steps(system.label(articles), total, f"asking {system.name}"):
                    vote, lines = answered(answer, system, limits)
                    for line in lines:
                        reject(line)
                    if vote is not None:
                        line_ = orjson.dumps(vote.to_json(), option=orjson.OPT_APPEND_NEWLINE)
                        place = AnsweredVote(
                            file=name,
                            offset=file.tell(),
                            length=len(line_),
                            sha256=hashlib.sha256(line_).hexdigest(),
                        )
                        file.write(line_)
                        answers.setdefault(answer[0].id, []).append(place)
        if total and not any(vote.file == name for votes in answers.values() for vote in votes):
            raise DataError(f"{system.name}: labelled none of {total} articles; the first reasons stand above")
    return answers


def _articles(placed: Arranged, spooled: Spooled) -> Iterator[Article]:
    """The articles that stay, range by range, under their final ids."""
    for folder in placed.folders:
        for split in SPLITS:
            table = placed_rows(Path(folder), split)
            for row in [] if table is None else table.to_pylist():
                article, _ = spooled.article(Place(file=row["file"], offset=row["offset"], length=row["length"]))
                yield replace(article, id=row["id"])
