"""``allegedly leaderboard``: a table and a page from many reports."""

import json
import sys
from pathlib import Path

HELP = "Rank the systems of many reports, task by task; refuses to rank numbers that do not compare."
EXAMPLES = """  allegedly leaderboard reports/
  allegedly leaderboard reports/ --out leaderboard.html"""


def arguments(parser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with reports in it, at any depth")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a page (.html) or Markdown (.md)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args) -> int:
    from allegedly.eval import leaderboard

    found = leaderboard.boards(leaderboard.read(args.folder))
    if args.out:
        title = f"Leaderboard: {args.folder.resolve().name}"
        page = leaderboard.as_page(found, title)
        args.out.write_text(page if args.out.suffix == ".html" else leaderboard.as_markdown(found), encoding="utf-8")
        print(f"leaderboard: {args.out}", file=sys.stderr)
    if args.json:
        print(
            json.dumps([{"task": b.task, "metric": b.metric, "rows": [row.to_json() for row in b.rows]} for b in found], ensure_ascii=False)
        )
    elif not args.out:
        sys.stdout.write(leaderboard.as_markdown(found))
    return 0
