"""``allegedly leaderboard``: a table and a page from many reports."""

import argparse
from pathlib import Path

HELP = "Rank the systems of many reports, a table for each data set, task and way of counting."
EXAMPLES = """  allegedly leaderboard reports/
  allegedly leaderboard reports/ --out leaderboard.html"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder of reports."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with reports in it, at any depth")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a page (.html) or Markdown (.md)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print or write the boards."""
    from allegedly import console
    from allegedly.eval import leaderboard
    from allegedly.reporting import write
    from allegedly.schemas.escape import line

    reports = leaderboard.read(args.folder, console.alert)
    boards, gold = leaderboard.boards(reports), leaderboard.whose_gold(reports)
    if args.out:
        title = f"Leaderboard: {args.folder.resolve().name}"
        page = leaderboard.as_page(boards, title, gold)
        write(page if args.out.suffix == ".html" else leaderboard.as_markdown(boards, gold), args.out)
    if args.json:
        listed = [
            {
                "dataset": board.dataset,
                "task": board.task,
                "metric": board.metric,
                "made": board.made,
                "rows": [row.to_json() for row in board.rows],
            }
            for board in boards
        ]
        console.dump(listed, None)
        for text in gold:
            console.say(line(text))
    elif not args.out:
        console.show(leaderboard.as_markdown(boards, gold).splitlines())
    return 0
