"""``allegedly view``: a page on which a person looks at a release."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

HELP = "Write one HTML page to look at a release: articles, labels, votes, what was dropped."
EXAMPLES = """  allegedly view release
  allegedly view release --split test --sample 50 --out page.html
  allegedly view release --only sample.jsonl
  allegedly view annotations/anna annotations/ben --against release --out differences.html"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is looked at, how much of it, and where the page goes."""
    parser.add_argument(
        "what", nargs="+", help="the folder of a release; with --against, one or two of annotation files or predictions"
    )
    parser.add_argument("--against", metavar="RELEASE", help="the release whose articles the labels are of")
    parser.add_argument("--out", metavar="FILE", help="where the page goes (default: RELEASE.html beside the release)")
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument("--sample", type=int, metavar="N", help="so many articles at random (default: 500 of more)")
    parser.add_argument(
        "--only", metavar="FILE", help="only the articles that a file names, as `allegedly sample` writes it"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which sample (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Write the page. UsageError for what cannot be looked at."""
    from pathlib import Path

    from allegedly import reporting
    from allegedly.schemas.errors import UsageError
    from allegedly.view import page

    if args.against is None:
        if len(args.what) > 1:
            raise UsageError(
                f"view takes one release, found {len(args.what)}; to compare two sets of labels of its articles: "
                "view A B --against RELEASE"
            )
        text = page.of_release(
            args.what[0], split=args.split, sample=args.sample, seed=args.seed, only=_only(args, args.what[0])
        )
    else:
        from allegedly.view.labels import labelled

        if len(args.what) > 2:
            raise UsageError(f"view --against compares two sets of labels, found {len(args.what)}")
        only = _only(args, args.against)
        records, manifest, names, told = labelled(args.what, args.against, args.split, args.sample, args.seed, only)
        text = page.of_labels(records, manifest, names, told)
    out = Path(args.out) if args.out is not None else _beside(Path(args.what[0]))
    reporting.write(text, out)
    return 0


def _only(args: argparse.Namespace, release: str) -> "Collection[str] | None":
    """The ids of the articles that ``--only`` names."""
    if args.only is None:
        return None
    from allegedly.only import chosen
    from allegedly.schemas.stored import Release

    return chosen(args.only, Release(release), args.split)


def _beside(path: "Path") -> "Path":
    """The page of a folder, beside it."""
    folder = path.resolve()
    return folder.with_name(f"{folder.name or 'release'}.html")
