"""``allegedly compare``: systems of reports in pairs, over the same articles."""

import json
import sys

HELP = "Compare the systems of one report or more: differences, intervals, tests, and what could have been shown."
EXAMPLES = """  allegedly compare report-old report-new
  allegedly compare report --json"""


def arguments(parser) -> None:
    parser.add_argument(
        "reports", nargs="+", metavar="REPORT", help="folder that `eval --out` wrote, or its report.json"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args) -> int:
    from allegedly.evaluation import compare

    found = compare(*args.reports)
    for line in found.warnings:
        print(f"warning: {line}", file=sys.stderr)
    if args.json:
        print(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
        return 0
    for row in found.rows:
        print(_line(row.to_json()))
    print(
        "p: approximate randomisation of whole articles, corrected after Holm over all rows; interval: paired bootstrap."
    )
    print("McNemar is an extra: it ignores that the sentences of one article hang together.")
    return 0


def _line(row) -> str:
    from allegedly.eval.gate import shown

    text = (
        f"{row['task']} {row['metric']}: {row['a']} {shown(row['value_a'])}, {row['b']} {shown(row['value_b'])}: "
        f"difference {shown(row['difference'])} [{shown(row['low'])}, {shown(row['high'])}], "
        f"p {shown(row['p'])}, corrected {shown(row['p_holm'])}; "
        f"{row['articles']} articles could show a difference of {shown(row['smallest_difference'])}"
    )
    if row["mcnemar_extra"] is not None:
        text += f"; McNemar (extra) {shown(row['mcnemar_extra'])}"
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
