"""Progress on standard error: a bar with rate and time left on a terminal, plain lines elsewhere.

Conventions: the first fifty rejected are named, then counted; ``-v`` names all of them, and each file that is done, and
``-q`` none. Control characters of file names and reasons are shown, never sent.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from allegedly import console
from allegedly.builders.watch import Item, Watch
from allegedly.schemas import escape
from allegedly.schemas.manifest import Input
from allegedly.schemas.records import Rejected

NAMED = 50
#: Elsewhere than on a terminal, a line says how far it is after so many seconds.
EVERY = 10.0
#: A bar is drawn for what takes longer than so many seconds.
DELAY = 0.5


class Terminal(Watch):
    """Says what happens on standard error."""

    def __init__(self) -> None:
        self.rules: Counter[str] = Counter()
        #: Files that were read, or could not be; annotation files are none of them.
        self.files = 0
        self._last: float | None = None

    def steps(self, items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
        """The items, while it shows how far it is. ``total``: None where nobody knows."""
        if console.manner.quiet:
            return iter(items)
        return self._bar(items, total, what) if sys.stderr.isatty() else self._lines(items, total, what)

    def _bar(self, items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
        from tqdm import tqdm

        # a build that fails leaves no bar behind the message
        with tqdm(items, desc=what, total=total, file=sys.stderr, leave=False, dynamic_ncols=True, delay=DELAY) as bar:
            yield from bar

    def _lines(self, items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
        started = time.monotonic()
        self._last = started if self._last is None else self._last
        for count, item in enumerate(items, 1):
            yield item
            now = time.monotonic()
            if now - self._last >= EVERY:
                self._last = now
                rate = count / (now - started)
                left = f" of {total}, {(total - count) / rate:.0f} s left" if total else ""
                _say(f"{what}: {count}{left} ({rate:.1f}/s)")

    def rejected(self, line: Rejected) -> None:
        """Name one of the ledger, the first fifty of them."""
        self.rules[line.rule] += 1
        count = sum(self.rules.values())
        if count <= NAMED or console.manner.verbose:
            record = "" if line.origin.record is None else f" (record {line.origin.record})"
            _say(f"rejected: {line.origin.file_name}{record}: {line.rule}: {line.reason}")

    def took(self, file: Input) -> None:
        """Count a file that is done, and name it where told to say more."""
        self.files += 1
        if console.manner.verbose:
            _say(f"done: {file['file_name']}: {file['articles']} articles, {file['rejected']} rejected")

    def note(self, message: str) -> None:
        """Say what is no fault."""
        _say(f"note: {message}")

    def close(self) -> None:
        """The count of what was not named."""
        more = sum(self.rules.values()) - NAMED
        if more > 0 and not console.manner.verbose:
            _say(f"rejected: {more} more")


def _say(message: str) -> None:
    if sys.stderr.isatty() and not console.manner.quiet:
        from tqdm import tqdm

        tqdm.write(escape.line(message), file=sys.stderr)
    else:
        console.say(message)
