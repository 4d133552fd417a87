"""``allegedly compare``: systems of reports in pairs, over the same articles."""

import argparse
from collections.abc import Mapping
from typing import Any

HELP = "Compare the systems of one report or more: differences, intervals, tests, and what could have been shown."
EXAMPLES = """  allegedly compare report-old report-new
  allegedly compare report --json"""

#: What the lines are made by.
NOTES = (
    "p: approximate randomisation of whole groups of articles, corrected after Holm over all rows;",
    "interval: paired bootstrap of groups. McNemar is an extra, over sentences, which hang together in groups.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The reports."""
    parser.add_argument(
        "reports", nargs="+", metavar="REPORT", help="folder that `eval --out` wrote, or its report.json"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Compare, and print a line for each pair."""
    from allegedly import console
    from allegedly.evaluation import compare
    from allegedly.reporting import counts_of
    from allegedly.schemas.escape import line

    with counts_of(*args.reports):
        comparison = compare(*args.reports)
    for warning in comparison.warnings:
        console.say(f"warning: {warning}")
    if args.json:
        console.dump(comparison.to_json(), 1)
        return 0
    console.show(line(text) for text in comparison.whose_gold)
    console.show(_line(row.to_json()) for row in comparison.rows)
    console.show(NOTES)
    return 0


def _line(row: Mapping[str, Any]) -> str:
    from allegedly.eval.rows import shown

    text = (
        f"{row['task']} {row['metric']}: {row['a']} {shown(row['value_a'])}, {row['b']} {shown(row['value_b'])}: "
        f"difference {shown(row['difference'])} [{shown(row['low'])}, {shown(row['high'])}], "
        f"p {shown(row['p'])}, corrected {shown(row['p_holm'])}; "
        f"{row['articles']} articles in {row['groups']} groups could show a difference of {shown(row['smallest_difference'])}"
    )
    if row["mcnemar_extra"] is not None:
        text += f"; McNemar (extra) {shown(row['mcnemar_extra'])}"
    return text
