"""Drafts: a text file an article and annotator, with the article's text in comments and its labels by quotation.

Conventions: `docs/drafts.md`. A vote is a draft of its own, `<article id>.<annotator>.draft`; an article without votes is
a form that waits for labels, `<article id>.draft`. `allegedly import drafts` reads both.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from allegedly.builders.annotations.draft_forms import form
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import LAYERS, Labels, Record

#: What ``--out`` names.
PATH = "folder"
LABELS = ("votes", "winning", "none")
OPTIONS = {
    "labels": "votes: a draft for each annotator (default); winning: one with the labels that stand; none: forms to "
    "fill in",
    "by": "the id of the annotator whose votes alone are written",
}


def write(records: Iterable[Record], path: Path, *, labels: str = "votes", by: str | None = None) -> None:
    """Drafts into a folder. UsageError for an option that is not one."""
    if labels not in LABELS:
        raise UsageError(f"export drafts: --option labels={labels}: expected one of {', '.join(LABELS)}")
    for record in records:
        for name, about, found in _drafts(record, labels, by):
            text = form(record.article, found, about)
            (path / f"{name}.draft").write_text(text, encoding="utf-8", newline="\n")


def _drafts(record: Record, labels: str, by: str | None) -> Iterator[tuple[str, list[str], Labels | None]]:
    """Name, lines about it and labels of each draft of an article; None for a form."""
    name = record.article.id
    origin = record.article.origin
    about = [origin.file_name if origin.record is None else f"{origin.file_name}, record {origin.record}"]
    votes = [] if labels != "votes" else [vote for vote in record.votes if _says_something(vote.labels)]
    if labels == "winning" and _says_something(record.labels):
        yield name, about, record.labels
    elif not votes and by is None:
        yield name, about, None
    for vote in votes:
        if by in (None, vote.annotator.id):
            who = f"labels of {vote.annotator.id} ({vote.annotator.kind})"
            yield f"{name}.{quote(vote.annotator.id, safe='')}", [*about, who], vote.labels


def _says_something(labels: Labels) -> bool:
    return any(getattr(labels, layer) is not None for layer in LAYERS)
