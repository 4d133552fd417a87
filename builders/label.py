"""Labelling: articles and their labels straight from files or a text, without a release.

Conventions: articles come in the order of the paths, files of a folder in the order of their names; a file reached
twice comes once, where it is reached first. Ids are bare. Files are read and labelled in workers that may die.
"""

import hashlib
import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from allegedly.builders.annotations.merging import merged
from allegedly.builders.annotations.votes import OF_A_LABELLER, Voted, with_answers
from allegedly.builders.annotations.votes import labelled as labelled_articles
from allegedly.builders.gate.admission import Admission, admitted
from allegedly.builders.labellers._lookup import Labeller, resolve
from allegedly.builders.readers._reading import read
from allegedly.builders.recipe import Input
from allegedly.builders.sources import workers
from allegedly.builders.sources.contents import DEFAULT, lost
from allegedly.builders.sources.find import Named, Source, find
from allegedly.builders.sources.limits import Limits, Refused
from allegedly.builders.sources.pipes import named, poured
from allegedly.builders.sources.workers import Beat, cores
from allegedly.builders.systems import Asking, Connect, connected, parted
from allegedly.builders.text.blank import is_blank
from allegedly.schemas.errors import DataError, UsageError
from allegedly.schemas.records import Article, Labelled, Origin, Record, Rejected

#: So many reasons are spelt out in an error.
SHOWN = 50


def label(
    *paths: str | os.PathLike[str],
    text: str | Iterable[str] | None = None,
    labellers: str = "rules",
    connect: Connect | None = None,
    asking: Asking | None = None,
) -> Iterator[Labelled]:
    """The articles in files, or in one or several texts, with their labels: ``.article``, ``.labels``,
    ``.sentences``, ``.to_json()``. ``connect`` and ``asking`` are for labellers that are systems: the front door hands them in.

    UserWarning for a labeller that fails on an article: its layers are null. UsageError, at once, for a path that is
    missing or a labeller that nobody knows. DataError, after everything else has been yielded, where a file gave no
    article.
    """
    if (text is None) == (not paths):
        raise UsageError("name files or give a text, and not both: label('a.txt') or label(text='...')")
    how = Labellers(labellers, connect, asking or Asking())
    texts = [text] if isinstance(text, str) else text
    return _or_error(labelled(paths, how) if texts is None else of_texts(texts, how))


@dataclass(frozen=True, slots=True)
class Labellers:
    """Labellers by their specification, and how those of them are asked that are systems. ``say`` is told what is worth
    a line."""

    spec: str = "rules"
    connect: Connect | None = None
    asking: Asking = field(default_factory=Asking)
    say: Callable[[str], None] = lambda message: None

    @property
    def local(self) -> tuple[Labeller, ...]:
        """Those that run in workers. UsageError for one that nobody knows."""
        local, systems = parted(self.spec)
        return resolve(local) if local or not systems else ()

    @property
    def systems(self) -> tuple[str, ...]:
        """Those that are systems."""
        return parted(self.spec)[1]

    def merged(
        self, values: Generator[Record | Voted | Rejected, None, None], limits: Limits
    ) -> Iterator[Record | Rejected]:
        """Each article with its labels, those of systems too; votes are merged here where systems have some."""
        with closing(values), connected(self.systems, self.connect, self.asking, self.say) as systems:
            answered: Iterator[Voted | Record | Rejected] = with_answers(values, systems, limits)
            for value in answered:
                if isinstance(value, Voted):
                    yield merged(value.article, value.votes)
                else:
                    yield value


def _or_error(records_: Iterator[Record | Rejected]) -> Iterator[Labelled]:
    ledger: list[Rejected] = []
    articles: set[str] = set()
    for value in records_:
        if isinstance(value, Rejected):
            ledger.append(value)
            if value.rule in OF_A_LABELLER:
                warnings.warn(f"{value.origin.file_name}: {value.reason}", stacklevel=3)
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
    paths: Iterable[str | os.PathLike[str]],
    labellers: str | Labellers = "rules",
    *,
    limits: Limits | None = None,
    count: int | None = None,
    input_: Input | None = None,
) -> Iterator[Record | Rejected]:
    """Articles with their labels and ledger entries, in the order of the paths; ``-`` is standard input. UsageError, at
    once, for a path that is missing or a labeller that nobody knows."""
    input_, limits = input_ or Input(), limits or Limits()
    how = labellers if isinstance(labellers, Labellers) else Labellers(labellers)
    sources = named(paths, input_.files_from)
    label_ = _Label(how.local, bool(how.systems), limits, Admission.of(input_))
    return how.merged(_of_sources(sources, label_, count or cores(), input_), limits)


