"""Prints how far the annotators of a release agree, per layer and part, with intervals.

    python bench/agreement.py [RELEASE]                  # default: dataset
    python bench/agreement.py [RELEASE] --differences    # what they say differently, a line a difference

Conventions: differences are counted by layer and attribute or part first, then listed; labels are paired as the figures
pair them, and quoted.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from allegedly.builders.annotations.agreement import ATTRIBUTES, Pair, agreement, annotators, matched, pairs, table
from allegedly.schemas import stored
from allegedly.schemas.records import LABELS, LAYERS, MAIN_PART


def differences(pair: Pair) -> Iterator[tuple[str, str]]:
    """What two annotators of an article say differently: (layer and what differs, the words)."""

    def quoted(part) -> str:
        return " + ".join(pair.article.text[start:end] for start, end in part or ()).replace("\n", " ")

    for layer in LAYERS:
        sides = [getattr(labels, layer) or () for labels in (pair.first, pair.second)]
        main, both = MAIN_PART[layer], matched(*sides, MAIN_PART[layer])
        for side, number in zip(sides, ("first", "second"), strict=True):
            paired = {id(label) for couple in both for label in couple}
            for label in side:
                if id(label) not in paired:
                    yield f"{layer}: only {number}", quoted(getattr(label, main))
        for one, other in both:
            for part in LABELS[layer].PARTS:
                if (getattr(one, part) or ()) != (getattr(other, part) or ()):
                    yield f"{layer}: {part}", f"{quoted(getattr(one, part))} | {quoted(getattr(other, part))}"
            for name in ATTRIBUTES[layer]:
                if getattr(one, name) != getattr(other, name):
                    yield (
                        f"{layer}: {name} {getattr(one, name)}, {getattr(other, name)}",
                        quoted(getattr(one, main)),
                    )


def listed(both: Sequence[Pair]) -> Iterator[str]:
    """The differences as lines: counts, then each with its article."""
    found = [(pair.article.origin.file_name, *difference) for pair in both for difference in differences(pair)]
    for what, count in Counter(what for _, what, _ in found).most_common():
        yield f"{count:4}  {what}"
    for name, what, words in found:
        yield f"{name}: {what}: {words}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", nargs="?", type=Path, default=Path(__file__).parent.parent / "dataset")
    parser.add_argument("--differences", action="store_true", help="list what they say differently instead")
    given = parser.parse_args()
    records = list(stored.records(given.release))
    compared = annotators(records)
    if not compared:
        print(f"{given.release}: no article has votes of two annotators")
    for first, second in compared:
        both = pairs(records, first, second)
        shown = "\n".join(listed(both)) if given.differences else table(list(agreement(both)))
        print(f"{first} and {second}, {len(both)} articles\n\n{shown}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
