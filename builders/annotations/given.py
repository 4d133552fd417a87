"""What an importer gives that reads labels of articles which a release holds already.

Conventions: an importer of this sort has ``annotations(path, articles)``, which yields for each article of a file or
folder what stands there of it (``Given``), a ``Problem`` for each thing that cannot be read, with file and line, and a
``Note`` for what may be a slip and costs nothing. An article with a problem is not given. ``by``, ids and surface texts
are filled in by whoever takes it. ``OPTIONS`` are what ``annotations`` takes further by name, text each, with a sentence.
``SUBMITTED = False`` says that no file tells what somebody looked at: the option ``approved`` does, and is not handed on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from allegedly.schemas.derive import text_sha256
from allegedly.schemas.errors import UsageError
from allegedly.schemas.paths import files_below
from allegedly.schemas.records import LAYERS, Article, Labels, Problem
from allegedly.schemas.schema import shortened

#: So many of the articles that there are stand in a message about one that is not.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Given:
    """The labels of an article as a file gives them; a layer that it does not cover is None. ``layers`` become annotated
    where nobody names others."""

    file: str
    article: Article
    labels: Labels
    layers: tuple[str, ...] = LAYERS


#: The option of importers whose files do not say what somebody submitted; see ``approved``.
APPROVED = {"approved": "yes: all was looked at, so that articles that come back as a program labelled them count too"}


def approved(value: str | None) -> bool:
    """Whether whoever labelled says to have looked at all that a file holds. UsageError for another word than yes."""
    if value not in (None, "yes"):
        raise UsageError(f"--option approved={shortened(value, 40)}: expected approved=yes, or no such option")
    return value == "yes"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that holds and may yet be a slip: it is told, and costs nothing."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: note: {self.message}"


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of a release by all that a file may call them."""

    by_id: Mapping[str, Article]
    by_place: Mapping[tuple[str, int | None], tuple[Article, ...]]
    by_source_id: Mapping[str, tuple[Article, ...]]
    by_text: Mapping[str, tuple[Article, ...]]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> "Articles":
        """The articles in order of id."""
        by_id: dict[str, Article] = {}
        by_place: dict[tuple[str, int | None], tuple[Article, ...]] = {}
        by_source_id: dict[str, tuple[Article, ...]] = {}
        by_text: dict[str, tuple[Article, ...]] = {}
        for article in sorted(articles, key=lambda article: article.id):
            by_id[article.id] = article
            place = article.origin.file_name, article.origin.record
            by_place[place] = (*by_place.get(place, ()), article)
            if article.source_id is not None:
                by_source_id[article.source_id] = (*by_source_id.get(article.source_id, ()), article)
            sha256 = text_sha256(article.text)
            by_text[sha256] = (*by_text.get(sha256, ()), article)
        return cls(by_id, by_place, by_source_id, by_text)

    def records(self, file_name: str) -> list[int]:
        """The numbers of the articles that come from one file of several."""
        return sorted(record for name, record in self.by_place if name == file_name and record is not None)

    def shown(self) -> str:
        """Some of the ids, for a message."""
        names = list(self.by_id)
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more


def files(path: Path, pattern: str) -> Iterator[Path | Problem]:
    """A file as it is; of a folder all files below it that a pattern names, in order, or a Problem where there is none."""
    if not path.is_dir():
        yield path
        return
    inner = [each for each in files_below(path, pattern) if each.is_file()]
    yield from inner
    if not inner:
        yield Problem(file=str(path), found=f"a folder without any {pattern}", expected=f"files {pattern} in it")


def text(path: Path) -> str | Problem:
    """The text of a file, line ends as ``\\n``, or what is wrong with it."""
    words = verbatim(path)
    return (
        words if isinstance(words, Problem) else words.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    )


def verbatim(path: Path) -> str | Problem:
    """All that a file holds, line ends and byte order mark too, or what is wrong with it."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        return Problem(file=str(path), found=f"a file that cannot be read: {error.strerror}", expected="one that can")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Problem(file=str(path), line=line, found=f"byte {error.start}, which is no UTF-8", expected="UTF-8")
