"""Which labels of an article an exporter writes, and into which folder: those that stand, or those of each annotator.

Conventions: ``labels`` and ``by`` are options of an exporter. Of ``winning`` there is one set in the folder itself; of
``votes`` one a folder, named as the annotator; with ``by`` that annotator's alone in the folder itself. An article of
which nobody said anything is there all the same, without labels, for people to label.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from allegedly.schemas.derive import numbered
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Annotator, Labels, Record

CHOICES = ("winning", "votes", "none")
OPTIONS = {
    "labels": "winning: the labels that stand (default); votes: a folder for each annotator; none: texts to label",
    "by": "the id of the annotator whose labels alone are written",
}


class Labelled(NamedTuple):
    """Labels of an article, numbered, in the folder to which they belong; empty where they lie in the first one."""

    record: Record
    labels: Labels
    folder: str = ""

    @property
    def layers(self) -> list[str]:
        """The layers that somebody annotated."""
        return [layer for layer in LAYERS if getattr(self.labels, layer) is not None]


def sets(name: str, record: Record, labels: str, by: str | None) -> Iterator[Labelled]:
    """The sets of labels of one article. UsageError for an option that is none, in the name of an exporter."""
    if labels not in CHOICES:
        raise UsageError(f"export {name}: --option labels={labels}: expected one of {', '.join(CHOICES)}")
    if by is not None and labels == "none":
        raise UsageError(f"export {name}: --option by={by} goes with labels, and labels=none writes none")
    if labels == "none":
        yield Labelled(record, Labels())
    elif by is not None or labels == "votes":
        for vote in record.votes:
            if by in (None, vote.annotator.id):
                yield Labelled(record, numbered(vote.labels, record.article), "" if by else _folder(vote.annotator))
    else:
        yield Labelled(record, numbered(record.labels, record.article))


def texts(
    name: str, records: Iterable[Record], path: Path, labels: str, by: str | None
) -> Iterator[tuple[Labelled, Path]]:
    """The sets of labels of records, each with the folder where it belongs and where the article's text lies by now."""
    for record in records:
        for given in sets(name, record, labels, by):
            folder = path / given.folder
            folder.mkdir(exist_ok=True)
            (folder / f"{record.article.id}.txt").write_bytes(record.article.text.encode())
            yield given, folder


def write(path: Path, text: str) -> None:
    """A file of text, with the same line ends everywhere."""
    path.write_text(text, encoding="utf-8", newline="\n")


def _folder(annotator: Annotator) -> str:
    """A name for a folder that leads nowhere else."""
    name = quote(annotator.id, safe=" ")
    return f"%2E{name[1:]}" if name.startswith(".") else name
