"""``allegedly show``: an article of a release with its labels, in the terminal."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from allegedly.schemas.records import Labels, Record

HELP = "Print the articles of a release, a line each; or those that are named, with their labels."
EXAMPLES = """  allegedly show release
  allegedly show release 0f3c2a9b1d4e5f60
  allegedly show release 0f3c2a9b1d4e5f60 --by anna"""

#: Columns of a title in the list.
TITLE = 48


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release, and articles of it."""
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument("id", nargs="*", help="ids of articles, or their beginnings")
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument("--by", metavar="ANNOTATOR", help="the labels of this annotator (default: those that stand)")


def run(args: argparse.Namespace) -> int:
    """Print them. UsageError for an id or an annotator that the release does not have."""
    from allegedly import console
    from allegedly.schemas.stored import Release
    from allegedly.view.chosen import splits

    release = Release(args.release)
    records = (record for name in splits(release, args.split) for record in release.records(name))
    if args.id:
        _articles(records, args)
    else:
        console.show(_listed(records))
    return 0


def _articles(records: "Iterator[Record]", args: argparse.Namespace) -> None:
    from dataclasses import replace

    from allegedly.painting import painted
    from allegedly.schemas.errors import UsageError

    missing = dict.fromkeys(args.id)
    first = True
    for record in records:
        named = [name for name in args.id if record.article.id.startswith(name)]
        if not named:
            continue
        for name in named:
            missing.pop(name, None)
        if args.by is not None:
            record = replace(record, labels=_by(record, args.by))
        painted(record, first=first)
        first = False
    if missing:
        raise UsageError(
            f"no article {', '.join(missing)} in {args.release}; `allegedly show {args.release}` lists them all"
        )


def _by(record: "Record", name: str) -> "Labels":
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.plugins import unknown

    votes = {vote.annotator.id: vote.labels for vote in record.votes}
    if name not in votes:
        raise UsageError(f"--by: article {record.article.id}: {unknown('annotator', name, list(votes))}")
    return votes[name]


def _listed(records: "Iterator[Record]") -> "Iterator[str]":
    from allegedly.render.columns import aligned
    from allegedly.schemas.records import LAYERS

    rows: list[tuple[str, ...]] = [("id", "split", *LAYERS, "outlet", "title")]
    for record in records:
        article = record.article
        counts = [getattr(record.labels, layer) for layer in LAYERS]
        title = " ".join((article.title or article.text[:200]).split())
        rows.append(
            (
                article.id,
                record.split or "",
                *("-" if labels is None else str(len(labels)) for labels in counts),
                article.outlet or "",
                title if len(title) <= TITLE else f"{title[: TITLE - 1]}…",
            )
        )
    yield from aligned(rows)
