"""Attributions of the gold on real news by what they are made of: direct, indirect and mixed ones, discontinuous and nested ones.

    python bench/constructions.py [RELEASE] [--split validation] [--labeller rules] [--labeller learned] [--errors N] [--only NAME]

Conventions: F1 of exact parts, in percent, for source, cue and content, all spans of a part at once. Of a construction,
recall is over the gold's attributions that are so, whatever the labeller calls the ones that it finds, and precision over
the labeller's, whatever the gold calls them; empty parts do not count. Discontinuous: the content has two pieces or more.
Nested: with a parent. An interval is 95 %, by drawing whole groups of articles with replacement. RELEASE is what ``make
news`` builds (default: build/news).
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

from allegedly.schemas import stored
from allegedly.schemas.records import Attribution, Record

PARTS = ("source", "cue", "content")
CONSTRUCTIONS: dict[str, Callable[[Attribution], bool]] = {
    "direct": lambda item: item.form == "direct",
    "indirect": lambda item: item.form == "indirect",
    "mixed": lambda item: item.form == "mixed",
    "discontinuous": lambda item: len(item.content or ()) > 1,
    "nested": lambda item: item.parent is not None,
}
#: Draws of an interval.
DRAWS = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path, default=Path("build/news"))
    parser.add_argument("--split", default="validation")
    parser.add_argument("--labeller", action="append", help="default: rules and learned")
    parser.add_argument(
        "--errors", type=int, default=0, help="print so many wrong parts of each labeller and construction"
    )
    parser.add_argument("--only", choices=tuple(CONSTRUCTIONS), help="errors of this construction only")
    arguments = parser.parse_args()
    records = list(stored.records(arguments.release, arguments.split))
    print(f"{'':8}{'':15}{'gold':>6}" + "".join(f"{part:>22}" for part in PARTS))
    for name in arguments.labeller or ("rules", "learned"):
        predictions = import_module(f"allegedly.builders.labellers.{name}").label(
            [record.article for record in records]
        )
        found = [prediction.labels.attributions or () for prediction in predictions]
        for construction, is_so in CONSTRUCTIONS.items():
            counts = counted(records, found, is_so)
            gold = sum(is_so(item) for record in records for item in record.labels.attributions or ())
            print(f"{name:8}{construction:15}{gold:6}" + "".join(f"{shown(counts, part):>22}" for part in PARTS))
        for construction, is_so in CONSTRUCTIONS.items():
            if arguments.errors and arguments.only in (None, construction):
                print(f"\n{name}, {construction}:")
                for line in list(errors(records, found, is_so))[: arguments.errors]:
                    print(f"  {line}")


def counted(
    records: Sequence[Record], found: Sequence[Sequence[Attribution]], is_so: Callable[[Attribution], bool]
) -> dict[str, np.ndarray]:
    """Of each part, a row for each group of articles: right and all of the gold's, right and all of the labeller's."""
    rows: dict[str, dict[str, np.ndarray]] = {part: defaultdict(lambda: np.zeros(4)) for part in PARTS}
    for record, predicted in zip(records, found, strict=True):
        given = record.labels.attributions or ()
        for part in PARTS:
            row = rows[part][record.group or record.article.id]
            row[:2] += _right_of([item for item in given if is_so(item)], predicted, part)
            row[2:] += _right_of([item for item in predicted if is_so(item)], given, part)
    return {part: np.array(list(by_group.values())) for part, by_group in rows.items()}


def _right_of(some: Sequence[Attribution], others: Sequence[Attribution], part: str) -> tuple[int, int]:
    """How many of some attributions' parts are among those of others, one for one, and how many there are."""
    mine = Counter(getattr(item, part) for item in some if getattr(item, part))
    theirs = Counter(getattr(item, part) for item in others if getattr(item, part))
    return (mine & theirs).total(), mine.total()


def shown(counts: dict[str, np.ndarray], part: str) -> str:
    """F1 in percent, with its interval."""
    rows = counts[part]
    drawn = np.random.default_rng(0).integers(len(rows), size=(DRAWS, len(rows)))
    low, high = np.percentile([_f1(rows[draw].sum(axis=0)) for draw in drawn], [2.5, 97.5])
    return f"{_f1(rows.sum(axis=0)):.1f} ({low:.1f} to {high:.1f})"


def _f1(sums: np.ndarray) -> float:
    recall, precision = (sums[at] / sums[at + 1] if sums[at + 1] else 0.0 for at in (0, 2))
    return float(200 * recall * precision / (recall + precision)) if recall + precision else 0.0


def errors(
    records: Sequence[Record], found: Sequence[Sequence[Attribution]], is_so: Callable[[Attribution], bool]
) -> Iterator[str]:
    """Parts of the gold's that the labeller has otherwise, beside the attribution whose content shares most with it."""
    for record, predicted in zip(records, found, strict=True):
        text = record.article.text
        for gold in record.labels.attributions or ():
            if not is_so(gold):
                continue
            best = max(predicted, key=lambda item: _shared(gold, item), default=None)
            if best is None or not _shared(gold, best):
                yield f"{record.article.id} missed: {_words(text, gold, 'content')}"
                continue
            for part in PARTS:
                if getattr(gold, part) != getattr(best, part):
                    yield f"{record.article.id} {part}: {_words(text, gold, part)}, found {_words(text, best, part)}"


def _shared(one: Attribution, other: Attribution) -> int:
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one.content or () for b in other.content or ())


def _words(text: str, item: Attribution, part: str) -> str:
    return " … ".join(repr(text[start:end]) for start, end in getattr(item, part) or ()) or "nothing"


if __name__ == "__main__":
    main()