@dataclass(frozen=True, slots=True)
class _Label:
    """The task of a worker: the articles in a file with their labels, or, where systems label too, with their votes."""

    labellers: Sequence[Labeller]
    votes: bool
    limits: Limits
    admission: Admission

    def __call__(self, source: Source, beat: Beat) -> list[Record | Voted | Rejected]:
        articles = admitted(read(source, limits=self.limits, beat=beat), self.admission)
        return list(self.labelled(articles, beat))

    def labelled(
        self, articles: Iterable[Article | Rejected], beat: Beat
    ) -> Generator[Record | Voted | Rejected, None, None]:
        make = labelled_articles if self.votes else records
        yield from make(articles, self.labellers, beat, self.limits)


def _of_sources(
    sources: Sequence[Named | str], label_: _Label, count: int, input_: Input
) -> Generator[Record | Voted | Rejected, None, None]:
    with TemporaryDirectory(prefix="allegedly-") as folder:
        whole = poured(sources, Path(folder, "poured"), label_.limits)
        chosen = [file for file in find(whole) if input_.choice.takes(_name(file))]
        files = _ordered(chosen, [source if isinstance(source, str) else source.path for source in whole])
        yield from _of_files(files, label_, count)


def _name(file: Source | Rejected) -> str:
    return file.file_name if isinstance(file, Source) else file.origin.file_name


def _of_files(files: Sequence[Source | Rejected], label_: _Label, count: int) -> Iterator[Record | Voted | Rejected]:
    yield from (value for value in files if isinstance(value, Rejected))
    todo = [value for value in files if isinstance(value, Source)]

    guarded = workers.guarded(label_, todo, workers=min(count, len(todo)), limits=label_.limits)
    for source, outcome in guarded:
        if isinstance(outcome, workers.Failed):
            yield lost(source, outcome).line
        else:
            yield from outcome


def of_texts(texts: Iterable[str], labellers: str | Labellers = "rules") -> Iterator[Record | Rejected]:
    """Texts read as text files are, each with its labels; ``origin.record`` counts them where there are several."""
    how = labellers if isinstance(labellers, Labellers) else Labellers(labellers)
    label_ = _Label(how.local, bool(how.systems), DEFAULT, Admission())
    return how.merged(label_.labelled(_of_texts(list(texts)), lambda: None), DEFAULT)


def _of_texts(texts: Sequence[str]) -> Iterator[Article | Rejected]:
    from allegedly.builders.readers._text_article import of_text

    for number, text in enumerate(texts):
        origin = Origin(
            file_name="text",
            record=number if len(texts) > 1 else None,
            media_type="text/plain",
            reader="text",
        )
        try:
            origin = Origin(**{**origin.to_json(), "sha256": hashlib.sha256(text.encode()).hexdigest()})
            if is_blank(text):
                raise Refused("empty-file", "holds nothing but white space")
            article = of_text(text, origin)
        except UnicodeEncodeError:
            yield Refused("lone-surrogate", "holds half of a surrogate pair, which is no character").rejected(origin)
            continue
        except Refused as refused:
            yield refused.rejected(origin)
            continue
        yield article


def records(
    articles: Iterable[Article | Rejected],
    labellers: Sequence[Labeller],
    beat: Beat = lambda: None,
    limits: Limits = DEFAULT,
) -> Iterator[Record | Rejected]:
    """Each article with what the labellers found, or why their labels cannot stand."""
    for voted in labelled_articles(articles, labellers, beat, limits):
        yield voted if isinstance(voted, Rejected) else merged(voted.article, voted.votes)


def _ordered(files: Sequence[Source | Rejected], named: Sequence[str | os.PathLike[str]]) -> list[Source | Rejected]:
    """Files by the first path that they were reached by, else in their order."""
    roots = [os.path.realpath(path) for path in named]

    def rank(value: Source | Rejected) -> int:
        if isinstance(value, Rejected):
            return 0
        real = os.path.realpath(value.path)
        return next(
            (
                position
                for position, root in enumerate(roots)
                if real == root or real.startswith(root.rstrip("/") + "/")
            ),
            0,
        )

    return sorted(files, key=rank)
