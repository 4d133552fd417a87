"""``allegedly compare``: systems of reports in pairs, over the same articles."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from allegedly.eval.compare import Comparison, Pair

HELP = "Compare the systems of one report or more: differences, intervals, tests, and what could have been shown."
EXAMPLES = """  allegedly compare report-old report-new
  allegedly compare report --json"""

#: Columns of a line.
WIDTH = 100
#: What the lines are made by.
NOTES = (
    "p: approximate randomisation of whole groups of articles, corrected after Holm over all rows;",
    "interval: paired bootstrap of groups. McNemar is an extra, over sentences, which hang",
    "together in groups.",
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
    console.show(line(text) for text in _text(comparison))
    return 0


def _text(comparison: "Comparison") -> "Iterator[str]":
    """Whose labels, who leads, then each pair."""
    from textwrap import wrap

    from allegedly.eval import verdict

    yield from comparison.whose_gold
    if len(comparison.systems) == 2:
        yield from _wrapped(list(verdict.leaders([(row.task, verdict.leader(row)) for row in comparison.rows])))
    for row in comparison.rows:
        yield ""
        yield from wrap(f"{row.task} {row.metric}: {row.a} {_short(row.value_a)}, {row.b} {_short(row.value_b)}", WIDTH)
        yield from wrap(verdict.told(row), WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield from wrap(_more(row), WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield ""
    yield from NOTES


def _wrapped(sentences: "list[str]") -> "Iterator[str]":
    from textwrap import wrap

    for sentence in sentences:
        yield from wrap(sentence, WIDTH)


def _short(value: float | None) -> str:
    from allegedly.eval.verdict import short

    return short(value)


def _more(row: "Pair") -> str:
    """The figures behind the sentence."""
    ends = "n/a" if row.low is None else f"{_short(row.low)} to {_short(row.high)}"
    text = (
        f"difference {_short(row.difference)}, interval {ends}, p {_short(row.p)}, corrected {_short(row.p_holm)}; "
        f"{row.articles} articles in {row.groups} groups could show {_short(row.smallest_difference)}"
    )
    return text if row.mcnemar_extra is None else f"{text}; McNemar (extra) {_short(row.mcnemar_extra)}"
