"""Drafts: labels of an article written down by quoting its text, a line a label (`docs/drafts.md`).

Gives annotation files: `allegedly import drafts FILES|FOLDERS --against RELEASE --by WHO --out DIR`. Of a folder all
files `*.draft` below it are read.
"""

from collections.abc import Iterator
from pathlib import Path

from allegedly.builders.annotations import draft_head, drafts, given
from allegedly.builders.annotations.given import Articles, Given, Note
from allegedly.schemas.plugins import unknown
from allegedly.schemas.records import Article, Problem

#: No file says what somebody looked at.
SUBMITTED = False
OPTIONS = given.APPROVED


def annotations(path: Path, articles: Articles) -> Iterator[Given | Problem | Note]:
    """The labels of each draft of a file or folder."""
    for file in given.files(path, "*.draft"):
        text = given.text(file) if isinstance(file, Path) else file
        if isinstance(text, Problem):
            yield text
        else:
            yield from _draft(str(file), text, articles)


def _draft(shown: str, text: str, articles: Articles) -> Iterator[Given | Problem | Note]:
    head, slips = draft_head.read(text)
    article = None if slips else _article(shown, head, articles)
    if isinstance(article, Article):
        draft = drafts.read(text, article, shown)
        yield from draft.problems
        yield from draft.notes
        if draft.labels is not None:
            yield Given(shown, article, draft.labels)
    else:
        yield from drafts.problems(slips, shown)
        if article is not None:
            yield article


def _article(shown: str, head: draft_head.Head, articles: Articles) -> Article | Problem:
    """The article that a draft is about, by its id, else by its file and record."""
    if head.article is not None:
        article = articles.by_id.get(head.article)
        return article or Problem(
            file=shown,
            line=head.line,
            path="article",
            found=f"{head.article!r}, which the release does not have",
            expected=f"one of its articles: {articles.shown()}",
        )
    file = head.file or ""
    named = articles.by_place.get((file, head.record), ())
    if len(named) == 1:
        return named[0]
    records = articles.records(file)
    names = sorted({name for name, _ in articles.by_place})
    if len(named) > 1:
        expected = f"`article: ID` with one of {', '.join(article.id for article in named)}"
    elif records:
        expected = f"`record: N`, one of {', '.join(map(str, records[:20]))}"
    else:
        expected = unknown("file", file, names[:20]) if len(names) <= 20 else "the file_name of an article's origin"
    record = "" if head.record is None else f", record {head.record}"
    count = f"{len(named) or 'no'} article{'s' if named else ''}"
    return Problem(file=shown, line=head.line, path="file", found=f"{count} of {file!r}{record}", expected=expected)
