"""``allegedly report``: a saved report in another format."""

import argparse
import sys
from pathlib import Path

HELP = "Write a saved report as HTML, Markdown, JUnit XML, model-index YAML, CSV or JSON."
EXAMPLES = """  allegedly report report/ --format html --out report.html
  allegedly report report/ --format md >> "$GITHUB_STEP_SUMMARY"
  allegedly report report/ --format junit --out junit.xml"""
FORMATS = ("html", "md", "junit", "model-index", "csv", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The report and the format."""
    parser.add_argument("report", type=Path, help="folder that `eval --out` wrote, or its report.json")
    parser.add_argument("--format", choices=FORMATS, default="html", help="format (default: html)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write; standard output by default")


def run(args: argparse.Namespace) -> int:
    """Print or write the report in that format."""
    from allegedly import console
    from allegedly.eval import report as reports
    from allegedly.reporting import counts_of, write, written

    report = reports.load(args.report)
    with counts_of(args.report):
        text = written(report, args.format, args.report)
    if args.out:
        write(text, args.out)
    else:
        console.as_data()
        sys.stdout.write(text)
    return 0
