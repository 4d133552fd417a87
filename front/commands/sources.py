"""``allegedly sources``: who is quoted in a release."""

import argparse

from allegedly.parsing import names

HELP = "Print who is quoted: how often, in how many articles, directly or not, named or not."
EXAMPLES = """  allegedly sources release
  allegedly sources release --by outlet,section --top 10
  allegedly sources release --by month --format csv --out sources.csv"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The release, what it is grouped by, and how it is told."""
    parser.add_argument("release", help="the folder of a release")
    parser.add_argument(
        "--by",
        action="extend",
        type=names,
        metavar="FIELD,FIELD",
        help="a table for each outlet, section, language, year or month",
    )
    parser.add_argument("--split", help="train, validation, test or all (default: all)")
    parser.add_argument("--top", type=int, default=20, metavar="N", help="speakers of each table of text (default: 20)")
    parser.add_argument("--format", choices=("text", "csv", "json"), default="text", help="for people, or for programs")
    parser.add_argument("--out", metavar="FILE", help="where to write (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Print who is quoted. UsageError for a field or split that nobody knows."""
    import csv
    import io
    from pathlib import Path

    from allegedly import console, reporting
    from allegedly.quoted import FIELDS, RULES, csv_rows, quoted, text
    from allegedly.schemas import stored
    from allegedly.schemas.arrow import SPLITS
    from allegedly.schemas.errors import UsageError
    from allegedly.schemas.escape import tame
    from allegedly.schemas.plugins import unknown

    fields = args.by or []
    for name in fields:
        if name not in FIELDS:
            raise UsageError(f"--by: {unknown('field', name, list(FIELDS))}")
    if args.split not in (None, "all", *SPLITS):
        raise UsageError(f"--split: {unknown('split', args.split, [*SPLITS, 'all'])}")
    if args.top < 0:
        raise UsageError(f"--top: found {args.top}, expected 0 or more")
    groups = quoted(stored.Release(args.release), fields, args.split)
    value = {"rules": RULES, "groups": groups}
    table = io.StringIO()
    if args.format == "csv":
        csv.writer(table, lineterminator="\n").writerows(map(tame, row) for row in csv_rows(groups))
    elif args.format == "text":
        table.writelines(f"{line}\n" for line in text(groups, args.top))
    if args.out is not None:
        reporting.write(reporting.as_json(value) if args.format == "json" else table.getvalue(), Path(args.out))
    elif args.format == "json":
        console.dump(value)
    elif args.format == "csv":  # for programs: as it is, but for what a log would obey
        console.write([reporting.encoded(table.getvalue())])
    else:
        console.show(table.getvalue().splitlines())
    return 0
