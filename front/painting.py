"""Articles with their labels on standard output, as wide as the terminal is, in colour where that is wanted."""

import sys
from shutil import get_terminal_size

from allegedly import console
from allegedly.render import terminal
from allegedly.schemas.records import Record

#: Columns of a terminal that are used at most, and those of what is no terminal.
WIDEST, ELSEWHERE = 120, 100


def painted(record: Record, *, first: bool) -> None:
    """Print an article; before the ``first`` what the marks mean."""
    colour = console.coloured()
    width = min(get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else ELSEWHERE
    if first:
        print(terminal.legend(colour))
    print()
    for line in terminal.lines(record, width=width, colour=colour):
        print(line)
